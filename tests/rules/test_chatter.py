"""Which channel messages are drafts, and where the draft itself stands in them."""

import pytest

from bot.models import Context
from bot.rules import RuleSet
from bot.rules.chatter import strip_marks

CHANNEL, THREAD = Context(as_channel=True), Context(as_channel=True, in_thread=True)
POST = "Doors open on Friday, come and see the new looms: https://a.example #weaving #craft"


@pytest.mark.parametrize(
    ("message", "draft", "network"),
    [
        ("draft: The looms are here", "The looms are here", None),
        ("Draft 2:\nThe looms are here", "The looms are here", None),
        ("*LinkedIn post:* The looms are here", "The looms are here", "linkedin"),
        ("tweet: The looms are here", "The looms are here", "x"),
        ("Post for Instagram: The looms are here", "The looms are here", "instagram"),
        ("here's my email draft:\n\nHi Ruth, the looms are here", "Hi Ruth, the looms are here", "email"),
        ("humanize-bot, The looms are here", "The looms are here", None),
        ("what do you think?\n> The looms are here at last", "The looms are here at last", None),
        ("for tomorrow\n```\nThe looms are here at last\n```", "The looms are here at last", None),
        ('X: "The looms are here at last"', "The looms are here at last", "x"),
    ],
)
def test_a_mark_makes_a_draft_and_is_no_part_of_it(
    rules: RuleSet, message: str, draft: str, network: str | None
) -> None:
    start, end, named = strip_marks(message)
    assert (message[start:end], named) == (draft, network)
    assert rules.is_draft(message, CHANNEL)
    assert rules.is_draft(message, THREAD)
    assert rules.review(message, CHANNEL).network == network


@pytest.mark.parametrize(
    "message",
    [
        "lunch?",
        "can someone check the link on the pricing page? https://a.example/pricing",
        "I think the build is broken again :slightly_smiling_face:",
        "thanks, that works",
        "see https://tracker.example/pull/12 for the fix",
        "```\nfor x in range(3):\n    print(x)\n```",
        "draft:",
        "is the draft for LinkedIn ready, or do you need a day more?",
        "> they said yes\nI would wait for it",
        "",
        "👍",
    ],
)
def test_chatter_gets_silence(rules: RuleSet, message: str) -> None:
    review = rules.review(message, CHANNEL)
    assert not review.is_draft
    assert (review.flags, review.praise, review.verdict) == ((), (), "human")


@pytest.mark.parametrize(
    "message",
    [
        POST,
        "We are thrilled to announce our new range! Sign up now: https://a.example",
        "Hi {first_name}, thanks for connecting! I help shops like yours sell more.",
        "It's not just a bakery, it's a promise to the whole street.",
        "The mill opened in May, underscoring the valley's deep connection to bread.",
    ],
)
def test_what_looks_published_is_a_draft(rules: RuleSet, message: str) -> None:
    assert rules.review(message, CHANNEL).is_draft


def test_in_a_thread_only_a_mark_counts(rules: RuleSet) -> None:
    assert not rules.review(POST, THREAD).is_draft
    assert rules.review(f"draft: {POST}", THREAD).is_draft


def test_flags_of_a_marked_draft_stand_in_the_whole_message(rules: RuleSet) -> None:
    message = "LinkedIn: “” " + "We are thrilled to announce our new range"
    review = rules.review(message, CHANNEL)
    assert review.text == message
    assert [message[flag.start : flag.end] for flag in review.flags] == [flag.match for flag in review.flags]
    assert review.flags

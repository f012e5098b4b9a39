"""Sensitive drafts: every one of our own is told from what only sounds like it; counts and topics stand here."""

import pytest

from bot.models import Context, Topic
from bot.rules import RuleSet
from tests.rules.sensitive_drafts import NEAR_MISSES, SENSITIVE

CHANNEL = Context(as_channel=True)
CHATTER = (
    "prod is down, can someone look?",
    "Is our checkout down for you too? I can't log in.",
    "we had an outage last night, postmortem at 3",
    "can you check whether customers are hit by the outage?",
    "The API is returning errors for some customers, I think it's the deploy. Can you roll back?",
    "legal says we can't comment on the lawsuit",
    "I heard they laid off 40 people at the other agency, anyone know more?",
    "We're seeing payment failures for many users. @sam can you take a look at the logs?",
    "So sad, Ana's father died last night. She won't be in this week.",
    "We found unauthorised access in the logs, I'm on it, please join the call",
    "did we recall batch 12 already?",
    "Ana's father passed away yesterday. The funeral is on Friday.",
    "We lost Ana's father last night. Flowers for her are at my desk, add your name.",
    "The checkout is down again. Sentry shows 400 errors since nine.",
    "Our portal is offline, I opened a ticket with the host.",
    "They laid off my whole team at the agency this morning.",
)


def test_how_many_there_are() -> None:
    assert {topic: len(drafts) >= 10 for topic, drafts in SENSITIVE.items()} == dict.fromkeys(SENSITIVE, True)
    assert (sum(map(len, SENSITIVE.values())), len(NEAR_MISSES)) == (101, 122)


@pytest.mark.parametrize(
    ("topic", "draft"), [(topic, draft) for topic, drafts in SENSITIVE.items() for draft in drafts]
)
def test_sensitive_drafts_get_their_topic(rules: RuleSet, topic: Topic, draft: str) -> None:
    assert rules.review(draft).sensitive == topic


@pytest.mark.parametrize("draft", NEAR_MISSES)
def test_what_only_sounds_grave_is_not_sensitive(rules: RuleSet, draft: str) -> None:
    assert rules.review(draft).sensitive is None


@pytest.mark.parametrize(
    "draft",
    [
        "SOME OF YOU CAN\u2019T LOG IN AND WE\u2019RE ON IT",
        "some of you\ncan't log in",
        "We are 𝗿𝗲𝗰𝗮𝗹𝗹𝗶𝗻𝗴 batch 12 because of possible glass",
        "We are rec\u200balling batch 12 because of possible glass",
    ],
)
def test_dress_and_line_breaks_are_no_way_out(rules: RuleSet, draft: str) -> None:
    assert rules.review(draft).sensitive


def test_what_somebody_else_wrote_is_not_ours(rules: RuleSet) -> None:
    assert rules.review("They wrote “some of you can't log in” and I laughed.").sensitive is None


def test_the_gravest_topic_stands(rules: RuleSet) -> None:
    both = "Some of you can't log in: we have been notified of unauthorised access to our servers."
    assert rules.review(both).sensitive == "security"


def test_tone_is_still_flagged_and_cheer_is_not_praised(rules: RuleSet) -> None:
    review = rules.review(
        "Oh no, some of you can't log in, lol. We apologize for any inconvenience. What do you think?"
    )
    assert review.sensitive == "outage"
    assert "Robotic.AnyInconvenience" in {flag.rule for flag in review.flags}
    assert {sign.rule for sign in review.praise}.isdisjoint({"Human.Warmth", "Human.Informal", "Human.Question"})


@pytest.mark.parametrize("message", CHATTER)
def test_talk_among_colleagues_stays_chatter(rules: RuleSet, message: str) -> None:
    review = rules.review(message, CHANNEL)
    assert (review.is_draft, review.sensitive) == (False, None)


@pytest.mark.parametrize(
    "draft",
    [
        SENSITIVE["outage"][0],
        "We are recalling batch 12 of our carrot soup because of possible glass. Please return it.",
        "Dear customers, we have been notified of unauthorised access to our mailing list.",
        "In response to the lawsuit filed against us: we owe our members an answer and will give it in court.",
    ],
)
def test_what_we_tell_our_customers_is_a_draft(rules: RuleSet, draft: str) -> None:
    review = rules.review(draft, CHANNEL)
    assert review.is_draft
    assert review.sensitive

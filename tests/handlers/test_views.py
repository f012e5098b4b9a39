"""Any review becomes a message within Slack's limits that pings nobody and says little."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import words
from bot.coach import Coach
from bot.delivery import Answer
from bot.models import Categories, Context, Flag, Part, Praise, Review, Rewrite, Suggestion
from bot.playground.blocks import problems
from bot.rules import load_rules
from bot.spoken import top_flags
from handlers.views import modals
from handlers.views.review import Message, private_message, thread_message

COACH = Coach()
NASTY = st.one_of(
    st.text(max_size=400),
    st.sampled_from(
        ["<!channel> <@U0NOOR> <#C1|x> <https://a.example|b>", "*_~`>&lt;!here&gt;", "x" * 5_000, "\u202e\u0000"]
    ),
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    def flag(number: int) -> Flag:
        match = draw(NASTY) or "x"
        return Flag(
            rule=f"Style.Rule{number}",
            category="megaphone",
            severity="warning",
            start=number * 10_000,
            end=number * 10_000 + len(match),
            match=match,
            why=draw(st.one_of(st.just("One short reason of about nine words, say."), NASTY)),  # a team's own rule's
            question=draw(st.one_of(st.just("What would you tell them in person?"), NASTY)),
        )

    def part() -> Part:
        flags = tuple(flag(number) for number in range(draw(st.integers(0, 5))))
        why = draw(st.one_of(st.just("You thank one person."), NASTY))
        praise = (Praise(rule="Human.X", start=0, end=1, match="x", why=why),)
        review = Review(
            text="x",
            verdict=draw(st.sampled_from(["human", "mixed", "robotic", "megaphone", "auto_dm"])),
            score=draw(st.integers(0, 100)),
            categories=Categories(),
            mix="news",
            flags=flags,
            praise=praise if draw(st.booleans()) else (),
            sensitive=draw(st.sampled_from([None, None, "outage"])),
        )
        rewrite = Rewrite(
            text=draw(NASTY) or "x",
            source=draw(st.sampled_from(["llm", "rules"])),
            question="Why?",
            dropped=tuple(draw(st.lists(NASTY, max_size=12))),
            open=tuple(draw(st.lists(NASTY, max_size=3))),
        )
        suggestion = Suggestion(
            rewrites=(rewrite,) if draw(st.booleans()) else (),
            questions=("What changed?", "Who is it for?"),
            advice=draw(st.sampled_from([None, "If you can't fill the brackets, don't send it."])),
        )
        return Part(
            label=draw(st.sampled_from([None, "LinkedIn", "1/5"])),
            review=review,
            suggestion=draw(st.sampled_from([None, suggestion])),
        )

    return Answer(
        draft_id="d_1",
        kind=draw(st.sampled_from(["thread", "wish:1.2"])),
        parts=tuple(part() for _ in range(draw(st.sampled_from([1, 1, 1, 2, 6, 7, 12, 99])))),
        rewrite_pending=draw(st.booleans()),
        settled=draw(st.booleans()),
        gone=tuple(draw(st.lists(st.just("the capitals"), max_size=3))),
        better_by=draw(st.integers(0, 100)),
    )


@settings(max_examples=200, deadline=None)
@given(answer=answers())
def test_any_answer_is_a_message_that_slack_takes_and_that_pings_nobody(answer: Answer) -> None:
    for message in (thread_message(answer), private_message(answer)):
        assert problems(message.blocks) == []
        assert message.text
        for text in _mrkdwn(message):
            assert not re.search(r"<[!@#h]", text)


@settings(max_examples=100, deadline=None)
@given(answer=answers())
def test_an_answer_never_holds_more_than_three_findings(answer: Answer) -> None:
    for part in answer.parts:
        assert len(top_flags(part.review)) <= 3
    findings = [block for block in thread_message(answer).blocks if "accessory" in block]
    assert len(findings) <= 3 * len(answer.parts)


DRAFTS = [
    "🚀 BIG NEWS! We are thrilled to announce Flowdesk 2.0! Sign up NOW #SaaS #AI #CX",
    "Hi {first_name}! Thanks for following! Grab our ebook and like us: fb.example/acme",
    "We apologize for any inconvenience caused. Please contact help@acme.example for assistance.",
    "In today's fast-paced world, Tideline is a game-changer. Seamlessly elevate your workflow! Act now!",
    "Don't miss out! Register NOW: deliverability webinar, May 14, 3pm CET. Limited seats!!! Link in bio",
]


def test_an_answer_holds_less_than_sixty_words_of_ours() -> None:
    for draft in DRAFTS:
        review = COACH.review(draft)
        suggestion = COACH.rewrite(review, Context())
        answer = Answer(draft_id="d_1", parts=(Part(review=review, suggestion=suggestion),))
        assert len(_own_words(thread_message(answer), review, suggestion).split()) <= 60, draft


EVIL_RULE = """
extends: existence
message: "Not '%s' <!channel> <https://evil.example|bank>"
description: "<!here> {long}"
level: warning
nonword: true
scope: raw
tokens:
  - BIG NEWS[^.]*
"""


def test_a_teams_rule_that_quotes_the_draft_pings_nobody(tmp_path: Path) -> None:
    """Vale's messages quote the match with %s: the draft's words stand in the rule's."""
    (tmp_path / "Team").mkdir()
    (tmp_path / "Team" / "Quotes.yml").write_text(EVIL_RULE.format(long="x" * 9_000))
    coach = Coach(load_rules([tmp_path / "Team"]))
    assert not coach.rules.problems
    review = coach.review("BIG NEWS <!everyone> <@U0NOOR> <https://evil.example|bank> " + "so very much of it " * 300)
    told = next(flag for flag in review.flags if flag.rule == "Team.Quotes")
    assert "<!everyone>" in told.why
    review = review.model_copy(update={"flags": (told,)})
    message = thread_message(Answer(draft_id="d_1", parts=(Part(review=review),)))
    assert "&lt;!everyone&gt;" in str(message.blocks)
    card = modals.rule_card(coach.rules.rule("Team.Quotes"))
    assert problems(message.blocks) == problems(card["blocks"]) == []
    assert not re.search(r"<[!@#h]", str(message.blocks) + str(card))


@pytest.mark.parametrize("name", ["<!channel>", "a|b", "x" * 101])
def test_a_rule_whose_name_is_slacks_own_sign_is_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "Team").mkdir()
    (tmp_path / "Team" / f"{name}.yml").write_text(EVIL_RULE.format(long=""))
    rules = load_rules([tmp_path / "Team"])
    assert [problem.message.partition(" hold")[0] for problem in rules.problems] == [
        "the names of a rule and its folder"
    ]


def test_the_modal_of_a_long_rewrite_says_that_it_is_cut() -> None:
    view = modals.use_this("d_1", "x" * 5_000, [])
    assert len(view["blocks"][1]["element"]["initial_value"]) == 3_000
    assert "longer" in json.dumps(view["blocks"][0])


def _mrkdwn(message: Message) -> list[str]:
    return [block["text"]["text"] for block in message.blocks if block["type"] == "section"]


def _own_words(message: Message, review: Review, suggestion: Suggestion) -> str:
    """What the bot says itself: its sections without the quoted words, and its quiet lines without what they list."""
    said = [re.sub(r"“[^”]*”", "", text) for text in _mrkdwn(message)]
    quiet = [element["text"] for block in message.blocks if block["type"] == "context" for element in block["elements"]]
    labels = [words.DROPPED.split("{", maxsplit=1)[0], words.OPEN.split("{", maxsplit=1)[0]]
    said += [label for label in labels if any(label in text for text in quiet)]
    said += [text for text in quiet if not any(label in text for label in labels)]
    return " ".join(said)

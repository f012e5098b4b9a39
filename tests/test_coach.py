"""The coach: what it refuses, what it leaves alone, and that a review never depends on a writer."""

import pytest

from bot.coach import Coach, DraftError
from bot.models import MAX_DRAFT_CHARS, Context, FallbackReason, Review, Rewrite, Suggestion
from bot.rewrite.failure import WriterError
from bot.rules import RuleSet

BAD = "🚀 BIG NEWS! Excited to announce Flowdesk 2.0! Sign up now flowdesk.example #SaaS #CX #AI"
HUMAN = "Hi Jo, thanks for asking. I got the date wrong, sorry: it is the second. Does that still work for you?"


class NoWriter:
    """A writer that gives up with a reason."""

    def __init__(self, reason: FallbackReason) -> None:
        self.reason: FallbackReason = reason
        self.asked = 0

    def write(self, review: Review, context: Context, angles: int, rules: RuleSet) -> tuple[Rewrite, ...]:
        assert review.text and context.llm_allowed and angles and rules
        self.asked += 1
        raise WriterError(self.reason)

    def probe(self) -> None:
        raise AssertionError("nobody asked")


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("", "nothing to read"),
        (" \n\u200b\t", "nothing to read"),
        ("a\x00b", "NUL"),
        ("a" * (MAX_DRAFT_CHARS + 1), "40,000"),
    ],
)
def test_refuses_what_cannot_be_reviewed_in_clear_words(draft: str, said: str) -> None:
    with pytest.raises(DraftError, match=said):
        Coach().review(draft)


def test_the_longest_draft_is_reviewed() -> None:
    assert Coach().review("a " * (MAX_DRAFT_CHARS // 2)).text


def test_an_error_never_holds_the_draft() -> None:
    with pytest.raises(DraftError) as caught:
        Coach().review("secret\x00words")
    assert "secret" not in str(caught.value)


def test_a_human_draft_is_left_alone() -> None:
    coach = Coach(writer=(writer := NoWriter("llm_timeout")))
    suggestion = coach.rewrite(coach.review(HUMAN))
    assert suggestion.leave_alone
    assert suggestion.rewrites == ()
    assert writer.asked == 0


def test_a_review_is_the_same_with_and_without_a_writer() -> None:
    assert Coach().review(BAD) == Coach(writer=NoWriter("llm_timeout")).review(BAD) == Coach().review(BAD)


def test_a_rewrite_by_rules_alone_has_no_fallback() -> None:
    coach = Coach()
    suggestion = coach.rewrite(coach.review(BAD))
    assert suggestion.fallback is None
    assert [r.source for r in suggestion.rewrites] == ["rules"]


@pytest.mark.parametrize(
    "reason", ["llm_refused_key", "llm_timeout", "llm_unavailable", "llm_bad_output", "checks_failed"]
)
def test_a_writer_that_gives_up_leaves_the_rules_words_and_the_reason(reason: FallbackReason) -> None:
    coach = Coach(writer=NoWriter(reason))
    suggestion = coach.rewrite(coach.review(BAD))
    assert suggestion.fallback == reason
    assert [r.source for r in suggestion.rewrites] == ["rules"]


def test_questions_stand_in_when_nothing_passes() -> None:
    coach = Coach()
    suggestion = coach.rewrite(coach.review("Act now! Don't miss out!! LAST CHANCE!!!"))
    assert suggestion.rewrites == ()
    assert suggestion.questions


@pytest.mark.parametrize(
    "draft",
    [
        "Some of you can't log in, and we don't know why yet. I'll write again at ten.",
        "We are thrilled to announce a recall of batch 12 because of possible glass. Act now! Don't miss out!",
    ],
)
def test_a_sensitive_draft_gets_no_rewrite_and_no_question(draft: str) -> None:
    for writer in (None, NoWriter("llm_timeout")):
        coach = Coach(writer=writer)
        review = coach.review(draft)
        assert review.sensitive is not None
        assert coach.rewrite(review) == Suggestion(sensitive=review.sensitive)
        assert writer is None or writer.asked == 0


@pytest.mark.parametrize(("angles", "at_most"), [(-3, 1), (1, 1), (2, 2), (99, 3)])
def test_angles_are_bounded(angles: int, at_most: int) -> None:
    coach = Coach()
    assert 1 <= len(coach.rewrite(coach.review(BAD), angles=angles).rewrites) <= at_most

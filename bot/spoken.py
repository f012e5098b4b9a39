"""What is spoken up about: which drafts get an answer, and which of their flags. Pure.

How strict a channel wants it:

* ``gentle``: only of drafts that read like a template, a megaphone or an auto-DM; one flag.
* ``usual``: of every draft that does not read human; at most three flags.
* ``strict``: also of a human draft in which a rule found something, or that asks its readers nothing; three flags.

Verdict and score are the same whatever the strictness, so that channels can be compared. A sensitive draft always gets
its checklist.
"""

from typing import Literal

from bot.models import Flag, Part, Review

Strictness = Literal["gentle", "usual", "strict"]

MAX_FLAGS = 3
"""More than three findings at once read as a telling-off, and get ignored (docs/architecture.md)."""


def speaks(review: Review, strictness: Strictness) -> bool:
    """Whether to say anything of this draft."""
    if review.sensitive is not None:
        return True
    if strictness == "gentle":
        return review.verdict not in ("human", "mixed")
    if strictness == "strict":
        return review.verdict != "human" or bool(review.flags) or not _asks(review)
    return review.verdict != "human"


def asks_readers(review: Review) -> bool:
    """Whether a draft asks its readers something and leaves open who will answer them."""
    answers = any(sign.rule == "Human.ReplyOwner" for sign in review.praise)
    return _asks(review) and not answers and review.sensitive is None


def _asks(review: Review) -> bool:
    return review.mix == "question" or any(sign.rule == "Human.Question" for sign in review.praise)


def hold_to(part: Part, strictness: Strictness) -> Part:
    """The part with what a channel of this strictness is told of it."""
    return part.model_copy(
        update={"spoken": speaks(part.review, strictness), "max_flags": 1 if strictness == "gentle" else MAX_FLAGS}
    )


def top_flags(review: Review, limit: int = MAX_FLAGS) -> list[Flag]:
    """At most three flags, each for words of its own: the same words are not held against somebody twice."""
    chosen: list[Flag] = []
    for flag in review.flags:
        overlaps = any(flag.start < other.end and other.start < flag.end for other in chosen)
        if not overlaps and all(flag.rule != other.rule for other in chosen):
            chosen.append(flag)
    return chosen[: min(limit, MAX_FLAGS)]

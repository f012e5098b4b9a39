"""An answer -> the message people read: what reads how, why, a question, and a rewrite."""

from typing import NamedTuple

from bot import words
from bot.delivery import Answer
from bot.models import Flag, Review, Rewrite, Suggestion
from handlers.views.blocks import RICH_TEXT_CHARS, Block, bullets, context, finding, quote, section, shorten

MAX_FLAGS = 3
"""More than three findings at once read as a telling-off, and get ignored (docs/architecture.md)."""


class Message(NamedTuple):
    """What is sent: ``text`` for notifications and screen readers, ``blocks`` for the eye."""

    text: str
    blocks: list[Block]


def thread_message(answer: Answer) -> Message:
    """The reply in a draft's thread."""
    return Message(words.VERDICTS[answer.review.verdict], _blocks(answer))


def private_message(answer: Answer) -> Message:
    """The answer to ``/humanize``, for the asker alone."""
    return thread_message(answer)


def top_flags(review: Review) -> list[Flag]:
    """At most three flags, each for words of its own: the same words are not held against somebody twice."""
    chosen: list[Flag] = []
    for flag in review.flags:
        overlaps = any(flag.start < other.end and other.start < flag.end for other in chosen)
        if not overlaps and all(flag.rule != other.rule for other in chosen):
            chosen.append(flag)
    return chosen[:MAX_FLAGS]


def _blocks(answer: Answer) -> list[Block]:
    review = answer.review
    blocks = [section(_first_line(answer))]
    if review.verdict == "human":
        return blocks
    blocks += [finding(flag.match, flag.why, flag.question) for flag in top_flags(review)]
    if answer.suggestion is not None:
        blocks += _suggestion(answer.suggestion)
    elif answer.rewrite_pending:
        blocks.append(context(words.REWRITE_PENDING))
    return blocks


def _first_line(answer: Answer) -> str:
    review = answer.review
    if review.verdict == "human":
        return f"*{words.VERDICTS['human']}* {words.LEAVE_ALONE}"
    line = f"*{words.VERDICTS[review.verdict]}*"
    return f"{line} {words.PRAISE} {_lower_first(review.praise[0].why)}" if review.praise else line


def _suggestion(suggestion: Suggestion) -> list[Block]:
    blocks: list[Block] = []
    note = words.FALLBACKS.get(suggestion.fallback, "") if suggestion.fallback else ""
    shown = [r for r in suggestion.rewrites if len(r.text) <= RICH_TEXT_CHARS][:1]
    for rewrite in shown:
        heading = words.REWRITE_BY_LLM if rewrite.source == "llm" else words.REWRITE_BY_RULES
        blocks += [section(note or heading), quote(rewrite.text), *_ledger(rewrite)]
    if not shown and suggestion.questions:
        blocks.append(section(words.TOO_LONG_TO_SHOW if suggestion.rewrites else words.NO_REWRITE))
        blocks.append(bullets(list(suggestion.questions[:MAX_FLAGS])))
    if suggestion.advice:
        blocks.append(context(suggestion.advice))
    return blocks


def _ledger(rewrite: Rewrite) -> list[Block]:
    """What was left out and what only a human can fill in."""
    lines = []
    if rewrite.dropped:
        lines.append(words.DROPPED.format(items=_list(rewrite.dropped)))
    if rewrite.open:
        lines.append(words.OPEN.format(items=_list(rewrite.open)))
    return [context("\n".join(lines))] if lines else []


def _list(items: tuple[str, ...]) -> str:
    return ", ".join(shorten(item, 60) for item in items[:8]) + (" …" if len(items) > 8 else "")


def _lower_first(text: str) -> str:
    return text if text.startswith("I ") else text[:1].lower() + text[1:]

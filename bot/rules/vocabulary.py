"""A team's own words: accepted ones that no rule may match, rejected ones that a rule of their own flags.

An entry is a pattern, as in Vale's ``accept.txt`` and ``reject.txt``; one that ends in ``.txt`` names a file of them,
one a line, ``#`` before a remark. Case is ignored, unless a pattern says ``(?-i)``.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import re2

from bot.rules.counts import Counted, Spans
from bot.rules.model import RuleInfo, RuleProblem, WordRule
from bot.rules.patterns import options, spaced
from bot.rules.reading import attempt

REJECTED = "Team.Rejected"


class Word(NamedTuple):
    """One entry and where it stands: a file, or the place in a list."""

    pattern: str
    path: Path
    line: int


def read_words(entries: Iterable[str], source: str) -> tuple[list[Word], list[RuleProblem]]:
    """The patterns of a list and of the files it names, and what is wrong with them; ``source`` names the list."""
    words: list[Word] = []
    problems: list[RuleProblem] = []
    for number, entry in enumerate(entries, start=1):
        if entry.lower().endswith(".txt"):
            words += attempt(Path(entry), problems, partial(_lines, Path(entry))) or []
        elif entry.strip():
            words.append(Word(entry.strip(), Path(source), number))
    reasons = [_refused(word.pattern) for word in words]
    problems += [
        RuleProblem(word.path, word.line, f"the pattern does not compile: {reason}")
        for word, reason in zip(words, reasons, strict=True)
        if reason
    ]
    return [word for word, reason in zip(words, reasons, strict=True) if reason is None], problems


def _lines(path: Path, text: str) -> list[Word]:
    numbered = enumerate(text.lstrip("\ufeff").splitlines(), start=1)
    return [Word(line.strip(), path, number) for number, line in numbered if line.strip() and line.lstrip()[0] != "#"]


def _refused(pattern: str) -> str | None:
    try:
        re2.compile(_one(pattern).encode(), options())
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0] if error.args else error
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return None


def _one(pattern: str) -> str:
    """Between word borders, where the pattern itself begins and ends with a letter or digit."""
    before = r"\b" if pattern[:1].isalnum() else ""
    after = r"\b" if pattern[-1:].isalnum() else ""
    return f"{before}(?:{spaced(pattern)}){after}"


def accepting(words: Iterable[Word]) -> Any | None:
    """One compiled pattern for all accepted words; None without any."""
    joined = "|".join(_one(word.pattern) for word in words)
    return re2.compile(f"(?i){joined}".encode(), options(64 << 20)) if joined else None


def rejecting(words: Iterable[Word]) -> WordRule | None:
    """The rule that flags rejected words; None without any."""
    words = list(words)
    if not words:
        return None
    info = RuleInfo(
        id=REJECTED,
        label="the word your team avoids",
        kind="existence",
        why="Your team would rather not say this.",
        question="Which words would you use instead?",
        category="robotic",
        severity="warning",
        weight=1.5,
        alone=True,
        needs=0,
        at_least=1,
        any_language=True,
        description="Words from the team's own list.",
        why_it_matters="Your team agreed on it.",
        path=words[0].path,
    )
    return WordRule(info, f"(?i){'|'.join(_one(word.pattern) for word in words)}".encode())


def inside(spans: Spans, start: int, end: int) -> bool:
    """Does one of ``spans`` hold all of [start, end)?"""
    return any(first <= start and end <= last for first, last in spans)


def without_caps(counted: Counted, accepted: Spans) -> Counted:
    """An accepted name in capitals is no shouting; ``accepted`` in characters of the prose."""
    caps = [span for span in counted.spans["caps"] if not inside(accepted, *span)]
    numbers = {**counted.numbers, "caps": float(len(caps))}
    return counted._replace(numbers=numbers, spans={**counted.spans, "caps": caps})

"""Find the facts of a text: patterns in order, then names, then quoted words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.facts.memory import of_text
from bot.facts.model import Fact, Facts, Kind, fold
from bot.facts.names import find_names, strip_starter
from bot.facts.norms import NORMS
from bot.facts.patterns import QUOTE, Look, patterns

_TAIL = ".,;:!?'’…*_~"
_FIGURES = re.compile(r"\d+")


@of_text
def facts(text: str) -> Facts:
    """Find the facts of a text. Never raises for any ``str``; takes time linear in its length."""
    taken = bytearray(len(text))
    found: list[Fact] = []
    read = _prepared(text)
    for look in patterns():
        if not _may_hold(look, read, taken):
            continue
        kind = look.kind
        for match in _matches(look, read):
            start, end = _trim(text, kind, match.start(), match.end())
            if kind == "name" and not text[(start := strip_starter(text, start, end)[0])].isalpha():
                continue
            if start >= end or any(taken[start:end]):
                continue
            norm = NORMS[kind](text[start:end])
            if not norm:
                continue
            taken[start:end] = b"\x01" * (end - start)
            found.append(Fact(kind, text[start:end], norm, start, end))
    found.extend(find_names(text, taken))
    found.extend(
        Fact("quote", m.group(), fold(m.group().strip('"“”«» ')), m.start(), m.end()) for m in QUOTE.finditer(text)
    )
    return Facts(text, tuple(sorted(found, key=lambda f: (f.start, -f.end))))


class _Text(NamedTuple):
    """A text with what tells where nothing can match."""

    text: str
    hints: str
    """Folded as widely as patterns ignore case, with a figure of any script as "0": what is not in it can't match."""
    lower: str | None
    """In lower case with each character at its place, or None where that can't be."""
    figures: list[int]
    """Where runs of figures begin."""


def _prepared(text: str) -> _Text:
    lower = hints = text.lower()
    if not text.isascii():
        hints += unicodedata.normalize("NFKC", text).casefold().replace("\u0131", "i").replace("\u0307", "")
    figures = [run.start() for run in _FIGURES.finditer(text)]
    # Python takes these for an "s" and an "i" where case is ignored, and lower() leaves them.
    placed = len(lower) == len(text) and (text.isascii() or not ("\u017f" in text or "\u0131" in text))
    return _Text(text, hints + "0" * bool(figures), lower if placed else None, figures)


def _may_hold(look: Look, read: _Text, taken: bytearray) -> bool:
    where = read.text if look.as_written else read.hints
    for mark in look.needs:
        if mark in where:
            only_if = look.only_if
            return only_if is None or any(not taken[found.end() - 1] for found in only_if.finditer(read.text))
    return False


def _matches(look: Look, read: _Text) -> Iterable[re.Match[str]]:
    """As ``finditer`` finds them; where it is known how they begin, only that is tried: a tenth of the time."""
    where = read.text if look.as_written else read.lower
    if look.led and where is not None:
        return _at(sorted(_places(look.needs, where)), look, read.text)
    if look.figures is not None and not any(mark in read.hints for mark in look.unless):
        starts = read.figures
        if look.figures:
            starts = [at for figure in starts for at in range(max(0, figure - look.figures), figure + 1)]
        return _at(starts, look, read.text)
    return look.pattern.finditer(read.text)


def _places(marks: Iterable[str], text: str) -> Iterator[int]:
    for mark in marks:
        at = text.find(mark)
        while at >= 0:
            yield at
            at = text.find(mark, at + 1)


def _at(starts: Iterable[int], look: Look, text: str) -> list[re.Match[str]]:
    """The matches at ``starts``, which grow but may come twice; no match begins in the one before."""
    found: list[re.Match[str]] = []
    end = 0
    for start in starts:
        if start >= end and (match := look.pattern.match(text, start)):
            found.append(match)
            end = match.end()
    return found


def _trim(text: str, kind: Kind, start: int, end: int) -> tuple[int, int]:
    """Take off what a pattern caught too much of: punctuation after a link, white space before a legal line."""
    while start < end and text[start].isspace():
        start += 1
    if kind == "link":
        while end > start and (text[end - 1] in _TAIL or (text[end - 1] in ")]}" and _unbalanced(text, start, end))):
            end -= 1
    elif kind in ("mention", "email") and text[start] != "<":
        while end > start and text[end - 1] in ".-":
            end -= 1
    return start, end


def _unbalanced(text: str, start: int, end: int) -> bool:
    close = text[end - 1]
    opening = {")": "(", "]": "[", "}": "{"}[close]
    # A link longer than this is no link anybody wrote; the bound keeps trimming linear.
    piece = text[max(start, end - 2000) : end]
    return piece.count(close) > piece.count(opening)

"""Find the facts of a text: patterns in order, then names, then quoted words."""

import re
import unicodedata
from collections.abc import Iterable

from bot.facts.memory import of_text
from bot.facts.model import Fact, Facts, Kind, fold
from bot.facts.names import find_names, strip_starter
from bot.facts.norms import NORMS
from bot.facts.patterns import PATTERNS, QUOTE, Look

_TAIL = ".,;:!?'’…*_~"
_FIGURES = re.compile(r"\d+")


@of_text
def facts(text: str) -> Facts:
    """Find the facts of a text. Never raises for any ``str``; takes time linear in its length."""
    taken = bytearray(len(text))
    found: list[Fact] = []
    hints = _hints(text)
    figures = [run.start() for run in _FIGURES.finditer(text)]
    for look in PATTERNS:
        if not _may_hold(look, text, hints):
            continue
        kind = look.kind
        for match in _matches(look, text, hints, figures):
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


def _hints(text: str) -> str:
    """Fold a text as widely as patterns ignore case, a figure of any script as "0": what is not in it can't match."""
    plain = text.lower()
    if not text.isascii():
        plain += unicodedata.normalize("NFKC", text).casefold().replace("\u0131", "i").replace("\u0307", "")
    return plain + ("0" if _FIGURES.search(text) else "")


def _may_hold(look: Look, text: str, hints: str) -> bool:
    where = text if look.as_written else hints
    for mark in look.needs:
        if mark in where:
            return look.only_if is None or look.only_if.search(text) is not None
    return False


def _matches(look: Look, text: str, hints: str, figures: list[int]) -> Iterable[re.Match[str]]:
    """As ``finditer`` finds them; what begins with a figure is tried nowhere else, which takes a tenth of the time."""
    if look.at_figures is None or any(mark in hints for mark in look.at_figures):
        return look.pattern.finditer(text)
    found: list[re.Match[str]] = []
    end = 0
    for start in figures:
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

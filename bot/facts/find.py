"""Find the facts of a text: patterns in order, then names, then quoted words."""

import unicodedata
from functools import lru_cache

from bot.facts.model import Fact, Facts, Kind, fold
from bot.facts.names import find_names, strip_starter
from bot.facts.norms import NORMS
from bot.facts.patterns import PATTERNS, QUOTE

_TAIL = ".,;:!?'’…*_~"


@lru_cache(maxsize=128)  # a rewrite is checked from many sides, always the same text
def facts(text: str) -> Facts:
    """Find the facts of a text. Never raises for any ``str``; takes time linear in its length."""
    taken = bytearray(len(text))
    found: list[Fact] = []
    hints = _hints(text)
    for kind, needs, pattern in PATTERNS:
        if needs and not any(mark in hints for mark in needs):
            continue
        for match in pattern.finditer(text):
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
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u0131", "i").replace("\u0307", "")
    return text + plain + ("0" if any(map(str.isdecimal, text)) else "")


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

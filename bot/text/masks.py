"""Masks: parts of a text that rules on prose must not read, replaced by filler of the same length.

The filler tells what stood there, so that a pattern may ask for it: ``\\x01`` code, ``\\x02`` a link, ``\\x03`` a
quote, ``\\x04`` a mention, ``\\x05`` an e-mail address. :func:`bot.text.normalise` leaves none of these in a text, so a
filler is never something the writer typed.
"""

import re
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

Part = Literal["code", "link", "quote", "mention", "email"]
ALL_PARTS: frozenset[Part] = frozenset({"code", "link", "quote", "mention", "email"})
FILLER: dict[str, str] = {"code": "\x01", "link": "\x02", "quote": "\x03", "mention": "\x04", "email": "\x05"}

_TLD = (
    "com|org|net|io|co|dev|app|ai|me|tv|ly|gl|gy|info|biz|shop|store|blog|news|live|edu|gov|uk|de|fr|eu|us|ca|au|nl|in|"
    "example|test"
)
_PARTS = re.compile(
    rf"""
    (?P<code>```[\s\S]*?(?:```|\Z) | `[^`\n]+`)
  | (?P<block>(?m:^)[ ]{{0,3}}>[^\n]*)
  | (?P<link>\b(?:https?|ftp)://[^\s<>"]+ | \bwww\.[^\s<>"]+
      | (?<![\w.@-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}
        \.(?:(?:{_TLD})\b(?![\w@-])(?:/[^\s<>"]*)?|[a-z]{{2,6}}/[\w/?=&%.-]+))
  | (?P<quote>"[^"\n]{{1,400}}")
  | (?P<email>(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}})+)
  | (?P<mention>(?<![\w@/])@\w[\w-]*(?:\.\w+)*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'\"…*_"
_LETTER = re.compile(r"[^\W\d_]")


class Piece(NamedTuple):
    """A part of the text that is not plain prose: its kind and its character offsets."""

    kind: Part
    start: int
    end: int


def pieces(text: str) -> Iterator[Piece]:
    """Code, links, quotes (blockquotes too), mentions and e-mail addresses of a normalised text, in order."""
    if not any(mark in text for mark in '`>./"@'):
        return
    for found in _PARTS.finditer(text):
        kind, start, end = found.lastgroup or "", found.start(), found.end()
        if kind == "link":
            while end > start and text[end - 1] in _TRAILING:
                end -= 1
        yield Piece("quote" if kind == "block" else kind, start, end)  # type: ignore[arg-type]  # a group's name


def mask(text: str, parts: Collection[Part] = ALL_PARTS, found: Collection[Piece] | None = None) -> str:
    """The text at equal length with ``parts`` replaced by filler; ``found`` saves a second search for the pieces.

    A text that is one whole quote or code block stays readable: somebody quotes their own draft that way.
    """
    found = list(pieces(text)) if found is None else found
    masked = _fill(text, [piece for piece in found if piece.kind in parts])
    if not _LETTER.search(masked) and any(piece.kind in ("quote", "code") for piece in found):
        masked = _fill(text, [piece for piece in found if piece.kind in parts and piece.kind not in ("quote", "code")])
    return masked


def _fill(text: str, found: Collection[Piece]) -> str:
    if not found:
        return text
    out: list[str] = []
    at = 0
    for kind, start, end in found:
        out += (text[at:start], FILLER[kind] * (end - start))
        at = end
    return "".join((*out, text[at:]))

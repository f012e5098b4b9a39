"""Masks: parts of a text that rules on prose must not read, replaced by filler of the same length.

The filler tells what stood there, so that a pattern may ask for it: ``\\x01`` code, ``\\x02`` a link, ``\\x03`` a
quote, ``\\x04`` a mention, ``\\x05`` an e-mail address. :func:`bot.text.normalise` leaves none of these in a text, so a
filler is never something the writer typed.
"""

import re
from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

Part = Literal["code", "link", "quote", "mention", "email"]
ALL_PARTS: frozenset[Part] = frozenset({"code", "link", "quote", "mention", "email"})
FILLER: dict[Part, str] = {"code": "\x01", "link": "\x02", "quote": "\x03", "mention": "\x04", "email": "\x05"}

_TLD = (
    "com|org|net|io|co|dev|app|ai|me|tv|ly|gl|gy|info|biz|shop|store|blog|news|live|edu|gov|uk|de|fr|eu|us|ca|au|nl|in|"
    "example|test"
)
# In this order: what stands in code is no quote, what stands in a quote is no link. Each is looked for only where its
# sign is in the text, and the fixed start of each pattern keeps the search fast.
_SEARCHES: tuple[tuple[Part, str, re.Pattern[str]], ...] = (
    ("code", "`", re.compile(r"```[\s\S]*?(?:```|\Z)|`[^`\n]+`")),
    ("quote", ">", re.compile(r"(?m)^[ ]{0,3}>[^\n]*")),
    ("quote", '"', re.compile(r'"[^"\n]{1,400}"')),
    ("link", "://", re.compile(r'\b(?:https?|ftp)://[^\s<>"\x01-\x05]+', re.IGNORECASE)),
    ("link", "www.", re.compile(r'\bwww\.[^\s<>"\x01-\x05]+', re.IGNORECASE)),
    ("email", "@", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    (
        "link",
        ".",
        re.compile(rf"\.(?:(?:{_TLD})\b(?![\w@-])(?:/[^\s<>\"]*)?|[a-z]{{2,6}}/[\w/?=&%.-]+)", re.IGNORECASE),
    ),
    ("mention", "@", re.compile(r"(?<![\w@/])@\w[\w-]*(?:\.\w+)*")),
)
_HOST = re.compile(r"(?:[\w-]{1,63}\.){0,4}[\w-]{1,63}\Z")
_TRAILING = ".,;:!?)]}'\"…*_"
_HASHTAG = re.compile(r"#\w+")
_LETTER = re.compile(r"[^\W\d_]")


class Piece(NamedTuple):
    """A part of the text that is not plain prose: its kind and its character offsets."""

    kind: Part
    start: int
    end: int


def pieces(text: str) -> list[Piece]:
    """Code, links, quotes (blockquotes too), mentions and e-mail addresses of a normalised text, in order."""
    found: list[Piece] = []
    for kind, sign, pattern in _SEARCHES:
        if sign in text:
            new = [piece for match in pattern.finditer(text) if (piece := _piece(kind, match, text))]
            if new:
                found += new
                text = _fill(text, new)
    whole: list[Piece] = []
    for piece in sorted(found, key=lambda piece: (piece.start, -piece.end)):
        if not whole or piece.start >= whole[-1].end:  # a quoted line may hold code that was found before it
            whole.append(piece)
    return whole


def _piece(kind: Part, match: re.Match[str], text: str) -> Piece | None:
    start, end = match.span()
    if kind != "link":
        return Piece(kind, start, end)
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    if text[start] == ".":  # a bare host: the names before the dot belong to it
        host = _HOST.search(text, max(0, start - 160), start)
        if host is None or text[host.start() - 1 : host.start()] in ("@", ".", "/") or end <= start + 2:
            return None
        start = host.start()
    return Piece(kind, start, end)


def mask(text: str, parts: Collection[Part] = ALL_PARTS, found: Iterable[Piece] | None = None) -> str:
    """The text at equal length with ``parts`` replaced by filler; ``found`` saves a second search for the pieces.

    A text that is one whole quote or code block stays readable: somebody quotes their own draft that way.
    """
    found = pieces(text) if found is None else list(found)
    masked = _fill(text, [piece for piece in found if piece.kind in parts])
    if not _LETTER.search(_HASHTAG.sub("", masked)) and any(piece.kind in ("quote", "code") for piece in found):
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

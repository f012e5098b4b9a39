"""A plain form of a text for matching, and the exact way back to the original."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

_ASCII_CONTROL = {chr(code): " " for code in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Letters dressed up as symbols: mathematical alphabets, full-width forms, circled and squared capitals.
_STYLED = ((0x1D400, 0x1D7FF), (0xFF01, 0xFF5E), (0x24B6, 0x24E9), (0x1F130, 0x1F149))
_PLAIN = {
    "'": "‘’‚‛`´ʼ′＇",
    '"': "“”„‟«»″＂",
    "-": "‐‑−﹣－",
    "—": "―⸺",
    " ": "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u0085",
    "\n": "\u2028\u2029",
}
# Characters nobody sees: soft hyphen, zero-width and direction marks, strike-through overlays; joiners inside a word.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u0332-\u0338"
)
_VARIABLE = re.compile(f"[{_INVISIBLE}]|(?<=[A-Za-z])\u200d(?=[A-Za-z])|[\ufb00-\ufb06]")


class Normalised:
    """A text for matching (``text``) and where each of its characters stands in ``original``.

    ``span`` takes character offsets into ``text``, ``byte_span`` offsets into its UTF-8 bytes; both give character
    offsets into ``original``, so that ``original[slice(*n.span(a, b))]`` is what the reader saw at ``text[a:b]``.
    """

    __slots__ = ("_ends", "_marks", "_starts", "original", "text")

    def __init__(
        self, text: str, original: str, starts: Sequence[int] | None = None, ends: Sequence[int] | None = None
    ) -> None:
        self.text = text
        self.original = original
        self._starts = starts  # None: character i of text is character i of original
        self._ends = ends
        self._marks: tuple[list[int], list[int], list[int]] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Character offsets in ``text`` -> character offsets in ``original``."""
        if self._starts is None or self._ends is None:
            return start, end
        if start < end:
            return min(self._starts[start:end]), max(self._ends[start:end])
        at = self._starts[start] if start < len(self._starts) else len(self.original)
        return at, at

    def byte_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the UTF-8 bytes of ``text`` -> character offsets in ``original``.

        An offset inside a character counts as that character.
        """
        return self.span(*self.chars(start, end))

    def chars(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the UTF-8 bytes of ``text`` -> character offsets in ``text``."""
        if self.text.isascii():
            return start, end
        if self._marks is None:
            self._marks = _byte_marks(self.text)
        return _char_at(self._marks, start, up=False), _char_at(self._marks, end, up=True)


def _byte_marks(text: str) -> tuple[list[int], list[int], list[int]]:
    """First byte, index and width in bytes of each non-ASCII character; between two of them bytes are characters."""
    first_bytes, chars, widths, extra = [], [], [], 0
    for found in re.finditer("[^\x00-\x7f]", text):
        width = len(found[0].encode("utf-8", "surrogatepass"))
        first_bytes.append(found.start() + extra)
        chars.append(found.start())
        widths.append(width)
        extra += width - 1
    return first_bytes, chars, widths


def _char_at(marks: tuple[list[int], list[int], list[int]], offset: int, *, up: bool) -> int:
    first_bytes, chars, widths = marks
    index = bisect_right(first_bytes, offset) - 1
    if index < 0:
        return offset
    past = offset - first_bytes[index]
    if past < widths[index]:
        return chars[index] + (up and past > 0)
    return chars[index] + 1 + past - widths[index]


@cache
def _table() -> dict[str, str]:
    """One character for one character, so that offsets stay as they are."""
    table = {odd: plain for plain, odds in _PLAIN.items() for odd in odds if odd != "`"} | _ASCII_CONTROL
    table |= {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
    for first, last in _STYLED:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain.isascii():
                table.setdefault(chr(code), plain)
    return table


# Everything but printable ASCII and line ends: one look-up for each of these few is faster than str.translate for all.
_UNUSUAL = re.compile(r"[^\t\n\r -~]")


def normalise(text: str) -> Normalised:
    """The plain form of any text: straight quotes, plain spaces and letters, nothing invisible. Never raises.

    Lone surrogates become U+FFFD and control characters become spaces, so that ``.text`` always encodes to UTF-8.
    """
    if text.isascii():
        return Normalised(_CONTROL.sub(" ", text) if _CONTROL.search(text) else text, text)
    table = _table()
    plain = _UNUSUAL.sub(lambda found: table.get(found[0], found[0]), text)
    if not _VARIABLE.search(plain):
        return Normalised(plain, text)
    return _rebuild(plain, text)


def _rebuild(plain: str, original: str) -> Normalised:
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    for found in _VARIABLE.finditer(plain):
        pieces.append(plain[at : found.start()])
        starts.extend(range(at, found.start()))
        full = unicodedata.normalize("NFKC", found[0]) if found[0] >= "\ufb00" and found[0] != "\ufeff" else ""
        pieces.append(full)
        starts.extend([found.start()] * len(full))
        at = found.end()
    pieces.append(plain[at:])
    starts.extend(range(at, len(plain)))
    return Normalised("".join(pieces), original, starts, [start + 1 for start in starts])

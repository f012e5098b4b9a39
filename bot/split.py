"""Several drafts in one message, told apart: "LinkedIn: … X: …", "Option A … Option B …", "1/5 … 2/5 …"."""

import re
from typing import NamedTuple

from bot.models import Network

MIN_WORDS = 3
"""A part with fewer words is a heading or a remark, not a draft."""

_NETWORKS: dict[str, Network] = {
    "linkedin": "linkedin",
    "x": "x",
    "twitter": "x",
    "tweet": "x",
    "instagram": "instagram",
    "insta": "instagram",
    "ig": "instagram",
    "facebook": "facebook",
    "fb": "facebook",
    "threads": "threads",
    "email": "email",
    "newsletter": "email",
    "dm": "dm",
    "sms": "sms",
    "blog": "blog",
}
_NAMES = "|".join(_NETWORKS)
_START = r"(?:(?<=^)|(?<=\n)|(?<=[.!?…)\]#\w][ \t]))[ \t]*[*_]{0,2}"
_BY_NETWORK = re.compile(
    rf"{_START}(?P<label>(?P<name>{_NAMES})(?: (?:post|draft|caption|copy|version))?)[*_]{{0,2}}:[*_]{{0,2}}\s*",
    re.IGNORECASE,
)
_BY_OPTION = re.compile(
    r"(?:(?<=^)|(?<=\n))[ \t]*[*_]{0,2}(?P<label>(?:option|version|variant|draft|take|idea|v)[ \t]?(?:[A-F]|\d{1,2}))"
    r"[*_]{0,2}[ \t]*(?:[:.)\-–—]|\n)[*_]{0,2}\s*",
    re.IGNORECASE,
)
_BY_NUMBER = re.compile(r"(?<![\d/])[(\[]?(?P<label>(?P<at>\d{1,2})/(?P<of>\d{1,2}))[)\]]?(?![\d/])[.:]?")


class Piece(NamedTuple):
    """One draft in a message: ``text[start:end]``, its label as written, and the network that names it."""

    start: int
    end: int
    label: str | None
    network: Network | None


def network_of(name: str) -> Network | None:
    """The network that a word names ("Twitter", "Insta"), if it names one."""
    return _NETWORKS.get(name.strip().casefold())


def split(text: str) -> list[Piece]:
    """The drafts in a message in reading order; one piece without a label when it is one draft."""
    for pattern in (_BY_NETWORK, _BY_OPTION):
        pieces = _after_marks(text, list(pattern.finditer(text)))
        if len(pieces) > 1:
            return pieces
    numbered = _numbered(text)
    return numbered if len(numbered) > 1 else [Piece(*_trimmed(text, 0, len(text)), None, None)]


def _after_marks(text: str, marks: list[re.Match[str]]) -> list[Piece]:
    """Each draft follows its mark. Marks must differ, and every part must be long enough to be a draft."""
    if len(marks) < 2:
        return []
    labels = [mark["label"].casefold() for mark in marks]
    if len(set(labels)) != len(labels):
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    pieces = [
        Piece(
            *_trimmed(text, mark.end(), end), mark["label"], _NETWORKS.get((mark.groupdict().get("name") or "").lower())
        )
        for mark, end in zip(marks, ends, strict=True)
    ]
    return pieces if all(_words(text, piece) >= MIN_WORDS for piece in pieces) else []


def _numbered(text: str) -> list[Piece]:
    """A thread: 1/n, 2/n … in order. The number stands before its post, or after it."""
    marks = list(_BY_NUMBER.finditer(text))
    if len(marks) < 2 or any((int(m["at"]), m["of"]) != (i, marks[0]["of"]) for i, m in enumerate(marks, start=1)):
        return []
    if int(marks[0]["of"]) < len(marks):
        return []
    if _words(text, Piece(0, marks[0].start(), None, None)) < MIN_WORDS:
        return _after_marks(text, marks)
    starts = [0] + [mark.end() for mark in marks[:-1]]
    pieces = [
        Piece(*_trimmed(text, start, mark.start()), mark["label"], None)
        for start, mark in zip(starts, marks, strict=True)
    ]
    return pieces if all(_words(text, piece) >= MIN_WORDS for piece in pieces) else []


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _words(text: str, piece: Piece) -> int:
    return len(text[piece.start : piece.end].split())

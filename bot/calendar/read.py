"""A shared file's bytes -> the drafts in it, with where each stands. Pure.

A table keeps its cells, delimiter, quoting, line ends and encoding; a text keeps its characters, so that what is handed
back is what was shared, with notes.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.inputs import CSV_FIELD_BYTES
from bot.models import Network
from bot.split import MIN_WORDS, network_of, split

Kind = Literal["csv", "md", "txt"]
MAX_DRAFTS = 500
"""The rest of a file is handed back as it was, and that is said."""
MAX_COLUMNS = 200
DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 50
DRAFT_NAMES = frozenset({"draft", "text", "post", "copy", "caption", "content", "message", "body", "tweet"})
NOT_DRAFTS = frozenset(
    {
        "date",
        "time",
        "day",
        "id",
        "type",
        "kind",
        "status",
        "state",
        "url",
        "link",
        "image",
        "picture",
        "count",
        "length",
    }
    | {"owner", "author", "format", "idea", "topic", "title", "pillar", "category", "name", "number", "no", "hashtags"}
)
"""With one of these in its header ("post date", "content type") a column holds something about the draft."""
NETWORK_NAMES = frozenset({"network", "channel", "platform", "where", "medium"})
PROSE_WORDS = 5
"""A column without a telling header holds drafts when its cells have this many words on the average."""
HEADERLESS_WORDS = 9
"""A first row with a cell of this many words is a draft and no header."""

Trouble = Literal["not_text", "encoding", "broken", "no_column", "empty"]


class CalendarError(Exception):
    """A file that can't be read; ``code`` says why, ``line`` where in it."""

    def __init__(self, code: Trouble, line: int = 0) -> None:
        super().__init__(code)
        self.code: Trouble = code
        self.line = line


@dataclass(frozen=True)
class Entry:
    """One draft. ``number`` is its row as a spreadsheet counts (the header is row 1), or its place in a text from 1."""

    number: int
    text: str = field(repr=False)
    network: Network | None = None
    end: int = 0
    """In a text: where the draft ends, in characters."""


@dataclass(frozen=True)
class Table:
    """A CSV as it was shared."""

    rows: list[list[str]] = field(repr=False)
    has_header: bool
    column: int
    delimiter: str
    quote_all: bool
    newline: str
    ends_with_newline: bool


@dataclass(frozen=True)
class Calendar:
    """The drafts of a file in order. ``table`` for a CSV, ``text`` for the others."""

    kind: Kind
    entries: tuple[Entry, ...]
    encoding: str
    text: str = field(default="", repr=False)
    table: Table | None = None

    @property
    def column(self) -> str:
        """The header of the column with the drafts; empty for a text."""
        return self.table.rows[0][self.table.column] if self.table and self.table.has_header else ""


def read_calendar(data: bytes, kind: Kind, looks_like_draft: Callable[[str], bool]) -> Calendar:
    """The drafts in a file. ``looks_like_draft`` tells paragraphs from drafts. Raises CalendarError."""
    text, encoding = decode(data)
    if not text.strip():
        raise CalendarError("empty")
    if kind == "csv":
        return _table(text, encoding)
    return Calendar(kind=kind, entries=tuple(_pieces(text, kind, looks_like_draft)), encoding=encoding, text=text)


def decode(data: bytes) -> tuple[str, str]:
    """A file's text, and the encoding that gives its bytes back. Raises CalendarError."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        little = data.startswith(codecs.BOM_UTF16_LE)
        try:
            return _text(data[2:].decode("utf-16-le" if little else "utf-16-be")), "utf-16"
        except UnicodeDecodeError:
            raise CalendarError("encoding") from None
    if b"\x00" in data:
        raise CalendarError("not_text")
    try:
        return _text(data.decode("utf-8-sig")), "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return _text(data.decode("cp1252")), "cp1252"  # what older spreadsheets write
    except UnicodeDecodeError:
        raise CalendarError("encoding") from None


def _text(text: str) -> str:
    odd = sum(ord(c) < 32 and c not in "\t\n\r\f\v" for c in text)
    if odd > max(3, len(text) // 100):
        raise CalendarError("not_text")
    return text


# tables


def _table(text: str, encoding: str) -> Calendar:
    rows, delimiter = _rows(text)
    width = max(map(len, rows))
    if width > MAX_COLUMNS:
        raise CalendarError("broken", 1)
    first = next((number for number, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if first is None:
        raise CalendarError("empty")
    has_header = first == 0 and all(len(cell.split()) < HEADERLESS_WORDS for cell in rows[0])
    body = [(number, row) for number, row in enumerate(rows, start=1) if number > has_header]
    column = _draft_column(rows[0] if has_header else [], [row for _, row in body], width)
    where = _network_column(rows[0]) if has_header else None
    start = re.search(r"\r\n|\n|\r", text)
    newline = start[0] if start else "\n"
    made = Table(
        rows=rows,
        has_header=has_header,
        column=column,
        delimiter=delimiter,
        quote_all=bool(rows[0]) and text.startswith(line(rows[0], delimiter, quote_all=True)),
        newline=newline,
        ends_with_newline=text.endswith(("\n", "\r")),
    )
    entries = tuple(
        Entry(number, _at(row, column), network_of(_at(row, where)) if where is not None else None)
        for number, row in body
        if _at(row, column).strip()
    )
    if not entries:
        raise CalendarError("empty")
    return Calendar(kind="csv", entries=entries, encoding=encoding, table=made)


def line(cells: list[str], delimiter: str, *, quote_all: bool) -> str:
    """One row of a CSV without its line end. Our own, since Python's writer leaves a lone CR bare."""
    if cells == [""]:
        return '""'  # an empty line would be no row
    needs = re.compile(f'[\r\n"{re.escape(delimiter)}]|^[ \t]|[ \t]$')

    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if quote_all or needs.search(value) else value

    return delimiter.join(map(cell, cells))


def _rows(text: str) -> tuple[list[list[str]], str]:
    csv.field_size_limit(CSV_FIELD_BYTES)
    delimiter = max(DELIMITERS, key=lambda one: _fits(text, one))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader), delimiter
    except csv.Error:
        raise CalendarError("broken", reader.line_num) from None


def _fits(text: str, delimiter: str) -> tuple[float, int]:
    """How well a delimiter makes a table: the share of rows as wide as the first one, and that width."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths = []
    try:
        for row in reader:
            if row:
                widths.append(len(row))
            if len(widths) >= SAMPLE_ROWS:
                break
    except csv.Error:
        return (0.0, 0)
    if not widths or widths[0] < 2:
        return (0.0, 1)
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])


def _draft_column(header: list[str], rows: list[list[str]], width: int) -> int:
    """The column with the drafts: one whose header says so, else the one with the longest text."""
    sums = [sum(len(_at(row, column).split()) for row in rows) for column in range(width)]
    filled = [sum(bool(_at(row, column).strip()) for row in rows) for column in range(width)]
    named = [column for column, name in enumerate(header) if _says_draft(name) and filled[column]]
    if named:
        return max(named, key=lambda column: sums[column])
    longest = max(range(width), key=lambda column: sums[column])
    if not sums[longest] or sums[longest] < PROSE_WORDS * filled[longest]:
        raise CalendarError("no_column" if any(filled) else "empty")
    return longest


def _says_draft(name: str) -> bool:
    said = _names(name)
    return bool(said & DRAFT_NAMES) and not said & NOT_DRAFTS


def _network_column(header: list[str]) -> int | None:
    return next((column for column, name in enumerate(header) if _names(name) & NETWORK_NAMES), None)


def _names(header: str) -> set[str]:
    said = set(re.findall(r"[^\W_]+", header.casefold()))
    return said | {word.removesuffix("s") for word in said}


def _at(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


# texts

_RULE = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,}|={3,})[ \t]*\r?$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(?P<label>[^\r\n]*)\r?$", re.MULTILINE)
_UNDERLINED = re.compile(r"(?:^|(?<=\n))(?P<label>[^\s\n][^\n]*)\n(?:=+|-+)[ \t]*\r?$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?:[^\n]*\n){0,40}?---[ \t]*(?:\r?\n|\Z)")
_GAP = re.compile(r"\r?\n(?:[ \t]*\r?\n){2,}")
_BLANK = re.compile(r"\r?\n(?:[ \t]*\r?\n)+")


def _pieces(text: str, kind: Kind, looks_like_draft: Callable[[str], bool]) -> list[Entry]:
    """The drafts of a text: between headings and rules, marked ones ("LinkedIn: …"), or blocks between blank lines."""
    marks: list[re.Match[str]] = []
    if kind == "md":
        front = _FRONT_MATTER.match(text)
        marks = [front] if front else []
        at = front.end() if front else 0
        marks += [mark for pattern in (_HEADING, _UNDERLINED) for mark in pattern.finditer(text, at)]
    covered = {position for mark in marks for position in (mark.start(), mark.end())}
    begin = marks[0].end() if marks and marks[0].re is _FRONT_MATTER else 0
    marks += [mark for mark in _RULE.finditer(text, begin) if mark.start() not in covered and mark.end() not in covered]
    for found in (_between(text, marks), _marked(text), _between(text, list(_GAP.finditer(text)))):
        if len(found) > 1:
            return found
    blocks = _between(text, list(_BLANK.finditer(text)))
    if kind == "txt" and len(blocks) > 1 and all(looks_like_draft(block.text) for block in blocks):
        return blocks
    whole = _between(text, marks) if kind == "md" else []
    return whole if len(whole) == 1 else [Entry(1, text.strip(), end=len(text.rstrip()))]


def _between(text: str, marks: list[re.Match[str]]) -> list[Entry]:
    """What stands between marks and is long enough to be a draft."""
    marks = sorted(marks, key=lambda mark: mark.start())
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    labels = ["", *(mark.groupdict().get("label") or "" for mark in marks)]
    found: list[Entry] = []
    for start, end, label in zip(starts, ends, labels, strict=True):
        block = text[start:end]
        if len(block.split()) >= MIN_WORDS:
            stop = start + len(block.rstrip())
            found.append(Entry(len(found) + 1, block.strip(), _network_in(label), stop))
    return found


def _marked(text: str) -> list[Entry]:
    return [
        Entry(number, text[piece.start : piece.end], piece.network, piece.end)
        for number, piece in enumerate(split(text), start=1)
    ]


def _network_in(heading: str) -> Network | None:
    return next((found for word in re.findall(r"\w+", heading) if (found := network_of(word))), None)

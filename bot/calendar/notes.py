"""What was found for each draft of a calendar -> the file with notes, and the figures of the summary. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from bot import words_calendar as words
from bot.calendar.read import Calendar, line
from bot.models import Mix, Model, Verdict
from bot.store.export import harmless

COLUMNS = ("verdict", "score", "flags", "question", "rewrite")
FIRST = 3
HABITS = 3


class Note(Model):
    """What was found for one draft; ``verdict`` is None where it could not be read, and ``question`` says why."""

    number: int
    verdict: Verdict | None = None
    score: int | None = None
    flags: tuple[str, ...] = ()
    """Short words, the heaviest first."""
    question: str = ""
    rewrite: str = ""
    mix: Mix | None = None
    sensitive: bool = False


class Summary(Model):
    """All that the reply to a calendar shows. ``trouble``: why the file could not be read, in words."""

    trouble: str = ""
    rows: bool = True
    """Drafts are counted as a spreadsheet's rows; else as drafts of a text."""
    drafts: int = 0
    human: int = 0
    look: int = 0
    habits: tuple[tuple[str, int], ...] = ()
    mix: tuple[tuple[Mix, int], ...] = ()
    first: tuple[Note, ...] = ()
    unread: int = 0
    rest: int = 0
    column: str = ""
    others: int = 0
    """Other files of the message, which were left alone."""
    private: bool = False
    no_file: str = ""
    """Why there is no file with notes, as a code."""


def summarise(calendar: Calendar, notes: Sequence[Note], *, others: int = 0, private: bool = False) -> Summary:
    """The figures of a calendar's notes."""
    read = [note for note in notes if note.verdict is not None]
    look = [note for note in read if note.verdict != "human" or note.sensitive]
    habits = Counter(flag for note in read for flag in note.flags)
    mix = Counter(note.mix for note in read if note.mix is not None)
    return Summary(
        rows=calendar.kind == "csv",
        drafts=len(read),
        human=len(read) - len(look),
        look=len(look),
        habits=tuple(habits.most_common(HABITS)),
        mix=tuple(mix.most_common()),
        first=tuple(sorted(look, key=lambda note: (not note.sensitive, note.score or 0, note.number))[:FIRST]),
        unread=len(notes) - len(read),
        rest=len(calendar.entries) - len(notes),
        column=calendar.column,
        others=others,
        private=private,
    )


def annotate(calendar: Calendar, notes: Sequence[Note]) -> bytes:
    """The file as it was shared, with notes: more columns in a table, a block under each draft of a text."""
    by_number = {note.number: note for note in notes}
    text = _table(calendar, by_number) if calendar.table else _text(calendar, by_number)
    if calendar.encoding == "utf-16":
        return text.encode("utf-16", "replace")
    try:
        return text.encode(calendar.encoding)
    except UnicodeEncodeError:  # an old code page has no sign for what we say
        return text.encode("utf-8-sig", "replace")


def _table(calendar: Calendar, notes: Mapping[int, Note]) -> str:
    table = calendar.table
    assert table is not None  # noqa: S101 - tells mypy what the caller has looked at
    width = max(map(len, table.rows))
    lines: list[str] = []
    for number, row in enumerate(table.rows, start=1):
        if not row:
            lines.append("")
            continue
        same = [_kept(cell) for cell in row] + [""] * (width - len(row))
        added = _headers(row) if number == 1 and table.has_header else _cells(notes.get(number))
        lines.append(line([*same, *added], table.delimiter, quote_all=table.quote_all))
    return table.newline.join(lines) + (table.newline if table.ends_with_newline else "")


def _headers(header: list[str]) -> list[str]:
    """Ours beside theirs: a column of that name may be there already."""
    there = {name.strip().casefold() for name in header}
    return [name if name not in there else f"{name} (humanize)" for name in COLUMNS]


def _cells(note: Note | None) -> list[str]:
    if note is None:
        return [""] * len(COLUMNS)
    score = "" if note.score is None else str(note.score)
    return [note.verdict or "", score, harmless("; ".join(note.flags)), harmless(note.question), harmless(note.rewrite)]


# What begins like a formula and can be none: a number, somebody's handle, a bullet.
_PLAIN = re.compile(r"[-+]?[\d.,:/ %]*\d[\d.,:/ %]*$|@\w[\w.]*(?=[\s,.:;?!]|$)(?![^\n]*[|=])|[-+] [^|=(]*$")


def _kept(cell: str) -> str:
    """A cell of theirs: as it was, but for what a spreadsheet would run."""
    return cell if _PLAIN.match(cell) else harmless(cell)


def _text(calendar: Calendar, notes: Mapping[int, Note]) -> str:
    newline = "\r\n" if "\r\n" in calendar.text else "\n"
    out, at = [], 0
    for entry in calendar.entries:
        note = notes.get(entry.number)
        if note is None:
            continue
        out.append(calendar.text[at : entry.end])
        block = [f"> {row}" if calendar.kind == "md" else f"[humanize] {row}" for row in _block(note)]
        out.append(newline * 2 + newline.join(block))
        at = entry.end
        if calendar.text[at : at + 1] not in ("", "\r", "\n"):
            out.append(newline * 2)
    return "".join([*out, calendar.text[at:]])


def _block(note: Note) -> list[str]:
    if note.verdict is None:
        return [note.question]
    lines = [words.BLOCK_VERDICT.format(verdict=note.verdict.replace("_", "-"), score=note.score)]
    lines += [words.BLOCK_FLAGS.format(flags="; ".join(note.flags))] if note.flags else []
    lines += note.question.splitlines()
    if note.rewrite:
        lines += [words.BLOCK_REWRITE, *note.rewrite.splitlines()]
    return lines

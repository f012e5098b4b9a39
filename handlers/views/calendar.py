"""A calendar's summary -> the message people read. Rows are named by number: no word of a draft stands in it."""

from bot import words, words_digest
from bot import words_calendar as calendar
from bot.calendar.notes import Note, Summary
from bot.calendar.read import MAX_DRAFTS
from handlers.views.blocks import context, section
from handlers.views.review import Message


def calendar_message(summary: Summary) -> Message:
    """The reply in a file's thread."""
    if summary.trouble:
        return Message(summary.trouble, [section(summary.trouble)])
    first = _first_line(summary)
    lines = [
        calendar.FIRST.format(rows=", ".join(_place(note, rows=summary.rows) for note in summary.first)),
        calendar.HABITS.format(habits=", ".join(f"{label} ({count})" for label, count in summary.habits)),
        calendar.MIX.format(mix=_mix(summary)),
    ]
    shown = [bool(summary.first), bool(summary.habits), bool(summary.mix)]
    blocks = [section(first)]
    blocks += [section(line) for line, there in zip(lines, shown, strict=True) if there]
    return Message(first, blocks + [context(line) for line in _small_print(summary)])


def _first_line(summary: Summary) -> str:
    if summary.drafts == 0:
        return calendar.READ_NONE
    if summary.drafts == 1:
        verdict = "human" if not summary.first else summary.first[0].verdict or "mixed"
        return calendar.READ_ONE.format(verdict=words.VERDICTS[verdict])
    if summary.look == 0:
        return calendar.READ_ALL_HUMAN.format(count=summary.drafts)
    return calendar.READ.format(count=summary.drafts, human=summary.human, look=summary.look)


def _place(note: Note, *, rows: bool) -> str:
    why = note.flags[0] if note.flags else (note.verdict or "").replace("_", "-")
    return (calendar.ROW if rows else calendar.DRAFT).format(number=note.number, why=why)


def _mix(summary: Summary) -> str:
    return ", ".join(f"{words_digest.KINDS[kind]} {count}" for kind, count in summary.mix)


def _small_print(summary: Summary) -> list[str]:
    said = [
        (summary.column, calendar.COLUMN.format(column=" ".join(summary.column.split())[:60])),
        (summary.rest, calendar.REST.format(limit=MAX_DRAFTS, rest=summary.rest)),
        (summary.unread, calendar.UNREAD.format(count=summary.unread)),
        (summary.others, calendar.OTHERS),
        (summary.private, calendar.PRIVATE_NO_FILE),
        (summary.no_file and not summary.private, calendar.NO_FILE.format(code=summary.no_file)),
        (not summary.no_file and not summary.private, calendar.FILE_FOLLOWS),
    ]
    return [text for there, text in said if there]

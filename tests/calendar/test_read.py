"""Which drafts a file holds, and how it comes back: the same rows and columns, with notes."""

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.notes import COLUMNS, Note, annotate, summarise
from bot.calendar.read import Calendar, CalendarError, Kind, Table, line, read_calendar

ONE = "Which of the two would you try first?"
TWO = "We moved the import to Tuesday, since ten of you asked."


def never(_text: str) -> bool:
    return False


def read(text: str, kind: Kind = "csv", encoding: str = "utf-8") -> Calendar:
    return read_calendar(text.encode(encoding), kind, never)


def texts(calendar: Calendar) -> list[str]:
    return [entry.text for entry in calendar.entries]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Date,Post,Status", 1),
        ("Post date,LinkedIn copy,Owner", 1),
        ("Content type,Day,Captions", 2),
        ("text,notes,who", 0),
        ("Day,What we say,Who", 1),
    ],
)
def test_the_column_with_the_drafts_is_found(header: str, column: int) -> None:
    cells = ["Monday", "Ada", "open"]
    cells[column] = ONE
    calendar = read(f"{header}\n{line(cells, ',', quote_all=False)}\n")
    assert calendar.column == header.split(",")[column]
    assert texts(calendar) == [ONE]
    assert calendar.entries[0].number == 2


def test_of_two_such_columns_the_one_with_more_words_counts() -> None:
    assert texts(read(f"Content,Copy\nVideo,{TWO.replace(',', '')}\n")) == [TWO.replace(",", "")]


def test_a_network_column_says_where_each_goes() -> None:
    calendar = read(f"Channel,Text\nLinkedIn,{ONE}\nsomewhere,{ONE}\nX,{ONE}\n")
    assert [entry.network for entry in calendar.entries] == ["linkedin", None, "x"]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    calendar = read(f'Date,Text\n1,"{ONE}\nsecond line"\n\n3,\n4,{ONE}\n')
    assert [entry.number for entry in calendar.entries] == [2, 5]


def test_a_table_without_a_header() -> None:
    long = "A first row of nine words or more is no header at all"
    calendar = read(f"{long},1 Dec\n{long},2 Dec\n")
    assert [entry.number for entry in calendar.entries] == [1, 2]
    assert calendar.column == ""
    assert annotate(calendar, [Note(number=1, verdict="human", score=80)]).decode().startswith(f"{long},1 Dec,human,80")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_quotes_and_line_ends_are_kept(delimiter: str) -> None:
    plain = delimiter.join(["Date", "Text"]) + "\r\n" + delimiter.join(["1 Dec", ONE]) + "\r\n"
    out = annotate(read(plain), [Note(number=2, verdict="human", score=90)]).decode()
    assert out == (
        delimiter.join(["Date", "Text", *COLUMNS]) + "\r\n" + delimiter.join(["1 Dec", ONE, "human", "90", "", "", ""])
    ) + "\r\n"  # fmt: skip
    quoted = delimiter.join(['"Date"', '"Text"']) + "\n" + delimiter.join(['"1 Dec"', f'"{ONE}"'])
    assert annotate(read(quoted), []).decode().endswith(delimiter.join([f'"{ONE}"', *['""'] * 5]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_read_and_kept(encoding: str) -> None:
    calendar = read(f"Text\nCafé für alle: {ONE}\n", encoding=encoding)
    assert texts(calendar) == [f"Café für alle: {ONE}"]
    out = annotate(calendar, [Note(number=2, verdict="human", score=90)])
    assert out.decode(encoding).startswith("Text,verdict")
    assert (out[:3] == b"\xef\xbb\xbf") == (encoding == "utf-8-sig")


def test_what_an_old_code_page_can_not_hold_makes_it_utf_8() -> None:
    calendar = read(f"Text\nCafé: {ONE}\n", encoding="cp1252")
    assert "☂" in annotate(calendar, [Note(number=2, verdict="human", score=90, rewrite="☂")]).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b" ; \n;;", "empty"),
        (b"Date,Text\n1 Dec,\n", "no_column"),
        (b"Text\n", "empty"),
        (b"PK\x03\x04\x00\x00word", "not_text"),
        (b"\x01\x02\x03\x04 word", "not_text"),
        (b"caf\x81\x8d e", "encoding"),
        (b"\xff\xfea", "encoding"),
        (b'Date,Text\n1 Dec,"never closed\nmore\n', "broken"),
        (b"Who,Sum\nAda,12\nNoor,13\n", "no_column"),
    ],
)
def test_bad_files_say_what_is_wrong(data: bytes, code: str) -> None:
    with pytest.raises(CalendarError) as error:
        read_calendar(data, "csv", never)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("cell", "same"),
    [
        ('=HYPERLINK("x")', False), ("@SUM(1)", False), ("+cmd|' /C calc'!A0", False), ("- cmd|x", False),
        ("\t=1", False), ("-12.5", True), ("+49 30 1234", True), ("@noor, which one?", True), ("- a bullet", True),
        ("１２", True), ("＝1+1", False), ("@noor=1", False),
    ],
)  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(cell: str, same: bool) -> None:
    calendar = read(f"Text,More\n{ONE},{line([cell], ',', quote_all=True)}\n")
    rows = list(csv.reader(io.StringIO(annotate(calendar, [Note(number=2, rewrite=cell)]).decode(), newline="")))
    assert rows[1][1] == (cell if same else f"'{cell}")
    assert rows[1][6].startswith("'") or cell[0] not in "=+-@\t＝"


def test_markdown_is_split_at_headings_and_rules() -> None:
    text = f"---\ntitle: December\n---\n# Plan\n\n## LinkedIn, 1 Dec\n{ONE}\n\n## X\n{TWO}\n\n---\n\n{ONE} Again.\n"
    calendar = read(text, "md")
    assert texts(calendar) == [ONE, TWO, f"{ONE} Again."]
    assert [entry.network for entry in calendar.entries] == ["linkedin", "x", None]
    underlined = read(f"First\n-----\n{ONE}\n\nSecond\n======\n{TWO}\n", "md")
    assert texts(underlined) == [ONE, TWO]


@pytest.mark.parametrize("between", ["\n---\n", "\n\n\n", "\r\n\r\n\r\n", "\n\n***\n\n"])
def test_texts_are_split_at_rules_and_gaps(between: str) -> None:
    assert texts(read(f"{ONE}{between}{TWO}", "txt")) == [ONE, TWO]


def test_marked_drafts_are_told_apart() -> None:
    assert [entry.network for entry in read(f"LinkedIn: {ONE}\n\nX: {TWO}", "txt").entries] == ["linkedin", "x"]


def test_paragraphs_are_drafts_only_when_each_looks_like_one() -> None:
    text = f"{ONE}\n\n{TWO}"
    assert len(read(text, "txt").entries) == 1
    assert texts(read_calendar(text.encode(), "txt", lambda _text: True)) == [ONE, TWO]
    assert len(read_calendar(text.encode(), "md", lambda _text: True).entries) == 1


def test_notes_stand_under_each_draft_of_a_text() -> None:
    text = f"# One\n{ONE}\n\n# Two\n{TWO}\n"
    notes = [
        Note(number=1, verdict="human", score=90),
        Note(number=2, verdict="auto_dm", score=20, flags=("a habit",), question="Who?", rewrite="a\nb"),
    ]
    out = annotate(read(text, "md"), notes).decode()
    assert out == (
        f"# One\n{ONE}\n\n> Reads: human, 90 of 100.\n\n# Two\n{TWO}\n\n> Reads: auto-dm, 20 of 100.\n> Why: a habit.\n"
        "> Who?\n> A rewrite, by rules alone:\n> a\n> b\n"
    )
    assert re.sub(r"\n\n(?:> .*\n?)+", "\n", out) == text


def test_the_summary_counts() -> None:
    calendar = read(f"Text\n{ONE}\n{TWO}\n{ONE}\n{ONE}\n")
    notes = [
        Note(number=2, verdict="human", score=90, mix="question"),
        Note(number=3, verdict="robotic", score=30, flags=("a", "b"), mix="news"),
        Note(number=4, question="too long"),
    ]
    found = summarise(calendar, notes)
    assert (found.drafts, found.human, found.look, found.unread, found.rest) == (2, 1, 1, 1, 1)
    assert found.habits == (("a", 1), ("b", 1))
    assert [note.number for note in found.first] == [3]


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=2, max_size=5), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    quote_all=st.booleans(),
    words=CELL,
)
def test_rows_in_are_rows_out(rows: list[list[str]], delimiter: str, newline: str, quote_all: bool, words: str) -> None:
    """Every row and cell comes back in its place, whatever characters it holds."""
    table = Table([["Date", "Post"], *rows], True, 1, delimiter, quote_all, newline, True)
    notes = [Note(number=number, verdict="mixed", score=50, question=words) for number in range(2, len(rows) + 2)]
    out = annotate(Calendar("csv", (), "utf-8", table=table), notes).decode()
    back = list(csv.reader(io.StringIO(out, newline=""), delimiter=delimiter, strict=True))
    width = max(2, *map(len, rows))
    assert len(back) == len(rows) + 1
    assert {len(row) for row in back} == {width + len(COLUMNS)}
    for before, after in zip(rows, back[1:], strict=True):
        padded = [*before, *[""] * (width - len(before))]
        assert [cell.removeprefix("'") for cell in after[:width]] == [cell.removeprefix("'") for cell in padded]
        assert after[width] == "mixed"


@settings(deadline=None)
@given(data=st.binary(max_size=200), kind=st.sampled_from(["csv", "md", "txt"]))
def test_whatever_is_shared_is_read_or_refused(data: bytes, kind: Kind) -> None:
    try:
        calendar = read_calendar(data, kind, never)
    except CalendarError:
        return
    notes = [Note(number=entry.number, verdict="human", score=70) for entry in calendar.entries]
    assert calendar.entries
    assert annotate(calendar, notes)


@settings(deadline=None)
@given(blocks=st.lists(LINES, max_size=6), kind=st.sampled_from(["md", "txt"]))
def test_a_text_keeps_its_characters(blocks: list[str], kind: Kind) -> None:
    text = "\n\n---\n\n".join([ONE, *blocks])
    calendar = read_calendar(text.encode(), kind, never)
    notes = [Note(number=entry.number, verdict="human", score=70) for entry in calendar.entries]
    note = "> Reads: human, 70 of 100." if kind == "md" else "[humanize] Reads: human, 70 of 100."
    out = annotate(calendar, notes).decode()
    assert "".join(out.replace(note, "").split()) == "".join(text.split())
    assert out.count(note) >= len(notes)

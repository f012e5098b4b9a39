"""Drafts out of files and standard input, with clear errors for what can't be read."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_FILE_BYTES = 200_000_000
CSV_FIELD_BYTES = 10_000_000


class InputError(Exception):
    """Something can't be read as drafts; the message says where, what and how to mend it."""


@dataclass(frozen=True)
class InputDraft:
    """One draft: ``source`` is the path as given or ``-``; ``row`` counts from 1, None when the file is one draft."""

    source: str
    row: int | None
    text: str


def read_drafts(paths: list[str], column: str = "text") -> Iterator[InputDraft]:
    """Every draft of every path, in order; ``-`` is standard input. Raises InputError."""
    for path in paths:
        if path == "-":
            text = _decode(sys.stdin.buffer.read(), "standard input")
            if not text.strip():
                raise InputError("standard input is empty: pipe a draft in, or name a file.")
            yield InputDraft("-", None, text)
        else:
            yield from _read_file(path, column)


def read_table(path: str, required: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row of a CSV with its number from 1; a cell that is not there is empty. Raises InputError.

    ``required`` names the columns that must be there.
    """
    yield from _table(path, _read_text(path), required)


def _read_file(path: str, column: str) -> Iterator[InputDraft]:
    readers = {".txt": _whole, ".md": _whole, ".csv": _csv, ".jsonl": _jsonl}
    reader = readers.get(Path(path).suffix.lower())
    if reader is None:
        raise InputError(f"{path}: can't tell how to read this. One draft a file: .txt, .md; one a row: .csv, .jsonl.")
    yield from reader(path, _read_text(path), column)


def _read_text(path: str) -> str:
    try:
        with Path(path).open("rb") as file:  # what has no end says nothing of its size
            data = file.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise InputError(f"{path}: larger than {MAX_FILE_BYTES // 1_000_000} MB. Split it.")
        return _decode(data, path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}.") from None


def _decode(data: bytes, name: str) -> str:
    if b"\x00" in data:
        raise InputError(f"{name}: this is binary, not text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None


def _whole(path: str, text: str, _column: str) -> Iterator[InputDraft]:
    if not text.strip():
        raise InputError(f"{path}: empty.")
    yield InputDraft(path, None, text)


def _csv(path: str, text: str, column: str) -> Iterator[InputDraft]:
    for number, row in _table(path, text, (column,), hint=" Name it with --column."):
        yield InputDraft(path, number, row[column])


def _table(path: str, text: str, required: Iterable[str], hint: str = "") -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(CSV_FIELD_BYTES)
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        there = rows.fieldnames or ()
        for column in required:
            if column not in there:
                raise InputError(f"{path}: no column {column!r} (columns: {', '.join(there) or 'none'}).{hint}")
        for number, row in enumerate(rows, start=1):
            yield number, {name: row[name] or "" for name in there}
    except csv.Error as error:
        raise InputError(f"{path}, line {rows.line_num}: {error}.") from None


def _jsonl(path: str, text: str, column: str) -> Iterator[InputDraft]:
    # Not splitlines(): JSON strings may hold U+2028 and friends as they are.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}, line {number}: not JSON ({error.msg}, character {error.pos}).") from None
        except (RecursionError, ValueError):  # ValueError: a number of more digits than Python reads
            raise InputError(
                f"{path}, line {number}: not JSON that can be read (too deep, or too long a number)."
            ) from None
        value = row.get(column) if isinstance(row, dict) else None
        if not isinstance(value, str):
            raise InputError(f"{path}, line {number}: no text under {column!r}. Name the field with --column.")
        yield InputDraft(path, number, value)

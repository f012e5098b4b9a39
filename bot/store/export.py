"""Everything that is kept about somebody, a channel or a workspace, as plain records."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from typing import Any

from bot.store.connection import Connections, Row
from bot.store.erasure import Subject

FIELDS = ("kind", "id", "team", "channel", "user", "at", "text", "more")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a cell that begins so for a formula, and runs it."""

# kind -> (table, user's column, time's column, the rest of its columns that say something)
_TABLES: dict[str, tuple[str, str, str | None, tuple[str, ...]]] = {
    "draft": (
        "drafts",
        "author",
        "received_at",
        ("ts", "thread_ts", "deleted", "erased", "wishes", "parts", "follows"),
    ),
    "ask": ("asks", "user", "created_at", ("parts", "network", "audience", "hope", "must_keep")),
    "feedback": ("feedback", "user", "said_at", ("draft_id", "about", "said")),
    "channel": ("channels", "watched_by", None, ("watched", "llm_allowed", "announced_host")),
    "choice": ("choices", "chosen_by", "chosen_at", ("network", "private", "must_keep", "strictness")),
    "mute": ("mutes", "by", "at", ("rule", "shown", "useless")),
    "digest": ("digests", "asked_by", None, ("everywhere", "weekday", "minute", "zone", "since")),
    "explained": ("explained", "person", "at", ("rule", "about")),
    "reply_owner": ("reply_owners", "owner", "asked_at", ("draft_id", "until")),
    "llm_call": ("llm_calls", "author", "called_at", ("draft_id", "model", "prompt_tokens", "completion_tokens")),
    "files": ("shared_files", "author", "shared_at", ("ts", "thread_ts", "files", "state", "upload", "deleted")),
    "act": ("audit", "who", "at", ("act", "via", "detail")),
}
_JSON = frozenset({"parts", "wishes", "must_keep", "detail"})
_NO_CHANNEL = frozenset({"explained"})


class Export:
    """Reads everything about a subject. Raises StoreError."""

    def __init__(self, db: Connections) -> None:
        self._db = db

    def records(self, subject: Subject) -> Iterator[Row]:
        """One record a row, with the keys of ``FIELDS``; ``more`` holds what has no field of its own."""
        for kind, (table, user, at, more) in _TABLES.items():
            where, values = subject.where(user=user, at=at, channel=None if table in _NO_CHANNEL else "channel")
            sql = f"select * from {table} where {where} order by rowid"  # noqa: S608 - our tables and columns
            for row in self._db.all(sql, values):
                yield {
                    "kind": kind,
                    "id": row.get("id"),
                    "team": row["team"],
                    "channel": row.get("channel"),
                    "user": row[user],
                    "at": row[at] if at else None,
                    "text": row.get("text"),
                    "more": {name: _read(name, row[name]) for name in more if row[name] is not None},
                }
                if kind == "draft":
                    yield from self._of_draft(row)

    def _of_draft(self, draft: Row) -> Iterator[Row]:
        """The figures of a draft's versions, its replies, and rewrites that a language model wrote for it."""
        here = {name: draft[name] for name in ("team", "channel")} | {"user": draft["author"]}
        plain = {"text": None, "at": None}
        for row in self._db.all("select * from versions where draft_id = ?", [draft["id"]]):
            figures = {name: row[name] for name in ("version", "verdict", "score", "rules")}
            yield {**here, **plain, "kind": "version", "id": draft["id"], "at": row["reviewed_at"], "more": figures}
        for row in self._db.all("select * from replies where draft_id = ?", [draft["id"]]):
            state = {name: row[name] for name in ("kind", "state", "ts", "reason")}
            yield {**here, **plain, "kind": "reply", "id": draft["id"], "more": state}
        sql = "select text, made_at from llm_rewrites where key in (select key from llm_uses where draft_id = ?)"
        for row in self._db.all(sql, [draft["id"]]):
            made = {"kind": "llm_rewrite", "id": draft["id"], "at": row["made_at"], "text": row["text"], "more": {}}
            yield {**here, **made}


def as_json(records: Iterator[Row]) -> Iterator[str]:
    """One JSON list, a record a line."""
    yield "["
    for number, record in enumerate(records):
        yield ("\n" if number == 0 else ",\n") + json.dumps(record, ensure_ascii=False)
    yield "\n]\n"


def as_csv(records: Iterator[Row]) -> Iterator[str]:
    """CSV with a header. A cell that a spreadsheet would run as a formula begins with an apostrophe."""
    yield _line(FIELDS)
    for record in records:
        more = json.dumps(record["more"], ensure_ascii=False)
        yield _line([harmless({**record, "more": more}[name]) for name in FIELDS])


def harmless(value: Any) -> str:
    """A cell's text; with an apostrophe in front where a spreadsheet would take it for a formula."""
    text = "" if value is None else str(value)
    # Spreadsheets skip blanks and what can't be seen in front, and some take the wide and small forms of the signs too.
    seen = next((sign for sign in text if unicodedata.category(sign)[0] not in "CZ"), "")
    return f"'{text}" if text.startswith(FORMULA) or unicodedata.normalize("NFKC", seen).startswith(FORMULA) else text


def _line(cells: Any) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()


def _read(name: str, value: Any) -> Any:
    if name not in _JSON or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value

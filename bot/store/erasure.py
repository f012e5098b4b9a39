"""Making words and people go: by request, and when their time is over. Figures stay, without author and without text.

A module that keeps a table of its own about people adds a function to ``ERASERS``; tests/store/test_erasure.py fails
for a table that nobody here knows.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlite_utils.db import Database

from bot.models import Model
from bot.store import StoreError
from bot.store.connection import Connections, Row
from bot.store.folder import NOTES, forget_asides
from bot.store.llm import forget_draft, forget_rewrites

# The statements here are put together from tables, columns and conditions of ours; what comes from outside is bound.


class Subject(Model):
    """What is to go: all that fits everything that is given. ``before`` is an ISO time; nothing later is touched."""

    user: str | None = None
    team: str | None = None
    channel: str | None = None
    before: str | None = None

    def where(self, *, user: str | None, at: str | None = None, channel: str | None = "channel") -> tuple[str, Row]:
        """An SQL condition and its values; the names of the columns are ours. A table without the column has none of
        it: there, a subject with that part fits nothing."""
        wanted = ((self.team, "team"), (self.channel, channel), (self.user, user))
        terms = [f"{column} = :s_{number}" if column else "0" for number, (value, column) in enumerate(wanted) if value]
        values: Row = {f"s_{number}": value for number, (value, _) in enumerate(wanted) if value}
        if not terms:
            raise ValueError("a subject names a user, a team or a channel")
        if self.before and at:
            terms.append(f"{at} <= :s_before")
            values["s_before"] = self.before
        return " and ".join(terms), values


class Erased(Model):
    """What went: rows touched by table, and the drafts whose replies are still to be taken out of Slack."""

    counts: dict[str, int]
    drafts: tuple[str, ...] = ()


class _NotForGoodError(Exception):
    """A dry run: roll back."""


def _drafts(db: Database, subject: Subject) -> int:
    where, values = subject.where(user="author", at="received_at")
    gone = "text = null, parts = null, wishes = null, author = null, deleted = 1, erased = 1"
    sql = f"update drafts set {gone} where {where} and (erased = 0 or author is not null)"  # noqa: S608 - our columns
    return db.execute(sql, values).rowcount


def _replies(db: Database, _subject: Subject) -> int:
    # What is shown is a digest of the words; the ts stays, since it is how the reply is taken away.
    return db.execute(
        "update replies set shown = null where shown is not null"
        " and draft_id in (select id from drafts where erased = 1)"
    ).rowcount


def _llm_rewrites(db: Database, subject: Subject) -> int:
    where, values = subject.where(user="author", at="used_at")
    return forget_rewrites(db, where, values)


def _shared_files(db: Database, subject: Subject) -> int:
    # The reply's ts and the file's id stay until the bot has taken both away.
    where, values = subject.where(user="author", at="shared_at")
    there = "(deleted = 0 or author is not null)"
    sql = f"update shared_files set author = null, deleted = 1 where {where} and {there}"  # noqa: S608 - our columns
    return db.execute(sql, values).rowcount


class Name(NamedTuple):
    """Where a table names somebody: the columns for who, when and in which channel, where it has them."""

    who: str
    at: str | None = None
    channel: str | None = "channel"
    becomes: str | None = None
    """An SQL expression in the name's place; without one the whole row goes."""
    only: str | None = None
    """A condition on rows that name somebody; others stay as they are."""


_NOBODY = "'gone-' || lower(hex(randomblob(8)))"
"""Somebody, but nobody can tell who: two people's words stay two words."""
_SOMEBODY = "user not like 'gone-%'"

NAMES = {
    "asks": Name("user", "created_at"),
    "feedback": Name("user", "said_at", becomes=_NOBODY, only=_SOMEBODY),
    "digests": Name("asked_by", becomes="'erased'", only="asked_by <> 'erased'"),
    "channels": Name("watched_by", becomes="null", only="watched_by is not null"),
    "audit": Name("who", "at", becomes="'erased'", only="who <> 'erased'"),
    "pauses": Name("by", "at", channel=None, becomes="'erased'", only="by <> 'erased'"),
    "choices": Name("chosen_by", "chosen_at", becomes="null", only="chosen_by is not null"),
    "mutes": Name("by", "at", becomes="'erased'", only="by <> 'erased'"),
    "explained": Name("person", "at", channel=None),
    "reply_owners": Name("owner", "asked_at", becomes="'erased'", only="owner <> 'erased'"),
    # Whose rewrites these were is asked first, above.
    "llm_uses": Name("author", "used_at"),
    "llm_calls": Name("author", "called_at"),
    "goodbyes": Name("user", only="user <> ''"),
}
"""Tables in which a name stands beside something else, and what becomes of it."""

Eraser = Callable[[Database, Subject], int]


def _name_of(table: str, name: Name) -> Eraser:
    """Takes a subject's names out of one table."""

    def erase(db: Database, subject: Subject) -> int:
        where, values = subject.where(user=name.who, at=name.at, channel=name.channel)
        what = f"update {table} set {name.who} = {name.becomes}" if name.becomes else f"delete from {table}"  # noqa: S608 - ours
        return db.execute(f"{what} where {name.only or 1} and {where}", values).rowcount

    return erase


ERASERS: dict[str, Eraser] = {
    "drafts": _drafts,
    "replies": _replies,
    "llm_rewrites": _llm_rewrites,
    "shared_files": _shared_files,
    **{table: _name_of(table, name) for table, name in NAMES.items()},
}
"""Table -> makes a subject go from it and says how many rows it touched. Runs in one transaction, in this order."""

PEOPLE = (
    *((table, name.who, name.channel or "null") for table, name in NAMES.items()),
    *((table, "author", "channel") for table in ("drafts", "shared_files")),
)
"""(table, who, where) of all that may name somebody; a test compares it with ``ERASERS``."""

IMPERSONAL = frozenset(
    (
        *("_sqlite_migrations", "sqlite_sequence", "erasures", "restores", "claims", "installations", "tokens"),
        *("versions", "showings", "proposals", "contributions", "rollups", "rollup_weeks", "answerers"),
        *("workspaces", "archived", "oauth_states", "handoffs"),
        *("digest_teams", "digest_posts", "digest_examples", "llm_days"),
    )
)
"""Tables that hold no person and no text: figures, ids, digests, the bot's own accounts, settings of a workspace."""


KeepFigures = Callable[[Database, Iterable[str]], None]
"""Told in the same transaction which drafts have just lost their words, so that sums stay as they are."""


class Erasure:
    """Erasing, what was erased, and what is too old. Methods raise StoreError."""

    def __init__(self, db: Connections, folder: Path, keep_figures: KeepFigures) -> None:
        self._db = db
        self._notes = folder / NOTES
        self._keep_figures = keep_figures

    def erase(self, subject: Subject, *, dry_run: bool = False) -> Erased:
        """Everything about the subject goes, in one transaction, and is noted for backups. A dry run only counts.

        Replies in Slack that quote what went are taken away by the bot: ``drafts`` names them, and ``unremoved`` finds
        them again.
        """
        now = datetime.now(UTC).isoformat()
        if not dry_run:
            _append(self._notes, note(subject, now))  # first: a crash must not leave a backup that knows too much
        counts: dict[str, int] = {}
        try:
            with self._db.write() as db:
                counts = self._erase(db, subject)
                if dry_run:
                    raise _NotForGoodError
                db.execute(
                    "insert or replace into erasures(scope, key, at) values(:scope, :key, :at)", note(subject, now)
                )
        except _NotForGoodError:
            return Erased(counts=counts)
        self.wipe()
        return Erased(counts=counts, drafts=tuple(self.unremoved()))

    def unremoved(self, *, deleted: bool = False) -> list[str]:
        """Erased drafts with a reply in Slack that is still to be taken away; with ``deleted`` also those whose
        message was deleted in Slack."""
        # Parked: one that could not be changed, or that waited through a long pause, still quotes its draft.
        rows = self._db.all(
            "select distinct draft_id from replies join drafts on drafts.id = draft_id"
            " where kind <> 'reaction' and (erased = 1 and state = 'parked' and replies.ts is not null"
            "  or (erased = 1 or :deleted and deleted = 1) and (state in ('intended', 'posted')"
            "   or state = 'parked' and replies.ts is not null and reason = 'delivery_failed'))",
            {"deleted": int(deleted)},
        )
        return [row["draft_id"] for row in rows]

    def notes(self) -> list[Row]:
        """What was erased so far: scope, digest, time."""
        return self._db.all("select scope, key, at from erasures")

    def replay(self, notes: Iterable[Row]) -> int:
        """Erase again what the notes say, in a database from before; how many rows that touched."""
        touched = 0
        wanted = {(row["scope"], row["key"]): row["at"] for row in notes}
        with self._db.write() as db:
            for subject in _subjects(db, wanted):
                touched += sum(self._erase(db, subject).values())
            for (scope, key), at in wanted.items():
                if scope == "draft":
                    forget_draft(db, key)
                db.execute(
                    "update drafts set text = null, parts = null, wishes = null, author = null, deleted = 1"
                    " where :scope = 'draft' and id = :key and deleted = 0",
                    {"scope": scope, "key": key},
                )
                db.execute("insert or replace into erasures(scope, key, at) values(?, ?, ?)", [scope, key, at])
        return touched

    def forget_old(self, keep_text_days: int) -> None:
        """Words and authors whose time is over go; what was measured stays."""
        since = datetime.now(UTC) - timedelta(days=keep_text_days)
        before = {"before": since.isoformat()}
        forget_asides(self._notes.parent, since)
        old = "received_at < :before and (text is not null or author is not null)"
        with self._db.write() as db:
            gone = "text = null, parts = null, wishes = null, author = null"
            # Their figures stay as they are: a name drawn by lot each night would make one person of an open week many.
            for table in ("digest_examples", "answerers"):
                db.execute(f"delete from {table} where draft_id in (select id from drafts where {old})", before)  # noqa: S608 - ours
            db.execute(f"update drafts set {gone} where {old}", before)  # noqa: S608 - ours, right above
        said = f"update feedback set user = {_NOBODY} where said_at < :before and {_SOMEBODY}"  # noqa: S608 - ours
        self._db.run(said, before)
        owners = "update reply_owners set owner = 'erased' where owner <> 'erased' and asked_at < :before"
        self._db.run(owners, before)
        self._db.run("update llm_calls set author = null where author is not null and called_at < :before", before)
        self._db.run("update shared_files set author = null where shared_at < :before", before)
        self._db.run("delete from shared_files where shared_at < :before and state <> 'posted'", before)
        # By then a backup that still holds a deleted message's words loses them by age.
        self._db.run("delete from erasures where scope = 'draft' and at < :before", before)
        self.wipe()

    def _erase(self, db: Database, subject: Subject) -> dict[str, int]:
        where, values = subject.where(user="author", at="received_at")
        ids = [row["id"] for row in db.query(f"select id from drafts where {where}", values)]  # noqa: S608 - our columns
        counts = {table: eraser(db, subject) for table, eraser in ERASERS.items()}
        self._keep_figures(db, ids)
        return counts

    def wipe(self) -> None:
        """Put the changes into the file itself: what was overwritten must not linger in the journal beside it."""
        with self._db.open() as db:
            db.execute("pragma wal_checkpoint(truncate)").fetchall()  # as far as readers let it; tried again each night


def read_notes(folder: Path) -> list[Row]:
    """The notes beside a database; none when there is no such file. A line cut short by a crash is left out."""
    path = folder / NOTES
    notes: list[Row] = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
            notes.append({"scope": str(row["scope"]), "key": str(row["key"]), "at": str(row["at"])})
        except (ValueError, KeyError, TypeError):
            continue
    return notes


def note(subject: Subject, at: str) -> Row:
    """What is kept of an erasure: which columns it went by, and a digest of their values."""
    parts = [(name, value) for name in ("user", "team", "channel") if (value := getattr(subject, name))]
    return {"scope": "+".join(name for name, _ in parts), "key": _digest([value for _, value in parts]), "at": at}


def _digest(values: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(values).encode(), digest_size=16).hexdigest()


def _subjects(db: Database, wanted: dict[tuple[str, str], str]) -> Iterable[Subject]:
    """The notes hold digests, so whoever is in this database is looked up among them."""
    people = " union ".join(
        f"select {user} as user, team, {channel} as channel from {table}"  # noqa: S608 - our own names
        for table, user, channel in PEOPLE
    )
    found: dict[tuple[str, str], Subject] = {}
    for row in list(db.query(people)):
        for scope in {scope for scope, _ in wanted}:
            values = {name: row.get(name) for name in scope.split("+")}
            if scope == "draft" or not all(values.values()):
                continue
            key = (scope, _digest([str(value) for value in values.values()]))
            if key in wanted:
                found[key] = Subject(**values, before=wanted[key])
    return found.values()


def _append(path: Path, row: Row) -> None:
    try:
        no_link = getattr(os, "O_NOFOLLOW", 0)  # Windows has none
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | no_link, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"{path} can't be written ({error.strerror}), so nothing was erased.") from None

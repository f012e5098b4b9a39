"""The default store: one SQLite file in WAL mode, one connection a thread."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from sqlite_utils.db import Database

from bot.models import Figures, Part, Wishes
from bot.store import (
    Channel,
    Feedback,
    IncomingDraft,
    Installation,
    PrivateAsk,
    Reply,
    ReplyKind,
    SaveOutcome,
    StoredDraft,
    StoreError,
    draft_id,
    slack_ts_us,
)
from bot.store.migrations import migrations

BUSY_TIMEOUT_MS = 2_000
"""Slack wants an answer to an event within 3 s; a lock held longer than this is an error, and Slack delivers again."""


_PARTS = TypeAdapter(tuple[Part, ...], config=ConfigDict(hide_input_in_errors=True))


class SqliteStore:
    """The Store protocol on a SQLite file. Raises StoreError with what to mend, never with a draft's text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._all: list[Database] = []
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"Can't make the folder {path.parent}: {error.strerror}. Set HUMANIZE_DATA_DIR.") from None
        with self._errors():
            db = self._db()
            db.enable_wal()
            _refuse_newer(db)
            migrations.apply(db)
        path.chmod(0o600)

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for db in self._all:
                db.close()
            self._all.clear()

    def check(self) -> None:
        """Raise StoreError unless a write goes through (it is rolled back)."""
        with self._errors():
            db = self._db()
            db.execute("begin immediate")
            db.rollback()

    # drafts

    def save_draft(self, draft: IncomingDraft) -> SaveOutcome:
        """Keep this version if it is the newest; a tombstone is never overwritten."""
        values = {**draft.model_dump(exclude={"edited_ts"}), "id": draft.id, "version": draft.version, "now": _now()}
        with self._write() as db:
            new = db.execute(
                "insert into drafts"
                "(id, team, channel, ts, thread_ts, author, version, text, follows, deleted, received_at) values"
                "(:id, :team, :channel, :ts, :thread_ts, :author, :version, :text, :follows, 0, :now)"
                " on conflict(id) do nothing",
                values,
            ).rowcount
            if new:
                return "new"
            newer = db.execute(
                "update drafts set version = :version, text = :text, thread_ts = coalesce(thread_ts, :thread_ts),"
                " received_at = :now where id = :id and deleted = 0 and version < :version",
                values,
            ).rowcount
            if newer:
                return "newer"
            deleted, version = db.execute("select deleted, version from drafts where id = :id", values).fetchone()
        if deleted:
            return "deleted"
        return "same" if version == draft.version else "stale"

    def delete_draft(self, team: str, channel: str, ts: str) -> str:
        """Tombstone the draft: its texts go now, and a version that arrives late is refused."""
        key = draft_id(team, channel, ts)
        values = {"id": key, "team": team, "channel": channel, "ts": ts, "version": slack_ts_us(ts), "now": _now()}
        with self._write() as db:
            db.execute(
                "insert into drafts(id, team, channel, ts, version, deleted, received_at)"
                " values(:id, :team, :channel, :ts, :version, 1, :now) on conflict(id) do update set"
                " deleted = 1, text = null, parts = null, wishes = null",
                values,
            )
        return key

    def draft(self, draft_id: str) -> StoredDraft | None:
        """The newest version, with the review and suggestion of exactly that version."""
        row = self._one("select * from drafts where id = ?", [draft_id])
        return None if row is None else _stored(row)

    def save_parts(self, draft_id: str, version: int, parts: tuple[Part, ...]) -> bool:
        """Keep the parts, and the version's figures (those of its lowest score), if it is still the newest."""
        lowest = min((part.review for part in parts), key=lambda review: review.score)
        rules = ",".join(dict.fromkeys(flag.rule for part in parts for flag in part.review.flags))
        with self._write() as db:
            kept = db.execute(
                "update drafts set parts = ?, parts_version = ? where id = ? and version = ? and deleted = 0",
                [_PARTS.dump_json(parts).decode(), version, draft_id, version],
            ).rowcount
            if kept:
                db.execute(
                    "insert into versions(draft_id, version, verdict, score, rules, reviewed_at)"
                    " values(?, ?, ?, ?, ?, ?) on conflict do nothing",
                    [draft_id, version, lowest.verdict, lowest.score, rules, _now()],
                )
        return bool(kept)

    def previous(self, draft: StoredDraft) -> Figures | None:
        """The figures of the version before, its own or those of the newest version of the draft it follows."""
        row = self._one(
            "select * from versions where (draft_id = :id and version < :version) or draft_id = :follows"
            " order by draft_id = :id desc, version desc limit 1",
            {"id": draft.id, "version": draft.version, "follows": draft.follows},
        )
        if row is None:
            return None
        return Figures(verdict=row["verdict"], score=row["score"], rules=tuple(filter(None, row["rules"].split(","))))

    def recent(self, team: str, channel: str, author: str, since_us: int) -> list[StoredDraft]:
        """An author's drafts in a channel, the newest first; at most 20."""
        with self._errors():
            rows = self._db().query(
                "select * from drafts where team = ? and channel = ? and author = ? and version >= ? and deleted = 0"
                " order by version desc limit 20",
                [team, channel, author, since_us],
            )
            return [_stored(row) for row in rows]

    def wish(self, draft_id: str, wishes: Wishes) -> None:
        """Keep what was asked of the rewrite."""
        with self._write() as db:
            db.execute("update drafts set wishes = ? where id = ?", [wishes.model_dump_json(), draft_id])

    def settle(self, draft_id: str) -> None:
        """The draft is fine as it is."""
        with self._write() as db:
            db.execute("update drafts set settled = 1 where id = ?", [draft_id])

    def unreviewed(self) -> list[tuple[str, int]]:
        """Stored drafts without a review of their newest version, oldest first."""
        with self._errors():
            rows = self._db().query(
                "select id, version from drafts where deleted = 0 and text is not null"
                " and (parts_version is null or parts_version < version) order by received_at"
            )
            return [(row["id"], row["version"]) for row in rows]

    # replies

    def intend(self, draft_id: str, kind: ReplyKind) -> tuple[Reply, bool]:
        """Insert the intent, or return the one that is there."""
        with self._write() as db:
            created = db.execute(
                "insert into replies(draft_id, kind, state) values(?, ?, 'intended') on conflict do nothing",
                [draft_id, kind],
            ).rowcount
        reply = self.reply(draft_id, kind)
        if reply is None:
            raise StoreError("A post intent vanished while it was being made; was the database replaced?")
        return reply, bool(created)

    def reply(self, draft_id: str, kind: ReplyKind) -> Reply | None:
        """The intent for (draft, kind), if there is one."""
        row = self._one("select * from replies where draft_id = ? and kind = ?", [draft_id, kind])
        return Reply(**row) if row else None

    def replies(self, draft_id: str) -> list[Reply]:
        """Every post intent of a draft."""
        with self._errors():
            return [Reply(**row) for row in self._db().query("select * from replies where draft_id = ?", [draft_id])]

    def save_reply(self, reply: Reply) -> None:
        """Record what became of an intent."""
        with self._write() as db:
            db.execute(
                "update replies set state = :state, ts = :ts, shown = :shown, reason = :reason"
                " where draft_id = :draft_id and kind = :kind",
                reply.model_dump(),
            )

    # channels and workspaces

    def channel(self, team: str, channel: str) -> Channel:
        """The channel's settings; unknown is unwatched."""
        row = self._one("select * from channels where team = ? and channel = ?", [team, channel])
        if row is None:
            return Channel(team=team, channel=channel)
        return Channel(**{**row, "watched": bool(row["watched"]), "llm_allowed": bool(row["llm_allowed"])})

    def save_channel(self, channel: Channel) -> None:
        """Keep a channel's settings."""
        self._put("channels", channel.model_dump())

    def installation(self, team: str | None = None) -> Installation | None:
        """Who the bot is in ``team``, or in the only workspace."""
        if team is None:
            row = self._one("select * from installations order by rowid desc limit 1", [])
        else:
            row = self._one("select * from installations where team = ?", [team])
        return Installation(**row) if row else None

    def save_installation(self, installation: Installation) -> None:
        """Keep who the bot is."""
        self._put("installations", installation.model_dump())

    # private answers

    def save_ask(self, ask: PrivateAsk) -> None:
        """Keep a private ask."""
        self._put("asks", {**ask.model_dump(mode="json", exclude={"parts"}), "parts": None})

    def ask(self, ask_id: str) -> PrivateAsk | None:
        """A private ask, with what was found for it."""
        row = self._one("select * from asks where id = ?", [ask_id])
        if row is None:
            return None
        parts = _PARTS.validate_json(row["parts"]) if row["parts"] else ()
        return PrivateAsk.model_validate({**row, "parts": parts})

    def answer_ask(self, ask_id: str, parts: tuple[Part, ...]) -> None:
        """Keep what was found for a private ask."""
        with self._write() as db:
            db.execute("update asks set parts = ? where id = ?", [_PARTS.dump_json(parts).decode(), ask_id])

    def save_feedback(self, feedback: Feedback) -> None:
        """Keep somebody's word; the same word twice counts once."""
        self._put("feedback", {**feedback.model_dump(), "said_at": _now()})

    def claim(self, key: str) -> bool:
        """True for the first caller only."""
        with self._write() as db:
            sql = "insert into claims(key, claimed_at) values(?, ?) on conflict do nothing"
            return bool(db.execute(sql, [key, _now()]).rowcount)

    # the database

    def _db(self) -> Database:
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            connection = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False)
            db = self._local.db = Database(connection, execute_plugins=False)
            # FULL: a commit survives a power cut, not only a killed process; an ack must mean that.
            db.execute("pragma synchronous = full")
            with self._lock:
                self._all.append(db)
        return db

    @contextmanager
    def _write(self) -> Iterator[Database]:
        with self._errors(), self._db().atomic() as db:
            yield db

    def _one(self, sql: str, values: list[Any] | dict[str, Any]) -> dict[str, Any] | None:
        with self._errors():
            return next(iter(self._db().query(sql, values)), None)

    def _put(self, table: str, row: dict[str, Any]) -> None:
        with self._errors(), self._db().atomic() as db:
            db.table(table).upsert(row, pk=db.table(table).pks)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: {_mend(error)}") from None


def _mend(error: sqlite3.Error) -> str:
    # sqlite's own message can quote values; the code and our words are enough.
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    known = {
        "SQLITE_BUSY": "another process holds the database; is a second bot running on the same file?",
        "SQLITE_LOCKED": "another connection holds a table; try again.",
        "SQLITE_READONLY": "the database can't be written; check the owner and permissions of the file and its folder.",
        "SQLITE_CANTOPEN": "the database can't be opened; check that the folder exists and can be written.",
        "SQLITE_FULL": "the disk is full; free some space, nothing is lost.",
        "SQLITE_NOTADB": "this file is not a SQLite database; restore a backup or choose another HUMANIZE_DATA_DIR.",
        "SQLITE_CORRUPT": "the database is damaged; restore a backup.",
        "SQLITE_IOERR": "the disk can't be read or written; check it.",
    }
    code = next((code for code in known if name.startswith(code)), None)
    return f"{known[code]} ({name})" if code else f"the database refused ({name})."


def _refuse_newer(db: Database) -> None:
    # pending() leaves out what is applied, so against an empty database it lists every step this version knows.
    known = {step.name for step in migrations.pending(Database(memory=True, execute_plugins=False))}
    unknown = {step.name for step in migrations.applied(db)} - known
    if unknown:
        raise StoreError(
            f"The database was made by a newer version of humanize-bot (it has {', '.join(sorted(unknown))}). "
            "Run that version, or restore a backup made before the upgrade."
        )


def _stored(row: dict[str, Any]) -> StoredDraft:
    current = row["parts"] is not None and row["parts_version"] == row["version"]
    return StoredDraft(
        id=row["id"],
        team=row["team"],
        channel=row["channel"],
        ts=row["ts"],
        thread_ts=row["thread_ts"],
        author=row["author"],
        version=row["version"],
        text=row["text"],
        deleted=bool(row["deleted"]),
        follows=row["follows"],
        settled=bool(row["settled"]),
        parts=_PARTS.validate_json(row["parts"]) if current else (),
        wishes=Wishes.model_validate_json(row["wishes"]) if row["wishes"] else Wishes(),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat()

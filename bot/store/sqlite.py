"""The default store: one SQLite file in WAL mode."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
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
from bot.store.audit import Audit
from bot.store.choices import ChoiceStore
from bot.store.connection import BUSY_TIMEOUT_MS, Connections, Row
from bot.store.digests import Digests
from bot.store.erasure import Erasure
from bot.store.folder import for_its_owner_alone
from bot.store.handoffs import Handoffs
from bot.store.lifecycle import WATCHED, Lifecycle
from bot.store.llm import LlmStore, forget_draft
from bot.store.migrations import migrations, refuse_newer
from bot.store.personal import PersonalStore
from bot.store.rollups import Rollups
from bot.store.shared import SharedStore
from bot.store.switches import Switches

RESPONSE_URL_LIFE = timedelta(minutes=30)
_PARTS = TypeAdapter(tuple[Part, ...], config=ConfigDict(hide_input_in_errors=True))


class SqliteStore:
    """The Store protocol on a SQLite file. Raises StoreError with what to mend, never with a draft's text."""

    def __init__(self, path: Path, keep_text_days: int = 30, patience_ms: int = BUSY_TIMEOUT_MS) -> None:
        self._db = Connections(path, patience_ms)
        for_its_owner_alone(path)  # first: SQLite makes the files beside it like it
        self.rollups = Rollups(self._db)
        self.digests = Digests(self._db)
        self.choices = ChoiceStore(self._db)
        self.personal = PersonalStore(self._db)
        self.llm = LlmStore(self._db)
        self._keep_text_days = keep_text_days
        self.audit = Audit(self._db)
        self.erasure = Erasure(self._db, path.parent, self.rollups.keep_figures)
        self.lifecycle = Lifecycle(self._db, self.erasure)
        self.switches = Switches(self._db)
        self.shared = SharedStore(self._db)
        self.handoffs = Handoffs(self._db)
        with self._db.open() as db:
            db.enable_wal()
            refuse_newer(db)
            migrations.apply(db)

    def close(self) -> None:
        """Close every thread's connection."""
        self._db.close()

    @property
    def connections(self) -> Connections:
        """For the stores of other things in the same database."""
        return self._db

    def write(self) -> AbstractContextManager[Database]:
        """One transaction for several changes."""
        return self._db.write()

    def check(self) -> None:
        """Raise StoreError unless a write gets to the disk: one that only begins is content with a full one."""
        sql = "insert into claims(key, claimed_at) values('check', :now) on conflict do update set claimed_at = :now"
        self._db.run(sql, {"now": _now()})

    # drafts

    def save_draft(self, draft: IncomingDraft) -> SaveOutcome:
        """Keep this version if it is the newest; a tombstone is never overwritten."""
        values = {**draft.model_dump(exclude={"edited_ts"}), "id": draft.id, "version": draft.version, "now": _now()}
        with self._db.write() as db:
            new = db.execute(
                "insert into drafts"
                "(id, team, channel, ts, thread_ts, author, version, text, follows, deleted, received_at) values"
                "(:id, :team, :channel, :ts, :thread_ts, :author, :version, :text, :follows, 0, :now)"
                " on conflict(id) do nothing",
                values,
            ).rowcount
            if new:
                # Older than the last restore: what was answered since the backup is in Slack, and nowhere here.
                db.execute(
                    "insert into replies(draft_id, kind, state) select :id, 'thread', 'intended'"
                    " where exists (select 1 from restores where until_us > :ts_us)",
                    {"id": draft.id, "ts_us": slack_ts_us(draft.ts)},
                )
                return "new"
            newer = db.execute(
                "update drafts set version = :version, text = :text, thread_ts = coalesce(thread_ts, :thread_ts),"
                " author = :author, received_at = :now where id = :id and deleted = 0 and version < :version",
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
        with self._db.write() as db:
            db.execute(
                "insert or replace into erasures(scope, key, at)"
                " select 'draft', id, :now from drafts where id = :id and text is not null",
                values,
            )
            db.execute(
                "insert into drafts(id, team, channel, ts, version, deleted, received_at)"
                " values(:id, :team, :channel, :ts, :version, 1, :now) on conflict(id) do update set"
                " deleted = 1, text = null, parts = null, wishes = null",
                values,
            )
            forget_draft(db, key)
            self.rollups.changed(db, key)
        return key

    def draft(self, draft_id: str) -> StoredDraft | None:
        """The newest version, with what was found for exactly that version."""
        row = self._db.one("select * from drafts where id = ?", [draft_id])
        return None if row is None else _stored(row)

    def save_parts(self, draft_id: str, version: int, parts: tuple[Part, ...]) -> bool:
        """Keep the parts, and the version's figures (those of its lowest score), if it is still the newest."""
        lowest = min((part.review for part in parts), key=lambda review: review.score)
        rules = ",".join(dict.fromkeys(flag.rule for part in parts for flag in part.review.flags))
        with self._db.write() as db:
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
                self.rollups.changed(db, draft_id)
        return bool(kept)

    def previous(self, draft: StoredDraft) -> Figures | None:
        """The figures of the version before, its own or those of the newest version of the draft it follows."""
        row = self._db.one(
            "select * from versions where (draft_id = :id and version < :version) or draft_id = :follows"
            " order by draft_id = :id desc, version desc limit 1",
            {"id": draft.id, "version": draft.version, "follows": draft.follows},
        )
        if row is None:
            return None
        return Figures(verdict=row["verdict"], score=row["score"], rules=tuple(filter(None, row["rules"].split(","))))

    def recent(self, team: str, channel: str, author: str, since_us: int) -> Iterator[StoredDraft]:
        """An author's drafts in a channel, the newest first; at most 20. Each is read when it is asked for."""
        rows = self._db.all(
            "select * from drafts where team = ? and channel = ? and author = ? and version >= ? and deleted = 0"
            " order by version desc limit 20",
            [team, channel, author, since_us],
        )
        return map(_stored, rows)

    def lately(self, team: str, besides: str) -> list[tuple[str, str | None]]:
        """(text, author) of the team's other drafts of the last week, the newest first; at most 100."""
        rows = self._db.all(
            "select text, author from drafts where received_at > ? and team = ? and id <> ? and text is not null"
            " order by received_at desc limit 100",
            [_now(days=-7), team, besides],
        )
        return [(row["text"], row["author"]) for row in rows]

    def wish(self, draft_id: str, wishes: Wishes) -> None:
        """Keep what was asked of the rewrite; nothing is written onto a tombstone."""
        sql = "update drafts set wishes = ? where id = ? and deleted = 0"
        self._db.run(sql, [wishes.model_dump_json(), draft_id])

    def settle(self, draft_id: str) -> None:
        """The draft is fine as it is in its newest version."""
        self._db.run("update drafts set settled_version = version where id = ? and deleted = 0", [draft_id])

    def unfinished(self) -> list[tuple[str, int]]:
        """Drafts of the last day that lack a review, a suggestion or a reply, and deleted ones with a reply left."""
        rows = self._db.all(
            "select id, version from drafts where received_at > :since and ("
            " (deleted = 0 and text is not null and (parts_version is null or parts_version < version"
            "   or parts like '%\"suggestion\":null%'"
            "   or not exists (select 1 from replies where draft_id = id and state <> 'intended')))"
            " or (deleted = 1 and exists (select 1 from replies where draft_id = id and kind <> 'reaction'"
            "   and state in ('intended', 'posted')))) order by received_at",
            {"since": _now(days=-1)},
        )
        return [(row["id"], row["version"]) for row in rows]

    def purge(self) -> None:
        """Tombstones, claims and private asks go after a day, words when their time is over."""
        before = {"before": _now(days=-1)}
        self._db.run(
            "delete from drafts where deleted = 1 and erased = 0 and received_at < :before"
            " and not exists (select 1 from replies where draft_id = id and state <> 'removed')",
            before,
        )
        self._db.run("delete from asks where created_at < :before", before)
        self._db.run("delete from claims where claimed_at < :before", before)
        self.choices.purge()
        self.llm.purge(_now(days=-1))
        self.audit.purge()
        self.erasure.forget_old(self._keep_text_days)

    # replies

    def intend(self, draft_id: str, kind: ReplyKind) -> Reply:
        """Insert the intent, or return the one that is there."""
        sql = "insert into replies(draft_id, kind, state) values(?, ?, 'intended') on conflict do nothing"
        self._db.run(sql, [draft_id, kind])
        reply = self.reply(draft_id, kind)
        if reply is None:
            raise StoreError("A post intent vanished while it was being made; was the database replaced?")
        return reply

    def reply(self, draft_id: str, kind: ReplyKind) -> Reply | None:
        """The intent for (draft, kind), if there is one."""
        row = self._db.one("select * from replies where draft_id = ? and kind = ?", [draft_id, kind])
        return Reply(**row) if row else None

    def replies(self, draft_id: str) -> list[Reply]:
        """Every post intent of a draft."""
        return [Reply(**row) for row in self._db.all("select * from replies where draft_id = ?", [draft_id])]

    def parked(self) -> list[Reply]:
        """Every reply that could not be given; the newest last."""
        return [Reply(**row) for row in self._db.all("select * from replies where state = 'parked' order by rowid")]

    def save_reply(self, reply: Reply) -> None:
        """Record what became of an intent."""
        self._db.run(
            "update replies set state = :state, ts = :ts, shown = :shown, reason = :reason"
            " where draft_id = :draft_id and kind = :kind",
            reply.model_dump(),
        )

    # channels and workspaces

    def channel(self, team: str, channel: str) -> Channel:
        """The channel's settings; unknown is unwatched."""
        row = self._db.one("select * from channels where team = ? and channel = ?", [team, channel])
        return _channel(row) if row else Channel(team=team, channel=channel)

    def watched_channels(self) -> list[Channel]:
        """Every channel that is read; an archived one has nothing to read."""
        return [_channel(row) for row in self._db.all(WATCHED)]

    def set_watched(self, team: str, channel: str, by: str | None) -> None:
        """Read along on behalf of ``by``, or stop (None)."""
        self._db.run(
            "insert into channels(team, channel, watched, watched_by, llm_allowed) values(:t, :c, :on, :by, 1)"
            " on conflict do update set watched = :on, watched_by = :by",
            {"t": team, "c": channel, "on": int(by is not None), "by": by},
        )

    def set_llm(self, team: str, channel: str, allowed: bool) -> None:
        """Whether a language model may see this channel's drafts."""
        self._db.run(
            "insert into channels(team, channel, watched, llm_allowed) values(:t, :c, 0, :on)"
            " on conflict do update set llm_allowed = :on",
            {"t": team, "c": channel, "on": int(allowed)},
        )

    def set_announced(self, team: str, channel: str, host: str | None) -> None:
        """The channel has been told where its drafts go."""
        sql = "update channels set announced_host = ? where team = ? and channel = ?"
        self._db.run(sql, [host, team, channel])

    def installation(self, team: str | None = None) -> Installation | None:
        """Who the bot is in ``team``, or in the workspace that was kept last."""
        if team is None:
            row = self._db.one("select * from installations order by rowid desc limit 1", [])
        else:
            row = self._db.one("select * from installations where team = ?", [team])
        return Installation(**row) if row else None

    def save_installation(self, installation: Installation) -> None:
        """Keep who the bot is."""
        self._db.put("installations", installation.model_dump())

    # private answers

    def save_ask(self, ask: PrivateAsk) -> None:
        """Keep a private ask."""
        row = ask.model_dump(mode="json", exclude={"parts"})
        changed = {"parts": None, "replaces": int(ask.replaces), "must_keep": json.dumps(ask.must_keep)}
        self._db.put("asks", {**row, **changed})

    def ask(self, ask_id: str) -> PrivateAsk | None:
        """A private ask, with what was found for it."""
        row = self._db.one("select * from asks where id = ?", [ask_id])
        if row is None:
            return None
        known = {name: row[name] for name in row if name in PrivateAsk.model_fields and row[name] is not None}
        keep = tuple(json.loads(row["must_keep"] or "[]"))
        nothing = {"text": None, "response_url": None}
        return PrivateAsk.model_validate({**nothing, **known, "must_keep": keep, "parts": _parts(row["parts"])})

    def answer_ask(self, ask_id: str, parts: tuple[Part, ...]) -> None:
        """Keep what was found for a private ask."""
        self._db.run("update asks set parts = ? where id = ?", [_PARTS.dump_json(parts).decode(), ask_id])

    def open_asks(self) -> list[str]:
        """Private asks of the last half an hour that nobody has finished."""
        since = (datetime.now(UTC) - RESPONSE_URL_LIFE).isoformat()
        sql = "select id from asks where response_url is not null and text is not null and created_at > ?"
        return [row["id"] for row in self._db.all(sql, [since])]

    def finish_ask(self, ask_id: str) -> None:
        """The answer is out (or lost): its address is of no more use."""
        self._db.run("update asks set response_url = null where id = ?", [ask_id])

    def save_feedback(self, feedback: Feedback) -> None:
        """Keep somebody's word; the same word twice counts once."""
        with self._db.write() as db:
            db.execute(
                "insert or replace into feedback(team, channel, user, draft_id, about, said, said_at)"
                " values(:team, :channel, :user, :draft_id, :about, :said, :said_at)",
                {**feedback.model_dump(), "said_at": _now()},
            )
            self.rollups.said(db, feedback, datetime.now(UTC))

    def claim(self, key: str) -> bool:
        """True for the first caller only."""
        sql = "insert into claims(key, claimed_at) values(?, ?) on conflict do nothing"
        return bool(self._db.run(sql, [key, _now()]))

    def release(self, key: str) -> None:
        """Give a claim back: what it was for certainly did not happen."""
        self._db.run("delete from claims where key = ?", [key])


def _stored(row: Row) -> StoredDraft:
    current = row["parts_version"] == row["version"]
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
        settled=row["settled_version"] == row["version"],
        parts=_parts(row["parts"]) if current else (),
        wishes=_wishes(row["wishes"]),
    )


def _parts(data: str | None) -> tuple[Part, ...]:
    """What another release of the bot wrote may not be readable to this one: then it is as if there was no review."""
    try:
        return _PARTS.validate_json(data) if data else ()
    except ValidationError:
        return ()


def _wishes(data: str | None) -> Wishes:
    try:
        return Wishes.model_validate_json(data) if data else Wishes()
    except ValidationError:
        return Wishes()


def _channel(row: dict[str, Any]) -> Channel:
    return Channel(**{**row, "watched": bool(row["watched"]), "llm_allowed": bool(row["llm_allowed"])})


def _now(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()

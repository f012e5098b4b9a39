"""Files that somebody shared where drafts are read: ids, and what became of them. Nothing of what is in them."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.models import Model
from bot.store.connection import Connections, Row

SharedState = Literal["open", "draft", "left", "posted", "whispered", "parked", "removed"]
"""``draft``: it held one draft, which goes its own way. ``left``: nothing to say of it. ``posted``: the reply is there,
and the file with notes too, where there is one."""


class SharedFiles(Model):
    """The files of one message. ``id`` is that of a draft in the same place."""

    id: str
    team: str
    channel: str
    ts: str
    thread_ts: str | None = None
    """The thread's root, when the message is a reply."""
    author: str | None = None
    files: tuple[str, ...] = ()
    """Slack's ids."""
    asked: bool = False
    """Given to the bot itself, so that it says why when it can't read them."""
    state: SharedState = "open"
    reply_ts: str | None = None
    upload: str | None = None
    """Slack's id of the file with notes."""
    reason: str | None = None
    deleted: bool = False


class SharedStore:
    """Every method raises StoreError."""

    def __init__(self, db: Connections) -> None:
        self._db = db

    def save(self, shared: SharedFiles) -> None:
        """Keep that files were shared; the same message twice is one."""
        self._db.run(
            "insert into shared_files"
            "(id, team, channel, ts, thread_ts, author, files, asked, state, deleted, shared_at) values"
            "(:id, :team, :channel, :ts, :thread_ts, :author, :files, :asked, 'open', 0, :now)"
            " on conflict do nothing",
            {**shared.model_dump(), "files": " ".join(shared.files), "asked": int(shared.asked), "now": _ago()},
        )

    def get(self, shared_id: str) -> SharedFiles | None:
        """What is known of a message's files."""
        row = self._db.one("select * from shared_files where id = ?", [shared_id])
        return None if row is None else _shared(row)

    def became(self, shared: SharedFiles) -> None:
        """Record what became of it: state, reply, upload, reason."""
        self._db.run(
            "update shared_files set state = :state, reply_ts = :reply_ts, upload = :upload, reason = :reason"
            " where id = :id",
            shared.model_dump(),
        )

    def delete(self, shared_id: str) -> bool:
        """The message is gone; whether there is something of ours to take away with it."""
        return bool(self._db.run("update shared_files set deleted = 1 where id = ?", [shared_id]))

    def unfinished(self) -> list[str]:
        """What a crash left, of the last day."""
        sql = "select id from shared_files where state = 'open' and deleted = 0 and shared_at > ?"
        return [row["id"] for row in self._db.all(sql, [_ago(days=1)])]

    def unremoved(self) -> list[str]:
        """Deleted or erased, and the reply still to be taken away."""
        sql = "select id from shared_files where deleted = 1 and state in ('open', 'posted')"
        return [row["id"] for row in self._db.all(sql)]


def _shared(row: Row) -> SharedFiles:
    known = {name: row[name] for name in SharedFiles.model_fields if name not in ("files", "asked", "deleted")}
    return SharedFiles(
        **known, files=tuple(row["files"].split()), asked=bool(row["asked"]), deleted=bool(row["deleted"])
    )


def _ago(**ago: int) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()

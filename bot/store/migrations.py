"""The schema, one step at a time. Each runs in a transaction with its record, so a crash leaves it whole or undone."""

from sqlite_utils.db import Database, Table
from sqlite_utils.migrations import Migrations

migrations = Migrations("humanize_bot")


@migrations()
def drafts(db: Database) -> None:
    """Drafts (newest version only, with its text), and each version's figures (no text)."""
    _table(db, "drafts").create(
        {
            "id": str,
            "team": str,
            "channel": str,
            "ts": str,
            "thread_ts": str,
            "author": str,
            "version": int,
            "text": str,
            "deleted": int,
            "follows": str,
            "settled_version": int,
            "wishes": str,
            "parts": str,
            "parts_version": int,
            "received_at": str,
        },
        pk="id",
        not_null={"team", "channel", "ts", "version", "deleted"},
        strict=True,
    )
    db.execute("create index drafts_received on drafts(received_at)")
    db.execute("create index drafts_recent on drafts(team, channel, author, version) where deleted = 0")
    _table(db, "versions").create(
        {"draft_id": str, "version": int, "verdict": str, "score": int, "rules": str, "reviewed_at": str},
        pk=("draft_id", "version"),
        strict=True,
    )


@migrations()
def replies(db: Database) -> None:
    """Post intents: one for each (draft, kind)."""
    _table(db, "replies").create(
        {"draft_id": str, "kind": str, "state": str, "ts": str, "shown": str, "reason": str},
        pk=("draft_id", "kind"),
        not_null={"state"},
        strict=True,
    )


@migrations()
def channels(db: Database) -> None:
    """Channels' settings and the workspaces that installed the bot."""
    _table(db, "channels").create(
        {"team": str, "channel": str, "watched": int, "watched_by": str, "llm_allowed": int, "announced_host": str},
        pk=("team", "channel"),
        not_null={"watched", "llm_allowed"},
        strict=True,
    )
    _table(db, "installations").create({"team": str, "bot_user_id": str, "bot_id": str}, pk="team", strict=True)


@migrations()
def asks(db: Database) -> None:
    """Private asks, and claims of things that may happen at most once."""
    _table(db, "asks").create(
        {
            "id": str,
            "team": str,
            "channel": str,
            "user": str,
            "text": str,
            "response_url": str,
            "created_at": str,
            "parts": str,
        },
        pk="id",
        strict=True,
    )
    _table(db, "claims").create({"key": str, "claimed_at": str}, pk="key", strict=True)


@migrations()
def feedback(db: Database) -> None:
    """Somebody's word on a flag or a rewrite."""
    _table(db, "feedback").create(
        {"team": str, "channel": str, "user": str, "draft_id": str, "about": str, "said": str, "said_at": str},
        pk=("draft_id", "user", "about", "said"),
        strict=True,
    )


def _table(db: Database, name: str) -> Table:
    return db.table(name)

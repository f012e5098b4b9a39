"""The schema, one step at a time. Each runs in a transaction with its record, so a crash leaves it whole or undone."""

from typing import Any

from sqlite_utils.db import Database, Table
from sqlite_utils.migrations import Migrations

from bot.store import StoreError

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


@migrations()
def choices(db: Database) -> None:
    """What people chose for a channel, which rules are silent, what was shown and explained, who listens."""
    made: dict[str, tuple[dict[str, Any], str | tuple[str, ...]]] = {
        "choices": (
            {
                "team": str,
                "channel": str,
                "network": str,
                "private": int,
                "must_keep": str,
                "strictness": str,
                "chosen_by": str,
                "chosen_at": str,
            },
            ("team", "channel"),
        ),
        "mutes": (
            {"team": str, "channel": str, "rule": str, "by": str, "at": str, "shown": int, "useless": int},
            ("team", "channel", "rule"),
        ),
        "showings": (
            {"team": str, "channel": str, "rule": str, "about": str, "shown_at": str},
            ("team", "channel", "rule", "about"),
        ),
        "explained": ({"team": str, "person": str, "rule": str, "about": str, "at": str}, ("team", "person", "rule")),
        "proposals": (
            {"team": str, "channel": str, "rule": str, "state": str, "at": str},
            ("team", "channel", "rule"),
        ),
        "reply_owners": (
            {"draft_id": str, "team": str, "channel": str, "asked_at": str, "owner": str, "until": str},
            "draft_id",
        ),
    }
    for name, (columns, key) in made.items():
        _table(db, name).create(columns, pk=key, strict=True)
    for column, kind in (
        ("variant", int), ("network", str), ("audience", str), ("hope", str), ("must_keep", str), ("view", str),
        ("replaces", int),
    ):  # fmt: skip
        _table(db, "asks").add_column(column, kind)


@migrations()
def erasure(db: Database) -> None:
    """What was erased (as digests), who did what to the bot, where it is paused, tokens, restored backups."""
    db.execute("alter table drafts add column erased integer not null default 0")
    made: dict[str, tuple[dict[str, Any], str | tuple[str, ...]]] = {
        "erasures": ({"scope": str, "key": str, "at": str}, ("scope", "key")),
        "audit": (
            {"id": int, "at": str, "who": str, "via": str, "act": str, "team": str, "channel": str, "detail": str},
            "id",
        ),
        "pauses": ({"team": str, "by": str, "at": str}, "team"),
        "tokens": ({"enterprise": str, "team": str, "sealed": str, "sealed_at": str}, ("enterprise", "team")),
        "restores": ({"until_us": int, "restored_at": str}, "until_us"),
    }
    for name, (columns, key) in made.items():
        _table(db, name).create(columns, pk=key, strict=True)
    db.execute("create index audit_at on audit(at)")


@migrations()
def digest(db: Database) -> None:
    """A week's figures, who gets a digest when, and what became of each. No text, and no author once a week is over."""
    for statement in (
        "create table digest_teams(team text primary key, zone text not null, salt text not null, mix text) strict",
        "create table contributions(source text primary key, team text not null, channel text not null,"
        " week text not null, author text, figures text not null) strict, without rowid",
        "create index contributions_open on contributions(team, week, channel, author) where author is not null",
        "create table rollups(team text not null, week text not null, channel text not null, figure text not null,"
        " n integer not null, primary key (team, week, channel, figure)) strict, without rowid",
        "create table rollup_weeks(team text not null, week text not null, channel text not null,"
        " authors integer not null, primary key (team, week, channel)) strict, without rowid",
        "create table answerers(draft_id text primary key) strict, without rowid",
        "create index drafts_follows on drafts(follows) where follows is not null",
        "create index drafts_author on drafts(team, author, version) where deleted = 0",
        "create table digests(team text not null, channel text not null, everywhere integer not null,"
        " weekday integer not null, minute integer not null, zone text not null, since text not null,"
        " asked_by text not null, primary key (team, channel)) strict",
        "create table digest_posts(team text not null, channel text not null, week text not null, slot text not null,"
        " everywhere integer not null, missed integer not null, state text not null, file text, ts text, reason text,"
        " primary key (team, channel, week)) strict",
        "create table digest_examples(team text not null, week text not null, rule text not null,"
        " draft_id text not null, agreed_at text not null, primary key (draft_id, rule)) strict",
    ):
        db.execute(statement)


@migrations()
def llm(db: Database) -> None:
    """A language model's rewrites by a hash of what they were made from, who used them, and what they cost."""
    made: dict[str, tuple[dict[str, Any], str | tuple[str, ...]]] = {
        "llm_rewrites": ({"key": str, "place": int, "base": str, "text": str, "made_at": str}, ("key", "place")),
        "llm_uses": (
            {"key": str, "draft_id": str, "team": str, "channel": str, "author": str, "used_at": str},
            ("key", "draft_id"),
        ),
        "llm_days": ({"team": str, "day": str, "tokens": int}, ("team", "day")),
        "llm_calls": (
            {
                "id": int, "team": str, "channel": str, "author": str, "draft_id": str, "called_at": str, "model": str,
                "prompt": int, "prompt_tokens": int, "completion_tokens": int, "ms": int, "outcome": str,
            },
            "id",
        ),
    }  # fmt: skip
    for name, (columns, key) in made.items():
        _table(db, name).create(columns, pk=key, strict=True)
    db.execute("create index llm_rewrites_base on llm_rewrites(base)")
    db.execute("create index llm_uses_draft on llm_uses(draft_id)")
    db.execute("create index llm_calls_draft on llm_calls(draft_id)")


@migrations()
def lifecycle(db: Database) -> None:
    """Workspaces that came and went, archived channels, and what is to be erased when."""
    for statement in (
        "create table workspaces(team text primary key, installed_at text, left_at text) strict",
        "create table archived(team text not null, channel text not null, at text not null,"
        " primary key (team, channel)) strict",
        "create table goodbyes(team text not null, channel text not null, user text not null, due text not null,"
        " primary key (team, channel, user)) strict",
        "create table oauth_states(state text primary key, made_at text not null) strict",
    ):
        db.execute(statement)


@migrations()
def shared_files(db: Database) -> None:
    """Files that were shared where drafts are read, and what became of them: ids, nothing of what is in them."""
    db.execute(
        "create table shared_files(id text primary key, team text not null, channel text not null, ts text not null,"
        " thread_ts text, author text, files text not null, asked integer not null, state text not null,"
        " reply_ts text, upload text, reason text, deleted integer not null, shared_at text not null) strict"
    )
    db.execute("create index shared_files_open on shared_files(shared_at) where state = 'open' or deleted = 1")


@migrations()
def example_version(db: Database) -> None:
    """Which version of a draft its author lent to a digest."""
    db.execute("alter table digest_examples add column version integer")


@migrations()
def handoffs(db: Database) -> None:
    """Work that was taken in and waits to be queued: a kind and ids. ``rank`` 0 goes before 1."""
    db.execute(
        "create table handoffs(id integer primary key autoincrement, rank integer not null, kind text not null,"
        " args text not null, at real not null) strict"
    )
    db.execute("create index handoffs_next on handoffs(rank, id)")


def known_steps() -> tuple[str, ...]:
    """Every step of the schema that this version knows, in order."""
    # pending() leaves out what is applied, so against an empty database it lists them all.
    return tuple(step.name for step in migrations.pending(Database(memory=True, execute_plugins=False)))


def refuse_newer(db: Database) -> None:
    """Raise StoreError for a database with a step that this version does not know."""
    unknown = {step.name for step in migrations.applied(db)} - set(known_steps())
    if unknown:
        raise StoreError(
            f"The database was made by a newer version of humanize-bot (it has {', '.join(sorted(unknown))}). "
            "Run that version, or restore a backup made before the upgrade."
        )


def _table(db: Database, name: str) -> Table:
    return db.table(name)

"""Looks at the databases without changing them, also while a bot works with them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.models import Model
from bot.store import Reply
from bot.store.connection import mend
from bot.store.migrations import known_steps


class DatabaseState(Model):
    """What a database file looks like. ``fault`` says what is wrong and, behind a semicolon, how to mend it."""

    path: str
    bytes: int = 0
    missing: bool = False
    fault: str | None = None
    pending: tuple[str, ...] = ()
    """Steps of the schema that the next start will take."""
    newer: tuple[str, ...] = ()
    """Steps that this version does not know."""


def inspect_database(path: Path, *, ours: bool) -> DatabaseState:
    """Look at a database; ``ours`` when it has our schema (and not DBOS's). Raises nothing."""
    if not path.exists():
        return DatabaseState(path=path.name, missing=True, fault="it is not there yet; the first start makes it")
    try:
        with closing(_read_only(path)) as db:
            seen = str(db.execute("pragma quick_check(1)").fetchone()[0])
            applied = {name for (name,) in db.execute("select name from _sqlite_migrations")} if ours else set()
    except sqlite3.Error as error:
        return DatabaseState(path=path.name, bytes=_size(path), fault=mend(error))
    known = known_steps() if ours else ()
    return DatabaseState(
        path=path.name,
        bytes=_size(path),
        fault=None if seen == "ok" else "the database is damaged; restore a backup.",
        pending=tuple(name for name in known if name not in applied),
        newer=tuple(sorted(applied - set(known))),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def parked_replies(path: Path) -> list[Reply]:
    """Every reply that could not be given, read without opening the store. Raises nothing; empty when unreadable."""
    try:
        with closing(_read_only(path)) as db:
            rows = db.execute("select draft_id, kind, reason from replies where state = 'parked' order by rowid")
            return [Reply(draft_id=draft, kind=kind, state="parked", reason=reason) for draft, kind, reason in rows]
    except sqlite3.Error:
        return []


def pauses(path: Path) -> list[tuple[str, str, str]]:
    """(workspace or ``*``, who, since when) of every pause. Raises nothing; empty when unreadable."""
    try:
        with closing(_read_only(path)) as db:
            return [(team, by, at) for team, by, at in db.execute("select team, by, at from pauses order by team")]
    except sqlite3.Error:
        return []


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2)

"""Backup while the bot runs, and restore while it does not.

A backup is a zip of both databases. The store is copied first and the queues after it: a piece of work whose draft is
not in the copy finds nothing to do, while a draft without its work would wait for ever.

What a backup can't know is what happened after it. So a restore takes people's choices (watched channels, switches,
tokens, the audit log) from the databases that it replaces, erases again what was erased since, and has the bot look in
Slack for a reply before it posts one.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils.db import Database

from bot.models import Model
from bot.store import StoreError
from bot.store.connection import Row, mend
from bot.store.erasure import NOTES, read_notes
from bot.store.folder import DATABASES, RESTORING, STORE, alone
from bot.store.sqlite import SqliteStore

FORMAT = 1
ABOUT = "backup.json"
STANDING = (
    *("channels", "pauses", "choices", "mutes", "proposals", "digests", "digest_teams"),
    *("installations", "tokens", "audit", "workspaces", "archived", "goodbyes"),
)
"""Tables of what people decided and of what runs out: the newest counts, whatever a backup says."""


class Restored(Model):
    """What a restore did."""

    made_at: str
    aside: Path
    """Where the replaced files are kept."""
    erased_again: int
    """Rows that were erased since the backup, and are again."""
    lost: tuple[str, ...]
    """What could not be taken over from the replaced database: its tables, or ``all`` where there was none."""


def backup(folder: Path, target: Path) -> int:
    """Write both databases of a data folder to ``target``; its size in bytes. The bot may go on working meanwhile.

    Raises StoreError: nothing to back up, a target that is there already or can't be written. A backup that fails
    leaves no file.
    """
    missing = [name for name in DATABASES if not (folder / name).exists()]
    if missing:
        raise StoreError(f"There is no {' and no '.join(missing)} in {folder}, so there is nothing to back up.")
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target} is there already. Name another file, so that no backup is overwritten.")
    if target.name.startswith((*DATABASES, NOTES, RESTORING, "lock")) and target.absolute().parent == folder.absolute():
        raise StoreError(f"{target} is a name of the bot's own. Name another file.")
    work = target.with_name(f".{target.name}.partial")
    try:
        with _folder(work):
            for name in DATABASES:
                _copy(folder / name, work / name)
            about = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat()}
            sums = {name: _digest(work / name) for name in DATABASES}
            (work / ABOUT).write_text(json.dumps({**about, "blake2b": sums}))
            _pack(work, target)
        return target.stat().st_size
    except OSError as error:
        raise StoreError(f"{target} can't be written ({error.strerror}).") from None


def restore(archive: Path, folder: Path, keep_text_days: int) -> Restored:
    """Put a backup in place. The bot must not run; what was there is kept aside.

    Raises StoreError, before anything is replaced, for a bot that runs, a file that is no whole backup, a database that
    is damaged or from a newer version.
    """
    with alone(folder, restoring=True):
        staging = folder / RESTORING
        shutil.rmtree(staging, ignore_errors=True)
        try:
            staging.mkdir(mode=0o700)
            about = _unpack(archive, staging)
            for name in DATABASES:
                _check(staging / name)
            erased, lost = _bring_up_to_date(staging, folder, keep_text_days)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        aside = folder / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        try:
            _keep_aside(folder, aside)
        except OSError as error:  # a full disk, for one; nothing is replaced yet
            shutil.rmtree(aside, ignore_errors=True)
            shutil.rmtree(staging, ignore_errors=True)
            raise StoreError(f"{aside} can't be written ({error.strerror}). Nothing was restored.") from None
        _swap(staging, folder)
        return Restored(made_at=about["made_at"], aside=aside, erased_again=erased, lost=lost)


def _bring_up_to_date(staging: Path, folder: Path, keep_text_days: int) -> tuple[int, tuple[str, ...]]:
    """Make the copy know what has happened since: rows erased again, and what could not be taken over."""
    store = SqliteStore(staging / STORE, keep_text_days)  # migrates it
    try:
        current, lost = _standing(folder / STORE)
        notes = [*read_notes(folder), *current.pop("erasures", [])]
        with store.write() as db:
            for table, rows in current.items():
                _replace(db, table, rows)
            _expect_replies(db)
        erased = store.erasure.replay(notes)
        for row in notes:
            if row["scope"] == "draft":
                with store.write() as db:
                    store.rollups.changed(db, row["key"])  # deleted since: it leaves a week that is still open
        store.purge()
        merged = {(row["scope"], row["key"]): row for row in (*store.erasure.notes(), *notes)}
        known = [row for row in merged.values() if row["scope"] != "draft"]
        (staging / NOTES).write_text("".join(json.dumps(row) + "\n" for row in known), "utf-8")
    finally:
        store.close()
    return erased, lost


def _standing(path: Path) -> tuple[dict[str, list[Row]], tuple[str, ...]]:
    """What counts now, by table, out of the database that is replaced; and the tables that could not be read."""
    if not path.exists():
        return {}, ("all",)
    found: dict[str, list[Row]] = {}
    lost: list[str] = []
    with closing(sqlite3.connect(path)) as connection:
        db = Database(connection, execute_plugins=False)
        for table in (*STANDING, "erasures"):
            try:
                found[table] = list(db.query(f"select * from {table}"))  # noqa: S608 - our own names
            except sqlite3.Error:
                lost.append(table)
    return found, tuple(lost)


def _replace(db: Database, table: str, rows: list[Row]) -> None:
    db.execute(f"delete from {table}")  # noqa: S608 - our own names
    known = {column.name for column in db.table(table).columns}
    for row in rows:
        names = [name for name in row if name in known]
        marks = ", ".join(f":{name}" for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        db.execute(f"insert into {table}({columns}) values({marks})", row)


def _expect_replies(db: Database) -> None:
    """The bot went on after the backup: what it posted is in Slack and not here. An intent makes it look first."""
    now = datetime.now(UTC).isoformat()
    db.execute("insert or replace into restores(until_us, restored_at) values(?, ?)", [time.time_ns() // 1000, now])
    db.execute(
        "insert or ignore into replies(draft_id, kind, state) select id, 'thread', 'intended' from drafts"
        " where erased = 0"
    )
    db.execute(
        "insert or ignore into replies(draft_id, kind, state) select drafts.id, taken.value, 'intended' from drafts,"
        " json_each(coalesce(json_extract(wishes, '$.taken'), '[]')) taken where taken.value like 'wish:%'"
    )
    # What can't be found again is said at most once: taken as said.
    said = ("'ask:' || id from asks", "'apology:' || id from asks", "'listening:' || id from drafts")
    for what in (*said, "'private:' || id || ':' || version from drafts"):
        # The words are ours, right above.
        sql = f"insert or ignore into claims(key, claimed_at) select {what.replace(' from', ', :now from')}"
        db.execute(sql, {"now": now})
    db.execute("update asks set response_url = null")
    db.execute("update digest_posts set state = 'parked', reason = 'restored' where state = 'intended'")
    db.execute("update digests set since = max(since, :now)", {"now": now})


_NO_BACKUP = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(KeyError, ValueError, TypeError, AttributeError),
)
"""What a zip that is damaged, sealed with a password, packed in another way or somebody else's raises."""


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    """A folder of our own that goes again."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        shutil.rmtree(path)
        path.mkdir(mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    """A consistent copy of a database that others may be writing to."""
    target.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as here,
            closing(sqlite3.connect(target)) as there,
        ):
            here.backup(there)
            there.execute("pragma journal_mode = delete")  # one file, nothing beside it
    except sqlite3.Error as error:
        raise StoreError(f"{source}: {mend(error)}") from None
    _check(target)


def _check(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as db:
            found = db.execute("pragma integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise StoreError(f"{path.name} in the backup: {mend(error)}") from None
    if found != "ok":
        raise StoreError(f"{path.name} in the backup is damaged. Take another backup.")


def _pack(work: Path, target: Path) -> None:
    packed = work / "packed"
    with os.fdopen(_new(packed), "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file:
        for name in (ABOUT, *DATABASES):
            file.write(work / name, name)
    with packed.open("rb") as done:
        os.fsync(done.fileno())
    packed.replace(target)


def _new(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _unpack(archive: Path, staging: Path) -> dict[str, Any]:
    """Only the members we know, under our own names, whatever the file says."""
    try:
        with zipfile.ZipFile(archive) as file:
            about: dict[str, Any] = json.loads(file.read(ABOUT))
            if about.get("format") != FORMAT:
                raise StoreError(f"{archive} was made by another version of humanize-bot; restore it with that one.")
            datetime.fromisoformat(about["made_at"])
            for name in DATABASES:
                with file.open(name) as source, os.fdopen(_new(staging / name), "wb") as target:
                    shutil.copyfileobj(source, target)
                if _digest(staging / name) != about["blake2b"][name]:
                    raise StoreError(f"{name} in {archive} is not as it was written. Take another backup.")
    except _NO_BACKUP:
        raise StoreError(f"{archive} is not a backup of humanize-bot, or not all of one.") from None
    except OSError as error:
        raise StoreError(f"{archive}: {error.strerror or 'it is damaged'}.") from None
    return about


def _keep_aside(folder: Path, aside: Path) -> None:
    aside.mkdir(mode=0o700)
    for name in DATABASES:
        for suffix in ("", "-wal", "-shm"):
            old = folder / (name + suffix)
            if old.exists():
                shutil.copy2(old, aside / old.name)


def _swap(staging: Path, folder: Path) -> None:
    """Put the new files in the place of the old ones. Until ``staging`` is gone the bot does not start here."""
    for name in (*DATABASES, NOTES):
        for suffix in ("-wal", "-shm"):
            (folder / (name + suffix)).unlink(missing_ok=True)
            (staging / (name + suffix)).unlink(missing_ok=True)
        (staging / name).chmod(0o600)
        (staging / name).replace(folder / name)
    os.sync()
    shutil.rmtree(staging)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()

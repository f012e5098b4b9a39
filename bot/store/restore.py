"""Puts a backup back, while the bot does not run: wholly, or not at all, whenever it is cut short.

What a backup can't know is what happened after it. So a restore takes people's choices (watched channels, switches,
tokens, the audit log) from the databases that it replaces, erases again what was erased since, and has the bot look in
Slack for a reply before it posts one.
"""

import json
import os
import shutil
import sqlite3
import time
import zipfile
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils.db import Database

from bot.models import Model
from bot.store import StoreError
from bot.store.backup import ABOUT, FORMAT, check, digest, new_file
from bot.store.connection import Row
from bot.store.erasure import read_notes
from bot.store.folder import BEFORE, DATABASES, NOTES, READY, RESTORING, STAMP, STORE, alone, finish_restore
from bot.store.sqlite import SqliteStore

STANDING = (
    *("channels", "pauses", "choices", "mutes", "proposals", "digests", "digest_teams"),
    *("installations", "tokens", "audit", "workspaces", "archived", "goodbyes"),
)
"""Tables of what people decided and of what runs out: the newest counts, whatever a backup says."""
MAX_ABOUT_BYTES = 10_000
"""Ours has some 300."""
SPARE_BYTES = 20_000_000
"""What a restore leaves free on the disk: to bring the copy up to date, and for the bot's next start."""


class Restored(Model):
    """What a restore did."""

    made_at: str
    aside: Path
    """Where the replaced files are kept."""
    erased_again: int
    """Rows that were erased since the backup, and are again."""
    lost: tuple[str, ...]
    """What could not be taken over from the replaced database: its tables, or ``all`` where there was none."""


def restore(archive: Path, folder: Path, keep_text_days: int) -> Restored:
    """Put a backup in place. The bot must not run; what was there is kept aside.

    Raises StoreError, before anything is replaced, for a bot that runs, a file that is no whole backup or would not
    fit on the disk, a database that is damaged, is none of ours or from a newer version.
    """
    if not archive.is_file():  # what is read at both ends, like a zip, can't come through a pipe
        raise StoreError(
            f"{archive} is {'no file' if archive.exists() else 'not there'}. Name what `data backup` wrote."
        )
    with alone(folder, restoring=True):
        staging = folder / RESTORING
        try:
            _make_empty(staging)
            about = _unpack(archive, staging)
            for name in DATABASES:
                check(staging / name)
                _refuse_foreign(staging / name)
            erased, lost = _bring_up_to_date(staging, folder, keep_text_days)
            aside = f"{BEFORE}{datetime.now(UTC):{STAMP}}"
            _keep_aside(folder, staging / aside)
            _set_ready(staging)
        except OSError as error:
            _give_up(staging)
            raise StoreError(f"{folder} can't be written ({error.strerror}). Nothing was restored.") from None
        except BaseException:
            _give_up(staging)
            raise
        finish_restore(folder)
        return Restored(made_at=about["made_at"], aside=folder / aside, erased_again=erased, lost=lost)


def _make_empty(staging: Path) -> None:
    """A folder of our own; what a restore that was cut short left there goes. Raises OSError."""
    if staging.is_symlink() or staging.is_file():
        staging.unlink()
    elif staging.exists():
        shutil.rmtree(staging)
    staging.mkdir(mode=0o700)


def _give_up(staging: Path) -> None:
    if not (staging / READY).exists():
        shutil.rmtree(staging, ignore_errors=True)


def _bring_up_to_date(staging: Path, folder: Path, keep_text_days: int) -> tuple[int, tuple[str, ...]]:
    """Make the copy know what has happened since: rows erased again, and what could not be taken over."""
    store = SqliteStore(staging / STORE, keep_text_days)  # migrates it
    try:
        current, lost = _standing(folder / STORE)
        _refuse_another_companys(store.lifecycle.teams(), current, folder)
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


def _refuse_another_companys(teams: list[str], current: dict[str, list[Row]], folder: Path) -> None:
    """Who runs bots for several companies must not hand one's drafts to another's by a wrong file's name."""
    here = {row["team"] for table in ("installations", "workspaces", "channels") for row in current.get(table, [])}
    if teams and here and not here & set(teams):
        raise StoreError(
            f"The backup is of {', '.join(teams)}, and {folder} is of {', '.join(sorted(here))}. "
            "Nothing was restored. Set another HUMANIZE_DATA_DIR, or name another backup."
        )


def _standing(path: Path) -> tuple[dict[str, list[Row]], tuple[str, ...]]:
    """What counts now, by table, out of the database that is replaced; and the tables that could not be read."""
    if not path.exists():
        return {}, ("all",)
    found: dict[str, list[Row]] = {}
    lost: list[str] = []
    try:
        with closing(sqlite3.connect(path)) as connection:
            db = Database(connection, execute_plugins=False)
            for table in (*STANDING, "erasures"):
                try:
                    found[table] = list(db.query(f"select * from {table}"))  # noqa: S608 - our own names
                except sqlite3.Error:
                    lost.append(table)
    except sqlite3.Error:  # not even to be opened
        return {}, ("all",)
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


def _unpack(archive: Path, staging: Path) -> dict[str, Any]:
    """Only the members we know, under our own names, whatever the file says."""
    try:
        with zipfile.ZipFile(archive) as file:
            about = _about(archive, file)
            _refuse_too_large(archive, file, staging)
            for name in DATABASES:
                with file.open(name) as source, os.fdopen(new_file(staging / name), "wb") as target:
                    shutil.copyfileobj(source, target)  # no more of it than the size that was looked at
                if digest(staging / name) != about["blake2b"][name]:
                    raise StoreError(f"{name} in {archive} is not as it was written. Take another backup.")
    except _NO_BACKUP:
        raise StoreError(f"{archive} is not a backup of humanize-bot, or not all of one.") from None
    except OSError as error:
        raise StoreError(f"{archive}: {error.strerror or 'it is damaged'}. Nothing was restored.") from None
    return about


def _about(archive: Path, file: zipfile.ZipFile) -> dict[str, Any]:
    """What the archive says of itself; its members are looked at, not yet unpacked."""
    for member in file.infolist():
        # zipfile unpacks these two piece by piece. Of others a few bytes may fill the memory.
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile
    if file.getinfo(ABOUT).file_size > MAX_ABOUT_BYTES:
        raise zipfile.BadZipFile
    about: dict[str, Any] = json.loads(file.read(ABOUT))
    if about.get("format") != FORMAT:
        raise StoreError(f"{archive} was made by another version of humanize-bot; restore it with that one.")
    if len(file.infolist()) != len(DATABASES) + 1:
        raise zipfile.BadZipFile
    datetime.fromisoformat(about["made_at"])
    return about


def _refuse_too_large(archive: Path, file: zipfile.ZipFile, staging: Path) -> None:
    """Refuse what is no database by its first page, or more than the disk holds with the old files beside it."""
    for name in DATABASES:
        size = file.getinfo(name).file_size
        with file.open(name) as source:
            start = source.read(100)
        # SQLite's file format: the page size at 16 (1 stands for 65536), the number of pages at 28.
        page = int.from_bytes(start[16:18]) or 0
        page = 65_536 if page == 1 else page
        if not start.startswith(b"SQLite format 3\0") or page * int.from_bytes(start[28:32]) != size:
            raise zipfile.BadZipFile
    old = sum(path.stat().st_size for path in staging.parent.iterdir() if path.name.startswith(DATABASES))
    need = sum(file.getinfo(name).file_size for name in DATABASES) + old + SPARE_BYTES
    free = shutil.disk_usage(staging).free
    if need > free:
        raise StoreError(
            f"{archive} needs {need / 1e6:,.0f} MB with the old files beside it, and {staging.parent} has "
            f"{free / 1e6:,.0f} MB free. Nothing was restored."
        )


def _refuse_foreign(path: Path) -> None:
    """Neither database has triggers or views: in a backup from elsewhere one could bring back what is erased."""
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("select count(*) from sqlite_master where type in ('trigger', 'view')").fetchone()[0]
    if found:
        raise StoreError(f"{path.name} in the backup holds triggers or views, which humanize-bot never makes.")


def _keep_aside(folder: Path, aside: Path) -> None:
    """Copies of what is to be replaced. Raises OSError."""
    aside.mkdir(mode=0o700)
    for name in DATABASES:
        for suffix in ("", "-wal", "-shm"):
            old = folder / (name + suffix)
            if old.exists():
                shutil.copy2(old, aside / old.name)


def _set_ready(staging: Path) -> None:
    """From here on the restore is finished by whoever comes next, whatever happens. Raises OSError."""
    for name in (*DATABASES, NOTES):
        for suffix in ("-wal", "-shm"):
            (staging / (name + suffix)).unlink(missing_ok=True)
        (staging / name).chmod(0o600)
    os.sync()  # all of it, before the mark that says so
    descriptor = new_file(staging / READY)
    os.fsync(descriptor)
    os.close(descriptor)

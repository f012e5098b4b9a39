"""Backup while the bot runs; bot/store/restore.py puts it back.

A backup is a zip of both databases. The store is copied first and the queues after it: a piece of work whose draft is
not in the copy finds nothing to do, while a draft without its work would wait for ever.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.store import StoreError
from bot.store.connection import mend
from bot.store.folder import DATABASES, NOTES, RESTORING

FORMAT = 1
ABOUT = "backup.json"


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
            sums = {name: digest(work / name) for name in DATABASES}
            (work / ABOUT).write_text(json.dumps({**about, "blake2b": sums}))
            _pack(work, target)
        return target.stat().st_size
    except OSError as error:
        raise StoreError(f"{target} can't be written ({error.strerror}).") from None


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
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as here,
            closing(sqlite3.connect(target)) as there,
        ):
            here.backup(there)
            there.execute("pragma journal_mode = delete")  # one file, nothing beside it
    except sqlite3.Error as error:
        raise StoreError(f"{source}: {mend(error)}") from None
    check(target)


def check(path: Path) -> None:
    """Raise StoreError for a copy of a database that SQLite finds damaged."""
    try:
        with closing(sqlite3.connect(path)) as db:
            found = db.execute("pragma integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise StoreError(f"{path.name} in the backup: {mend(error)}") from None
    if found != "ok":
        raise StoreError(f"{path.name} in the backup is damaged. Take another backup.")


def _pack(work: Path, target: Path) -> None:
    packed = work / "packed"
    with (
        os.fdopen(new_file(packed), "wb") as raw,
        zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file,
    ):
        for name in (ABOUT, *DATABASES):
            file.write(work / name, name)
    with packed.open("rb") as done:
        os.fsync(done.fileno())
    packed.replace(target)


def new_file(path: Path) -> int:
    """A descriptor of a file that was not there, for its owner alone. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def digest(path: Path) -> str:
    """BLAKE2b of a file, 32 bytes as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()

"""The data folder: what lies in it, one process at a time there, and restores that were cut short."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.store import StoreError

STORE, QUEUES = "humanize.db", "dbos.db"
DATABASES = (STORE, QUEUES)
NOTES = "erasures.jsonl"
"""Beside the databases: what was erased, as digests, so that a backup restored after a crash does not bring it back."""
WORKER_ENDS_S = 10.0
"""How long a worker may take to see that its bot was killed; it takes milliseconds."""
RESTORING = "restoring"
"""There while a backup is being restored. Without ``READY`` in it nothing has been replaced yet."""
READY = "ready"
"""Written when all that a restore puts in place is on the disk: from then on it is finished, whatever happens."""
BEFORE = "before-restore-"
"""What was replaced is kept in a folder whose name begins so."""
STAMP = "%Y%m%dT%H%M%S%f"
_DONE = "restored"
FOR_ITS_OWNER = 0o600


def for_its_owner_alone(path: Path) -> None:
    """Nobody else may read a file of the bot's; one that is not there yet is made. Raises StoreError."""
    with suppress(OSError):  # there already; or what is to open it says what is wrong
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FOR_ITS_OWNER))
    if path.is_symlink() or not path.is_file():
        return  # what a link leads to is not the bot's to change
    try:
        if stat.S_IMODE(path.stat().st_mode) != FOR_ITS_OWNER:
            path.chmod(FOR_ITS_OWNER)
    except OSError as error:
        raise StoreError(
            f"{path} can be read by others, and that can't be changed ({error.strerror}). Check who owns it."
        ) from None


@contextmanager
def alone(folder: Path, *, restoring: bool = False) -> Iterator[None]:
    """One process a data folder: two bots would each answer a draft. Raises StoreError.

    A restore that was cut short is finished where it can be; where nothing was replaced yet the folder is refused,
    unless it is to be restored again.
    """
    with _locked(folder, "lock", 0):
        with alone_at_work(folder):
            pass  # the worker of a bot that was killed takes a moment to see that it is alone
        if (folder / RESTORING / READY).exists():
            finish_restore(folder)
        elif (folder / RESTORING).exists() and not restoring:
            raise StoreError(
                f"A restore into {folder} was cut short before anything was replaced. Run "
                f"`humanize-bot data restore FILE` once more, or delete {folder / RESTORING} to go on as before."
            )
        yield


@contextmanager
def alone_at_work(folder: Path) -> Iterator[None]:
    """One worker a data folder; waits for the one before to end. Raises StoreError."""
    with _locked(folder, "lock-worker", WORKER_ENDS_S):
        yield


@contextmanager
def _locked(folder: Path, name: str, timeout_s: float) -> Iterator[None]:
    lock = FileLock(folder / name, timeout=timeout_s)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(poll_interval=0.02)
    except Timeout:
        raise StoreError(f"Another bot works in {folder}. Stop it, or set another HUMANIZE_DATA_DIR.") from None
    except (OSError, NotImplementedError) as error:  # NotImplementedError: a file system without locks
        why = getattr(error, "strerror", None) or "it knows no locks"
        raise StoreError(f"Can't use the folder {folder}: {why}. Set HUMANIZE_DATA_DIR.") from None
    try:
        yield
    finally:
        lock.release()


def asides(folder: Path) -> list[Path]:
    """The folders with what restores replaced, the oldest first: copies of all that was kept then."""
    return sorted(path for path in folder.glob(f"{BEFORE}*") if path.is_dir() and not path.is_symlink())


def forget_asides(folder: Path, before: datetime) -> None:
    """Delete what was replaced before a moment (UTC): words may not outlive their time in a copy."""
    for path in asides(folder):
        if path.name < f"{BEFORE}{before:{STAMP}}":
            shutil.rmtree(path, ignore_errors=True)  # tried again each night


def finish_restore(folder: Path) -> None:
    """Put what is ready in the place of the old files. Cut short at any point, it is done when it is called again.

    Raises StoreError.
    """
    staging, done = folder / RESTORING, folder / _DONE
    try:
        for aside in staging.glob(f"{BEFORE}*"):
            aside.replace(folder / aside.name)
        for name in (*DATABASES, NOTES):
            if (staging / name).exists():
                for suffix in ("-wal", "-shm"):  # the old file's; a new file with an old journal would be damaged
                    (folder / (name + suffix)).unlink(missing_ok=True)
                (staging / name).replace(folder / name)
        os.sync()
        shutil.rmtree(done, ignore_errors=True)
        staging.rename(done)  # at once, so that it never looks like a restore that has not begun
        shutil.rmtree(done, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"A restore into {folder} is not finished ({error.strerror}). Mend that; the next start finishes it."
        ) from None

"""The data folder: what lies in it, and that one process at a time works there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.store import StoreError

STORE, QUEUES = "humanize.db", "dbos.db"
DATABASES = (STORE, QUEUES)
RESTORING = "restoring"
"""There while a backup is being restored; left behind when that was cut short."""


@contextmanager
def alone(folder: Path, *, restoring: bool = False) -> Iterator[None]:
    """One process a data folder: two bots would each answer a draft. Raises StoreError.

    A folder in which a restore was cut short is refused, unless it is to be restored again.
    """
    lock = FileLock(folder / "lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise StoreError(f"Another bot works in {folder}. Stop it, or set another HUMANIZE_DATA_DIR.") from None
    except OSError as error:
        raise StoreError(f"Can't use the folder {folder}: {error.strerror}. Set HUMANIZE_DATA_DIR.") from None
    try:
        if (folder / RESTORING).exists() and not restoring:
            raise StoreError(f"A restore into {folder} was cut short. Run `humanize-bot data restore FILE` once more.")
        yield
    finally:
        lock.release()

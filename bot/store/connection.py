"""One SQLite file, a connection a thread, and errors that say what to mend."""

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils.db import Database

from bot.store import StoreError

BUSY_TIMEOUT_MS = 2_000
"""Slack wants an answer to an event within 3 s; a lock held longer than this is an error, and Slack delivers again."""

Values = list[Any] | dict[str, Any]
Row = dict[str, Any]

_MEND = {
    "SQLITE_BUSY": "another process holds the database; is a second bot running on the same file?",
    "SQLITE_LOCKED": "another connection holds a table; try again.",
    "SQLITE_READONLY": "the database can't be written; check the owner and permissions of the file and its folder.",
    "SQLITE_CANTOPEN": "the database can't be opened; check that the folder exists and can be written.",
    "SQLITE_FULL": "the disk is full; free some space, nothing is lost.",
    "SQLITE_NOTADB": "this file is not a SQLite database; restore a backup or choose another HUMANIZE_DATA_DIR.",
    "SQLITE_CORRUPT": "the database is damaged; restore a backup.",
    "SQLITE_IOERR": "the disk can't be read or written; check it.",
}


class Connections:
    """Every method raises StoreError, never with a value from the database in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        # Weak: a thread that ends takes its connection along.
        self._all: weakref.WeakSet[Database] = weakref.WeakSet()
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"Can't make the folder {path.parent}: {error.strerror}. Set HUMANIZE_DATA_DIR.") from None

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for db in list(self._all):
                db.close()
            self._all.clear()
        self._local = threading.local()

    @contextmanager
    def open(self) -> Iterator[Database]:
        """This thread's database."""
        try:
            yield self._database()
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: {mend(error)}") from None

    @contextmanager
    def write(self) -> Iterator[Database]:
        """A transaction that waits its turn from the start: one that reads first is refused at once by SQLite."""
        with self.open() as db:
            db.execute("begin immediate")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    def one(self, sql: str, values: Values) -> Row | None:
        """The first row, if there is one."""
        with self.open() as db:
            return next(iter(db.query(sql, values)), None)

    def all(self, sql: str, values: Values = []) -> list[Row]:  # noqa: B006 - never changed
        """Every row."""
        with self.open() as db:
            return list(db.query(sql, values))

    def run(self, sql: str, values: Values) -> int:
        """Write in a transaction of its own; how many rows it touched."""
        with self.write() as db:
            return db.execute(sql, values).rowcount

    def put(self, table: str, row: Row) -> None:
        """Insert a whole row, or replace the one with its key. ``table`` and columns are ours, never a user's."""
        columns = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        self.run(f"insert or replace into {table}({columns}) values({marks})", row)

    def _database(self) -> Database:
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            connection = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False)
            db = self._local.db = Database(connection, execute_plugins=False)
            # FULL: a commit survives a power cut, not only a killed process; an ack must mean that.
            db.execute("pragma synchronous = full")
            # What is erased is overwritten with zeros, not only unlinked.
            db.execute("pragma secure_delete = on")
            with self._lock:
                self._all.add(db)
        return db


def mend(error: sqlite3.Error) -> str:
    """What is wrong and how to mend it, without a word of what is stored."""
    # sqlite's own message can quote values; the code and our words are enough.
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    code = next((code for code in _MEND if name.startswith(code)), None)
    return f"{_MEND[code]} ({name})" if code else f"the database refused ({name})."

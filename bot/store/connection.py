"""One SQLite file, a connection a thread, and errors that say what to mend."""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils.db import Database

from bot.store import StoreError

BUSY_TIMEOUT_MS = 2_000
"""Slack wants an answer to an event within 3 s; a lock held longer than this is an error, and Slack delivers again."""

LOOK_S = 0.001
"""How often a lock of another process is looked at."""

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
    "SQLITE_IOERR_SHMSIZE": "the disk is full; free some space, nothing is lost.",  # a journal's first page
    "SQLITE_IOERR": "the disk can't be read or written; check it, and the space that is left on it.",
}


class Connections:
    """Every method raises StoreError, never with a value from the database in it."""

    def __init__(self, path: Path, patience_ms: int = BUSY_TIMEOUT_MS) -> None:
        """``patience_ms``: how long to wait for a lock of another process."""
        self._path = path
        self._patience_s = patience_ms / 1000
        self._local = threading.local()
        # Weak: a thread that ends takes its connection along.
        self._all: weakref.WeakSet[Database] = weakref.WeakSet()
        self._lock = threading.Lock()
        # Among our threads a lock of ours hands on the turn; SQLite's is for other processes.
        self._turn = threading.Lock()
        self._writer: Database | None = None
        self._log: int | None = None
        """The write-ahead log, to sync it."""
        self._syncing = threading.Lock()
        self._commits = self._synced = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"Can't make the folder {path.parent}: {error.strerror}. Set HUMANIZE_DATA_DIR.") from None

    def close(self) -> None:
        """Close every thread's connection. Who is still inside a block of ``write`` hears that nothing was kept."""
        # Whoever is inside a block may take as long as a lock may be held; then it ends with its connection.
        waited = self._turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
        try:
            with self._syncing:
                try:
                    self._sync_log()
                finally:  # a disk that takes no more must not keep the connections open
                    self._let_go()
        finally:
            if waited:
                self._turn.release()

    def _let_go(self) -> None:
        self._writer = None
        with self._lock:
            for db in list(self._all):
                db.close()
            self._all.clear()
        if self._log is not None:
            os.close(self._log)
            self._log = None
        self._local = threading.local()

    @contextmanager
    def open(self) -> Iterator[Database]:
        """This thread's database."""
        with self._as_store_error():
            # Inside a block that writes, what it wrote is seen.
            yield getattr(self._local, "writing", None) or self._database()

    @contextmanager
    def write(self) -> Iterator[Database]:
        """A piece of writing that is on the disk, or undone, when the block has ended.

        The block must not wait for anything else: nobody else writes meanwhile. The sync of the disk, which takes
        milliseconds, comes after it, and serves all who have committed by then. A block inside another of the same
        thread belongs to it: what it wrote is on the disk when the outer one ends.
        """
        outer: Database | None = getattr(self._local, "writing", None)
        if outer is not None:
            with self._as_store_error(), _savepoint(outer):
                yield outer
            return
        with self._taking_turns():
            db = self._begun()
            self._local.writing, self._local.calls = db, []
            try:
                yield db
                if not db.conn.in_transaction:  # SQLite has undone all of it, and the block went on
                    raise StoreError(f"{self._path}: {_UNDONE}")
                db.conn.commit()
            except BaseException:
                if db.conn.in_transaction:
                    db.conn.rollback()
                raise
            finally:
                self._local.writing = None
            self._commits += 1
            commit, calls = self._commits, self._local.calls
        self._on_the_disk(commit)
        for call in calls:
            call()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call it once what this thread is writing is on the disk; never when it was undone.

        Only inside a block of ``write``; ``call`` must be quick and must not raise.
        """
        self._local.calls.append(call)

    @contextmanager
    def _as_store_error(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: {mend(error)}") from None

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._patience_s):
            raise StoreError(f"{self._path}: {_MEND['SQLITE_BUSY']} (busy)")
        try:
            with self._as_store_error():
                yield
        finally:
            self._turn.release()

    def _begun(self) -> Database:
        """The connection that writes, in a transaction."""
        if self._writer is None:
            self._writer = self._connect()
            # In a write-ahead log a commit is a few pages at its end, which one sync puts on the disk.
            self._writer.execute("pragma journal_mode = wal")
            self._writer.execute("pragma busy_timeout = 0")
        self._begin(self._writer)
        return self._writer

    def _begin(self, writer: Database) -> None:
        """Wait for the write lock of other processes.

        SQLite's own waiting grows to 100 ms between two looks: beside a worker that writes all the time, an ack would
        wait ten times as long as the lock is held.
        """
        end = time.monotonic() + self._patience_s
        while True:
            try:
                writer.execute("begin immediate")
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > end:
                    raise
            time.sleep(LOOK_S)

    def _on_the_disk(self, commit: int) -> None:
        """Wait until a commit outlives a power cut. Who comes first syncs the log for all who committed before."""
        with self._syncing:
            if self._synced < commit:
                self._sync_log()

    def _sync_log(self) -> None:
        """Outside of SQLite, which would hold its lock meanwhile, and the other process would wait for our disk.

        A log that SQLite has written back and begun anew holds no commit that is not on the disk: it syncs both first.
        """
        upto = self._commits
        if upto == self._synced:
            return
        try:
            if self._log is None:
                self._log = os.open(f"{self._path}-wal", os.O_RDONLY)
            os.fsync(self._log)
        except OSError as error:
            raise StoreError(f"{self._path}: {_MEND['SQLITE_IOERR']} ({error.strerror})") from None
        self._synced = upto

    def one(self, sql: str, values: Values) -> Row | None:
        """The first row, if there is one."""
        with self.open() as db:
            found = db.execute(sql, values)
            row = found.fetchone()
            return None if row is None else _named(found, row)

    def all(self, sql: str, values: Values = []) -> list[Row]:  # noqa: B006 - never changed
        """Every row."""
        with self.open() as db:
            found = db.execute(sql, values)
            return [_named(found, row) for row in found]

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
            db = self._local.db = self._connect()
        return db

    def _connect(self) -> Database:
        connection = sqlite3.connect(self._path, timeout=self._patience_s, check_same_thread=False)
        db = Database(connection, execute_plugins=False)
        # Commits do not sync: ``write`` does, after it. An ack must outlive a power cut, not only a killed process.
        db.execute("pragma synchronous = normal")
        # What is erased is overwritten with zeros, not only unlinked.
        db.execute("pragma secure_delete = on")
        with self._lock:
            self._all.add(db)
        return db


def _named(found: sqlite3.Cursor, row: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(found.description, row, strict=True)}


_UNDONE = "the database gave up a transaction; what was not acked comes again."


@contextmanager
def _savepoint(db: Database) -> Iterator[None]:
    """What fails in the block is undone alone."""
    db.execute("savepoint one")
    try:
        yield
    except BaseException:
        if db.conn.in_transaction:
            db.execute("rollback to one")
            db.execute("release one")
        raise
    db.execute("release one")


def mend(error: sqlite3.Error) -> str:
    """What is wrong and how to mend it, without a word of what is stored."""
    # sqlite's own message can quote values; the code and our words are enough.
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    code = next((code for code in _MEND if name.startswith(code)), None)
    return f"{_MEND[code]} ({name})" if code else f"the database refused ({name})."

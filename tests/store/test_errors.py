"""A database in trouble: a clear error each time, nothing half-written, and all is well when the trouble is over."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import IncomingDraft, StoreError
from bot.store.erasure import Subject
from bot.store.sqlite import SqliteStore
from tests.store.test_erasure import CANARY, dump, fill


def incoming(number: int, text: str = CANARY) -> IncomingDraft:
    return IncomingDraft(team="T1", channel="C1", ts=f"17{number:08}.000100", author="U1", text=text)


def test_a_full_disk_is_named_and_nothing_is_half_written(store: SqliteStore, tmp_path: Path) -> None:
    fill(store)
    store.erasure.wipe()
    with store.write() as db:
        pages = db.execute("pragma page_count").fetchone()[0]
        db.execute(f"pragma max_page_count = {pages}")  # as if there were no more room
    before = dump(tmp_path / "humanize.db")
    with pytest.raises(StoreError, match="the disk is full") as caught:
        for number in range(100):
            store.save_draft(incoming(number, CANARY * 500))
            before = dump(tmp_path / "humanize.db")
    assert CANARY not in str(caught.value)
    assert dump(tmp_path / "humanize.db") == before
    with store.write() as db:
        db.execute("pragma max_page_count = 100000")
    assert store.save_draft(incoming(200, CANARY * 500)) == "new"


def test_an_erasure_on_a_full_disk_erases_all_or_nothing(store: SqliteStore, tmp_path: Path) -> None:
    fill(store)
    with store.write() as db:
        db.execute("create trigger full before delete on asks begin select raise(abort, 'no room'); end")
    before = dump(tmp_path / "humanize.db")
    with pytest.raises(StoreError):
        store.erasure.erase(Subject(user="U1"))
    assert dump(tmp_path / "humanize.db") == before


def test_a_read_only_file_is_named(store: SqliteStore) -> None:
    with store.write() as db:
        db.execute("pragma query_only = on")
    with pytest.raises(StoreError, match="can't be written"):
        store.save_draft(incoming(1))
    with pytest.raises(StoreError, match="can't be written"):
        store.purge()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "humanize.db"
    store = SqliteStore(path)
    for number in range(200):
        store.save_draft(incoming(number))
    store.close()
    size = path.stat().st_size
    with path.open("r+b") as file:  # every page but the first, which says what the file is
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(StoreError, match="damaged; restore a backup") as caught:
        SqliteStore(path).recent("T1", "C1", "U1", 0)
    assert CANARY not in str(caught.value)


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "humanize.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("create table audit(id integer)")  # in the way of a step
    before = dump(path)
    with pytest.raises(StoreError):
        SqliteStore(path)
    with closing(sqlite3.connect(path)) as db, db:
        done = {row[0] for row in db.execute("select name from _sqlite_migrations")}
        tables = {row[0] for row in db.execute("select name from sqlite_master where type = 'table'")}
        assert "erasure" not in done
        assert "erasures" not in tables  # the step that failed left nothing
        assert "drafts" in done
        db.execute("drop table audit")
    assert before
    SqliteStore(path).close()

"""Threads that write at the same time share a sync of the disk, and nothing else: what fails is undone alone."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.store import StoreError
from bot.store.connection import Connections


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connections]:
    connections = Connections(tmp_path / "a.db")
    with connections.open() as database:
        database.enable_wal()
        database.execute("create table words(word text)")
    yield connections
    connections.close()


def words(db: Connections) -> list[str]:
    return sorted(row["word"] for row in db.all("select word from words"))


def together(acts: list[Callable[[], object]]) -> list[Exception | None]:
    """Run these at the same time; what each raised."""
    line = threading.Barrier(len(acts))

    def one(act: Callable[[], object]) -> Exception | None:
        line.wait(30)
        try:
            act()
        except Exception as error:  # noqa: BLE001 - it is what the test looks at
            return error
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def add(db: Connections, word: str) -> Callable[[], int]:
    return lambda: db.run("insert into words values(?)", [word])


def test_every_writer_is_kept_and_seen_by_another_process_at_once(db: Connections, tmp_path: Path) -> None:
    seen: list[bool] = []

    def write(number: int) -> None:
        for turn in range(20):
            db.run("insert into words values(?)", [f"{number}-{turn}"])
            with closing(sqlite3.connect(tmp_path / "a.db", timeout=30)) as other:
                found = other.execute("select count(*) from words where word = ?", [f"{number}-{turn}"]).fetchone()
                seen.append(found == (1,))

    assert together([partial(write, number) for number in range(8)]) == [None] * 8
    assert seen == [True] * 160
    assert len(words(db)) == 160


def test_what_fails_is_undone_alone(db: Connections) -> None:
    def fail(word: str) -> None:
        with db.write() as database:
            database.execute("insert into words values(?)", [word])
            raise LookupError(word)

    acts: list[Callable[[], object]] = []
    for number in range(8):
        acts += [add(db, f"good-{number}"), partial(fail, f"bad-{number}")]
    raised = together(acts)
    assert [type(error) for error in raised] == [type(None), LookupError] * 8
    assert words(db) == [f"good-{number}" for number in range(8)]


def test_a_failure_alone_leaves_no_lock_behind(db: Connections, tmp_path: Path) -> None:
    with pytest.raises(LookupError), db.write():
        raise LookupError
    with closing(sqlite3.connect(tmp_path / "a.db", timeout=0)) as other, other:
        other.execute("insert into words values('of another process')")
    assert words(db) == ["of another process"]


def test_a_block_sees_what_it_wrote(db: Connections) -> None:
    with db.write() as database:
        database.execute("insert into words values('new')")
        assert words(db) == ["new"]


def test_a_full_disk_tells_everybody_who_was_not_kept(db: Connections) -> None:
    with db.write() as database:
        database.execute("pragma max_page_count = 20")
    raised = together([add(db, str(number) * 30_000) for number in range(8)])
    kept = words(db)
    assert len(kept) == raised.count(None) < 8
    assert {type(error) for error in raised if error} == {StoreError}
    with db.write() as database:
        database.execute("pragma max_page_count = 10000")
    db.run("insert into words values('after')", [])
    assert words(db) == sorted([*kept, "after"])


def test_a_lock_held_elsewhere_is_an_error_and_then_none(db: Connections, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        raised = together([add(db, "one"), add(db, "two")])
        assert [str(error) for error in raised if "another process holds" in str(error)] == [str(e) for e in raised]
        other.execute("rollback")
    db.run("insert into words values('three')", [])
    assert words(db) == ["three"]


def test_a_close_in_between_never_says_kept_of_what_is_not(db: Connections, tmp_path: Path) -> None:
    """One writer waits for its sync, another is still inside its block, and the store is closed."""
    said: dict[str, str] = {}
    inside, leave = threading.Event(), threading.Event()

    def write(word: str, wait: bool) -> None:
        try:
            with db.write() as database:
                database.execute("insert into words values(?)", [word])
                if wait:
                    inside.set()
                    leave.wait(30)
            said[word] = "kept"
        except StoreError:
            said[word] = "not kept"

    with db._syncing:  # so that the first has committed and waits
        first = threading.Thread(target=write, args=("first", False))
        first.start()
        second = threading.Thread(target=write, args=("second", True))
        second.start()
        assert inside.wait(30)
    db.close()
    leave.set()
    first.join(30)
    second.join(30)
    with closing(sqlite3.connect(tmp_path / "a.db")) as other:
        kept = {word for (word,) in other.execute("select word from words")}
    assert {word for word, how in said.items() if how == "kept"} == kept
    assert set(said) == {"first", "second"}
    db.run("insert into words values('after')", [])
    assert "after" in words(db)


def test_nothing_is_said_to_be_kept_that_the_disk_did_not_take(db: Connections) -> None:
    add(db, "before")()
    assert db._log is not None
    ends = os.pipe()
    os.dup2(ends[0], db._log)  # a pipe can't be synced
    called: list[str] = []

    def write() -> None:
        with db.write() as database:
            database.execute("insert into words values('new')")
            db.after_commit(lambda: called.append("called"))

    (raised,) = together([write])
    assert isinstance(raised, StoreError)
    assert "the disk can't be read or written" in str(raised)
    assert called == []
    os.close(db._log)
    db._log = None
    for end in ends:
        os.close(end)
    add(db, "after")()
    assert words(db) == ["after", "before", "new"]


def test_one_sync_serves_all_who_committed_before_it(db: Connections) -> None:
    with db._syncing:
        writers = [threading.Thread(target=add(db, str(number))) for number in range(4)]
        for writer in writers:
            writer.start()
        while db._commits < 4:
            pass
        assert db._synced == 0
    for writer in writers:
        writer.join(30)
    assert db._synced == 4


def test_a_block_within_a_block_is_part_of_it(db: Connections) -> None:
    called: list[str] = []
    with pytest.raises(LookupError), db.write():
        add(db, "inner")()
        with db.write():
            db.after_commit(lambda: called.append("never"))
        raise LookupError
    assert words(db) == []
    with db.write():
        with pytest.raises(LookupError), db.write() as database:
            database.execute("insert into words values('undone alone')")
            raise LookupError
        with pytest.raises(StoreError, match="refused"), db.write() as database:
            database.execute("insert into nowhere values(1)")
        add(db, "outer")()
        with db.write():
            db.after_commit(lambda: called.append("once"))
        assert called == []
    assert words(db) == ["outer"]
    assert called == ["once"]

"""What is remembered of the language model: kept, spent, and gone when its draft is."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.models import Origin
from bot.rewrite.memory import Spent
from bot.store import IncomingDraft, PrivateAsk
from bot.store.erasure import Subject
from bot.store.sqlite import SqliteStore

TS = "1700000000.000100"
SPENT = Spent(model="m", prompt=3, prompt_tokens=10, completion_tokens=5, ms=7, outcome="ok")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "x.db")
    yield opened
    opened.close()


def posted(store: SqliteStore, ts: str = TS, author: str = "U1", channel: str = "C1") -> Origin:
    draft = IncomingDraft(team="T1", channel=channel, ts=ts, author=author, text="Big news!")
    store.save_draft(draft)
    return Origin(team="T1", channel=channel, author=author, draft_id=draft.id)


def test_kept_and_found_again_in_order(store: SqliteStore) -> None:
    origin = posted(store)
    store.llm.keep("k1", "b", origin, ("one", "two"))
    assert store.llm.cached("k1", origin) == ("one", "two")
    assert store.llm.cached("k2", origin) == ()
    store.llm.keep("k2", "b", origin, ("three",))
    assert store.llm.earlier("b") == ("one", "two", "three")
    assert store.llm.earlier("c") == ()


def test_dropped(store: SqliteStore) -> None:
    origin = posted(store)
    store.llm.keep("k", "b", origin, ("one",))
    store.llm.drop("k")
    assert store.llm.cached("k", origin) == ()


def test_of_a_private_ask(store: SqliteStore) -> None:
    ask = PrivateAsk(
        id="a_1", team="T1", channel="C1", user="U1", text="x", response_url=None, created_at=datetime.now(UTC)
    )
    store.save_ask(ask)
    origin = Origin(team="T1", channel="C1", author="U1", draft_id="a_1")
    store.llm.keep("k", "b", origin, ("one",))
    assert store.llm.cached("k", origin) == ("one",)


def test_a_deleted_draft_takes_its_rewrites_along_and_a_late_one_is_not_kept(store: SqliteStore) -> None:
    origin = posted(store)
    store.llm.keep("k", "b", origin, ("one",))
    store.delete_draft("T1", "C1", TS)
    assert store.llm.earlier("b") == ()
    store.llm.keep("k", "b", origin, ("one",))
    assert store.llm.earlier("b") == ()


def test_whoever_used_a_rewrite_takes_it_along(store: SqliteStore) -> None:
    first, second = posted(store), posted(store, "1700000001.000100", "U2")
    store.llm.keep("k", "b", first, ("one",))
    assert store.llm.cached("k", second) == ("one",)
    store.delete_draft("T1", "C1", "1700000001.000100")
    assert store.llm.cached("k", first) == ()


@pytest.mark.parametrize(
    "subject",
    [Subject(team="T1"), Subject(team="T1", channel="C1"), Subject(user="U1"), Subject(team="T1", user="U1")],
    ids=["team", "channel", "person", "person-in-team"],
)
def test_an_erasure_reaches_the_rewrites_and_the_books(store: SqliteStore, subject: Subject) -> None:
    mine, theirs = posted(store), posted(store, "1700000002.000100", "U2", "C2")
    for key, origin in (("k1", mine), ("k2", theirs)):
        store.llm.keep(key, key, origin, ("one",))
        store.llm.record(origin, SPENT)
    store.erasure.erase(subject)
    left = () if subject == Subject(team="T1") else ("one",)
    assert store.llm.earlier("k1") == ()
    assert store.llm.earlier("k2") == left
    assert store.llm.calls(mine.draft_id) == []
    assert len(store.llm.calls(theirs.draft_id)) == len(left)


def test_nothing_of_a_rewrite_outlives_its_day(store: SqliteStore) -> None:
    origin = posted(store)
    store.llm.keep("k", "b", origin, ("one",))
    store.llm.purge(datetime.now(UTC).isoformat())
    assert store.llm.cached("k", origin) == ()


def test_the_books(store: SqliteStore) -> None:
    origin = posted(store)
    store.llm.record(origin, SPENT)
    store.llm.record(origin, SPENT._replace(outcome="checks_failed"))
    assert [spent.outcome for spent in store.llm.calls(origin.draft_id)] == ["ok", "checks_failed"]


def test_an_allowance_is_for_a_workspace_and_a_day(store: SqliteStore) -> None:
    day = store.llm.reserve("T1", 60, 100)
    assert day == datetime.now(UTC).date().isoformat()
    assert store.llm.reserve("T1", 60, 100) is None
    assert store.llm.reserve("T2", 60, 100) == day
    store.llm.settle("T1", day, 60, 10)
    assert store.llm.spent_today("T1") == 10
    assert store.llm.reserve("T1", 60, 100) == day
    assert store.llm.reserve("T3", 101, 100) is None


def test_calls_at_the_same_time_do_not_overspend(store: SqliteStore) -> None:
    together = threading.Barrier(8)
    given: list[str | None] = []

    def ask() -> None:
        together.wait()
        given.append(store.llm.reserve("T1", 30, 100))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len([day for day in given if day]) == 3
    assert store.llm.spent_today("T1") == 90

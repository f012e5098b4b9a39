import gc
import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import Categories, Part, Review, Suggestion, Wishes
from bot.store import Channel, IncomingDraft, Installation, Reply, StoreError, draft_id, slack_ts_us
from bot.store.sqlite import SqliteStore

TS = "1700000000.000100"


def incoming(text: str, edited: str | None = None, ts: str = TS) -> IncomingDraft:
    return IncomingDraft(team="T1", channel="C1", ts=ts, author="U1", edited_ts=edited, text=text)


def parts(text: str, suggestion: Suggestion | None = None) -> tuple[Part, ...]:
    review = Review(text=text, verdict="mixed", score=40, categories=Categories(), mix="news")
    return (Part(review=review, suggestion=suggestion),)


def test_slack_timestamps_become_microseconds() -> None:
    assert slack_ts_us("1700000000.000100") == 1_700_000_000_000_100
    assert slack_ts_us("1700000000") == 1_700_000_000_000_000
    with pytest.raises(ValueError, match="invalid literal"):
        slack_ts_us("yesterday")


def test_newest_edit_wins_whatever_the_order(store: SqliteStore) -> None:
    assert store.save_draft(incoming("A")) == "new"
    assert store.save_draft(incoming("A again", "1700000009.000000")) == "newer"
    assert store.save_draft(incoming("B", "1700000005.000000")) == "stale"
    assert store.save_draft(incoming("A again", "1700000009.000000")) == "same"
    draft = store.draft(incoming("").id)
    assert draft is not None
    assert draft.text == "A again"


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), deletes=st.booleans())
def test_any_order_of_versions_ends_at_the_newest(tmp_path: Path, order: list[int], deletes: bool) -> None:
    store = SqliteStore(tmp_path / f"{os.urandom(6).hex()}.db")
    for number in order:
        edited = None if number == 0 else f"170000000{number}.000000"
        store.save_draft(incoming(f"v{number}", edited))
        if deletes and number == 3:
            store.delete_draft("T1", "C1", TS)
    draft = store.draft(incoming("").id)
    assert draft is not None
    assert draft.deleted == deletes
    assert draft.text == (None if deletes else "v5")
    store.close()


def test_delete_before_the_draft_leaves_a_tombstone(store: SqliteStore) -> None:
    key = store.delete_draft("T1", "C1", TS)
    assert key == draft_id("T1", "C1", TS)
    assert store.save_draft(incoming("late")) == "deleted"
    draft = store.draft(key)
    assert draft is not None
    assert draft.deleted
    assert draft.text is None


def test_delete_takes_every_text_along(store: SqliteStore, tmp_path: Path) -> None:
    draft = incoming("CANARY words")
    store.save_draft(draft)
    store.save_parts(draft.id, draft.version, parts("CANARY words", Suggestion(questions=("CANARY?",))))
    store.wish(draft.id, Wishes(keep=("CANARY",)))
    store.delete_draft("T1", "C1", TS)
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as db:
        assert "CANARY" not in "\n".join(db.iterdump())


def test_reviews_count_only_for_the_newest_version(store: SqliteStore) -> None:
    first, second = incoming("one"), incoming("two", "1700000005.000000")
    store.save_draft(first)
    store.save_draft(second)
    assert not store.save_parts(first.id, first.version, parts("one"))
    assert store.unfinished() == [(second.id, second.version)]
    assert store.save_parts(second.id, second.version, parts("two"))
    stored = store.draft(first.id)
    assert stored is not None
    assert stored.parts == parts("two")
    assert not stored.suggested
    assert not stored.human
    assert store.previous(stored) is None


def test_an_old_review_is_not_shown_for_a_new_version(store: SqliteStore) -> None:
    first = incoming("one")
    store.save_draft(first)
    store.save_parts(first.id, first.version, parts("one", Suggestion()))
    store.save_draft(incoming("two", "1700000005.000000"))
    stored = store.draft(first.id)
    assert stored is not None
    assert stored.parts == ()
    before = store.previous(stored)
    assert before is not None
    assert (before.verdict, before.score, before.rules) == ("mixed", 40, ())


def test_an_intent_is_made_once(store: SqliteStore) -> None:
    assert store.intend("d_1", "thread").state == "intended"
    store.save_reply(Reply(draft_id="d_1", kind="thread", state="posted", ts="1.2", shown="x"))
    again = store.intend("d_1", "thread")
    assert (again.state, again.ts, again.shown) == ("posted", "1.2", "x")
    assert store.reply("d_1", "reaction") is None


def test_a_claim_has_one_winner_among_threads(store: SqliteStore) -> None:
    wins: list[bool] = []
    gate = threading.Barrier(8)

    def run() -> None:
        gate.wait()
        wins.append(store.claim("ask:1"))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wins) == [False] * 7 + [True]


def test_channels_are_unwatched_until_somebody_asks(store: SqliteStore) -> None:
    assert not store.channel("T1", "C1").watched
    store.set_watched("T1", "C1", "U1")
    assert store.channel("T1", "C1") == Channel(team="T1", channel="C1", watched=True, watched_by="U1")
    assert not store.channel("T2", "C1").watched
    assert [channel.channel for channel in store.watched_channels()] == ["C1"]


def test_switches_of_a_channel_do_not_undo_each_other(store: SqliteStore) -> None:
    store.set_watched("T1", "C1", "U1")
    store.set_announced("T1", "C1", "llm.example")
    store.set_llm("T1", "C1", allowed=False)
    store.set_watched("T1", "C1", None)
    store.set_llm("T1", "C1", allowed=True)
    channel = store.channel("T1", "C1")
    assert (channel.watched, channel.llm_allowed, channel.announced_host) == (False, True, "llm.example")


def test_asks_do_not_fail_while_drafts_are_written(store: SqliteStore) -> None:
    """A transaction that reads before it writes is refused at once by SQLite when another one writes meanwhile."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            store.save_draft(incoming("x", ts=f"{1_700_000_000 + number}.000000"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(100):
            store.save_installation(Installation(team=f"T{number}", bot_user_id="U", bot_id="B"))
    finally:
        stop.set()
        writer.join()
    assert store.installation("T99") is not None


def test_threads_that_end_take_their_connections_along(store: SqliteStore) -> None:
    for _ in range(3):
        threads = [threading.Thread(target=store.unfinished) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    gc.collect()
    assert len(store._db._all) <= 2


def test_what_another_release_wrote_is_no_poison(store: SqliteStore, tmp_path: Path) -> None:
    draft = incoming("one")
    store.save_draft(draft)
    store.save_parts(draft.id, draft.version, parts("one"))
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as db, db:
        db.execute('update drafts set parts = \'[{"review": {"new": 1}}]\', wishes = \'{"new": 1}\'')
    assert [d.parts for d in store.recent("T1", "C1", "U1", 0)] == [()]
    assert store.unfinished() == [(draft.id, draft.version)]


def test_unfinished_work_is_found(store: SqliteStore) -> None:
    draft = incoming("one")
    store.save_draft(draft)
    store.save_parts(draft.id, draft.version, parts("one", Suggestion()))
    assert store.unfinished() == [(draft.id, draft.version)]  # no reply yet
    store.intend(draft.id, "thread")
    store.save_reply(Reply(draft_id=draft.id, kind="thread", state="posted", ts="1.2"))
    assert store.unfinished() == []
    store.save_parts(draft.id, draft.version, parts("one"))
    assert store.unfinished() == [(draft.id, draft.version)]  # no suggestion
    store.delete_draft("T1", "C1", TS)
    assert store.unfinished() == [(draft.id, draft.version)]  # a reply to take away
    store.save_reply(Reply(draft_id=draft.id, kind="thread", state="removed"))
    assert store.unfinished() == []


def test_nothing_is_written_onto_a_tombstone(store: SqliteStore) -> None:
    draft = incoming("one")
    store.save_draft(draft)
    store.delete_draft("T1", "C1", TS)
    store.wish(draft.id, Wishes(keep=("one",)))
    stored = store.draft(draft.id)
    assert stored is not None
    assert stored.wishes == Wishes()


def test_the_file_is_for_its_owner_alone(store: SqliteStore, tmp_path: Path) -> None:
    store.save_draft(incoming("text"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("humanize.db", "humanize.db-wal", "humanize.db-shm"), 0o600)


def test_a_locked_database_is_named_as_such(store: SqliteStore, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "humanize.db", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(StoreError, match="another process holds the database"):
        store.save_draft(incoming("text"))
    other.execute("rollback")
    other.close()
    assert store.save_draft(incoming("text")) == "new"


def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "humanize.db"
    path.write_text("not a database, but long enough to be looked at as one" * 20)
    with pytest.raises(StoreError, match="not a SQLite database"):
        SqliteStore(path)
    assert path.read_text().startswith("not a database")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="HUMANIZE_DATA_DIR"):
        SqliteStore(tmp_path / "file" / "humanize.db")


def test_a_newer_database_is_left_as_it_is(store: SqliteStore, tmp_path: Path) -> None:
    store.close()
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as db, db:
        db.execute(
            "insert into _sqlite_migrations(migration_set, name, applied_at)"
            " values('humanize_bot', 'from_the_future', '')"
        )
    with pytest.raises(StoreError, match="newer version"):
        SqliteStore(tmp_path / "humanize.db")


def test_check_leaves_one_row_whatever_how_often(store: SqliteStore) -> None:
    for _ in range(3):
        store.check()
    assert store.connections.all("select key from claims") == [{"key": "check"}]


@given(text=st.text())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(store: SqliteStore, text: str) -> None:
    draft = incoming(text, ts=f"{abs(hash(text)) % 10**9 + 10**9}.{abs(hash(text)) % 10**6:06}")
    store.delete_draft("T1", "C1", "1.1")
    if store.save_draft(draft) == "new":
        stored = store.draft(draft.id)
        assert stored is not None
        assert stored.text == text


def test_a_draft_that_follows_another_has_its_figures_before_it(store: SqliteStore) -> None:
    first = incoming("one")
    store.save_draft(first)
    store.save_parts(first.id, first.version, parts("one"))
    second = incoming("two", ts="1700000100.000100").model_copy(update={"follows": first.id})
    store.save_draft(second)
    stored = store.draft(second.id)
    assert stored is not None
    assert stored.follows == first.id
    assert store.previous(stored) is not None
    assert [draft.text for draft in store.recent("T1", "C1", "U1", first.version)] == ["two", "one"]
    assert list(store.recent("T1", "C1", "U2", 0)) == []
    assert [draft.text for draft in store.recent("T1", "C1", "U1", first.version + 1)] == ["two"]


def test_wishes_and_settling_are_kept(store: SqliteStore) -> None:
    draft = incoming("one")
    store.save_draft(draft)
    store.wish(draft.id, Wishes(shorter=True, keep=("#AI",)))
    store.settle(draft.id)
    stored = store.draft(draft.id)
    assert stored is not None
    assert stored.settled
    assert stored.wishes == Wishes(shorter=True, keep=("#AI",))

"""What is kept of shared files: ids, for as long as they are of use."""

from datetime import UTC, datetime, timedelta

from bot.store.erasure import Subject
from bot.store.shared import SharedFiles
from bot.store.sqlite import SqliteStore


def shared(number: int, **more: object) -> SharedFiles:
    place = {"team": "T1", "channel": "C1", "ts": f"17000000{number:02}.000100"}
    return SharedFiles.model_validate({"id": f"d_{number}", **place, "author": "U1", "files": ("F1", "F2"), **more})


def age(store: SqliteStore, days: int) -> None:
    store.connections.run("update shared_files set shared_at = ?", [(datetime.now(UTC) - timedelta(days)).isoformat()])


def test_the_same_message_twice_is_one(store: SqliteStore) -> None:
    store.shared.save(shared(1))
    store.shared.became(shared(1, state="posted", reply_ts="1.2", upload="F9"))
    store.shared.save(shared(1))
    assert store.shared.get("d_1") == shared(1, state="posted", reply_ts="1.2", upload="F9")
    assert store.shared.get("d_2") is None


def test_what_a_crash_left_is_found_for_a_day(store: SqliteStore) -> None:
    for number in range(3):
        store.shared.save(shared(number))
    store.shared.became(shared(1, state="posted"))
    assert store.shared.delete("d_2")
    assert not store.shared.delete("d_9")
    assert store.shared.unfinished() == ["d_0"]
    assert store.shared.unremoved() == ["d_2"]
    age(store, 2)
    assert store.shared.unfinished() == []


def test_erased_files_have_their_reply_taken_away(store: SqliteStore) -> None:
    store.shared.save(shared(1))
    store.shared.save(shared(2, author="U2"))
    store.shared.became(shared(1, state="posted", reply_ts="1.2"))
    assert store.erasure.erase(Subject(user="U1")).counts["shared_files"] == 1
    assert store.shared.unremoved() == ["d_1"]
    found = store.shared.get("d_1")
    assert found is not None
    assert (found.author, found.reply_ts) == (None, "1.2")
    store.shared.became(found.model_copy(update={"state": "removed"}))
    assert store.shared.unremoved() == []


def test_after_their_time_only_what_a_reply_needs_is_left(store: SqliteStore) -> None:
    for number in (1, 2):
        store.shared.save(shared(number))
    store.shared.became(shared(1, state="posted", reply_ts="1.2"))
    store.shared.became(shared(2, state="left"))
    age(store, 40)
    store.purge()
    kept = store.shared.get("d_1")
    assert kept is not None
    assert kept.author is None
    assert store.shared.get("d_2") is None

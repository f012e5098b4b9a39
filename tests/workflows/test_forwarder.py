"""What was taken in is queued in order, the people who wait first, also when the queue refuses for a while."""

import threading
from pathlib import Path

import pytest

from bot.handoff import HandoffQueue
from bot.store import IncomingDraft, StoreError
from bot.store.handoffs import Handoff
from bot.store.sqlite import SqliteStore
from bot.workflows.forwarder import Forwarder

DRAFT = IncomingDraft(team="T", channel="C", ts="1700000000.000100", author="U", text="Hello there.")


class Notes:
    """A queue that notes what it is given, and refuses so many times."""

    def __init__(self, expected: int, refusals: int = 0) -> None:
        self.got: list[Handoff] = []
        self.refusals = refusals
        self.done = threading.Event()
        self._expected = expected

    def take(self, handoff: Handoff) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StoreError("locked")
        self.got.append(handoff)
        if len(self.got) >= self._expected:
            self.done.set()


def forwarding(store: SqliteStore, notes: Notes) -> Forwarder:
    forwarder = Forwarder(store.handoffs, notes.take)
    store.handoffs.wake_with(forwarder.wake)
    forwarder.start()
    return forwarder


def test_those_who_wait_go_first_and_nothing_is_queued_twice(store: SqliteStore) -> None:
    queue = HandoffQueue(store.handoffs)
    queue.enqueue_review("d1", 1)
    queue.enqueue_review("d2", 2)
    queue.enqueue_ask("a1")
    queue.enqueue_delivery("d3", "deleted")
    notes = Notes(expected=4, refusals=2)
    forwarder = forwarding(store, notes)
    assert notes.done.wait(30)
    forwarder.stop()
    assert [(one.kind, *one.args) for one in notes.got] == [
        ("ask", "a1"), ("deliver", "d3", "deleted", "thread"), ("review", "d1", 1), ("review", "d2", 2),
    ]  # fmt: skip
    assert notes.refusals == 0
    assert store.handoffs.next() == []
    assert store.handoffs.waiting() == {}


def test_what_comes_while_it_waits_wakes_it(store: SqliteStore) -> None:
    notes = Notes(expected=3)
    forwarder = forwarding(store, notes)
    queue = HandoffQueue(store.handoffs)
    for number in range(3):
        queue.enqueue_ask(f"a{number}")
    assert notes.done.wait(30)
    forwarder.stop()


def test_what_was_not_queued_at_the_end_is_there_for_the_next_start(store: SqliteStore, tmp_path: Path) -> None:
    HandoffQueue(store.handoffs).enqueue_ask("a1")
    refusing = forwarding(store, Notes(expected=1, refusals=10**6))
    refusing.stop()
    again = SqliteStore(tmp_path / "humanize.db")
    assert [(one.kind, *one.args) for one in again.handoffs.next()] == [("ask", "a1")]
    assert again.handoffs.waiting()["ask"].count == 1
    again.close()


def test_a_draft_and_its_work_are_kept_together_or_not_at_all(store: SqliteStore) -> None:
    queue = HandoffQueue(store.handoffs)
    with pytest.raises(RuntimeError), store.write():
        store.save_draft(DRAFT)
        queue.enqueue_review(DRAFT.id, DRAFT.version)
        raise RuntimeError
    assert store.draft(DRAFT.id) is None
    assert store.handoffs.next() == []


def test_nobody_is_woken_before_the_work_can_be_seen(store: SqliteStore, tmp_path: Path) -> None:
    other = SqliteStore(tmp_path / "humanize.db")
    seen: list[int] = []
    store.handoffs.wake_with(lambda: seen.append(len(other.handoffs.next())))
    with store.write():
        store.save_draft(DRAFT)
        HandoffQueue(store.handoffs).enqueue_review(DRAFT.id, DRAFT.version)
        assert seen == []
    assert seen == [1]
    other.close()

"""What is put is handed on, in order, also when the queue refuses for a while."""

import threading

from bot.forwarder import Forwarder
from bot.priority import AcksFirst
from bot.store import StoreError


def test_in_order_and_again_when_refused() -> None:
    got: list[tuple[str, int]] = []
    refusals = [StoreError("locked"), StoreError("locked")]
    done = threading.Event()

    def hand_on(draft_id: str, version: int) -> None:
        if draft_id == "b" and refusals:
            raise refusals.pop()
        got.append((draft_id, version))
        if len(got) == 3:
            done.set()

    forwarder = Forwarder(hand_on, AcksFirst())
    for version, draft_id in enumerate("abc"):
        forwarder.put(draft_id, version)
    assert forwarder.waiting == 3
    forwarder.start()
    assert done.wait(30)
    forwarder.stop()
    assert got == [("a", 0), ("b", 1), ("c", 2)]
    assert refusals == []


def test_acks_go_first_and_never_for_long() -> None:
    acks = AcksFirst()
    got = threading.Event()
    forwarder = Forwarder(lambda *_draft: got.set(), acks)
    with acks.answering():
        forwarder.put("a", 1)
        forwarder.start()
        assert got.wait(30), "an ack that never ends must not stop the work"
    forwarder.stop()


def test_stopping_does_not_wait_for_a_queue_that_refuses() -> None:
    def refuse(draft_id: str, version: int) -> None:
        raise StoreError("gone")

    forwarder = Forwarder(refuse, AcksFirst())
    forwarder.put("a", 1)
    forwarder.start()
    forwarder.stop()
    assert forwarder.waiting >= 1

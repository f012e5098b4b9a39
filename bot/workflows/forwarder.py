"""Moves what was taken in from the store into the queues, behind the ack.

A handoff is in the store when its ack goes out and leaves it once it is queued; what a crash catches in between is
queued once more, under the same id, which is no new work.
"""

import logging
import threading
from collections.abc import Callable

from bot.store import StoreError
from bot.store.handoffs import Handoff, Handoffs

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""How often it looks without being woken."""
AGAIN_S = 0.5
"""How long to wait after the store or the queue refused."""


class Forwarder:
    """One thread. ``hand_on`` raises StoreError when the queue can't take something; then it is tried again."""

    def __init__(self, handoffs: Handoffs, hand_on: Callable[[Handoff], None]) -> None:
        self._handoffs = handoffs
        self._hand_on = hand_on
        self._new = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="forwarder", daemon=True)

    def start(self) -> None:
        """Begin, with what is there already."""
        self._new.set()
        self._thread.start()

    def wake(self) -> None:
        """There is something new."""
        self._new.set()

    def stop(self) -> None:
        """End after the piece in hand, or a second; the rest is for the next start."""
        self._stopped.set()
        self._new.set()
        self._thread.join(1)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._new.wait(LOOK_S)
            self._new.clear()
            try:
                while not self._stopped.is_set() and self._moved():
                    pass
            except StoreError as error:
                log.warning("work waits, trying again", extra={"error": str(error)})
                self._new.set()
                self._stopped.wait(AGAIN_S)

    def _moved(self) -> bool:
        """Queue the next few; whether there were any."""
        queued: list[int] = []
        try:
            for handoff in self._handoffs.next():
                if self._stopped.is_set():
                    break
                self._hand_on(handoff)
                queued.append(handoff.id)
        finally:
            if queued:
                self._handoffs.done(queued)
        return bool(queued)

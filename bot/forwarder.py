"""Hands drafts on to the queue behind the ack.

What Slack hears an ack for is in the store by then, and the store says at each start what is unfinished; so a crash in
between loses nothing, and the ack does not wait for a second database.
"""

import logging
import queue
import threading
from collections.abc import Callable

from bot.priority import AcksFirst
from bot.store import StoreError

log = logging.getLogger(__name__)

AGAIN_S = 0.5
"""How long to wait after the queue refused."""

Draft = tuple[str, int]
"""A draft's id and its version."""


class Forwarder:
    """One thread. ``hand_on`` raises StoreError when the queue can't take it; then it is tried again."""

    def __init__(self, hand_on: Callable[[str, int], None], acks: AcksFirst) -> None:
        self._hand_on = hand_on
        self._acks = acks
        self._waiting: queue.Queue[Draft | None] = queue.Queue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="forwarder", daemon=True)

    def start(self) -> None:
        """Begin to hand on, what was put before too."""
        self._thread.start()

    def put(self, draft_id: str, version: int) -> None:
        """Have a draft handed on soon; it must be in the store."""
        self._waiting.put((draft_id, version))

    @property
    def waiting(self) -> int:
        """How many are still to be handed on."""
        return self._waiting.unfinished_tasks

    def drain(self) -> None:
        """Wait until all that was put is handed on."""
        self._waiting.join()

    def stop(self) -> None:
        """Hand on what is possible within a second; the rest is taken up at the next start."""
        self._waiting.put(None)
        self._thread.join(1)
        self._stopped.set()

    def _run(self) -> None:
        while (draft := self._waiting.get()) is not None:
            self._acks.wait()
            while not self._handed_on(draft) and not self._stopped.wait(AGAIN_S):
                pass
            self._waiting.task_done()

    def _handed_on(self, draft: Draft) -> bool:
        try:
            self._hand_on(*draft)
        except StoreError as error:
            log.warning("the queue can't take a draft, trying again", extra={"draft": draft[0], "error": str(error)})
            return False
        return True

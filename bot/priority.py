"""Acks go first: Slack waits three seconds for one, and people wait longer for an answer.

Python's threads share one lock and have no priorities, so work that can wait looks here before it begins.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST_S = 0.25
"""How long a piece of work lets acks go first: under any flood, each worker still begins four pieces a second."""


class AcksFirst:
    """One for a process. ``answering`` marks an ack under way; ``wait`` and ``computing`` let those go first."""

    def __init__(self) -> None:
        self._computing = threading.Lock()
        self._changed = threading.Condition()
        self._answering = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Slack waits while the block runs."""
        with self._changed:
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1
                if not self._answering:
                    self._changed.notify_all()

    def wait(self) -> None:
        """Return when no ack is under way, or after ``MOST_S`` seconds."""
        end = time.monotonic() + MOST_S
        with self._changed:
            while self._answering and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Compute, one thread at a time: two at once are no faster, and every ack would wait for both."""
        with self._computing:
            self.wait()
            yield

"""Faults on purpose: what the stand-in does wrong, by Web API method, so that tests can see what the app does then.

``rate_limit``  answers 429 with Retry-After and a body that is not JSON; nothing is done.
``error``       answers 200 with ``ok: false`` and the given Slack error; nothing is done.
``status``      answers the given HTTP status (500, 503, …); nothing is done.
``hang``        does nothing and does not answer until released; then answers normally.
``cut``         cuts the connection before anything is done.
``accept_cut``  does the work and then cuts the connection: the message exists, the client never hears.
``accept_hang`` does the work, runs the hook if one is given, and answers only when released.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

FaultKind = Literal["rate_limit", "error", "status", "hang", "cut", "accept_cut", "accept_hang"]
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)


@dataclass
class Fault:
    """One scripted fault. ``times`` is how many calls it takes; ``seconds`` the Retry-After, in whole seconds."""

    kind: FaultKind
    method: str
    times: int = 1
    seconds: int = 1
    status: int = 500
    code: str = "internal_error"
    hook: Callable[[], None] | None = None
    """Called once the call has been accepted and before anything is answered (``accept_*`` only)."""
    hits: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Let the calls that hang go on."""
        self.released.set()


class Faults:
    """The script: faults are used up in the order they were added, each for its own method (``*`` is any)."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Add a fault; it stands until it has been hit ``times`` times."""
        if fault.kind not in KINDS:
            raise ValueError(f"there is no fault {fault.kind!r}; there are {', '.join(KINDS)}")
        with self._changed:
            self._faults.append(fault)
        return fault

    def take(self, method: str) -> Fault | None:
        """The fault that the next call of this method meets, if any."""
        with self._changed:
            for fault in self._faults:
                if fault.method in (method, "*") and fault.hits < fault.times:
                    fault.hits += 1
                    self._changed.notify_all()
                    return fault
            return None

    def hits(self, method: str, kind: str) -> int:
        """How many calls have met a fault of this kind."""
        with self._changed:
            return sum(f.hits for f in self._faults if f.kind == kind and f.method in (method, "*"))

    def release(self) -> None:
        """Let every call that hangs go on."""
        with self._changed:
            for fault in self._faults:
                fault.release()

    def clear(self) -> None:
        """Release all and forget the script."""
        with self._changed:
            self.release()
            self._faults.clear()

"""A circuit breaker: a language model that fails again and again is left alone for a while, then tried once.

Ours, since the libraries do not fit: pybreaker 1.4 holds its lock for the whole call, so that rewrites would queue up
behind each other, and circuitbreaker 2.1 has no lock and lets every waiting thread try a server that may be back.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from bot.models import FallbackReason
from bot.rewrite.failure import WriterError

log = logging.getLogger(__name__)

FAILURES, PAUSE_S = 5, 30.0
"""So many failures in a row, and nothing is asked for so many seconds. Proposed by this project, not measured."""

MEND: dict[FallbackReason, str] = {
    "llm_refused_key": "it refused the key; set another OPENAI_API_KEY",
    "llm_unknown_model": "it has no model of that name; check HUMANIZE_LLM_MODEL and OPENAI_BASE_URL",
    "llm_timeout": "it answers too late; check the server, or raise HUMANIZE_LLM_TIMEOUT_S",
    "llm_unavailable": "it can't be reached or fails; check OPENAI_BASE_URL, the network and the server",
}
"""Each trouble of the server that counts as a failure, and what an operator can do. A poor answer is none."""


class Breaker:
    """Guards calls to one server. Safe to share between threads; no lock is held while a call runs.

    Each kind of trouble is logged once until the server answers again, and so are the pause and the recovery.
    ``clock`` gives seconds.
    """

    def __init__(
        self, failures: int = FAILURES, pause_s: float = PAUSE_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._pause_s, self._clock = failures, pause_s, clock
        self._lock = Lock()
        self._failed = 0
        self._reasons: list[FallbackReason] = []
        self._until: float | None = None
        self._trying = False

    @contextmanager
    def call(self) -> Iterator[None]:
        """Run one call. Raises :class:`WriterError` with the last failure's reason while the server is left alone."""
        trial = self._enter()
        try:
            yield
        except WriterError as error:
            self._ended(trial, error.reason if error.reason in MEND else None)
            raise
        except BaseException:
            self._given_back(trial)
            raise
        else:
            self._ended(trial, None)

    def note(self, reason: FallbackReason) -> None:
        """Take in a failure that was seen outside a call."""
        self._ended(False, reason)

    def _enter(self) -> bool:
        """Return whether this call is the one that tries whether the server is back."""
        with self._lock:
            if self._until is None:
                return False
            if self._trying or self._clock() < self._until:
                raise WriterError(self._reasons[-1], asked=False)
            self._trying = True
            return True

    def _given_back(self, trial: bool) -> None:
        with self._lock:
            self._trying = self._trying and not trial

    def _ended(self, trial: bool, reason: FallbackReason | None) -> None:
        with self._lock:
            self._trying = self._trying and not trial
            if reason is None:
                self._recovered(trial)
                return
            self._failed += 1
            if reason not in self._reasons:
                log.warning("language model in trouble: %s", MEND[reason], extra={"code": reason})
            self._reasons = [*(r for r in self._reasons if r != reason), reason]
            if trial:
                self._until = self._clock() + self._pause_s
            elif self._until is None and self._failed >= self._most:
                self._until = self._clock() + self._pause_s
                log.warning(
                    "language model left alone for a while, rules write", extra={"code": reason, "s": self._pause_s}
                )

    def _recovered(self, trial: bool) -> None:
        if self._until is not None and not trial:
            return  # a call from before the pause; the next trial decides
        if self._reasons:
            log.info("language model answers again")
        self._failed, self._reasons, self._until = 0, [], None

"""The front's end of the worker: starts it, starts it again when it dies, wakes it, asks how it gets on.

Between them is one socket. The front sends single bytes (``GO``, ``WAKE``, ``STATE``, ``QUIT``); the worker answers
with lines of JSON: once ready (or why not), and to each ``STATE``. When the front dies the socket ends, and so does the
worker.
"""

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any

from pydantic import ValidationError

from bot.store import StoreError
from bot.workload import WorkerAwayError, WorkerState

log = logging.getLogger(__name__)

CHILD = "bot.run.child"
GO, WAKE, STATE, QUIT = b"g", b"w", b"s", b"q"
START_S = 60.0
"""How long a start may take, on a slow machine with much to take up."""
ANSWER_S = 3.0
STOP_S = 30.0
"""What runs has 20 seconds to end (``worker.DRAIN_S``)."""
AGAIN_MOST_S = 30.0


class WorkerProcess:
    """One worker at a time, until ``stop``."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._stopping = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="worker-supervisor", daemon=True)
        self._up = False
        self._spawn()

    @classmethod
    @contextmanager
    def spawned(cls) -> Iterator["WorkerProcess"]:
        """A worker that loads what it needs and begins with ``start``; it ends with the block."""
        worker = cls()
        try:
            yield worker
        finally:
            worker.stop()

    def start(self) -> None:
        """Let it begin, and wait until it works. Raises StoreError with why it can't."""
        self._begin()
        self._supervisor.start()

    def wake(self) -> None:
        """There is a new handoff."""
        self._send(WAKE)

    def state(self) -> WorkerState:
        """How it gets on. Raises WorkerAwayError."""
        with self._asking:
            if not self._up:
                raise WorkerAwayError("it is being started")
            if not self._send(STATE):
                raise WorkerAwayError("it takes nothing")
            self._owed += 1
            while self._owed:  # an answer that came too late for whoever asked before is not the one for us
                answer = self._line(ANSWER_S)
                self._owed -= 1
        try:
            return WorkerState.model_validate(answer)
        except ValidationError:
            raise WorkerAwayError("it answers what nobody understands") from None

    def stop(self) -> None:
        """Let it finish what runs, then end it."""
        self._stopping.set()
        self._send(QUIT)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._socket.close()

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", CHILD, str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])  # noqa: S603 - ourselves
        ours.setblocking(False)
        self._socket, self._read, self._owed = ours, b"", 0

    def _begin(self) -> None:
        self._send(GO)
        try:
            answer = self._line(START_S)
        except WorkerAwayError as error:
            self._process.kill()
            raise StoreError(f"The worker process did not start ({error}); the lines above say why.") from None
        if "error" in answer:
            raise StoreError(str(answer["error"]))
        self._up = True
        log.info("worker started", extra={"pid": self._process.pid})

    def _supervise(self) -> None:
        wait_s = 0.0
        while True:
            began = time.monotonic()
            code = self._process.wait()
            self._up = False
            if self._stopping.is_set():
                return
            wait_s = 0.0 if time.monotonic() - began > AGAIN_MOST_S else min(max(1.0, 2 * wait_s), AGAIN_MOST_S)
            log.error("the worker ended, starting it again", extra={"code": code, "after_s": wait_s})
            if self._stopping.wait(wait_s):
                return
            with self._asking:
                self._socket.close()
                self._spawn()
            try:
                self._begin()
            except StoreError as error:
                log.error("the worker can't start", extra={"error": str(error)})

    def _send(self, word: bytes) -> bool:
        """Never waits; whether it went out. A worker that is gone or stuck is the supervisor's to find out."""
        try:
            return self._socket.send(word) == len(word)
        except OSError:
            return False

    def _line(self, timeout_s: float) -> dict[str, Any]:
        """The worker's next line. Raises WorkerAwayError."""
        end = time.monotonic() + timeout_s
        while b"\n" not in self._read:
            try:
                if not wait([self._socket], max(0.0, end - time.monotonic())):
                    raise WorkerAwayError(f"it has not answered for {timeout_s:.0f} s")
                piece = self._socket.recv(65536)
            except (OSError, ValueError):  # ValueError: closed meanwhile
                raise WorkerAwayError("it can't be reached") from None
            if not piece:
                raise WorkerAwayError("it has ended")
            self._read += piece
        line, _, self._read = self._read.partition(b"\n")
        return dict(json.loads(line))

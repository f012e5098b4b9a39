"""The worker as a process of its own: ``python -m bot.run.child FD``, started by the front (``link.py``).

It obeys the front alone: a signal that a terminal or a service manager sends to both is the front's to act on.
"""

import json
import os
import signal
import socket
import sys
import threading
from queue import SimpleQueue
from typing import Any

NICE = 5
"""Acks go first where the processors are busy. Not more: a worker that holds the lock of the store must get on."""


class FrontLink:
    """The worker's end of the socket. Its thread ends the process when the front is gone."""

    def __init__(self, fd: int) -> None:
        self.go, self.new, self.quit, self.any = (threading.Event() for _ in range(4))
        self.asked: SimpleQueue[None] = SimpleQueue()
        """How it gets on was asked so many times; each wants its answer."""
        self._socket = socket.socket(fileno=fd)
        threading.Thread(target=self._listen, name="front", daemon=True).start()

    def say(self, line: dict[str, Any]) -> None:
        """One line of JSON to the front."""
        self._socket.sendall(json.dumps(line).encode() + b"\n")

    def _listen(self) -> None:
        from bot.run.link import GO, QUIT, STATE, WAKE

        while heard := self._heard():
            for _ in range(heard.count(STATE)):
                self.asked.put(None)
            for word, event in ((GO, self.go), (WAKE, self.new), (QUIT, self.quit), (QUIT, self.go)):
                if word in heard:
                    event.set()
            self.any.set()
        # As if killed with it: what is in the works is taken up at the next start, and two must not work at once.
        os._exit(1)

    def _heard(self) -> bytes:
        try:
            return self._socket.recv(65536)
        except OSError:  # it died with an answer of ours unread
            return b""


def work(link: FrontLink) -> int:
    """Until the front says so; the exit code."""
    from bot.log import configure
    from bot.metrics import WorkMetrics
    from bot.run.parts import opened
    from bot.run.worker import state_of, working
    from bot.settings import SettingsError, load_settings
    from bot.store import StoreError
    from bot.store.folder import alone_at_work

    link.go.wait()
    if link.quit.is_set():
        return 0
    try:
        settings = load_settings()  # the front's own: the same environment, the same folder
        configure(settings.log_level)
        metrics = WorkMetrics()
        with alone_at_work(settings.data_dir), opened(settings) as parts, working(parts, metrics) as workflows:
            link.say({"ready": True})
            os.nice(NICE)
            while not link.quit.is_set():
                link.any.wait()
                link.any.clear()
                if link.new.is_set():
                    link.new.clear()
                    workflows.wake()
                while not link.asked.empty():
                    link.asked.get()
                    link.say(state_of(workflows, metrics).model_dump(mode="json"))
    except (SettingsError, StoreError) as error:
        link.say({"error": str(error)})
        return 2
    return 0


def main() -> None:
    """Ends by itself when the front is gone; threads that wait for Slack or a language model are left behind."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    code = work(FrontLink(int(sys.argv[1])))
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()

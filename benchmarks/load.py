"""How much it bears, on one SQLite file: acks, drafts a second, memory, a backlog.

    .venv/bin/python -m benchmarks.load [--steady-s 60] [--many 20000] [--backlog 10000]

The real bot (`serve --http`) as a process of its own, against a Slack that answers at once in another
(benchmarks/instant_slack.py); rules write, which takes as long as an instant model. Events are signed and sent over
kept connections; an ack is timed from when the event was due to be sent, so a stall is counted in full. The bare app is
a Bolt app that only acks, behind the same adapter (benchmarks/bare_bolt.py), in the same run.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

SECRET = "a-secret-of-nobody"  # noqa: S105 - the benchmark's own
ROOT = Path(__file__).parents[1]
CHANNELS = 20
CONNECTIONS = 16
GOALS = {
    "steady: ack p99 ms": ("<=", 100.0),
    "steady: ack max ms": ("<=", 1000.0),
    "acks a second, against the bare app's": (">=", 0.25),
    "drafts a second, event to reply": (">=", 15.0),
    "memory: growth from 2,000 drafts to the end": ("<=", 1.10),
    "memory: MB at the end": ("<=", 250.0),
    "backlog: ack p99 ms while it drains": ("<=", 100.0),
}
"""Stretch: 30 drafts a second."""
SUBJECTS = ("the planner", "our spring release", "the new dashboard", "team notes", "the help desk", "our webinar")


class Target(NamedTuple):
    """A process under load."""

    process: subprocess.Popen[bytes]
    port: int


class Events:
    """Signed events with a draft each, never the same twice."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._number = 0
        self.sent: dict[str, float] = {}
        """Each draft's ts, and when it was due to be sent (seconds since 1970)."""

    def next(self, due: float) -> bytes:
        """The request of one message in one of the channels."""
        self._number += 1
        ts = f"{int(time.time())}.{self._number % 1_000_000:06}"
        self.sent[ts] = due
        channel = f"C{self._number % CHANNELS:03}"
        subject = self._random.choice(SUBJECTS)
        text = f"BIG NEWS! We are thrilled to announce {subject} {self._number}.0! Sign up NOW #SaaS #AI #CX"
        event = {"type": "message", "channel": channel, "user": f"U{self._number % 7}", "text": text, "ts": ts}
        body = {
            "type": "event_callback",
            "team_id": "T1",
            "api_app_id": "A1",
            "event_id": f"Ev{self._number}",
            "event": event,
        }
        return request("/slack/events", json.dumps(body).encode(), "application/json")


def request(path: str, body: bytes, kind: str) -> bytes:
    """A signed POST, as bytes for a socket."""
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={digest}\r\n\r\n"
    )
    return head.encode() + body


class Client:
    """Kept connections to one target."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def open(self, connections: int = CONNECTIONS) -> None:
        """Connect."""
        for _ in range(connections):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self._port))

    async def send(self, data: bytes) -> int:
        """Send a request and wait for its answer; the status."""
        reader, writer = await self._free.get()
        writer.write(data)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        except (asyncio.IncompleteReadError, ConnectionError):  # idle for too long: the server closed it
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(data)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next(int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:"))
        if length:
            await reader.readexactly(length)
        self._free.put_nowait((reader, writer))
        return int(head.split(" ", 2)[1])


async def steady(client: Client, events: Events, rate: float, seconds: float) -> list[float]:
    """Send at a fixed rate, whatever the target does; seconds from when each was due to its ack."""
    start, taken, running = time.perf_counter(), [], []

    async def one(due: float) -> None:
        status = await client.send(events.next(time.time()))
        assert status == 200, status
        taken.append(time.perf_counter() - due)

    for number in range(int(rate * seconds)):
        due = start + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        running.append(asyncio.create_task(one(due)))
    await asyncio.gather(*running)
    return taken


async def flat_out(client: Client, events: Events, seconds: float) -> float:
    """Send as fast as acks come back, over all connections; acks a second."""
    end, count = time.perf_counter() + seconds, 0

    async def worker() -> None:
        nonlocal count
        while time.perf_counter() < end:
            status = await client.send(events.next(time.time()))
            assert status == 200, status
            count += 1

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))
    return count / seconds


async def burst(client: Client, events: Events, number: int) -> None:
    """Send so many as fast as acks come back."""
    left = iter(range(number))

    async def worker() -> None:
        for _ in left:
            status = await client.send(events.next(time.time()))
            assert status == 200, status

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))


def call(port: int, path: str) -> object:
    """Ask the instant Slack, or the bot's status pages."""
    data = b"" if path in ("/forget", "/hold", "/go") else None
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data=data, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


async def drained(slack: int, events: Events, before: int, timeout: float) -> None:
    """Wait until every draft sent so far has its reply."""
    end = time.perf_counter() + timeout
    while len(seen(slack)) < len(events.sent) - before:
        if time.perf_counter() > end:
            raise TimeoutError(
                f"{len(events.sent) - before - len(seen(slack))} drafts without a reply after {timeout} s"
            )
        await asyncio.sleep(0.25)


def seen(slack: int) -> dict[str, float]:
    """The replies so far, by draft."""
    found = call(slack, "/seen")
    assert isinstance(found, dict)
    return found


def memory_mb(pid: int) -> float:
    """Memory of a process and the worker it started, in MB; pages that both share count once."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_proportional_mb(int(one)) for one in (pid, *children))


def _proportional_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024


@contextmanager
def started(command: list[str], port: int, path: str, folder: str, **env: str) -> Iterator[Target]:
    """A process that serves on ``port``, once it answers."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SLACK_SIGNING_SECRET": SECRET, **env}
    with (Path(folder) / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        end = time.perf_counter() + 30
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1).close()
                break
            except OSError:
                if time.perf_counter() > end or process.poll() is not None:
                    raise RuntimeError((Path(folder) / f"{port}.log").read_text()[-2000:]) from None
                time.sleep(0.05)
        yield Target(process, port)
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def measure(args: argparse.Namespace, bot: Target, bare: Target, slack: int) -> dict[str, float]:
    """Every figure, in one run."""
    figures: dict[str, float] = {}
    client, bare_client, events = Client(bot.port), Client(bare.port), Events()
    await client.open()
    await bare_client.open()
    for number in range(CHANNELS):
        await client.send(_command(f"C{number:03}", "watch"))
    while call(bot.port, "/readyz") is None:  # the commands' work is done in threads
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)

    acks = await steady(client, events, 50, args.steady_s)
    figures["steady: ack p50 ms"], figures["steady: ack p99 ms"] = _quantiles(acks)
    figures["steady: ack max ms"] = max(acks) * 1000
    await drained(slack, events, 0, 600)
    replied = seen(slack)
    first = sorted((replied[ts] - due) for ts, due in events.sent.items())
    figures["steady: event to reply p50 ms"], figures["steady: event to reply p99 ms"] = _quantiles(first)

    ours, theirs = [], []
    for _ in range(3):  # turn about, so that a noisy neighbour bothers both
        theirs.append(await flat_out(bare_client, Events(2), args.flat_s))
        ours.append(await flat_out(client, events, args.flat_s))
        await drained(slack, events, 0, 900)
    figures["acks a second, ours"], figures["acks a second, bare app"] = (
        statistics.median(ours),
        statistics.median(theirs),
    )
    figures["acks a second, against the bare app's"] = (
        figures["acks a second, ours"] / figures["acks a second, bare app"]
    )

    start, before = time.perf_counter(), len(events.sent)
    await burst(client, events, args.drafts)
    await drained(slack, events, 0, 600)
    figures["drafts a second, event to reply"] = (len(events.sent) - before) / (time.perf_counter() - start)

    early = memory_mb(bot.process.pid)
    figures["memory: MB early"] = early
    figures["memory: drafts early"] = len(events.sent)
    if args.backlog:
        call(slack, "/hold")
        await burst(client, events, args.backlog)
        figures["backlog: drafts waiting"] = args.backlog
        call(slack, "/go")
        start = time.perf_counter()
        acks = await steady(client, events, 10, 30)
        _, figures["backlog: ack p99 ms while it drains"] = _quantiles(acks)
        await drained(slack, events, 0, 3600)
        figures["backlog: drained after s"] = time.perf_counter() - start
    while len(events.sent) < args.many:
        await burst(client, events, min(1000, args.many - len(events.sent)))
        await drained(slack, events, 0, 900)
    figures["memory: drafts at the end"] = len(events.sent)
    figures["memory: MB at the end"] = memory_mb(bot.process.pid)
    figures["memory: growth from 2,000 drafts to the end"] = figures["memory: MB at the end"] / early
    return figures


def _command(channel: str, text: str) -> bytes:
    fields = {
        "command": "/humanize", "text": text, "team_id": "T1", "channel_id": channel, "user_id": "U1",
        "response_url": "http://127.0.0.1:9/", "trigger_id": "1.1.a", "api_app_id": "A1",
    }  # fmt: skip
    return request("/slack/events", urlencode(fields).encode(), "application/x-www-form-urlencoded")


def _quantiles(seconds: list[float]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return cuts[49] * 1000, cuts[98] * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steady-s", type=float, default=60)
    parser.add_argument("--flat-s", type=float, default=4)
    parser.add_argument("--drafts", type=int, default=600)
    parser.add_argument("--backlog", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=20_000)
    args = parser.parse_args()
    bot_port, bare_port, slack_port = free_port(), free_port(), free_port()
    env = {
        "SLACK_BOT_TOKEN": "xoxb-load",
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "HUMANIZE_PORT": str(bot_port),
        "HUMANIZE_LOG_LEVEL": "WARNING",
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        started(["benchmarks.instant_slack", str(slack_port)], slack_port, "/seen", folder),
        started(["benchmarks.bare_bolt", str(bare_port)], bare_port, "/healthz", folder) as bare,
        started(
            ["bot", "serve", "--http"], bot_port, "/healthz", folder, HUMANIZE_DATA_DIR=f"{folder}/data", **env
        ) as bot,
    ):
        figures = asyncio.run(measure(args, bot, bare, slack_port))
    missed = False
    for name, value in figures.items():
        sign, goal = GOALS.get(name, ("", 0.0))
        kept = not sign or (value <= goal if sign == "<=" else value >= goal)
        missed = missed or not kept
        print(f"{name:48} {value:12.2f}   {f'goal {sign} {goal:g}' if sign else ''}{'' if kept else '   MISSED'}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

"""How fast Slack hears the ack, and people the first answer, with 50 reviews in the works.

    .venv/bin/python -m benchmarks.acks [--mode http|socket] [--drafts 200]

The real bot as a process of its own against the stand-in Slack, whose chat.postMessage is held up so that 50 drafts are
unfinished all the while. Ack: from a post, or a command, to the ack at the stand-in, whose own work is counted in.
First answer: from a post to the reply's arrival, one draft at a time, nothing else going on.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, watched


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", choices=("http", "socket"), default="socket")
    parser.add_argument("--drafts", type=int, default=200)
    args = parser.parse_args()
    with SlackStandIn() as slack, tempfile.TemporaryDirectory() as data:
        bot = BotProcess(slack, Path(data), args.mode)
        bot.start()
        channel = watched(slack, "bench")
        _first_answer(slack, channel, 0)  # DBOS looks for new queues once a second: the first may wait for that
        answer = next(m for m in slack.messages(channel) if m.get("bot_id") and m.get("thread_ts"))
        first = [_first_answer(slack, channel, n) for n in range(1, 21)]
        acks = _acks(slack, channel, args.drafts)
        commands = _commands(slack, channel)
        buttons = _timed(50, lambda _: slack.press("ada", channel, answer["ts"], "another_angle"))
        posts = [slack.post("general", "noor", f"{MEGAPHONE} shortcut {n}") for n in range(30)]
        shortcuts = [_shortcut(slack, ts) for ts in posts]
        forms = _timed(30, lambda _: _open_form(slack, channel))
        slack.faults.release()
        bot.stop()
    rows = {
        "ack of an event": acks,
        "ack of /humanize": commands,
        "ack of a button": buttons,
        "ack of a shortcut": shortcuts,
        "a form is open": forms,
        "first answer": first,
    }
    print(f"{'':20} {'n':>5} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}")
    for name, values in rows.items():
        print(f"{name:20} {len(values):5} {_quantile(values, 50):8.1f} {_quantile(values, 99):8.1f} {max(values):8.1f}")
    print(json.dumps({name: round(_quantile(values, 99), 1) for name, values in rows.items()}))
    quick = all(_quantile(taken, 99) <= 100 for taken in (acks, commands, buttons, shortcuts))
    return 0 if quick and _quantile(forms, 99) <= 300 and _quantile(first, 99) <= 1000 else 1


def _first_answer(slack: SlackStandIn, channel: str, number: int) -> float:
    start = time.perf_counter()
    ts = slack.post(channel, "ada", f"{MEGAPHONE} number {number}")
    slack.wait_for(lambda: slack.thread(channel, ts))
    return (time.perf_counter() - start) * 1000


def _acks(slack: SlackStandIn, channel: str, drafts: int) -> list[float]:
    slack.fault("hang", "chat.postMessage", times=10_000)
    for number in range(50):
        slack.post(channel, "noor", f"{MEGAPHONE} waiting {number}")
    slack.wait_delivered(60)
    taken = []
    for number in range(drafts):
        start = time.perf_counter()
        slack.post(channel, "ada", f"{MEGAPHONE} acked {number}")
        slack.wait_delivered(60)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def _timed(times: int, act: Callable[[int], object]) -> list[float]:
    """Milliseconds that each of ``times`` acts took."""
    taken = []
    for number in range(times):
        start = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def _shortcut(slack: SlackStandIn, ts: str) -> float:
    """The ack of *Humanize this*; then its answer is waited for, as whoever pressed it would."""
    (taken,) = _timed(1, lambda _: slack.message_shortcut("mei", "general", ts, "humanize_this"))
    slack.wait_for(lambda: len(slack.views("mei")[-1:]) and len(slack.views("mei")[-1]["blocks"]) > 1)
    slack.close_view("mei")
    return taken


def _open_form(slack: SlackStandIn, channel: str) -> None:
    """From the command to the form that somebody sees."""
    slack.command("tomas", channel, "/humanize")
    slack.wait_for(lambda: slack.views("tomas"))
    slack.close_view("tomas", clear=True)


def _commands(slack: SlackStandIn, channel: str) -> list[float]:
    taken = []
    for _ in range(50):
        start = time.perf_counter()
        slack.command("ada", channel, "/humanize", MEGAPHONE)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def _quantile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


if __name__ == "__main__":
    sys.exit(main())

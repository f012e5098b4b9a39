"""Does it keep what it promised, whatever dies? Exit 1 when one draft was lost, answered twice, or answered outdated.

    .venv/bin/python -m benchmarks.chaos [--drafts 2000] [--mode http|socket] [--seed N] [--kills 40]
                                         [--starts 20] [--clock-jumps]

The real bot as a process of its own, killed by SIGKILL at random and between Slack's accepting a reply and its being
recorded; the stand-in Slack with 429, 500, refusals, cut and hanging connections, events twice, late and out of order;
a stand-in model that fails six times in eight. ``--starts``: first starts killed at random, migrations included.
``--clock-jumps`` needs libfaketime (`pip install libfaketime`, which compiles it) and moves the bot's clock by up to
200 s, less than Slack's signatures bear.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched
from tests.e2e.storm import Report, Storm
from tests.standin_llm import StandInLLM

RETRY_FACTOR = 0.05
"""Slack retries after 0, 60 and 300 s; here after 0, 3 and 15."""
MAX_JUMP_S = 200
JUMP_EVERY_S = 5.0
ENV = {"HUMANIZE_LLM_TIMEOUT_S": "2", "HUMANIZE_LLM_MAX_RETRIES": "0", "HUMANIZE_LOG_LEVEL": "WARNING"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drafts", type=int, default=2000)
    parser.add_argument("--mode", choices=("http", "socket"), default="http")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--starts", type=int, default=20)
    parser.add_argument("--rate", type=float, default=40.0, help="acts a second")
    parser.add_argument("--clock-jumps", action="store_true")
    args = parser.parse_args()
    start = time.perf_counter()
    report = _storm(args)
    survived = sum(_killed_first_start(args.seed + n) for n in range(args.starts))
    figures = report.as_dict() | {
        "first_starts_killed": args.starts,
        "first_starts_survived": survived,
        "seconds": round(time.perf_counter() - start),
    }
    print(json.dumps(figures, indent=1))
    return 0 if report.whole and survived == args.starts else 1


def _storm(args: argparse.Namespace) -> Report:
    with SlackStandIn() as slack, StandInLLM() as llm, tempfile.TemporaryDirectory() as folder:
        slack.set_retry_factor(RETRY_FACTOR)
        over = threading.Event()
        clock, env = _clock(Path(folder), over, args) if args.clock_jumps else (None, {})
        bot = BotProcess(slack, Path(folder) / "data", args.mode, OPENAI_BASE_URL=llm.base_url, **ENV, **env)
        bot.start()
        if clock:
            clock.start()
        try:
            return Storm(slack, bot, llm, seed=args.seed, kills=args.kills, rate=args.rate).run(args.drafts)
        finally:
            over.set()
            bot.kill()


def _clock(folder: Path, over: threading.Event, args: argparse.Namespace) -> tuple[threading.Thread, dict[str, str]]:
    """A thread that moves the bot's clock, and the environment in which the bot follows it."""
    import libfaketime  # not among the benchmarks' own packages: it needs a compiler

    offset = folder / "offset"
    offset.write_text("+0")
    library = next(Path(libfaketime.__file__).parent.rglob("libfaketime.so.1"))
    env = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    chance = random.Random(args.seed)

    def move() -> None:
        while not over.wait(JUMP_EVERY_S):
            moved = folder / "offset.new"
            moved.write_text(f"{chance.randint(-MAX_JUMP_S, MAX_JUMP_S):+d}")
            moved.replace(offset)
        offset.write_text("+0")

    return threading.Thread(target=move, daemon=True), env


def _killed_first_start(seed: int) -> bool:
    """Whether a bot whose first start was killed somewhere (migrations are in it) starts again and answers once."""
    chance = random.Random(seed)
    with SlackStandIn() as slack, tempfile.TemporaryDirectory() as folder:
        bot = BotProcess(slack, Path(folder) / "data", "http", **ENV)
        bot.spawn()
        bot.process_wait(chance.uniform(0.3, 2.5))
        bot.kill()
        bot.start()
        try:
            channel = watched(slack, "first-start")
            reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
        finally:
            bot.kill()
    return True


if __name__ == "__main__":
    sys.exit(main())

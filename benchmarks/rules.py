"""How fast drafts are reviewed. Usage: python benchmarks/rules.py DRAFTS.json (a list of {"text": ...}).

Prints how long the rules take to load, drafts a second, the median and the 99th percentile, and the time for texts up
to 40,000 characters, which should grow in line with their length.
"""

import json
import sys
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bot.rules import RuleSet, load_rules

ROUNDS = 5


def seconds(work, *args) -> float:
    started = perf_counter()
    work(*args)
    return perf_counter() - started


def load_time() -> float:
    return min(seconds(load_rules) for _ in range(ROUNDS))


def all_rounds(rules: RuleSet, drafts: list[str]) -> list[list[float]]:
    """For each round the time of each draft."""
    return [[seconds(rules.review, draft) for draft in drafts] for _ in range(ROUNDS)]


def main(path: str) -> None:
    drafts = [row["text"] for row in json.loads(Path(path).read_text(encoding="utf-8"))]
    rules = load_rules()
    rounds = all_rounds(rules, drafts)
    times = [min(of_one) for of_one in zip(*rounds, strict=True)]  # the best, so that a busy machine is not measured
    table = Table("measure", "value")
    table.add_row("rules", str(len(rules.rules())))
    table.add_row("load (read, check, compile)", f"{load_time() * 1e3:.1f} ms")
    table.add_row("drafts", str(len(drafts)))
    table.add_row("drafts a second", f"{len(times) / sum(times):,.0f}")
    table.add_row("p50", f"{median(times) * 1e6:.0f} µs")
    table.add_row("p99", f"{quantiles(times, n=100)[98] * 1e6:.0f} µs")
    table.add_row("p99, one round as it came", f"{quantiles(rounds[-1], n=100)[98] * 1e6:.0f} µs")
    long = " ".join(drafts)
    for size in (5_000, 10_000, 20_000, 40_000):
        best = min(seconds(rules.review, long[:size]) for _ in range(ROUNDS))
        table.add_row(f"{size:,} characters", f"{best * 1e3:.1f} ms")
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1])

"""How many flagged drafts get a rules-only rewrite that passes every check, and how long one takes.

usage: python benchmarks/rewrites.py CSV [--column text] [--show N]

Counts the rows that the rules flag (verdict other than human). Times are processor time of one rewrite, rules loaded.
"""

import argparse
import csv
import json
import time
from collections import Counter
from pathlib import Path

from bot.coach import Coach
from bot.models import Context


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("csv", type=Path)
    asked.add_argument("--column", default="text")
    asked.add_argument("--show", type=int, default=0, help="print this many rewrites to read aloud")
    args = asked.parse_args()
    coach = Coach()
    coach.rewrite(coach.review("Big news! Sign up now: acme.example"))  # reads the packaged data once
    verdicts: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    times = []
    with args.csv.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            review = coach.review(row[args.column], Context())
            if review.verdict == "human":
                continue
            started = time.process_time()
            suggestion = coach.rewrite(review)
            times.append((time.process_time() - started) * 1000)
            verdicts[review.verdict] += 1
            passed[review.verdict] += bool(suggestion.rewrites)
            if suggestion.rewrites and sum(passed.values()) <= args.show:
                print(f"\n< {review.text}\n> {suggestion.rewrites[0].text}")
    times.sort()
    spread = {"p50": round(times[len(times) // 2], 1), "p99": round(times[int(len(times) * 0.99)], 1)} if times else {}
    figures = {
        "flagged": sum(verdicts.values()),
        "with_rewrite": round(sum(passed.values()) / max(1, sum(verdicts.values())), 3),
        "by_verdict": {v: round(passed[v] / n, 3) for v, n in verdicts.items()},
        "ms": spread,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

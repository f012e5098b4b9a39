"""What a change did to the speed: two trees of this project side by side, on the same drafts, in turns.

    python -m benchmarks.old_new OLD NEW [--what rewrite|review] [--csv CSV...] [--rows 300] [--rounds 3]

OLD and NEW are folders with a tree each (``git worktree add``). Each runs in a process of its own; fifty drafts at a
time, first the one and then the other, so that a busy machine is fair to both. Drafts are the rows that
``benchmarks.rewrites`` draws from the CSVs; for reviews without a CSV, those of ``benchmarks.drafts``. Printed is CPU
time in milliseconds: of the first look at each draft and of the best of all rounds, and the ratios new to old.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time_ns
from typing import NamedTuple

AT_ONCE = 50


class Times(NamedTuple):
    """By draft, in milliseconds."""

    first: list[float]
    best: list[float]


class Tree:
    """One tree at work, asked through its pipes for a few drafts at a time."""

    def __init__(self, folder: Path, what: str, drafts: Path) -> None:
        command = [sys.executable, str(Path(__file__).resolve()), "--work", what, str(drafts)]
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder.resolve())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.times = Times([], [])

    def run(self, start: int, end: int) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{start} {end}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit("a tree stopped; its error stands above")
        first, best = self.times
        for at, took in enumerate(json.loads(answer), start):
            if at == len(first):
                first.append(took)
                best.append(took)
            best[at] = min(best[at], took)


def work(what: str, path: str) -> None:
    """Run in a tree's own process: read ``start end`` and answer with the times of these drafts."""
    from bot.coach import Coach

    coach = Coach()
    coach.warm_up()
    texts: list[str] = json.loads(Path(path).read_text(encoding="utf-8"))
    reviews = [coach.review(text) for text in texts] if what == "rewrite" else []
    for line in sys.stdin:
        start, end = map(int, line.split())
        took: list[float] = []
        for at in range(start, end):
            started = process_time_ns()
            _ = coach.rewrite(reviews[at]) if what == "rewrite" else coach.review(texts[at])
            took.append((process_time_ns() - started) / 1e6)
        sys.stdout.write(json.dumps(took) + "\n")
        sys.stdout.flush()


def drawn(csvs: list[Path], what: str, rows: int) -> list[str]:
    if csvs:
        from benchmarks import rewrites
        from bot.coach import Coach

        return [row.review.text for row in rewrites.drawn(csvs, Coach(), rows, 1)]
    if what == "rewrite":
        sys.exit("--what rewrite needs --csv: made drafts are no rows that anybody flagged")
    from benchmarks.drafts import made

    return made()[:: max(1, 2_000 // rows)]


def figures(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    at = {name: ordered[int(len(ordered) * share)] for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))}
    return {"mean": sum(ordered) / len(ordered), **at}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("old", type=Path)
    asked.add_argument("new", type=Path)
    asked.add_argument("--what", choices=("rewrite", "review"), default="rewrite")
    asked.add_argument("--csv", type=Path, nargs="*", default=[])
    asked.add_argument("--rows", type=int, default=300)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    texts = drawn(given.csv, given.what, given.rows)
    with tempfile.TemporaryDirectory() as folder:
        drafts = Path(folder) / "drafts.json"
        drafts.write_text(json.dumps(texts), encoding="utf-8")
        trees = [Tree(tree, given.what, drafts) for tree in (given.old, given.new)]
        for number in range(given.rounds):
            for start in range(0, len(texts), AT_ONCE):
                turn = (number + start // AT_ONCE) % 2
                for tree in (trees[turn], trees[1 - turn]):
                    tree.run(start, min(len(texts), start + AT_ONCE))
    for kind in ("first", "best"):
        old, new = (figures(getattr(tree.times, kind)) for tree in trees)
        for name in old:
            sys.stdout.write(
                f"{kind:6}{name:5} old {old[name]:7.2f} new {new[name]:7.2f} ms  {new[name] / old[name]:.2f} x\n"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(*sys.argv[2:])
    else:
        main()

"""Drafts beside their rewrites, for readers who must not know which is which.

    .venv/bin/python -m benchmarks.pairs CSV... --seed 7 --rows 40 --out FOLDER     # pairs.md, and key.json for later
    .venv/bin/python -m benchmarks.pairs --score FOLDER                             # when judge.json is there

Readers get ``pairs.md`` alone and write ``judge.json``: a list of {"n": 1, "preferred": "A", "B" or "tie",
"send_A": true, "send_B": false}. Drafts that get no rewrite, or read human, are left out. Each file gives as many.
"""

import argparse
import csv
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.coach import Coach, DraftError

LOUD = frozenset({"robotic", "megaphone", "auto_dm"})


def pairs(files: list[Path], rows: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """(file, draft, rewrite) of drafts that get one, as many from each file."""
    shuffled, coach = random.Random(seed), Coach()
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            drafts = [row["text"] for row in csv.DictReader(lines) if row.get("text")]
        shuffled.shuffle(drafts)
        found = 0
        for draft in drafts:
            if found == rows // len(files):
                break
            try:
                review = coach.review(draft)
            except DraftError:
                continue
            rewrites = coach.rewrite(review).rewrites if review.verdict in LOUD else ()
            if rewrites:
                found += 1
                yield file.stem, draft, rewrites[0].text


def write(files: list[Path], rows: int, seed: int, folder: Path) -> None:
    """Shuffle sides and order, and write both files."""
    shuffled = random.Random(seed)
    found = list(pairs(files, rows, seed))
    shuffled.shuffle(found)
    key, shown = [], []
    for number, (file, draft, rewrite) in enumerate(found, start=1):
        rewrite_is_a = shuffled.random() < 0.5
        first, second = (rewrite, draft) if rewrite_is_a else (draft, rewrite)
        key.append({"n": number, "file": file, "rewrite": "A" if rewrite_is_a else "B"})
        shown.append(f"## {number}\n\n### A\n\n{first}\n\n### B\n\n{second}\n")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pairs.md").write_text("\n".join(shown), "utf-8")
    (folder / "key.json").write_text(json.dumps(key), "utf-8")


def score(folder: Path) -> None:
    """How often the rewrite was preferred, and either would be sent, by file."""
    judged = {one["n"]: one for one in json.loads((folder / "judge.json").read_text("utf-8"))}
    figures: dict[str, Counter[str]] = {}
    for one in json.loads((folder / "key.json").read_text("utf-8")):
        said, mine = judged[one["n"]], one["rewrite"]
        theirs = "B" if mine == "A" else "A"
        for name in (one["file"], "all"):
            counted = figures.setdefault(name, Counter())
            counted["pairs"] += 1
            counted["preferred"] += said["preferred"] == mine
            counted["tie"] += said["preferred"] == "tie"
            counted["would send the rewrite"] += bool(said[f"send_{mine}"])
            counted["would send the draft"] += bool(said[f"send_{theirs}"])
    for name, counted in figures.items():
        sys.stdout.write(f"{name:20} " + ", ".join(f"{what} {n}" for what, n in counted.items()) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--out", type=Path, default=Path("pairs"))
    parser.add_argument("--score", type=Path)
    args = parser.parse_args()
    if args.score:
        score(args.score)
    elif args.files:
        write(args.files, args.rows, args.seed, args.out)
    else:
        parser.error("name CSV files, or --score FOLDER")


if __name__ == "__main__":
    main()

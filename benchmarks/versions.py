"""Where versions of one draft end and different drafts begin: ``python -m benchmarks.versions DRAFTS.json``.

DRAFTS.json is a list of {"text"}. Prints how alike pairs of different drafts are, and drafts with every fifth word
changed; bot/iterate.py's threshold lies between.
"""

import json
import random
import sys
from pathlib import Path

from bot.iterate import ALIKE, likeness

PERCENTILES = (0, 1, 5, 50, 95, 99)


def main(path: str) -> None:
    chance = random.Random(20261122)
    drafts = [draft["text"] for draft in json.loads(Path(path).read_text(encoding="utf-8"))]
    different = [likeness(*chance.sample(drafts, 2)) for _ in range(5_000)]
    edited = [likeness(draft, _edited(draft, chance)) for draft in chance.sample(drafts, 1_000)]
    print(f"{'percentile':22}", *(f"{p:>6}" for p in PERCENTILES))
    for name, values in (("different drafts", different), ("every fifth word changed", edited)):
        ordered = sorted(values)
        print(f"{name:22}", *(f"{ordered[int(len(ordered) * p / 100)]:6.1f}" for p in PERCENTILES))
    print(f"threshold {ALIKE}: {sum(v >= ALIKE for v in different) / len(different):.1%} of different drafts above it,")
    print(f"{sum(v < ALIKE for v in edited) / len(edited):.1%} of edited ones below")


def _edited(draft: str, chance: random.Random) -> str:
    words = draft.split()
    for _ in range(max(1, len(words) // 5)):
        at = chance.randrange(len(words))
        words[at] = chance.choice(["we", "today", "better", "team", "now"])
    return " ".join(words)


if __name__ == "__main__":
    main(sys.argv[1])

"""Hits of every rule, for reading by hand. Usage: python -m benchmarks.hits SET.csv ... [--channel SET.csv].

Prints for each rule that says something of the texts (``text``; ``id`` and ``label`` where they are there) how often it
fires, then 30 (``--many``) of its hits, drawn with a fixed seed: the set, label and id, and the match between the words
around it. Sets after ``--channel`` are read as messages of a channel, so what is no draft gets silence. Judge each:
would a fair reader agree that the text does what the rule says?
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from random import Random
from typing import NamedTuple

from bot.models import Context, Flag, Praise
from bot.rules import RuleSet, load_rules

SEED = 7
BEFORE, MATCH, AFTER = 70, 140, 60
"""Characters that are shown."""


class Hit(NamedTuple):
    """One rule's first span in one text."""

    source: str
    rule: str
    text: str
    sign: Flag | Praise

    def line(self) -> str:
        start, end = self.sign.start, self.sign.end
        around = self.text[max(0, start - BEFORE) : start], self.text[start:end][:MATCH], self.text[end : end + AFTER]
        return f"  {self.source} | " + " ".join("{} >>{}<< {}".format(*around).split())


def hits(rules: RuleSet, paths: Iterable[Path], context: Context) -> Iterator[Hit]:
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=1):
                review = rules.review(row["text"], context)
                first = {sign.rule: sign for sign in reversed((*review.flags, *review.praise))}
                source = f"{path.stem} {row.get('label', '')} {row.get('id') or number}"
                yield from (Hit(source, rule, review.text, sign) for rule, sign in first.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--channel", nargs="+", type=Path, default=[], help="sets of channel messages")
    parser.add_argument("--rule", action="append", default=[], help="only this rule; may be repeated")
    parser.add_argument("--many", type=int, default=30)
    asked = parser.parse_args()
    rules = load_rules()
    found: dict[str, list[Hit]] = {info.id: [] for info in rules.rules() if not asked.rule or info.id in asked.rule}
    every = (hits(rules, asked.paths, Context()), hits(rules, asked.channel, Context(as_channel=True)))
    for hit in chain.from_iterable(every):
        if hit.rule in found:
            found[hit.rule].append(hit)
    for rule, of_rule in found.items():
        sys.stdout.write(f"{rule}: {len(of_rule)}, {rules.rule(rule).why}\n")
        drawn = Random(SEED).sample(of_rule, min(asked.many, len(of_rule)))
        sys.stdout.writelines(f"{hit.line()}\n" for hit in drawn)


if __name__ == "__main__":
    main()

"""How fast drafts are reviewed, beside other linters on the same drafts, against the goals of docs/speed.md.

    python benchmarks/rules.py [--drafts FILE] [--report-only]

``make bench`` installs the others; write-good is fetched where Node is there. Exit 1 when a goal is missed.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import drafts as draft_files
from benchmarks import peers
from bot.rules import RuleSet, load_rules

ROUNDS = 5
SIZES = (1_000, 5_000, 10_000, 20_000, 40_000)
TEAM_RULES = 3_000
Times = list[float]
_FIRST = ("synergistic", "turnkey", "robust", "granular", "holistic", "bespoke", "frictionless", "scalable", "iconic")
_SECOND = ("offering", "roadmap", "mindset", "journey", "bandwidth", "footprint", "toolkit", "narrative", "cadence")


class Goal(NamedTuple):
    name: str
    got: float
    limit: float
    unit: str
    least: bool = False

    @property
    def met(self) -> bool:
        return self.got >= self.limit if self.least else self.got <= self.limit

    def __str__(self) -> str:
        sign = "at least" if self.least else "at most"
        word = "ok    " if self.met else "MISSED"
        return f"{word}  {self.name}: {self.got:,.2f} {self.unit}, goal {sign} {self.limit:,.2f}"


def seconds(work: Callable[[str], object], text: str) -> float:
    """CPU time: what waits for a busy machine is not the work's."""
    started = process_time()
    work(text)
    return process_time() - started


def best_of(works: list[Callable[[str], object]], texts: list[str], rounds: int = ROUNDS) -> list[Times]:
    """For each work the best time for each text. They take turns, so that a busy machine is fair to all."""
    best = [[float("inf")] * len(texts) for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, best, strict=True):
            for number, text in enumerate(texts):
                times[number] = min(times[number], seconds(work, text))
    return best


def rate(times: Times) -> float:
    return len(times) / sum(times)


def p99(times: Times) -> float:
    return quantiles(times, n=100)[98]


def line(name: str, times: Times, ours: Times) -> None:
    print(
        f"{name:28}{rate(times):>12,.0f}{median(times) * 1e6:>12,.0f}{p99(times) * 1e6:>12,.0f}"
        f"{rate(ours) / rate(times):>12.1f}"
    )


def beside_peers(rules: RuleSet, drafts: list[str]) -> list[Goal]:
    works: dict[str, Callable[[str], object]] = {"humanize-bot": rules.review}
    missing: list[str] = []
    for name, make in (("proselint", peers.proselint), ("slop-guard", peers.slop_guard)):
        try:
            works[name] = make()
        except ImportError as error:
            missing.append(f"{name}: {error}; `make bench` installs it")
    times = dict(zip(works, best_of(list(works.values()), drafts, 3), strict=True))
    try:
        times["write-good (8 checks)"] = peers.write_good(drafts)
    except (OSError, subprocess.SubprocessError) as error:
        missing.append(f"write-good: {error}")
    ours = times["humanize-bot"]
    print(f"{'linter':28}{'drafts/s':>12}{'p50 µs':>12}{'p99 µs':>12}{'ours is ×':>12}")
    for name, found in times.items():
        line(name, found, ours)
    for name in missing:
        print(f"not measured: {name}")
    print()
    goals = [Goal("p99 of a draft", p99(ours) * 1e3, 0.5, "ms")]
    others = [rate(found) for name, found in times.items() if name != "humanize-bot"]
    if others:
        goals.append(Goal("drafts a second beside the fastest other", rate(ours) / max(others), 15, "×", least=True))
    return goals


def by_length(rules: RuleSet, drafts: list[str]) -> Goal:
    long = "\n\n".join(drafts)
    texts = [long[:size] for size in SIZES]
    (best,) = best_of([rules.review], texts)
    per_char = [took / size * 1e9 for took, size in zip(best, SIZES, strict=True)]
    print(f"{'characters':28}{'ms':>12}{'ns a char':>12}")
    for size, took, each in zip(SIZES, best, per_char, strict=True):
        print(f"{size:<28,}{took * 1e3:>12.2f}{each:>12.0f}")
    print()
    return Goal("a character of 40,000 beside one of 5,000", per_char[-1] / per_char[1], 1.25, "×")


def team_style(folder: Path, number: int) -> Path:
    """A style as teams write them: phrases to avoid, and words to swap for others."""
    chance = Random(number)
    style = folder / "House"
    style.mkdir()
    for rule in range(number):
        phrases = [f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {chance.choice(_SECOND)}s?" for _ in range(4)]
        if rule % 3:
            body = "extends: existence\nmessage: \"We avoid '%s'.\"\ntokens:\n" + "".join(
                f"  - {p} {rule}\n" for p in phrases
            )
        else:
            body = "extends: substitution\nmessage: \"Say '%s', not '%s'.\"\nswap:\n" + "".join(
                f"  {p} {rule}: plain words\n" for p in dict.fromkeys(phrases)
            )
        (style / f"Rule{rule}.yml").write_text(body, encoding="utf-8")
    return style


def with_team_rules(drafts: list[str]) -> Goal:
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        team = load_rules([team_style(Path(folder), TEAM_RULES)])
        took = perf_counter() - started
    assert not team.problems, team.problems[0]
    bare, full = best_of([load_rules().review, team.review], drafts, 3)
    print(f"{TEAM_RULES:,} rules of a team: loaded in {took:.1f} s, {sum(full) / sum(bare):.2f} × the time of none\n")
    return Goal(f"the time with {TEAM_RULES:,} rules of a team", sum(full) / sum(bare), 1.5, "×")


def with_a_pattern(token: str) -> RuleSet:
    with tempfile.TemporaryDirectory() as folder:
        style = Path(folder) / "House"
        style.mkdir()
        (style / "One.yml").write_text(
            f"extends: existence\nmessage: m\nnonword: true\ntokens: ['{token}']\n", encoding="utf-8"
        )
        return load_rules([style])


def hostile_pattern() -> Goal:
    text = "a" * 20_000 + "!"
    plain, hostile = best_of([with_a_pattern("ab$").review, with_a_pattern("(a+)+$").review], [text], 15)
    print(f"pattern on 20,000 characters: plain {plain[0] * 1e3:.2f} ms, hostile {hostile[0] * 1e3:.2f} ms\n")
    return Goal("(a+)+$ beside a plain pattern", hostile[0] / plain[0], 1.1, "×")


def cold_start(draft: str) -> Goal:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft.txt"
        path.write_text(draft, encoding="utf-8")
        command = [sys.executable, "-m", "bot", "check", str(path)]
        runs = []
        for _ in range(10):
            started = perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parent.parent)
            runs.append((perf_counter() - started) * 1e3)
    print(f"`humanize-bot check` from cold: median {median(runs):.0f} ms, best {min(runs):.0f} ms of {len(runs)}\n")
    return Goal("`humanize-bot check` from cold", median(runs), 250, "ms")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--drafts", help='a JSON list of {"text": ...} instead of the made ones')
    options.add_argument("--report-only", action="store_true", help="exit 0 whatever the goals say")
    given = options.parse_args()
    drafts = draft_files.read(given.drafts) if given.drafts else draft_files.made()
    rules = load_rules()
    print(f"{len(rules.rules())} rules, {len(drafts):,} drafts, {median(map(len, drafts)):.0f} characters each\n")
    goals = beside_peers(rules, drafts)
    goals.append(by_length(rules, drafts))
    goals.append(with_team_rules(drafts[:500]))
    goals.append(hostile_pattern())
    goals.append(cold_start(drafts[0]))
    for goal in goals:
        print(goal)
    missed = [goal for goal in goals if not goal.met]
    if missed:
        print(f"\n{len(missed)} of {len(goals)} goals missed: {'; '.join(goal.name for goal in missed)}")
    return 1 if missed and not given.report_only else 0


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        sys.exit(main())

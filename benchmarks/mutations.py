"""Would a test notice? Breaks each rule, each count and each weight of the score in turn, and sees a test fail.

    python benchmarks/mutations.py [--conditions] [--only PART_OF_NAME]

A mutant is first put before the cases that the rules carry, then, in a process of its own, before the tests in TESTS.
Prints those that no test noticed and exits 1 when there are any. With --conditions each condition of each rule is left
out as well.
"""

import argparse
import contextlib
import io
import multiprocessing
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.rules import counts, engine, load_rules, packs, run_rule_tests, score, selftest
from bot.rules.counts import NAMES, prepare
from bot.rules.model import Condition, MetricRule, Rule, RuleInfo, WordRule

ROOT = Path(__file__).parent.parent
NEVER = b"[^\\x00-\\x{10FFFF}]"
PROCESSES = 2
TESTS = ("tests/rules/test_counts.py", "tests/rules/test_weights.py")
_real_load = packs._load
_real_fitted = score.fitted


class Mutant(NamedTuple):
    name: str
    breaks: Callable[[], None]
    own_cases: bool = True
    """Could the cases that rules carry notice it? They see hits, no scores."""


def _breaking(rule_id: str, change: Callable[[Rule], Rule]) -> Callable[[], None]:
    def load(*args: Any, **kwargs: Any) -> Any:
        rules, problems = _real_load(*args, **kwargs)
        return [change(rule) if rule.info.id == rule_id else rule for rule in rules], problems

    return lambda: setattr(packs, "_load", load)


def _silent(rule: Rule) -> Rule:
    if isinstance(rule, WordRule):
        return replace(rule, pattern=NEVER)
    return replace(rule, info=replace(rule.info, when=(Condition.parse("words < 0"),)))


def _without(field: str, condition: Condition) -> Callable[[Rule], Rule]:
    def change(rule: Rule) -> Rule:
        kept = tuple(one for one in getattr(rule.info, field) if one != condition)
        return replace(rule, info=replace(rule.info, **{field: kept}))

    return change


def _told(condition: Condition) -> str:
    return f"{condition.name} {condition.compare.__name__} {condition.number:g}"


def _of_rule(rule: Rule, conditions: bool) -> Iterator[Mutant]:
    info: RuleInfo = rule.info
    if not (isinstance(rule, WordRule) and rule.minimum):
        yield Mutant(f"{info.id}: never fires", _breaking(info.id, _silent))
    for condition in info.when if conditions else ():
        if isinstance(rule, MetricRule) and len(info.when) == 1:
            continue
        yield Mutant(f"{info.id}: without {_told(condition)}", _breaking(info.id, _without("when", condition)))


def _no_count(name: str) -> Callable[[], None]:
    def counted(text: str, network: str | None = None) -> Any:
        found = prepare(text, network)
        return found._replace(numbers={**found.numbers, name: 0.0})

    def breaks() -> None:
        for module in (engine, selftest, counts):
            module.prepare = counted  # type: ignore[attr-defined]  # what is broken is put in its place

    return breaks


def _of_score() -> Iterator[Mutant]:
    whole = _real_fitted()

    def weighing(weights: score.Weights) -> Callable[[], None]:
        return lambda: setattr(score, "fitted", lambda: weights)

    for rule in whole.rules:
        rules = {**whole.rules, rule: 0.0}
        yield Mutant(f"score.yaml: {rule} weighs nothing", weighing(whole._replace(rules=rules)), own_cases=False)
    for field in ("adds", "takes"):
        for pair in getattr(whole, field):
            kept = tuple(one for one in getattr(whole, field) if one != pair)
            weights = whole._replace(**{field: kept})
            yield Mutant(f"score.yaml: {field} nothing for {pair[0]}", weighing(weights), own_cases=False)


def mutants(conditions: bool) -> list[Mutant]:
    rules = load_rules()._rules.values()
    found = [mutant for rule in rules for mutant in _of_rule(rule, conditions)]
    found += [Mutant(f"{name}: counted as 0", _no_count(name)) for name in sorted(NAMES)]
    return [*found, *_of_score()]


def noticed_by_own_cases(mutant: Mutant) -> bool:
    if not mutant.own_cases:
        return False
    try:
        mutant.breaks()
        return bool(run_rule_tests(load_rules()))
    finally:
        packs._load = _real_load
        for module in (engine, selftest, counts):
            module.prepare = prepare  # type: ignore[attr-defined]  # as it was


def noticed_by_tests(mutant_of: tuple[int, bool]) -> bool:
    """Runs in a process of its own, so that nothing it imports or breaks stays."""
    import pytest

    number, conditions = mutant_of
    mutants(conditions)[number].breaks()
    paths = [str(ROOT / path) for path in TESTS]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(ROOT), *paths])
    return code != 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="", help="mutants whose name holds this")
    options.add_argument("--conditions", action="store_true", help="leave out each condition of each rule, too")
    given = options.parse_args()
    started = perf_counter()
    broken = run_rule_tests(load_rules())
    if broken:
        print(f"The rules' own cases fail without a mutant: {broken[0]}")
        return 2
    found = mutants(given.conditions)
    chosen = [number for number, mutant in enumerate(found) if given.only in mutant.name]
    left = [number for number in chosen if not noticed_by_own_cases(found[number])]
    print(f"{len(chosen)} mutants; the rules' own cases notice {len(chosen) - len(left)}")
    # A fresh process for each: test modules load their rules when they are imported.
    with multiprocessing.get_context("fork").Pool(PROCESSES, maxtasksperchild=1) as pool:
        noticed = pool.map(noticed_by_tests, [(number, given.conditions) for number in left], chunksize=1)
    survivors = [found[number].name for number, seen in zip(left, noticed, strict=True) if not seen]
    print(f"the tests notice {len(left) - len(survivors)} more, in {perf_counter() - started:.0f} s")
    for name in survivors:
        print(f"no test notices: {name}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

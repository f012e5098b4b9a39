"""Ours through a filter, a team's through a set: together they find what each rule finds by itself."""

from dataclasses import replace
from pathlib import Path

import pytest
import re2

from bot.rules import RuleFileError, load_rules
from bot.rules.matching import Matcher, has_groups
from bot.rules.model import WordRule
from bot.rules.patterns import options

WORDS = [rule for rule in load_rules()._rules.values() if isinstance(rule, WordRule)]
TEXTS = [case.input for rule in WORDS for case in rule.info.tests][:200]
SPLITS = {
    "all ours": [True] * len(WORDS),
    "all a team's": [False] * len(WORDS),
    "some of each": [number % 2 == 0 for number in range(len(WORDS))],
}


@pytest.mark.parametrize("ours", SPLITS.values(), ids=SPLITS)
def test_whoever_owns_a_rule_it_is_found(ours: list[bool]) -> None:
    matcher = Matcher(WORDS, ours)
    alone = [re2.compile(rule.pattern, options()) for rule in WORDS]
    for text in TEXTS:
        found = matcher.matching(text.encode())
        assert sorted(found) == [n for n, rule in enumerate(alone) if rule.search(text.encode())]
        assert len(found) == len(set(found))


def test_only_our_patterns_are_compiled_before_they_match() -> None:
    matcher = Matcher(WORDS, SPLITS["some of each"])
    assert [matcher.compiled(n) is not None for n in range(len(WORDS))] == SPLITS["some of each"]


def test_a_marked_part_of_a_pattern_is_still_told() -> None:
    marked = next(n for n, rule in enumerate(WORDS) if has_groups(rule.pattern))
    compiled = Matcher(WORDS, SPLITS["all ours"]).compiled(marked)
    assert compiled is not None
    assert b"hit" in compiled.groupindex


@pytest.mark.parametrize("ours", [True, False])
def test_a_pattern_that_does_not_compile_is_named(ours: bool) -> None:
    broken = replace(WORDS[0], info=replace(WORDS[0].info, path=Path("House/Broken.yml")), pattern=b"(")
    with pytest.raises(RuleFileError, match=r"House/Broken\.yml:1: the pattern does not compile"):
        Matcher([broken], [ours])


def test_no_rules_match_nothing() -> None:
    assert Matcher([], []).matching(b"anything") == []

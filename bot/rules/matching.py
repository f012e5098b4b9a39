"""Which rules can match a text, told for all of them at once."""

from collections.abc import Iterable
from typing import Any

import re2

from bot.rules.model import RuleFileError, RuleProblem, WordRule
from bot.rules.patterns import options

SET_MEMORY = 64 << 20
"""Bytes for the RE2 set of a team's rules; at RE2's default 1,000 rules do not compile."""


class Matcher:
    """The patterns of word rules, by their place in ``rules``. Raises RuleFileError for one that does not compile.

    Ours go through an RE2 filter, which looks for the words that a pattern can't do without and runs the patterns that
    have them. In a set the states of many such patterns multiply: each new draft would cost ten times what it costs
    when it is seen again. A team's, up to 5,000 and simpler, do go through a set: a filter has no room for their words.
    """

    def __init__(self, rules: list[WordRule], ours: Iterable[bool]) -> None:
        team = [not one for one in ours]
        self._ours = [index for index, one in enumerate(team) if not one]
        self._team = [index for index, one in enumerate(team) if one]
        self._filter = _filter_of([rules[index] for index in self._ours]) if self._ours else None
        self._set = _set_of([rules[index] for index in self._team]) if self._team else None
        self._place = {index: place for place, index in enumerate(self._ours)}

    def matching(self, data: bytes) -> list[int]:
        """The rules that match, in no order."""
        found = [self._ours[place] for place in self._filter.Match(data) or ()] if self._filter else []
        return found + ([self._team[place] for place in self._set.Match(data) or ()] if self._set else [])

    def compiled(self, index: int) -> Any | None:
        """The pattern of a rule to look for spans with, where it is compiled already."""
        place = self._place.get(index)
        return self._filter.re(place) if self._filter and place is not None else None


def has_groups(pattern: bytes) -> bool:
    """Must a search tell more than the span? RE2 finds a span by itself several times faster than the groups in it."""
    return b"(?P<hit>" in pattern


def _filter_of(rules: list[WordRule]) -> Any:
    matcher = re2.Filter()
    for rule in rules:
        try:
            matcher.Add(rule.pattern, options(groups=has_groups(rule.pattern)))
        except re2.error:
            raise _broken(rule) from None
    matcher.Compile()
    return matcher


def _set_of(rules: list[WordRule]) -> Any:
    matcher = re2.Set.SearchSet(options(SET_MEMORY))
    for rule in rules:
        try:
            matcher.Add(rule.pattern)
        except re2.error:
            raise _broken(rule) from None
    try:
        matcher.Compile()
    except re2.error:
        problem = RuleProblem(rules[0].info.path, 1, "the rules together are too large to compile")
        raise RuleFileError((problem,)) from None
    return matcher


def _broken(rule: WordRule) -> RuleFileError:
    return RuleFileError((RuleProblem(rule.info.path, 1, "the pattern does not compile"),))

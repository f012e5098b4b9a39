"""Where word rules match, and which of their matches count."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import re2

from bot.rules import quoting, vocabulary
from bot.rules.counts import Spans
from bot.rules.matching import Matcher, has_groups
from bot.rules.model import Rule, WordRule
from bot.rules.optout import OptOut
from bot.rules.patterns import options
from bot.text.normal import Normalised

MAX_HITS = 5
"""Hits of one rule that are shown and counted; a sixth says nothing new."""


class Finder(NamedTuple):
    """A word rule, compiled to look for its spans."""

    finditer: Callable[[bytes], Iterator[Any]]
    group: int
    """What to mark, where the pattern says so; 0 for the whole match."""
    limit: int | None
    """Spans after which it may stop; None for rules that count or compare them all."""
    excepted: Callable[[bytes], Any] | None


class Hit(NamedTuple):
    """A rule that fired, with character spans into the normalised text."""

    rule: Rule
    spans: Spans
    swaps: tuple[str, ...] = ()
    said: bool = True
    """False for praise that counts, and would sound false if it were said."""

    def without(self, off: OptOut) -> "Hit":
        """The hit without the spans at which its rule is switched off."""
        kept = [number for number, span in enumerate(self.spans) if not off.silent(self.rule.info.id, *span)]
        swaps = tuple(self.swaps[number] for number in kept) if self.swaps else ()
        return self._replace(spans=[self.spans[number] for number in kept], swaps=swaps)


class WordFinder:
    """Looks for the spans of word rules. Safe to share between threads: what is compiled late is the same each time."""

    def __init__(self, words: list[WordRule], ours: Iterable[bool]) -> None:
        self._words = words
        self._compiled: dict[tuple[bytes, bool], Any] = {}
        self._finders: list[Finder | None] = [None] * len(words)
        self._matcher = Matcher(words, ours)
        # What fires because words are missing cannot be found by them.
        self._by_absence = [index for index, rule in enumerate(words) if rule.minimum]

    def possible(self, data: bytes) -> list[int]:
        """Indices of the word rules that can match a text in UTF-8, in order."""
        return sorted({*self._by_absence, *self._matcher.matching(data)})

    def _compile(self, pattern: bytes, *, groups: bool = True) -> Any:
        compiled = self._compiled.get((pattern, groups))
        if compiled is None:
            compiled = self._compiled[pattern, groups] = re2.compile(pattern, options(groups=groups))
        return compiled

    def _finder(self, index: int) -> Finder:
        """Made when the rule first matches: most rules never do."""
        finder = self._finders[index]
        if finder is None:
            rule = self._words[index]
            compiled = self._matcher.compiled(index) or self._compile(rule.pattern, groups=has_groups(rule.pattern))
            finder = Finder(
                compiled.finditer,
                compiled.groupindex.get(b"hit", 0),
                None if _needs_all(rule) else max(MAX_HITS, rule.info.at_least),
                self._compile(rule.exceptions).fullmatch if rule.exceptions is not None else None,
            )
            self._finders[index] = finder
        return finder

    def look(self, index: int, data: bytes, line: Normalised, accepted: Spans) -> Hit | None:
        """The spans of one word rule, or None when its kind, its exceptions or its number of hits say no."""
        rule = self._words[index]
        find, group, limit, excepted = self._finder(index)
        text, chars = line.text, None if line.text.isascii() else line.chars
        spans: Spans = []
        for match in find(data):
            start, end = match.span()
            if start == end or (accepted and vocabulary.inside(accepted, start, end)):
                continue
            if excepted is not None and excepted(data[start:end]):
                continue
            if group and match.span(group)[0] >= 0:
                start, end = match.span(group)
            spans.append(quoting.trimmed(text, *(chars(start, end) if chars else (start, end))))
            if len(spans) == limit:
                break
        if limit is None:
            spans = self._among(rule, spans, data, line, accepted)
        if len(spans) < max(1, rule.info.at_least):
            return None
        del spans[MAX_HITS:]
        return Hit(rule, spans, self._swaps(rule, text, spans) if rule.swap else ())

    def _among(self, rule: WordRule, spans: Spans, data: bytes, line: Normalised, accepted: Spans) -> Spans:
        """Of all the spans of a rule that counts or compares, those that it marks."""
        if rule.repeats:
            return quoting.repeated(line.text, spans)
        if rule.either:
            return self._second_of_two(rule, data, line, accepted)
        if rule.second is not None:
            return self._without_second(rule, data, line, accepted)
        return quoting.too_many(rule, line.text, spans)

    def _second_of_two(self, rule: WordRule, data: bytes, line: Normalised, accepted: Spans) -> Spans:
        """Consistency: of each pair that is used both ways, the way that came second."""
        spans: Spans = []
        for pair in rule.either:
            ways = [[m.span() for m in self._compile(way).finditer(data)] for way in pair]
            ways = [[span for span in way if not vocabulary.inside(accepted, *span)] for way in ways]
            if all(ways):
                spans += [line.byte_span(*span) for span in max(ways)]
        return sorted(spans)

    def _without_second(self, rule: WordRule, data: bytes, line: Normalised, accepted: Spans) -> Spans:
        """Conditional: what ``first`` found and ``second`` (by its group, if it has one) does not back."""
        first, second = self._compile(rule.pattern), self._compile(rule.second or b"")
        firsts = [m for m in first.finditer(data) if not vocabulary.inside(accepted, *m.span())]
        if not second.groups:
            return [] if second.search(data) else [line.byte_span(*m.span()) for m in firsts]
        backed = {m.group(1) for m in second.finditer(data)}
        group = 1 if first.groups else 0
        excepted = self._compile(rule.exceptions).fullmatch if rule.exceptions is not None else None
        return [
            line.byte_span(*m.span(group))
            for m in firsts
            if m.group(group) not in backed and not (excepted and excepted(m.group(group)))
        ]

    def _swaps(self, rule: WordRule, text: str, spans: Spans) -> tuple[str, ...]:
        return tuple(self._swap(rule, text[start:end]) for start, end in spans)

    def _swap(self, rule: WordRule, match: str) -> str:
        data = match.encode()
        better = next((better for pattern, better in rule.swap if self._compile(pattern).fullmatch(data)), "")
        return better[:1].upper() + better[1:] if rule.capitalize and match[:1].isupper() else better


def _needs_all(rule: WordRule) -> bool:
    return rule.repeats or bool(rule.either) or rule.second is not None or rule.maximum is not None or rule.minimum > 0

"""Runs all rules over a text: RE2 says at once which match, then only those look for their spans."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import re2

from bot.models import Context, Flag, Praise, Review
from bot.rules import chatter, optout, quoting, score, vocabulary
from bot.rules.cards import CARDS
from bot.rules.counts import Counted, Spans, prepare
from bot.rules.language import foreign_language
from bot.rules.loading import fitting, load_style
from bot.rules.matching import Matcher, has_groups
from bot.rules.model import Condition, MetricRule, Rule, RuleFileError, RuleInfo, RuleProblem, WordRule
from bot.rules.patterns import options
from bot.text.normal import Normalised, normalise

STYLES = Path(__file__).parent / "styles"
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

    def without(self, off: optout.OptOut) -> "Hit":
        """The hit without the spans at which its rule is switched off."""
        kept = [number for number, span in enumerate(self.spans) if not off.silent(self.rule.info.id, *span)]
        swaps = tuple(self.swaps[number] for number in kept) if self.swaps else ()
        return self._replace(spans=[self.spans[number] for number in kept], swaps=swaps)


def load_rules(
    extra_styles: Iterable[Path] = (),
    *,
    off: Iterable[str] = (),
    accept: Iterable[vocabulary.Word] = (),
    reject: Iterable[vocabulary.Word] = (),
    problems: Iterable[RuleProblem] = (),
) -> "RuleSet":
    """The built-in styles and a team's own; ``off`` names rules or styles that stay silent.

    ``problems`` are what was wrong with the vocabularies (:func:`bot.rules.vocabulary.read_words`).

    Raises :class:`RuleFileError` for a fault in a built-in style. Faults in ``extra_styles`` (each a folder of ``.yml``
    files, or a folder of such folders) become ``RuleSet.problems``; the rest of their rules load.
    """
    rules, broken = _load(sorted(path for path in STYLES.iterdir() if path.is_dir()), trusted=True)
    broken += _unknown_names(rules, rules)
    if broken:
        raise RuleFileError(tuple(broken))
    rejecting = vocabulary.rejecting(reject)
    rules += [rejecting] if rejecting else []
    made = partial(RuleSet, off=tuple(off), accept=vocabulary.accepting(accept))
    faults = list(problems)
    extra, wrong = _load([folder for path in extra_styles for folder in _style_folders(Path(path), faults)])
    faults += wrong
    extra = [replace(rule, info=replace(rule.info, any_language=True)) for rule in extra]
    taken = {rule.info.id for rule in rules}
    for rule in extra:
        if rule.info.id in taken:
            faults.append(RuleProblem(rule.info.path, 1, f"there is already a rule {rule.info.id}; rename the folder"))
        taken.add(rule.info.id)
    built_in = {rule.info.id for rule in rules}
    extra = list({rule.info.id: rule for rule in extra if rule.info.id not in built_in}.values())
    unknown = _unknown_names(extra, rules + extra)
    refused = {problem.path for problem in unknown}
    kept = [rule for rule in extra if rule.info.path not in refused]
    kept = fitting(kept, faults)
    try:
        return made(rules + kept, tuple(faults + unknown))
    except RuleFileError as error:
        if not kept:
            raise
        return made(rules, (*faults, *unknown, *error.problems))


def _style_folders(path: Path, problems: list[RuleProblem]) -> list[Path]:
    try:
        inside = sorted(path.iterdir()) if path.is_dir() else []
    except OSError as error:
        problems.append(RuleProblem(path, 1, f"the folder cannot be read: {error.strerror}"))
        return []
    folders = [child for child in inside if child.is_dir()]
    if folders and not any(child.suffix == ".yml" or child.name == "pack.yaml" for child in inside):
        return folders
    return [path]


def _load(folders: Iterable[Path], *, trusted: bool = False) -> tuple[list[Rule], list[RuleProblem]]:
    rules: list[Rule] = []
    problems: list[RuleProblem] = []
    for folder in folders:
        found, faults = load_style(folder, trusted=trusted)
        rules += found
        problems += faults
    return rules, problems


def _unknown_names(rules: Iterable[Rule], known: Iterable[Rule]) -> list[RuleProblem]:
    """Conditions that name a rule which does not exist, or one that counts (only word rules can be asked)."""
    words = {rule.info.id for rule in known if isinstance(rule, WordRule)}
    return [
        RuleProblem(rule.info.path, 1, f"{rule.info.id} asks for {condition.name}, which is no word rule")
        for rule in rules
        for condition in (*rule.info.when, *rule.info.said_when)
        if "." in condition.name and condition.name not in words
    ]


class RuleSet:
    """Rules that were read and compiled once; reviewing is pure, deterministic and safe to share between threads.

    ``off`` names rules and styles that stay silent, whatever their case; ``accept`` is the compiled pattern of words
    that no rule may match.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        problems: tuple[RuleProblem, ...] = (),
        *,
        off: Iterable[str] = (),
        accept: Any | None = None,
    ) -> None:
        self._rules = {rule.info.id: rule for rule in sorted(rules, key=lambda rule: rule.info.id)}
        self._words = [rule for rule in self._rules.values() if isinstance(rule, WordRule)]
        self._metrics = [rule for rule in self._rules.values() if isinstance(rule, MetricRule)]
        self._compiled: dict[tuple[bytes, bool], Any] = {}
        self._finders: list[Finder | None] = [None] * len(self._words)
        self._matcher = Matcher(self._words, [rule.info.path.is_relative_to(STYLES) for rule in self._words])
        # What fires because words are missing cannot be found by them.
        self._by_absence = {index for index, rule in enumerate(self._words) if rule.minimum}
        off = {name.lower() for name in off}
        self._off = {id_ for id_ in self._rules if off & {id_.lower(), id_.partition(".")[0].lower()}}
        self._accept = accept
        self.problems = problems
        """What is wrong with a team's own rule files."""

    def rule(self, rule_id: str) -> RuleInfo:
        """Raises KeyError for an unknown id."""
        return CARDS[rule_id] if rule_id in CARDS else self._rules[rule_id].info

    def rules(self) -> tuple[RuleInfo, ...]:
        """All rules, by id."""
        return tuple(rule.info for rule in self._rules.values())

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Those of ``names`` that are neither a rule nor a style of this set."""
        known = {name.lower() for id_ in (*self._rules, *CARDS) for name in (id_, id_.partition(".")[0])}
        return [name for name in names if name.lower() not in known]

    def fires_alone(self, rule_id: str) -> bool:
        """Does this rule need no company? Raises KeyError for an unknown id."""
        return self.rule(rule_id).alone

    def review(self, text: str, context: Context = Context()) -> Review:  # noqa: B008  (frozen)
        """Review one draft. ``flags`` are in order of weight; offsets are characters of ``text``. Never raises."""
        start, end, network = 0, len(text), context.network
        if context.as_channel or context.in_thread:
            if not self.is_draft(text, context):
                return score.silence(text, network)
            start, end, marked = chatter.strip_marks(text)
            network = network or marked
        normal = normalise(text[start:end])
        off = optout.read(normal.text)
        if off is not None and off.everything:
            return score.silence(text, network).model_copy(update={"is_draft": True})
        counted = prepare(normal.text if off is None else off.text, network)
        language = foreign_language(counted.prose)
        hits = self._heard(self._hits(counted, network), off, language)
        if context.rules_off:
            hits = [hit for hit in hits if hit.rule.info.id not in context.rules_off]
        fired = _with_company(hits)
        verdict = score.judge([(hit.rule.info, len(hit.spans)) for hit in fired], counted.numbers)
        mix = score.mix_of(counted.numbers, {hit.rule.info.id for hit in hits})
        flags, praise = _report(_true(fired), normal, text, start)
        return Review(
            text=text, network=network, verdict=verdict.verdict, score=verdict.score, categories=verdict.categories,
            mix=mix, flags=tuple(flags), praise=tuple(praise), sensitive=counted.topic,
            language=language,
        )  # fmt: skip

    def is_draft(self, text: str, context: Context) -> bool:
        """Is this channel message a draft at all? See :mod:`bot.rules.chatter`."""
        return chatter.is_draft(text, context, self)

    def fired(self, text: str, network: str | None = None) -> list[str]:
        """Ids of all rules that match a text by themselves, company or not; for tests of rules and for reports."""
        return [hit.rule.info.id for hit in self._hits(prepare(normalise(text).text, network), network)]

    def _heard(self, hits: list[Hit], off: optout.OptOut | None, language: str | None) -> list[Hit]:
        """Leaves out what the team or the writer switched off, and what speaks of English in another language."""
        if self._off:
            hits = [hit for hit in hits if hit.rule.info.id not in self._off]
        if language is not None:
            hits = [hit for hit in hits if hit.rule.info.any_language]
        if off is None or not off.silences:
            return hits
        return [kept for hit in hits if (kept := hit.without(off)).spans]

    def _hits(self, counted: Counted, network: str | None) -> list[Hit]:
        data = counted.prose.encode()
        line = Normalised(counted.prose, counted.prose)
        accepted: Spans = [found.span() for found in self._accept.finditer(data)] if self._accept else []
        if accepted:
            counted = vocabulary.without_caps(counted, [line.byte_span(*span) for span in accepted])
        numbers: Counter[str] = Counter()
        found: list[Hit] = []
        for index in self._possible(data):
            hit = self._look(index, data, line, accepted)
            if hit is not None:
                found.append(hit)
                numbers[hit.rule.info.id] = len(hit.spans)
        known = {**counted.numbers, **numbers}
        hits = [hit for hit in found if _applies(hit.rule.info, known, network)]
        hits += [
            Hit(metric, quoting.telling(metric.count, counted))
            for metric in self._metrics
            if _applies(metric.info, known, network)
        ]
        return [_unsaid(hit, known) if hit.rule.info.said_when else hit for hit in hits]

    def _possible(self, data: bytes) -> list[int]:
        """Indices of the word rules that can match, in order."""
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

    def _look(self, index: int, data: bytes, line: Normalised, accepted: Spans) -> Hit | None:
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


def _unsaid(hit: Hit, numbers: Mapping[str, float]) -> Hit:
    return hit if _holds(hit.rule.info.said_when, numbers) else hit._replace(said=False)


def _applies(info: RuleInfo, numbers: Mapping[str, float], network: str | None) -> bool:
    if (info.networks and network not in info.networks) or network in info.not_networks:
        return False
    return _holds(info.when, numbers)


def _holds(conditions: tuple[Condition, ...], numbers: Mapping[str, float]) -> bool:
    for condition in conditions:  # noqa: SIM110  (all() with a generator costs twice as much, a hundred times a draft)
        if not condition.compare(numbers.get(condition.name, 0.0), condition.number):
            return False
    return True


def _with_company(hits: list[Hit]) -> list[Hit]:
    """Leaves out the flags that need the company of other rules and have too little of it."""
    flagged = sum(not hit.rule.info.praise for hit in hits)
    return [hit for hit in hits if hit.rule.info.praise or flagged - 1 >= hit.rule.info.needs]


def _true(fired: list[Hit]) -> list[Hit]:
    """Leaves out the praise a reader would find false: words that are flagged, and all warmth in an auto-DM."""
    if any(score.cools(hit.rule.info) for hit in fired):
        return [hit for hit in fired if not hit.rule.info.praise]
    flagged = [
        span for hit in fired for span in hit.spans if not hit.rule.info.praise and isinstance(hit.rule, WordRule)
    ]
    true: list[Hit] = []
    for hit in fired:
        if hit.rule.info.praise:
            free = [span for span in hit.spans if not any(a < span[1] and span[0] < b for a, b in flagged)]
            hit = hit._replace(spans=free if hit.said else [])
        true.append(hit)
    return true


def _report(fired: list[Hit], normal: Normalised, text: str, shift: int) -> tuple[list[Flag], list[Praise]]:
    flags: list[tuple[float, Flag]] = []
    praise: list[Praise] = []
    for hit in fired:
        info = hit.rule.info
        for number, span in enumerate(hit.spans[:MAX_HITS]):
            start, end = (shift + offset for offset in normal.span(*span))
            why = _worded(info.why, text[start:end], hit.swaps[number] if hit.swaps else "")
            if info.category is None:
                praise.append(Praise(rule=info.id, start=start, end=end, match=text[start:end], why=why))
            else:
                flag = Flag(
                    rule=info.id, category=info.category, severity=info.severity, start=start, end=end,
                    match=text[start:end], why=why, question=info.question,
                )  # fmt: skip
                flags.append((info.weight, flag))
    flags.sort(key=lambda item: (-item[0], item[1].start, item[1].rule))
    praise.sort(key=lambda sign: (sign.start, sign.rule))
    return [flag for _, flag in flags], praise


def _worded(message: str, match: str, better: str) -> str:
    """Vale's ``%s``: in a substitution first what to say, then what was said; otherwise the match."""
    if "%s" not in message:
        return message
    for value in (better, match) if better else (match, match):
        message = message.replace("%s", value, 1)
    return message

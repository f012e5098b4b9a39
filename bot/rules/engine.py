"""Runs all rules over a text: RE2 says at once which match, then only those look for their spans."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bot.models import Context, Flag, Praise, Review
from bot.rules import optout, quoting, score, vocabulary
from bot.rules.cards import CARDS
from bot.rules.counts import Counted, Spans, prepare
from bot.rules.finding import MAX_HITS, Hit, WordFinder
from bot.rules.language import foreign_language
from bot.rules.model import Condition, MetricRule, Rule, RuleInfo, RuleProblem, WordRule
from bot.text.normal import Normalised, normalise

STYLES = Path(__file__).parent / "styles"


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
        self._finder = WordFinder(self._words, [rule.info.path.is_relative_to(STYLES) for rule in self._words])
        self._gates = _gates(self._rules.values(), self._words)
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
            from bot.rules.chatter import strip_marks

            start, end, marked = strip_marks(text)
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
        from bot.rules.chatter import is_draft  # 15 ms: its patterns are for channels only

        return is_draft(text, context, self)

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
        for index in self._finder.possible(data):
            gate = self._gates[index]
            if gate is not None and not _applies(gate, counted.numbers, network):
                continue
            hit = self._finder.look(index, data, line, accepted)
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


class _Gate(NamedTuple):
    """What must hold before the words of a rule are looked for: its networks, and what it asks of the counts."""

    when: tuple[Condition, ...]
    networks: tuple[str, ...]
    not_networks: tuple[str, ...]


def _gates(rules: Iterable[Rule], words: Iterable[WordRule]) -> list[_Gate | None]:
    """By word rule; None for one that other rules ask about, which is looked for whether it fires or not."""
    asked = {condition.name for rule in rules for condition in (*rule.info.when, *rule.info.said_when)}
    return [
        None if rule.info.id in asked else _Gate(_of_counts(rule.info.when), rule.info.networks, rule.info.not_networks)
        for rule in words
    ]


def _of_counts(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return tuple(condition for condition in conditions if "." not in condition.name)


def _unsaid(hit: Hit, numbers: Mapping[str, float]) -> Hit:
    return hit if _holds(hit.rule.info.said_when, numbers) else hit._replace(said=False)


def _applies(info: RuleInfo | _Gate, numbers: Mapping[str, float], network: str | None) -> bool:
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

"""Runs the tests that rules carry."""

from typing import NamedTuple

from bot.rules.counts import prepare
from bot.rules.engine import RuleSet, _worded
from bot.rules.finding import Hit
from bot.rules.model import RuleInfo, RuleTest
from bot.text.normal import normalise


class Failure(NamedTuple):
    """A case that did not come out as it says, or a rule without the cases it needs."""

    rule: str
    case: str
    message: str


def run_rule_tests(ruleset: RuleSet) -> list[Failure]:
    """All failures, by rule. Each rule needs one case that fires and one that stays silent."""
    failures: list[Failure] = []
    for info in ruleset.rules():
        fired = silent = False
        for case in info.tests:
            alerts = _alerts(ruleset, info, case.input)
            fired, silent = fired or bool(alerts), silent or not alerts
            wrong = _wrong(case, alerts)
            if wrong:
                failures.append(Failure(info.id, case.name, wrong))
        if not fired:
            failures.append(Failure(info.id, "coverage", "no case makes this rule fire"))
        if not silent:
            failures.append(Failure(info.id, "coverage", "no case leaves this rule silent"))
    return failures


def _alerts(ruleset: RuleSet, info: RuleInfo, text: str) -> str:
    """Vale's lines ``line:column:rule:message`` of this one rule, without regard to company."""
    network = info.networks[0] if info.networks else None
    normal = normalise(text)
    hits: list[Hit] = ruleset._hits(prepare(normal.text, network), network)
    lines = []
    for hit in hits:
        if hit.rule.info.id == info.id:
            for number, span in enumerate(hit.spans):
                start, end = normal.span(*span)
                line = text.count("\n", 0, start) + 1
                column = start - (text.rfind("\n", 0, start) + 1) + 1
                message = _worded(info.why, text[start:end], hit.swaps[number] if hit.swaps else "")
                lines.append(f"{line}:{column}:{info.id}:{message}")
    return "\n".join(lines)


def _wrong(case: RuleTest, alerts: str) -> str:
    if case.want is not None and case.want.strip() != alerts.strip():
        return f"wanted {case.want.strip()!r}, got {alerts!r}"
    if case.contains is not None and case.contains not in alerts:
        return f"{case.contains!r} is not in {alerts!r}"
    if case.absent is not None and case.absent in alerts:
        return f"{case.absent!r} should not be in {alerts!r}"
    return ""

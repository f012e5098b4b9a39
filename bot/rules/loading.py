"""Reads styles: folders of rules in Vale's YAML format, one rule a file, with a ``pack.yaml`` beside them.

Everything is checked here, so that a rule that loads can run: unknown keys, wrong types, patterns RE2 refuses. What is
wrong becomes a :class:`RuleProblem` with file and line, and the rest loads.
"""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

from bot.models import Category, Severity
from bot.rules.counts import NAMES
from bot.rules.model import Condition, MetricRule, Rule, RuleInfo, RuleProblem, RuleTest, WordRule
from bot.rules.patterns import MAKERS, compiled, either, exceptions, spaced, swaps
from bot.rules.reading import BadFile, at_least, attempt, check_keys, get, read_yaml, strings

MAX_RULES = 5_000
MAX_PATTERNS = 1_000_000
"""Characters of all of a team's patterns together, so that they fit into the memory of one RE2 set."""

# "action" tells an editor how to mend it, "vocab" and "limit" are for Vale's own runs: they are read and left alone.
_COMMON = {"extends", "message", "description", "link", "level", "scope", "tests", "action", "vocab", "limit"}
_KEYS = {
    "existence": {"tokens", "raw", "append", "exceptions", "ignorecase", "nonword"},
    "substitution": {"swap", "append", "capitalize", "exceptions", "ignorecase", "nonword"},
    "occurrence": {"token", "max", "min", "ignorecase"},
    "conditional": {"first", "second", "exceptions", "ignorecase"},
    "repetition": {"tokens", "ignorecase", "alpha", "exceptions"},
    "consistency": {"either", "ignorecase", "nonword"},
}
_NOT_HERE = {
    "capitalization": "is for headings, which drafts do not have",
    "metric": "computes a formula of Vale's; write it as one of 'metrics' in pack.yaml",
    "readability": "computes a grade; write 'grade > 10' as one of 'metrics' in pack.yaml",
    "script": "runs a program, and rules are only data here",
    "sequence": "needs parts of speech, which are not looked for here",
    "spelling": "needs a dictionary, which is not here",
}
_SCOPES = ("text", "paragraph", "sentence", "summary", "raw")
"""Those of Vale's that plain text has; all but "sentence" are the whole draft."""
_PACK_KEYS = {"category", "praise", "evidence", "question", "rules", "metrics"}
_RULE_KEYS = {
    "category", "weight", "alone", "needs", "at-least", "when", "networks", "not-networks", "evidence", "source",
    "question", "why-it-matters", "label", "said-when", "any-language", "cost",
}  # fmt: skip
_METRIC_KEYS = _RULE_KEYS | {"count", "message", "description", "level", "link", "tests"}
_EVIDENCE = {"A", "B", "C", "A/B", "principle"}
_DEFAULT_QUESTION = "How would you say this to one person you know?"
_EXPECTATIONS = ("want", "contains", "absent")


def load_style(folder: Path, *, trusted: bool = False) -> tuple[list[Rule], list[RuleProblem]]:
    """All rules of one style folder, in the order of their names, and what is wrong with its files.

    ``trusted`` leaves it to the matcher to compile the patterns: the built-in styles have tests, and 70 patterns cost
    20 ms.
    """
    if not folder.is_dir():
        return [], [RuleProblem(folder, 1, "there is no such folder of rules")]
    problems: list[RuleProblem] = []
    pack_path = folder / "pack.yaml"
    pack = attempt(pack_path, problems, _pack) if pack_path.exists() else {}
    pack = pack or {}
    paths, left_out = _files(folder, problems)
    words = [attempt(path, problems, partial(_word_rule, path, pack, trusted)) for path in paths]
    rules: list[Rule] = [rule for rule in words if rule is not None]
    for name in pack.get("metrics", {}):
        metric = attempt(pack_path, problems, partial(_metric, name, pack, pack_path))
        rules += [metric] if metric else []
    for name in set(pack.get("rules", {})) - {path.stem for path in (*paths, *left_out)}:
        attempt(pack_path, problems, partial(_no_file, name))
    return rules, problems


def _files(folder: Path, problems: list[RuleProblem]) -> tuple[list[Path], list[Path]]:
    """The rule files of a folder, and those past MAX_RULES, which are named once."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".yml")
    except OSError as error:
        problems.append(RuleProblem(folder, 1, f"the folder cannot be read: {error.strerror}"))
        return [], []
    if len(paths) > MAX_RULES:
        problems.append(RuleProblem(paths[MAX_RULES], 1, f"more than {MAX_RULES} rules; the rest is left out"))
    return paths[:MAX_RULES], paths[MAX_RULES:]


def fitting(rules: list[Rule], problems: list[RuleProblem]) -> list[Rule]:
    """As many of a team's rules as may run together; the first of those left out is named."""
    room = MAX_PATTERNS
    for number, rule in enumerate(rules):
        room -= len(rule.pattern) if isinstance(rule, WordRule) else 0
        if number == MAX_RULES or room < 0:
            limit = f"{MAX_RULES} rules" if number == MAX_RULES else f"{MAX_PATTERNS:,} characters of patterns"
            problems.append(RuleProblem(rule.info.path, 1, f"more than {limit}; the rest is left out"))
            return rules[:number]
    return rules


def _no_file(name: str, _: str) -> None:
    raise BadFile(f"{name!r} has no file {name}.yml beside the pack", f"  {name}:")


def _pack(text: str) -> dict[str, Any]:
    data = read_yaml(text)
    check_keys(data, _PACK_KEYS, "pack.yaml")
    for section, allowed in (("rules", _RULE_KEYS), ("metrics", _METRIC_KEYS)):
        entries = get(data, section, dict, {})
        for name, entry in entries.items():
            if not isinstance(entry, dict):
                raise BadFile(f"{name!r} should be a mapping of keys", f"{name}:")
            check_keys(entry, allowed, f"{section}: {name}")
    return data


def _info(
    rule_id: str, data: Mapping[str, Any], ours: Mapping[str, Any], pack: Mapping[str, Any], path: Path
) -> RuleInfo:
    # Both stand in messages, where these signs are Slack's.
    if not re.fullmatch(r"[\w .-]{1,100}", rule_id):
        raise BadFile("the names of a rule and its folder hold letters, digits, blanks, '.', '-' and '_', 100 at most")
    if re.search("[<>&]", get(ours, "label", str, "")):
        raise BadFile("'label' holds <, > or &", "label:")
    message = get(data, "message", str, "")
    if not message:
        raise BadFile("'message' is missing: one kind sentence on what a reader feels")
    level = get(data, "level", str, "suggestion")
    if level not in ("suggestion", "warning", "error"):
        raise BadFile(f"'level' is suggestion, warning or error, not {level!r}", "level:")
    category = ours.get("category", pack.get("category", "robotic"))
    if category not in ("robotic", "megaphone", "auto_dm"):
        raise BadFile(f"'category' is robotic, megaphone or auto_dm, not {category!r}", "category:")
    evidence = str(ours.get("evidence", pack.get("evidence", "principle")))
    if evidence not in _EVIDENCE:
        raise BadFile(f"'evidence' is one of {', '.join(sorted(_EVIDENCE))}, not {evidence!r}", "evidence:")
    needs = at_least(ours, "needs", int, 0, 0)
    return RuleInfo(
        id=rule_id,
        label=get(ours, "label", str, "") or _in_words(rule_id),
        kind=get(data, "extends", str, "metric"),
        why=message,
        question=get(ours, "question", str, get(pack, "question", str, _DEFAULT_QUESTION)),
        category=None if pack.get("praise") else cast("Category", category),
        severity=cast("Severity", level),
        weight=at_least(ours, "weight", float, 2.0, 0),
        alone=get(ours, "alone", bool, not needs),
        needs=needs,
        at_least=at_least(ours, "at-least", int, 1, 1),
        when=_conditions(strings(ours, "when")),
        said_when=_conditions(strings(ours, "said-when")),
        networks=tuple(strings(ours, "networks")),
        not_networks=tuple(strings(ours, "not-networks")),
        cost=at_least(ours, "cost", float, 1.0, 0),
        any_language=get(ours, "any-language", bool, False),
        description=get(data, "description", str, ""),
        why_it_matters=get(ours, "why-it-matters", str, ""),
        evidence=evidence,
        source=get(ours, "source", str, ""),
        link=get(data, "link", str, ""),
        tests=_tests(data),
        path=path,
    )


def _in_words(rule_id: str) -> str:
    """A label for a rule without one: "House.LongWords" -> "long words"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", rule_id.rpartition(".")[2]).lower()


def _conditions(texts: list[str]) -> tuple[Condition, ...]:
    conditions = []
    for text in texts:
        try:
            condition = Condition.parse(text)
        except ValueError as error:
            raise BadFile(str(error), text) from None
        if "." not in condition.name and condition.name not in NAMES:
            raise BadFile(f"{condition.name!r} is nothing that is counted; known are: {', '.join(sorted(NAMES))}", text)
        conditions.append(condition)
    return tuple(conditions)


def _tests(data: Mapping[str, Any]) -> tuple[RuleTest, ...]:
    cases = data.get("tests", [])
    if not isinstance(cases, list):
        raise BadFile("'tests' should be a list of cases", "tests:")
    return tuple(_test(case) for case in cases)


def _test(case: object) -> RuleTest:
    if not isinstance(case, dict) or not all(isinstance(value, str) for value in case.values()):
        raise BadFile("a test is a mapping of texts: name, input, and want, contains or absent", "tests:")
    check_keys(case, {"name", "input", *_EXPECTATIONS}, "a test")
    if "input" not in case or sum(key in case for key in _EXPECTATIONS) != 1:
        raise BadFile("a test has an input and exactly one of want, contains, absent", f"name: {case.get('name')}")
    return RuleTest(**{"name": "", **case})


def _metric(name: str, pack: Mapping[str, Any], path: Path, _: str) -> MetricRule:
    ours = pack["metrics"][name]
    count = get(ours, "count", str, "words")
    if count not in NAMES:
        raise BadFile(f"{count!r} is nothing that is counted; known are: {', '.join(sorted(NAMES))}", f"count: {count}")
    if not ours.get("when"):
        raise BadFile(f"the metric {name!r} has no conditions in 'when'", f"  {name}:")
    return MetricRule(_info(f"{path.parent.name}.{name}", ours, ours, pack, path), count)


def _word_rule(path: Path, pack: Mapping[str, Any], trusted: bool, text: str) -> WordRule:
    data = read_yaml(text)
    kind = get(data, "extends", str, "")
    if kind in _NOT_HERE:
        raise BadFile(f"a rule that extends {kind!r} {_NOT_HERE[kind]}", "extends:")
    if kind not in _KEYS:
        raise BadFile(f"'extends' is one of {', '.join(_KEYS)}, not {kind!r}", "extends:")
    check_keys(data, _COMMON | _KEYS[kind], f"a rule that extends {kind}")
    scope = _scope(data)
    ours = pack.get("rules", {}).get(path.stem, {})
    info = _info(f"{path.parent.name}.{path.stem}", data, ours, pack, path)
    flags = "(?i)" if get(data, "ignorecase", bool, True) else ""
    bounded = not get(data, "nonword", bool, False)
    rule = WordRule(
        info,
        pattern=compiled(flags + MAKERS[kind](data, bounded), data, trusted),
        second=compiled(flags + spaced(get(data, "second", str, "")), data) if kind == "conditional" else None,
        exceptions=exceptions(strings(data, "exceptions"), data),
        swap=swaps(data, flags) if kind == "substitution" else (),
        minimum=at_least(data, "min", int, 0, 0),
        maximum=at_least(data, "max", int, 0, 0) if kind == "occurrence" and "max" in data else None,
        by_sentence=scope == "sentence",
        repeats=kind == "repetition",
        capitalize=get(data, "capitalize", bool, False),
        either=either(data, flags, bounded) if kind == "consistency" else (),
    )
    if kind == "occurrence" and rule.maximum is None and not rule.minimum:
        raise BadFile("an occurrence needs 'max' or 'min'", "extends:")
    return rule


def _scope(data: Mapping[str, Any]) -> str:
    """The first scope that a draft has; a rule for other parts only, such as headings, has nothing to read here."""
    given = data.get("scope", "text")
    scopes = [given] if isinstance(given, str) else strings(data, "scope")
    for scope in scopes:
        if scope in _SCOPES:
            return scope
    raise BadFile(f"'scope' is one of {', '.join(_SCOPES)}, not {given!r}", "scope:")

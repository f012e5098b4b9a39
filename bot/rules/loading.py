"""Reads styles: folders of rules in Vale's YAML format, one rule a file, with a ``pack.yaml`` beside them.

Everything is checked here, so that a rule that loads can run: unknown keys, wrong types, patterns RE2 refuses. What is
wrong becomes a :class:`RuleProblem` with file and line, and the rest loads.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import re2
import yaml

from bot.models import Category, Severity
from bot.rules.counts import NAMES
from bot.rules.model import Condition, MetricRule, Rule, RuleInfo, RuleProblem, RuleTest, WordRule

T = TypeVar("T")

MAX_FILE_BYTES = 64 * 1024
MAX_PATTERN_CHARS = 50_000
MAX_RULES = 2_000

_COMMON = {"extends", "message", "description", "link", "level", "scope", "tests"}
_KEYS = {
    "existence": {"tokens", "raw", "exceptions", "ignorecase", "nonword"},
    "substitution": {"swap", "exceptions", "ignorecase", "nonword"},
    "occurrence": {"token", "max", "min", "ignorecase"},
    "conditional": {"first", "second", "exceptions", "ignorecase"},
    "repetition": {"tokens", "ignorecase", "alpha"},
}
_PACK_KEYS = {"category", "praise", "evidence", "question", "rules", "metrics"}
_RULE_KEYS = {
    "category", "weight", "alone", "needs", "at-least", "when", "networks", "not-networks", "evidence", "source",
    "question", "why-it-matters",
}  # fmt: skip
_METRIC_KEYS = _RULE_KEYS | {"count", "message", "description", "level", "link", "tests"}
_EVIDENCE = {"A", "B", "C", "A/B", "principle"}
_DEFAULT_QUESTION = "How would you say this to one person you know?"
_EXPECTATIONS = ("want", "contains", "absent")


# Escaped characters and classes stay as they are; a plain space may carry a quantifier.
_SPACE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<space> )(?P<times>(?=[?*+{]))?", re.DOTALL)


class _Bad(Exception):  # noqa: N818  (it never leaves this module)
    """Something is wrong; ``near`` is text to find its line by."""

    def __init__(self, message: str, near: str = "") -> None:
        super().__init__(message)
        self.near = near


def load_style(folder: Path, *, trusted: bool = False) -> tuple[list[Rule], list[RuleProblem]]:
    """All rules of one style folder, in the order of their names, and what is wrong with its files.

    ``trusted`` leaves it to the RE2 set to compile the patterns: the built-in styles have tests, and 70 patterns cost 20 ms.
    """
    if not folder.is_dir():
        return [], [RuleProblem(folder, 1, "there is no such folder of rules")]
    problems: list[RuleProblem] = []
    pack_path = folder / "pack.yaml"
    pack: dict[str, Any] = {}
    if pack_path.exists():
        pack = _attempt(pack_path, problems, lambda text: _pack(_read(text))) or {}
    rules: list[Rule] = []
    names = set()
    for path in sorted(folder.glob("*.yml"))[:MAX_RULES]:
        names.add(path.stem)
        rule = _attempt(path, problems, lambda text, path=path: _word_rule(_read(text), path, pack, trusted))
        if rule is not None:
            rules.append(rule)
    if pack:
        rules += _attempt(pack_path, problems, lambda _: _metrics(pack, pack_path)) or []
        unknown = sorted(set(pack.get("rules", {})) - names)
        problems += [
            RuleProblem(
                pack_path, _line(pack_path.read_text("utf-8"), f"  {name}:"), f"{name!r} has no file {name}.yml"
            )
            for name in unknown
        ]
    return rules, problems


def _attempt(path: Path, problems: list[RuleProblem], read: Callable[[str], T]) -> T | None:
    text = ""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _Bad(f"the file is larger than {MAX_FILE_BYTES // 1024} KiB; split it into several rules")
        text = path.read_text(encoding="utf-8")
        return read(text)
    except _Bad as bad:
        problems.append(RuleProblem(path, _line(text, bad.near), str(bad)))
    except UnicodeDecodeError:
        problems.append(RuleProblem(path, 1, "the file is not UTF-8 text"))
    except OSError as error:
        problems.append(RuleProblem(path, 1, f"the file cannot be read: {error.strerror}"))
    except RecursionError:
        problems.append(RuleProblem(path, 1, "the YAML is nested too deeply"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problems.append(RuleProblem(path, line, f"this is not valid YAML: {getattr(error, 'problem', None) or error}"))
    return None


def _line(text: str, near: str) -> int:
    at = text.find(near) if near else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read(text: str) -> dict[str, Any]:
    if re.search(
        r"(?:^|[\s,\[{:-])\*\w", text
    ):  # an alias can blow a small file up; a second look only where one may be
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise _Bad("aliases (*name) are not allowed in rules", f"*{event.anchor}")
    data = yaml.load(text, Loader=_Loader)  # noqa: S506  (CSafeLoader is the safe loader in C)
    if not isinstance(data, dict):
        raise _Bad("a rule file is a mapping of keys, such as 'extends: existence'")
    return data


def _check_keys(data: Mapping[Any, Any], allowed: set[str], what: str) -> None:
    for key in data:
        if key not in allowed:
            raise _Bad(f"unknown key {key!r} in {what}; known are: {', '.join(sorted(allowed))}", f"{key}:")


def _get(data: Mapping[str, Any], key: str, kind: type[T], default: T) -> T:
    value = data.get(key, default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _Bad(f"{key!r} should be {kind.__name__}, not {type(value).__name__}", f"{key}:")
    return value


def _strings(data: Mapping[str, Any], key: str) -> list[str]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Bad(f"{key!r} should be a list of texts (put quotes round numbers, yes and no)", f"{key}:")
    return value


def _pack(data: dict[str, Any]) -> dict[str, Any]:
    _check_keys(data, _PACK_KEYS, "pack.yaml")
    for section, allowed in (("rules", _RULE_KEYS), ("metrics", _METRIC_KEYS)):
        entries = _get(data, section, dict, {})
        for name, entry in entries.items():
            if not isinstance(entry, dict):
                raise _Bad(f"{name!r} should be a mapping of keys", f"{name}:")
            _check_keys(entry, allowed, f"{section}: {name}")
    return data


def _info(
    rule_id: str, data: Mapping[str, Any], ours: Mapping[str, Any], pack: Mapping[str, Any], path: Path
) -> RuleInfo:
    message = _get(data, "message", str, "")
    if not message:
        raise _Bad("'message' is missing: one kind sentence on what a reader feels")
    level = _get(data, "level", str, "suggestion")
    if level not in ("suggestion", "warning", "error"):
        raise _Bad(f"'level' is suggestion, warning or error, not {level!r}", "level:")
    category = ours.get("category", pack.get("category", "robotic"))
    if category not in ("robotic", "megaphone", "auto_dm"):
        raise _Bad(f"'category' is robotic, megaphone or auto_dm, not {category!r}", "category:")
    evidence = str(ours.get("evidence", pack.get("evidence", "principle")))
    if evidence not in _EVIDENCE:
        raise _Bad(f"'evidence' is one of {', '.join(sorted(_EVIDENCE))}, not {evidence!r}", "evidence:")
    needs = _get(ours, "needs", int, 0)
    return RuleInfo(
        id=rule_id,
        kind=_get(data, "extends", str, "metric"),
        why=message,
        question=_get(ours, "question", str, _get(pack, "question", str, _DEFAULT_QUESTION)),
        category=None if pack.get("praise") else cast("Category", category),
        severity=cast("Severity", level),
        weight=_get(ours, "weight", float, 2.0),
        alone=_get(ours, "alone", bool, not needs),
        needs=needs,
        at_least=_get(ours, "at-least", int, 1),
        when=_conditions(ours),
        networks=tuple(_strings(ours, "networks")),
        not_networks=tuple(_strings(ours, "not-networks")),
        description=_get(data, "description", str, ""),
        why_it_matters=_get(ours, "why-it-matters", str, ""),
        evidence=evidence,
        source=_get(ours, "source", str, ""),
        link=_get(data, "link", str, ""),
        tests=_tests(data),
        path=path,
    )


def _conditions(ours: Mapping[str, Any]) -> tuple[Condition, ...]:
    conditions = []
    for text in _strings(ours, "when"):
        try:
            condition = Condition.parse(text)
        except ValueError as error:
            raise _Bad(str(error), text) from None
        if "." not in condition.name and condition.name not in NAMES:
            raise _Bad(f"{condition.name!r} is nothing that is counted; known are: {', '.join(sorted(NAMES))}", text)
        conditions.append(condition)
    return tuple(conditions)


def _tests(data: Mapping[str, Any]) -> tuple[RuleTest, ...]:
    cases = data.get("tests", [])
    if not isinstance(cases, list):
        raise _Bad("'tests' should be a list of cases", "tests:")
    return tuple(_test(case) for case in cases)


def _test(case: object) -> RuleTest:
    if not isinstance(case, dict) or not all(isinstance(value, str) for value in case.values()):
        raise _Bad("a test is a mapping of texts: name, input, and want, contains or absent", "tests:")
    _check_keys(case, {"name", "input", *_EXPECTATIONS}, "a test")
    if "input" not in case or sum(key in case for key in _EXPECTATIONS) != 1:
        raise _Bad("a test has an input and exactly one of want, contains, absent", str(case.get("name", "tests:")))
    return RuleTest(**{"name": "", **case})


def _metrics(pack: Mapping[str, Any], path: Path) -> list[Rule]:
    rules: list[Rule] = []
    for name, ours in pack.get("metrics", {}).items():
        count = _get(ours, "count", str, "words")
        if count not in NAMES:
            raise _Bad(
                f"{count!r} is nothing that is counted; known are: {', '.join(sorted(NAMES))}", f"count: {count}"
            )
        if not ours.get("when"):
            raise _Bad(f"the metric {name!r} has no conditions in 'when'", f"{name}:")
        rules.append(MetricRule(_info(f"{path.parent.name}.{name}", ours, ours, pack, path), count))
    return rules


def _word_rule(data: dict[str, Any], path: Path, pack: Mapping[str, Any], trusted: bool) -> WordRule:
    kind = data.get("extends")
    if kind not in _KEYS:
        raise _Bad(f"'extends' is one of {', '.join(_KEYS)}, not {kind!r}", "extends:")
    _check_keys(data, _COMMON | _KEYS[kind], f"a rule that extends {kind}")
    scope = _get(data, "scope", str, "text")
    if scope not in ("text", "sentence"):
        raise _Bad(f"'scope' is text or sentence, not {scope!r}", "scope:")
    ours = pack.get("rules", {}).get(path.stem, {})
    info = _info(f"{path.parent.name}.{path.stem}", data, ours, pack, path)
    flags = "(?i)" if _get(data, "ignorecase", bool, True) else ""
    bounded = not _get(data, "nonword", bool, False)
    rule = WordRule(
        info,
        pattern=_compiles(flags + _MAKERS[kind](data, bounded), data, trusted),
        second=_compiles(flags + spaced(_get(data, "second", str, "")), data) if kind == "conditional" else None,
        exceptions=_exceptions(_strings(data, "exceptions"), data),
        swap=_swaps(data, flags) if kind == "substitution" else (),
        minimum=_get(data, "min", int, 0),
        maximum=_get(data, "max", int, 0) if kind == "occurrence" and "max" in data else None,
        by_sentence=scope == "sentence",
        repeats=kind == "repetition",
    )
    if kind == "occurrence" and rule.maximum is None and not rule.minimum:
        raise _Bad("an occurrence needs 'max' or 'min'", "extends:")
    return rule


def _exceptions(tokens: list[str], data: Mapping[str, Any]) -> bytes | None:
    return _compiles("(?is)" + _either(tokens, bounded=False), data) if tokens else None


def _existence(data: Mapping[str, Any], bounded: bool) -> str:
    raw, tokens = "".join(_strings(data, "raw")), _strings(data, "tokens")
    if not raw and not tokens:
        raise _Bad("the rule has no 'tokens' and no 'raw'", "extends:")
    return _either(tokens, bounded) + raw if tokens else spaced(raw)


def _substitution(data: Mapping[str, Any], bounded: bool) -> str:
    swap = _get(data, "swap", dict, {})
    if not swap or not all(isinstance(key, str) and isinstance(value, str) for key, value in swap.items()):
        raise _Bad("'swap' should map texts to texts", "swap:")
    return _either(swap, bounded)


def _occurrence(data: Mapping[str, Any], bounded: bool) -> str:  # noqa: ARG001  (one shape for all makers)
    return spaced(_get(data, "token", str, "")) or _missing("token")


def _conditional(data: Mapping[str, Any], bounded: bool) -> str:  # noqa: ARG001  (one shape for all makers)
    if not _get(data, "second", str, ""):
        _missing("second")
    return spaced(_get(data, "first", str, "")) or _missing("first")


def _repetition(data: Mapping[str, Any], bounded: bool) -> str:
    return _either(_strings(data, "tokens") or [_missing("tokens")], bounded)


def _missing(key: str) -> str:
    raise _Bad(f"{key!r} is missing", "extends:")


_MAKERS: dict[str, Callable[[Mapping[str, Any], bool], str]] = {
    "existence": _existence,
    "substitution": _substitution,
    "occurrence": _occurrence,
    "conditional": _conditional,
    "repetition": _repetition,
}


def _either(tokens: Iterable[str], bounded: bool) -> str:
    joined = "|".join(spaced(token) for token in tokens)
    return rf"\b(?:{joined})\b" if bounded else f"(?:{joined})"


def spaced(pattern: str) -> str:
    """The pattern with each plain space widened to any white space, so that a line break inside a phrase is no way out."""
    return _SPACE.sub(_wide, pattern)


def _wide(found: re.Match[str]) -> str:
    if found["space"] is None:
        return found[0]
    return "(?:\\s+)" if found["times"] is not None else "\\s+"


def _compiles(pattern: str, data: Mapping[str, Any], trusted: bool = False) -> bytes:
    if len(pattern) > MAX_PATTERN_CHARS:
        raise _Bad(f"the pattern has more than {MAX_PATTERN_CHARS} characters; split the rule", "extends:")
    try:
        if not trusted:
            re2.compile(pattern.encode(), options())
    except (re2.error, UnicodeEncodeError) as error:
        raise _Bad(f"the pattern does not compile: {_reason(error)}", _culprit(data)) from None
    return pattern.encode()


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else error
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def _culprit(data: Mapping[str, Any]) -> str:
    """The first pattern of the rule that does not compile by itself, to find its line by."""
    parts = [*_strings(data, "tokens"), *_strings(data, "raw"), *_get(data, "swap", dict, {})]
    parts += [value for key in ("token", "first", "second") if isinstance(value := data.get(key), str)]
    for part in parts:
        try:
            re2.compile(spaced(part).encode(), options())
        except (re2.error, UnicodeEncodeError):
            return part
    return "extends:"


def _swaps(data: Mapping[str, Any], flags: str) -> tuple[tuple[bytes, str], ...]:
    return tuple(((flags + spaced(key)).encode(), value) for key, value in data["swap"].items())


def options(max_mem: int = 8 << 20) -> re2.Options:
    """RE2's options for every pattern: quiet, and bounded in memory."""
    chosen = re2.Options()
    chosen.max_mem = max_mem
    chosen.log_errors = False
    return chosen

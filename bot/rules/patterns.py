"""From the keys of a rule to the patterns that RE2 runs."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import re2

from bot.rules.reading import BadFile, get, strings

MAX_PATTERN_CHARS = 50_000

# Escaped characters and classes stay as they are; a plain space may carry a quantifier.
_SPACE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<space> )(?P<times>(?=[?*+{]))?", re.DOTALL)


def exceptions(tokens: list[str], data: Mapping[str, Any]) -> bytes | None:
    """One pattern for all exceptions; a match that it matches as a whole is left alone."""
    return compiled("(?is)" + _either(tokens, bounded=False), data) if tokens else None


def _existence(data: Mapping[str, Any], bounded: bool) -> str:
    raw, tokens = "".join(strings(data, "raw")), strings(data, "tokens")
    if not raw and not tokens:
        raise BadFile("the rule has no 'tokens' and no 'raw'", "extends:")
    return _either(tokens, bounded) + raw if tokens else spaced(raw)


def _substitution(data: Mapping[str, Any], bounded: bool) -> str:
    swap = get(data, "swap", dict, {})
    if not swap or not all(isinstance(key, str) and isinstance(value, str) for key, value in swap.items()):
        raise BadFile("'swap' should map texts to texts", "swap:")
    return _either(swap, bounded)


def _occurrence(data: Mapping[str, Any], bounded: bool) -> str:  # noqa: ARG001  (one shape for all makers)
    return spaced(get(data, "token", str, "")) or _missing("token")


def _conditional(data: Mapping[str, Any], bounded: bool) -> str:  # noqa: ARG001  (one shape for all makers)
    if not get(data, "second", str, ""):
        _missing("second")
    return spaced(get(data, "first", str, "")) or _missing("first")


def _repetition(data: Mapping[str, Any], bounded: bool) -> str:
    return _either(strings(data, "tokens") or [_missing("tokens")], bounded)


def _consistency(data: Mapping[str, Any], bounded: bool) -> str:
    pairs = get(data, "either", dict, {})
    if not pairs or not all(isinstance(key, str) and isinstance(value, str) for key, value in pairs.items()):
        raise BadFile("'either' should map texts to texts", "either:")
    return _either([*pairs, *pairs.values()], bounded)


def either(data: Mapping[str, Any], flags: str, bounded: bool) -> tuple[tuple[bytes, bytes], ...]:
    """The pairs of a consistency rule, each pattern by itself."""
    return tuple(
        ((flags + _either([one], bounded)).encode(), (flags + _either([other], bounded)).encode())
        for one, other in data["either"].items()
    )


def _missing(key: str) -> str:
    raise BadFile(f"{key!r} is missing", "extends:")


MAKERS: dict[str, Callable[[Mapping[str, Any], bool], str]] = {
    "existence": _existence,
    "substitution": _substitution,
    "occurrence": _occurrence,
    "conditional": _conditional,
    "repetition": _repetition,
    "consistency": _consistency,
}


def _either(tokens: Iterable[str], bounded: bool) -> str:
    joined = "|".join(spaced(token) for token in tokens)
    return rf"\b(?:{joined})\b" if bounded else f"(?:{joined})"


def spaced(pattern: str) -> str:
    """The pattern with each plain space widened to any white space: a line break inside a phrase is no way out."""
    return _SPACE.sub(_wide, pattern)


def _wide(found: re.Match[str]) -> str:
    if found["space"] is None:
        return found[0]
    return "(?:\\s+)" if found["times"] is not None else "\\s+"


def compiled(pattern: str, data: Mapping[str, Any], trusted: bool = False) -> bytes:
    """The pattern as RE2 takes it; raises BadFile, near the token at fault, when it does not compile."""
    if len(pattern) > MAX_PATTERN_CHARS:
        raise BadFile(f"the pattern has more than {MAX_PATTERN_CHARS} characters; split the rule", "extends:")
    try:
        if not trusted:
            re2.compile(pattern.encode(), options())
    except (re2.error, UnicodeEncodeError) as error:
        raise BadFile(f"the pattern does not compile: {_reason(error)}", _culprit(data)) from None
    return pattern.encode()


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else error
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def _culprit(data: Mapping[str, Any]) -> str:
    """The first pattern of the rule that does not compile by itself, to find its line by."""
    parts: list[str] = [*strings(data, "tokens"), *strings(data, "raw"), *get(data, "swap", dict, {})]
    for one, other in get(data, "either", dict, {}).items():
        parts += [one, other]
    parts += strings(data, "exceptions")
    parts += [value for key in ("token", "first", "second") if isinstance(value := data.get(key), str)]
    for part in parts:
        try:
            re2.compile(spaced(part).encode(), options())
        except (re2.error, UnicodeEncodeError):
            return part
    return "extends:"


def swaps(data: Mapping[str, Any], flags: str) -> tuple[tuple[bytes, str], ...]:
    """Pattern and better words, in the order of the file."""
    return tuple(((flags + spaced(key)).encode(), value) for key, value in data["swap"].items())


def options(max_mem: int = 8 << 20, *, groups: bool = True) -> re2.Options:
    """RE2's options for every pattern: quiet, and bounded in memory; without ``groups`` a match has only its span."""
    chosen = re2.Options()
    chosen.never_capture = not groups
    chosen.max_mem = max_mem
    chosen.log_errors = False
    return chosen

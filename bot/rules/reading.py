"""Reads the YAML of rule files: bounded, strict about types, and clear about what is wrong and where."""

import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.rules.model import RuleProblem

T = TypeVar("T")
MAX_FILE_BYTES = 64 * 1024
MOST = 1_000_000
"""The largest number that a rule may hold."""


class BadFile(Exception):  # noqa: N818  (it never leaves bot.rules)
    """Something is wrong; ``near`` is text to find its line by."""

    def __init__(self, message: str, near: str = "") -> None:
        super().__init__(message)
        self.near = near


def attempt(path: Path, problems: list[RuleProblem], read: Callable[[str], T]) -> T | None:
    """Reads a file, or adds to ``problems`` what is wrong with it and returns None."""
    text = ""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device might never end
            raise BadFile("this is no file of text")
        if found.st_size > MAX_FILE_BYTES:
            raise BadFile(f"the file is larger than {MAX_FILE_BYTES // 1024} KiB; split it into several rules")
        text = path.read_text(encoding="utf-8")
        return read(text)
    except BadFile as bad:
        problems.append(RuleProblem(path, _line(text, bad.near), str(bad)))
    except UnicodeDecodeError:
        problems.append(RuleProblem(path, 1, "the file is not UTF-8 text"))
    except OSError as error:
        problems.append(RuleProblem(path, 1, f"the file cannot be read: {error.strerror}"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = min(mark.line, text.rstrip().count("\n")) + 1 if mark else 1
        problems.append(RuleProblem(path, line, f"this is not valid YAML: {getattr(error, 'problem', None) or error}"))
    except (ValueError, OverflowError):  # PyYAML's own, for a date or a number that is none
        problems.append(RuleProblem(path, 1, "a number or a date in it cannot be read; put quotes round texts"))
    return None


def _line(text: str, near: str) -> int:
    at = text.find(near) if near else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


_ALIAS = re.compile(r"(?:^|[\s,\[{:-])\*[\w-]")
"""Only here can there be an alias."""
_STEPS = re.compile(r"(?:[-?:][ \t]+){9}")
_DEEPEST = 50
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> dict[str, Any]:
    """A YAML mapping without aliases (one too many can blow a small file up), nested no deeper than rules are."""
    if ("*" in text and _ALIAS.search(text)) or text.count("[") + text.count("{") > _DEEPEST or _STEPS.search(text):
        _look_closely(text)
    data = yaml.load(text, Loader=_Loader)  # noqa: S506  (CSafeLoader is the safe loader in C)
    if not isinstance(data, dict):
        raise BadFile("a rule file is a mapping of keys, such as 'extends: existence'")
    return data


def _look_closely(text: str) -> None:
    """Reads event by event: in a file that nests deep the loader runs out of stack, which ends the process."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise BadFile("aliases (*name) are not allowed in rules", f"*{event.anchor}")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise BadFile("the YAML is nested too deeply")


def check_keys(data: Mapping[Any, Any], allowed: set[str], what: str) -> None:
    """Raises BadFile for a key that is not allowed."""
    for key in data:
        if key not in allowed:
            raise BadFile(f"unknown key {key!r} in {what}; known are: {', '.join(sorted(allowed))}", f"{key}:")


def get(data: Mapping[str, Any], key: str, kind: type[T], default: T) -> T:
    """A value of one type; raises BadFile for another. Whole numbers pass for ``float``."""
    value = data.get(key, default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise BadFile(f"{key!r} should be {kind.__name__}, not {type(value).__name__}", f"{key}:")
    if isinstance(value, int | float) and not abs(value) <= MOST:  # nor NaN, which compares with nothing
        raise BadFile(f"{key!r} should be a number up to {MOST:,}", f"{key}:")
    return value


def at_least(data: Mapping[str, Any], key: str, kind: type[T], default: T, least: int) -> T:
    """A number that is ``least`` or more; raises BadFile for another."""
    value = get(data, key, kind, default)
    if isinstance(value, int | float) and value < least:
        raise BadFile(f"{key!r} should be {least} or more", f"{key}:")
    return value


def strings(data: Mapping[str, Any], key: str) -> list[str]:
    """A list of texts; raises BadFile for anything else."""
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadFile(f"{key!r} should be a list of texts (put quotes round numbers, yes and no)", f"{key}:")
    return value

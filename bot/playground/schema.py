"""Small checks that are put together into the shapes of Block Kit.

A check looks at one value at one JSON pointer and notes what Slack would say against it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Notes:
    """What was found: reasons, each with its JSON pointer, and the ids seen so far."""

    reasons: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[tuple[str, str]] = field(default_factory=set)

    def add(self, reason: str, at: str) -> None:
        """Note a reason against the value at this pointer."""
        self.reasons.append(f"{reason} [json-pointer:{at}]")


Check = Callable[[Any, str, Notes], None]


def string(most: int | None = None, least: int = 0, pattern: str | None = None) -> Check:
    """A string of ``least`` to ``most`` characters."""

    def check(value: Any, at: str, notes: Notes) -> None:
        if not isinstance(value, str):
            notes.add("must be a string", at)
        elif most is not None and len(value) > most:
            notes.add(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            notes.add(f"must be more than {least - 1} characters", at)
        elif pattern and not re.fullmatch(pattern, value):
            notes.add("invalid format", at)

    return check


def boolean(value: Any, at: str, notes: Notes) -> None:
    """True or false."""
    if not isinstance(value, bool):
        notes.add("must be a boolean", at)


def number(value: Any, at: str, notes: Notes) -> None:
    """A number (a string of digits is taken too, as Slack does for min_value)."""
    if isinstance(value, bool) or not (isinstance(value, int | float) or str(value).lstrip("-").isdigit()):
        notes.add("must be a number", at)


def anything(value: Any, at: str, notes: Notes) -> None:
    """No check."""


def one_of(*allowed: str) -> Check:
    """One of these strings."""

    def check(value: Any, at: str, notes: Notes) -> None:
        if value not in allowed:
            notes.add(f"must be one of {', '.join(allowed)}", at)

    return check


def array(item: Check, most: int, least: int = 1) -> Check:
    """A list of ``least`` to ``most`` items."""

    def check(value: Any, at: str, notes: Notes) -> None:
        if not isinstance(value, list):
            notes.add("must be an array", at)
            return
        if len(value) > most:
            notes.add(f"no more than {most} items allowed", at)
        if len(value) < least:
            notes.add(f"no fewer than {least} items allowed", at)
        for index, one in enumerate(value):
            item(one, f"{at}/{index}", notes)

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check], any_of: tuple[str, ...] = ()) -> Check:
    """An object with these fields and no others; ``any_of`` names fields of which one must be there."""
    known = {**required, **optional}

    def check(value: Any, at: str, notes: Notes) -> None:
        if not isinstance(value, dict):
            notes.add("must be an object", at)
            return
        for name in required:
            if name not in value:
                notes.add(f"missing required field: {name}", at)
        if any_of and not any(name in value for name in any_of):
            notes.add(f"missing required field: {' or '.join(any_of)}", at)
        for name, inner in value.items():
            if name not in known:
                notes.add(f"invalid additional property: {name}", at)
            elif inner is not None:
                known[name](inner, f"{at}/{name}", notes)
            elif name in required:
                notes.add("must not be null", f"{at}/{name}")

    return check


def by_type(kinds: Mapping[str, Check], noun: str) -> Check:
    """An object whose ``type`` chooses the check."""

    def check(value: Any, at: str, notes: Notes) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            notes.add(f"unsupported type: {kind!r} is no {noun} that may stand here", at)
        else:
            kinds[kind](value, at, notes)

    return check


def text(most: int, kind: str = "any", least: int = 1) -> Check:
    """A text object: ``plain_text``, ``mrkdwn`` or any of the two."""
    words = string(most, least)
    plain = record({"type": anything, "text": words}, {"emoji": boolean})
    mrkdwn = record({"type": anything, "text": words}, {"verbatim": boolean})
    kinds = {"plain_text": plain, "mrkdwn": mrkdwn}
    return by_type(kinds if kind == "any" else {kind: kinds[kind]}, "text object")

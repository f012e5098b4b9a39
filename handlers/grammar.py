"""What a text after ``/humanize`` means: a subcommand, a slip of one, or a draft. Pure.

Only a text that fits a subcommand as a whole is one, so that "Last chance to sign up" and "watch this space" are
drafts. One word that is nearly a subcommand is asked about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

NEAR = 75.0
"""How alike (0 to 100) one word must be to a subcommand's first to be asked about: "watching" and "watch" are 77."""
MIN_CHARS = 3

RULE = r"[A-Za-z][A-Za-z0-9]*\.[A-Za-z][A-Za-z0-9_]*"
"""A rule's id, such as ``Megaphone.Hashtags``."""


@dataclass(frozen=True)
class Command:
    """A subcommand, and what follows its name."""

    name: str
    argument: str = ""


@dataclass(frozen=True)
class Slip:
    """One word that is nearly the subcommand ``meant``."""

    word: str
    meant: str


class Grammar:
    """Subcommands by name; the value is a pattern for the whole of what follows the name, ``""`` for nothing."""

    def __init__(self, arguments: dict[str, str]) -> None:
        self._arguments = {name: re.compile(pattern) for name, pattern in arguments.items()}

    @property
    def names(self) -> Iterable[str]:
        """Every subcommand."""
        return self._arguments.keys()

    def read(self, text: str) -> Command | Slip | None:
        """What ``text`` means; None: it is a draft."""
        typed = " ".join(text.split())
        said = typed.lower()
        for name, argument in self._arguments.items():
            if said == name or said.startswith(f"{name} "):
                rest = typed[len(name) :].strip()
                if argument.fullmatch(rest):
                    return Command(name, rest)
        return self._slip(typed)

    def _slip(self, typed: str) -> Slip | None:
        if len(typed) < MIN_CHARS or not re.fullmatch(r"[A-Za-z]+(?:-[A-Za-z]+)?", typed):
            return None
        likeness, meant = max((_likeness(typed, name), name) for name in self._arguments)
        return Slip(typed, meant) if likeness >= NEAR else None


def _likeness(word: str, name: str) -> float:
    """To the whole name or to its first word: "forget" is near "forget me"."""
    return max(fuzz.ratio(word.lower(), name), fuzz.ratio(word.lower(), name.split()[0]))

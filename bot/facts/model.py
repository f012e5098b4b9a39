"""What a fact is, and the form in which words are compared."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "link", "email", "phone", "mention", "hashtag", "placeholder", "legal", "date", "time", "zone", "price", "number",
    "name", "quote",
]  # fmt: skip


class Fact(NamedTuple):
    """One fact; ``norm`` is what two spellings of the same fact have in common."""

    kind: Kind
    text: str
    norm: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one text in reading order. Quotes may hold other facts; apart from them no two facts overlap."""

    text: str
    found: tuple[Fact, ...]
    read: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was made of them already, by :func:`bot.facts.memory.of_facts`; it is gone when they are."""

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def of(self, *kinds: Kind) -> tuple[Fact, ...]:
        """Return the facts of these kinds, in reading order."""
        return tuple(fact for fact in self.found if fact.kind in kinds)

    def norms(self, *kinds: Kind) -> frozenset[str]:
        """Return the normal forms of the facts of these kinds."""
        return frozenset(fact.norm for fact in self.of(*kinds))


def fold(text: str) -> str:
    """Fold compatibility forms, case, curly quotes and runs of white space: the form in which words are compared."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‘", "'")
    return " ".join(plain.split())


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text: how lists of words are written here."""
    return frozenset(text.split())

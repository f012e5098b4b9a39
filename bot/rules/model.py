"""What a rule is, once it is read: plain frozen records, no I/O."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.models import Category, Severity

_COMPARE = re.compile(r"^\s*([A-Za-z_]+(?:\.[A-Za-z0-9_]+)?)\s*(<=|>=|==|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*$")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """What is wrong with a rule file, and where: ``line`` counts from 1."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class RuleFileError(ValueError):
    """A rule file of the project itself is broken; ``problems`` says how."""

    def __init__(self, problems: tuple[RuleProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison, such as ``hashtags > 2`` or ``Human.Thanks == 0``: a count or the hits of a word rule."""

    name: str
    compare: Callable[[float, float], bool]
    number: float

    @classmethod
    def parse(cls, text: str) -> "Condition":
        """Raises ValueError, naming the text, when it is no comparison."""
        found = _COMPARE.match(text)
        if found is None:
            raise ValueError(f"cannot read the condition {text!r}; write it like 'hashtags > 2'")
        return cls(found[1], _OPERATORS[found[2]], float(found[3]))


@dataclass(frozen=True, slots=True)
class RuleTest:
    """A test case as Vale 3.24 has them: exactly one of ``want``, ``contains``, ``absent`` is set."""

    name: str
    input: str
    want: str | None = None
    contains: str | None = None
    absent: str | None = None


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """A rule with what the pack says of it. ``category`` is None for praise."""

    id: str
    label: str
    """What it found, as a noun phrase of 2 to 5 words: "the pile of hashtags"."""
    kind: str
    why: str
    question: str
    category: Category | None
    severity: Severity
    weight: float
    alone: bool
    needs: int
    at_least: int
    when: tuple[Condition, ...] = ()
    said_when: tuple[Condition, ...] = ()
    """Praise that counts is only said when these hold as well: what is said has to be true."""
    networks: tuple[str, ...] = ()
    not_networks: tuple[str, ...] = ()
    cost: float = 1.0
    """The share of the weight that the score loses. A canned answer is still an answer to one person: half."""
    any_language: bool = False
    """Needs no words of English, so it runs on every text; a team's own rules always do."""
    description: str = ""
    why_it_matters: str = ""
    evidence: str = "principle"
    source: str = ""
    link: str = ""
    tests: tuple[RuleTest, ...] = ()
    path: Path = Path()

    @property
    def praise(self) -> bool:
        """True for a sign of a human voice."""
        return self.category is None


@dataclass(frozen=True, slots=True)
class WordRule:
    """A rule that matches words. ``pattern`` is RE2's, for UTF-8 bytes; ``second`` belongs to a conditional."""

    info: RuleInfo
    pattern: bytes
    second: bytes | None = None
    exceptions: bytes | None = None
    """A match that this matches as a whole is left alone."""
    swap: tuple[tuple[bytes, str], ...] = ()
    capitalize: bool = False
    """Swapped words begin with a capital where the match does."""
    minimum: int = 0
    maximum: int | None = None
    by_sentence: bool = False
    repeats: bool = False
    either: tuple[tuple[bytes, bytes], ...] = ()
    """Pairs of patterns of which a text should use one: the second that it uses is marked."""


@dataclass(frozen=True, slots=True)
class MetricRule:
    """A rule that counts: it fires when all conditions of ``info.when`` hold, and marks what ``count`` names."""

    info: RuleInfo
    count: str


Rule = WordRule | MetricRule

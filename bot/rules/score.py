"""From rules that fired to a score, a strength for each category and a verdict.

The formula, in words (docs/writing-rules.md has it with an example):

- A flag's rule gives its *weight* once, and a quarter of it for each further hit, up to three: a text is not worse for
  being long, and nothing is divided by its length. A category's points are the sum over its rules.
- A category's strength is ``points / (points + 3)``, 0 to 1.
- Praise is the sum of the weights of the praise rules that fired, each once, 6 at most. It counts nothing when a
  rule of auto_dm that fires alone has fired: a warm auto-DM is an auto-DM.
- ``score = 100 / (1 + exp(-(1.1 + 0.35 * praise - 0.5 * cost)))``: 75 with nothing found. The cost is the sum of all
  points, times the rule's own ``cost``: half for the phrases of canned answers, 1 for all others.
- The verdict is human without flags. Otherwise it is the category with the most points (auto_dm before robotic before
  megaphone when equal), but *mixed* while its points, less a third of the praise, stay under 2.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from bot.models import Categories, Category, Mix, Network, Review, Verdict
from bot.rules.model import RuleInfo

_ORDER: tuple[Category, ...] = ("auto_dm", "robotic", "megaphone")
_HALF = 3.0
_NEUTRAL, _WITH, _AT = 1.1, 0.35, 0.5
_MOST_PRAISE = 6.0
_FELT = 2.0


class Judgement(NamedTuple):
    """What the rules that fired come to."""

    verdict: Verdict
    score: int
    categories: Categories


def judge(fired: Iterable[tuple[RuleInfo, int]], numbers: Mapping[str, float] | None = None) -> Judgement:  # noqa: ARG001  (its weights come next)
    """Rules that fired with their number of hits -> verdict, score 0 to 100, strengths. The order changes nothing."""
    parts: dict[Category | None, list[float]] = {None: [], **{category: [] for category in _ORDER}}
    costs: list[float] = []
    cold = False
    for info, hits in fired:
        points_of = info.weight if info.praise else _points(info, hits)
        parts[info.category].append(points_of)
        if not info.praise:
            costs.append(points_of * info.cost)
        cold = cold or cools(info)
    warm = 0.0 if cold else min(_MOST_PRAISE, math.fsum(parts[None]))
    points = {category: math.fsum(parts[category]) for category in _ORDER}
    value = 100 / (1 + math.exp(-(_NEUTRAL + _WITH * warm - _AT * math.fsum(costs))))
    strengths = {category: round(got / (got + _HALF), 3) for category, got in points.items()}
    return Judgement(_verdict(points, warm), round(value), Categories(**strengths))


def cools(info: RuleInfo) -> bool:
    """Does praise count nothing beside this rule? A warm auto-DM is an auto-DM."""
    return info.category == "auto_dm" and info.alone


def _points(info: RuleInfo, hits: int) -> float:
    return info.weight * (1 + 0.25 * (min(hits, 4) - 1))


def _verdict(points: Mapping[Category, float], warm: float) -> Verdict:
    top = max(_ORDER, key=lambda category: points[category])  # the first of equals
    if points[top] <= 0:
        return "human"
    return top if points[top] - warm / 3 >= _FELT else "mixed"


def silence(text: str, network: Network | None) -> Review:
    """The review of a message that is no draft: nothing is said of it."""
    return Review(
        text=text, network=network, is_draft=False, verdict="human", score=round(100 / (1 + math.exp(-_NEUTRAL))),
        categories=Categories(), mix="story",
    )  # fmt: skip


def mix_of(numbers: Mapping[str, float], hits: set[str]) -> Mix:
    """What kind of talk a text is, by the first sign that holds."""
    return cast("Mix", next(kind for kind, holds in _kinds(numbers, hits) if holds))


def _kinds(numbers: Mapping[str, float], hits: set[str]) -> Iterable[tuple[str, bool]]:
    selling = any(rule.startswith(("AutoDM.", "Megaphone.")) for rule in hits)
    yield "thanks", "Human.Thanks" in hits and not numbers["links"]
    yield "reply", bool(numbers["reply_start"] or (numbers["greeting"] and not selling) or numbers["sign_off"])
    yield "sharing_others", "Human.SharesOthers" in hits or bool(numbers["retweet"])
    yield "own_promotion", selling
    yield "question", bool(numbers["questions"]) and not numbers["links"]
    yield "news", bool(numbers["links"]) or (not numbers["i"] and bool(numbers["we"]))
    yield "story", True

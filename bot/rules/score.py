"""From rules that fired to a score, a strength for each category and a verdict.

The formula, in words (docs/writing-rules.md has it with an example):

- A flag's rule gives its *weight* once, and a quarter of it for each further hit, up to three: a text is not worse for
  being long, and nothing is divided by its length. A category's points are the sum over its rules.
- A category's strength is ``points / (points + 3)``, 0 to 1.
- Praise is the sum of the weights of the praise rules that fired, each once, 6 at most. It counts nothing when a
  rule of auto_dm that fires alone has fired: a warm auto-DM is an auto-DM.
- The score ranks talking-with above talking-at. ``score = 100 / (1 + exp(-(nothing + with - at)))``: *with* is the sum
  of the weights in ``score.yaml`` of the praise that fired and of what was counted (a greeting, "you", "we"), *at* that
  of the flags, with a quarter more for each further hit, and of links, tags and quotes. The weights were fitted
  (``benchmarks/fit.py``); a rule that is not in the file has 0.35 of its weight as praise, and 0.5 of it, times its own
  ``cost``, as a flag. They change no verdict: a canned answer ranks above a broadcast and is canned all the same.
- The verdict is human without flags. Otherwise it is the category with the most points (auto_dm before robotic before
  megaphone when equal; auto_dm in any case from 4 points on), but *mixed* while its points, less a third of the
  praise, stay under 2.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from bot.models import Categories, Category, Mix, Network, Review, Verdict
from bot.rules.model import RuleInfo
from bot.rules.reading import read_yaml

WEIGHTS = Path(__file__).with_name("score.yaml")

_ORDER: tuple[Category, ...] = ("auto_dm", "robotic", "megaphone")
_HALF = 3.0
_WITH, _AT = 0.35, 0.5
_MOST_PRAISE = 6.0
_SCRIPTED = 3.5
"""What a canned answer gains at most: its thanks and its sorrow were written for everybody."""
_FELT = 2.0
_SURE = 4.0
"""Points beyond doubt: an order to act in an auto-DM is part of the auto-DM."""


class Judgement(NamedTuple):
    """What the rules that fired come to."""

    verdict: Verdict
    score: int
    categories: Categories


class Weights(NamedTuple):
    """What the score is made of, in logits: ``nothing`` is the score of a text in which nothing was found."""

    nothing: float
    rules: Mapping[str, float]
    """By rule: what praise adds and what a flag takes, both 0 or more."""
    adds: tuple[tuple[str, float], ...]
    """By count: added when there is one and no cold contact."""
    takes: tuple[tuple[str, float], ...]

    def of(self, info: RuleInfo) -> float:
        """What a rule adds or takes; by its own weight when it is none of the fitted ones."""
        weight = self.rules.get(info.id)
        return weight if weight is not None else info.weight * (_WITH if info.praise else _AT * info.cost)


@cache
def fitted() -> Weights:
    """The weights in ``score.yaml``, read once. Raises OSError or KeyError when the package is broken."""
    data = read_yaml(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(data["nothing"], data["rules"], tuple(data["adds"].items()), tuple(data["takes"].items()))


def judge(fired: Iterable[tuple[RuleInfo, int]], numbers: Mapping[str, float] | None = None) -> Judgement:
    """Rules that fired with their number of hits, and what was counted -> verdict, score 0 to 100, strengths.

    The order changes nothing.
    """
    weights, counted = fitted(), numbers or {}
    parts: dict[Category | None, list[float]] = {None: [], **{category: [] for category in _ORDER}}
    gains: list[float] = []
    costs: list[float] = []
    cold = scripted = False
    for info, hits in fired:
        if info.praise:
            parts[None].append(info.weight)
            gains.append(weights.of(info))
        else:
            parts[info.category].append(_points(info, hits))
            costs.append(weights.of(info) * _times(hits))
            scripted = scripted or info.cost < 1
        cold = cold or cools(info)
    gains += [weight for name, weight in weights.adds if counted.get(name)]
    costs += [weight for name, weight in weights.takes if counted.get(name)]
    warm = 0.0 if cold else min(_MOST_PRAISE, math.fsum(parts[None]))
    points = {category: math.fsum(parts[category]) for category in _ORDER}
    gain = 0.0 if cold else min(math.fsum(gains), _SCRIPTED if scripted else math.inf)
    value = _percent(weights.nothing + gain - math.fsum(costs))
    strengths = {category: round(got / (got + _HALF), 3) for category, got in points.items()}
    return Judgement(_verdict(points, warm), round(value), Categories(**strengths))


def cools(info: RuleInfo) -> bool:
    """Does praise count nothing beside this rule? A warm auto-DM is an auto-DM."""
    return info.category == "auto_dm" and info.alone


def _percent(logit: float) -> float:
    return 100 / (1 + math.exp(min(-logit, 700.0)))  # exp() overflows past 709, and thousands of rules may fire


def _points(info: RuleInfo, hits: int) -> float:
    return info.weight * _times(hits)


def _times(hits: int) -> float:
    """A quarter more for each further hit, up to three."""
    return 1 + 0.25 * (min(hits, 4) - 1)


def _verdict(points: Mapping[Category, float], warm: float) -> Verdict:
    top = max(_ORDER, key=lambda category: points[category])  # the first of equals
    if points["auto_dm"] >= _SURE:
        top = "auto_dm"
    if points[top] <= 0:
        return "human"
    return top if points[top] - warm / 3 >= _FELT else "mixed"


def silence(text: str, network: Network | None) -> Review:
    """The review of a message that is no draft: nothing is said of it."""
    return Review(
        text=text, network=network, is_draft=False, verdict="human", score=round(_percent(fitted().nothing)),
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

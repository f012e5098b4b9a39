"""A week's counts -> what they say. Pure; names of the figures are in bot/store/counting.py."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import get_args

from bot.digest.models import Kind, Level, Tone
from bot.models import Mix, Verdict

AUTHORS_FOR_ALL = 5
AUTHORS_FOR_WHOLE, DRAFTS_FOR_WHOLE = 2, 10
"""Below these a figure would mean somebody. Ours: Grammarly hides below 2 people, and Slack channels are smaller."""
KINDS: tuple[Mix, ...] = get_args(Mix)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
WANTED: dict[Mix, float] = {
    "own_promotion": 0.25, "news": 0.1, "sharing_others": 0.15, "question": 0.2, "reply": 0.15, "thanks": 0.05,
    "story": 0.1,
}  # fmt: skip
"""What we suggest until a team chooses: most of the talk is not about oneself. A principle, not a measurement."""


def level(counts: Mapping[str, int], authors: int) -> Level:
    """How much may be said of a week."""
    drafts = counts.get("drafts", 0)
    if not drafts:
        return "empty"
    if authors >= AUTHORS_FOR_ALL:
        return "all"
    return "whole" if authors >= AUTHORS_FOR_WHOLE and drafts >= DRAFTS_FOR_WHOLE else "hidden"


def tone(week: date, counts: Mapping[str, int]) -> Tone:
    """Median and middle half of the scores, and the shares of the verdicts; exact, from the histogram."""
    scores = Counter({int(name): n for name, n in under(counts, "score")})
    drafts = sum(scores.values())
    shares = {verdict: counts.get(f"verdict:{verdict}", 0) / max(1, drafts) for verdict in VERDICTS}
    low, middle, high = (quantile(scores, share) for share in (0.25, 0.5, 0.75))
    return Tone(week=week, drafts=drafts, median=middle, low=low, high=high, shares=shares)


def quantile(scores: Mapping[int, int], share: float) -> float:
    """Of a histogram, between neighbours as ``statistics.quantiles(method="inclusive")`` has it; 0 when it is empty."""
    total = sum(scores.values())
    if not total:
        return 0.0
    place = share * (total - 1)
    below = _at(scores, int(place))
    return below + (place - int(place)) * (_at(scores, min(int(place) + 1, total - 1)) - below)


def _at(scores: Mapping[int, int], index: int) -> int:
    seen = 0
    for score in sorted(scores):
        seen += scores[score]
        if index < seen:
            return score
    raise IndexError(index)


def mix(counts: Mapping[str, int], wanted: Mapping[str, float] | None) -> tuple[Kind, ...]:
    """The kinds of talk, in one order always."""
    total = max(1, sum(n for _, n in under(counts, "mix")))
    target = wanted or WANTED
    return tuple(
        Kind(kind=kind, share=counts.get(f"mix:{kind}", 0) / total, wanted=target.get(kind, 0.0)) for kind in KINDS
    )


def under(counts: Mapping[str, int], prefix: str) -> Iterator[tuple[str, int]]:
    """(rest of the name, count) of the figures ``prefix:…``."""
    head = f"{prefix}:"
    for name, n in counts.items():
        if name.startswith(head):
            yield name[len(head) :], n


def top(counts: Mapping[str, int], prefix: str) -> list[tuple[str, int]]:
    """The same, the most first; names in order where counts are alike."""
    return sorted(under(counts, prefix), key=lambda item: (-item[1], item[0]))


def together(weeks: Iterable[Mapping[str, int]]) -> Counter[str]:
    """Several weeks as one."""
    total: Counter[str] = Counter()
    for counts in weeks:
        total.update(counts)
    return total

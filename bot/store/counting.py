"""What a reviewed draft and a word of feedback add to a week's figures. Pure: no text and no author comes out.

A figure is a name and a whole number, so that weeks add up and an edit subtracts what the version before had added:

``messages``; ``drafts`` (a message may hold several); ``verdict:V``; ``score:N``; ``mix:M``; ``rule:ID`` (drafts that
a rule flagged); ``asks`` (a genuine question), ``asks_answered`` (and somebody who answers); ``offered`` (a rewrite
was); ``edited`` (messages with a version before), ``better``, ``gained`` (points of score), ``gone:ID`` (rules that
the first version had and the last has not); ``rewrite:used``, ``rewrite:used_tweaked``; ``unhelpful:ID``.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.models import Figures, Part

Counts = Counter[str]

QUESTION, REPLY_OWNER = "Human.Question", "Human.ReplyOwner"
"""The praise that stands for a genuine question, and for somebody who says when or who answers."""


def week_of(moment: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week that ``moment`` (with its zone) falls in, as people in ``zone`` live it."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def moment_of(ts_us: int) -> datetime:
    """Microseconds since 1970 -> UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=ts_us)


def week_end(week: date, zone: ZoneInfo) -> datetime:
    """The moment at which a week is over in ``zone``, in UTC."""
    following = week + timedelta(days=7)
    return datetime(following.year, following.month, following.day, tzinfo=zone).astimezone(UTC)


def of_parts(parts: Iterable[Part], first: Figures | None, *, answered: bool) -> Counts:
    """What a message adds. ``first``: the figures of its first version, None when this one is. ``answered``: somebody
    said that they answer replies."""
    counts: Counts = Counter(messages=1)
    flagged: set[str] = set()
    lowest = 100
    for part in parts:
        review = part.review
        rules = {flag.rule for flag in review.flags}
        praised = {praise.rule for praise in review.praise}
        flagged |= rules
        lowest = min(lowest, review.score)
        counts.update(["drafts", f"verdict:{review.verdict}", f"score:{review.score}", f"mix:{review.mix}"])
        counts.update(f"rule:{rule}" for rule in rules)
        if QUESTION in praised:
            counts["asks"] += 1
            counts["asks_answered"] += answered or REPLY_OWNER in praised
        counts["offered"] += bool(part.suggestion and part.suggestion.rewrites)
    if first is not None:
        counts["edited"] += 1
        counts["better"] += lowest > first.score
        counts["gained"] += max(0, lowest - first.score)
        counts.update(f"gone:{rule}" for rule in set(first.rules) - flagged)
    return +counts


def of_feedback(about: str, said: str) -> Counts:
    """What somebody's word adds."""
    if about == "rewrite":
        return Counter([f"rewrite:{said}"])
    return Counter([f"unhelpful:{about}"]) if said == "not_useful" else Counter()

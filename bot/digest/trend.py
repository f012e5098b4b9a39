"""One person's own weeks, for their eyes only."""

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.digest.figures import tone
from bot.digest.models import Trend
from bot.store.counting import moment_of, week_of

if TYPE_CHECKING:
    from bot.store import Store

WEEKS = 5


def own_trend(store: "Store", team: str, user: str, now: datetime, weeks: int = WEEKS) -> Trend:
    """How somebody's own drafts read, week by week, this one included. Never shown to anybody else.

    Comes from their stored drafts, not from the team's sums, and goes with them. Raises StoreError.
    """
    zone = ZoneInfo(store.rollups.settings(team).zone)
    this = week_of(now, zone)
    since = this - timedelta(days=7 * (weeks - 1))
    counts: dict[object, Counter[str]] = {}
    for posted_us, score, verdict in store.rollups.own_scores(team, user, since):
        week = week_of(moment_of(posted_us), zone)
        if since <= week <= this:
            counts.setdefault(week, Counter()).update([f"score:{score}", f"verdict:{verdict}", "drafts"])
    days = [since + timedelta(days=7 * number) for number in range(weeks)]
    return Trend(weeks=tuple(tone(day, counts[day]) for day in days if day in counts))

"""The team's week: what the figures say, in words and a picture. No names, no leaderboard.

    digest = build(store, "T0TEAM", None, week, rules)
    own_trend(store, "T0TEAM", "U0ADA", now)

Thresholds keep a digest from being about a person: five authors or more get all of it; two to four, from ten drafts on,
figures of the whole only; one gets nothing here, and has their own Home tab.
"""

from bot.digest.build import build, label_of, last_week, weeks_before
from bot.digest.models import Digest, Tone, Trend
from bot.digest.trend import own_trend

__all__ = ["Digest", "Tone", "Trend", "build", "label_of", "last_week", "own_trend", "weeks_before"]

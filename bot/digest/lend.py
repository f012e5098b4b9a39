"""Which of somebody's own drafts could help the others, if they agree to lend it."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.digest.models import Digest, Example
from bot.store import slack_ts_us
from bot.store.counting import moment_of, week_of

if TYPE_CHECKING:
    from bot.store import Store


def lendable(store: "Store", team: str, channel: str | None, user: str, digest: Digest) -> list[tuple[str, Example]]:
    """At most one (value for a button, example): a draft of the asker's own, of the digest's week or the one after it,
    with one of its habits and a rewrite. Raises StoreError."""
    zone = ZoneInfo(store.rollups.settings(team).zone)
    habits = {habit.rule for habit in digest.habits}
    weeks = {digest.week, digest.week + timedelta(days=7)}
    for draft_id in store.rollups.own_drafts(team, user, digest.week):
        draft = store.draft(draft_id)
        if draft is None or draft.deleted or (channel and draft.channel != channel):
            continue
        week = week_of(moment_of(slack_ts_us(draft.ts)), zone)
        for part in draft.parts:
            rule = next((flag.rule for flag in part.review.flags if flag.rule in habits), None)
            rewrites = part.suggestion.rewrites if part.suggestion else ()
            if rule and rewrites and week in weeks:
                example = Example(draft=part.review.text, rewrite=rewrites[0].text)
                return [(f"{week.isoformat()} {rule} {draft.id} {draft.version}", example)]
    return []

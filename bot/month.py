"""Puts the playground's made month into a store, through the real coach, as if the bot had been there all along."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.models import Context, Part
from bot.playground.month import Made, made_month
from bot.store import Feedback, IncomingDraft
from bot.store.digests import Schedule

if TYPE_CHECKING:
    from bot.coach import Coach
    from bot.store.sqlite import SqliteStore

MENDED_AFTER = timedelta(minutes=20)


def remember_month(
    store: "SqliteStore", coach: "Coach", team: str, channel: str, now: datetime, *, due: bool = True
) -> int:
    """Review and keep every draft of the month, with its date; how many. ``due``: a digest is due at ``now``.

    Raises StoreError.
    """
    count = 0
    for made in made_month(now):
        _keep(store, coach, team, channel, made)
        count += 1
    store.rollups.close_ended(now)
    if due:
        store.digests.switch_on(
            Schedule(
                team=team, channel=channel, everywhere=True, weekday=now.weekday(), minute=now.hour * 60 + now.minute,
                zone="UTC", since=now - timedelta(days=6), asked_by="U0ADA",
            )
        )  # fmt: skip
    return count


def _keep(store: "SqliteStore", coach: "Coach", team: str, channel: str, made: Made) -> None:
    draft = IncomingDraft(team=team, channel=channel, ts=_ts(made.at), author=made.author, text=made.text)
    _review(store, coach, draft)
    if made.mended:
        edited = {"text": made.mended, "edited_ts": _ts(made.at + MENDED_AFTER)}
        _review(store, coach, draft.model_copy(update=edited))
    with store.connections.write() as db:
        # As if it had come when it says: the bot takes up what came today and has no answer.
        db.execute("update drafts set received_at = ? where id = ?", [made.at.astimezone(UTC).isoformat(), draft.id])
        if made.used:
            word = {"team": team, "channel": channel, "user": made.author, "draft_id": draft.id}
            said = Feedback.model_validate({**word, "about": "rewrite", "said": made.used})
            store.rollups.said(db, said, made.at)


def _review(store: "SqliteStore", coach: "Coach", draft: IncomingDraft) -> None:
    store.save_draft(draft)
    review = coach.review(draft.text, Context())
    suggestion = None if review.verdict == "human" else coach.rewrite(review, Context(llm_allowed=False))
    store.save_parts(draft.id, draft.version, (Part(review=review, suggestion=suggestion),))


def _ts(at: datetime) -> str:
    return f"{at.timestamp():.6f}"

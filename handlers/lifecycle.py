"""Coming and going, kept before the ack: removed from a channel or a workspace, archived, deactivated.

An invitation is nothing to act on: the bot says nothing unasked, and reads nothing before ``/humanize watch``. A new
name is none either: channels are known by their ids. A channel made private keeps its id, and goes on as before.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from bot.store import Store

log = logging.getLogger(__name__)

Json = dict[str, Any]

EVENTS = (
    "app_uninstalled", "tokens_revoked", "channel_left", "group_left", "channel_archive", "group_archive",
    "channel_unarchive", "group_unarchive", "channel_deleted", "group_deleted", "user_change",
)  # fmt: skip


def register(app: App) -> None:
    """The listeners only say that these events are ours: the middleware has done it all before the ack."""
    for name in EVENTS:
        app.event(name)(_noted)


def _noted() -> None:
    """Nothing is left to do."""


class Lifecycle:
    """Middleware. The same event twice does the same once."""

    def __init__(self, store: Store, erase_after_days: int) -> None:
        self._store = store
        self._days = erase_after_days

    def take(self, req: BoltRequest, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002 - Bolt's name
        """Keep what an event means. Raises StoreError: no ack, and Slack sends it again."""
        event, team = req.body.get("event"), req.context.team_id
        if isinstance(event, dict) and team:
            self._event(team, event, _time(req.body), req.context.bot_user_id)
        elif req.body.get("type") == "app_rate_limited":
            log.warning("slack leaves events out: more than 30,000 an hour", extra={"team": team})
        return next()

    def _event(self, team: str, event: Json, at: datetime, bot: str | None) -> None:
        channel = event.get("channel")
        match event.get("type"):
            case "app_uninstalled":
                self._removed(team, at, "uninstalled")
            case "tokens_revoked" if _names_bot(event):
                self._removed(team, at, "token revoked")
            case "user_change" if isinstance(event.get("user"), dict):
                self._person(team, event["user"])
            case _ if not isinstance(channel, str) or not channel:
                return
            case "channel_left" | "group_left":
                self._stop(team, channel, "removed")
            case "member_left_channel" if bot and event.get("user") == bot:
                self._stop(team, channel, "removed")
            case "channel_deleted" | "group_deleted":
                self._stop(team, channel, "deleted")
                self._store.lifecycle.erase_later(team, channel=channel)
            case "channel_archive" | "group_archive":
                self._store.lifecycle.archive(team, channel)
            case "channel_unarchive" | "group_unarchive":
                self._store.lifecycle.unarchive(team, channel)

    def _removed(self, team: str, at: datetime, why: str) -> None:
        if self._store.lifecycle.left(team, at, self._days):
            self._store.audit.note("uninstall", who="slack", via="slack", team=team, why=why)
            log.warning("removed from a workspace", extra={"team": team, "why": why, "erased_after_days": self._days})

    def _stop(self, team: str, channel: str, why: str) -> None:
        """Read along no more, and send no digest; nothing is posted."""
        if self._store.channel(team, channel).watched:
            self._store.set_watched(team, channel, None)
            self._store.audit.note("unwatch", who="bot", via="slack", team=team, channel=channel, why=why)
        if self._store.digests.switch_off(team, channel):
            self._store.audit.note("digest off", who="bot", via="slack", team=team, channel=channel, why=why)
        self._store.lifecycle.unarchive(team, channel)

    def _person(self, team: str, user: Json) -> None:
        who = user.get("id")
        if not isinstance(who, str) or not who:
            return
        if user.get("deleted") is True:
            self._store.lifecycle.erase_later(team, user=who, days=self._days)
        elif user.get("deleted") is False:
            self._store.lifecycle.came_back(team, who)


def _names_bot(event: Json) -> bool:
    """Whether it is the bot's token that is gone; the app asks nobody for a token of their own."""
    tokens = event.get("tokens")
    return isinstance(tokens, dict) and bool(tokens.get("bot"))


def _time(body: Json) -> datetime:
    """When Slack saw it happen, to the end of that second; now, where it does not say so."""
    seconds = body.get("event_time")
    sane = isinstance(seconds, int) and 0 < seconds < 2**33
    return datetime.fromtimestamp(seconds + 1, UTC) if sane and isinstance(seconds, int) else datetime.now(UTC)

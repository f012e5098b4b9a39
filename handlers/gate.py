"""The kill switch: on pause, everything that Slack sends is acked and dropped before anybody reads it."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import BoltRequest, BoltResponse, Respond

from bot import words_guard as words
from bot.store import Store
from bot.store.switches import EVERYWHERE
from handlers.asked import Asked
from handlers.views import modals

ALL_THE_SAME = re.compile(r"resume|pause|forget +me( +now)?|privacy|help|status", re.I)
"""Subcommands that work on pause: they read nothing and post nothing for others."""
ABOUT_US = frozenset({"app_uninstalled", "tokens_revoked"})


class Gate:
    """Middleware before all others of ours. Raises StoreError when nobody can say whether we are on pause: no ack."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def check(
        self,
        req: BoltRequest,
        respond: Respond,
        next: Callable[[], BoltResponse],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        """Pass on what may pass; say to people who ask something that we are on pause."""
        team, body = req.context.team_id or "", req.body
        if not isinstance(body, dict) or not self._store.switches.paused(team):
            return next()
        if "command" in body:
            may = ALL_THE_SAME.fullmatch(str(body.get("text") or "").strip())
            return next() if may else BoltResponse(status=200, body=words.PAUSED)
        if isinstance(body.get("event"), dict):
            return next() if _is_ours(body["event"]) else BoltResponse(status=200)
        if body.get("type") == "view_submission":
            view = modals.said(words.PAUSED_TITLE, words.PAUSED)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        if body.get("response_url"):
            respond(words.PAUSED, response_type="ephemeral", replace_original=False)
        return BoltResponse(status=200)


def _is_ours(event: dict[str, Any]) -> bool:
    """An uninstall; and a deleted message, whose words must go whatever else holds still."""
    inner = event.get("message")
    gone = isinstance(inner, dict) and inner.get("subtype") == "tombstone"
    return event.get("type") in ABOUT_US or event.get("subtype") == "message_deleted" or gone


def pause(asked: Asked) -> str:
    """Hold still in this workspace, for those whom HUMANIZE_ADMINS names."""
    refusal = _refusal(asked)
    if refusal:
        return refusal
    if not asked.wiring.store.switches.pause(asked.user, asked.team):
        return words.PAUSE_SAME
    asked.wiring.store.audit.note("pause", who=asked.user, via="slack", team=asked.team)
    return words.PAUSE_DONE


def resume(asked: Asked) -> str:
    """Go on in this workspace."""
    refusal = _refusal(asked)
    if refusal:
        return refusal
    switches = asked.wiring.store.switches
    ended = switches.resume(asked.team)
    if ended:
        asked.wiring.store.audit.note("resume", who=asked.user, via="slack", team=asked.team)
    if switches.paused(EVERYWHERE):
        return words.PAUSED_EVERYWHERE
    return words.RESUME_DONE if ended else words.RESUME_SAME


def _refusal(asked: Asked) -> str:
    admins = asked.wiring.admins
    if asked.user in admins:
        return ""
    if not admins:
        return words.NO_ADMINS
    return words.ONLY_ADMINS.format(people=", ".join(f"<@{person}>" for person in sorted(admins)[:10]))

"""Whose a payload is, and whether its author is one of theirs.

To us a workspace is who installed the bot: a workspace (``T…``), or a whole organisation (``E…``) where the app is
installed org-wide. In channels that companies share (Slack Connect) only people of those who installed it are coached.
"""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.store import Store

log = logging.getLogger(__name__)

Json = dict[str, Any]


class Whose:
    """Middleware before all that asks for a workspace. Raises StoreError: no ack, and Slack sends it again."""

    def __init__(self, store: Store, client_of: Callable[[str], WebClient] | None = None) -> None:
        self._store = store
        self._client_of = client_of

    def check(self, req: BoltRequest, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002 - Bolt's name
        """Say which workspace it is about; ack and drop what strangers wrote or pressed."""
        body = req.body
        if req.context.is_enterprise_install and req.context.enterprise_id:
            _name_organisation(req, req.context.enterprise_id)
        home = req.context.team_id or ""
        event = body.get("event")
        if isinstance(event, dict) and event.get("type") == "message":
            theirs = self._home_of_author(body, event, home, req.context.enterprise_id)
            if theirs is None:
                return BoltResponse(status=200)
            req.context["team_id"] = theirs
        elif _pressed_by_stranger(body):
            return BoltResponse(status=200)
        if self._client_of is not None and req.context.team_id:
            req.context["client"] = self._client_of(req.context.team_id)
        return next()

    def _home_of_author(self, body: Json, event: Json, home: str, enterprise: str | None) -> str | None:
        """The workspace that a message is about, None for a stranger's. What is deleted goes, whoever wrote it."""
        inner = event.get("message") if event.get("subtype") == "message_changed" else event
        if event.get("subtype") == "message_deleted" or not isinstance(inner, dict):
            return home
        if inner.get("subtype") == "tombstone":
            return home
        mark, shared = _mark(inner), body.get("is_ext_shared_channel") is True
        if mark is None:
            return None if shared else home
        if mark in (home, enterprise) or (enterprise and not shared):  # a sister workspace of the same organisation
            return home
        # Two companies that both installed it share a channel: Slack delivers once, in the name of one of them.
        return mark if self._store.installation(mark) else None


def _name_organisation(req: BoltRequest, enterprise: str) -> None:
    req.context["team_id"] = enterprise
    if "command" in req.body:
        req.body["team_id"] = enterprise
    elif "event" not in req.body:
        req.body["team"] = {"id": enterprise}


def _mark(message: Json) -> str | None:
    """The workspace or organisation of a message's author."""
    profile = message.get("user_profile")
    marks = (
        message.get("user_team"),
        message.get("source_team"),
        message.get("team"),
        profile.get("team") if isinstance(profile, dict) else None,
    )
    return next((mark for mark in marks if isinstance(mark, str) and mark), None)


def _pressed_by_stranger(body: Json) -> bool:
    """Somebody of another company, who sees our words in a channel that is shared with theirs."""
    user, team = body.get("user"), body.get("team")
    if not isinstance(user, dict) or not isinstance(team, dict) or body.get("enterprise"):
        return False
    theirs, ours = user.get("team_id"), team.get("id")
    return bool(theirs and ours) and theirs != ours and not str(ours).startswith("E")

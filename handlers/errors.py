"""What happens when a handler fails: a log line without words, no ack, and a kind word to whoever waits."""

import logging
from typing import Any

from slack_bolt import App, BoltResponse, Respond
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError

from bot import words, words_lifecycle
from bot.store import StoreError
from handlers.status import kind_of
from handlers.views import modals

log = logging.getLogger(__name__)

ODD = (LookupError, TypeError, AttributeError, ValueError, StopIteration)
"""What an interaction raises that was made by another version of ours, or by nobody we know."""


def register(app: App) -> None:
    """Take the place of Bolt's error handlers: those log an error's message, which may quote a draft."""
    app.error(_failed)


def _failed(error: Exception, body: dict[str, Any], respond: Respond) -> BoltResponse | None:
    """None: Bolt answers 500 (or, over Socket Mode, not at all), and Slack delivers an event again."""
    kind = kind_of(body)
    if isinstance(error, BoltUnhandledRequestError):
        # Joins, topics, renames, buttons that are links, what Slack will think of next: none of our business.
        log.debug("left alone", extra={"kind": kind})
        return BoltResponse(status=200)
    if isinstance(error, StoreError):
        log.error("event not kept, Slack will send it again", extra={"error": str(error)})
        _say(body, respond, words.STORE_TROUBLE)
        return None
    _say(body, respond, words.HANDLER_TROUBLE)
    if isinstance(error, SlackApiError):
        log.warning("slack refused", extra={"kind": kind, "code": str(error.response.get("error"))})
    elif isinstance(error, OSError):  # URLError too
        log.warning("slack can't be reached", extra={"kind": kind, "error": type(error).__name__})
    elif kind != "event" and isinstance(error, ODD):
        log.error("interaction not understood", extra={"kind": kind}, exc_info=error)
    else:
        log.error("handler failed", exc_info=error)
        return None
    return None if kind == "event" else _acked(kind)


def _acked(kind: str) -> BoltResponse:
    """Slack never sends an interaction again, so it gets an ack; a form stays open with what was typed."""
    if kind == "view_submission":
        view = modals.said(words_lifecycle.TROUBLE_TITLE, words.HANDLER_TROUBLE)
        return BoltResponse(status=200, body={"response_action": "push", "view": view})
    return BoltResponse(status=200)


def _say(body: dict[str, Any], respond: Respond, text: str) -> None:
    if not body.get("response_url") or getattr(respond, "cut", False):
        return
    try:
        respond(text, response_type="ephemeral", replace_original=False)
    except OSError as error:
        log.warning("nobody could be told", extra={"error": type(error).__name__})

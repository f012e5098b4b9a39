"""What happens when a handler fails: a log line without words, no ack, and a kind word to whoever waits."""

import logging
from typing import Any

from slack_bolt import App, Respond

from bot import words
from bot.store import StoreError

log = logging.getLogger(__name__)


def register(app: App) -> None:
    """Take the place of Bolt's error handlers: those log an error's message, which may quote a draft."""
    app.error(_failed)


def _failed(error: Exception, body: dict[str, Any], respond: Respond) -> None:
    # Bolt answers 500 (or, over Socket Mode, not at all) after this, and Slack delivers an event again.
    if isinstance(error, StoreError):
        log.error("event not kept, Slack will send it again", extra={"error": str(error)})
    else:
        log.error("handler failed", exc_info=error)
    if body.get("response_url"):
        text = words.STORE_TROUBLE if isinstance(error, StoreError) else words.HANDLER_TROUBLE
        respond(text, response_type="ephemeral", replace_original=False)

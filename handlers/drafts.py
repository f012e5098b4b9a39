"""Message events: the inbox has done the work before the ack. Small talk with the bot gets a hint."""

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot import words_surfaces as words
from handlers.inbox import SMALL_TALK


def register(app: App) -> None:
    """One listener for every message, whatever its subtype: routing is the inbox's."""
    app.event("message")(_known)


def _known(context: dict[str, Any], event: dict[str, Any], client: WebClient) -> None:
    if context.get(SMALL_TALK):
        client.chat_postMessage(channel=event["channel"], thread_ts=event.get("thread_ts"), text=words.DIRECT_HINT)

"""Message events: the inbox has done the work before the ack. What is left is small talk with the bot, and a hint."""

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot import words_surfaces as words
from handlers.inbox import LEFT


def register(app: App) -> None:
    """One listener for every message, whatever its subtype: routing is the inbox's."""

    def left(context: dict[str, Any], event: dict[str, Any], client: WebClient) -> None:
        if context.get(LEFT) == "small_talk":
            client.chat_postMessage(channel=event["channel"], thread_ts=event.get("thread_ts"), text=words.DIRECT_HINT)

    app.event("message")(left)

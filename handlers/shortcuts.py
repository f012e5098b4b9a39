"""Shortcuts: "Humanize this" on any message, and the form from anywhere."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers import asking, modals
from handlers.asked import team_of
from handlers.files import read_files
from handlers.messages import text_of
from handlers.views import compose
from handlers.wiring import Wiring

THIS, NEW = "humanize_this", "humanize_new"


def register(app: App, wiring: Wiring) -> None:
    """Route both shortcuts."""

    def humanize_this(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        team, user = team_of(shortcut), shortcut["user"]["id"]
        channel = (shortcut.get("channel") or {}).get("id", "")
        message = shortcut.get("message") or {}
        ask = asking.new_ask(team, channel, user, text_of(message))
        ask = ask.model_copy(update={"view": ask.id})
        client.views_open(trigger_id=shortcut["trigger_id"], view=compose.loading(ask.id))
        read = read_files(client, message)
        text = "\n\n".join(filter(None, (ask.text, read.text)))
        trouble = read.trouble or asking.refusal(text) or asking.take_in(wiring, ask.model_copy(update={"text": text}))
        if trouble:
            _say_in(client, ask.id, trouble)

    def humanize_new(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        modals.open_form(wiring, client, shortcut["trigger_id"], team_of(shortcut), "")

    app.shortcut(THIS)(humanize_this)
    app.shortcut(NEW)(humanize_new)


def _say_in(client: WebClient, ask_id: str, text: str) -> None:
    """Words instead of an answer, unless the modal was closed meanwhile."""
    try:
        client.views_update(external_id=ask_id, view=compose.said(text, ask_id))
    except SlackApiError as error:
        if error.response.get("error") != "not_found":
            raise

"""Shortcuts: "Humanize this" on any message, and the form from anywhere."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from handlers import asking, modals
from handlers.messages import text_of
from handlers.views import compose
from handlers.wiring import Wiring

THIS, NEW = "humanize_this", "humanize_new"


def register(app: App, wiring: Wiring) -> None:
    """Route both shortcuts."""

    def humanize_this(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        team, user = shortcut["team"]["id"] if shortcut.get("team") else "", shortcut["user"]["id"]
        channel = (shortcut.get("channel") or {}).get("id", "")
        text = text_of(shortcut.get("message") or {})
        ask = asking.new_ask(team or shortcut["user"].get("team_id", ""), channel, user, text)
        ask = ask.model_copy(update={"view": ask.id})
        refusal = asking.refusal(text)
        if refusal:
            client.views_open(trigger_id=shortcut["trigger_id"], view=compose.said(refusal, ask.id))
            return
        client.views_open(trigger_id=shortcut["trigger_id"], view=compose.loading(ask.id))
        trouble = asking.take_in(wiring, ask)
        if trouble:
            client.views_update(external_id=ask.id, view=compose.said(trouble, ask.id))

    def humanize_new(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        team = shortcut["team"]["id"] if shortcut.get("team") else shortcut["user"].get("team_id", "")
        modals.open_form(wiring, client, shortcut["trigger_id"], team, "")

    app.shortcut(THIS)(humanize_this)
    app.shortcut(NEW)(humanize_new)

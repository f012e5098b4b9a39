"""The form for a draft of one's own: opened by ``/humanize`` alone, a shortcut or the Home tab; answered in place."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.store import StoreError
from handlers import asking
from handlers.asked import team_of
from handlers.messages import escaped
from handlers.views import compose
from handlers.wiring import Wiring


def register(app: App, wiring: Wiring) -> None:
    """Route the form."""

    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        filled = compose.composed(view["state"]["values"])
        wrong = compose.wrong_with(filled)
        if wrong:
            ack(response_action="errors", errors=wrong)
            return
        ask = asking.new_ask(
            team_of(body),
            view.get("private_metadata") or "",
            body["user"]["id"],
            escaped(filled.text),  # typed as plain text: its own & < > are characters
            network=filled.network,
            audience=filled.audience,
            hope=filled.hope,
            must_keep=filled.must_keep,
        )
        ask = ask.model_copy(update={"view": ask.id})
        trouble = asking.take_in(wiring, ask)
        if trouble:
            ack(response_action="errors", errors={compose.DRAFT: trouble})
        else:
            ack(response_action="update", view=compose.loading(ask.id))

    app.view(compose.COMPOSE)(submitted)


def open_form(wiring: Wiring, client: WebClient, trigger_id: str, team: str, channel: str, draft: str = "") -> None:
    """Open the form within the trigger's three seconds."""
    try:
        host = asking.host_for(wiring, team, channel)
    except StoreError:
        host = wiring.llm_host  # the form opens all the same; submitting it says what is wrong
    client.views_open(trigger_id=trigger_id, view=compose.compose(channel, host, draft))

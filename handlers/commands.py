"""``/humanize``: a subcommand where the whole text fits one, a form where there is none, else a draft."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookResponse

from bot import words, words_digest
from bot import words_guard as guard
from bot import words_surfaces as surfaces
from bot.store import StoreError
from handlers import asking, digest, forget, gate, modals, settings, tell, watching
from handlers.asked import Asked
from handlers.grammar import RULE, Command, Grammar, Slip
from handlers.views.digest import without_charts
from handlers.views.review import Message
from handlers.wiring import Wiring

Act = Callable[[Asked], str | Message | None]
"""Does what was asked; what to tell the asker alone, None when it was told already. May raise StoreError."""


@dataclass(frozen=True)
class Subcommand:
    """One row of the table. ``argument`` is a pattern for the whole of what follows the name."""

    act: Act
    argument: str = ""
    help: str = ""
    """A line of `/humanize help`, for those that it does not name itself."""


SUBCOMMANDS: dict[str, Subcommand] = {
    "help": Subcommand(lambda _: help_text()),
    "?": Subcommand(lambda _: help_text()),
    "last": Subcommand(tell.last),
    "watch": Subcommand(watching.watch),
    "unwatch": Subcommand(watching.unwatch),
    "status": Subcommand(tell.status),
    "settings": Subcommand(settings.open_settings),
    "rules": Subcommand(tell.rules),
    "mute": Subcommand(settings.mute, RULE),
    "unmute": Subcommand(settings.unmute, RULE),
    "privacy": Subcommand(tell.privacy),
    "forget me": Subcommand(forget.forget_me, help=guard.FORGET_HELP),
    "forget me now": Subcommand(forget.forget_me_now),
    "pause": Subcommand(gate.pause, help=guard.PAUSE_HELP),
    "resume": Subcommand(gate.resume),
    "llm on": Subcommand(watching.llm_on),
    "llm off": Subcommand(watching.llm_off),
    "digest": Subcommand(digest.digest, digest.ARGUMENT, words_digest.HELP),
}
"""A new subcommand is one row here; "forget me" and "digest" stand in files of their own."""


def register(app: App, wiring: Wiring) -> None:
    """Route ``/humanize``."""
    grammar = Grammar({name: row.argument for name, row in SUBCOMMANDS.items()})

    def humanize(ack: Ack, command: dict[str, Any], client: WebClient, respond: Respond) -> None:
        text = str(command.get("text") or "").strip()
        meant = grammar.read(text)
        if isinstance(meant, Command):
            ack()
            asked = Asked.by_command(wiring, client, command, meant.argument)
            _answer(respond, _guarded(SUBCOMMANDS[meant.name].act, asked))
        elif isinstance(meant, Slip):
            ack(surfaces.SLIP.format(word=meant.word, meant=meant.meant))
        elif not text:
            ack()
            modals.open_form(wiring, client, command["trigger_id"], command["team_id"], command["channel_id"])
        else:
            ack(take_ask(wiring, command, text))

    app.command("/humanize")(humanize)


def take_ask(wiring: Wiring, command: dict[str, Any], text: str) -> str:
    """Store and enqueue a private ask before the ack; what to say at once."""
    refusal = asking.refusal(text)
    if refusal:
        return refusal
    team, channel = command["team_id"], command["channel_id"]
    ask = asking.new_ask(team, channel, command["user_id"], text, response_url=command["response_url"])
    trouble = asking.take_in(wiring, ask)
    if trouble:
        return trouble
    try:
        host = asking.host_for(wiring, team, channel)
    except StoreError:
        host = wiring.llm_host
    return words.READING_LLM.format(host=host) if host else words.READING


def help_text() -> str:
    """Every subcommand in a line."""
    more = "".join(f"{row.help}\n" for row in SUBCOMMANDS.values() if row.help)
    return surfaces.HELP.format(more=more)


def taken(answer: WebhookResponse) -> bool:
    """Whether Slack showed it; a refusal may come with status 200."""
    return answer.status_code == HTTPStatus.OK and '"ok":false' not in str(answer.body).replace(" ", "")


def _guarded(act: Act, asked: Asked) -> str | Message | None:
    try:
        return act(asked)
    except StoreError:
        return words.STORE_TROUBLE


def _answer(respond: Respond, said: str | Message | None) -> None:
    if isinstance(said, Message):
        answer = respond(text=said.text, blocks=said.blocks)
        plainer = without_charts(said)
        if plainer != said and not taken(answer):
            respond(text=plainer.text, blocks=plainer.blocks)
    elif said:
        respond(said)

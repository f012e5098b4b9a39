"""Buttons and modals of a reply. Each acks at once; what takes longer is durable work."""

import re
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot import words
from bot.store import Feedback, Store, StoreError
from handlers.views import modals
from handlers.views.review import ANOTHER, FINE, FLAG_MENU, REWRITE_BLOCK, USE, WHY, first_shown
from handlers.wiring import Wiring

Body = dict[str, Any]


def register(app: App, wiring: Wiring) -> None:
    """Route every button, menu and modal of a reply."""

    def use_this(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        ack()
        draft_id, index = _value(body).split()
        text = shown_rewrite(wiring.store, body, draft_id, index)
        if not text:
            respond(words.DRAFT_GONE, response_type="ephemeral", replace_original=False)
            return
        to_fill = re.findall(r"\[[^\[\]\n]{1,80}\]", text)
        client.views_open(trigger_id=body["trigger_id"], view=modals.use_this(draft_id, text, to_fill))

    def flag_menu(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        what, draft_id, rule = body["actions"][0]["selected_option"]["value"].split(" ", 2)
        if what == WHY:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=_card(wiring, rule))
            return
        _say(
            ack,
            respond,
            words.NOTED if _keep(wiring.store, body, draft_id, rule, "not_useful") else words.STORE_TROUBLE,
        )

    def another_angle(ack: Ack, body: Body, respond: Respond) -> None:
        draft_id, _ = _value(body).split()
        trouble = ask_another(wiring, draft_id, body["message"]["ts"], body["actions"][0]["action_ts"])
        _say(ack, respond, trouble)

    def its_fine(ack: Ack, body: Body, respond: Respond) -> None:
        draft_id, _ = _value(body).split()
        try:
            wiring.store.settle(draft_id)
            wiring.queue.enqueue_delivery(draft_id, f"settled:{body['actions'][0]['action_ts']}")
        except StoreError:
            _say(ack, respond, words.STORE_TROUBLE)
            return
        ack()

    def used(ack: Ack, body: Body, view: Body) -> None:
        text = view["state"]["values"]["text"]["text"].get("value") or ""
        offered = next(b["element"]["initial_value"] for b in view["blocks"] if b["type"] == "input")
        said = "used" if text == offered else "used_tweaked"
        if _keep(wiring.store, body, view["private_metadata"], "rewrite", said):
            ack()
        else:
            ack(response_action="errors", errors={"text": words.STORE_TROUBLE})

    app.action(USE)(use_this)
    app.action(FLAG_MENU)(flag_menu)
    app.action(ANOTHER)(another_angle)
    app.action(FINE)(its_fine)
    app.view(modals.USE_VIEW)(used)


def ask_another(wiring: Wiring, draft_id: str, message_ts: str, action_ts: str) -> str:
    """Ask for another rewrite in the message whose button was pressed; what to say when that can't be, else nothing."""
    store = wiring.store
    try:
        draft = store.draft(draft_id)
        if draft is None or draft.deleted or not draft.parts:
            return words.DRAFT_GONE
        if not store.channel(draft.team, draft.channel).watched:
            return words.NOT_WATCHING
        kind = next((reply.kind for reply in store.replies(draft_id) if reply.ts == message_ts), "thread")
        taken = f"button:{action_ts}"
        if taken not in draft.wishes.taken:
            changes = {"variant": draft.wishes.variant + 1, "taken": (*draft.wishes.taken, taken)}
            store.wish(draft_id, draft.wishes.model_copy(update=changes))
        wiring.queue.enqueue_rewrite(draft_id, taken, kind)
    except StoreError:
        return words.STORE_TROUBLE
    return ""


def shown_rewrite(store: Store, body: Body, draft_id: str, index: str) -> str:
    """The rewrite as it stands in the message whose button was pressed: what people saw is what they get.

    Slack does not send a private message along with its button: that one is in the store.
    """
    for block in (body.get("message") or {}).get("blocks", []):
        if block.get("block_id") == f"{REWRITE_BLOCK}-{index}":
            return "".join(piece.get("text", "") for element in block["elements"] for piece in element["elements"])
    ask = store.ask(draft_id)
    suggestion = ask.parts[int(index)].suggestion if ask and int(index) < len(ask.parts) else None
    shown = first_shown(suggestion, len(ask.parts)) if ask and suggestion else None
    return shown.text if shown else ""


def _card(wiring: Wiring, rule: str) -> Body:
    try:
        return modals.rule_card(wiring.rules.rule(rule))
    except KeyError:
        return modals.said(words.WHY_TITLE, words.RULE_GONE)


def _keep(store: Store, body: Body, draft_id: str, about: str, said: Any) -> bool:
    """Keep somebody's word; False when the store is down."""
    channel = (body.get("channel") or {}).get("id", "")
    team, user = (body.get("team") or {}).get("id") or body["user"].get("team_id", ""), body["user"]["id"]
    try:
        store.save_feedback(Feedback(team=team, channel=channel, user=user, draft_id=draft_id, about=about, said=said))
    except StoreError:
        return False
    return True


def _value(body: Body) -> str:
    return str(body["actions"][0]["value"])


def _say(ack: Ack, respond: Respond, text: str) -> None:
    ack()
    if text:
        respond(text, response_type="ephemeral", replace_original=False)

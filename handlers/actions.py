"""Buttons and menus of an answer, wherever it stands.

Each acks at once: Slack does not send a press again, so there is nothing to gain by storing it first, and whoever
pressed hears when it could not be kept. What takes longer is durable work.
"""

import re
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import words
from bot import words_surfaces as surfaces
from bot.learning import noisy
from bot.store import Feedback, PrivateAsk, Store, StoredDraft, StoreError
from handlers import asking
from handlers.asked import team_of
from handlers.views import compose, listening, modals
from handlers.views.proposal import proposal
from handlers.views.review import ANOTHER, FINE, FLAG_MENU, REWRITE_BLOCK, USE, WHY, first_shown
from handlers.wiring import Wiring

Body = dict[str, Any]


def register(app: App, wiring: Wiring) -> None:
    """Route every button, menu and modal of an answer."""

    def use_this(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        draft_id, index = _value(body).split()
        text = shown_rewrite(wiring.store, body, draft_id, index)
        if not text:
            _show(client, body, modals.said(words.USE_TITLE, words.DRAFT_GONE))
            return
        to_fill = re.findall(r"\[[^\[\]\n]{1,80}\]", text)
        _show(client, body, modals.use_this(draft_id, text, to_fill))

    def flag_menu(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        what, draft_id, rule = body["actions"][0]["selected_option"]["value"].split(" ", 2)
        ack()
        if what == WHY:
            _show(client, body, _card(wiring, rule))
            return
        kept = _keep(wiring.store, body, draft_id, rule, "not_useful")
        said = words.NOTED if kept else words.STORE_TROUBLE
        if body.get("view"):
            _show(client, body, modals.said(words.NOT_USEFUL, said))
        else:
            respond(said, response_type="ephemeral", replace_original=False)
        if kept:
            propose(wiring, client, draft_id)

    def another_angle(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        ack()
        draft_id, _ = _value(body).split()
        if body.get("view"):
            another_in_view(wiring, client, body, draft_id)
        elif draft_id.startswith("a_") or (body.get("container") or {}).get("is_ephemeral"):
            _say(respond, another_in_private(wiring, body, draft_id))
        else:
            trouble = ask_another(wiring, draft_id, body["message"]["ts"], body["actions"][0]["action_ts"])
            _say(respond, trouble)

    def its_fine(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        draft_id, _ = _value(body).split()
        try:
            with wiring.store.write():
                wiring.store.settle(draft_id)
                wiring.queue.enqueue_delivery(draft_id, f"settled:{body['actions'][0]['action_ts']}")
        except StoreError:
            _say(respond, words.STORE_TROUBLE)

    def used(ack: Ack, body: Body, view: Body) -> None:
        text = view["state"]["values"]["text"]["text"].get("value") or ""
        offered = next(b["element"]["initial_value"] for b in view["blocks"] if b["type"] == "input")
        said = "used" if text == offered else "used_tweaked"
        if _keep(wiring.store, body, view["private_metadata"], "rewrite", said):
            ack()
        else:
            ack(response_action="errors", errors={"text": words.STORE_TROUBLE})

    def listens(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        _say(respond, name_listener(wiring.store, body))

    app.action(USE)(use_this)
    app.action(FLAG_MENU)(flag_menu)
    app.action(ANOTHER)(another_angle)
    app.action(FINE)(its_fine)
    app.action(listening.OWNER)(listens)
    app.action(listening.UNTIL)(listens)
    app.view(modals.USE_VIEW)(used)


def ask_another(wiring: Wiring, draft_id: str, message_ts: str, action_ts: str) -> str:
    """Ask for another rewrite in the message whose button was pressed; what to say when that can't be, else nothing."""
    store = wiring.store
    try:
        draft = store.draft(draft_id)
        if draft is None or draft.deleted or not draft.parts:
            return words.DRAFT_GONE
        if not store.channel(draft.team, draft.channel).reads:
            return words.NOT_WATCHING
        kind = next((reply.kind for reply in store.replies(draft_id) if reply.ts == message_ts), "thread")
        taken = f"button:{action_ts}"
        if taken not in draft.wishes.taken:
            changes = {"variant": draft.wishes.variant + 1, "taken": (*draft.wishes.taken, taken)}
            with store.write():
                store.wish(draft_id, draft.wishes.model_copy(update=changes))
                wiring.queue.enqueue_rewrite(draft_id, taken, kind)
    except StoreError:
        return words.STORE_TROUBLE
    return ""


def another_in_private(wiring: Wiring, body: Body, draft_id: str) -> str:
    """Ask for another rewrite in place of a private message; what to say when that can't be, else nothing."""
    try:
        kept = _kept(wiring.store, draft_id)
    except StoreError:
        return words.STORE_TROUBLE
    if kept is None:
        return words.DRAFT_GONE
    where = {"response_url": body["response_url"], "replaces": True}
    return asking.take_in(wiring, asking.another(kept, body["user"]["id"], _pressed_at(body), **where))


def another_in_view(wiring: Wiring, client: WebClient, body: Body, draft_id: str) -> None:
    """Ask for another rewrite in place of a modal; that one waits for it from now on, and for no other."""
    shown = body["view"]
    try:
        kept = _kept(wiring.store, draft_id)
        trouble = "" if kept else words.DRAFT_GONE
    except StoreError:
        kept, trouble = None, words.STORE_TROUBLE
    if kept is None:
        _update(client, shown, compose.said(trouble, shown.get("external_id") or draft_id))
        return
    ask = asking.another(kept, body["user"]["id"], _pressed_at(body))
    ask = ask.model_copy(update={"view": ask.id})
    if not _update(client, shown, compose.loading(ask.id)):
        return  # closed, or something newer is shown
    trouble = asking.take_in(wiring, ask)
    if trouble:
        client.views_update(external_id=ask.id, view=compose.said(trouble, ask.id))


def name_listener(store: Store, body: Body) -> str:
    """Keep who listens for replies, or until when; what to say."""
    action = body["actions"][0]
    until = (action.get("selected_option") or {}).get("value")
    channel = str((body.get("channel") or {}).get("id", ""))
    draft_id = listening.draft_of(action["block_id"])
    try:
        store.choices.name_owner(team_of(body), channel, draft_id, owner=action.get("selected_user"), until=until)
        if action.get("selected_user"):
            store.rollups.answered_by_somebody(draft_id)  # who it is, the week's figures do not say
    except StoreError:
        return words.STORE_TROUBLE
    return surfaces.LISTENING_NOTED


def propose(wiring: Wiring, client: WebClient, draft_id: str) -> None:
    """Where people find a rule useless, ask whoever had the channel watched, alone and there; their Home has it too."""
    store = wiring.store
    try:
        about = store.ask(draft_id) or store.draft(draft_id)
        if about is None:
            return
        channel = store.channel(about.team, about.channel)
        found = noisy(store.choices.figures(about.team, about.channel))
        fresh = [one for one in found if store.choices.propose(about.team, about.channel, one.rule)]
    except StoreError:
        return  # the next "Not useful" comes by here again
    owner = channel.watched_by
    for figures in fresh if owner is not None else []:
        message = proposal(figures)
        try:
            client.chat_postEphemeral(
                channel=channel.channel, user=owner or "", text=message.text, blocks=message.blocks
            )
        except SlackApiError:
            return  # left the channel: it waits in their Home


def shown_rewrite(store: Store, body: Body, draft_id: str, index: str) -> str:
    """The rewrite as it stands in the message or modal whose button was pressed: what people saw is what they get.

    Slack does not send a private message along with its button: that one is in the store.
    """
    for block in (body.get("message") or body.get("view") or {}).get("blocks", []):
        if block.get("block_id") == f"{REWRITE_BLOCK}-{index}":
            return "".join(piece.get("text", "") for element in block["elements"] for piece in element["elements"])
    kept = _kept(store, draft_id)
    suggestion = kept.parts[int(index)].suggestion if kept and int(index) < len(kept.parts) else None
    shown = first_shown(suggestion, len(kept.parts)) if kept and suggestion else None
    return shown.text if shown else ""


def _kept(store: Store, about: str) -> PrivateAsk | StoredDraft | None:
    """The private ask or draft with this id whose words are still there. Raises StoreError."""
    kept = store.ask(about) if about.startswith("a_") else store.draft(about)
    return kept if kept is not None and kept.text else None


def _card(wiring: Wiring, rule: str) -> Body:
    try:
        return modals.rule_card(wiring.rules.rule(rule))
    except KeyError:
        return modals.said(words.WHY_TITLE, words.RULE_GONE)


def _show(client: WebClient, body: Body, view: Body) -> None:
    """A modal; on top of the one whose button was pressed, where it was one."""
    show = client.views_push if (body.get("view") or {}).get("type") == "modal" else client.views_open
    show(trigger_id=body["trigger_id"], view=view)


def _update(client: WebClient, shown: Body, view: Body) -> bool:
    """Replace a modal unless it was closed or changed meanwhile; whether it was replaced."""
    try:
        client.views_update(view_id=shown["id"], hash=shown["hash"], view=view)
    except SlackApiError as error:
        if error.response.get("error") in ("not_found", "hash_conflict"):
            return False
        raise
    return True


def _keep(store: Store, body: Body, draft_id: str, about: str, said: Any) -> bool:
    """Keep somebody's word; False when the store is down."""
    channel = (body.get("channel") or {}).get("id", "")
    user = body["user"]["id"]
    try:
        store.save_feedback(
            Feedback(team=team_of(body), channel=channel, user=user, draft_id=draft_id, about=about, said=said)
        )
    except StoreError:
        return False
    return True


def _value(body: Body) -> str:
    return str(body["actions"][0]["value"])


def _pressed_at(body: Body) -> str:
    return str(body["actions"][0].get("action_ts", ""))


def _say(respond: Respond, text: str) -> None:
    if text:
        respond(text, response_type="ephemeral", replace_original=False)

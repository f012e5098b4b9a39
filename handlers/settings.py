"""How the bot works in a channel: the modal, ``mute`` and ``unmute``, and what becomes of a proposal."""

from typing import Any

from rapidfuzz import process
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import words
from bot import words_surfaces as surfaces
from bot.store import StoreError
from bot.store.choices import Choices
from handlers import allowed, watching
from handlers.asked import Asked, slack_trouble, team_of
from handlers.views import settings as view
from handlers.wiring import Wiring

NEAR = 70.0


def register(app: App, wiring: Wiring) -> None:
    """Route the modal."""

    def saved(ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
        _saved(wiring, ack, body, view, client)

    app.view(view.SETTINGS)(saved)


def open_settings(asked: Asked) -> str | None:
    """Open the modal: something at once, since a trigger lives three seconds, then the form or why not."""
    if not asked.channel.startswith(("C", "G")):
        return surfaces.SETTINGS_NOT_HERE
    opened = asked.client.views_open(trigger_id=asked.trigger_id, view=view.said(surfaces.SETTINGS_LOADING))
    try:
        why_not = allowed.why_not(asked.wiring, asked.client, asked.team, asked.channel, asked.user)
        shown = view.said(why_not) if why_not else _form(asked)
    except StoreError:
        shown = view.said(words.STORE_TROUBLE)
    try:
        asked.client.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=shown)
    except SlackApiError as error:
        if error.response.get("error") not in ("not_found", "hash_conflict"):  # closed meanwhile: nobody waits for it
            raise
    return None


def _form(asked: Asked) -> dict[str, Any]:
    store, host = asked.wiring.store, asked.wiring.llm_host
    channel = store.channel(asked.team, asked.channel)
    team_keep = store.choices.of(asked.team, "").must_keep if asked.user in asked.wiring.admins else None
    return view.form(
        store.choices.of(asked.team, asked.channel),
        {mute.rule for mute in store.choices.mutes(asked.team, asked.channel)},
        asked.wiring.rules.rules(),
        llm=(host, channel.llm_allowed) if host else None,
        team_keep=team_keep,
    )


def _saved(wiring: Wiring, ack: Ack, body: dict[str, Any], shown: dict[str, Any], client: WebClient) -> None:
    filled = view.chosen(shown["state"]["values"])
    wrong = view.wrong_with(filled)
    if wrong:
        ack(response_action="errors", errors=wrong)
        return
    asked = Asked(wiring, client, team_of(body), shown["private_metadata"], body["user"]["id"])
    try:
        before = wiring.store.choices.of(asked.team, asked.channel)
        _keep(asked, filled)
    except StoreError:
        ack(response_action="update", view=view.said(words.STORE_TROUBLE))
        return
    ack(response_action="update", view=view.said(surfaces.SETTINGS_SAVED))
    if before.private != filled.private:
        notice = surfaces.NOW_PRIVATE_NOTICE if filled.private else surfaces.NOW_PUBLIC_NOTICE
        _tell_channel(asked, notice.format(user=f"<@{asked.user}>"))
    if filled.llm is not None and filled.llm != wiring.store.channel(asked.team, asked.channel).llm_allowed:
        said = watching.switch_llm(asked, on=filled.llm)
        if said != words.LLM_DONE:
            _tell(asked, surfaces.SETTINGS_LLM_NOT_TOLD.format(why=said))


def _keep(asked: Asked, filled: view.Chosen) -> None:
    store = asked.wiring.store
    team, channel, user = asked.team, asked.channel, asked.user
    choices = Choices(
        team=team,
        channel=channel,
        network=filled.network,
        private=filled.private,
        must_keep=filled.keep,
        strictness=filled.strictness,
    )
    store.choices.save(choices, user)
    if filled.keep_team is not None and user in asked.wiring.admins:
        store.choices.save(Choices(team=team, channel="", must_keep=filled.keep_team), user)
    muted = {mute.rule for mute in store.choices.mutes(team, channel)}
    for rule in filled.rules_off - muted:
        store.choices.mute(team, channel, rule, user)
    for rule in muted - filled.rules_off:
        store.choices.unmute(team, channel, rule)
    store.audit.note(
        "settings",
        who=user,
        via="slack",
        team=team,
        channel=channel,
        private=filled.private,
        network=filled.network,
        strictness=filled.strictness,
        kept_words=len(filled.keep),
        silent_rules=len(filled.rules_off),
    )


def mute(asked: Asked) -> str:
    """Make a rule silent in this channel; what to tell the asker."""
    rule, trouble = _known(asked)
    if trouble:
        return trouble
    store = asked.wiring.store
    if rule in {one.rule for one in store.choices.mutes(asked.team, asked.channel)}:
        return surfaces.MUTED_ALREADY.format(rule=rule)
    store.choices.mute(asked.team, asked.channel, rule, asked.user)
    store.audit.note("mute", who=asked.user, via="slack", team=asked.team, channel=asked.channel, rule=rule)
    return surfaces.MUTED.format(rule=rule)


def unmute(asked: Asked) -> str:
    """Let a rule speak again in this channel; what to tell the asker."""
    rule, trouble = _known(asked)
    if trouble:
        return trouble
    store = asked.wiring.store
    if not store.choices.unmute(asked.team, asked.channel, rule):
        return surfaces.UNMUTED_ALREADY.format(rule=rule)
    store.audit.note("unmute", who=asked.user, via="slack", team=asked.team, channel=asked.channel, rule=rule)
    return surfaces.UNMUTED.format(rule=rule)


def decide(asked: Asked, *, mute_it: bool) -> str:
    """Somebody's word on a proposal; what to tell them."""
    try:
        if mute_it:
            return mute(asked)
        why_not = allowed.why_not(asked.wiring, asked.client, asked.team, asked.channel, asked.user)
        if why_not:
            return why_not
        asked.wiring.store.choices.keep(asked.team, asked.channel, asked.argument)
    except StoreError:
        return words.STORE_TROUBLE
    return surfaces.PROPOSE_KEPT


def _known(asked: Asked) -> tuple[str, str]:
    """The rule's id as it is written, and what stands against choosing it."""
    why_not = allowed.why_not(asked.wiring, asked.client, asked.team, asked.channel, asked.user)
    if why_not:
        return "", why_not
    ids = [info.id for info in asked.wiring.rules.rules() if not info.praise]
    found = next((rule for rule in ids if rule.lower() == asked.argument.lower()), None)
    muted = (mute.rule for mute in asked.wiring.store.choices.mutes(asked.team, asked.channel))
    found = found or next((rule for rule in muted if rule.lower() == asked.argument.lower()), None)  # one that is gone
    if found:
        return found, ""
    near = process.extractOne(asked.argument, ids, score_cutoff=NEAR)
    if near:
        return "", surfaces.NO_SUCH_RULE_NEAR.format(rule=asked.argument, near=near[0])
    return "", surfaces.NO_SUCH_RULE.format(rule=asked.argument)


def _tell_channel(asked: Asked, text: str) -> None:
    try:
        asked.client.chat_postMessage(channel=asked.channel, text=text, unfurl_links=False, unfurl_media=False)
    except SlackApiError as error:
        _tell(asked, slack_trouble(error))


def _tell(asked: Asked, text: str) -> None:
    """A line for the asker alone, where they are; gone where the bot is not in the channel."""
    try:
        asked.client.chat_postEphemeral(channel=asked.channel, user=asked.user, text=text)
    except SlackApiError:
        return

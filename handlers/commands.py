"""``/humanize``: watch, unwatch, llm on/off, help; anything else is a draft, answered for the asker alone."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import words
from bot.models import MAX_DRAFT_CHARS
from bot.store import PrivateAsk, Store, StoreError
from bot.text import from_mrkdwn, normalise
from handlers.wiring import Wiring

Command = dict[str, Any]

NOT_INVITED = frozenset({"not_in_channel", "channel_not_found"})
MEMBERS_A_PAGE = 1000


def register(app: App, wiring: Wiring) -> None:
    """Route ``/humanize``."""

    def humanize(ack: Ack, command: Command, client: WebClient, respond: Respond) -> None:
        text = str(command.get("text") or "").strip()
        match text.lower():
            case "" | "help" | "?":
                ack(words.HELP if text else f"{words.EMPTY_DRAFT}\n{words.HELP}")
            case "watch":
                ack()
                respond(_guarded(watch, wiring, command, client))
            case "unwatch":
                ack()
                respond(_guarded(unwatch, wiring, command, client))
            case "llm on" | "llm off":
                ack()
                respond(_guarded(switch_llm, wiring, command, client))
            case _:
                ack(take_ask(wiring, command, text))

    app.command("/humanize")(humanize)


def take_ask(wiring: Wiring, command: Command, text: str) -> str:
    """Store and enqueue a private ask before the ack; what to say at once."""
    prose = from_mrkdwn(text).text.strip()
    if not normalise(prose).text.strip():
        return words.EMPTY_DRAFT
    if len(prose) > MAX_DRAFT_CHARS:
        return words.TOO_LONG.format(chars=f"{len(prose):,}", limit=f"{MAX_DRAFT_CHARS:,}")
    if re.fullmatch(r"(un)?watch\w*|stop|settings?|status|llm( \w+)?", text, re.IGNORECASE):
        return words.UNKNOWN_COMMAND.format(word=text, help=words.HELP)
    ask = PrivateAsk(
        id=f"a_{uuid.uuid4().hex}",
        team=command["team_id"],
        channel=command["channel_id"],
        user=command["user_id"],
        text=text,
        response_url=command["response_url"],
        created_at=datetime.now(UTC),
    )
    try:
        wiring.store.save_ask(ask)
        wiring.queue.enqueue_ask(ask.id)
    except StoreError:
        return words.STORE_TROUBLE
    llm = wiring.llm_host and wiring.store.channel(ask.team, ask.channel).llm_allowed
    return words.READING_LLM.format(host=wiring.llm_host) if llm else words.READING


def watch(wiring: Wiring, command: Command, client: WebClient) -> str:
    """Read along in this channel, after a notice that everybody there can see; what to tell the asker."""
    store, team, channel, user = _where(wiring, command)
    if not channel.startswith(("C", "G")):
        return words.ONLY_CHANNELS
    settings = store.channel(team, channel)
    if settings.watched:
        return words.ALREADY_WATCHING
    host = wiring.llm_host if settings.llm_allowed else None
    try:
        if not is_member(client, channel, user):
            return words.NOT_A_MEMBER
        client.chat_postMessage(
            channel=channel,
            text=words.WATCHING_NOTICE.format(user=f"<@{user}>", sent=words.sent_on(host)),
            unfurl_links=False,
            unfurl_media=False,
        )
    except SlackApiError as error:
        return _trouble(error)
    # Only now: nothing is read in a channel that has not been told.
    store.set_watched(team, channel, user)
    store.set_announced(team, channel, host)
    return words.WATCH_STARTED


def unwatch(wiring: Wiring, command: Command, client: WebClient) -> str:
    """Stop reading along; what to tell the asker."""
    store, team, channel, user = _where(wiring, command)
    settings = store.channel(team, channel)
    if not settings.watched:
        return words.NOT_WATCHING
    try:
        if not is_member(client, channel, user):
            return words.NOT_A_MEMBER
    except SlackApiError as error:
        if error.response.get("error") not in NOT_INVITED:  # removed from the channel: stopping is right all the same
            return _trouble(error)
    store.set_watched(team, channel, None)
    try:
        client.chat_postMessage(channel=channel, text=words.UNWATCHED_NOTICE.format(user=f"<@{user}>"))
    except SlackApiError:
        return words.WATCH_ENDED_QUIETLY
    return words.WATCH_ENDED


def switch_llm(wiring: Wiring, command: Command, client: WebClient) -> str:
    """Whether a language model sees this channel's drafts, told to everybody there; what to tell the asker."""
    store, team, channel, user = _where(wiring, command)
    on = str(command["text"]).strip().lower().endswith("on")
    settings = store.channel(team, channel)
    if wiring.llm_host is None:
        return words.LLM_NONE
    if settings.llm_allowed == on and (not on or settings.announced_host == wiring.llm_host):
        return words.LLM_SAME.format(state="on" if on else "off")
    notice = words.LLM_ON_NOTICE if on else words.LLM_OFF_NOTICE
    try:
        if not is_member(client, channel, user):
            return words.NOT_A_MEMBER
        if not on:  # at once, and told afterwards; the other way round people are told first
            store.set_llm(team, channel, False)
        client.chat_postMessage(channel=channel, text=notice.format(user=f"<@{user}>", host=wiring.llm_host))
    except SlackApiError as error:
        return _trouble(error)
    store.set_llm(team, channel, on)
    store.set_announced(team, channel, wiring.llm_host if on else None)
    return words.LLM_DONE


def is_member(client: WebClient, channel: str, user: str) -> bool:
    """Whether ``user`` is in ``channel``. Raises SlackApiError, also when the bot itself is not in a private one."""
    pages = client.conversations_members(channel=channel, limit=MEMBERS_A_PAGE)
    return any(user in page["members"] for page in pages)


def _where(wiring: Wiring, command: Command) -> tuple[Store, str, str, str]:
    return wiring.store, command["team_id"], command["channel_id"], command["user_id"]


def _guarded(
    act: Callable[[Wiring, Command, WebClient], str], wiring: Wiring, command: Command, client: WebClient
) -> str:
    try:
        return act(wiring, command, client)
    except StoreError:
        return words.STORE_TROUBLE


def _trouble(error: SlackApiError) -> str:
    code = str(error.response.get("error") or "unknown")
    if code in NOT_INVITED:
        return words.NOT_INVITED
    if code == "is_archived":
        return words.CHANNEL_ARCHIVED
    return words.SLACK_TROUBLE.format(code=code)

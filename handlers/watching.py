"""Reading along in a channel, and whether a language model sees its drafts: each change is told to everybody there."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import words, words_guard
from handlers.asked import Asked, slack_trouble

NOT_INVITED = frozenset({"not_in_channel", "channel_not_found"})
MEMBERS_A_PAGE = 1000


def watch(asked: Asked) -> str:
    """Read along in this channel, after a notice that everybody there can see; what to tell the asker."""
    store, team, channel, user = asked.wiring.store, asked.team, asked.channel, asked.user
    if not channel.startswith(("C", "G")):
        return words.ONLY_CHANNELS
    if asked.wiring.channels and channel not in asked.wiring.channels:
        return words_guard.CHANNEL_NOT_LISTED
    settings = store.channel(team, channel)
    if settings.watched:
        return words.ALREADY_WATCHING
    host = asked.wiring.llm_host if settings.llm_allowed else None
    try:
        if not is_member(asked.client, channel, user):
            return words.NOT_A_MEMBER
        asked.client.chat_postMessage(
            channel=channel,
            text=words.WATCHING_NOTICE.format(
                user=f"<@{user}>", sent=words.sent_on(host), days=asked.wiring.keep_text_days
            ),
            unfurl_links=False,
            unfurl_media=False,
        )
    except SlackApiError as error:
        return slack_trouble(error)
    # Only now: nothing is read in a channel that has not been told.
    store.set_watched(team, channel, user)
    store.set_announced(team, channel, host)
    store.audit.note("watch", who=user, via="slack", team=team, channel=channel)
    return words.WATCH_STARTED


def unwatch(asked: Asked) -> str:
    """Stop reading along; what to tell the asker."""
    store, team, channel, user = asked.wiring.store, asked.team, asked.channel, asked.user
    settings = store.channel(team, channel)
    if not settings.watched:
        return words.NOT_WATCHING
    try:
        if not is_member(asked.client, channel, user):
            return words.NOT_A_MEMBER
    except SlackApiError as error:
        if error.response.get("error") not in NOT_INVITED:  # removed from the channel: stopping is right all the same
            return slack_trouble(error)
    store.set_watched(team, channel, None)
    store.audit.note("unwatch", who=user, via="slack", team=team, channel=channel)
    try:
        asked.client.chat_postMessage(channel=channel, text=words.UNWATCHED_NOTICE.format(user=f"<@{user}>"))
    except SlackApiError:
        return words.WATCH_ENDED_QUIETLY
    return words.WATCH_ENDED


def llm_on(asked: Asked) -> str:
    """A language model may see this channel's drafts."""
    return switch_llm(asked, on=True)


def llm_off(asked: Asked) -> str:
    """No language model sees this channel's drafts."""
    return switch_llm(asked, on=False)


def switch_llm(asked: Asked, *, on: bool) -> str:
    """Whether a language model sees this channel's drafts, told to everybody there; what to tell the asker."""
    store, team, channel, user = asked.wiring.store, asked.team, asked.channel, asked.user
    host = asked.wiring.llm_host
    settings = store.channel(team, channel)
    if host is None:
        return words.LLM_NONE
    if settings.llm_allowed == on and (not on or settings.announced_host == host):
        return words.LLM_SAME.format(state="on" if on else "off")
    notice = words.LLM_ON_NOTICE if on else words.LLM_OFF_NOTICE
    try:
        if not is_member(asked.client, channel, user):
            return words.NOT_A_MEMBER
        if not on:  # at once, and told afterwards; the other way round people are told first
            store.set_llm(team, channel, False)
        asked.client.chat_postMessage(channel=channel, text=notice.format(user=f"<@{user}>", host=host))
    except SlackApiError as error:
        return slack_trouble(error)
    store.set_llm(team, channel, on)
    store.set_announced(team, channel, host if on else None)
    store.audit.note("llm on" if on else "llm off", who=user, via="slack", team=team, channel=channel)
    return words.LLM_DONE


def is_member(client: WebClient, channel: str, user: str) -> bool:
    """Whether ``user`` is in ``channel``. Raises SlackApiError, also when the bot itself is not in a private one."""
    pages = client.conversations_members(channel=channel, limit=MEMBERS_A_PAGE)
    return any(user in page["members"] for page in pages)

"""Who may change how the bot works in a channel.

Named admins (HUMANIZE_ADMINS) may, in every channel, and so may whoever had a channel watched, there. Where no admins
are named, every member of a channel may: it is their drafts. Reading status, and ending it with unwatch or llm off,
is every member's right all the same.
"""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import words_surfaces as words
from handlers.asked import slack_trouble
from handlers.watching import is_member
from handlers.wiring import Wiring


def why_not(wiring: Wiring, client: WebClient, team: str, channel: str, user: str) -> str:
    """Why this person may not choose here, in words; empty when they may. Raises StoreError."""
    watched_by = wiring.store.channel(team, channel).watched_by
    if user in wiring.admins or user == watched_by:
        return ""
    if wiring.admins:
        return words.NOT_ALLOWED_ADMINS.format(people=names(wiring, watched_by))
    try:
        return "" if is_member(client, channel, user) else words.NOT_ALLOWED_MEMBER
    except SlackApiError as error:
        return slack_trouble(error)


def names(wiring: Wiring, watched_by: str | None = None) -> str:
    """Those who may, as Slack shows names."""
    people = sorted({*wiring.admins, *([watched_by] if watched_by else [])})
    return ", ".join(f"<@{person}>" for person in people[:10])

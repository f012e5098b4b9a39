"""The shapes of Slack's events: pure functions from what happened to the JSON that is delivered."""

import uuid
from typing import Any

from bot.playground.errors import Json
from bot.playground.people import APP_ID, BOT_ID, BOT_USER, SLACKBOT, TEAM_ID, Channel


def typed_message(user: str, text: str, blocks: list[Json], **extra: Any) -> Json:
    """A message that a person typed, without its ts."""
    return {
        "user": user,
        "type": "message",
        "client_msg_id": str(uuid.uuid4()),
        "text": text,
        "team": TEAM_ID,
        "blocks": blocks,
        **extra,
    }


def app_message(text: str, **extra: Any) -> Json:
    """A message that the bot posted with its own name, without its ts."""
    profile = {"id": BOT_ID, "app_id": APP_ID, "name": "Humanize", "deleted": False, "team_id": TEAM_ID}
    return {
        "user": BOT_USER,
        "type": "message",
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "text": text,
        "team": TEAM_ID,
        "bot_profile": profile,
        **extra,
    }


def tombstone(message: Json) -> Json:
    """What stays of a deleted message whose thread has replies."""
    kept = ("ts", "thread_ts", "reply_count", "reply_users_count", "latest_reply", "reply_users")
    return {
        "type": "message",
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "user": SLACKBOT,
        "hidden": True,
        "is_locked": False,
        **{key: message[key] for key in kept if key in message},
    }


def message_event(channel: Channel, message: Json) -> Json:
    """``message``: a new message, whatever its subtype. Thread counters are not part of an event."""
    counters = ("reply_count", "reply_users_count", "latest_reply", "reply_users", "reactions")
    said = {key: value for key, value in message.items() if key not in counters}
    return {**said, "channel": channel.id, "event_ts": message["ts"], "channel_type": channel.kind}


def changed_event(channel: Channel, message: Json, previous: Json, ts: str) -> Json:
    """``message_changed``: an edit, an unfurl (same text, hidden), or a tombstone."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": {**message, "source_team": TEAM_ID, "user_team": TEAM_ID},
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def deleted_event(channel: Channel, previous: Json, ts: str) -> Json:
    """``message_deleted``."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": previous["ts"],
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def reaction_event(kind: str, user: str, name: str, channel: Channel, message: Json, ts: str) -> Json:
    """``reaction_added`` or ``reaction_removed``."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
        "item_user": message.get("user"),
        "event_ts": ts,
    }


def member_event(kind: str, user: str, channel: Channel, ts: str, inviter: str | None = None) -> Json:
    """``member_joined_channel`` or ``member_left_channel``."""
    letter = {"channel": "C", "group": "G", "im": "D"}[channel.kind]
    event = {"type": kind, "user": user, "channel": channel.id, "channel_type": letter, "team": TEAM_ID, "event_ts": ts}
    return {**event, "inviter": inviter} if inviter else event


def envelope(event: Json, event_id: str, now: float, *, token: str, ext_shared: bool) -> Json:
    """The outer ``event_callback`` object; ``now`` is in seconds since 1970."""
    authorization = {
        "enterprise_id": None,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": token,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(now),
        "authorizations": [authorization],
        "is_ext_shared_channel": ext_shared,
        "event_context": f"4-{event_id}",
    }

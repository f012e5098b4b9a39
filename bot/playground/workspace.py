"""The state of the workspace: users, channels, messages, threads, reactions, ephemeral messages. No HTTP.

Safe to use from many threads: every method holds ``lock``, and every change wakes ``changed``. Each change that Slack
would tell an app about is handed, in order, to the ``listeners`` as ``(channel or None, inner event)``. Types
that begin with ``_`` are for the page alone (somebody's ephemeral messages or views changed); Slack has no such events.
"""

import copy
import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from bot.playground import mrkdwn, shapes
from bot.playground.errors import Json, SlackError
from bot.playground.people import BOT_ID, BOT_USER, Channel, User, sample_channels, sample_users

EventListener = Callable[[Channel | None, Json], None]


class Workspace:
    """One workspace. ``clock`` gives seconds since 1970; a ts is never given twice."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.listeners: list[EventListener] = []
        self.users: dict[str, User] = {user.id: user for user in sample_users()}
        self.channels: dict[str, Channel] = {c.id: c for c in sample_channels(int(clock()))}
        self.ephemerals: list[Json] = []
        self._last_ts = 0
        self._ids = itertools.count(1)

    # -- small parts

    def next_ts(self) -> str:
        """A new ts, later than every one before."""
        with self.lock:
            self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
            return "{}.{:06d}".format(*divmod(self._last_ts, 1_000_000))

    def next_id(self, prefix: str) -> str:
        """A new id such as ``F0000000007``."""
        with self.lock:
            return f"{prefix}{next(self._ids):010d}"

    def channel(self, channel_id: str) -> Channel:
        """The channel, or ``channel_not_found``."""
        with self.lock:
            found = self.channels.get(channel_id)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def user(self, user_id: str) -> User:
        """The user, or ``user_not_found``."""
        with self.lock:
            found = self.users.get(user_id)
        if found is None:
            raise SlackError("user_not_found")
        return found

    def message(self, channel_id: str, ts: str) -> Json:
        """The stored message itself, or ``message_not_found``."""
        with self.lock:
            found = self.channel(channel_id).messages.get(ts)
            if found is None:
                raise SlackError("message_not_found")
            return found

    def names(self) -> mrkdwn.Names:
        """The names that people can mention."""
        with self.lock:
            channels = {c.name: c.id for c in self.channels.values() if c.kind != "im"}
            return mrkdwn.Names({u.name.lower(): u.id for u in self.users.values()}, channels)

    def emit(self, channel: Channel | None, event: Json) -> None:
        """Tell the listeners of an event and wake those who wait."""
        with self.lock:
            for listener in self.listeners:
                listener(channel, copy.deepcopy(event))
            self.changed.notify_all()

    # -- channels

    def add_user(self, user: User) -> User:
        """Put one more person into the workspace."""
        with self.lock:
            self.users[user.id] = user
            return user

    def add_channel(self, name: str, members: list[str], **fields: Any) -> Channel:
        """Make a channel; fields as in :class:`Channel`. No event is sent."""
        with self.lock:
            made = Channel(fields.pop("id", None) or self.next_id("C"), name, members=list(members), **fields)
            self.channels[made.id] = made
            return made

    def dm(self, user_id: str) -> Channel:
        """The bot's direct conversation with a person; made when it does not exist yet."""
        with self.lock:
            self.user(user_id)
            for channel in self.channels.values():
                if channel.kind == "im" and channel.partner == user_id:
                    return channel
            members = [user_id, BOT_USER]
            return self.add_channel("", members, kind="im", partner=user_id, id=self.next_id("D"))

    def join(self, channel_id: str, user_id: str, inviter: str | None = None) -> None:
        """Make somebody a member: a channel_join message and member_joined_channel. Nothing when they are one."""
        with self.lock:
            channel = self.channel(channel_id)
            if user_id in channel.members:
                return
            channel.members.append(user_id)
            text = f"<@{user_id}> has joined the channel"
            joined: Json = {"type": "message", "subtype": "channel_join", "user": user_id, "text": text}
            self.add_message(channel_id, {**joined, "inviter": inviter} if inviter else joined)
            self.emit(channel, shapes.member_event("member_joined_channel", user_id, channel, self.next_ts(), inviter))

    def leave(self, channel_id: str, user_id: str) -> None:
        """Take somebody out. The event goes out first: Slack does tell a bot that it was removed."""
        with self.lock:
            channel = self.channel(channel_id)
            if user_id not in channel.members:
                raise SlackError("not_in_channel")
            self.emit(channel, shapes.member_event("member_left_channel", user_id, channel, self.next_ts()))
            if user_id == BOT_USER:
                kind = "group_left" if channel.kind == "group" else "channel_left"
                self.emit(channel, {"type": kind, "channel": channel.id, "event_ts": self.next_ts()})
            channel.members.remove(user_id)
            self.changed.notify_all()

    def archive(self, channel_id: str, user_id: str) -> None:
        """Archive a channel: no more posts."""
        with self.lock:
            channel = self.channel(channel_id)
            channel.archived = True
            event = {"type": "channel_archive", "channel": channel.id, "user": user_id, "is_moved": 0}
            self.emit(channel, {**event, "event_ts": self.next_ts()})

    def unarchive(self, channel_id: str, user_id: str) -> None:
        """Bring a channel back."""
        with self.lock:
            channel = self.channel(channel_id)
            channel.archived = False
            event = {"type": "channel_unarchive", "channel": channel.id, "user": user_id}
            self.emit(channel, {**event, "event_ts": self.next_ts()})

    def rename(self, channel_id: str, name: str) -> None:
        """Give a channel another name."""
        with self.lock:
            channel = self.channel(channel_id)
            channel.name = name
            new = {"id": channel.id, "name": name, "created": channel.created, "name_normalized": name}
            self.emit(channel, {"type": "channel_rename", "channel": new, "event_ts": self.next_ts()})

    # -- messages

    def add_message(self, channel_id: str, message: Json) -> Json:
        """Store a message, give it a ts, keep its thread's counters, and tell the listeners.

        Raises channel_not_found, is_archived, or thread_not_found when ``thread_ts`` names no message here.
        """
        with self.lock:
            channel = self.channel(channel_id)
            if channel.archived:
                raise SlackError("is_archived")
            parent = self._parent(channel, message.get("thread_ts"))
            stored = {**copy.deepcopy(message), "ts": self.next_ts()}
            if parent is not None:
                stored["thread_ts"] = parent["ts"]
                stored["parent_user_id"] = parent.get("user")
                if stored.get("subtype") == "thread_broadcast":
                    stored["root"] = copy.deepcopy(parent)
            channel.messages[stored["ts"]] = stored
            if parent is not None:
                self._count_replies(channel, parent)
            self.emit(channel, shapes.message_event(channel, stored))
            return copy.deepcopy(stored)

    def _parent(self, channel: Channel, thread_ts: str | None) -> Json | None:
        if thread_ts is None:
            return None
        parent = channel.messages.get(thread_ts)
        if parent is None:
            raise SlackError("thread_not_found")
        root: str = parent.get("thread_ts", thread_ts)
        return channel.messages.get(root, parent)

    def _count_replies(self, channel: Channel, parent: Json) -> None:
        replies = [m for m in channel.messages.values() if m.get("thread_ts") == parent["ts"] and m is not parent]
        authors = list(dict.fromkeys(m.get("user") or m.get("bot_id") for m in replies))
        parent["thread_ts"] = parent["ts"]
        parent["reply_count"] = len(replies)
        parent["reply_users_count"] = len(authors)
        parent["reply_users"] = authors
        parent["latest_reply"] = replies[-1]["ts"] if replies else "0000000000.000000"
        if not replies and parent.get("subtype") != "tombstone":
            for key in ("thread_ts", "reply_count", "reply_users_count", "reply_users", "latest_reply"):
                parent.pop(key, None)

    def edit_message(self, channel_id: str, ts: str, changes: Json, by: str | None) -> Json:
        """Change fields of a message (None removes one). ``by`` marks it as edited; None is an unfurl: no mark."""
        with self.lock:
            channel = self.channel(channel_id)
            message = self.message(channel_id, ts)
            if channel.archived:
                raise SlackError("is_archived")
            previous = copy.deepcopy(message)
            for key, value in changes.items():
                if value is None:
                    message.pop(key, None)
                else:
                    message[key] = copy.deepcopy(value)
            event_ts = self.next_ts()
            if by is not None:
                message["edited"] = {"user": by, "ts": event_ts}
            self.emit(channel, shapes.changed_event(channel, message, previous, event_ts))
            return copy.deepcopy(message)

    def delete_message(self, channel_id: str, ts: str) -> None:
        """Delete a message. A parent with replies becomes a tombstone, which Slack tells as message_changed."""
        with self.lock:
            channel = self.channel(channel_id)
            message = self.message(channel_id, ts)
            previous = copy.deepcopy(message)
            event_ts = self.next_ts()
            if message.get("reply_count"):
                channel.messages[ts] = shapes.tombstone(message)
                self.emit(channel, shapes.changed_event(channel, channel.messages[ts], previous, event_ts))
                return
            del channel.messages[ts]
            self.emit(channel, shapes.deleted_event(channel, previous, event_ts))
            parent = channel.messages.get(message.get("thread_ts", ""))
            if parent is not None:
                self._count_replies(channel, parent)
                if parent.get("subtype") == "tombstone" and not parent["reply_count"]:
                    self.delete_message(channel_id, parent["ts"])

    # -- what only one person sees, and reactions

    def add_ephemeral(self, channel_id: str, user_id: str, message: Json) -> str:
        """Show a message to one person; its ts."""
        with self.lock:
            ts = self.next_ts()
            shown = {**copy.deepcopy(message), "ts": ts, "channel": channel_id, "ephemeral_to": user_id}
            self.ephemerals.append({**shown, "is_ephemeral": True})
            self.emit(None, {"type": "_ephemeral", "user": user_id})
            return ts

    def change_ephemeral(self, ts: str, changes: Json | None) -> bool:
        """Replace (or, with None, remove) an ephemeral message; False when there is none with that ts."""
        with self.lock:
            for at, message in enumerate(self.ephemerals):
                if message["ts"] == ts:
                    if changes is None:
                        del self.ephemerals[at]
                    else:
                        self.ephemerals[at] = {**message, **copy.deepcopy(changes), "edited_here": True}
                    self.emit(None, {"type": "_ephemeral", "user": message["ephemeral_to"]})
                    return True
            return False

    def react(self, channel_id: str, ts: str, name: str, user_id: str) -> None:
        """Add a reaction; invalid_name or already_reacted."""
        with self.lock:
            message = self.message(channel_id, ts)
            if not mrkdwn.known_emoji(name):
                raise SlackError("invalid_name")
            reactions: list[Json] = message.setdefault("reactions", [])
            entry = next((r for r in reactions if r["name"] == name), None)
            if entry is None:
                entry = {"name": name, "users": [], "count": 0}
                reactions.append(entry)
            if user_id in entry["users"]:
                raise SlackError("already_reacted")
            entry["users"].append(user_id)
            entry["count"] += 1
            channel = self.channel(channel_id)
            self.emit(channel, shapes.reaction_event("reaction_added", user_id, name, channel, message, self.next_ts()))

    def unreact(self, channel_id: str, ts: str, name: str, user_id: str) -> None:
        """Take a reaction back; no_reaction."""
        with self.lock:
            message = self.message(channel_id, ts)
            entry = next((r for r in message.get("reactions", []) if r["name"] == name), None)
            if entry is None or user_id not in entry["users"]:
                raise SlackError("no_reaction")
            entry["users"].remove(user_id)
            entry["count"] -= 1
            message["reactions"] = [r for r in message["reactions"] if r["count"]]
            if not message["reactions"]:
                del message["reactions"]
            channel = self.channel(channel_id)
            event = shapes.reaction_event("reaction_removed", user_id, name, channel, message, self.next_ts())
            self.emit(channel, event)


def is_from_bot(message: Json) -> bool:
    """Whether the stand-in's own bot wrote this message."""
    return message.get("bot_id") == BOT_ID

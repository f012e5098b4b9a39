"""Makes an event durable before Slack hears an ack.

Runs as middleware: when it raises, Slack gets no ack and delivers again, so an acked draft is always a stored one.
"""

from collections.abc import Callable
from typing import Any

from slack_bolt import BoltRequest, BoltResponse

from bot.intake import Intake
from bot.store import IncomingDraft, Store, draft_id
from handlers.wiring import Queue

# Subtypes of messages that people write themselves. All else (joins, topics, bots, workflow posts) is left alone.
PEOPLE = frozenset({None, "file_share", "me_message", "thread_broadcast"})

Event = dict[str, Any]


class Inbox:
    """Decides what a message event means for drafts, and stores and enqueues it."""

    def __init__(self, store: Store, queue: Queue, intake: Intake) -> None:
        self._store = store
        self._queue = queue
        self._intake = intake

    def take(self, req: BoltRequest, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002 - Bolt's name
        """Bolt middleware. Raises StoreError when the event can't be kept: no ack, and Slack sends it again."""
        body = req.body
        event = body.get("event") if isinstance(body, dict) else None
        if isinstance(event, dict) and event.get("type") == "message":
            self._message(str(body.get("team_id") or event.get("team") or ""), event)
        return next()

    def _message(self, team: str, event: Event) -> None:
        channel = event.get("channel")
        if not team or not isinstance(channel, str) or not self._store.channel(team, channel).watched:
            return
        subtype = event.get("subtype")
        if subtype == "message_deleted":
            self._deleted(team, channel, event.get("deleted_ts"))
        elif subtype == "message_changed":
            self._changed(team, channel, event)
        elif subtype in PEOPLE:
            self._written(team, channel, event, edited_ts=None)

    def _changed(self, team: str, channel: str, event: Event) -> None:
        message, before = event.get("message"), event.get("previous_message")
        if not isinstance(message, dict):
            return
        if message.get("subtype") == "tombstone":  # what is left of a deleted message that has replies
            self._deleted(team, channel, message.get("ts"))
            return
        edited = message.get("edited")
        edited_ts = edited.get("ts") if isinstance(edited, dict) else None
        # An unfurl is a change without an edit, or with the text it had before.
        same_text = isinstance(before, dict) and before.get("text") == message.get("text")
        same_edit = isinstance(before, dict) and before.get("edited") == edited
        if edited_ts is None or (same_text and same_edit) or message.get("subtype") not in PEOPLE:
            return
        self._written(team, channel, message, edited_ts=edited_ts)

    def _written(self, team: str, channel: str, message: Event, edited_ts: str | None) -> None:
        text, user, ts, thread_ts = (message.get(name) for name in ("text", "user", "ts", "thread_ts"))
        if message.get("bot_id") or not (isinstance(text, str) and isinstance(user, str) and isinstance(ts, str)):
            return
        text = text.encode("utf-8", "replace").decode()  # JSON may hold half a surrogate pair
        reply = thread_ts if isinstance(thread_ts, str) and thread_ts != ts else None
        known = self._store.draft(draft_id(team, channel, ts)) is not None
        if not known and not self._intake.looks_like_draft(text, in_thread=reply is not None):
            return
        draft = IncomingDraft(
            team=team, channel=channel, ts=ts, thread_ts=reply, author=user, edited_ts=edited_ts, text=text
        )
        outcome = self._store.save_draft(draft)
        if outcome in ("new", "newer", "same"):
            # "same" too: this may be the delivery after one that stored the draft and died before it was enqueued.
            self._queue.enqueue_review(draft.id, draft.version)

    def _deleted(self, team: str, channel: str, ts: object) -> None:
        if isinstance(ts, str):
            self._queue.enqueue_delivery(self._store.delete_draft(team, channel, ts), "deleted")

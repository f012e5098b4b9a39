"""Makes an event durable before Slack hears an ack.

Runs as middleware: when it raises, Slack gets no ack and delivers again, so an acked draft is always a stored one.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from slack_bolt import BoltRequest, BoltResponse

from bot.intake import Intake
from bot.iterate import MIN_WORDS, WITHIN_US, is_next_version
from bot.store import IncomingDraft, Store, StoredDraft, draft_id, slack_ts_us
from bot.store.shared import SharedFiles
from bot.wishes import read_wish
from handlers.files import files_of, shared_ids
from handlers.wiring import Queue

# Subtypes of messages that people write themselves. All else (joins, topics, bots, workflow posts) is left alone.
PEOPLE = frozenset({None, "file_share", "me_message", "thread_broadcast"})

LEFT = "humanize_left"
"""Where the inbox leaves in Bolt's context what it made of a message."""
MIN_DIRECT_WORDS = 8

Event = dict[str, Any]


class _Message(NamedTuple):
    team: str
    channel: str
    ts: str
    thread_ts: str | None
    """The thread's root, when the message is a reply."""
    user: str
    text: str

    @property
    def id(self) -> str:
        return draft_id(self.team, self.channel, self.ts)

    @property
    def direct(self) -> bool:
        return self.channel.startswith("D")


class Inbox:
    """Decides what a message event means for drafts, and keeps it with the work to be done, in one transaction."""

    def __init__(self, store: Store, queue: Queue, intake: Intake) -> None:
        self._store = store
        self._queue = queue
        self._intake = intake

    def take(self, req: BoltRequest, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002 - Bolt's name
        """Bolt middleware. Raises StoreError when the event can't be kept: no ack, and Slack sends it again."""
        body = req.body
        event = body.get("event") if isinstance(body, dict) else None
        if isinstance(event, dict) and event.get("type") == "message":
            # Bolt's: the workspace that installed us, also where a channel is shared with another company.
            req.context[LEFT] = self._event(req.context.team_id or "", event)
        return next()

    def _event(self, team: str, event: Event) -> str:
        """Take in what a message event means. What is left to the listener: ``small_talk``, said to the bot alone and
        no draft by itself and without a file."""
        channel = event.get("channel")
        if not team or not isinstance(channel, str):
            return "sparse"
        gone = _deleted_ts(event)
        if gone is not None:
            self._deleted(team, channel, gone)
        elif self._file_gone(team, channel, event):
            return "taken"
        elif not self._store.channel(team, channel).reads:
            return "unwatched"
        elif event.get("subtype") == "message_changed":
            self._changed(team, channel, event)
        elif event.get("subtype") in PEOPLE and (message := _message(team, channel, event)):
            meant = self._written(message)
            return "taken" if self._shared(message, event, asked=meant == "small_talk") else meant
        return "taken"

    def _changed(self, team: str, channel: str, event: Event) -> None:
        inner, before = event.get("message"), event.get("previous_message")
        if not isinstance(inner, dict):
            return
        edited = inner.get("edited")
        edited_ts = _ts(edited.get("ts")) if isinstance(edited, dict) else None
        # An unfurl is a change without an edit, or with the text and the edit it had before.
        same_text = isinstance(before, dict) and before.get("text") == inner.get("text")
        same_edit = isinstance(before, dict) and before.get("edited") == edited
        if edited_ts is None or (same_text and same_edit) or inner.get("subtype") not in PEOPLE:
            return
        message = _message(team, channel, inner)
        if message is None:
            return
        known = self._store.draft(message.id)
        if known is not None:
            # A draft read from a file: its comment was edited, and the file is as it was.
            of_file = inner.get("files") and isinstance(before, dict) and known.text != before.get("text")
            if not of_file:
                self._keep(message, edited_ts, known.follows)
        elif self._is_draft(message):
            self._keep(message, edited_ts, None)

    def _written(self, message: _Message) -> str:
        known = self._store.draft(message.id)
        if known is not None:  # a second delivery
            self._keep(message, None, known.follows)
            return "taken"
        earlier = self._earlier(message)
        if earlier is not None:
            self._keep(message, None, earlier.id)
        elif self._wished(message):
            return "taken"
        elif self._is_draft(message):
            self._keep(message, None, None)
        else:
            return "small_talk" if message.direct else "chatter"
        return "taken"

    def _is_draft(self, message: _Message) -> bool:
        """In somebody's own conversation with the bot, whatever is long enough was pasted there to be read."""
        if message.direct and len(self._intake.words(message.text).split()) >= MIN_DIRECT_WORDS:
            return True
        return self._intake.looks_like_draft(message.text, in_thread=message.thread_ts is not None)

    def _earlier(self, message: _Message) -> StoredDraft | None:
        """The draft of the same author that this is the next version of, if it is one."""
        words = self._intake.words(message.text)
        if len(words.split()) < MIN_WORDS:
            return None
        since = slack_ts_us(message.ts) - WITHIN_US
        for draft in self._store.recent(message.team, message.channel, message.user, since):
            in_thread = message.thread_ts is not None
            if not draft.text or (in_thread and message.thread_ts not in (draft.ts, draft.thread_ts)):
                continue
            if is_next_version(words, draft, self._intake.words(draft.text), in_thread=in_thread):
                return draft
        return None

    def _wished(self, message: _Message) -> bool:
        """Take an author's wish about the rewrite ("shorter") in the thread of their draft; whether it was one."""
        draft = self._newest_in_thread(message)
        if draft is None or draft.text is None:
            return False
        kind = f"wish:{message.ts}"
        if kind not in draft.wishes.taken:  # else a second delivery
            wishes = read_wish(message.text, self._intake.words(draft.text), draft.wishes)
            if wishes is None:
                return False
            with self._store.write():
                self._store.wish(draft.id, wishes.model_copy(update={"taken": (*wishes.taken, kind)}))
                self._queue.enqueue_rewrite(draft.id, kind, kind)
        return True

    def _newest_in_thread(self, message: _Message) -> StoredDraft | None:
        """The author's newest draft in this thread: what "shorter" is about."""
        if message.thread_ts is None:
            return None
        drafts = self._store.recent(message.team, message.channel, message.user, since_us=0)
        return next((draft for draft in drafts if message.thread_ts in (draft.ts, draft.thread_ts)), None)

    def _shared(self, message: _Message, event: Event, *, asked: bool) -> bool:
        """Take in the files of a message: what they are is seen to later. ``asked``: given to the bot itself."""
        files = shared_ids(event, asked=asked)
        if files:
            shared = SharedFiles(
                id=message.id, team=message.team, channel=message.channel, ts=message.ts, thread_ts=message.thread_ts,
                author=message.user, files=files, asked=asked,
            )  # fmt: skip
            with self._store.write():
                self._store.shared.save(shared)
                self._queue.enqueue_files(shared.id)
        return bool(files)

    def _file_gone(self, team: str, channel: str, event: Event) -> bool:
        """Somebody deleted the files and left the message: what we made of them goes. Whether it was that."""
        inner = event.get("message")
        if event.get("subtype") != "message_changed" or not isinstance(inner, dict):
            return False
        files, ts = files_of(inner), _ts(inner.get("ts"))
        if ts is None or not files or any(file.get("mode") != "tombstone" for file in files):
            return False
        shared = self._store.shared.get(draft_id(team, channel, ts))
        if shared is None:
            return False
        if shared.state == "draft":
            self._deleted(team, channel, ts)
        else:
            with self._store.write():
                if self._store.shared.delete(shared.id):
                    self._queue.enqueue_files(shared.id, "deleted")
        return True

    def _keep(self, message: _Message, edited_ts: str | None, follows: str | None) -> None:
        draft = IncomingDraft(
            team=message.team,
            channel=message.channel,
            ts=message.ts,
            thread_ts=message.thread_ts,
            author=message.user,
            edited_ts=edited_ts,
            text=message.text,
            follows=follows,
        )
        with self._store.write():
            if self._store.save_draft(draft) in ("new", "newer"):
                self._queue.enqueue_review(draft.id, draft.version)

    def _deleted(self, team: str, channel: str, ts: str) -> None:
        """Also where nobody reads along any more: the words go, and the reply that quotes them."""
        with self._store.write():
            if self._store.shared.delete(draft_id(team, channel, ts)):
                self._queue.enqueue_files(draft_id(team, channel, ts), "deleted")
            known = self._store.draft(draft_id(team, channel, ts)) is not None
            if known or self._store.channel(team, channel).reads:  # an unknown one may be a draft still to come
                self._queue.enqueue_delivery(self._store.delete_draft(team, channel, ts), "deleted")


def _deleted_ts(event: Event) -> str | None:
    """The ts of the message that is gone, if that is what the event says."""
    if event.get("subtype") == "message_deleted":
        return _ts(event.get("deleted_ts"))
    inner = event.get("message")
    # What is left of a deleted message that has replies.
    return _ts(inner.get("ts")) if isinstance(inner, dict) and inner.get("subtype") == "tombstone" else None


def _message(team: str, channel: str, event: Event) -> _Message | None:
    """A message with its author and text; None for what has none, and for bots."""
    text, user = event.get("text"), event.get("user")
    ts, root = _ts(event.get("ts")), _ts(event.get("thread_ts"))
    if event.get("bot_id") or ts is None or not (isinstance(text, str) and isinstance(user, str) and user):
        return None
    # JSON may hold half a surrogate pair, which no database takes.
    clean = text.encode("utf-8", "replace").decode()
    return _Message(team, channel, ts, root if root != ts else None, user, clean)


def _ts(value: object) -> str | None:
    """A timestamp as Slack writes them, else None."""
    return value if isinstance(value, str) and re.fullmatch(r"\d{1,12}\.\d{1,6}", value, re.ASCII) else None

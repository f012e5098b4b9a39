"""Reading messages back: conversations.history and conversations.replies with pages."""

import base64
import copy
from dataclasses import dataclass

from bot.playground.errors import Json, SlackError
from bot.playground.people import Channel


@dataclass(frozen=True)
class Page:
    """Which messages are asked for. ``oldest`` and ``latest`` are ts strings, exclusive unless ``inclusive``."""

    limit: int = 100
    cursor: str = ""
    oldest: str = "0"
    latest: str = ""
    inclusive: bool = False
    include_all_metadata: bool = False

    def holds(self, ts: str) -> bool:
        """Whether a message of this ts lies between oldest and latest."""
        if self.inclusive:
            return ts_key(ts) >= ts_key(self.oldest) and (not self.latest or ts_key(ts) <= ts_key(self.latest))
        return ts_key(ts) > ts_key(self.oldest) and (not self.latest or ts_key(ts) < ts_key(self.latest))


def ts_key(ts: str) -> tuple[int, int]:
    """A ts as numbers, for comparing. Raises invalid_arguments-like errors as ``invalid_ts_oldest``."""
    seconds, _, micros = ts.partition(".")
    try:
        return int(seconds), int((micros or "0").ljust(6, "0")[:6])
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None


def history(channel: Channel, page: Page) -> Json:
    """Top-level messages and broadcasts, newest first."""
    top = [m for m in channel.messages.values() if _is_top(m) and page.holds(m["ts"])]
    return _cut(top[::-1], page)


def replies(channel: Channel, ts: str, page: Page) -> Json:
    """The thread's parent, then its replies, oldest first; thread_not_found when there is no such message."""
    message = channel.messages.get(ts)
    if message is None:
        raise SlackError("thread_not_found")
    root = message.get("thread_ts", ts)
    parent = [m for m in channel.messages.values() if m["ts"] == root]
    rest = [m for m in channel.messages.values() if m.get("thread_ts") == root and m["ts"] != root]
    return _cut(parent + [m for m in rest if page.holds(m["ts"])], page)


def _is_top(message: Json) -> bool:
    thread = message.get("thread_ts")
    return thread is None or thread == message["ts"] or message.get("subtype") == "thread_broadcast"


def _cut(messages: list[Json], page: Page) -> Json:
    start = _offset(page.cursor)
    shown = messages[start : start + page.limit]
    more = start + page.limit < len(messages)
    cursor = base64.b64encode(f"next:{start + page.limit}".encode()).decode() if more else ""
    answer: Json = {"messages": [_shown(m, page) for m in shown], "has_more": more, "ok": True}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if more else {})


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except ValueError:
        raise SlackError("invalid_cursor") from None


def _shown(message: Json, page: Page) -> Json:
    """A copy; message metadata only when it was asked for, as Slack does."""
    shown = copy.deepcopy(message)
    if not page.include_all_metadata:
        shown.pop("metadata", None)
    return shown

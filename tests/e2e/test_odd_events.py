"""Events that lack what events have, and sensitive drafts: no traceback, no word too many."""

from pathlib import Path
from typing import Any

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched, words

TS = "1790000000.000100"
SPARSE: list[dict[str, Any]] = [
    {"type": "message"},
    {"type": "message", "channel": "CHANNEL"},
    {"type": "message", "channel": "CHANNEL", "ts": TS},
    {"type": "message", "channel": "CHANNEL", "ts": TS, "text": MEGAPHONE},
    {"type": "message", "channel": "CHANNEL", "ts": TS, "user": "U0ADA"},
    {"type": "message", "channel": "CHANNEL", "ts": TS, "user": "U0ADA", "text": None},
    {"type": "message", "channel": "CHANNEL", "ts": TS, "user": "U0ADA", "text": MEGAPHONE, "bot_id": "B1"},
    {"type": "message", "channel": "CHANNEL", "subtype": "message_changed"},
    {"type": "message", "channel": "CHANNEL", "subtype": "message_changed", "message": {}},
    {
        "type": "message",
        "channel": "CHANNEL",
        "subtype": "message_changed",
        "message": {"edited": {}, "text": MEGAPHONE},
    },
    {"type": "message", "channel": "CHANNEL", "subtype": "message_deleted"},
    {"type": "message", "channel": "CHANNEL", "subtype": "message_deleted", "deleted_ts": None},
    {"type": "message", "channel": "CHANNEL", "subtype": "message_deleted", "deleted_ts": "not a time"},
    {"type": "message", "channel": "CHANNEL", "ts": "soon", "user": "U0ADA", "text": MEGAPHONE},
    {"type": "message", "channel": "CHANNEL", "subtype": "channel_join", "user": "U0ADA", "ts": TS, "text": "joined"},
    {"type": "message", "channel": "CHANNEL", "subtype": "bot_message", "ts": TS, "text": MEGAPHONE},
    {"type": "message", "channel": "CHANNEL", "subtype": "something_new", "user": "U0ADA", "ts": TS, "text": MEGAPHONE},
    {"type": "message", "channel": ["CHANNEL"], "ts": TS, "user": "U0ADA", "text": MEGAPHONE},
    {"type": "message", "channel": "CHANNEL", "ts": TS, "user": "U0ADA", "text": "\ud83d half", "thread_ts": 5},
    {"type": "message", "channel": "CHANNEL", "ts": TS, "user": "U0ADA", "text": "NUL \x00 here", "thread_ts": "1.1"},
]


def test_sparse_events_are_acked_and_ignored(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "sparse")
    for event in SPARSE:
        slack.emit({k: channel if v == "CHANNEL" else v for k, v in event.items()}, channel)
    slack.wait_delivered()
    reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
    said = [m for m in slack.messages(channel) if m.get("bot_id") and m.get("thread_ts")]
    assert len(said) == 1
    assert "handler failed" not in bot.log()
    assert "Traceback" not in bot.log()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "draft: We're aware that some of you can't log in. We're working on it!",
            "does not work for people",
        ),
        (
            "draft: Today we are letting 40 colleagues go as we restructure.",
            "losing their work",
        ),
        ("draft: We are heartbroken to share that our founder has passed away.", "somebody's death"),
    ],
)
def test_a_sensitive_draft_gets_a_calm_checklist(slack: SlackStandIn, bot: BotProcess, text: str, said: str) -> None:
    channel = watched(slack, "sensitive")
    message = reply(slack, channel, slack.post(channel, "ada", text))
    seen = words(message)
    assert said in seen
    assert "Where people can ask" in seen
    assert "?" not in seen
    assert "Use this" not in seen
    assert slack.reactions(channel, message["thread_ts"]) == {}


@pytest.mark.parametrize("mode", ["http", "socket"])
def test_sigterm_ends_it_well_in_both_modes(own_slack: SlackStandIn, tmp_path: Path, mode: Any) -> None:
    bot = BotProcess(own_slack, tmp_path / "data", mode)
    bot.start()
    channel = watched(own_slack, "sigterm")
    reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
    assert bot.stop() == 0
    assert "Traceback" not in bot.log()

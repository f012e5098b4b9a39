"""A draft's words are found in the store, where erasure reaches them, and nowhere else."""

import sqlite3
from contextlib import closing

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched

CANARY = "zanzibarquokka"


def test_no_canary_in_dbos_or_logs(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "canary")
    draft = f"{MEGAPHONE} {CANARY}"
    own_slack.fault("status", "chat.postMessage")
    own_slack.fault("error", "chat.update", code="invalid_blocks")
    ts = own_slack.post(channel, "ada", draft)
    reply(own_slack, channel, ts)
    own_slack.edit(channel, ts, draft + " #more")
    own_slack.wait_for(lambda: own_slack.calls("chat.update"))
    before = len(own_slack.ephemerals("ada"))
    own_slack.command("ada", channel, "/humanize", draft)
    own_slack.wait_for(lambda: len(own_slack.ephemerals("ada")) >= before + 2)
    _poison(own_bot, own_slack, channel, draft)
    assert own_bot.stop() == 0

    assert CANARY in _dump(own_bot, "humanize.db")
    assert CANARY not in _dump(own_bot, "dbos.db")
    assert CANARY not in own_bot.log()
    assert own_slack.bot_token not in own_bot.log() + _dump(own_bot, "dbos.db")
    own_slack.delete(channel, ts)
    own_bot.start()
    own_slack.wait_delivered()


def _poison(bot: BotProcess, slack: SlackStandIn, channel: str, draft: str) -> None:
    """An edit that no review takes makes a step fail with the draft's words in its hands."""
    ts = slack.post(channel, "ada", draft + " #poison")
    reply(slack, channel, ts)
    slack.edit(channel, ts, f"{CANARY} " * 3_000)
    slack.wait_for(lambda: "step failed" in bot.log())
    slack.wait_for(lambda: _parked(bot) == ["review_failed"])


def _parked(bot: BotProcess) -> list[str]:
    with closing(sqlite3.connect(bot.data / "humanize.db")) as db:
        return [row[0] for row in db.execute("select reason from replies where state = 'parked' order by reason desc")][
            :1
        ]


def _dump(bot: BotProcess, name: str) -> str:
    with closing(sqlite3.connect(bot.data / name)) as db:
        return "\n".join(db.iterdump())

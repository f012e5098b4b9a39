"""A backup taken under load, put back: nothing is answered twice, nothing that was taken back returns."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.backend import CallRecord
from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, ROOT, BotProcess, reply, watched


def data(bot: BotProcess, *args: str, code: int = 0) -> str:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HUMANIZE_DATA_DIR": str(bot.data)}
    command = [sys.executable, "-m", "bot", "data", *args]
    done = subprocess.run(command, cwd=bot.data, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def own_bot(own_slack: SlackStandIn, tmp_path: Path) -> Iterator[BotProcess]:
    """Patient with Slack: a call that hangs is not given up, since Slack might still take it."""
    bot = BotProcess(own_slack, tmp_path / "data", "http", HUMANIZE_SLACK_TIMEOUT_S="60")
    bot.start()
    yield bot
    bot.stop()


def test_no_draft_is_answered_twice(own_slack: SlackStandIn, own_bot: BotProcess, tmp_path: Path) -> None:
    archive = str(tmp_path / "backup.zip")
    channel, left = watched(own_slack, "backup"), watched(own_slack, "left")
    before = [own_slack.post(channel, "ada", f"{MEGAPHONE} #before{number}") for number in range(8)]
    reply(own_slack, channel, before[0])
    held = own_slack.fault("hang", "chat.postMessage", times=2)  # some are on their way while the backup is taken
    under = [own_slack.post(channel, "ada", f"{MEGAPHONE} #under{number}") for number in range(8)]
    own_slack.wait_for(lambda: held.hits)
    data(own_bot, "backup", archive)
    assert "Another bot works" in data(own_bot, "restore", archive, code=2)
    own_slack.faults.release()
    after = [own_slack.post(channel, "ada", f"{MEGAPHONE} #after{number}") for number in range(4)]
    every = [*before, *under, *after]
    own_slack.wait_for(lambda: all(own_slack.thread(channel, ts) for ts in every), timeout=60)
    own_slack.delete(channel, before[1])
    own_slack.wait_for(lambda: not own_slack.thread(channel, before[1]))
    own_slack.command("ada", left, "/humanize", "unwatch")
    own_slack.wait_for(lambda: any("have stopped" in m["text"] for m in own_slack.ephemerals("ada")))
    own_bot.kill()

    assert "Restored" in data(own_bot, "restore", archive)
    own_bot.start()
    own_slack.edit(channel, after[0], f"{MEGAPHONE} #edited #after0")  # one that the backup does not know
    marker = own_slack.post(channel, "noor", f"{MEGAPHONE} #marker")
    reply(own_slack, channel, marker, timeout=60)
    own_slack.wait_for(
        lambda: any(call.args.get("ts") == own_slack.thread(channel, after[0])[0]["ts"] for call in updates(own_slack)),
        timeout=60,
    )
    for ts in every:
        assert len(own_slack.thread(channel, ts)) == (0 if ts == before[1] else 1)
    ignored = own_slack.post(left, "ada", MEGAPHONE)
    reply(own_slack, channel, own_slack.post(channel, "noor", f"{MEGAPHONE} #last"))
    assert own_slack.thread(left, ignored) == []
    assert "#before1" not in data(own_bot, "export", "--channel", channel)


def updates(slack: SlackStandIn) -> list[CallRecord]:
    return slack.calls("chat.update")

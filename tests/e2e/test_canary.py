"""A draft's words are found in the store, where erasure reaches them, and nowhere else: not on any other surface."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, page, reply, watched, words
from tests.standin_llm import StandInLLM, error, good

CANARY = "zanzibarquokka"
DRAFT = f"{MEGAPHONE} {CANARY}"
KEY = "sk-canary-key-of-the-model"
REWRITE = f"Flowdesk 2.0 is out. Which part of your {CANARY} day would you hand over first? #CX"


@pytest.fixture
def llm() -> Iterator[StandInLLM]:
    with StandInLLM() as running:
        yield running


@pytest.fixture(params=["http", "socket"])
def llm_bot(
    own_slack: SlackStandIn, llm: StandInLLM, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[BotProcess]:
    settings = {"OPENAI_BASE_URL": llm.base_url, "OPENAI_API_KEY": KEY, "HUMANIZE_LLM_TIMEOUT_S": "6"}
    bot = BotProcess(own_slack, tmp_path / "data", request.param, HUMANIZE_LOG_LEVEL="DEBUG", **settings)
    bot.start()
    yield bot
    llm.close()
    bot.stop()


def test_no_canary_but_in_the_store(own_slack: SlackStandIn, llm: StandInLLM, llm_bot: BotProcess) -> None:
    llm.answer_with(good(REWRITE), error(500, f"can't do {CANARY}"), good(REWRITE))
    channel = watched(own_slack, "canary")
    ts = _in_the_channel(own_slack, channel)
    _in_private(own_slack, channel)
    _poison(llm_bot, own_slack, channel)
    own_slack.wait_for(lambda: len(llm.requests) >= 2)
    seen = {
        "metrics": page(llm_bot, "/metrics"),
        "readyz": page(llm_bot, "/readyz"),
        "audit": _run(llm_bot, "data", "audit"),
        "doctor": _run(llm_bot, "doctor"),
        "help of erase": _run(llm_bot, "data", "erase", "--channel", channel, "--dry-run"),
    }
    assert llm_bot.stop() == 0
    seen |= {"queues": _dump(llm_bot, "dbos.db"), "log": llm_bot.log()}
    assert CANARY in _dump(llm_bot, "humanize.db")
    secrets = (CANARY, KEY, own_slack.bot_token, own_slack.app_token, own_slack.signing_secret)
    assert [(name, secret) for name, text in seen.items() for secret in secrets if secret in text] == []
    stored = _dump(llm_bot, "humanize.db")
    assert not [secret for secret in secrets[1:] if secret in stored]

    own_slack.delete(channel, ts)
    _run(llm_bot, "data", "erase", "--channel", channel, "--yes")
    _run(llm_bot, "data", "erase", "--user", "U0ADA", "--yes")
    for path in llm_bot.data.iterdir():
        assert CANARY.encode() not in path.read_bytes(), path.name


def _in_the_channel(slack: SlackStandIn, channel: str) -> str:
    """A draft with Slack in trouble, edits, wishes, every button; its ts."""
    slack.fault("status", "chat.postMessage")
    slack.fault("error", "chat.update", code="invalid_blocks")
    ts = slack.post(channel, "ada", DRAFT)
    reply(slack, channel, ts)
    slack.edit(channel, ts, f"{DRAFT} #more")
    slack.wait_for(lambda: slack.calls("chat.update"))
    other = slack.post(channel, "ada", f"{DRAFT} and a second one, for people who like to read about {CANARY} too")
    message = reply(slack, channel, other)
    slack.wait_for(lambda: "still working" not in words(slack.thread(channel, other)[0]))
    slack.post(channel, "ada", f"keep {CANARY}, but shorter", thread_ts=other)
    slack.press("ada", channel, message["ts"], "another_angle")
    slack.wait_delivered()
    slack.press("ada", channel, message["ts"], "use_this")
    if slack.views("ada"):
        slack.submit_view("ada", {"text": f"my own {CANARY}"})
    slack.press("ada", channel, message["ts"], "its_fine")
    slack.wait_for(lambda: "Fine with me" in words(slack.thread(channel, other)[0]))
    return ts


def _in_private(slack: SlackStandIn, channel: str) -> None:
    """A draft after the command, one in the form with all its fields, one by the shortcut."""
    before = len(slack.ephemerals("ada"))
    slack.command("ada", channel, "/humanize", DRAFT)
    slack.wait_for(lambda: len(slack.ephemerals("ada")) >= before + 2)
    slack.command("ada", channel, "/humanize", "")
    slack.wait_for(lambda: slack.views("ada"))
    slack.submit_view("ada", {"draft": DRAFT, "audience": CANARY, "hope": CANARY, "keep": CANARY})
    slack.wait_for(lambda: "shouted across the street" in str(slack.views("ada")))
    slack.command("ada", channel, "/humanize", f"forget {CANARY}")
    slack.command("ada", channel, "/humanize", f"mute {CANARY}")
    slack.wait_delivered()


def _poison(bot: BotProcess, slack: SlackStandIn, channel: str) -> None:
    """An edit that no review takes makes a step fail with the draft's words in its hands."""
    ts = slack.post(channel, "ada", f"{DRAFT} #poison")
    reply(slack, channel, ts)
    slack.edit(channel, ts, f"{CANARY} " * 3_000)
    slack.wait_for(lambda: "step failed" in bot.log())
    slack.wait_for(lambda: "review_failed" in _parked(bot))


def _parked(bot: BotProcess) -> list[str]:
    with closing(sqlite3.connect(bot.data / "humanize.db")) as db:
        return [row[0] for row in db.execute("select reason from replies where state = 'parked'")]


def _dump(bot: BotProcess, name: str) -> str:
    with closing(sqlite3.connect(bot.data / name)) as db:
        return "\n".join(db.iterdump())


def _run(bot: BotProcess, *args: str) -> str:
    """A command beside the bot, with its settings; everything that it printed."""
    command = [sys.executable, "-m", "bot", *args]
    done = subprocess.run(command, cwd=bot.data, env=bot.settings, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr

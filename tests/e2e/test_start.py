"""Starting with something wrong: one line that says what and how to mend it, exit code 2, no stack trace."""

import stat
from pathlib import Path

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import BotProcess


def fails_to_start(bot: BotProcess) -> str:
    bot.spawn()
    try:
        assert bot.process.wait(timeout=30) == 2
    finally:
        bot.kill()
    assert "Traceback" not in bot.log()
    return bot.log()


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN not set"),
        ({"SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Slack can't be reached"),
        ({"HUMANIZE_PORT": "many"}, "PORT: Input should be a valid integer"),
        ({"HUMANIZE_LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"HUMANIZE_ENCRYPTION_KEYS": "no-key-at-all"}, "HUMANIZE_ENCRYPTION_KEYS: key number 1 is not a Fernet key"),
        ({"HUMANIZE_CHANNELS": "#general"}, "#general: not Slack's id"),
    ],
    ids=["no-token", "no-secret", "wrong-token", "no-slack", "bad-port", "bad-level", "bad-key", "bad-channel"],
)
def test_bad_settings_are_named(own_slack: SlackStandIn, tmp_path: Path, env: dict[str, str], said: str) -> None:
    log = fails_to_start(BotProcess(own_slack, tmp_path / "data", "http", **env))
    assert said in log
    assert "xoxb-wrong" not in log


def test_a_wrong_app_token_is_named(own_slack: SlackStandIn, tmp_path: Path) -> None:
    log = fails_to_start(BotProcess(own_slack, tmp_path / "data", "socket", SLACK_APP_TOKEN="xapp-wrong"))
    assert "Slack refuses SLACK_APP_TOKEN" in log


def test_a_database_that_is_none_is_named(own_slack: SlackStandIn, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data")
    (tmp_path / "data" / "humanize.db").write_text("no database at all, only words" * 50)
    assert "not a SQLite database" in fails_to_start(bot)


def test_a_workflow_database_that_is_none_is_named(own_slack: SlackStandIn, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data")
    (tmp_path / "data" / "dbos.db").write_text("no database at all, only words" * 50)
    assert "workflow database can't be used" in fails_to_start(bot)


def test_a_port_that_is_taken_is_named(own_slack: SlackStandIn, tmp_path: Path) -> None:
    port = own_slack.url.rsplit(":", 1)[1]
    log = fails_to_start(BotProcess(own_slack, tmp_path / "data", HUMANIZE_PORT=port))
    assert f"127.0.0.1:{port}" in log


def test_without_slack_a_bot_that_was_there_before_starts(own_slack: SlackStandIn, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data")
    bot.start()
    assert bot.stop() == 0
    own_slack.fault("cut", "auth.test", times=5)
    bot.start()
    assert "starting with the kept installation" in bot.log()
    assert bot.stop() == 0
    assert stat.S_IMODE((bot.data / "dbos.db").stat().st_mode) == 0o600

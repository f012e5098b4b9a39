"""HUMANIZE_ADMINS names who may change how the bot works; others see why not."""

from pathlib import Path

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import BotProcess, watched, words
from tests.e2e.test_commands import ask
from tests.e2e.test_home import home
from tests.e2e.test_surfaces import modal


@pytest.fixture
def ruled(own_slack: SlackStandIn, tmp_path: Path) -> BotProcess:
    bot = BotProcess(own_slack, tmp_path / "data", HUMANIZE_ADMINS="U0TOMAS")
    bot.start()
    return bot


def test_only_admins_and_whoever_had_it_watched_may_choose(own_slack: SlackStandIn, ruled: BotProcess) -> None:
    slack = own_slack
    channel = watched(slack, "ruled")
    assert "only <@U0ADA>, <@U0TOMAS> can" in ask(slack, "noor", channel, "mute Megaphone.Hashtags")
    slack.command("noor", channel, "/humanize", "settings")
    assert "Whoever runs me chose that" in words(modal(slack, "noor", "can change how I work"))
    slack.command("ada", channel, "/humanize", "settings")
    assert "whole workspace" not in words(modal(slack, "ada", "Who sees my answers"))
    slack.close_view("ada")
    slack.command("tomas", channel, "/humanize", "settings")
    modal(slack, "tomas", "whole workspace")
    assert slack.submit_view("tomas", {"keep_team": "Flowdesk"}) == {}
    assert "in rewrites: 1" in ask(slack, "noor", channel, "status")
    slack.open_home("noor")
    assert "Only <@U0TOMAS> can change" in home(slack, "noor", "Channels I read along in")
    slack.open_home("tomas")
    assert channel in home(slack, "tomas", "Channels I read along in")
    ruled.stop()

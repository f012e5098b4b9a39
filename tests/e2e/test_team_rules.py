"""A team's own rules in the running bot: what can't be used is logged once, by file and line, and the rest works."""

import json
from pathlib import Path

from bot.playground.server import SlackStandIn
from tests.e2e.harness import BotProcess

GOOD = "extends: existence\nmessage: 'Say it plainly.'\ntokens:\n  - crumbtastic\n"
BROKEN = "extends: existence\nmessage: 'Say it plainly.'\ntokens:\n  - loaf(?! of)\n"


def test_a_rule_that_cannot_be_used_is_logged_once(own_slack: SlackStandIn, tmp_path: Path) -> None:
    style = tmp_path / "styles" / "House"
    style.mkdir(parents=True)
    (style / "Good.yml").write_text(GOOD)
    (style / "Broken.yml").write_text(BROKEN)
    env = {"HUMANIZE_STYLES": str(style.parent), "HUMANIZE_REJECT": "doughlightful,(half"}
    bot = BotProcess(own_slack, tmp_path / "data", "http", **env)
    bot.start()
    try:
        lines = [json.loads(line) for line in bot.log().splitlines() if '"rule left out"' in line]
    finally:
        assert bot.stop() == 0
    assert [line["file"] for line in lines] == ["HUMANIZE_REJECT:2", f"{style / 'Broken.yml'}:4"]
    assert all(line["level"] == "warning" and line["why"] for line in lines)


def test_a_rule_to_switch_off_that_is_none_is_named(own_slack: SlackStandIn, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data", "http", HUMANIZE_RULES_OFF="Megafone.Hashtags")
    bot.spawn()
    try:
        assert bot.process.wait(timeout=30) == 2
    finally:
        bot.kill()
    assert "HUMANIZE_RULES_OFF: there is no rule or style Megafone.Hashtags" in bot.log()
    assert "Traceback" not in bot.log()

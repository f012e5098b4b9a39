"""A short storm of a fixed seed in both modes; ``benchmarks/chaos.py`` is the long one."""

from pathlib import Path
from typing import Literal

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import BotProcess
from tests.e2e.storm import Storm
from tests.standin_llm import StandInLLM


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("mode", "seed"), [("http", 11), ("socket", 12)])
def test_every_promise_is_kept(
    mode: Literal["http", "socket"], seed: int, own_slack: SlackStandIn, tmp_path: Path
) -> None:
    own_slack.set_retry_factor(0.05)
    with StandInLLM() as llm:
        bot = BotProcess(
            own_slack,
            tmp_path / "data",
            mode,
            OPENAI_BASE_URL=llm.base_url,
            HUMANIZE_LLM_TIMEOUT_S="2",
            HUMANIZE_LLM_MAX_RETRIES="0",
        )
        bot.start()
        try:
            report = Storm(own_slack, bot, llm, seed=seed, kills=3, rate=30).run(60, channels=2)
        finally:
            bot.kill()
    assert report.wrong == []
    assert report.kills >= 2
    assert report.replied > 20

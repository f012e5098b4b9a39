"""The real bot against the stand-in Slack: one pair for a module, or one of its own for tests that kill it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import BotProcess


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        running.set_retry_factor(0.01)
        yield running


@pytest.fixture(scope="module", params=["http", "socket"])
def bot(
    slack: SlackStandIn, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[BotProcess]:
    bot = BotProcess(slack, tmp_path_factory.mktemp("bot"), mode=request.param)
    bot.start()
    yield bot
    bot.stop()


@pytest.fixture
def own_slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        running.set_retry_factor(0.01)
        yield running


@pytest.fixture
def own_bot(own_slack: SlackStandIn, tmp_path: Path) -> Iterator[BotProcess]:
    bot = BotProcess(own_slack, tmp_path / "data")
    bot.start()
    yield bot
    bot.stop()

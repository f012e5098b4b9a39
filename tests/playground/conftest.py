"""A stand-in Slack, a WebClient and a tiny echo app, over real HTTP."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.playground.server import SlackStandIn


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        running.set_retry_factor(0.001)
        yield running


@pytest.fixture
def client(slack: SlackStandIn) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])

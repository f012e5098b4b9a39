"""A stand-in Slack, a WebClient, and the echo app over HTTP and both flavours of Socket Mode."""

from collections.abc import Iterator

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler as BuiltinHandler
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler as WebsocketHandler
from slack_sdk import WebClient

from bot.playground.server import SlackStandIn
from handlers.socket import close
from tests.playground.echo import echo_app, over_http


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        running.set_retry_factor(0.001)
        yield running


@pytest.fixture
def client(slack: SlackStandIn) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def http_app(slack: SlackStandIn) -> Iterator[App]:
    app = echo_app(slack)
    with over_http(app) as url:
        slack.use_http(url)
        yield app


@pytest.fixture(params=["http", "builtin", "websocket"])
def any_app(slack: SlackStandIn, request: pytest.FixtureRequest) -> Iterator[App]:
    app = echo_app(slack)
    if request.param == "http":
        with over_http(app) as url:
            slack.use_http(url)
            yield app
        return
    kind = BuiltinHandler if request.param == "builtin" else WebsocketHandler
    handler = kind(app, slack.app_token, web_client=WebClient(slack.app_token, base_url=slack.api_url))
    handler.connect()
    slack.wait_for(lambda: slack.sockets.connections)
    yield app
    # The SDK's clients wait in recv for up to 3 s (builtin) or 10 s before they close; hanging up first wakes them.
    handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
    slack.cut_sockets()
    slack.wait_for(lambda: not slack.sockets.connections)
    close(handler.client)

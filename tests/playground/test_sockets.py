"""Socket Mode's own rules: tickets, one connection an event, redelivery, hanging up and coming back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.playground.server import SlackStandIn
from handlers.socket import close
from tests.playground.echo import echo_app


def ticket(slack: SlackStandIn) -> str:
    return WebClient(slack.app_token, base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)["url"]


@contextmanager
def connected(slack: SlackStandIn) -> Iterator[ClientConnection]:
    with connect(ticket(slack), proxy=None, max_queue=None) as websocket:
        assert json.loads(websocket.recv(5))["type"] == "hello"
        yield websocket


def test_hello(slack: SlackStandIn):
    with connect(ticket(slack), proxy=None) as websocket:
        hello = json.loads(websocket.recv(5))
    assert hello["num_connections"] == 1
    assert hello["debug_info"]["approximate_connection_time"] == 3600


def test_a_ticket_is_good_once(slack: SlackStandIn):
    url = ticket(slack)
    with connect(url, proxy=None):
        pass
    with pytest.raises(InvalidStatus, match="403"), connect(url, proxy=None):
        pass


def test_an_envelope_and_its_ack(slack: SlackStandIn):
    with connected(slack) as websocket:
        slack.post("drafts", "ada", "x")
        envelope = json.loads(websocket.recv(5))
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
        websocket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        slack.wait_delivered()


def test_without_an_ack_it_comes_again(slack: SlackStandIn):
    slack.courier.ack_seconds = 0.05
    with connected(slack) as websocket:
        slack.post("drafts", "ada", "x")
        first, second = json.loads(websocket.recv(5)), json.loads(websocket.recv(5))
        assert second["payload"]["event_id"] == first["payload"]["event_id"]
        assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")


def test_each_event_goes_to_one_connection(slack: SlackStandIn):
    with connected(slack) as one, connected(slack) as two:
        slack.hold()
        for n in range(20):
            slack.post("drafts", "ada", f"m{n}")
        slack.courier.ack_seconds = 0.01
        slack.release_held()
        slack.wait_delivered()
        sent = [c.sent for c in slack.sockets.connections]
        assert len(sent) == 2
        assert sum(len(d.answers) for d in slack.deliveries()) == sum(sent) == 80
        assert min(sent) > 0, "eighty envelopes all went one way"
        del one, two


@pytest.mark.parametrize("how", ["refresh_requested", "cut"])
def test_a_real_client_comes_back(slack: SlackStandIn, how: str):
    app = echo_app(slack)
    web = WebClient(slack.app_token, base_url=slack.api_url)
    handler = SocketModeHandler(app, slack.app_token, web_client=web, ping_interval=0.2)
    handler.connect()
    slack.wait_for(lambda: slack.sockets.opened == 1 and slack.sockets.connections)
    if how == "cut":
        slack.cut_sockets()
    else:
        slack.disconnect_sockets()
    slack.wait_for(lambda: slack.sockets.opened >= 2 and slack.sockets.connections)
    ts = slack.post("drafts", "ada", "still there?")
    slack.wait_for(lambda: slack.thread("drafts", ts))
    handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
    slack.cut_sockets()
    slack.wait_for(lambda: not slack.sockets.connections)
    close(handler.client)


def test_a_warning_is_only_said(slack: SlackStandIn):
    with connected(slack) as websocket:
        slack.disconnect_sockets("warning")
        assert json.loads(websocket.recv(5))["reason"] == "warning"
        assert len(slack.sockets.connections) == 1

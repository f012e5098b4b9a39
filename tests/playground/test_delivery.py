"""Deliveries: the signature, the three retries, redelivery, another order, and who hears what."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bot.playground.server import SlackStandIn


@dataclass
class Ear:
    """A bare HTTP server that notes requests and answers with the statuses it was given, then 200."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[dict, bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def ear(slack: SlackStandIn) -> Iterator[Ear]:
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name http.server calls
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.requests.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(ear.statuses.pop(0) if ear.statuses else 200)
            for name, value in ear.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        slack.use_http(f"http://127.0.0.1:{server.server_address[1]}/")
        yield ear
        server.shutdown()


def test_a_request_is_signed(slack: SlackStandIn, ear: Ear):
    slack.post("drafts", "ada", "x")
    slack.wait_delivered()
    headers, body = ear.requests[0]
    base = f"v0:{headers['x-slack-request-timestamp']}:".encode() + body
    digest = hmac.new(slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    assert headers["x-slack-signature"] == f"v0={digest}"
    assert "x-slack-retry-num" not in headers


def test_three_retries_and_then_it_is_given_up(slack: SlackStandIn, ear: Ear):
    ear.statuses[:] = [500, 500, 500, 500, 500]
    slack.post("drafts", "ada", "x")
    slack.wait_delivered()
    seen = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in ear.requests]
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({body for _, body in ear.requests}) == 1


def test_a_retry_that_is_taken_is_the_last(slack: SlackStandIn, ear: Ear):
    ear.statuses[:] = [500]
    slack.post("drafts", "ada", "x")
    slack.wait_delivered()
    assert len(ear.requests) == 2


def test_the_app_may_decline_retries(slack: SlackStandIn, ear: Ear):
    ear.statuses[:] = [500]
    ear.headers["x-slack-no-retry"] = "1"
    slack.post("drafts", "ada", "x")
    slack.wait_delivered()
    assert len(ear.requests) == 1


def test_nobody_listens(slack: SlackStandIn):
    slack.use_http("http://127.0.0.1:9/")
    slack.post("drafts", "ada", "x")
    slack.wait_delivered()
    assert [a.failure for a in slack.deliveries("message")[0].answers] == ["connection_failed"] * 4


def test_a_redelivery_keeps_its_event_id(slack: SlackStandIn, ear: Ear):
    slack.post("drafts", "ada", "x")
    slack.wait_delivered()
    slack.redeliver(slack.deliveries()[0].id)
    slack.wait_delivered()
    assert ear.requests[0][1] == ear.requests[1][1]
    with pytest.raises(LookupError, match="no event EvNONE"):
        slack.redeliver("EvNONE")


def test_events_in_another_order(slack: SlackStandIn, ear: Ear):
    slack.hold()
    ts = slack.post("drafts", "ada", "one")
    slack.edit("drafts", ts, "two")
    assert ear.requests == []
    slack.release_held([1, 0, 1])
    slack.wait_delivered()
    assert [b"message_changed" in body for _, body in ear.requests] == [True, False, True]


def test_only_members_hear(slack: SlackStandIn, ear: Ear):
    slack.post("general", "ada", "x")
    slack.post("launch-plans", "ada", "x")
    assert slack.deliveries() == []
    slack.invite("general")
    slack.post("general", "ada", "y")
    slack.kick("general")
    slack.post("general", "ada", "z")
    slack.wait_delivered()
    kinds = [d.payload["event"].get("subtype") or d.payload["event"]["type"] for d in slack.deliveries()]
    assert kinds == ["channel_join", "member_joined_channel", "message", "member_left_channel", "channel_left"]


def test_a_shared_channel_says_so(slack: SlackStandIn, ear: Ear):
    slack.post("shared-drafts", "ada", "x")
    slack.wait_delivered()
    payload = slack.deliveries()[0].payload
    assert payload["is_ext_shared_channel"] is True
    assert payload["authorizations"][0]["user_id"] == "U0HUMANIZE"


def test_a_command_that_fails_is_not_repeated(slack: SlackStandIn, ear: Ear):
    ear.statuses[:] = [500]
    answer = slack.command("ada", "drafts", "/humanize", "x")
    assert (answer.ok, answer.failure, answer.status) == (False, "http_error", 500)
    assert len(ear.requests) == 1

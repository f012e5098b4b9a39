"""Faults: what a real WebClient sees of them, and what really happened."""

import threading
from http.client import RemoteDisconnected
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.playground.faults import Fault, FaultKind
from bot.playground.server import SlackStandIn


def post(client: WebClient, text: str = "x") -> None:
    client.chat_postMessage(channel="C0DRAFTS", text=text)


def test_rate_limit_is_a_429_with_retry_after_and_no_json(slack: SlackStandIn, client: WebClient):
    slack.fault("rate_limit", "chat.postMessage", times=2, seconds=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            post(client)
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "7"
    assert slack.messages("drafts") == []
    post(client)
    assert [call.status for call in slack.calls("chat.postMessage")] == [429, 429, 200]


def test_the_sdks_own_handler_waits_and_tries_again(slack: SlackStandIn):
    slack.fault("rate_limit", "chat.postMessage", seconds=0)
    post(WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[RateLimitErrorRetryHandler()]))
    assert len(slack.messages("drafts")) == 1


def test_status_and_error(slack: SlackStandIn, client: WebClient):
    slack.fault("status", "*", status=503)
    slack.fault("error", "chat.postMessage", code="fatal_error")
    with pytest.raises(SlackApiError, match="something went wrong") as caught:
        post(client)
    assert caught.value.response.status_code == 503
    with pytest.raises(SlackApiError, match="fatal_error"):
        post(client)


def test_cut_before_anything_is_done(slack: SlackStandIn, client: WebClient):
    slack.fault("cut", "chat.postMessage")
    with pytest.raises((RemoteDisconnected, ConnectionError, URLError)):
        post(client)
    assert slack.messages("drafts") == []


def test_accepted_and_then_cut_leaves_a_message_that_nobody_knows_of(slack: SlackStandIn, client: WebClient):
    seen = []
    slack.fault("accept_cut", "chat.postMessage", hook=lambda: seen.extend(slack.messages("drafts")))
    with pytest.raises((RemoteDisconnected, ConnectionError, URLError)):
        post(client)
    assert len(seen) == len(slack.messages("drafts")) == 1


def test_the_sdks_default_retry_posts_twice_after_a_cut(slack: SlackStandIn):
    """Why a post intent is needed: the SDK repeats a call whose answer was lost."""
    slack.fault("accept_cut", "chat.postMessage")
    post(WebClient(slack.bot_token, base_url=slack.api_url))
    assert len(slack.messages("drafts")) == 2


@pytest.mark.parametrize("kind", ["hang", "accept_hang"])
def test_hanging_until_released(slack: SlackStandIn, client: WebClient, kind: FaultKind):
    fault = slack.fault(kind, "chat.postMessage")
    caller = threading.Thread(target=post, args=(client,))
    caller.start()
    slack.wait_for(lambda: fault.hits)
    if kind == "accept_hang":
        slack.wait_for(lambda: slack.messages("drafts"))
    else:
        assert slack.messages("drafts") == []
    fault.release()
    caller.join(10)
    assert len(slack.messages("drafts")) == 1


def test_a_fault_for_a_response_url(slack: SlackStandIn, client: WebClient):
    slack.fault("status", "response_url", status=500)
    key = slack.surfaces.new_response_url("C0GENERAL", "U0ADA", None)
    from slack_sdk.webhook import WebhookClient

    assert WebhookClient(f"{slack.url}/_response/{key}").send(text="x").status_code == 500


def test_an_unknown_kind_is_refused(slack: SlackStandIn):
    with pytest.raises(ValueError, match="there is no fault 'explode'"):
        slack.faults.add(Fault("explode", "*"))  # type: ignore[arg-type]  # that is the test

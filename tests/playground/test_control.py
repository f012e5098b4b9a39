"""The control surface over HTTP, and the guard in front of everything."""

import threading

import httpx2
import pytest
from slack_sdk import WebClient

from bot.playground.server import SlackStandIn


@pytest.fixture
def http(slack: SlackStandIn):
    with httpx2.Client(base_url=slack.url, trust_env=False) as client:
        yield client


def test_people_can_be_driven_from_another_process(slack: SlackStandIn, http: httpx2.Client, client: WebClient):
    told = http.post("/_control/do", json={"do": "post", "channel": "drafts", "user": "ada", "text": "hi"}).json()
    client.chat_postMessage(channel="C0DRAFTS", thread_ts=told["result"], text="reply")
    state = http.get("/_control/state", params={"channel": "drafts", "thread": told["result"], "user": "ada"}).json()
    assert [m["text"] for m in state["messages"]] == ["hi", "reply"]
    assert [m["text"] for m in state["thread"]] == ["reply"]
    assert state["calls"][-1]["method"] == "chat.postMessage"
    assert state["deliveries"][0]["payload"]["event"]["text"] == "hi"


def test_faults_can_be_scripted_and_released(slack: SlackStandIn, http: httpx2.Client, client: WebClient):
    assert http.post("/_control/fault", json={"kind": "hang", "method": "auth.test"}).json() == {"ok": True}
    caller = threading.Thread(target=client.auth_test)
    caller.start()
    slack.wait_for(lambda: slack.faults.hits("auth.test", "hang"))
    http.post("/_control/release", json={})
    caller.join(10)
    assert slack.calls("auth.test")[0].status == 200


def test_waiting_for_calls(http: httpx2.Client, client: WebClient):
    client.auth_test()
    assert http.get("/_control/wait", params={"method": "auth.test"}).json()["calls"][0]["status"] == 200
    late = http.get("/_control/wait", params={"method": "auth.test", "count": "2", "timeout": "0.01"})
    assert late.status_code == 408


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"do": "__init__"}, "no act"),
        ({"do": "post", "channel": "nowhere", "user": "ada", "text": "x"}, "channel_not_found"),
        ({"do": "post", "channel": "drafts"}, "missing"),
    ],
)
def test_wrong_use_is_told(http: httpx2.Client, body: dict, words: str):
    answer = http.post("/_control/do", json=body)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Host": "127.0.0.1"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_other_hosts_and_pages_are_refused(slack: SlackStandIn, http: httpx2.Client, headers: dict):
    assert http.get("/_control/state", headers=headers).status_code == 403
    assert http.post("/_control/do", json={"do": "post"}, headers=headers).status_code == 403


def test_the_page_s_own_origin_is_fine(slack: SlackStandIn, http: httpx2.Client):
    assert http.get("/_control/state", headers={"Origin": slack.url}).status_code == 200


def test_a_taken_port_is_told(slack: SlackStandIn):
    port = int(slack.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        SlackStandIn(port).start()

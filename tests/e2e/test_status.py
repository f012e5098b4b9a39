"""What operators see: /healthz, /readyz and /metrics of the real process, in both modes."""

import json
import socket
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched
from tests.standin_llm import StandInLLM, good

CANARY = "zanzibarquokka"


def get(bot: BotProcess, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(bot.url + path, headers=headers)  # noqa: S310 - http, ours
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - http, ours
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def ready(bot: BotProcess) -> tuple[int, dict[str, Any]]:
    status, body = get(bot, "/readyz")
    return status, json.loads(body)


def figures(bot: BotProcess) -> dict[tuple[str, ...], float]:
    """Every figure by (name, values of its labels in order of their names), histograms' buckets left out."""
    _, page = get(bot, "/metrics")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if not sample.name.endswith("_bucket")
    }


def test_a_draft_leaves_its_figures_and_none_of_its_words(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, f"status-{bot.mode}")
    ts = slack.post(channel, "ada", f"{MEGAPHONE} {CANARY}")
    reply(slack, channel, ts)
    slack.wait_for(lambda: figures(bot)["humanize_queue_depth", "drafts"] == 0)
    seen = figures(bot)
    assert seen["humanize_acks_total", "event", "acked"] >= 1
    assert seen["humanize_acks_total", "command", "acked"] >= 1
    assert seen["humanize_reviews_total", "megaphone"] == 1
    assert seen["humanize_rewrites_total", "rules"] >= 1
    assert seen["humanize_steps_total", "posted", "deliver"] == 1
    assert seen["humanize_store_up",] == 1
    assert seen["humanize_parked_drafts",] == 0
    assert 0 <= seen["humanize_last_event_age_seconds",] < 120
    assert CANARY not in get(bot, "/metrics")[1] + get(bot, "/readyz")[1]
    assert channel not in get(bot, "/metrics")[1]


def test_ready_says_what_it_looked_at(slack: SlackStandIn, bot: BotProcess) -> None:
    assert get(bot, "/healthz") == (200, "ok")
    status, seen = ready(bot)
    assert status == 200
    assert seen["ready"] is True
    assert seen["database"] == "ok"
    assert set(seen["queues"]) == {"drafts", "rewrites", "private", "digests", "files"}
    assert seen.get("socket") == ("connected" if bot.mode == "socket" else None)


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via"])
def test_nobody_behind_a_proxy_sees_figures(slack: SlackStandIn, bot: BotProcess, header: str) -> None:
    assert get(bot, "/metrics", **{header: "203.0.113.9"})[0] == 404
    status, body = get(bot, "/readyz", **{header: "203.0.113.9"})
    assert (status, json.loads(body)) in ((200, {"ready": True}), (503, {"ready": False}))


def test_a_stranger_is_counted_as_refused_and_no_sign_of_life(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    request = urllib.request.Request(f"{own_bot.url}/slack/events", data=b"{}")  # noqa: S310 - http, ours
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=10)  # noqa: S310 - http, ours
    seen = figures(own_bot)
    assert seen["humanize_acks_total", "unknown", "refused"] == 1
    assert seen["humanize_last_event_age_seconds",] == -1


def test_a_locked_database_is_not_ready_and_mends_itself(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    with closing(sqlite3.connect(own_bot.data / "humanize.db")) as other:
        other.execute("begin exclusive")
        status, seen = ready(own_bot)
        assert (status, seen["ready"]) == (503, False)
        assert "another process holds the database" in seen["database"]
        other.rollback()
    assert ready(own_bot)[0] == 200


def test_work_that_waits_shows_its_depth_and_age(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "waits")
    own_slack.fault("hang", "chat.postMessage")
    own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: figures(own_bot)["humanize_queue_depth", "drafts"] == 1)
    own_slack.wait_for(lambda: figures(own_bot)["humanize_queue_age_seconds", "drafts"] > 0)
    own_slack.faults.release()
    own_slack.wait_for(lambda: figures(own_bot)["humanize_queue_depth", "drafts"] == 0)


def test_without_its_socket_it_is_not_ready(own_slack: SlackStandIn, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data", "socket")
    bot.start()
    try:
        own_slack.wait_for(lambda: ready(bot)[0] == 200)
        own_slack.fault("error", "apps.connections.open", code="internal_error", times=10_000)
        own_slack.cut_sockets()
        own_slack.wait_for(lambda: ready(bot)[0] == 503, timeout=60)
        assert ready(bot)[1]["socket"] == "not connected to Slack"
        own_slack.faults.clear()
        own_slack.wait_for(lambda: ready(bot)[0] == 200, timeout=60)
    finally:
        bot.stop()


def test_a_taken_port_costs_the_pages_not_the_bot(own_slack: SlackStandIn, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        bot = BotProcess(own_slack, tmp_path / "data", "socket", HUMANIZE_PORT=str(port))
        bot.start()
        try:
            channel = watched(own_slack, "no-pages")
            reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
            assert "no status pages" in bot.log()
        finally:
            bot.stop()


def test_tokens_and_refused_candidates_are_counted(own_slack: SlackStandIn, tmp_path: Path) -> None:
    with StandInLLM() as llm:
        llm.answer_with(good("Ten thousand teams love Flowdesk 9.0. Buy it."))
        bot = BotProcess(own_slack, tmp_path / "data", OPENAI_BASE_URL=llm.base_url)
        bot.start()
        try:
            channel = watched(own_slack, "counted")
            own_slack.post(channel, "ada", MEGAPHONE)
            own_slack.wait_for(lambda: figures(bot).get(("humanize_rewrite_fallbacks_total", "checks_failed")))
            seen = figures(bot)
        finally:
            bot.stop()
    assert seen["humanize_llm_tokens_total", "prompt"] >= 1
    refused = {check for name, *labels in seen for check in labels if name == "humanize_failed_checks_total"}
    assert {"genuine_question", "fact_lock"} <= refused, refused

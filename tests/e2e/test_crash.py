"""SIGKILL at the worst moments: one reply each time."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, ROOT, BotProcess, alive, page, readiness, reply, watched


def test_killed_after_the_ack(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "after-ack")
    own_slack.fault("hang", "chat.postMessage")
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_delivered()
    own_bot.kill()
    own_slack.faults.release()
    own_bot.start()
    reply(own_slack, channel, ts)
    _assert_still_one(own_slack, channel, ts)


@pytest.mark.parametrize("edit_source", [False, True], ids=["same-source", "edited-source"])
def test_killed_between_acceptance_and_record(
    own_slack: SlackStandIn, own_bot: BotProcess, tmp_path: Path, edit_source: bool
) -> None:
    channel = watched(own_slack, "accepted")
    own_slack.fault("accept_hang", "chat.postMessage", hook=own_bot.kill)
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: own_bot.process.poll() is not None)
    own_slack.faults.release()
    reply(own_slack, channel, ts)
    if edit_source:
        own_bot.source = _edited_source(tmp_path)
    own_bot.start()
    own_slack.wait_for(lambda: own_slack.calls("conversations.replies"))
    _assert_still_one(own_slack, channel, ts)


def test_a_worker_killed_between_acceptance_and_record(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    """The front starts another, which finds the reply."""
    channel = watched(own_slack, "worker")
    first = own_bot.worker
    own_slack.fault("accept_hang", "chat.postMessage", hook=own_bot.kill_worker)
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: own_bot.worker != first)
    own_slack.faults.release()
    own_slack.wait_for(lambda: own_slack.calls("conversations.replies"))
    _assert_still_one(own_slack, channel, ts)


def test_a_worker_ends_when_its_front_was_killed(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "front")
    first = own_bot.worker
    own_slack.fault("accept_hang", "chat.postMessage", hook=own_bot.kill_front)
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: own_bot.process.poll() is not None)
    own_slack.wait_for(lambda: not alive(first))
    own_slack.faults.release()
    own_bot.start()
    reply(own_slack, channel, ts)
    _assert_still_one(own_slack, channel, ts)


def test_a_worker_that_stands_still_is_said_to_be_away_and_answers_again(
    own_slack: SlackStandIn, own_bot: BotProcess
) -> None:
    os.kill(own_bot.worker, signal.SIGSTOP)
    try:
        said = [readiness(own_bot) for _ in range(2)]
    finally:
        os.kill(own_bot.worker, signal.SIGCONT)
    assert [status for status, _ in said] == [503, 503]
    assert all("has not answered" in seen["worker"] for _, seen in said)
    # What was asked meanwhile is answered too, and no answer is taken for another's.
    assert [readiness(own_bot)[0] for _ in range(3)] == [200, 200, 200]


def test_what_comes_while_no_worker_can_start_is_acked_and_answered_later(
    own_slack: SlackStandIn, own_bot: BotProcess
) -> None:
    channel = watched(own_slack, "no-worker")
    queues = own_bot.data / "dbos.db"
    for left in own_bot.data.glob("dbos.db*"):
        left.unlink()
    queues.write_bytes(b"nothing of a database " * 1_000)
    own_bot.kill_worker()
    own_slack.wait_for(lambda: "the worker can't start" in own_bot.log())
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_delivered()
    status, seen = readiness(own_bot)
    assert status == 503
    assert seen["database"] == "ok"
    assert seen["worker"].startswith("away")
    assert "humanize_worker_up 0" in page(own_bot, "/metrics")
    for left in own_bot.data.glob("dbos.db*"):
        left.unlink()
    reply(own_slack, channel, ts, timeout=60)
    own_slack.wait_for(lambda: readiness(own_bot)[0] == 200)
    assert "humanize_worker_up 1" in page(own_bot, "/metrics")


def test_killed_between_the_store_and_the_queue(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    """A stored draft whose workflow was never enqueued is taken up at the next start."""
    channel = watched(own_slack, "orphan")
    assert own_bot.stop() == 0
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    with closing(sqlite3.connect(own_bot.data / "humanize.db")) as db, db:
        db.execute(
            "insert into drafts(id, team, channel, ts, author, version, text, deleted, received_at)"
            " values('d_orphan', 'T0PLAYGRND', ?, ?, 'U0ADA', 1, ?, 0, strftime('%Y-%m-%dT%H:%M:%S', 'now'))",
            [channel, ts, MEGAPHONE],
        )
    own_bot.start()
    own_slack.wait_for(lambda: own_slack.thread(channel, ts))


def test_a_private_ask_that_was_never_enqueued_is_answered_after_the_next_start(
    own_slack: SlackStandIn, own_bot: BotProcess
) -> None:
    assert own_bot.stop() == 0
    key = own_slack.surfaces.new_response_url(own_slack.channel_id("drafts"), "U0NOOR", None)
    with closing(sqlite3.connect(own_bot.data / "humanize.db")) as db, db:
        asks = [("a_open", "strftime('%Y-%m-%dT%H:%M:%S', 'now')"), ("a_old", "'2020-01-01T00:00:00'")]
        for ask_id, at in asks:
            db.execute(
                "insert into asks(id, team, channel, user, text, response_url, created_at, replaces, variant)"
                f" values(?, 'T0PLAYGRND', 'C0DRAFTS', 'U0NOOR', ?, ?, {at}, 0, 0)",
                [ask_id, MEGAPHONE, f"{own_slack.url}/_response/{key}"],
            )
    own_bot.start()
    own_slack.wait_for(lambda: own_slack.ephemerals("noor"))
    assert own_bot.stop() == 0
    assert len(own_slack.ephemerals("noor")) == 1


def test_a_cut_connection_after_acceptance_is_no_second_reply(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "cut")
    own_slack.fault("accept_cut", "chat.postMessage")
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: own_slack.calls("conversations.replies"))
    _assert_still_one(own_slack, channel, ts)


@pytest.mark.parametrize("kind", ["rate_limit", "status", "cut"])
def test_slack_in_trouble_is_waited_out(own_slack: SlackStandIn, own_bot: BotProcess, kind: str) -> None:
    channel = watched(own_slack, f"trouble-{kind}".replace("_", "-"))
    own_slack.fault(kind, "chat.postMessage", times=2)  # type: ignore[arg-type]  # pytest's parameters are plain strings
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: own_slack.thread(channel, ts), timeout=20)
    _assert_still_one(own_slack, channel, ts)


def test_removed_from_the_channel_parks_the_draft(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "removed")
    own_slack.fault("error", "chat.postMessage", code="not_in_channel")
    own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: _parked(own_bot) == ["not_in_channel"])
    ts = own_slack.post(channel, "ada", MEGAPHONE + " #next")
    reply(own_slack, channel, ts)


def test_sigterm_exits_0_and_keeps_what_waits(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "sigterm")
    own_slack.fault("rate_limit", "chat.postMessage", seconds=2)
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: len(own_slack.calls("chat.postMessage")) >= 2)
    assert own_bot.stop() == 0
    own_bot.start()
    own_slack.wait_for(lambda: own_slack.thread(channel, ts), timeout=20)


def test_a_locked_store_means_no_ack_and_a_later_delivery(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "locked")
    with closing(sqlite3.connect(own_bot.data / "humanize.db", isolation_level=None)) as db:
        db.execute("begin immediate")
        ts = own_slack.post(channel, "ada", MEGAPHONE)
        own_slack.wait_for(lambda: len(_attempts(own_slack, ts)) >= 2)
        db.execute("rollback")
    assert "event not kept, Slack will send it again" in own_bot.log()
    reply(own_slack, channel, ts)
    _assert_still_one(own_slack, channel, ts)


def _assert_still_one(slack: SlackStandIn, channel: str, ts: str) -> None:
    """One reply, also after a later draft has gone its way through the same queue."""
    marker = slack.post(channel, "noor", MEGAPHONE + " #marker")
    slack.wait_for(lambda: slack.thread(channel, marker), timeout=20)
    assert len(slack.thread(channel, ts)) == 1
    assert len(slack.thread(channel, marker)) == 1


def _edited_source(tmp_path: Path) -> Path:
    copy = tmp_path / "source"
    for part in ("bot", "handlers", "prompts"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    workflows = copy / "bot" / "workflows" / "work.py"
    source = workflows.read_text()
    edited = source.replace(
        "            outcome = self._step(self._steps.review, draft_id, version)\n",
        "            # an edited line\n            outcome = self._step(self._steps.review, draft_id, int(version))\n",
    )
    assert edited != source
    workflows.write_text(edited)
    return copy


def _parked(bot: BotProcess) -> list[str]:
    with closing(sqlite3.connect(bot.data / "humanize.db")) as db:
        return [row[0] for row in db.execute("select reason from replies where state = 'parked'")]


def _attempts(slack: SlackStandIn, ts: str) -> list[int]:
    deliveries = [d for d in slack.deliveries("message") if d.payload["event"].get("ts") == ts]
    return [number for delivery in deliveries for number in range(len(delivery.answers))]


def test_a_store_that_is_locked_for_long_after_the_ack_loses_nothing(
    own_slack: SlackStandIn, own_bot: BotProcess
) -> None:
    channel = watched(own_slack, "locked-long")
    hang = own_slack.fault("hang", "chat.postMessage")
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_delivered()
    own_slack.wait_for(lambda: hang.hits)
    with closing(sqlite3.connect(own_bot.data / "humanize.db", isolation_level=None, timeout=30)) as db:
        db.execute("begin immediate")
        own_slack.faults.release()
        own_slack.wait_for(lambda: own_bot.log().count("the store is busy") >= 4)
        db.execute("rollback")
    own_slack.wait_for(lambda: own_slack.thread(channel, ts))
    _assert_still_one(own_slack, channel, ts)


def test_a_second_bot_on_the_same_folder_does_not_start(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    second = BotProcess(own_slack, own_bot.data)
    second.spawn()
    try:
        assert second.process.wait(30) == 2
    finally:
        second.kill()
    assert "Another bot works in" in second.log()


def test_unwatched_means_that_words_go_when_the_message_goes(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "unwatch-delete")
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    reply(own_slack, channel, ts)
    own_slack.command("ada", channel, "/humanize", "unwatch")
    own_slack.wait_for(lambda: any("have stopped" in m["text"] for m in own_slack.ephemerals("ada")))
    own_slack.delete(channel, ts)
    own_slack.wait_for(lambda: not own_slack.thread(channel, ts))
    with closing(sqlite3.connect(own_bot.data / "humanize.db")) as db:
        assert db.execute("select text, parts from drafts where ts = ?", [ts]).fetchall() == [(None, None)]


def test_a_word_to_a_subcommand_that_arrived_is_not_sent_again(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "said-once")
    before = len(own_slack.calls("response_url"))
    own_slack.fault("accept_cut", "response_url")
    own_slack.command("ada", channel, "/humanize", "unwatch")
    own_slack.wait_for(lambda: own_slack.faults.hits("response_url", "accept_cut"))
    assert own_bot.stop() == 0
    assert len(own_slack.calls("response_url")) == before + 1
    assert "Traceback" not in own_bot.log()

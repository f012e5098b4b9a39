"""Sending: what Slack's trouble does to a digest."""

from datetime import date, datetime, timedelta

import pytest

from bot.delivery import OutboxBusyError, OutboxRefusedError
from bot.digest import Digest
from bot.digest.send import PICTURE_ATTEMPTS, DigestSender
from bot.store.digests import Post, Schedule
from bot.store.sqlite import SqliteStore
from tests.digest.made import CHANNEL, TEAM, utc
from tests.digest.test_build import label, write

NOW = utc(2026, 11, 23, 9)
WEEK = date(2026, 11, 16)


class Slack:
    """Takes digests, or does not."""

    def __init__(self) -> None:
        self.posted: list[tuple[Post, Digest]] = []
        self.uploads = 0
        self.ready = True
        self.trouble: Exception | None = None
        self.lost_answer = False

    def find_digest(self, post: Post) -> str | None:
        return "1.1" if self.posted else None

    def upload_picture(self, team: str, png: bytes, name: str, alt_text: str) -> str:
        assert png.startswith(b"\x89PNG")
        assert "10 drafts" in alt_text
        self.uploads += 1
        return f"F{self.uploads}"

    def picture_ready(self, team: str, file: str) -> bool:
        return self.ready

    def post_digest(self, post: Post, digest: Digest) -> str:
        if self.trouble:
            raise self.trouble
        self.posted.append((post, digest))
        if self.lost_answer:
            self.lost_answer = False
            raise OutboxBusyError("unreachable_timeout")
        return "1.1"


def due(store: SqliteStore, slack: Slack, now: datetime = NOW) -> DigestSender:
    write(store, 5)
    store.digests.switch_on(
        Schedule(
            team=TEAM, channel=CHANNEL, everywhere=False, weekday=0, minute=540, zone="UTC",
            since=NOW - timedelta(days=30), asked_by="U1",
        )
    )  # fmt: skip
    sender = DigestSender(store, slack, label, now=lambda: now)
    assert sender.tick() == f"{TEAM} {CHANNEL} 2026-11-16"
    return sender


def state(store: SqliteStore) -> tuple[str, str | None]:
    post = store.digests.post(TEAM, CHANNEL, WEEK)
    assert post
    return post.state, post.reason


def test_a_lost_answer_is_no_second_digest(store: SqliteStore) -> None:
    slack = Slack()
    sender = due(store, slack)
    slack.lost_answer = True
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", 0) == "busy:"
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", 1) == "posted"
    assert (len(slack.posted), slack.uploads, state(store)) == (1, 1, ("posted", None))


def test_a_picture_is_waited_for_and_then_given_up(store: SqliteStore) -> None:
    slack = Slack()
    sender = due(store, slack)
    slack.ready = False
    for attempt in range(PICTURE_ATTEMPTS):
        assert sender.send_step(TEAM, CHANNEL, "2026-11-16", attempt) == "busy:1"
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", PICTURE_ATTEMPTS) == "posted"
    assert slack.uploads == 1


@pytest.mark.parametrize("code", ["not_in_channel", "is_archived"])
def test_a_channel_that_is_gone_parks_it(store: SqliteStore, code: str) -> None:
    slack = Slack()
    sender = due(store, slack)
    slack.trouble = OutboxRefusedError(code)
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", 0) == f"parked:{code}"
    assert state(store) == ("parked", code)
    assert sender.tick() == ""


def test_a_rate_limit_is_waited_out(store: SqliteStore) -> None:
    slack = Slack()
    sender = due(store, slack)
    slack.trouble = OutboxBusyError("ratelimited", 7.0)
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", 0) == "busy:7.0"
    slack.trouble = None
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", 1) == "posted"


def test_stopped_in_the_last_moment_it_does_not_go_out(store: SqliteStore) -> None:
    slack = Slack()
    sender = due(store, slack)
    assert store.digests.switch_off(TEAM, CHANNEL)
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", 0) == "done"
    assert slack.posted == []


def test_paused_it_waits(store: SqliteStore) -> None:
    slack = Slack()
    sender = due(store, slack)
    store.switches.pause("U1", TEAM)
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", 0) == "busy:30"
    store.switches.resume(TEAM)
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", 1) == "posted"


def test_what_went_out_is_of_a_closed_week(store: SqliteStore) -> None:
    slack = Slack()
    due(store, slack).send_step(TEAM, CHANNEL, "2026-11-16", 0)
    ((post, digest),) = slack.posted
    assert (post.week, digest.drafts, digest.level) == (WEEK, 10, "all")
    assert store.rollups._db.all("select 1 from contributions where author is not null") == []


def test_stopped_while_its_picture_was_drawn_it_does_not_go_out(store: SqliteStore) -> None:
    class Stopping(Slack):
        def picture_ready(self, team: str, file: str) -> bool:
            store.digests.switch_off(TEAM, CHANNEL)
            return True

    slack = Stopping()
    sender = due(store, slack)
    assert sender.send_step(TEAM, CHANNEL, "2026-11-16", 0) == "done"
    assert slack.posted == []
    assert state(store) == ("parked", "stopped")

"""When digests are due: the right local hour all year, once, whatever the bot slept through."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.digest.models import Digest
from bot.digest.schedule import LATE, When, WhenError, due, next_slot, read_when, slot_after, slot_before
from bot.digest.send import DigestSender
from bot.store.counting import week_end
from bot.store.digests import Post, Schedule
from bot.store.sqlite import SqliteStore
from tests.digest.made import incoming, part, utc

START = utc(2026, 1, 1)


def schedule(zone: str, weekday: int = 0, minute: int = 540, team: str = "T1", since: datetime = START) -> Schedule:
    return Schedule(
        team=team, channel="C1", everywhere=True, weekday=weekday, minute=minute, zone=zone, since=since, asked_by="U1"
    )


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe", "UTC"]
)
@pytest.mark.parametrize("weekday", [0, 6])
@pytest.mark.parametrize("minute", [0, 150, 540, 1439])
def test_each_week_has_one_slot_at_its_local_hour(zone: str, weekday: int, minute: int) -> None:
    plan, at, slots = schedule(zone, weekday, minute), START, []
    for _ in range(53):
        at = slot_after(plan, at)
        slots.append(at)
    local = [slot.astimezone(ZoneInfo(zone)) for slot in slots]
    days = [moment.date() for moment in local]
    assert all(later - earlier == timedelta(days=7) for earlier, later in itertools.pairwise(days))
    odd = [moment for moment in local if moment.hour * 60 + moment.minute != minute]
    assert len(odd) <= 1  # only where the clock skips this very hour, on the day it goes forward


def test_an_hour_that_comes_twice_is_due_once() -> None:
    plan = schedule("Europe/Berlin", weekday=6, minute=150)  # 2:30 on 25 October comes twice
    first = slot_before(plan, utc(2026, 10, 25, 0, 45))
    assert first == utc(2026, 10, 25, 0, 30)
    assert slot_before(plan, utc(2026, 10, 25, 1, 45)) == first
    assert due(plan, first, utc(2026, 10, 25, 1, 45)) is None


def test_an_hour_that_does_not_come_is_due_an_hour_later() -> None:
    plan = schedule("Europe/Berlin", weekday=6, minute=150)  # 2:30 on 29 March does not exist
    assert slot_before(plan, utc(2026, 3, 29, 12)).astimezone(ZoneInfo("Europe/Berlin")).hour == 3


def test_it_is_about_the_last_whole_week() -> None:
    found = due(schedule("Europe/Berlin"), utc(2026, 11, 16, 8), utc(2026, 11, 23, 8))
    assert found is not None
    assert (found.week, found.missed) == (date(2026, 11, 16), 0)
    friday = due(schedule("Europe/Berlin", weekday=4, minute=960), utc(2026, 11, 20, 15), utc(2026, 11, 27, 15))
    assert friday is not None
    assert friday.week == date(2026, 11, 16)


def test_nothing_is_due_before_the_first_hour_after_it_was_asked_for() -> None:
    plan = schedule("Europe/Berlin", since=utc(2026, 11, 23, 8, 1))
    assert due(plan, None, utc(2026, 11, 23, 8, 2)) is None
    assert due(plan, None, utc(2026, 11, 30, 8)) is not None


def test_hours_late_is_late_and_weeks_late_is_skipped() -> None:
    plan, last = schedule("Europe/Berlin"), utc(2026, 11, 2, 8)
    slot = utc(2026, 11, 16, 8)
    late = due(plan, last, slot + timedelta(hours=30))
    assert late is not None
    assert late.missed == 1
    assert due(plan, last, slot + LATE + timedelta(minutes=1)) is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("", When(0, 540, None)),
        ("monday 9:00 Europe/Berlin", When(0, 540, "Europe/Berlin")),
        ("Fri 4pm america/new_york", When(4, 960, "America/New_York")),
        ("on Tuesday, at 08.30", When(1, 510, None)),
        ("12am", When(0, 0, None)),
        ("utc 23:59 sunday", When(6, 1439, "UTC")),
    ],
)
def test_when_people_say(text: str, when: When) -> None:
    assert read_when(text) == when


@pytest.mark.parametrize("text", ["mo", "25:00", "13pm", "9:75", "Berlin", "soon", "0am"])
def test_when_nobody_knows_what_was_meant(text: str) -> None:
    with pytest.raises(WhenError, match=text):
        read_when(text)


class Channel:
    """Stands where Slack stands: keeps what was posted, and may be away."""

    def __init__(self) -> None:
        self.posted: dict[str, list[tuple[Post, Digest, datetime]]] = defaultdict(list)
        self.now = START

    def find_digest(self, post: Post) -> str | None:
        return next((str(when) for old, _, when in self.posted[post.team] if old.week == post.week), None)

    def upload_picture(self, team: str, png: bytes, name: str, alt_text: str) -> str:
        return "F1"

    def picture_ready(self, team: str, file: str) -> bool:
        return True

    def post_digest(self, post: Post, digest: Digest) -> str:
        self.posted[post.team].append((post, digest, self.now))
        return str(self.now.timestamp())


ZONES = {"T1": "Europe/Berlin", "T2": "America/New_York", "T3": "Pacific/Auckland"}
OUTAGES = [
    (utc(2026, 2, 9, 6), utc(2026, 2, 9, 20)),  # hours, over two teams' Monday morning
    (utc(2026, 3, 28), utc(2026, 3, 30, 3)),  # the weekend that clocks change in Berlin
    (utc(2026, 6, 20), utc(2026, 7, 16)),  # weeks
]
YEAR = 365


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqliteStore, Channel]]:
    """A year of three teams: drafts each week, ticks (each hour around Monday), restarts, outages."""
    tmp_path: Path = tmp_path_factory.mktemp("year")
    store = SqliteStore(tmp_path / "humanize.db")
    channel = Channel()
    for team, zone in ZONES.items():
        store.rollups.set_zone(team, zone)
        store.digests.switch_on(schedule(zone, team=team))
        _drafts(store, team, zone)
    at = START
    while at < START + timedelta(days=YEAR):
        busy = at.weekday() == 0 or (at.weekday() == 6 and at.hour >= 18)
        at += timedelta(hours=1 if busy else 6 - at.hour % 6)
        if any(begin <= at < end for begin, end in OUTAGES):
            continue
        if at.hour == at.minute == 0 and at.day % 5 == 0:  # a restart
            store.close()
            store = SqliteStore(tmp_path / "humanize.db")
        _tick(store, channel, at)
    yield store, channel
    store.close()


def _tick(store: SqliteStore, channel: Channel, at: datetime) -> None:
    channel.now = at
    sender = DigestSender(store, channel, str, now=lambda: at)
    for line in sender.tick().splitlines():
        team, where, week = line.split()
        assert sender.send_step(team, where, week, 0) == "posted"
        assert sender.send_step(team, where, week, 0) == "done"


def writers(team: str, week: int) -> int:
    """Enough people to speak of the week in one team, too few in the others."""
    return (5 if team == "T1" else 2) + week % 2


def _drafts(store: SqliteStore, team: str, zone: str) -> None:
    """Each Monday just after midnight and each Sunday just before it, local time: as many as the week's number."""
    monday = datetime(2025, 12, 29, 0, 1, tzinfo=ZoneInfo(zone))
    for week in range(53):
        start = monday + timedelta(days=7 * week)
        for number in range(writers(team, week)):
            end = start + timedelta(days=6, hours=23, minutes=50)
            posted = (start if number else end) + timedelta(seconds=number)
            draft = incoming(posted, f"U{number}", team=team)
            store.save_draft(draft)
            store.save_parts(draft.id, draft.version, (part(score=week),))


@pytest.mark.timeout(300)  # whichever runs first makes the year: 40 s where others work, too
def test_a_year_of_three_teams(year: tuple[SqliteStore, Channel]) -> None:
    _, channel = year
    for team, zone in ZONES.items():
        posts = channel.posted[team]
        weeks = [post.week for post, _, _ in posts]
        assert len(weeks) == len(set(weeks))
        expected = set(_mondays(zone))
        missed = {week for week in expected if _asleep(week, zone)}
        assert set(weeks) == expected - missed
        assert len(missed) == 3 + (team == "T3")  # over there Monday morning is still Sunday in UTC
        assert sum(post.missed for post, _, _ in posts) == len(missed)
        for post, digest, when in posts:
            local = when.astimezone(ZoneInfo(zone))
            on_time = (local.weekday(), local.hour, local.minute) == (0, 9, 0)
            assert on_time or any(end <= when <= end + timedelta(hours=1) for _, end in OUTAGES)
            number = (post.week - date(2025, 12, 29)).days // 7
            if team == "T1":
                assert digest.tone
                assert (digest.tone.median, digest.tone.drafts) == (number, writers(team, number))
                assert [tone.median for tone in digest.before] == list(range(max(0, number - 4), number))
            else:
                assert digest.level == "hidden"


@pytest.mark.timeout(300)
def test_the_numbers_of_the_year_are_right(year: tuple[SqliteStore, Channel]) -> None:
    store, _ = year
    for team in ZONES:
        for week in range(52):
            monday = date(2025, 12, 29) + timedelta(days=7 * week)
            found = store.rollups.weeks(team, None, [monday])[monday]
            many = writers(team, week)
            assert (found.counts["drafts"], found.counts[f"score:{week}"], found.authors) == (many, many, many)
    assert store.rollups.drift() == []


def _mondays(zone: str) -> list[date]:
    """Weeks whose digest was due in the year."""
    plan, at, weeks = schedule(zone), START, []
    while (at := slot_after(plan, at)) <= START + timedelta(days=YEAR):
        weeks.append(at.astimezone(ZoneInfo(zone)).date() - timedelta(days=7))
    return weeks


def _asleep(week: date, zone: str) -> bool:
    """Whether the bot was away from the hour it was due until it was too late."""
    slot = datetime(week.year, week.month, week.day, 9, tzinfo=ZoneInfo(zone)) + timedelta(days=7)
    return any(begin <= slot.astimezone(UTC) and slot.astimezone(UTC) + LATE < end for begin, end in OUTAGES)


def test_an_hour_moved_on_its_day_tells_no_week_twice_and_misses_none() -> None:
    monday = utc(2026, 11, 16, 9)
    first = due(schedule("UTC", since=monday - timedelta(days=1)), None, monday)
    assert first is not None
    moved = schedule("UTC", minute=545, since=monday + timedelta(minutes=2))
    assert due(moved, first.slot, monday + timedelta(minutes=6), first.week) is None
    following = due(moved, first.slot, monday + timedelta(days=7, minutes=6), first.week)
    assert following is not None
    assert (following.week, following.missed) == (date(2026, 11, 16), 0)
    assert next_slot(moved, first.week, moved.since) == following.slot


@pytest.mark.parametrize("counted", ["America/Los_Angeles", "UTC", "Pacific/Kiritimati"])
def test_a_week_is_told_when_it_is_over_where_it_is_counted(counted: str) -> None:
    """A channel in Auckland has its Monday while the workspace's zone still has its Sunday."""
    there = schedule("Pacific/Auckland", since=utc(2026, 1, 1))
    slot, told, weeks = utc(2026, 1, 1), None, []
    while slot < utc(2027, 1, 1):
        slot = next_slot(there, told, slot, counted)
        found = due(there, None, slot, told, counted)
        assert found is not None
        assert week_end(found.week, ZoneInfo(counted)) <= slot
        told = found.week
        weeks.append(told)
    assert weeks == [weeks[0] + timedelta(days=7 * number) for number in range(len(weeks))]

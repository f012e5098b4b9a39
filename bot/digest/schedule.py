"""When is a digest due? Pure; right across changes of the clock, since it reckons in local days.

DBOS's own cron schedules are not used for the hour itself: they walk UTC offsets, so an hour that comes twice fires
twice, and an outage of a month is caught up with one digest for each week. One short tick asks here instead.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from bot.store.counting import week_end
from bot.store.digests import Schedule

LATE = timedelta(days=3)
"""How late a digest may still come; after that the week is old news, and the next one says that it was skipped."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DEFAULT_DAY, DEFAULT_MINUTE = 0, 9 * 60


class Due(NamedTuple):
    """A digest that is to go out now, and how many before it were missed."""

    slot: datetime
    week: date
    missed: int


class When(NamedTuple):
    """What somebody asked for; ``zone`` None where they did not say."""

    weekday: int
    minute: int
    zone: str | None


class WhenError(ValueError):
    """Not a day, hour or zone; the message says which word."""


def due(
    schedule: Schedule, last: datetime | None, now: datetime, told: date | None = None, counted: str | None = None
) -> Due | None:
    """The digest to send at ``now``, if there is one. ``last`` is the slot of the newest one, None before the first;
    ``told`` the week that it was about.

    It is about the last week, Monday to Sunday, that is whole on the day it is due, also in ``counted``, the zone that
    the workspace counts its weeks in. A week is told once, whatever became of the hour.
    """
    done = max(schedule.since, last) if last else schedule.since
    slot = slot_before(schedule, now)
    if slot <= done or now - slot > LATE:
        return None
    week = week_told(schedule, slot, counted)
    if told is not None and week <= told:
        return None  # the hour was moved since
    missed, earlier = 0, slot_before(schedule, slot - timedelta(hours=1))
    while earlier > done and (told is None or week_told(schedule, earlier, counted) > told):
        missed, earlier = missed + 1, slot_before(schedule, earlier - timedelta(hours=1))
    return Due(slot, week, missed)


def week_told(schedule: Schedule, slot: datetime, counted: str | None = None) -> date:
    """The Monday of the week that the digest of this slot is about."""
    day = slot.astimezone(ZoneInfo(schedule.zone)).date()
    week = day - timedelta(days=day.weekday() + 7)
    whole = week_end(week, ZoneInfo(counted or schedule.zone)) <= slot
    return week if whole else week - timedelta(days=7)


def next_slot(schedule: Schedule, told: date | None, now: datetime, counted: str | None = None) -> datetime:
    """The next moment after ``now`` at which a digest goes out, in UTC; a week that was told is not told again."""
    slot = slot_after(schedule, now)
    while told is not None and week_told(schedule, slot, counted) <= told:
        slot = slot_after(schedule, slot)
    return slot


def slot_before(schedule: Schedule, now: datetime) -> datetime:
    """The newest moment at or before ``now`` that the schedule names, in UTC.

    A local time that does not exist (clocks go forward) means as much later; one that comes twice means the first.
    """
    zone = ZoneInfo(schedule.zone)
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - schedule.weekday) % 7)
    at = time(schedule.minute // 60, schedule.minute % 60)
    slot = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    if slot > now:
        slot = datetime.combine(day - timedelta(days=7), at, tzinfo=zone).astimezone(UTC)
    return slot


def slot_after(schedule: Schedule, now: datetime) -> datetime:
    """The next moment after ``now`` that the schedule names, in UTC."""
    slot = slot_before(schedule, now + timedelta(days=7))
    return slot if slot > now else slot_before(schedule, now + timedelta(days=8))


def read_when(text: str) -> When:
    """``monday 9:00 Europe/Berlin``, each part optional and in any order. Raises WhenError."""
    weekday, minute, zone = DEFAULT_DAY, DEFAULT_MINUTE, None
    for word in text.split():
        plain = word.strip(",").casefold()
        hour = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?", plain)
        day = next((number for number, name in enumerate(DAYS) if len(plain) > 2 and name.startswith(plain)), None)
        if plain in ("on", "at"):
            continue
        if day is not None:
            weekday = day
        elif hour:
            minute = _minute(word, int(hour[1]), int(hour[2] or 0), hour[3])
        else:
            zone = _zone(word.strip(","))
    return When(weekday, minute, zone)


def _minute(word: str, hour: int, minute: int, half: str | None) -> int:
    if half:
        if not 1 <= hour <= 12:
            raise WhenError(word)
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise WhenError(word)
    return hour * 60 + minute


def _zone(word: str) -> str:
    found = {name.casefold(): name for name in available_timezones()}.get(word.casefold())
    if found is None:
        raise WhenError(word)
    return found

"""The playground's made month, through the real coach."""

from bot.coach import Coach
from bot.digest import build, last_week
from bot.digest.chart import chart_rows
from bot.month import remember_month
from bot.playground.month import AT_PEOPLE, MENDED, WITH_PEOPLE, made_month
from bot.store.sqlite import SqliteStore
from tests.digest.made import utc

NOW = utc(2026, 11, 24, 10)


def test_a_month_makes_a_whole_digest(store: SqliteStore) -> None:
    count = remember_month(store, Coach(), "T1", "C1", NOW)
    digest = build(store, "T1", None, last_week(NOW, "UTC"), str)
    assert digest.level == "all"
    assert len(chart_rows(digest)) == 5
    assert digest.tone
    assert sum(tone.drafts for tone in (*digest.before, digest.tone)) == count
    assert digest.habits
    assert digest.experiment
    assert store.unfinished() == []
    assert store.rollups.drift() == []
    assert len(store.digests.schedules("T1")) == 1


def test_the_same_seed_makes_the_same_month() -> None:
    assert list(made_month(NOW)) == list(made_month(NOW))
    assert list(made_month(NOW)) != list(made_month(NOW, seed=1))


def test_its_drafts_read_as_they_are_meant() -> None:
    coach = Coach()
    meant = (*WITH_PEOPLE, *MENDED)
    assert sum(coach.review(text).verdict == "human" for text in meant) >= len(meant) - 2
    assert sum(coach.review(text).verdict == "human" for text in AT_PEOPLE) <= 2

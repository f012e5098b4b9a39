"""What a digest says, and what it keeps to itself."""

import json
from datetime import date, timedelta
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words_digest as words
from bot.digest import Digest, build, own_trend
from bot.digest import text as told
from bot.digest.figures import WANTED, quantile, tone
from bot.digest.mixes import MixError, read_mix
from bot.models import Context
from bot.rules import load_rules
from bot.store import Feedback, slack_ts_us
from bot.store.counting import moment_of
from bot.store.sqlite import SqliteStore
from tests.digest.made import CHANNEL, TEAM, incoming, part, utc

MONDAY = date(2026, 11, 16)
NOON = utc(2026, 11, 16, 12)
RULES = load_rules()


def label(rule: str) -> str:
    return {"Megaphone.Caps": "the capitals"}.get(rule, rule)


def write(store: SqliteStore, people: int, each: int = 2, week: int = 0, **how: object) -> None:
    for number in range(people * each):
        draft = incoming(NOON - timedelta(days=7 * week) + timedelta(minutes=number), f"U{number % people}")
        store.save_draft(draft)
        store.save_parts(draft.id, draft.version, (part(**how),))  # type: ignore[arg-type]  # a part's own arguments


def digest(store: SqliteStore, channel: str | None = None) -> Digest:
    return build(store, TEAM, channel, MONDAY, label)


@pytest.mark.parametrize(
    ("people", "each", "level"),
    [(1, 30, "hidden"), (2, 4, "hidden"), (2, 5, "whole"), (4, 3, "whole"), (5, 1, "all"), (9, 2, "all")],
)
def test_how_much_is_said_depends_on_how_many_wrote(store: SqliteStore, people: int, each: int, level: str) -> None:
    write(store, people, each)
    found = digest(store)
    assert found.level == level
    assert bool(found.habits) == (level == "all")
    assert (found.tone is None) == (level == "hidden")
    assert found.drafts == (0 if level == "hidden" else people * each)


def test_an_empty_week_says_so_in_a_line(store: SqliteStore) -> None:
    assert told.finding(digest(store)) == words.EMPTY


def test_weeks_of_too_few_people_are_not_compared_with(store: SqliteStore) -> None:
    write(store, 5)
    write(store, 1, each=20, week=1)
    write(store, 5, week=2)
    assert [tone.week for tone in digest(store).before] == [MONDAY - timedelta(days=14)]


def test_tone_against_the_weeks_before(store: SqliteStore) -> None:
    write(store, 5, week=1, score=40, verdict="megaphone")
    write(store, 5, score=70, verdict="human")
    found = digest(store)
    assert found.tone
    assert found.usual
    assert (found.tone.median, found.usual.median) == (70, 40)
    assert told.finding(found) == "10 drafts. *100%* of them read like one person talking to another, up from 0%."


def test_a_channel_has_its_own_week(store: SqliteStore) -> None:
    write(store, 5)
    assert digest(store, "C0OTHER").level == "empty"
    assert digest(store, CHANNEL).level == "all"


def test_habits_with_what_they_were_before(store: SqliteStore) -> None:
    write(store, 5, week=1, each=4)
    write(store, 5, each=2)
    (habit,) = digest(store).habits
    assert (habit.label, habit.count, habit.before) == ("the capitals", 10, 20)


def test_an_example_only_where_its_author_lent_it(store: SqliteStore) -> None:
    write(store, 5)
    draft = next(store.recent(TEAM, CHANNEL, "U1", 0))
    assert all(habit.example is None for habit in digest(store).habits)
    store.digests.agree(TEAM, MONDAY, "Megaphone.Caps", draft.id)
    assert digest(store).habits[0].example is not None
    store.delete_draft(TEAM, CHANNEL, draft.ts)
    assert digest(store).habits[0].example is None


def test_how_useful_rules_are_is_said_after_twenty_drafts(store: SqliteStore) -> None:
    def complain(times: int) -> None:
        for number in range(times):
            about = {"about": "Megaphone.Caps", "said": "not_useful", "draft_id": f"d_{number}"}
            word = Feedback.model_validate({"team": TEAM, "channel": CHANNEL, "user": "U1", **about})
            with store.rollups._db.write() as db:
                store.rollups.said(db, word, NOON)

    write(store, 6, each=3)
    complain(3)
    assert digest(store).nudges == ()
    write(store, 8, each=3)
    (nudge,) = digest(store).nudges
    assert (nudge.unhelpful, nudge.count, round(nudge.useful, 2)) == (3, 24, 0.88)


def test_the_thing_to_try_comes_from_the_figures(store: SqliteStore) -> None:
    write(store, 5, rules=(), mix="reply")
    assert digest(store).experiment == words.EXPERIMENTS["ask"].format(asks="None", drafts=10)
    write(store, 5, praise=("Human.Question",), mix="question", rules=())
    assert "who reads the replies" in digest(store).experiment


def test_nobody_is_named(store: SqliteStore) -> None:
    write(store, 6)
    dumped = json.dumps(digest(store).model_dump(mode="json"))
    assert not any(f"U{number}" in dumped for number in range(6))


def test_own_trend_is_of_ones_own_drafts(store: SqliteStore) -> None:
    write(store, 3, each=2, score=80)
    write(store, 3, each=1, week=2, score=20)
    trend = own_trend(store, TEAM, "U1", NOON + timedelta(days=2))
    assert [(t.week, t.drafts, t.median) for t in trend.weeks] == [
        (MONDAY - timedelta(days=14), 1, 20),
        (MONDAY, 2, 80),
    ]
    assert own_trend(store, TEAM, "U9", NOON).weeks == ()


@given(st.lists(st.integers(0, 100), min_size=1, max_size=200))
def test_median_and_middle_half_are_exact(scores: list[int]) -> None:
    histogram = {score: scores.count(score) for score in scores}
    assert quantile(histogram, 0.5) == pytest.approx(median(scores))
    if len(scores) > 1:
        low, _, high = quantiles(scores, n=4, method="inclusive")
        assert (quantile(histogram, 0.25), quantile(histogram, 0.75)) == (pytest.approx(low), pytest.approx(high))


def test_shares_add_up() -> None:
    found = tone(MONDAY, {"score:10": 3, "verdict:human": 1, "verdict:mixed": 2, "drafts": 3})
    assert sum(found.shares.values()) == pytest.approx(1)


def test_the_suggested_mix_adds_up() -> None:
    assert sum(WANTED.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "mix"),
    [
        ("about-us 25, questions 25%, replies 50", {"own_promotion": 0.25, "question": 0.25, "reply": 0.5}),
        ("Own_promotion: 40, others' work = 60", {"own_promotion": 0.4, "sharing_others": 0.6}),
        ("default", None),
    ],
)
def test_a_mix_as_people_type_it(text: str, mix: dict[str, float] | None) -> None:
    assert read_mix(text) == mix


@pytest.mark.parametrize("text", ["", "about-us", "about-us 25", "jokes 100", "about-us 60, news 60"])
def test_a_mix_that_does_not_add_up(text: str) -> None:
    with pytest.raises(MixError):
        read_mix(text)


@given(
    counts=st.dictionaries(
        st.sampled_from(
            ["verdict:human", "verdict:megaphone", "mix:news", "mix:own_promotion", "mix:reply", "asks", "edited",
             "better", "gained", "rule:Megaphone.Caps", "gone:Megaphone.Caps", "rewrite:used", "offered"]
        ),
        st.integers(0, 40),
    ),
    score=st.integers(0, 100),
)  # fmt: skip
def test_whatever_the_figures_the_words_pass_the_bots_own_rules(counts: dict[str, int], score: int) -> None:
    from bot.digest import choose
    from bot.digest.build import _better, _habits
    from bot.digest.figures import mix

    all_counts = {**counts, "drafts": 40, f"score:{score}": 40}
    made = Digest(
        team=TEAM, channel=None, week=MONDAY, level="all", drafts=40, tone=tone(MONDAY, all_counts),
        usual=tone(MONDAY, {"score:50": 9, "verdict:human": 4}), mix=mix(all_counts, None),
        asks=min(40, counts.get("asks", 0)), better=_better(all_counts, label),
        habits=_habits(all_counts, {}, 0, label, {}),
    )  # fmt: skip
    said = [told.finding(made), told.mix(made), choose.experiment(made), choose.thanks(made, all_counts)]
    for line in [*said, *told.small_print(made)]:
        review = RULES.review(line, Context())
        assert (review.flags, review.verdict) == ((), "human"), line


def test_an_example_is_shown_in_the_words_that_were_lent(store: SqliteStore) -> None:
    write(store, 5)
    draft = next(store.recent(TEAM, CHANNEL, "U1", 0))
    store.digests.agree(TEAM, MONDAY, "Megaphone.Caps", draft.id, draft.version)
    assert digest(store).habits[0].example is not None
    edited = incoming(moment_of(slack_ts_us(draft.ts)), "U1", edited=NOON + timedelta(hours=3))
    store.save_draft(edited)
    store.save_parts(edited.id, edited.version, (part(text="something else by now"),))
    assert digest(store).habits[0].example is None


def test_habits_of_few_people_are_in_no_average(store: SqliteStore) -> None:
    write(store, 2, week=1, each=5)  # figures of the whole may be compared with, habits may not
    write(store, 5, each=2)
    made = digest(store)
    assert len(made.before) == 1
    (habit,) = made.habits
    assert habit.before is None


def test_what_was_muted_in_another_channel_or_week_is_left_out(store: SqliteStore) -> None:
    write(store, 5)
    for channel, rule, at in (
        (CHANNEL, "Megaphone.Here", "2026-11-17"),
        ("C0ELSE", "Megaphone.There", "2026-11-17"),
        (CHANNEL, "Megaphone.Later", "2026-11-24"),
    ):
        store.choices.mute(TEAM, channel, rule, "U1")
        store.connections.run("update mutes set at = ? where rule = ?", [f"{at}T12:00:00+00:00", rule])
    assert digest(store, CHANNEL).muted == ("Megaphone.Here",)
    assert digest(store).muted == ("Megaphone.Here", "Megaphone.There")

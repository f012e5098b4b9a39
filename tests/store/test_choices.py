"""What a channel chose, and what is counted about its rules."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.learning import noisy
from bot.store import Feedback, IncomingDraft
from bot.store.choices import Choices, OwnerTotals
from bot.store.sqlite import SqliteStore

RULE = "Megaphone.Hashtags"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "humanize.db"


@pytest.fixture
def store(file: Path) -> SqliteStore:
    return SqliteStore(file)


def shown(store: SqliteStore, drafts: int, channel: str = "C1") -> None:
    for number in range(drafts):
        store.choices.note_shown("T1", channel, "UAUTHOR", f"d_{channel}{number}", (RULE,))


def useless(store: SqliteStore, draft: str, user: str) -> None:
    said = Feedback(team="T1", channel="", user=user, draft_id=draft, about=RULE, said="not_useful")
    store.save_feedback(said)


def test_a_channel_nobody_chose_for_has_the_usual(store: SqliteStore) -> None:
    assert store.choices.of("T1", "C1") == Choices(team="T1", channel="C1")


def test_choices_come_back_and_the_last_word_counts(store: SqliteStore) -> None:
    first = Choices(team="T1", channel="C1", network="x", private=True, must_keep=("Añb, c",), strictness="gentle")
    store.choices.save(first, "U1")
    assert store.choices.of("T1", "C1") == first
    last = first.model_copy(update={"private": False})
    store.choices.save(last, "U2")
    assert store.choices.of("T1", "C1") == last
    assert store.choices.of("T2", "C1") == Choices(team="T2", channel="C1")


def test_words_to_keep_are_the_workspaces_and_the_channels(store: SqliteStore) -> None:
    store.choices.save(Choices(team="T1", channel="", must_keep=("Acme", "both")), "U1")
    store.choices.save(Choices(team="T1", channel="C1", must_keep=("both", "#here")), "U1")
    assert store.choices.must_keep("T1", "C1") == ("Acme", "both", "#here")
    assert store.choices.must_keep("T1", "C2") == ("Acme", "both")


def test_a_why_counts_for_a_week_and_not_against_its_own_draft(store: SqliteStore, file: Path) -> None:
    store.choices.note_shown("T1", "C1", "U1", "d_1", (RULE,))
    assert store.choices.explained("T1", "U1", "d_1") == frozenset()
    assert store.choices.explained("T1", "U1", "d_2") == {RULE}
    assert store.choices.explained("T1", "U2", "d_2") == frozenset()
    store.choices.note_shown("T1", "C1", "U1", "d_2", (RULE,))
    assert store.choices.explained("T1", "U1", "d_1") == frozenset()  # told with d_1, so it stays there
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("update explained set at = ?", [(datetime.now(UTC) - timedelta(days=8)).isoformat()])
    assert store.choices.explained("T1", "U1", "d_2") == frozenset()


def test_a_draft_shown_twice_and_a_word_said_twice_count_once(store: SqliteStore) -> None:
    shown(store, 3)
    shown(store, 2)
    useless(store, "d_C10", "U1")
    useless(store, "d_C10", "U1")
    useless(store, "d_C10", "U2")
    (figures,) = store.choices.figures("T1", "C1")
    assert (figures.shown, figures.useless, figures.people) == (3, 1, 2)
    assert store.choices.figures("T1", "C2") == []


def test_from_useless_to_muted_and_back(store: SqliteStore) -> None:
    shown(store, 20)
    for number, user in enumerate(["U1", "U2", "U3"]):
        useless(store, f"d_C1{number}", user)
    assert [one.rule for one in noisy(store.choices.figures("T1", "C1"))] == [RULE]
    assert store.choices.propose("T1", "C1", RULE)
    assert not store.choices.propose("T1", "C1", RULE)
    assert [one.rule for one in store.choices.proposals("T1", "C1")] == [RULE]
    store.choices.mute("T1", "C1", RULE, "U9")
    (mute,) = store.choices.mutes("T1", "C1")
    assert (mute.by, mute.shown, mute.useless) == ("U9", 20, 3)
    assert store.choices.muted_since("T1", LONG_AGO) == [mute]
    assert store.choices.proposals("T1", "C1") == []
    assert store.choices.unmute("T1", "C1", RULE)
    assert not store.choices.unmute("T1", "C1", RULE)
    assert store.choices.figures("T1", "C1") == []  # it counts anew


def test_a_rule_that_is_kept_may_be_proposed_again_by_new_figures(store: SqliteStore) -> None:
    shown(store, 20)
    assert store.choices.propose("T1", "C1", RULE)
    store.choices.keep("T1", "C1", RULE)
    assert store.choices.figures("T1", "C1") == []
    assert store.choices.propose("T1", "C1", RULE)


def test_who_listens_is_counted(store: SqliteStore) -> None:
    store.choices.ask_owner("T1", "C1", "d_1")
    store.choices.ask_owner("T1", "C1", "d_1")
    store.choices.name_owner("T1", "C1", "d_2", until="week")
    store.choices.name_owner("T1", "C1", "d_2", owner="U1")
    assert store.choices.owner_totals("T1", LONG_AGO) == OwnerTotals(asked=2, named=1)
    assert store.choices.owner_totals("T1", datetime.now(UTC) + timedelta(days=1)) == OwnerTotals(asked=0, named=0)


def test_the_newest_private_draft_is_found_by_its_author_alone(store: SqliteStore) -> None:
    store.save_draft(IncomingDraft(team="T1", channel="C1", ts="1.0", author="U1", text="hello"))
    assert store.personal.last_private_draft("T1", "U1") is None
    assert store.personal.last_ask("T1", "U1") is None
    assert store.personal.marks("T1", "U1") == []

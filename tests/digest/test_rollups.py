"""The weeks' sums equal a recount, whatever came in which order."""

import tempfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from bot.store import Feedback, StoredDraft
from bot.store.erasure import Subject
from bot.store.sqlite import SqliteStore
from tests.digest.made import CHANNEL, MIXES, TEAM, VERDICTS, incoming, part, utc

MONDAY = date(2026, 11, 16)
NOON = utc(2026, 11, 18, 12)
RULES = ("Megaphone.Caps", "Robotic.Thrilled", "AutoDM.Thanks")

PEOPLE = st.sampled_from("ABCDE")
PARTS = st.lists(
    st.builds(
        part,
        score=st.integers(0, 100),
        verdict=st.sampled_from(VERDICTS),
        mix=st.sampled_from(MIXES),
        rules=st.lists(st.sampled_from(RULES), max_size=3).map(tuple),
        praise=st.sampled_from([(), ("Human.Question",), ("Human.Question", "Human.ReplyOwner")]),
        rewritten=st.booleans(),
    ),
    min_size=1,
    max_size=3,
).map(tuple)


def figures(store: SqliteStore, week: date = MONDAY, channel: str | None = None) -> dict[str, int]:
    found = store.rollups.weeks(TEAM, channel, [week])
    return found[week].counts if found else {}


def authors(store: SqliteStore, week: date = MONDAY, channel: str | None = None) -> int:
    found = store.rollups.weeks(TEAM, channel, [week])
    return found[week].authors if found else 0


def test_a_draft_counts_in_its_week(store: SqliteStore) -> None:
    draft = incoming(NOON)
    store.save_draft(draft)
    assert figures(store) == {}
    store.save_parts(draft.id, draft.version, (part(score=40),))
    assert figures(store) == {
        "messages": 1, "drafts": 1, "verdict:megaphone": 1, "score:40": 1, "mix:own_promotion": 1,
        "rule:Megaphone.Caps": 1, "offered": 1,
    }  # fmt: skip
    assert authors(store) == 1


def test_an_edit_takes_the_place_of_what_was_before(store: SqliteStore) -> None:
    draft, edited = incoming(NOON), incoming(NOON, edited=NOON + timedelta(minutes=5))
    store.save_draft(draft)
    store.save_parts(draft.id, draft.version, (part(score=40),))
    store.save_draft(edited)
    store.save_parts(draft.id, edited.version, (part(score=70, verdict="human", rules=()),))
    found = figures(store)
    assert found["drafts"] == 1
    assert "score:40" not in found
    assert (found["edited"], found["better"], found["gained"], found["gone:Megaphone.Caps"]) == (1, 1, 30, 1)


def test_a_version_pasted_anew_takes_the_place_of_the_first(store: SqliteStore) -> None:
    first = incoming(NOON)
    second = incoming(NOON + timedelta(hours=1), follows=first.id)
    for draft, score in ((first, 30), (second, 80)):
        store.save_draft(draft)
        store.save_parts(draft.id, draft.version, (part(score=score),))
    assert (figures(store)["messages"], figures(store)["gained"]) == (1, 50)
    store.delete_draft(TEAM, CHANNEL, second.ts)
    assert (figures(store)["messages"], figures(store)["score:30"]) == (1, 1)


def test_a_deleted_draft_leaves_an_open_week_and_stays_in_a_closed_one(store: SqliteStore) -> None:
    one, other = incoming(NOON), incoming(NOON + timedelta(hours=1), author="U2")
    for draft in (one, other):
        store.save_draft(draft)
        store.save_parts(draft.id, draft.version, (part(),))
    store.delete_draft(TEAM, CHANNEL, one.ts)
    assert (figures(store)["drafts"], authors(store)) == (1, 1)
    store.rollups.close(TEAM, MONDAY)
    store.delete_draft(TEAM, CHANNEL, other.ts)
    assert (figures(store)["drafts"], authors(store)) == (1, 1)


def test_a_closed_week_knows_how_many_people_wrote_and_not_who(store: SqliteStore) -> None:
    for number in range(3):
        draft = incoming(NOON + timedelta(minutes=number), author=f"U{number}", channel=f"C{number % 2}")
        store.save_draft(draft)
        store.save_parts(draft.id, draft.version, (part(),))
    assert store.rollups.close_ended(utc(2026, 11, 23, 0, 30)) == 0
    assert store.rollups.close_ended(utc(2026, 11, 23, 1)) == 1
    late = incoming(NOON, author="U9")
    store.save_draft(late)
    store.save_parts(late.id, late.version, (part(),))
    assert (authors(store), authors(store, channel="C0"), authors(store, channel="C1")) == (3, 2, 1)
    assert figures(store)["drafts"] == 4
    assert store.rollups._db.all("select * from contributions where author is not null") == []


def test_weeks_are_the_teams_own(store: SqliteStore) -> None:
    store.rollups.set_zone(TEAM, "Pacific/Auckland")
    draft = incoming(utc(2026, 11, 22, 12))  # Monday, one in the morning, over there
    store.save_draft(draft)
    store.save_parts(draft.id, draft.version, (part(),))
    assert figures(store, date(2026, 11, 23))["drafts"] == 1


def test_erased_people_stay_counted_and_nothing_leads_to_them(store: SqliteStore) -> None:
    draft = incoming(NOON)
    store.save_draft(draft)
    store.save_parts(draft.id, draft.version, (part(),))
    before = figures(store)
    store.erasure.erase(Subject(user="U1", team=TEAM))
    assert (figures(store), authors(store)) == (before, 1)
    assert draft.id not in {row["source"] for row in store.rollups._db.all("select source from contributions")}
    store.delete_draft(TEAM, CHANNEL, draft.ts)
    assert figures(store) == before


def test_a_word_of_feedback_counts_once(store: SqliteStore) -> None:
    word = Feedback(team=TEAM, channel=CHANNEL, user="U1", draft_id="d_1", about="rewrite", said="used")
    nudge = Feedback(team=TEAM, channel=CHANNEL, user="U1", draft_id="d_1", about="Megaphone.Caps", said="not_useful")
    for feedback in (word, word, nudge):
        store.save_feedback(feedback)
    total: Counter[str] = Counter()
    for row in store.rollups._db.all("select figure, n from rollups where channel = ''"):
        total[row["figure"]] += row["n"]
    assert total == {"rewrite:used": 1, "unhelpful:Megaphone.Caps": 1}


def test_somebody_who_answers_counts_without_a_name(store: SqliteStore) -> None:
    draft = incoming(NOON)
    store.save_draft(draft)
    store.save_parts(draft.id, draft.version, (part(praise=("Human.Question",)),))
    store.rollups.answered_by_somebody(draft.id)
    assert (figures(store)["asks"], figures(store)["asks_answered"]) == (1, 1)


class AnyOrder(RuleBasedStateMachine):
    """Drafts, edits, pastes, deletes, closings and erasures in any order: the sums equal a recount and a rebuild."""

    drafts: Bundle[str] = Bundle("drafts")

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteStore(Path(self.folder.name) / "humanize.db")
        self.minute = 0

    def _now(self) -> datetime:
        self.minute += 1
        return utc(2026, 11, 20, 12) + timedelta(minutes=self.minute)

    def _review(self, draft: StoredDraft | None, parts: tuple) -> None:  # type: ignore[type-arg]  # parts, as above
        assert draft
        self.store.save_parts(draft.id, draft.version, parts)

    @rule(target=drafts, parts=PARTS, author=PEOPLE, channel=st.sampled_from("XY"), days=st.integers(0, 9))
    def write(self, parts: tuple, author: str, channel: str, days: int) -> str:  # type: ignore[type-arg]  # parts
        draft = incoming(self._now() + timedelta(days=days), f"U{author}", f"C{channel}")
        self.store.save_draft(draft)
        self._review(self.store.draft(draft.id), parts)
        return draft.id

    @rule(target=drafts, draft_id=drafts, parts=PARTS)
    def paste_anew(self, draft_id: str, parts: tuple) -> str:  # type: ignore[type-arg]  # parts
        before = self.store.draft(draft_id)
        assert before
        draft = incoming(self._now(), before.author or "UA", before.channel, follows=draft_id)
        self.store.save_draft(draft)
        self._review(self.store.draft(draft.id), parts)
        return draft.id

    @rule(draft_id=drafts, parts=PARTS)
    def edit(self, draft_id: str, parts: tuple) -> None:  # type: ignore[type-arg]  # parts
        before = self.store.draft(draft_id)
        assert before
        at = self._now() + timedelta(days=20)
        edited = {"edited_ts": f"{at.timestamp():.6f}", "text": "anew"}
        draft = incoming(at, before.author or "UA", before.channel)
        self.store.save_draft(draft.model_copy(update={**edited, "ts": before.ts}))
        self._review(self.store.draft(draft_id), parts)

    @rule(draft_id=consumes(drafts))
    def delete(self, draft_id: str) -> None:
        draft = self.store.draft(draft_id)
        assert draft
        self.store.delete_draft(draft.team, draft.channel, draft.ts)

    @rule(author=PEOPLE)
    def erase(self, author: str) -> None:
        self.store.erasure.erase(Subject(user=f"U{author}", team=TEAM))

    @rule()
    def close(self) -> None:
        self.store.rollups.close_ended(utc(2026, 11, 24))

    @rule(author=PEOPLE, said=st.sampled_from(["used", "used_tweaked"]))
    def use(self, author: str, said: str) -> None:
        word = Feedback(team=TEAM, channel="CX", user=f"U{author}", draft_id="d_1", about="rewrite", said=said)
        self.store.save_feedback(word)

    @invariant()
    def sums_equal_a_recount(self) -> None:
        if hasattr(self, "store"):
            assert self.store.rollups.drift() == []

    @rule()
    def a_rebuild_changes_nothing(self) -> None:
        rows = "select team, week, channel, figure, n from rollups order by 1, 2, 3, 4"
        people = "select week, count(distinct author) n from contributions group by 1 order by 1"
        before = self.store.rollups._db.all(rows), self.store.rollups._db.all(people)
        self.store.rollups.rebuild()
        assert (self.store.rollups._db.all(rows), self.store.rollups._db.all(people)) == before

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_somebody_whose_words_go_each_night_is_still_one_person(store: SqliteStore) -> None:
    """With words kept for a day, five drafts of one person must not read like a team of five."""
    for day in range(16, 21):
        draft = incoming(utc(2026, 11, day, 12))
        store.save_draft(draft)
        store.save_parts(draft.id, draft.version, (part(),))
        store.connections.run("update drafts set received_at = ? where id = ?", ["2026-01-01", draft.id])
        store.erasure.forget_old(1)
    assert authors(store) == 1
    assert figures(store)["drafts"] == 5
    again = incoming(utc(2026, 11, 16, 12), edited=utc(2026, 11, 20, 13))
    store.save_draft(again)
    store.save_parts(again.id, again.version, (part(),))
    assert figures(store)["drafts"] == 5  # an edit of what is counted already
    assert store.rollups.drift() == []

"""The workflows with a real store, a real DBOS and an outbox that only notes what it is given."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from dbos import DBOS

from bot.coach import Coach
from bot.delivery import Answer
from bot.doctor import look_at_parked
from bot.handoff import HandoffQueue
from bot.intake import Intake
from bot.steps import Services
from bot.store import IncomingDraft, PrivateAsk, StoredDraft
from bot.store.sqlite import SqliteStore
from bot.workflows import Workflows


class Notes:
    """An outbox that posts nowhere."""

    def __init__(self) -> None:
        self.posted: list[str] = []
        self._posted = threading.Condition()

    def wait_for(self, number: int) -> None:
        """Until so many were posted."""
        with self._posted:
            assert self._posted.wait_for(lambda: len(self.posted) >= number, 30)

    def find_reply(self, draft: StoredDraft, kind: str) -> str | None:
        return None

    def post_reply(self, draft: StoredDraft, answer: Answer) -> str:
        with self._posted:
            self.posted.append(answer.kind)
            self._posted.notify_all()
        return "1.1"

    def update_reply(self, draft: StoredDraft, ts: str, answer: Answer) -> None:
        self.posted.append(f"update {answer.kind}")

    def remove_reply(self, draft: StoredDraft, ts: str) -> None:
        self.posted.append("remove")

    def set_reaction(self, draft: StoredDraft, present: bool) -> None:
        self.posted.append(f"reaction {present}")

    def whisper(self, draft: StoredDraft, answer: Answer) -> None: ...

    def ask_who_listens(self, draft: StoredDraft) -> None: ...

    def shown_rules(self, answer: Answer) -> tuple[str, ...]:
        return ()

    def answer_privately(self, ask: PrivateAsk, answer: Answer) -> None:
        self.posted.append("private")

    def apologise(self, ask: PrivateAsk) -> None:
        self.posted.append("apology")

    def announce(self, team: str, channel: str, llm_host: str | None) -> None:
        self.posted.append("announce")


@pytest.fixture
def outbox() -> Notes:
    return Notes()


@pytest.fixture
def workflows(store: SqliteStore, outbox: Notes, tmp_path: Path) -> Iterator[Workflows]:
    coach = Coach()
    services = Services(coach=coach, intake=Intake(coach.rules), store=store, outbox=outbox, llm_host=None, poll_s=0.02)
    running = Workflows(services, tmp_path / "dbos.db", "test")
    running.launch()
    yield running
    running.stop(0)


def result(workflow_id: str) -> object:
    """What a workflow came to, once it is done."""
    return DBOS.retrieve_workflow(workflow_id).get_result(polling_interval_sec=0.02)


def test_a_review_is_worked_once_whatever_often_it_is_enqueued(
    workflows: Workflows, store: SqliteStore, outbox: Notes
) -> None:
    store.set_watched("T", "C", "U")
    draft = IncomingDraft(team="T", channel="C", ts="1700000000.000100", author="U", text="BUY NOW!!! #a #b #c #d")
    store.save_draft(draft)
    for _ in range(3):
        workflows.enqueue_review(draft.id, draft.version)
    assert result(f"review:{draft.id}:{draft.version}:event:0") == "posted"
    assert outbox.posted == ["thread"]


def test_housekeeping_runs_by_its_schedule(workflows: Workflows, store: SqliteStore, tmp_path: Path) -> None:
    store.delete_draft("T", "C", "1700000000.000100")
    store.claim("old")
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as db, db:
        db.execute("update drafts set received_at = '2020-01-01'")
        db.execute("update claims set claimed_at = '2020-01-01'")
    DBOS.trigger_schedule("housekeeping").get_result(polling_interval_sec=0.02)
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as db:
        assert db.execute("select count(*) from drafts").fetchone() == (0,)
        assert db.execute("select count(*) from claims").fetchone() == (0,)


def test_a_poisonous_draft_fails_alone_and_the_doctor_shows_it(
    workflows: Workflows, store: SqliteStore, outbox: Notes, tmp_path: Path
) -> None:
    store.set_watched("T", "C", "U")
    texts = {"poison": "zanzibarquokka " * 3_000, "before": "BUY NOW!!! #a #b #c #d", "after": "ACT NOW!!! #a #b #c #d"}
    drafts = {
        name: IncomingDraft(team="T", channel="C", ts=f"170000000{number}.000100", author="U", text=text)
        for number, (name, text) in enumerate(texts.items())
    }
    for draft in drafts.values():
        store.save_draft(draft)
        workflows.enqueue_review(draft.id, draft.version)
    done = {name: result(f"review:{draft.id}:{draft.version}:event:0") for name, draft in drafts.items()}
    assert done == {"poison": "failed:DraftError", "before": "posted", "after": "posted"}
    assert outbox.posted == ["thread", "thread"]
    found = [one for one in look_at_parked(tmp_path / "humanize.db") if one.state == "look"]
    assert [(one.about, one.seen) for one in found] == [(f"parked {drafts['poison'].id}", "review_failed")]
    assert "zanzibarquokka" not in str(found)


def test_an_unknown_draft_is_no_trouble(workflows: Workflows, outbox: Notes) -> None:
    workflows.enqueue_delivery("d_nobody", "test")
    workflows.enqueue_rewrite("d_nobody", "test", "thread")
    workflows.enqueue_ask("a_nobody")
    assert result("deliver:d_nobody:test:0") == "unknown"
    assert result("rewrite:d_nobody:test:0") == "gone"
    assert result("ask:a_nobody:0") == "gone"
    assert outbox.posted == []


def test_what_waits_already_is_not_queued_once_more_at_a_start(
    workflows: Workflows, store: SqliteStore, outbox: Notes, tmp_path: Path
) -> None:
    """Else a restart before ten thousand waiting drafts would make twenty thousand of them."""
    store.set_watched("T", "C", "U")
    workflows.stop(0)
    drafts = [
        IncomingDraft(team="T", channel="C", ts=f"17000000{n:02}.000100", author="U", text="BUY NOW!!! #a #b #c #d")
        for n in range(4)
    ]
    for draft in drafts[:3]:
        store.save_draft(draft)
    with store.write():
        store.save_draft(drafts[3])
        HandoffQueue(store.handoffs).enqueue_review(drafts[3].id, drafts[3].version)
    again = Workflows(workflows._services, tmp_path / "dbos.db", "test")
    again.launch()
    try:
        outbox.wait_for(4)
        with closing(sqlite3.connect(tmp_path / "dbos.db")) as db:
            ids = [name for (name,) in db.execute("select workflow_uuid from workflow_status")]
        assert len([name for name in ids if name.startswith("review:")]) == 4
    finally:
        again.stop(0)

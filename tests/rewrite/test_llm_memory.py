"""The writer and its memory on a real database: asked once for the same words, within an allowance, by the book."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.coach import Coach
from bot.models import Context, Origin, Suggestion
from bot.rewrite.llm_writer import LlmWriter
from bot.rewrite.prompts import VERSION
from bot.rewrite.voice import Voice
from bot.store import IncomingDraft
from bot.store.sqlite import SqliteStore
from tests.standin_llm import Answer, StandInLLM, content, error, good

DRAFT = "🚀 Excited to announce Flowdesk 2.0, a game-changer! Sign up now https://flowdesk.example/go #SaaS #CX #AI"
QUESTION = "If you run support, which repeat task would you hand over first?"
GOOD = f"Flowdesk 2.0 is out. {QUESTION} https://flowdesk.example/go – [name]"
OTHER = "Flowdesk 2.0 is out. What would you stop doing by hand tomorrow? https://flowdesk.example/go – [name]"
PLENTY = 1_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "x.db")
    yield opened
    opened.close()


@pytest.fixture
def llm() -> Iterator[StandInLLM]:
    with StandInLLM() as server:
        server.answer_with(good(GOOD))
        yield server


def posted(store: SqliteStore, number: int = 1, team: str = "T1") -> Origin:
    draft = IncomingDraft(team=team, channel="C1", ts=f"170000000{number}.000100", author="U1", text=DRAFT)
    store.save_draft(draft)
    return Origin(team=team, channel="C1", author="U1", draft_id=draft.id)


def coach(llm: StandInLLM, store: SqliteStore, model: str = "m", tokens: int = PLENTY, **other: Any) -> Coach:
    writer = LlmWriter(
        base_url=llm.base_url, api_key="k", model=model, memory=store.llm, daily_tokens=tokens, max_retries=0, **other
    )
    return Coach(writer=writer)


def rewrite(asked: Coach, origin: Origin, **wishes: Any) -> Suggestion:
    context = Context(origin=origin, **wishes)
    return asked.rewrite(asked.review(DRAFT, context), context)


def test_the_same_words_are_asked_for_once(llm: StandInLLM, store: SqliteStore) -> None:
    first = rewrite(coach(llm, store), posted(store, 1)).rewrites[0]
    again = rewrite(coach(llm, store), posted(store, 2)).rewrites[0]
    assert not any(f'"{who}' in json.dumps(llm.requests) for who in ("T1", "C1", "U1", "d_"))
    assert len(llm.requests) == 1
    assert first.text == again.text == GOOD
    assert first.made and (first.made.cached, first.made.prompt_tokens, first.made.completion_tokens) == (
        False,
        100,
        20,
    )
    assert again.made and (again.made.cached, again.made.prompt_tokens, again.made.prompt) == (True, 0, VERSION)


@pytest.mark.parametrize(
    "wishes",
    [{"angle": "candid"}, {"shorter": True}, {"network": "x"}, {"must_keep": ("#CX",)}, {"audience": "nurses"},
     {"hope": "a story"}, {"light": True}],
    ids=lambda wishes: next(iter(wishes)),
)  # fmt: skip
def test_another_wish_is_another_question(llm: StandInLLM, store: SqliteStore, wishes: dict[str, Any]) -> None:
    origin = posted(store)
    asked = coach(llm, store)
    rewrite(asked, origin)
    before = len(llm.requests)
    rewrite(asked, origin, **wishes)
    assert len(llm.requests) > before


def test_another_model_voice_or_workspace_asks_anew(llm: StandInLLM, store: SqliteStore) -> None:
    rewrite(coach(llm, store), posted(store))
    rewrite(coach(llm, store, model="other"), posted(store))
    rewrite(coach(llm, store, voice=Voice(do=("you",))), posted(store))
    rewrite(coach(llm, store), posted(store, team="T2"))
    assert len(llm.requests) == 4


def test_another_angle_is_another_and_sees_all_that_were_shown(llm: StandInLLM, store: SqliteStore) -> None:
    llm.answer_with(good(GOOD), good(GOOD), good(OTHER))
    origin = posted(store)
    asked = coach(llm, store)
    assert rewrite(asked, origin).rewrites[0].text == GOOD
    assert rewrite(asked, origin, variant=1).rewrites[0].text == OTHER
    third = OTHER.replace("What would you stop doing by hand tomorrow?", "Who answers the phone on your team?")
    llm.answer_with(good(OTHER), good(third))
    assert rewrite(asked, origin, variant=2).rewrites[0].text == third
    told = llm.requests[-1]["messages"][1]["content"]
    assert QUESTION in told
    assert "by hand tomorrow" in told
    before = len(llm.requests)
    assert rewrite(asked, origin, variant=1).rewrites[0].text == OTHER
    assert len(llm.requests) == before


def test_what_was_kept_is_checked_again(llm: StandInLLM, store: SqliteStore) -> None:
    """A kept text that was tampered with, or that a new rule refuses, is asked for anew."""
    origin = posted(store)
    asked = coach(llm, store)
    rewrite(asked, origin)
    store.llm._db.run("update llm_rewrites set text = ?", ["Flowdesk 3.0 <!channel> is out. " + QUESTION])
    assert rewrite(asked, origin).rewrites[0].text == GOOD
    assert len(llm.requests) == 2


def test_a_deleted_draft_takes_its_rewrite_along(llm: StandInLLM, store: SqliteStore) -> None:
    rewrite(coach(llm, store), posted(store))
    store.delete_draft("T1", "C1", "1700000001.000100")
    rewrite(coach(llm, store), posted(store, 2))
    assert len(llm.requests) == 2


def test_deleted_while_the_model_writes(llm: StandInLLM, store: SqliteStore) -> None:
    def delete_then_answer(asked: dict[str, Any]) -> Answer:
        store.delete_draft("T1", "C1", "1700000001.000100")
        return good(GOOD)

    llm.answer_with(delete_then_answer)
    rewrite(coach(llm, store), posted(store))
    assert store.llm._db.all("select * from llm_rewrites") == []


def test_what_failed_is_not_kept(llm: StandInLLM, store: SqliteStore) -> None:
    llm.answer_with(content("prose"))
    rewrite(coach(llm, store), posted(store))
    assert store.llm._db.all("select * from llm_rewrites") == []
    assert [spent.outcome for spent in store.llm.calls(posted(store).draft_id)] == ["llm_bad_output"] * 3


def test_the_books_and_the_log_hold_figures_and_no_words(
    llm: StandInLLM, store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    origin = posted(store)
    llm.answer_with(good(GOOD + " 500 teams use it."), good(GOOD))
    with caplog.at_level(logging.INFO, "bot"):
        made = rewrite(coach(llm, store), origin).rewrites[0].made
    assert made and (made.prompt_tokens, made.completion_tokens) == (200, 40)
    assert [(spent.outcome, spent.prompt_tokens, spent.prompt) for spent in store.llm.calls(origin.draft_id)] == [
        ("checks_failed", 100, VERSION), ("ok", 100, VERSION),
    ]  # fmt: skip
    assert store.llm.spent_today("T1") == 240
    lines = [record.__dict__ for record in caplog.records if record.getMessage() == "language model call"]
    assert [(line["draft"], line["outcome"], line["completion_tokens"]) for line in lines] == [
        (origin.draft_id, "checks_failed", 20), (origin.draft_id, "ok", 20),
    ]  # fmt: skip
    assert all(line["ms"] >= 0 for line in lines)
    assert "Flowdesk" not in str(lines)


def test_when_the_allowance_is_spent_rules_write_and_it_is_logged_once(
    llm: StandInLLM, store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    asked = coach(llm, store, tokens=50)
    with caplog.at_level(logging.INFO, "bot"):
        suggestions = [rewrite(asked, posted(store), variant=n) for n in range(3)]
    assert [s.fallback for s in suggestions] == ["llm_budget_spent"] * 3
    assert all(s.rewrites[0].source == "rules" for s in suggestions)
    assert llm.requests == []
    assert caplog.text.count("allowance for the day is used up") == 1
    assert store.llm.spent_today("T1") == 0


def test_what_was_set_aside_and_not_used_is_given_back(llm: StandInLLM, store: SqliteStore) -> None:
    rewrite(coach(llm, store), posted(store))
    assert store.llm.spent_today("T1") == 120
    llm.answer_with(error(500))
    assert rewrite(coach(llm, store), posted(store), variant=1).fallback == "llm_unavailable"
    assert store.llm.spent_today("T1") == 120


def test_a_question_that_never_ended_counts_its_prompt(llm: StandInLLM, store: SqliteStore) -> None:
    llm.answer_with(Answer(hang=True))
    assert rewrite(coach(llm, store, timeout_s=0.5), posted(store)).fallback == "llm_timeout"
    assert store.llm.spent_today("T1") > 500


def test_one_workspace_does_not_spend_anothers(llm: StandInLLM, store: SqliteStore) -> None:
    asked = coach(llm, store, tokens=5_000)
    store.llm.reserve("T1", 4_900, 5_000)
    assert rewrite(asked, posted(store)).fallback == "llm_budget_spent"
    assert rewrite(asked, posted(store, team="T2")).fallback is None


def test_a_repair_that_the_allowance_does_not_cover_ends_in_what_failed(llm: StandInLLM, store: SqliteStore) -> None:
    def spend_the_rest(asked: dict[str, Any]) -> Answer:
        store.llm.reserve("T1", 1, PLENTY)
        store.llm.settle("T1", store.llm.reserve("T1", 1, PLENTY) or "", 1, PLENTY)
        return good(GOOD + " 500 teams use it.")

    llm.answer_with(spend_the_rest)
    assert rewrite(coach(llm, store), posted(store)).fallback == "checks_failed"
    assert len(llm.requests) == 1

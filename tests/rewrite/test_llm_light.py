"""Light edits: at most three changes, by whoever writes."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.coach import Coach
from bot.models import Context
from bot.rewrite.light import MAX_CHANGES, few_changes
from bot.rewrite.llm_writer import LlmWriter
from tests.standin_llm import StandInLLM, good

DRAFT = (
    "We are thrilled to announce that our spring menu starts on Monday. Leeks from the garden behind the kitchen,"
    " bread from next door, and rhubarb until it runs out. Book your table now: table.example/book"
)
LIGHT = (
    "Our spring menu starts on Monday. What do you hope to find on it? Leeks from the garden behind the kitchen,"
    " bread from next door, and rhubarb until it runs out. Book your table: table.example/book"
)
WHOLE = "What do you hope to find on our spring menu? It starts on Monday. table.example/book"


@pytest.fixture
def llm() -> Iterator[StandInLLM]:
    with StandInLLM() as server:
        yield server


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LIGHT, ""),
        (DRAFT, ""),
        (DRAFT.upper().replace(".", "!"), ""),
        (WHOLE, "changes"),
        ("Our spring menu starts on Monday.", "words are left"),
        (DRAFT.replace("Monday", "May").replace("garden", "yard").replace("next", "a").replace("Book", "Get"),
         "4 changes; a light edit has at most 3"),
        ("word " * 2000, "too many for a light edit"),
    ],
)  # fmt: skip
def test_what_a_light_edit_is(text: str, said: str) -> None:
    found = few_changes(text, DRAFT)
    assert said in found
    assert bool(found) == bool(said)


@given(st.lists(st.sampled_from(["tea", "boat", "is", "late", "we"]), min_size=8, max_size=60), st.data())
def test_as_many_changes_as_were_made_are_too_many_only_beyond_three(draft: list[str], data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(draft)), max_size=MAX_CHANGES, unique=True))
    text = list(draft)
    for place in sorted(places, reverse=True):
        text.insert(place, f"new{place}")
    assert few_changes(" ".join(text), " ".join(draft)) == ""


def test_by_rules() -> None:
    coach = Coach()
    suggestion = coach.rewrite(coach.review(DRAFT), Context(light=True))
    (rewrite,) = suggestion.rewrites
    assert few_changes(rewrite.text, DRAFT) == ""
    assert "Leeks from the garden behind the kitchen" in rewrite.text
    assert rewrite.checks[-1].name == "light"


def test_by_rules_another_one_asks_another_question() -> None:
    coach = Coach()
    review = coach.review(DRAFT)
    first, second = (coach.rewrite(review, Context(light=True, variant=n)).rewrites[0] for n in (0, 1))
    assert first.question != second.question


def test_where_rules_cannot_they_say_so() -> None:
    coach = Coach()
    suggestion = coach.rewrite(coach.review("BIG NEWS!!! Sign up now #a #b #c"), Context(light=True))
    assert suggestion.rewrites == ()
    assert suggestion.questions
    assert words.NO_LIGHT_EDIT in (suggestion.advice or "")


def test_a_model_is_told_and_held_to_it(llm: StandInLLM) -> None:
    llm.answer_with(good(WHOLE), good(LIGHT))
    coach = Coach(writer=LlmWriter(base_url=llm.base_url, api_key="k", model="m"))
    suggestion = coach.rewrite(coach.review(DRAFT), Context(light=True))
    assert suggestion.fallback is None
    assert suggestion.rewrites[0].text == LIGHT
    assert "A light edit: at most 3 changes" in llm.requests[0]["messages"][0]["content"]
    assert "light: " in llm.requests[1]["messages"][-1]["content"]


def test_a_model_that_changes_too_much_is_not_shown(llm: StandInLLM) -> None:
    llm.answer_with(good(WHOLE))
    coach = Coach(writer=LlmWriter(base_url=llm.base_url, api_key="k", model="m"))
    suggestion = coach.rewrite(coach.review(DRAFT), Context(light=True))
    assert suggestion.fallback == "checks_failed"
    assert [rewrite.source for rewrite in suggestion.rewrites] == ["rules"]
    assert WHOLE not in json.dumps([rewrite.text for rewrite in suggestion.rewrites])

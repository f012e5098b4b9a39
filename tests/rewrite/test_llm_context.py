"""What a model is told: everything that people wrote goes out as data, masked, between lines nobody can guess."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.coach import Coach
from bot.models import Context
from bot.rewrite.checks import check_all
from bot.rewrite.describe import describe
from bot.rewrite.llm_prompt import example_pairs
from bot.rewrite.llm_writer import LlmWriter
from bot.rewrite.prompts import VARIABLES, check_templates, template
from bot.rewrite.trial import Material
from bot.rewrite.voice import Voice
from tests.rewrite.hostile_drafts import HOSTILE
from tests.standin_llm import Answer, Script, StandInLLM, good

DRAFT = "🚀 Excited to announce Flowdesk 2.0, a game-changer! Sign up now https://flowdesk.example/go #SaaS #CX #AI"
QUESTION = "If you run support, which repeat task would you hand over first?"
GOOD = f"Flowdesk 2.0 is out. {QUESTION} https://flowdesk.example/go – [name]"
OTHER = "Flowdesk 2.0 is out. What would you stop doing by hand tomorrow? https://flowdesk.example/go – [name]"
VOICE = Voice(samples=("The oven is back. What shall we bake? Ask ada@oven.example",), do=("you",), dont=("leverage",))


@pytest.fixture
def llm() -> Iterator[StandInLLM]:
    with StandInLLM() as server:
        server.answer_with(good(GOOD))
        yield server


def sent(llm: StandInLLM, number: int = 0) -> dict[str, Any]:
    """The data of a request."""
    lines = llm.requests[number]["messages"][1]["content"].splitlines()
    assert lines[0] == lines[-1]
    assert len(lines) == 3
    assert lines[0] in llm.requests[number]["messages"][0]["content"]
    return dict(json.loads(lines[1]))


def rewrite(llm: StandInLLM, context: Context, voice: Voice | None = None, draft: str = DRAFT) -> None:
    coach = Coach(writer=LlmWriter(base_url=llm.base_url, api_key="k", model="m", voice=voice))
    coach.rewrite(coach.review(draft, context), context)


def test_a_plain_draft_goes_with_its_flags_and_facts_and_nothing_empty(llm: StandInLLM) -> None:
    rewrite(llm, Context(network="x"))
    data = sent(llm)
    assert set(data) == {"draft", "goes_to", "room", "reads_like", "flags", "facts"}
    assert data["draft"] == DRAFT
    assert data["room"] == "280 characters"
    assert "Sign up now" in [flag["words"] for flag in data["flags"]]
    assert all(flag["why"] and flag["question"] for flag in data["flags"])
    assert {"Flowdesk", "2.0", "https://flowdesk.example/go", "#SaaS"} <= {
        part for fact in data["facts"] for part in (fact, *fact.split())
    }


def test_the_reader_the_hope_and_the_voice_are_data(llm: StandInLLM) -> None:
    told = Context(audience="people who run a help desk", hope="which task eats their week", must_keep=("#CX",))
    rewrite(llm, told, VOICE)
    data = sent(llm)
    assert data["for_whom"] == "people who run a help desk"
    assert data["hoped_answer"] == "which task eats their week"
    assert data["must_keep"] == ["#CX"]
    assert data["voice"]["likes"] == ["you"]
    assert data["voice"]["avoids"] == ["leverage"]
    system = llm.requests[0]["messages"][0]["content"]
    for text in ("help desk", "eats their week", "oven", "leverage", "#CX"):
        assert text not in system


def test_addresses_are_masked_wherever_they_stand(llm: StandInLLM) -> None:
    told = Context(
        audience="friends of ben@acme.example", hope="a call to +44 20 7946 0000", earlier=("Ask cy@acme.example?",),
        variant=1, must_keep=("dee@acme.example",),
    )  # fmt: skip
    rewrite(llm, told, VOICE, DRAFT + " dee@acme.example")
    body = json.dumps(llm.requests)
    assert "EMAIL_" in body
    assert "PHONE_" in body
    for secret in ("ben@", "7946", "cy@", "dee@", "ada@"):
        assert secret not in body


@pytest.mark.parametrize("name", HOSTILE)
def test_orders_in_what_people_say_of_the_reader_stay_data(llm: StandInLLM, name: str) -> None:
    said = HOSTILE[name][:300].encode("utf-8", "replace").decode()
    rewrite(llm, Context(audience=said, hope=said, earlier=(said,), variant=1), Voice(samples=(said,), dont=("xyz",)))
    data = sent(llm)
    assert data["for_whom"].count("EMAIL_") or data["for_whom"] == said
    assert len(llm.requests[0]["messages"]) == 2


def test_examples_are_in_the_prompt_and_pass_the_checks_themselves(llm: StandInLLM) -> None:
    rewrite(llm, Context())
    examples = template("rewrite-examples").template
    assert examples in llm.requests[0]["messages"][0]["content"]
    coach = Coach()
    assert len(example_pairs()) >= 4
    for before, after in example_pairs():
        material = Material(coach.review(before), Context(), coach.rules)
        checks = check_all(describe(after, material, "llm"), material)
        assert [(check.name, check.reason) for check in checks if not check.passed] == [], before


def test_a_model_that_hands_back_an_example_is_not_shown(llm: StandInLLM) -> None:
    for _, after in example_pairs():
        llm.answer_with(good(after))
        coach = Coach(writer=LlmWriter(base_url=llm.base_url, api_key="k", model="m"))
        assert coach.rewrite(coach.review(DRAFT)).fallback == "checks_failed"


def test_an_examples_question_is_not_lent_and_the_manner_is(llm: StandInLLM) -> None:
    draft = "We apologize for any inconvenience. Contact help@acme.example."
    lent = "I'm sorry. [Name] here. What were you waiting for? Contact help@acme.example."
    own = "I'm sorry. [Name] here. What were you trying to do? Contact help@acme.example."

    def masked(text: str) -> Script:
        def answer(asked: dict[str, Any]) -> Answer:
            data = json.loads(asked["messages"][1]["content"].splitlines()[1])
            return good(text.replace("help@acme.example", data["draft"].split()[-1].rstrip(".")))

        return answer

    llm.answer_with(masked(lent), masked(own))
    coach = Coach(writer=LlmWriter(base_url=llm.base_url, api_key="k", model="m"))
    assert [r.text for r in coach.rewrite(coach.review(draft)).rewrites] == [own]
    assert "not_an_example" in llm.requests[1]["messages"][-1]["content"]


@pytest.mark.parametrize("angle", ["curious", "helpful", "candid", "playful"])
def test_the_tone_is_told(llm: StandInLLM, angle: Any) -> None:
    rewrite(llm, Context(angle=angle))
    assert f"Tone: {angle}." in llm.requests[0]["messages"][0]["content"]


def test_another_one_sees_what_was_shown_and_may_not_ask_the_same(llm: StandInLLM) -> None:
    llm.answer_with(good(GOOD), good(OTHER))
    coach = Coach(writer=LlmWriter(base_url=llm.base_url, api_key="k", model="m"))
    context = Context(variant=1, earlier=(GOOD,))
    suggestion = coach.rewrite(coach.review(DRAFT), context)
    assert [r.text for r in suggestion.rewrites] == [OTHER]
    assert sent(llm)["shown_before"] == [GOOD]
    assert "another: The same question" in llm.requests[1]["messages"][-1]["content"]


def test_the_first_one_is_not_held_against_itself(llm: StandInLLM) -> None:
    rewrite(llm, Context(earlier=(GOOD,)))
    assert "shown_before" not in sent(llm)
    assert len(llm.requests) == 1


def test_words_the_team_avoids_are_not_shown(llm: StandInLLM) -> None:
    llm.answer_with(good(GOOD.replace("hand over", "leverage")), good(GOOD))
    coach = Coach(writer=LlmWriter(base_url=llm.base_url, api_key="k", model="m", voice=VOICE))
    assert coach.rewrite(coach.review(DRAFT)).rewrites[0].text == GOOD
    assert "team_words: Words your team avoids: leverage." in llm.requests[1]["messages"][-1]["content"]


def test_a_sample_post_does_not_lend_its_facts(llm: StandInLLM) -> None:
    llm.answer_with(good(f"{QUESTION} Ask ada@oven.example"))
    coach = Coach(writer=LlmWriter(base_url=llm.base_url, api_key="k", model="m", voice=VOICE))
    assert coach.rewrite(coach.review(DRAFT)).fallback == "checks_failed"


def test_every_prompt_in_use_fits_its_variables() -> None:
    check_templates()
    assert all(template(name) for name in VARIABLES)

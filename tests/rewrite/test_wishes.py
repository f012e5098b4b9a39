"""What people ask of a rewrite: another one, a tone, fewer words, something kept. Both writers heed it."""

import itertools

import pytest

from bot.coach import Coach
from bot.models import Angle, Context, Rewrite
from bot.rewrite.asks import is_genuine
from bot.rewrite.frames import frames, read_frames
from bot.rewrite.llm_writer import LlmWriter
from bot.rewrite.prompts import lines
from tests.standin_llm import StandInLLM, good

LAUNCH = "🚀 BIG NEWS! We are thrilled to announce Flowdesk 2.0! Sign up NOW #SaaS #AI #CX"
EVENT = "Don't miss out! Register NOW: pottery evening, May 14, 3pm CET. Limited seats!!! Link in bio"
CLAIM = "We are the leading provider of kite repairs. Our award-winning workshop mends over 400 kites a year."
LINKED = (
    "HUGE NEWS!!! Our lamp catalogue is HERE and it has 48 pages. It is the BEST catalogue ever. Order NOW"
    " https://lamps.example/catalogue #lamps #light #home"
)
FOLLOW = "Hi {first_name}! Thanks for following! Grab our ebook and like us: fb.example/acme"
PITCH = (
    "Hope this finds you well. We help companies like yours leverage AI to streamline operations. 30 minutes Thursday?"
)
SERVICE = "We apologize for any inconvenience. Contact help@acme.example."
POSTS = (LAUNCH, EVENT, CLAIM, LINKED)
ALL = (*POSTS, FOLLOW, PITCH, SERVICE)
ANGLES: tuple[Angle, ...] = ("curious", "helpful", "candid", "playful")


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach()


def rewrite(coach: Coach, draft: str, **wishes: object) -> Rewrite:
    context = Context.model_validate(wishes)
    return coach.rewrite(coach.review(draft, context), context).rewrites[0]


@pytest.mark.parametrize("draft", ALL)
def test_each_another_asks_another_question_and_comes_again(coach: Coach, draft: str) -> None:
    found = [rewrite(coach, draft, variant=n) for n in range(6)]
    assert len({r.question for r in found}) == 6
    assert found == [rewrite(Coach(), draft, variant=n) for n in range(6)]
    texts = {rewrite(coach, draft, variant=n).text for n in range(24)}
    assert 6 <= len(texts) <= 8


@pytest.mark.parametrize("draft", POSTS)
def test_each_another_has_another_shape(coach: Coach, draft: str) -> None:
    shapes = {rewrite(coach, draft, variant=n).text.index("?") for n in range(3)}
    places = {
        (r := rewrite(coach, draft, variant=n)).text.startswith(r.question) or r.text.index(r.question) < 20
        for n in range(3)
    }
    assert len(shapes) == 3 or places == {True, False}


@pytest.mark.parametrize(("draft", "variant"), list(itertools.product(ALL, range(3))))
def test_shorter_is_never_longer_and_loses_no_must(coach: Coach, draft: str, variant: int) -> None:
    full = rewrite(coach, draft, variant=variant)
    short = rewrite(coach, draft, variant=variant, shorter=True)
    assert len(short.text) <= len(full.text)
    assert is_genuine(short.question)
    assert all(check.passed for check in short.checks)


def test_shorter_keeps_the_facts_and_drops_the_rest(coach: Coach) -> None:
    draft = (
        "We are thrilled to announce Loom 3.1! It saves weavers 4 hours a week. We thought about it for a long time and"
        " talked with many people about colours. Sign up NOW https://loom.example"
    )
    full, short = rewrite(coach, draft), rewrite(coach, draft, shorter=True)
    assert len(short.text) < 0.8 * len(full.text)
    assert "Loom 3.1" in short.text
    assert "https://loom.example" in short.text
    assert "colours" not in short.text


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize("draft", ALL)
def test_a_tone_gives_a_rewrite_that_passes(coach: Coach, draft: str, angle: Angle) -> None:
    assert all(check.passed for check in rewrite(coach, draft, angle=angle).checks)


@pytest.mark.parametrize("draft", POSTS)
def test_tones_differ(coach: Coach, draft: str) -> None:
    assert len({rewrite(coach, draft, angle=angle).text for angle in ANGLES}) == len(ANGLES)


def test_every_question_and_voice_of_a_tone_is_a_real_question() -> None:
    for angle in ANGLES:
        tone = frames()["angles"][angle]
        for voice, frame in itertools.product(tone["voices"], read_frames(tone["questions"])):
            said = voice.format(question=frame.text, small=frame.text[0].lower() + frame.text[1:])
            assert is_genuine(said[: said.index("?") + 1]), said


@pytest.mark.parametrize("draft", [LAUNCH, LINKED])
def test_kept_hashtags_pass_and_stay_when_it_gets_shorter(coach: Coach, draft: str) -> None:
    tags = tuple(word for word in draft.split() if word.startswith("#"))
    for wishes in ({}, {"variant": 1}, {"variant": 1, "shorter": True}, {"angle": "playful"}):
        found = rewrite(coach, draft, must_keep=tags, **wishes)
        assert all(tag in found.text for tag in tags)


def test_a_kept_call_to_act_passes(coach: Coach) -> None:
    assert "Sign up NOW" in rewrite(coach, LAUNCH, must_keep=("Sign up NOW",)).text


def asked_of_the_model(**wishes: object) -> str:
    with StandInLLM() as llm:
        llm.answer_with(good("Flowdesk 2.0 is out. What would you hand over first?"))
        writer = LlmWriter(base_url=llm.base_url, api_key="k", model="m")
        coach = Coach(writer=writer)
        context = Context.model_validate(wishes)
        assert coach.rewrite(coach.review(LAUNCH, context), context).rewrites
        return "\n".join(str(message["content"]) for message in llm.requests[0]["messages"])


def test_the_model_is_told_of_every_wish() -> None:
    said = lines("rewrite-wishes", most="160", changes="3")
    for angle in ANGLES:
        assert said[angle] in asked_of_the_model(angle=angle)
    assert said["shorter"] in asked_of_the_model(shorter=True)
    assert "#SaaS" in asked_of_the_model(must_keep=("#SaaS",))
    assert "Nothing in particular." in asked_of_the_model()


def test_the_model_is_told_another_way_each_time() -> None:
    assert len({asked_of_the_model(variant=n).partition("What was wished")[2].split("\n")[1] for n in range(8)}) == 8

"""The client over real HTTP: what servers do not know, when to come back, what it cost, and a look before the start."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from bot.models import FallbackReason
from bot.rewrite.breaker import Breaker
from bot.rewrite.failure import WriterError
from bot.rewrite.llm_client import ROOMY, LlmClient, guessed_tokens
from bot.rewrite.llm_client import Answer as Answered
from tests.standin_llm import Answer, Script, StandInLLM, content, error, models

MESSAGES = [{"role": "user", "content": "x" * 300}]


@pytest.fixture
def llm() -> Iterator[StandInLLM]:
    with StandInLLM() as server:
        yield server


def client(llm: StandInLLM, *script: Script, retries: int = 1, breaker: Breaker | None = None) -> LlmClient:
    if script:
        llm.answer_with(*script)
    return LlmClient(llm.base_url, "key-1", "model-1", 20, retries, breaker)


def ask(asker: LlmClient) -> Answered:
    return asker.ask(MESSAGES, {"type": "object"}, 50, time.monotonic() + 20)


def reason(asker: LlmClient) -> FallbackReason:
    with pytest.raises(WriterError) as caught:
        ask(asker)
    return caught.value.reason


def test_what_it_cost_is_what_the_server_counts(llm: StandInLLM) -> None:
    assert ask(client(llm, content("hi", usage=(123, 7)))) == ("hi", 123, 7)


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "many"}, {"prompt_tokens": -1}, [1], 10**30])
def test_a_server_that_does_not_count_is_guessed_for(llm: StandInLLM, usage: object) -> None:
    text, asked, said = ask(client(llm, content("hi", usage=usage)))
    assert text == "hi"
    assert asked == guessed_tokens(MESSAGES) == 101
    assert said > 0


@pytest.mark.parametrize(
    "answer",
    [
        content("a", finish="length"),
        content("a", finish="content_filter"),
        content(None, refusal="no"),
        content("  "),
    ],
)
def test_an_answer_that_is_no_use_still_cost(llm: StandInLLM, answer: Answer) -> None:
    times = 2 if b'"length"' in answer.body else 1  # it is asked once more, with more room
    assert ask(client(llm, answer)) == (None, 100 * times, 20 * times)


def test_what_a_server_does_not_know_is_logged_once(llm: StandInLLM, caplog: pytest.LogCaptureFixture) -> None:
    def picky(asked: dict[str, Any]) -> Answer:
        for name in ("store", "response_format", "max_tokens"):
            if name in asked:
                return error(400, f"unknown: {name}")
        return content("hi")

    asker = client(llm, picky)
    with caplog.at_level(logging.INFO, "bot"):
        ask(asker)
        ask(asker)
    assert len(llm.requests) == 5
    assert set(llm.requests[-1]) == {"model", "messages", "max_completion_tokens"}
    assert [r.left_out for r in caplog.records] == [["max_tokens", "response_format", "store"]]  # type: ignore[attr-defined]  # given as extra


def test_a_refusal_of_something_else_teaches_nothing(llm: StandInLLM) -> None:
    asker = client(llm, error(400, "too many words"), error(400, "too many words"), content("hi"))
    assert reason(asker) == "llm_unavailable"
    assert ask(asker)[0] == "hi"
    assert "response_format" in llm.requests[-1]


@pytest.mark.parametrize("seconds", [-60, 3600], ids=["past", "in-an-hour"])
def test_retry_after_as_a_date(llm: StandInLLM, seconds: int) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    asker = client(llm, error(429, retry_after=at), content("hi"))
    if seconds < 0:
        assert ask(asker)[0] == "hi"
    else:
        assert reason(asker) == "llm_unavailable"
        assert len(llm.requests) == 1


@pytest.mark.parametrize("told", ["soon", "nan", "", "99999999999999999999999999"])
def test_retry_after_that_says_nothing_of_use(llm: StandInLLM, told: str) -> None:
    asker = client(llm, error(503, retry_after=told), content("hi"))
    if told.startswith("9"):
        assert reason(asker) == "llm_unavailable"
    else:
        assert ask(asker)[0] == "hi"


def test_after_failures_nobody_is_asked_until_it_is_back(llm: StandInLLM) -> None:
    now = [0.0]
    asker = client(llm, error(500), retries=0, breaker=Breaker(failures=2, pause_s=30, clock=lambda: now[0]))
    assert [reason(asker) for _ in range(4)] == ["llm_unavailable"] * 4
    assert len(llm.requests) == 2
    llm.answer_with(content("hi"))
    now[0] = 30
    assert ask(asker)[0] == "hi"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (models("model-1", "model-2"), []),
        (models("model-1:latest"), []),
        (models(), []),
        (error(404), []),
        (error(405), []),
        (error(501), []),
        (Answer(body=b"<html>"), []),
        (Answer(body=b'{"data": 5}'), []),
        (Answer(body=b'{"data": ["model-1", {"id": "model-1"}]}'), []),
        (error(401), ["llm_refused_key"]),
        (error(403), ["llm_refused_key"]),
        (error(503), ["llm_unavailable"]),
        (models("model-2"), ["llm_unknown_model"]),
    ],
)
def test_a_look_before_the_start(
    llm: StandInLLM, caplog: pytest.LogCaptureFixture, answer: Answer, said: list[str]
) -> None:
    llm.list_models(answer)
    with caplog.at_level(logging.INFO, "bot"):
        client(llm).probe()
    assert [record.code for record in caplog.records] == said  # type: ignore[attr-defined]  # given as extra
    assert llm.requests == []
    assert llm.probes == 1


def test_a_look_where_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    with StandInLLM() as gone:
        pass
    with caplog.at_level(logging.INFO, "bot"):
        client(gone).probe()
    assert [record.code for record in caplog.records] == ["llm_unavailable"]  # type: ignore[attr-defined]  # as above
    assert "OPENAI_BASE_URL" in caplog.text


def test_a_model_that_thinks_first_gets_more_room_once_it_was_cut_short(
    llm: StandInLLM, caplog: pytest.LogCaptureFixture
) -> None:
    def thinks(asked: dict[str, Any]) -> Answer:
        return content("hi") if asked["max_tokens"] >= ROOMY else content("", finish="length")

    asker = client(llm, thinks)
    with caplog.at_level(logging.INFO, "bot"):
        assert ask(asker) == ("hi", 200, 40)
        assert ask(asker) == ("hi", 100, 20)
    assert [asked["max_tokens"] for asked in llm.requests] == [50, ROOMY, ROOMY]
    assert asker.room(50) == ROOMY
    assert [record.message for record in caplog.records if "cut short" in record.message] == [
        "language model was cut short: its answers get more room"
    ]


def test_a_model_that_never_ends_is_cut_short_twice_and_no_more(llm: StandInLLM) -> None:
    assert ask(client(llm, content("a", finish="length")))[0] is None
    assert len(llm.requests) == 2


@pytest.mark.parametrize("status", [404, 415, 500, 501])
def test_a_server_that_fails_over_a_schema_is_asked_without(llm: StandInLLM, status: int) -> None:
    def picky(asked: dict[str, Any]) -> Answer:
        return error(status, "json_schema is not supported") if "response_format" in asked else content("hi")

    assert ask(client(llm, picky))[0] == "hi"
    assert ["response_format" in asked for asked in llm.requests] == [True, False]


def test_a_failure_that_names_something_else_by_chance_is_a_failure(llm: StandInLLM) -> None:
    assert reason(client(llm, error(500, "could not store it"), retries=0)) == "llm_unavailable"
    assert len(llm.requests) == 1


def test_words_in_parts(llm: StandInLLM) -> None:
    parts: Any = [{"type": "text", "text": "h"}, {"type": "image"}, "x", {"type": "text", "text": "i"}]
    assert ask(client(llm, content(parts)))[0] == "hi"

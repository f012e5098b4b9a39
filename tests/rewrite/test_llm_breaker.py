"""The circuit breaker: pauses, one trial at a time, recovery, each said once."""

import logging
import threading

import pytest

from bot.models import FallbackReason
from bot.rewrite.breaker import Breaker
from bot.rewrite.failure import WriterError


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, pause_s=10, clock=clock)


def fail(breaker: Breaker, reason: FallbackReason = "llm_unavailable", times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(WriterError), breaker.call():
            raise WriterError(reason)


def blocked(breaker: Breaker) -> FallbackReason | None:
    try:
        with breaker.call():
            return None
    except WriterError as error:
        return error.reason


def test_after_failures_in_a_row_nothing_is_asked_and_the_reason_is_told(breaker: Breaker) -> None:
    fail(breaker, times=2)
    fail(breaker, "llm_timeout")
    assert blocked(breaker) == "llm_timeout"


def test_a_success_between_starts_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, times=2)
    assert blocked(breaker) is None
    fail(breaker, times=2)
    assert blocked(breaker) is None


def test_a_poor_answer_is_no_failure(breaker: Breaker) -> None:
    fail(breaker, "llm_bad_output", times=9)
    assert blocked(breaker) is None


def test_after_the_pause_one_call_tries_and_the_others_wait(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, times=3)
    clock.now = 10
    with breaker.call():
        assert blocked(breaker) == "llm_unavailable"
    assert blocked(breaker) is None


def test_a_trial_that_fails_pauses_again(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, times=3)
    clock.now = 10
    fail(breaker)
    clock.now = 19.9
    assert blocked(breaker) == "llm_unavailable"
    clock.now = 20
    assert blocked(breaker) is None


def test_a_trial_that_breaks_off_lets_the_next_one_try(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, times=3)
    clock.now = 10
    with pytest.raises(KeyError), breaker.call():
        raise KeyError
    assert blocked(breaker) is None


def test_a_late_answer_from_before_the_pause_decides_nothing(breaker: Breaker) -> None:
    with breaker.call():
        fail(breaker, times=3)
    assert blocked(breaker) == "llm_unavailable"


def test_each_thing_is_logged_once(breaker: Breaker, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        fail(breaker, times=3)
        clock.now = 10
        fail(breaker)
        fail(breaker, "llm_refused_key")
        clock.now = 30
        assert blocked(breaker) is None
        assert blocked(breaker) is None
    assert [r.getMessage().split(":")[0] for r in caplog.records] == [
        "language model in trouble",
        "language model left alone for a while, rules write",
        "language model answers again",
    ]


def test_many_threads_and_one_trial(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, times=3)
    clock.now = 10
    all_in, hold = threading.Barrier(8), threading.Event()
    entered: list[bool] = []

    def run() -> None:
        all_in.wait()
        try:
            with breaker.call():
                entered.append(True)
                hold.wait(30)
        except WriterError:
            entered.append(False)
            if entered.count(False) == 7:
                hold.set()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(entered) == [False] * 7 + [True]

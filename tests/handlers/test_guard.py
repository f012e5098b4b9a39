"""The memory of signatures; the guard itself over real HTTP in tests/e2e/test_guard.py."""

import pytest
from slack_bolt import BoltResponse

from bot.store.sqlite import SqliteStore
from handlers import guard
from handlers.guard import MAX_SEEN, WINDOW_S, Seen, once


class Time:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def signature(number: int) -> str:
    return f"v0={number:032x}{0:032x}"


def test_answered_once_is_answered_for_the_whole_window() -> None:
    now = Time()
    seen = Seen(now)
    assert seen.take(signature(1), 1_000) == "new"
    seen.done(signature(1), ok=True)
    now.at += WINDOW_S
    assert seen.take(signature(1), 1_000) == "answered"
    assert seen.take(signature(2), 1_000) == "new"


def test_a_signature_from_the_future_is_remembered_as_long_as_it_is_good() -> None:
    now = Time()
    seen = Seen(now)
    seen.take(signature(1), 1_000 + WINDOW_S)
    seen.done(signature(1), ok=True)
    now.at += 2 * WINDOW_S
    assert seen.take(signature(1), 1_000 + WINDOW_S) == "answered"


def test_what_was_not_answered_well_may_come_again() -> None:
    seen = Seen(Time())
    assert seen.take(signature(1), 1_000) == "new"
    assert seen.take(signature(1), 1_000) == "working"
    seen.done(signature(1), ok=False)
    assert seen.take(signature(1), 1_000) == "new"


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_SEEN", 100)
    seen = Seen(Time())
    for number in range(1_000):
        seen.take(signature(number), 1_000)
    assert len(seen._until) <= 100
    assert MAX_SEEN * 150 < 20_000_000  # bytes, roughly


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "", "application/jsonx"])
def test_another_content_type_does_not_let_a_command_in_twice(store: SqliteStore, kind: str) -> None:
    """The signature does not cover the headers, and what is no JSON is read as a form."""
    headers = {"content-type": [kind], "x-slack-signature": [signature(1)]}
    codes = [once(store, headers, lambda: BoltResponse(status=200)).status for _ in range(2)]
    assert codes == [200, 403]


def test_events_are_not_written_down_for_it(store: SqliteStore) -> None:
    headers = {"content-type": ["application/json; charset=utf-8"], "x-slack-signature": [signature(1)]}
    assert [once(store, headers, lambda: BoltResponse(status=200)).status for _ in range(2)] == [200, 200]

"""A calendar's summary stays within Slack's limits and pings nobody, whatever the file held."""

import json
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import words_calendar as words
from bot.calendar.notes import Note, Summary
from bot.models import Mix, Verdict
from bot.playground.blocks import problems
from bot.rules import load_rules
from handlers.views.calendar import calendar_message
from tests.handlers.test_surfaces import pings
from tests.handlers.test_views import NASTY

LABELS = st.sampled_from([info.label for info in load_rules().rules() if not info.praise])
NOTES = st.builds(
    Note,
    number=st.integers(1, 10**6),
    verdict=st.sampled_from(get_args(Verdict)),
    score=st.integers(0, 100),
    flags=st.lists(LABELS, max_size=3).map(tuple),
    question=NASTY,
    rewrite=NASTY,
)
SUMMARIES = st.builds(
    Summary,
    rows=st.booleans(),
    drafts=st.integers(0, 500),
    human=st.integers(0, 500),
    look=st.integers(0, 500),
    habits=st.lists(st.tuples(LABELS, st.integers(1, 500)), max_size=3).map(tuple),
    mix=st.lists(st.tuples(st.sampled_from(get_args(Mix)), st.integers(1, 500)), max_size=7).map(tuple),
    first=st.lists(NOTES, max_size=3).map(tuple),
    unread=st.integers(0, 500),
    rest=st.integers(0, 10**6),
    column=NASTY,
    others=st.integers(0, 2),
    private=st.booleans(),
    no_file=st.sampled_from(["", "missing_scope"]),
)


@settings(deadline=None, max_examples=60)
@given(summary=SUMMARIES)
def test_any_summary(summary: Summary) -> None:
    message = calendar_message(summary)
    assert problems(message.blocks) == []
    assert pings(message.blocks) == []


@settings(deadline=None, max_examples=20)
@given(first=NOTES)
def test_one_draft_is_said_as_one(first: Note) -> None:
    message = calendar_message(Summary(drafts=1, look=1, first=(first,)))
    assert message.text.startswith("I read one draft.")


def test_no_word_of_a_draft_is_shown() -> None:
    note = Note(number=7, verdict="robotic", score=3, question="zanzibar?", rewrite="quokka")
    shown = json.dumps(calendar_message(Summary(drafts=2, look=2, first=(note, note))).blocks)
    assert "row 7 (robotic)" in shown
    assert "quokka" not in shown
    assert "zanzibar" not in shown


def test_what_could_not_be_read_is_said() -> None:
    assert calendar_message(Summary(unread=2)).text == words.READ_NONE

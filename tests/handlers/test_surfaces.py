"""Every view of every surface stays within Slack's limits, whatever it is made of, and pings nobody."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning import MIN_SHOWN, RuleFigures, noisy
from bot.models import Network, Verdict
from bot.playground.blocks import check_view, problems
from bot.rules import load_rules
from bot.store.choices import Choices
from bot.store.personal import Mark
from handlers.messages import text_of
from handlers.views import compose, home, listening, modals, proposal, rules
from handlers.views import settings as settings_view
from tests.handlers.test_views import NASTY, answers

RULES = load_rules()
IDS = [info.id for info in RULES.rules() if not info.praise]
NETWORKS: list[Network | None] = [None, "x", "linkedin", "blog"]
VERDICTS: list[Verdict] = ["human", "mixed", "robotic", "megaphone", "auto_dm"]


def pings(view: Any) -> list[str]:
    """Whatever in a view's mrkdwn would notify somebody or lead somewhere, but for the people the bot itself names."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "mrkdwn":
                found.extend(re.findall(r"<!|<http", node["text"]))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(view)
    return found


@settings(max_examples=150, deadline=None)
@given(answer=answers())
def test_the_modal_with_an_answer(answer: Any) -> None:
    view = compose.result(answer, "a_1")
    check_view(view)
    assert pings(view) == []


@given(channel=st.text(max_size=20), host=st.sampled_from([None, "llm.example", "x" * 250]), draft=NASTY)
def test_the_form(channel: str, host: str | None, draft: str) -> None:
    check_view(compose.compose(channel, host, draft))


@pytest.mark.parametrize(
    "view", [compose.loading("a_1"), compose.said("A word.", "a_1"), settings_view.said("A word.")]
)
def test_small_modals(view: Any) -> None:
    check_view(view)


@settings(deadline=None)
@given(
    network=st.sampled_from(NETWORKS),
    private=st.booleans(),
    keep=st.lists(NASTY, max_size=60),
    strictness=st.sampled_from(["gentle", "usual", "strict"]),
    muted=st.sets(st.sampled_from([*IDS, "Gone.Rule"])),
    llm=st.sampled_from([None, ("llm.example", True), ("y" * 300, False)]),
    team=st.sampled_from([None, (), ("Acme", "#acme")]),
)
def test_the_settings(
    network: Any, private: bool, keep: list[str], strictness: Any, muted: set[str], llm: Any, team: Any
) -> None:
    choices = Choices(
        team="T1", channel="C1", network=network, private=private, must_keep=tuple(keep), strictness=strictness
    )
    view = settings_view.form(choices, muted, RULES.rules(), llm=llm, team_keep=team)
    check_view(view)


def test_what_was_chosen_comes_back_as_it_was() -> None:
    choices = Choices(team="T1", channel="C1", network="x", private=True, must_keep=("Acme",), strictness="strict")
    view = settings_view.form(choices, {IDS[0]}, RULES.rules(), llm=("llm.example", False), team_keep=("#acme",))
    chosen = settings_view.chosen(_untouched(view))
    assert chosen == settings_view.Chosen(
        private=True,
        network="x",
        strictness="strict",
        keep=("Acme",),
        keep_team=("#acme",),
        llm=False,
        rules_off=frozenset({IDS[0]}),
    )
    assert settings_view.wrong_with(chosen) == {}


def test_lists_that_are_too_long_are_refused_by_field() -> None:
    chosen = settings_view.Chosen(False, None, "usual", ("w" * 81,), tuple(map(str, range(51))), None, frozenset())
    assert set(settings_view.wrong_with(chosen)) == {settings_view.KEEP, settings_view.KEEP_TEAM}


@settings(deadline=None)
@given(
    scores=st.lists(st.integers(0, 100), max_size=20),
    team=st.lists(st.just("A line about the week."), max_size=3),
    places=st.integers(0, 40),
    proposed=st.integers(0, 8),
    may=st.sampled_from(["", "<@U0ADA>"]),
)
def test_the_home_tab(scores: list[int], team: list[str], places: int, proposed: int, may: str) -> None:
    marks = tuple(
        Mark(draft_id=f"d_{n}", channel="C1", ts="1.0", verdict=VERDICTS[n % 5], score=score, at="2026-01-01")
        for n, score in enumerate(scores)
    )
    figures = tuple(RuleFigures(rule=IDS[n], shown=40, useless=9, people=4) for n in range(proposed))
    where = tuple(home.Place(f"C{n}", figures if n == 0 else ()) for n in range(places))
    view = home.home(home.Home(marks=marks, team=tuple(team), places=where, may=may))
    check_view(view, "home")
    assert pings(view) == []


def test_the_home_tab_says_that_only_its_reader_sees_it_and_holds_no_leaderboard() -> None:
    marks = tuple(
        Mark(draft_id=f"d_{n}", channel="C1", ts="1.0", verdict="mixed", score=80 - 10 * n, at="x") for n in range(8)
    )
    text = json.dumps(home.home(home.Home(marks=marks, team=(), places=(), may="")))
    assert "Only you see this" in text
    assert "more than you did: 25 before, 65 now" in text


@given(muted=st.sets(st.sampled_from(IDS)))
@settings(max_examples=20, deadline=None)
def test_the_list_of_rules(muted: set[str]) -> None:
    message = rules.listed(RULES.rules(), muted)
    assert problems(message.blocks) == []
    shown = json.dumps(message.blocks)
    assert all(rule in shown for rule in IDS)


def test_small_messages() -> None:
    figures = RuleFigures(rule="Megaphone.Hashtags", shown=40, useless=9, people=4)
    assert problems(proposal.proposal(figures).blocks) == []
    assert "9 of 40 times, by 4 people" in proposal.proposal(figures).text
    assert problems(listening.line("d_1")) == []
    assert listening.draft_of(listening.line("d_1")[1]["block_id"]) == "d_1"
    for info in RULES.rules():
        check_view(modals.rule_card(info))


@pytest.mark.parametrize(
    ("shown", "useless", "people", "proposed"),
    [
        (MIN_SHOWN, 3, 3, True),
        (MIN_SHOWN - 1, 9, 9, False),
        (MIN_SHOWN, 2, 2, False),
        (40, 4, 4, False),
        (40, 5, 2, False),
        (0, 0, 0, False),
    ],
)
def test_when_a_rule_is_proposed_for_muting(shown: int, useless: int, people: int, proposed: bool) -> None:
    figures = RuleFigures(rule="A.B", shown=shown, useless=useless, people=people)
    assert (noisy([figures]) == [figures]) is proposed


def _rich(*elements: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"text": "", "blocks": [{"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}]}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"text": "as it is"}, "as it is"),
        (_rich({"type": "text", "text": "a <b> & c", "style": {"bold": True}}), "a &lt;b&gt; &amp; c"),
        (_rich({"type": "link", "url": "https://example.com", "text": "here"}), "<https://example.com|here>"),
        (_rich({"type": "user", "user_id": "U1"}, {"type": "emoji", "name": "tada"}), "<@U1>:tada:"),
        (_rich({"type": "text", "text": "code"}, kind="rich_text_preformatted"), "code"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "a section"}}]}, "a section"),
        ({"text": "", "attachments": [{"text": "shared"}]}, "shared"),
        ({}, ""),
        ({"text": None, "blocks": "odd", "attachments": [3]}, ""),
    ],
)
def test_the_words_of_a_message_are_found_wherever_they_stand(message: dict[str, Any], text: str) -> None:
    assert text_of(message) == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "text", "blocks", "elements", "attachments", "url", "name"]), inner, max_size=4
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=200)
@given(message=st.dictionaries(st.sampled_from(["text", "blocks", "attachments"]), JSON))
def test_any_message_is_read_without_an_error(message: dict[str, Any]) -> None:
    assert isinstance(text_of(message), str)


def _untouched(view: dict[str, Any]) -> dict[str, Any]:
    """The state of a form that nobody touched, as Slack sends it."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block["element"]
        state[block["block_id"]] = {
            element["action_id"]: {
                "value": element.get("initial_value"),
                "selected_option": element.get("initial_option"),
                "selected_options": element.get("initial_options", []),
            }
        }
    return state

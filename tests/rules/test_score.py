"""The score and the verdict: what a reader feels first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Context
from bot.rules import RuleSet, load_rules
from bot.rules.counts import NAMES
from bot.rules.score import fitted, judge

RULES = load_rules()
FIRED = st.lists(
    st.tuples(st.sampled_from(RULES.rules()), st.integers(1, 9)), max_size=12, unique_by=lambda one: one[0].id
)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("We are thrilled to announce our award-winning platform.", "robotic"),
        ("Doors open tonight, register now: https://a.example #party", "megaphone"),
        ("Hi {first_name}, thanks for connecting! Check out my latest course.", "auto_dm"),
        ("I broke the export on Friday. Sorry, Ruth. Which report did you need first?", "human"),
        ("", "human"),
    ],
)
def test_verdicts(rules: RuleSet, text: str, verdict: str) -> None:
    assert rules.review(text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "mix"),
    [
        ("Thanks to Ruth for the long bug report.", "thanks"),
        ("Hi Tom, the box left on Monday.", "reply"),
        ("RT @sam A long read on night trains", "sharing_others"),
        ("Register now: https://a.example", "own_promotion"),
        ("Which bridge did you cross first?", "question"),
        ("We moved the shop to the other side of the river.", "news"),
        ("I walked home in the rain.", "story"),
    ],
)
def test_mix(rules: RuleSet, text: str, mix: str) -> None:
    assert rules.review(text).mix == mix


def test_talking_with_scores_above_talking_at(rules: RuleSet) -> None:
    drafts = [
        "I broke the export on Friday, sorry Ruth. Which report did you need first?",
        "The export is back.",
        "The export is back: https://a.example #export #news #data",
        "BIG NEWS! We are thrilled to announce our award-winning export. Sign up now: https://a.example #a #b #c",
    ]
    scores = [rules.review(draft).score for draft in drafts]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 80
    assert scores[-1] < 15


def test_a_canned_answer_ranks_above_a_broadcast_and_stays_canned(rules: RuleSet) -> None:
    canned = rules.review("Hi Ruth! We apologize for any inconvenience. Please send us a DM so we can assist you.")
    broadcast = rules.review("The mill has opened three new shops in the north of the country: https://a.example")
    warm = rules.review("Hi Ruth! So glad the loaf came out well. Which flour did you use?")
    assert canned.verdict == "robotic"
    assert broadcast.score < canned.score < warm.score


def test_an_order_in_an_auto_dm_is_part_of_the_auto_dm(rules: RuleSet) -> None:
    review = rules.review("Thanks for following! Register now: https://a.example")
    assert review.categories.megaphone > review.categories.auto_dm
    assert review.verdict == "auto_dm"


def test_a_question_over_a_link_is_a_way_in(rules: RuleSet) -> None:
    post = "The valley has three old mills, and one still turns: https://a.example"
    assert "Megaphone.LinkWithNoWayIn" in rules.fired(post)
    assert "Megaphone.LinkWithNoWayIn" not in rules.fired(f"Which mill did you visit as a child? {post}")


def test_weights_are_of_rules_and_counts_and_never_turn_a_sign_round() -> None:
    weights = fitted()
    assert weights.rules.keys() <= {info.id for info in RULES.rules()}
    assert {name for name, _ in (*weights.adds, *weights.takes)} <= NAMES
    assert min((*weights.rules.values(), *(weight for _, weight in (*weights.adds, *weights.takes)))) >= 0


def test_a_rule_without_a_fitted_weight_has_its_own(rules: RuleSet) -> None:
    info = replace(rules.rule("Megaphone.Deal"), id="House.Deal", weight=3.0, cost=0.5)
    assert fitted().of(info) == pytest.approx(0.75)
    assert fitted().of(replace(info, category=None)) == pytest.approx(1.05)


def test_warmth_does_not_mend_an_auto_dm(rules: RuleSet) -> None:
    cold = rules.review("Thanks for following!", Context(network="dm"))
    warm = rules.review(
        "Thanks for following! Great work, well done. Which part did you like best?", Context(network="dm")
    )
    assert "Human.Warmth" in rules.fired(warm.text)
    assert warm.verdict == "auto_dm"
    assert warm.score <= cold.score


@given(FIRED, st.randoms(use_true_random=False))
def test_the_order_in_which_rules_fired_changes_nothing(fired: list, chance) -> None:  # type: ignore[type-arg, no-untyped-def]  # hypothesis' types
    shuffled = list(fired)
    chance.shuffle(shuffled)
    assert judge(shuffled) == judge(fired)


@given(FIRED, st.data())
def test_a_flag_more_never_helps(fired: list, data: st.DataObject) -> None:  # type: ignore[type-arg]  # hypothesis' types
    taken = {info.id for info, _ in fired}
    more = data.draw(st.sampled_from([info for info in RULES.rules() if not info.praise and info.id not in taken]))
    before, after = judge(fired), judge([*fired, (more, 1)])
    assert after.score <= before.score
    assert getattr(after.categories, str(more.category)) > getattr(before.categories, str(more.category))
    assert after.verdict != "human"

"""What a writer switches off in the draft itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach import Coach
from bot.models import Context
from bot.rules import RuleSet
from bot.rules.optout import read, without_marks

LOUD = "BIG NEWS! Sign up now at https://shop.example #sale #deal #now"
LATER = "Last chance, sign up today at https://shop.example"


def rules_of(rules: RuleSet, text: str) -> set[str]:
    review = rules.review(text)
    for flag in review.flags:
        assert review.text[flag.start : flag.end] == flag.match
    return {flag.rule for flag in review.flags}


@pytest.mark.parametrize(
    "text",
    [
        f"humanize: off\n{LOUD}",
        f"{LOUD}\nhumanize: off",
        f"{LOUD}\r\n  Humanise: OFF \r\n",
        f"<!-- humanize: off -->{LOUD}",
        f"{LOUD} <!--humanize:off-->",
        f"humanize: off\n{LOUD}\nhumanize: on",
    ],
)
def test_off_leaves_the_whole_text_alone(rules: RuleSet, text: str) -> None:
    review = rules.review(text)
    assert (review.verdict, review.flags, review.praise, review.is_draft) == ("human", (), (), True)
    assert not rules.review(f"Draft: {text}", Context(as_channel=True)).flags


def test_off_is_silence_in_a_channel_whatever_the_mark(rules: RuleSet) -> None:
    for text in (f"{LOUD}\nhumanize: off", f"LinkedIn: {LOUD}\nhumanize: off", f"humanize: off\n{LOUD}"):
        assert not rules.is_draft(text, Context(as_channel=True))


def test_what_stands_between_off_and_on_is_not_read(rules: RuleSet) -> None:
    review = rules.review(f"humanize: off\n{LOUD}\nhumanize: on\n{LATER}")
    assert review.flags
    assert all(flag.start > review.text.index("humanize: on") for flag in review.flags)


def test_one_rule_is_silent_and_the_others_speak(rules: RuleSet) -> None:
    all_rules = rules_of(rules, LOUD)
    assert {"Megaphone.Hashtags", "Megaphone.CallToAct"} <= all_rules
    assert rules_of(rules, f"{LOUD}\nhumanize: off Megaphone.Hashtags") == all_rules - {"Megaphone.Hashtags"}
    assert rules_of(rules, f"<!-- humanize: off Megaphone.Hashtags, Megaphone.CallToAct -->\n{LOUD}") == all_rules - {
        "Megaphone.Hashtags", "Megaphone.CallToAct",
    }  # fmt: skip


def test_a_style_is_silent_until_it_is_on_again(rules: RuleSet) -> None:
    text = f"<!-- humanize: off Megaphone -->\n{LOUD}\n<!-- humanize: on Megaphone -->\n{LATER}"
    flags = rules.review(text).flags
    assert flags
    assert all(flag.start > text.index("on Megaphone") for flag in flags)


def test_a_rule_that_is_off_does_not_weigh(rules: RuleSet) -> None:
    assert rules.review(f"{LOUD}\nhumanize: off Megaphone").score > rules.review(LOUD).score


@pytest.mark.parametrize(
    "text",
    [
        f"{LOUD} humanize: off",
        f"humanize: off the record\n{LOUD}",
        f"humanize: offline\n{LOUD}",
        f"How to humanize: off we go\n{LOUD}",
        f"humanize: off Megaphone.NoSuchRule\n{LOUD}",
        f"humanize: on\n{LOUD}",
    ],
)
def test_other_words_switch_nothing_off(rules: RuleSet, text: str) -> None:
    assert "Megaphone.CallToAct" in rules_of(rules, text)


MARKS = st.sampled_from(
    ["humanize: off", "humanize: on", "humanise: OFF Robotic", "\n", "<!-- ", " -->", "#a #b #c", "Sign up now", "é"]
)


@given(st.lists(st.one_of(MARKS, st.text(max_size=5)), max_size=12).map(" ".join))
def test_any_marks_leave_the_offsets_right(text: str) -> None:
    found = read(text)
    assert found is None or len(found.text) == len(text)


@given(st.lists(st.one_of(MARKS, st.text(max_size=5)), max_size=12).map("\n".join))
def test_reviews_stay_right_with_any_marks(rules: RuleSet, text: str) -> None:
    rules_of(rules, text)


@given(st.lists(st.one_of(MARKS, st.text(max_size=5)), max_size=12).map("\n".join))
def test_without_marks_every_character_keeps_its_place(text: str) -> None:
    bare = without_marks(text)
    assert len(bare) == len(text)
    assert read(bare) is None or bare == text


def test_a_rewrite_holds_no_mark(rules: RuleSet) -> None:
    coach = Coach(rules)
    for text in (f"{LOUD}\nhumanize: off Megaphone.Hashtags", f"<!-- humanize: off Megaphone.Hashtags -->\n{LOUD}"):
        suggestion = coach.rewrite(coach.review(text))
        for rewrite in suggestion.rewrites:
            told = " ".join((rewrite.text, *rewrite.kept, *rewrite.dropped)).lower()
            assert "humanize" not in told
            assert "<!--" not in told

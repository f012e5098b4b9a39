"""Praise is true, or it is not said."""

import pytest

from bot.rules import RuleSet


def praised(rules: RuleSet, text: str) -> set[str]:
    return {sign.rule for sign in rules.review(text).praise}


@pytest.mark.parametrize(
    "text",
    [
        "Hi {first_name}! Thanks for following! Grab our ebook",
        "Hope this finds you well. We help companies like yours leverage AI. Do you have 30 minutes on Thursday?",
        "Hey Ana, love your page! I noticed you work in retail. Would you be open to a quick chat? I'm here all week.",
    ],
)
def test_a_warm_auto_dm_is_not_praised(rules: RuleSet, text: str) -> None:
    review = rules.review(text)
    assert review.verdict == "auto_dm"
    assert review.praise == ()


def test_words_that_are_flagged_are_not_praised(rules: RuleSet) -> None:
    review = rules.review("Thank you for your patience. I moved the parcel myself, and thanks for asking, Jo.")
    assert [flag.rule for flag in review.flags] == ["Robotic.AnyInconvenience"]
    flag = review.flags[0]
    assert all(sign.end <= flag.start or flag.end <= sign.start for sign in review.praise)


def test_a_canned_apology_owns_up_to_nothing(rules: RuleSet) -> None:
    canned = "We're so sorry to hear about your experience. Please contact our customer care team."
    assert "Human.Sorry" in rules.fired(canned)
    assert "Human.Sorry" not in praised(rules, canned)
    assert "Human.Sorry" in praised(rules, "Sorry about the door, Jo. I left it open.")


def test_nobody_asked_so_nothing_is_answered(rules: RuleSet) -> None:
    assert "Human.Answer" not in praised(rules, "If you want to sleep better, we recommend the green tea.")
    assert "Human.Answer" in praised(rules, "Hi Jo, have you tried the other door?")


def test_a_heading_is_nobodys_name(rules: RuleSet) -> None:
    assert "Human.NamedI" not in praised(rules, "Tips here: sleep, walk, read.")
    assert "Human.NamedI" in praised(rules, "Hi, Mia here. I pack the boxes.")

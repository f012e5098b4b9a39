"""What the rules say of themselves: their cases hold, and their own words pass them all."""

import pytest

from bot.rules import RuleInfo, RuleSet, load_rules, run_rule_tests

RULES = load_rules()


def test_every_rule_does_what_its_cases_say(rules: RuleSet) -> None:
    assert run_rule_tests(rules) == []


@pytest.mark.parametrize("info", RULES.rules(), ids=lambda info: info.id)
def test_the_words_of_a_rule_pass_all_rules(rules: RuleSet, info: RuleInfo) -> None:
    for words in (info.why, info.question, info.why_it_matters):
        review = rules.review(words)
        assert (review.verdict, review.flags) == ("human", ()), words
        assert "!" not in words
    assert info.why_it_matters
    assert info.praise or info.question.endswith("?")


@pytest.mark.parametrize("info", RULES.rules(), ids=lambda info: info.id)
def test_the_words_of_a_rule_are_few(info: RuleInfo) -> None:
    assert len(info.why.split()) <= (8 if info.praise else 9)
    assert len(info.question.split()) <= 8 or info.praise
    assert not info.praise or info.why.startswith("You ")
    assert info.why.endswith(".")


@pytest.mark.parametrize("info", RULES.rules(), ids=lambda info: info.id)
def test_every_rule_has_a_label_that_fits_a_list(rules: RuleSet, info: RuleInfo) -> None:
    assert 2 <= len(info.label.split()) <= 6
    assert info.label[0].islower()
    assert not info.label.endswith(".")
    review = rules.review(f"Gone: {info.label}.")
    assert (review.verdict, review.flags, rules.review(info.label).flags) == ("human", (), ())


def test_no_two_rules_say_the_same() -> None:
    for said in ("label", "why", "question"):
        words = [getattr(info, said) for info in RULES.rules() if not (info.praise and said == "question")]
        assert len(set(words)) == len(words), said


def test_the_catalogue_covers_all_four_styles(rules: RuleSet) -> None:
    styles = [info.id.partition(".")[0] for info in rules.rules()]
    assert {style: styles.count(style) >= 10 for style in styles} == dict.fromkeys(
        ("AutoDM", "Human", "Megaphone", "Robotic"), True
    )

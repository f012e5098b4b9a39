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
    assert len(info.why.split()) <= 22


def test_the_catalogue_covers_all_four_styles(rules: RuleSet) -> None:
    styles = [info.id.partition(".")[0] for info in rules.rules()]
    assert {style: styles.count(style) >= 10 for style in styles} == dict.fromkeys(
        ("AutoDM", "Human", "Megaphone", "Robotic"), True
    )

"""The weights of the score: none of them is nothing, and each pulls the way it says."""

from bot.rules import counts, load_rules, score

ADDS = {"greeting", "reply_start", "sign_off", "you", "we", "i", "lower_start", "brief"}
TAKES = {"links", "hashtags", "quotes"}
RULES = {info.id: info for info in load_rules().rules()}


def test_every_weight_is_of_a_rule_and_weighs_something() -> None:
    weights = score.fitted()
    assert set(weights.rules) <= set(RULES)
    assert [rule for rule, weight in weights.rules.items() if weight <= 0] == []


def test_what_is_counted_for_and_against_a_text() -> None:
    weights = score.fitted()
    assert {name for name, _ in weights.adds} == ADDS
    assert {name for name, _ in weights.takes} == TAKES
    assert counts.NAMES >= ADDS | TAKES


def test_each_pulls_the_way_it_says() -> None:
    nothing = score.judge([])
    assert score.judge([], dict.fromkeys(ADDS, 1.0)).score > nothing.score
    assert score.judge([], dict.fromkeys(TAKES, 1.0)).score < nothing.score
    for info in RULES.values():
        alone = score.judge([(info, 1)]).score
        assert alone >= nothing.score if info.praise else alone <= nothing.score

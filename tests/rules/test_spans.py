"""What is quoted back: the telling words, whole, without what hangs loose at their ends."""

import pytest

from bot.rules import RuleSet

QUOTED = [
    ("We are thrilled to announce our new office", "Robotic.ThrilledToAnnounce", "thrilled to announce"),
    ("We apologize for any inconvenience", "Robotic.AnyInconvenience", "apologize for any inconvenience"),
    ("Please come early. Don't miss out!", "Megaphone.HardSell", "Don't miss out"),
    ("Hey Ana! Thanks for following!", "AutoDM.ThanksForFollowing", "Thanks for following"),
    ("New mugs. Nice! #mug #tea #kitchen", "Megaphone.Hashtags", "#mug #tea #kitchen"),
    ("Last chance for the BIGGEST SAVINGS OF THE YEAR!!!", "Megaphone.Shouting", "BIGGEST SAVINGS OF THE YEAR"),
    ("Last chance, dear neighbours! Come now!!! #a", "Megaphone.Exclaiming", "Come now!!!"),
    ("Read more: https://a.example", "Megaphone.CallToAct", "Read more"),
    (
        "Rates go up again as the bank warns that more may foll... https://news.example/1",
        "Megaphone.FromTheFeed",
        "warns that more may foll...",
    ),
    (
        "Nice day. Tired of slow reports? Our engine draws each in a second https://a.example #x",
        "Megaphone.SellingQuestion",
        "Tired of slow reports?",
    ),
]


@pytest.mark.parametrize(("text", "rule", "quoted"), QUOTED, ids=[rule for _, rule, _ in QUOTED])
def test_the_telling_words_are_quoted(rules: RuleSet, text: str, rule: str, quoted: str) -> None:
    matches = [flag.match for flag in rules.review(text).flags if flag.rule == rule]
    assert matches == [quoted]


def test_no_quote_of_a_rules_own_cases_ends_loose(rules: RuleSet) -> None:
    for info in rules.rules():
        for case in info.tests:
            for flag in rules.review(case.input).flags:
                assert flag.match == flag.match.strip(" \n\t,;:"), flag

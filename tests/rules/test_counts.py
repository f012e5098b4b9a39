"""Each thing that is counted: once where it is there, and not where it only looks like it."""

import pytest

from bot.rules import counts


def counted(text: str, network: str | None = None) -> dict[str, float]:
    return counts.prepare(text, network).numbers  # by its module, so that benchmarks/mutations.py can break it


PRESENT = {
    "words": "Bread.",
    "chars": "Bread.",
    "sentences": "Bread.",
    "questions": "Which bread?",
    "exclamations": "Bread!",
    "bangs": "Bread!!",
    "links": "See https://bread.example/rye",
    "hashtags": "Bread #rye",
    "mentions": "ask @ruth",
    "emoji": "Bread \U0001f35e",
    "caps": "AMAZING bread",
    "em_dashes": "Bread \u2014 rye",
    "emoji_bullets": "\U0001f35e rye",
    "list_items": "Bread:\n- rye",
    "greeting": "Hello Ruth, bread?",
    "reply_start": "@ruth it is rye",
    "retweet": "RT @ruth: rye",
    "sign_off": "It is rye. ^Tom",
    "i": "I baked",
    "we": "Our bread",
    "you": "Your bread",
    "numbers": "5 loaves",
    "sentence_spread": "Rye. We baked all of it in the old oven.",
    "reach": "Bread #rye",
    "lower_start": "bread, then",
    "prices": "\u20ac5 a loaf",
    "to_one": "Hello Ruth, bread?",
    "brief": "Bread.",
    "quotes": 'They said "rye" to us',
}


@pytest.mark.parametrize(("name", "text"), PRESENT.items(), ids=PRESENT)
def test_what_is_there_is_counted(name: str, text: str) -> None:
    assert counted(text)[name] > 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hashtags", "order #12, c#minor, https://a.example/#rye"),
        ("mentions", "mail ruth@bread.example"),
        ("links", "e.g. rye, i.e. bread"),
        ("caps", "NASA and HTML"),
        ("em_dashes", "well-known, 5-7"),
        ("emoji", "fish & chips"),
        ("retweet", "ART and SMART"),
        ("reply_start", "ask @ruth"),
        ("greeting", "Highlights of the week"),
        ("prices", "5 loaves for 3"),
        ("questions", "Bread."),
        ("i", "It is in"),
    ],
)
def test_what_only_looks_like_it_is_not(name: str, text: str) -> None:
    assert counted(text)[name] == 0


def test_where_it_goes_is_counted() -> None:
    assert counted("Rye", "dm")["in_dm"] == 1
    assert counted("Rye", "x")["in_dm"] == 0
    assert counted("Rye " * 80, "x")["over_limit"] == 1
    assert counted("Rye " * 80, "linkedin")["over_limit"] == 0


def test_reading_grade_needs_forty_words() -> None:
    long = "Organisational transformation necessitates comprehensive interdepartmental communication. " * 8
    assert counted(long)["grade"] > 20
    assert counted("Comprehensive communication.")["grade"] == 0


def test_what_people_write_with_care_is_counted() -> None:
    assert counted("Our colleague Tom passed away on Sunday.")["sensitive"] == 1
    assert counted("Our oven is warm.")["sensitive"] == 0

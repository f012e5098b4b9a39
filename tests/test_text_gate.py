"""The gate leaves out patterns that can't match, and never one that does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rewrite.kinds import _PATTERNS as _KINDS
from bot.rewrite.mend import _edits
from bot.text import Gate
from bot.text.gate import _without_looks

PATTERNS = [
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"(?<!\w)sign up(?= now\b)", re.I),
        (r"\bkiosk?s\b", re.I),
        (r"in (?!the)\w+", 0),
        (r"(?>so|very) (big|small)", re.I),
        (r"^\W*(?:hi|hey)\b", re.I),
        (r"(?P<who>we) .* (?P=who)", re.I),
        (r"[(]x++y", 0),
        (r"", 0),
        (r"\d\d:\d\d", 0),
    )
]
WORDS = [
    "sign up",
    "now",
    "kiosks",
    "\u212aios\u017f",
    "\u0130n",
    "\u0131n here",
    "so big",
    "VERY small",
    "hey",
    "we say we",
    "(xxy",
    "10:30",
    "🚀",
    "\ud800",
    ".",
]
USED = [p for p, _ in (*_edits().cut, *_edits().swap)] + [p for _, p in _KINDS]
SAID = [
    "We are so proud to say",
    "learn more",
    "today!",
    "click here",
    "don't miss out",
    "game-changing",
    "and",
    ": 5 tips",
    "DM us",
    "launches",
    "a new report",
    "–",
    "join us for",
    ".",
]


def matching(patterns: list[re.Pattern[str]], text: str) -> list[int]:
    return [number for number, pattern in enumerate(patterns) if pattern.search(text)]


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.text(max_size=40))
def test_what_matches_is_possible(text: str) -> None:
    assert set(matching(PATTERNS, text)) <= set(Gate(PATTERNS).possible(text))


USED_GATE = Gate(USED)


@given(st.lists(st.sampled_from(SAID), max_size=8).map(" ".join))
def test_what_matches_of_the_patterns_in_use_is_possible(text: str) -> None:
    assert set(matching(USED, text)) <= set(USED_GATE.possible(text))


def test_what_holds_none_of_its_words_is_left_out() -> None:
    gate = Gate([re.compile("sign(?=s|ed)", re.I), re.compile("thrilled"), re.compile(r"(?P<a>b)(?P=a)")])
    assert gate.possible("Nobody signed.") == [0, 2]
    assert gate.possible("Nobody.") == [2]
    assert Gate([]).possible("anything") == []


@given(st.lists(st.sampled_from(SAID), max_size=8).map(" ".join))
def test_edits_come_out_as_if_each_were_tried(text: str) -> None:
    swaps = _edits().swap
    plain = text
    for pattern, swapped in swaps:
        plain = pattern.sub(swapped, plain)
    gate = Gate(pattern for pattern, _ in swaps)
    assert gate.edited(text, lambda number, said: swaps[number][0].sub(swaps[number][1], said)) == plain


def test_an_edit_may_make_room_for_a_later_one() -> None:
    patterns = [re.compile("very "), re.compile("so good")]
    assert Gate(patterns).edited("so very good", lambda number, said: patterns[number].sub("", said)) == ""


@pytest.mark.parametrize(
    ("pattern", "plainer"),
    [
        (r"(?<![\w(])a(?=\))b(?!c(d)e)f", "abf"),
        (r"[(]x(?>a|b)++c", "[(]x(?:a|b)+c"),
        (r"\(a(?:b|(?=c))d", r"\(a(?:b|)d"),
        (r"(?=a(?!b)c)d", "d"),
        (r"a*+b?+c{2}+", "a*b?c{2}"),
        (r"[^])(?=]x", "[^])(?=]x"),
    ],
)
def test_what_re2_does_not_know_is_left_out_of_a_pattern(pattern: str, plainer: str) -> None:
    assert _without_looks(pattern) == plainer

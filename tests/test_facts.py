"""Facts: what is found, where, and in which normal form."""

import itertools
import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import Facts, facts, find, names, of_facts, reading_once
from bot.facts.patterns import patterns

PIECES = [
    "Flowdesk 2.0",
    "May 14",
    "3pm CET",
    "$1,200",
    "10x",
    "40 %",
    "https://a.example/x?utm_source=dm",
    "acme.example",
    "@jo",
    "#CX",
    "{first_name}",
    "[Company]",
    "help@acme.example",
    "+44 20 7946 0000",
    "“said so”",
    '"',
    "(",
    ")",
    "…",
    "\u200b",
    "\u0430",
    "٣٤",
    "½",
    "①",
    "T&Cs apply",
    "\n",
    " ",
    "İ",
    "ß",
    "🚀",
    "\ud800",
    "5 million",
    "twenty five",
    "two",
    "24/7",
    "http://",
    "@",
    "#",
    "{",
    "%A%",
]


def found(text: str, kind: str) -> list[tuple[str, str]]:
    return [(f.text, f.norm) for f in facts(text) if f.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Try Flowdesk 2.0 now", "name", [("Flowdesk 2.0", "flowdesk 2.0")]),
        ("We met Ada Lovelace in New York.", "name", [("Ada Lovelace", "ada lovelace"), ("New York", "new york")]),
        ("What Everyone Should Know About Budgets", "name", []),
        ("We saved 1,200 hours", "number", [("1,200 hours", "1200 hour")]),
        (
            "It is 10x better for 40% of five hundred teams",
            "number",
            [("10x", "10 x"), ("40%", "40 %"), ("five hundred", "500")],
        ),
        ("800MM people, 2.5 billion more", "number", [("800MM", "800000000"), ("2.5 billion", "2500000000")]),
        ("from $40k to €40k", "price", [("$40k", "usd 40000"), ("€40k", "eur 40000")]),
        ("on May 14, 2026", "date", [("May 14, 2026", "2026-05-14")]),
        ("on 14th of May", "date", [("14th of May", "05-14")]),
        ("on Tuesdays and tomorrow", "date", [("Tuesdays", "tue"), ("tomorrow", "tomorrow")]),
        ("at 3pm CET or 15:30", "time", [("3pm", "15:00"), ("15:30", "15:30")]),
        ("at 3pm CET", "zone", [("CET", "cet")]),
        (
            "see https://A.example/P?utm_source=dm&x=1.",
            "link",
            [("https://A.example/P?utm_source=dm&x=1", "a.example/P?utm_source=dm&x=1")],
        ),
        ("see flowdesk.example or fb.example/acme!", "link", [("flowdesk.example",) * 2, ("fb.example/acme",) * 2]),
        ("(https://a.example/b_(c))", "link", [("https://a.example/b_(c)", "a.example/b_(c)")]),
        ("It works.Next one, e.g. this", "link", []),
        ("mail help@acme.example.", "email", [("help@acme.example",) * 2]),
        ("call 1-800-555-0199 now", "phone", [("1-800-555-0199", "18005550199")]),
        ("hi @jo_d. and <@U123>", "mention", [("@jo_d",) * 2, ("<@U123>", "<@u123>")]),
        ("tags #CX and #1 and #été", "hashtag", [("#CX", "#cx"), ("#été", "#été")]),
        (
            "Hi {first_name}, %FNAME%, [Company], {{ x }}",
            "placeholder",
            [
                ("{first_name}",) * 2,
                ("%FNAME%", "%fname%"),
                ("[Company]", "[company]"),
                ("{{ x }}",) * 2,
            ],
        ),
        ("Lovely mug #ad", "legal", [("#ad", "#ad")]),
        ("Half price. T&Cs apply.", "legal", [("T&Cs apply", "t&cs apply")]),
        ("She said “it just works” twice", "quote", [("“it just works”", "it just works")]),
    ],
)
def test_finds(text: str, kind: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, kind) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,200", "1200"),
        ("3pm", "15:00"),
        ("14 May", "May 14th"),
        ("five hundred", "500"),
        ("2k", "2,000"),
        ("40 percent", "40%"),
        ("$2.5M", "$2,500,000"),
        ("noon", "12:00"),
        ("４２", "42"),
        ("2.50", "2.5"),
        ("48 hrs", "48 hours"),
    ],
)
def test_spellings_of_one_fact_meet(one: str, other: str) -> None:
    assert [f.norm for f in facts(one)] == [f.norm for f in facts(other)] != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("40%", "40"),
        ("$40", "€40"),
        ("3 days", "3 weeks"),
        ("3am", "3pm"),
        ("May 14", "May 15"),
        ("a.example/?a=1", "a.example/?a=2"),
        ("acme.example", "\u0430cme.example"),
        ("10x", "10"),
        ("2 GB", "2 MB"),
        ("10k", "10m"),
    ],
)
def test_other_facts_do_not(one: str, other: str) -> None:
    assert [f.norm for f in facts(one)] != [f.norm for f in facts(other)]


PIECED = st.lists(st.sampled_from(PIECES), max_size=25)


@given(st.one_of(st.text(max_size=300), PIECED.map("".join), PIECED.map(" ".join)))
def test_every_fact_stands_where_it_says(text: str) -> None:
    whole = facts(text)
    plain = [f for f in whole if f.kind != "quote"]
    for fact in whole:
        assert text[fact.start : fact.end] == fact.text
        assert fact.norm
    assert all(a.end <= b.start for a, b in itertools.pairwise(plain))


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "A ",
        "1 ",
        "1,",
        "(",
        "@",
        "#",
        "a.",
        "[ ",
        "two ",
        "Aa'",
        "ABC DEF ",
        "1.1.",
        "1-",
        "\n",
        "“",
        " ",
        "A-",
        "May ",
        "http://a)",
        "{",
        "%A",
    ],
)
@pytest.mark.timeout(8)
def test_the_longest_draft_of_one_thing_is_read_in_time(unit: str) -> None:
    """40,000 characters take a third of a second; a quadratic pattern takes half a minute and times out."""
    assert len(facts(unit * (40_000 // len(unit))).text) > 39_000


def spans(found: Iterable[re.Match[str]]) -> list[tuple[int, int]]:
    return [match.span() for match in found]


@given(st.one_of(st.text(max_size=300), PIECED.map("".join), PIECED.map(" ".join)))
def test_what_is_left_out_without_a_look_could_not_have_matched(text: str) -> None:
    read = find._prepared(text)
    for look in patterns():
        every = spans(look.pattern.finditer(text))
        assert find._may_hold(look, read, bytearray(len(text))) or not every
        assert spans(find._matches(look, read)) == every
    assert spans(names._matches(text)) == spans(names._NAME.finditer(text))


def test_within_one_rewrite_a_text_is_read_once_and_then_forgotten() -> None:
    with reading_once():
        first = facts("Seats at Fernhall on 3 May")
        with reading_once():
            assert facts("Seats at Fernhall on 3 May") is first
        assert facts("Seats at Fernhall on 3 May") is first
    again = facts("Seats at Fernhall on 3 May")
    assert again is not first
    assert again == first


def test_what_was_made_of_facts_is_kept_with_them() -> None:
    asked: list[str] = []

    @of_facts
    def shouted(found: Facts) -> str:
        asked.append(found.text)
        return found.text.upper()

    tea, coffee = facts("tea"), facts("coffee")
    assert [shouted(tea), shouted(coffee), shouted(tea)] == ["TEA", "COFFEE", "TEA"]
    assert asked == ["tea", "coffee"]

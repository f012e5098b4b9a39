"""Slack's mrkdwn to prose and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import from_mrkdwn, to_mrkdwn

MRKDWN = st.lists(
    st.sampled_from(
        ["<https://a.example/x|our page>", "<https://a.example>", "<http://a.example|a.example>", "<@U1>", "<@U1|sam>",
         "<#C1|talk>", "<#C1>", "<!here>", "<!subteam^S1|@crew>", "<!date^1^{date}|Tuesday>",
         "<mailto:a@b.example|a@b.example>",
         ":wave:", ":wave::skin-tone-3:", ":our_own_parrot:", "&amp;", "&lt;", "&gt;", "`:wave: &lt;`",
         "plain ", "\n", "<", ">",
         "|", ":", "é👩🏽", "\ud800"]
    ),
    max_size=12,
).map("".join)  # fmt: skip
PINGS = re.compile(r"<[@#!]|@(?:channel|here|everyone)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("mrkdwn", "prose"),
    [
        ("<https://a.example/x|our page>", "our page (https://a.example/x)"),
        ("<http://a.example|a.example>", "a.example"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("<https://a.example/?a=1&amp;b=2>", "https://a.example/?a=1&b=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("thanks <@U1|sam>, see <#C1|talk>", "thanks @sam, see #talk"),
        ("<!here> and <!subteam^S1|@crew>", "@here and @crew"),
        ("<!date^1392734382^{date_short}|18 February>", "18 February"),
        ("fish &amp; chips &lt;3", "fish & chips <3"),
        (":wave::skin-tone-3: :our_own_parrot:", "👋🏼 :our_own_parrot:"),
        ("at 10:30:45 `x:wave:y`", "at 10:30:45 `x:wave:y`"),
        ("", ""),
    ],
)
def test_prose(mrkdwn: str, prose: str) -> None:
    assert from_mrkdwn(mrkdwn).text == prose


@pytest.mark.parametrize(
    ("part", "source"),
    [("page", "page"), ("https", "https"), ("👋", ":wave:"), ("&", "&amp;"), ("tail", "tail")],
)
def test_prose_leads_back_into_the_mrkdwn(part: str, source: str) -> None:
    mrkdwn = "see <https://a.example|our page> :wave: &amp; tail"
    read = from_mrkdwn(mrkdwn)
    start = read.text.index(part)
    assert mrkdwn[slice(*read.span(start, start + len(part)))] == source


@given(MRKDWN)
def test_any_mrkdwn_reads_with_offsets_inside_it(mrkdwn: str) -> None:
    read = from_mrkdwn(mrkdwn)
    for index, char in enumerate(read.text):
        start, end = read.span(index, index + 1)
        assert 0 <= start < end <= len(mrkdwn)
        if end - start == 1:
            assert mrkdwn[start:end] == char


@given(MRKDWN | st.text())
def test_what_is_written_back_pings_nobody(prose: str) -> None:
    assert not PINGS.search(to_mrkdwn(prose))
    assert not PINGS.search(to_mrkdwn(from_mrkdwn(prose).text))


@given(st.text(st.sampled_from("ab &<>@here\n#!|U1"), max_size=60))
def test_prose_survives_the_way_there_and_back(prose: str) -> None:
    assert from_mrkdwn(to_mrkdwn(prose)).text.replace("\u2060", "") == prose


def test_a_lone_code_fence_swallows_nothing() -> None:
    assert "```" not in to_mrkdwn("a ``` b")
    assert to_mrkdwn("```a```") == "```a```"
    assert to_mrkdwn("**loud**") == "*loud*"

"""Typed words and what Slack makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.mrkdwn import Names, as_mrkdwn, as_rich_text, known_emoji, tokens

NAMES = Names({"ada": "U1"}, {"drafts": "C1"})


@pytest.mark.parametrize(
    ("typed", "delivered"),
    [
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("see https://example.com/x?a=1&b=2.", "see <https://example.com/x?a=1&amp;b=2>."),
        ("(https://example.com/)", "(<https://example.com/>)"),
        ("go to example.com now", "go to <http://example.com|example.com> now"),
        ("write a@example.com", "write <mailto:a@example.com|a@example.com>"),
        ("@ada and @nobody", "<@U1> and @nobody"),
        ("@channel!", "<!channel>!"),
        ("in #drafts or #other", "in <#C1|drafts> or #other"),
        ("🎉 👍 ❤️", ":tada: :+1: :heart:"),
        ("`https://example.com <x>`", "`https://example.com &lt;x&gt;`"),
        ("*bold* _it_", "*bold* _it_"),
    ],
)
def test_what_slack_delivers(typed: str, delivered: str):
    assert as_mrkdwn(typed, NAMES) == delivered


@given(st.text())
def test_tokens_are_the_text(text: str):
    assert "".join(token.raw for token in tokens(text, NAMES)) == text


@given(st.text())
def test_no_mention_comes_out_that_was_not_typed(text: str):
    assert "<!" not in as_mrkdwn(text, NAMES) or any(
        name in text.lower() for name in ("@here", "@channel", "@everyone")
    )


def test_rich_text_has_the_same_parts():
    elements = as_rich_text("@ada see example.com 🎉", NAMES)[0]["elements"][0]["elements"]
    assert [e["type"] for e in elements] == ["user", "text", "link", "text", "emoji"]


def test_reactions_have_known_names():
    assert known_emoji("+1")
    assert known_emoji("wave::skin-tone-3")
    assert not known_emoji("no_such_thing")

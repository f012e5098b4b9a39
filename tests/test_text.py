"""The plain form of a text, its masks, and the way back to the original."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import mask, normalise
from bot.text.masks import pieces

# What breaks readers of text: surrogates, letters of many code points, writing from the right, things nobody sees,
# emoji that are joined, and what Slack puts round names and links.
ODD = (
    "\ud800", "\udfff", "e\u0301\u0323", "a\u0336", "\u202eשלום\u202c", "مرحبا", "\u200b", "\u200d", "\u2066", "\ufeff",
    "\u00ad", "👩\u200d👩\u200d👧", "👩🏽\u200d🔧", "🏳\ufe0f\u200d🌈", "🇩🇪",
    "5\ufe0f\u20e3", "<@U1>", "<!here>", "<https://a.example|a>", "&lt;",
    "ﬁ", "𝗕", "İ", "ſ", "ß", "\u2028", "\r\n", "\x00", "\x02", "日本", "#", "@", "`", '"', "> ", "sign up now",
    " ", "a",
)  # fmt: skip
ANY_TEXT = (
    st.lists(st.sampled_from(ODD), max_size=40).map("".join)
    | st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
    | st.text(
        st.sampled_from("ab \u200b\u200d\ufb01\u00ad\u2019𝗕é\u0301👩🏽\ufe0f\ud800#@\"'`>\n\r\x00.!?/:-—"), max_size=80
    )
)


@pytest.mark.parametrize(
    ("original", "plain"),
    [
        ("it’s “fine”", 'it\'s "fine"'),
        ("a\u00a0b\u2009c\u3000d", "a b c d"),
        ("fr\u200bee and soft\u00adware", "free and software"),
        ("ＦＲＥＥ", "FREE"),
        ("𝗕𝗢𝗟𝗗 𝓉𝑒𝓍𝓉", "BOLD text"),
        ("ﬁne", "fine"),
        ("s\u0336a\u0336l\u0336e", "sale"),
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("\ud800x", "\ufffdx"),
        ("a\x00b", "a b"),
        ("long — dash, non‑breaking", "long — dash, non-breaking"),
    ],
)
def test_plain_form(original: str, plain: str) -> None:
    assert normalise(original).text == plain


def test_a_match_leads_back_to_what_the_reader_saw() -> None:
    original = "Now 𝗙𝗥\u200b𝗘𝗘 for all"
    normal = normalise(original)
    start = normal.text.index("FREE")
    assert original[slice(*normal.span(start, start + 4))] == "𝗙𝗥\u200b𝗘𝗘"


@given(ANY_TEXT)
def test_any_text_has_a_plain_form_with_exact_offsets(original: str) -> None:
    normal = normalise(original)
    data = normal.text.encode()
    at = 0
    for index, char in enumerate(normal.text):
        start, end = normal.span(index, index + 1)
        assert end - start == 1
        assert normalise(original[start:end]).text in (char, char + char) or char in normalise(original[start:end]).text
        width = len(char.encode())
        assert normal.byte_span(at, at + width) == (start, end)
        for inside in range(1, width):  # an offset inside a character counts as that character
            assert normal.byte_span(at, at + inside) == (start, end)
        at += width
    assert at == len(data)
    if normal.text:
        whole = normal.byte_span(0, len(data))
        assert whole == (normal.span(0, 1)[0], normal.span(len(normal.text) - 1, len(normal.text))[1])


@given(ANY_TEXT | st.text(st.sampled_from('a`>"@. \n/:'), max_size=40))
def test_a_mask_keeps_the_length_and_everything_outside_its_pieces(original: str) -> None:
    text = normalise(original).text
    masked = mask(text)
    inside = {index for piece in pieces(text) for index in range(piece.start, piece.end)}
    assert len(masked) == len(text)
    assert all(one.end <= other.start for one, other in pairwise(pieces(text)))
    assert all(masked[index] == text[index] for index in range(len(text)) if index not in inside)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("run `sign up now` first", "sign up now"),
        ("see https://a.example/sign-up, then", "https://a.example/sign-up"),
        ("they wrote “we are thrilled” and left", "thrilled"),
        ("as was said\n> we are thrilled\nso it goes", "we are thrilled"),
        ("ask @thrilled_team about it", "@thrilled_team"),
        ("mail hello@thrilled.example please", "hello@thrilled.example"),
        ("go to acme.example/offers now", "acme.example/offers"),
    ],
)
def test_what_is_no_prose_is_masked(text: str, hidden: str) -> None:
    assert hidden not in mask(normalise(text).text)


@pytest.mark.parametrize("text", ["“Big news, we are thrilled”", "> Big news, we are thrilled", "```\nBig news\n```"])
def test_a_draft_that_is_one_quote_stays_readable(text: str) -> None:
    assert "Big news" in mask(normalise(text).text)


def test_a_sentence_end_is_no_part_of_a_link() -> None:
    assert mask("See https://a.example.") == "See " + "\x02" * 17 + "."

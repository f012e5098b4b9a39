"""A subcommand only where the whole text fits one; one word that is nearly one is asked about; all else is a draft."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.commands import SUBCOMMANDS
from handlers.grammar import Command, Grammar, Slip

GRAMMAR = Grammar({name: row.argument for name, row in SUBCOMMANDS.items()})
PLAIN = [name for name, row in SUBCOMMANDS.items() if not row.argument]


@pytest.mark.parametrize("name", PLAIN)
def test_a_name_alone_is_a_subcommand(name: str) -> None:
    assert GRAMMAR.read(name) == Command(name)


@given(name=st.sampled_from(PLAIN), before=st.text(" \t", max_size=3), after=st.text(" \n", max_size=3))
def test_case_and_space_around_do_not_matter(name: str, before: str, after: str) -> None:
    assert GRAMMAR.read(f"{before}{name.upper()}{after}".replace(" ", "  ")) == Command(name)


@pytest.mark.parametrize(
    "text",
    [
        "Last chance to sign up!",
        "watch this space",
        "Help us welcome Noor",
        "rules are made to be broken",
        "Settings, but friendlier",
        "mute the noise",
        "mute",
        "status update: we moved",
        "last, but not least",
        "watch.",
        "privacy matters to us",
        "llm off please",
        "forget me not",
        "Unwatched",
        "draft: watch",
    ],
)
def test_drafts_that_begin_like_a_subcommand(text: str) -> None:
    assert not isinstance(GRAMMAR.read(text), Command)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("watching", "watch"), ("setings", "settings"), ("unwach", "unwatch"), ("statuss", "status"), ("mute", "mute")],
)
def test_one_word_near_a_subcommand_is_asked_about(word: str, meant: str) -> None:
    assert GRAMMAR.read(word) == Slip(word, meant)


@pytest.mark.parametrize("word", ["Hello", "Thanks", "🎉", "now", "a", "Sale", "新製品", "we", "Congratulations"])
def test_other_single_words_are_drafts(word: str) -> None:
    assert GRAMMAR.read(word) is None


@pytest.mark.parametrize("text", ["mute Megaphone.Hashtags", "MUTE megaphone.hashtags", "unmute  Robotic.Tail"])
def test_a_rule_is_named_by_its_id(text: str) -> None:
    meant = GRAMMAR.read(text)
    assert isinstance(meant, Command)
    assert "." in meant.argument


@settings(max_examples=400)
@given(text=st.text(max_size=120))
def test_any_text_is_read_and_a_slip_is_one_harmless_word(text: str) -> None:
    meant = GRAMMAR.read(text)
    if isinstance(meant, Slip):
        assert meant.word == text.strip()
        assert meant.word.replace("-", "").isalpha()
        assert meant.word.isascii()
    elif isinstance(meant, Command):
        assert " ".join(text.split()).lower() == f"{meant.name} {meant.argument}".strip().lower()


@given(
    name=st.sampled_from(PLAIN),
    more=st.lists(st.sampled_from(["we", "you", "sell", "today", "our", "new", "plan"]), min_size=3),
)
def test_a_name_with_a_sentence_after_it_is_a_draft(name: str, more: list[str]) -> None:
    assert GRAMMAR.read(f"{name} {' '.join(more)}") is None

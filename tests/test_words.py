"""The bot lives by its own rules: everything it says itself reads human to it."""

import importlib
from pathlib import Path

import pytest

from bot import words
from bot.models import Context
from bot.rules import load_rules

RULES = load_rules()


class Filled(dict[str, str]):
    """Stands in for what the views fill in."""

    def __missing__(self, key: str) -> str:
        return "three"


def every_word() -> list[tuple[str, str]]:
    """(name, text) of every string in bot/words.py and its kin."""
    found: list[tuple[str, str]] = []
    kin = sorted(Path(words.__file__).parent.glob("words*.py"))
    said = [pair for path in kin for pair in vars(importlib.import_module(f"bot.{path.stem}")).items()]
    for name, value in said:
        if name.isupper():
            texts = [value] if isinstance(value, str) else value.values() if isinstance(value, dict) else value
            found += [(name, text.format_map(Filled())) for text in texts if text]
    return found


@pytest.mark.parametrize(("name", "text"), every_word())
def test_the_bots_words_pass_its_own_rules(name: str, text: str) -> None:
    review = RULES.review(text, Context())
    assert review.flags == (), name
    assert review.verdict == "human", name


@pytest.mark.parametrize(("name", "text"), every_word())
def test_the_bot_never_shouts(name: str, text: str) -> None:
    assert "!" not in text, name


def test_there_are_words() -> None:
    assert len(every_word()) > 50

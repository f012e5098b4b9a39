"""The six texts of docs/rewriting.md: each gets a rewrite by rules, and the stand-in's answers pass the checks."""

import pytest

from bot.coach import Coach
from tests.standin_llm import StandInLLM
from tools.six_texts import Six, by_stand_in, six, suggested


@pytest.mark.parametrize("text", six(), ids=lambda text: text.kind)
def test_each_gets_a_rewrite_by_either_writer(text: Six) -> None:
    assert [rewrite.source for rewrite in suggested(Coach(), text).rewrites] == ["rules"]
    with StandInLLM() as llm:
        suggestion = by_stand_in(llm, text)
    assert suggestion.fallback is None
    assert [rewrite.text for rewrite in suggestion.rewrites] == [text.answer]

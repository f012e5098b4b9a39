"""Prompt templates: strict about their variables."""

import pytest

from bot.rewrite.prompts import VERSION, PromptError, render, template


def test_fills_and_does_not_fill_twice() -> None:
    assert "$fence ${draft}" in render("rewrite-repair", failures="$fence ${draft}")


@pytest.mark.parametrize(
    ("values", "named"), [({}, "missing: failures"), ({"failures": "x", "extra": "y"}, "unknown: extra")]
)
def test_names_a_variable_that_does_not_match(values: dict[str, str], named: str) -> None:
    with pytest.raises(PromptError, match=named):
        render("rewrite-repair", **values)


def test_names_a_template_that_is_not_there() -> None:
    with pytest.raises(PromptError, match=rf"no prompt template nothing\.v{VERSION}\.txt"):
        template("nothing")

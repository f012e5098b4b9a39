import pytest

from bot.rules import RuleSet, load_rules


@pytest.fixture(scope="package")
def rules() -> RuleSet:
    """The built-in rules."""
    return load_rules()

import pytest

from bot.rules import RuleSet, load_rules


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    """The built-in rules."""
    return load_rules()

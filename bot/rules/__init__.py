"""The deterministic rules engine: rules as data in, reviews out.

``load_rules()`` reads and compiles the built-in styles and a team's own; ``RuleSet.review(text, context)`` reviews.
"""

from bot.rules.engine import RuleSet
from bot.rules.language import LANGUAGES
from bot.rules.model import RuleFileError, RuleInfo, RuleProblem, RuleTest
from bot.rules.packs import load_rules
from bot.rules.selftest import run_rule_tests

__all__ = [
    "LANGUAGES",
    "RuleFileError",
    "RuleInfo",
    "RuleProblem",
    "RuleSet",
    "RuleTest",
    "load_rules",
    "run_rule_tests",
]

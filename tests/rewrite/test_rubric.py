"""The six rewrites that the rubric holds up as good pass the checks, and what only looks like them does not."""

import pytest

from bot.models import Context, Network
from bot.rewrite.checks import check_all
from bot.rewrite.describe import describe
from bot.rewrite.trial import Material
from bot.rules import RuleSet, load_rules
from tests.rewrite.test_rules_writer import AUTO_DM, COLD, EVENT, LAUNCH, PAYROLL, SERVICE


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def failed(rules: RuleSet, network: Network | None, draft: str, text: str) -> list[str]:
    context = Context(network=network)
    material = Material(rules.review(draft, context), context, rules)
    return [check.name for check in check_all(describe(text, material, "llm"), material) if not check.passed]


@pytest.mark.parametrize(
    ("network", "draft", "text"),
    [
        (
            "x",
            LAUNCH,
            "Flowdesk 2.0 is out. If you run support, which repeat task would you hand over first? I'll trade you"
            " [one tip]. flowdesk.example #CX",
        ),
        (
            "linkedin",
            PAYROLL,
            "Over 400 clients use our payroll platform. Which payroll question do your people ask most? I'm [name].",
        ),
        (
            "dm",
            AUTO_DM,
            "Hi [name], thanks for the follow. I saw [their post]: are you working on that now?",
        ),
        (
            "email",
            COLD,
            "Hi [name], is [specific task] still manual at [company], or solved? We help companies do that with AI.",
        ),
        (
            "instagram",
            EVENT,
            "Deliverability webinar, May 14, 3pm CET, limited seats. What landed in spam lately that shouldn't have?"
            " [Host] can start there. Link in bio",
        ),
        ("x", SERVICE, "I'm sorry. [Name] here. What were you trying to do? Reply here or at help@acme.example."),
    ],
)
def test_the_rubrics_own_rewrites_pass(rules: RuleSet, network: Network | None, draft: str, text: str) -> None:
    assert failed(rules, network, draft, text) == []


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        (
            "We are thrilled to be named Small Mill of the Year! https://mill.example/a",
            "We've been named Small Mill of the Year. What should we never change, in your view?"
            " https://mill.example/a",
        ),
        (
            "LAST CHANCE! Only 12 tickets left for Saturday's quiz! Book now https://quiz.example/t",
            "Only 12 tickets left for Saturday's quiz. Who would you bring along? https://quiz.example/t",
        ),
        (
            "Please be advised that Ferry Lane will be closed from Monday 4 May. We apologise for any inconvenience.",
            "Ferry Lane will be closed from Monday 4 May. How will you get round it?",
        ),
    ],
)
def test_what_is_plainly_so_may_be_said(rules: RuleSet, draft: str, text: str) -> None:
    assert failed(rules, None, draft, text) == []


@pytest.mark.parametrize(
    ("network", "draft", "text"),
    [
        ("dm", AUTO_DM, "Hi [name], thanks for the follow. What are you working on these days?"),
        ("dm", AUTO_DM, "Hi [name], thanks for the follow. I saw [their post]: is it done? fb.example/acme"),
        ("email", COLD, "We help companies do that with AI. Is [specific task] still manual at [company], or solved?"),
        ("instagram", EVENT, "Deliverability webinar, May 14, 3pm CET. Don't miss out! What landed in spam lately?"),
    ],
)
def test_a_flag_is_forgiven_only_where_its_reason_is_gone(
    rules: RuleSet, network: Network | None, draft: str, text: str
) -> None:
    assert "no_lone_flags" in failed(rules, network, draft, text)

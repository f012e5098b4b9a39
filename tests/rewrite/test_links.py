"""A link in a rewrite is one of the draft's, byte for byte: no other host, no look-alike, no other scheme."""

import pytest

from bot.models import Context
from bot.rewrite.checks import run_checks
from bot.rewrite.describe import describe
from bot.rewrite.trial import Material
from bot.rules import RuleSet, load_rules

LINK = "https://flowdesk.example/go?utm_source=x"
DRAFT = f"🚀 Excited to announce Flowdesk 2.0, a game-changer for support teams! Sign up now {LINK} #SaaS #CX #AI"
GOOD = "Flowdesk 2.0 is out. If you run support, which repeat task would you hand over first? {} – [name]"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def passes(rules: RuleSet, text: str) -> bool:
    material = Material(rules.review(DRAFT, Context()), Context(), rules)
    return all(c.passed for c in run_checks(describe(text, material, "llm"), material.review, Context(), rules))


def test_the_same_link_passes(rules: RuleSet) -> None:
    assert passes(rules, GOOD.format(LINK))


@pytest.mark.parametrize(
    "link",
    [
        LINK.replace("o", "\u043e", 1),  # Cyrillic
        LINK.replace("l", "\u04cf", 1),
        LINK.replace("flowdesk", "fIowdesk"),
        LINK.replace("flowdesk", "flowdesk-login"),
        LINK.replace("flowdesk.example", "flowdesk.example.evil.example"),
        LINK.replace("flowdesk.example", "flowdesk.example@evil.example"),
        LINK.replace("flowdesk.example", "xn--flwdesk-2nf.example"),
        LINK.replace("flowdesk.example", "flowdesk\u3002example"),
        LINK.replace("flowdesk.example", "flowdesk\uff0eexample"),
        LINK.replace("flowdesk.example", "flow\u200bdesk.example"),
        LINK.replace("flowdesk.example", "flow\u00addesk.example"),
        LINK.replace("flowdesk.example", "ﬂowdesk.example"),
        LINK.replace("flowdesk.example", "FLOWDESK.example"),
        LINK.replace("https", "http"),
        LINK.replace("https://", "//"),
        LINK.replace("https://", ""),
        LINK.replace("/go", "/Go"),
        LINK.replace("utm_source=x", "utm_source=y"),
        LINK + "/",
        LINK + "&to=evil",
        LINK.replace("/go", "/go/../evil"),
        f"{LINK} javascript:alert`x`",
        f"{LINK} slack://open",
        f"{LINK} evil.zip/x",
        f"{LINK} https:\\\\evil.example",
        f"<{LINK}|flowdesk>",
        f"<https://evil.example|{LINK}>",
        f"[{LINK}](https://evil.example)",
        f"{LINK} <!channel>",
        f"{LINK} <@U0ADA>",
        f"{LINK} &lt;!channel&gt;",
    ],
)
def test_no_other_link_does(rules: RuleSet, link: str) -> None:
    assert not passes(rules, GOOD.format(link))

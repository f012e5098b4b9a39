"""The checks as judges: no careful lie passes, and what a good editor would send does."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.models import Context, Network
from bot.rewrite.checks import check_all
from bot.rewrite.describe import describe
from bot.rewrite.llm_prompt import told
from bot.rewrite.trial import Material
from bot.rules import RuleSet, load_rules

HERE = Path(__file__).parent
SLY: dict[str, Any] = yaml.safe_load((HERE / "sly.yaml").read_text("utf-8"))
GOOD: list[dict[str, Any]] = yaml.safe_load((HERE / "good.yaml").read_text("utf-8"))
EDITED = [(row["network"], row["draft"], text) for row in GOOD for text in row["passes"]]
REFUSED = [(row["network"], row["draft"], text) for row in GOOD for text in row.get("refused", ())]


@cache
def rules() -> RuleSet:
    return load_rules()


@cache
def material(draft: str, network: Network | None) -> Material:
    context = Context(network=network)
    return Material(rules().review(draft, context), context, rules(), told())


def failed(draft: str, text: str, network: Network | None = None) -> dict[str, str]:
    made_of = material(draft, network)
    return {c.name: c.reason for c in check_all(describe(text, made_of, "llm"), made_of) if not c.passed}


@pytest.mark.parametrize("lie", SLY["candidates"], ids=lambda lie: lie["wrong"])
def test_a_careful_lie_is_refused_with_a_reason(lie: dict[str, str]) -> None:
    reasons = failed(SLY["drafts"][lie["draft"]], lie["text"])
    assert reasons
    assert all(reasons.values())


def test_few_lies_are_known_to_get_through() -> None:
    known = SLY["known"]
    caught = [lie["wrong"] for lie in known if failed(SLY["drafts"][lie["draft"]], lie["text"])]
    assert caught == [], "move these to candidates"
    assert len(known) <= 0.02 * len(SLY["candidates"])


@pytest.mark.parametrize(("network", "draft", "text"), EDITED, ids=[text[:40] for _, _, text in EDITED])
def test_what_a_good_editor_would_send_passes(network: Network, draft: str, text: str) -> None:
    assert failed(draft, text, network) == {}


def test_few_good_ones_are_refused() -> None:
    assert [text for network, draft, text in REFUSED if not failed(draft, text, network)] == [], "move these to passes"
    assert len(REFUSED) <= 0.25 * (len(REFUSED) + len(EDITED))

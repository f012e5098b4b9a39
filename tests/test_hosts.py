"""Links in a draft that lead elsewhere than they look: found, said, and never made clickable by a reply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach import Coach
from bot.delivery import Answer
from bot.facts.hosts import odd_hosts
from bot.models import Part
from handlers.views import modals
from handlers.views.review import private_message, thread_message
from tests.e2e.test_injection import live

ODD = {
    "https://flowd\u0435sk.example/go": "xn--flowdsk-chg.example",  # a Cyrillic letter
    "https://flow\u03bfdesk.example": "xn--flowdesk-2dg.example",  # a Greek one
    "https://\u0455\u0441\u043e\u0440\u0435.example/x": "xn--e1argc3h.example",  # Cyrillic altogether
    "https://flow\u200bdesk.example/x": "xn--flowdesk-tl3d.example",  # a sign that draws nothing
    "https://flowdesk\u3002example/a": "flowdesk.example",  # a full stop that is none
    "https://\uff46lowdesk.example": "flowdesk.example",  # full width
    "https://flowdesk.example@evil.example/login": "evil.example",
    "https://flowdesk.example:443@evil.example:8443/": "evil.example",
    "https://xn--flowdsk-chg.example/go": "xn--flowdsk-chg.example",
    "HTTPS://FLOWD\u0415SK.EXAMPLE/go": "xn--flowdsk-chg.example",
}
FINE = (
    "https://flowdesk.example/go?to=a@b",
    "https://b\u00fccher.example",
    "https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
    "https://\u4f8b\u3048abc.example",
    "https://flowdesk.example/\u0435",
    "ada@flowdesk.example",
    "www.flowdesk.example",
    "https://xn--bcher-kva.example",
    "https://xn--.example",
    "https://",
    "a \u0435 b",
)


@pytest.mark.parametrize("link", ODD)
def test_a_host_that_looks_like_another_is_found(link: str) -> None:
    assert odd_hosts(f"Look at {link} and {link}!") == (ODD[link],)


@pytest.mark.parametrize("link", FINE)
def test_an_honest_host_is_left_alone(link: str) -> None:
    assert odd_hosts(f"Look at {link} today") == ()


@given(st.text(alphabet="htps:/@.\u0435\u200b\u3002xn-a\ud800", max_size=60))
def test_any_text_will_do(text: str) -> None:
    assert all(host.isascii() for host in odd_hosts(text) if "\ud800" not in host)


@pytest.mark.parametrize("link", ODD)
def test_a_reply_says_where_it_leads_and_makes_nothing_clickable(link: str) -> None:
    draft = f"\U0001f680 BIG NEWS! We are thrilled to announce Flowdesk 2.0! Sign up NOW {link} #SaaS #AI #CX"
    coach = Coach()
    review = coach.review(draft)
    answer = Answer(draft_id="d_1", parts=(Part(review=review, suggestion=coach.rewrite(review)),))
    several = answer.model_copy(update={"parts": answer.parts * 2})
    for message in (thread_message(answer), private_message(answer), thread_message(several)):
        said = str(message.blocks)
        assert f"it leads to {ODD[link]}. Is that" in said
        assert live({"blocks": message.blocks, "text": message.text}) == []
        assert link not in message.text
        assert all(text.get("verbatim") for text in mrkdwn(message.blocks))
    for rewrite in answer.parts[0].suggestion.rewrites if answer.parts[0].suggestion else ():
        assert live(modals.use_this("d_1", rewrite.text, [])) == []


def mrkdwn(node: object) -> list[dict[str, object]]:
    """Every text that Slack would mark up."""
    if isinstance(node, list):
        return [found for one in node for found in mrkdwn(one)]
    if not isinstance(node, dict):
        return []
    mine = [node] if node.get("type") == "mrkdwn" else []
    return mine + [found for one in node.values() for found in mrkdwn(one)]

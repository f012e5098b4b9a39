"""How networks count."""

import pytest

from bot.facts import facts
from bot.models import Network
from bot.rewrite.lengths import length_for, limit_for


@pytest.mark.parametrize(
    ("network", "text", "size", "limit"),
    [
        ("x", "hello", 5, 280),
        ("x", "見る", 4, 280),
        ("x", "🚀", 2, 280),
        ("x", "👩‍👩‍👧‍👦", 2, 280),
        ("x", "see https://a.example/" + "long" * 50, 27, 280),
        ("x", "see a.example", 27, 280),
        ("x", "e\u0301", 1, 280),
        ("sms", "hello €", 8, 160),
        ("sms", "hello 🚀", 8, 70),
        ("threads", "🚀", 1, 500),
        ("linkedin", "abc", 3, 3000),
        ("instagram", "abc", 3, 2200),
        ("blog", "abc", 3, None),
        (None, "abc", 3, None),
    ],
)
def test_length_and_limit(network: Network | None, text: str, size: int, limit: int | None) -> None:
    assert (length_for(network, facts(text)), limit_for(network, facts(text))) == (size, limit)

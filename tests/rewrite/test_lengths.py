"""How networks count."""

import emoji
import pytest

from bot.facts import facts
from bot.models import Network
from bot.rewrite.lengths import length_for, limit_for
from bot.rewrite.scripts import MAY_BE_EMOJI


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


def test_no_emoji_is_overlooked_by_what_looks_for_them_first() -> None:
    assert [known for known in emoji.EMOJI_DATA if not MAY_BE_EMOJI.search(known)] == []

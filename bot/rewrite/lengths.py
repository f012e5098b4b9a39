"""How long a text is where it will be posted, and how long it may be there.

X counts by weight: twitter-text's configuration v3 gives most Latin, Cyrillic, Greek, Hebrew and Arabic letters 1, all
else 2, a link 23 and an emoji sequence 2. The published Python ports are unmaintained, so the few lines are here.
Instagram 2200, LinkedIn 3000 and Threads 500 count characters. SMS has 160 characters of the GSM 03.38 alphabet (some
count twice), or 70 UTF-16 units when one character lies outside it.
"""

import unicodedata

import emoji

from bot.facts import Facts
from bot.models import Network
from bot.rewrite.scripts import MAY_BE_EMOJI

LIMITS: dict[Network, int] = {"x": 280, "linkedin": 3000, "instagram": 2200, "threads": 500, "sms": 160}
"""The limit a network sets, in the units of :func:`length_for`. Networks without an entry set none that matters."""

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")


def length_for(network: Network | None, facts: Facts) -> int:
    """Return the length of a text as ``network`` counts it."""
    if network == "x":
        return _weight(facts)
    if network == "sms":
        return sum(2 if c in _GSM_TWICE else 1 for c in facts.text) if _is_gsm(facts.text) else _utf16(facts.text)
    return len(facts.text)


def limit_for(network: Network | None, facts: Facts) -> int | None:
    """Return how long this text may be on ``network``, or None when it sets no limit that matters."""
    if network == "sms" and not _is_gsm(facts.text):
        return 70
    return LIMITS.get(network) if network else None


def _is_gsm(text: str) -> bool:
    return all(c in _GSM or c in _GSM_TWICE for c in text)


def _utf16(text: str) -> int:
    return sum(2 if ord(c) > 0xFFFF else 1 for c in text)


def _weight(facts: Facts) -> int:
    total, rest, at = 0, [], 0
    for link in facts.of("link"):
        rest.append(facts.text[at : link.start])
        # A bare domain under an ending that X does not know counts by its characters; so take the larger.
        total += 23 if "://" in link.text else max(23, len(link.text))
        at = link.end
    plain = unicodedata.normalize("NFC", "".join([*rest, facts.text[at:]]))
    without = plain
    if MAY_BE_EMOJI.search(plain):
        without = emoji.replace_emoji(plain, "")
        total += 2 * sum(1 for _ in emoji.analyze(plain))
    return total + sum(1 if any(low <= ord(c) <= high for low, high in _LIGHT) else 2 for c in without)

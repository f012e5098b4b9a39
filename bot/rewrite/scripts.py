"""The script, the language and the hidden characters of a text: by these a look-alike letter shows."""

import re
import unicodedata
from functools import lru_cache

import emoji

from bot.rewrite.words import FUNCTION_WORDS, words

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc")
"""Letters and signs that draw nothing."""
MAY_BE_EMOJI = re.compile("[\u00a9\u00ae\u203c\u2049\u20e3\u2122-\U0010ffff]")
"""Each emoji holds one of these; to look for emoji takes a millisecond for a thousand characters."""


def scripts(text: str) -> frozenset[str]:
    """Return the scripts of the letters of a text by the first word of their Unicode names ("LATIN", "CJK").

    Full-width and mathematical letters, which only look like Latin ones, count as scripts of their own.
    """
    return frozenset(script for c in set(text) if c.isalpha() and (script := _script(c)))


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").split()[0] if ord(char) not in (0xAA, 0xBA) else ""


def unseen_characters(text: str, draft: str) -> frozenset[str]:
    """Return the characters of ``text`` that draw nothing by themselves, and that the draft does not hold.

    Joiners and variation selectors inside emoji are part of these; anywhere else they hide.
    """
    if text.isascii() and text.isprintable():
        return frozenset()
    if not any(map(_hides, set(unicodedata.normalize("NFC", text)))):
        return frozenset()
    drawn, known = (set(unicodedata.normalize("NFC", emoji.replace_emoji(t, ""))) for t in (text, draft))
    return frozenset(filter(_hides, drawn - known))


def _hides(c: str) -> bool:
    return c not in "\n\t" and (
        c in _BLANK or unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp", "Mn", "Me")
    )


def reads_english(text: str) -> bool | None:
    """Tell English from another language by its function words; None when the text is too short to say."""
    found = words(re.sub(r"https?://\S+|[@#]\w+", " ", text))
    if len(found) < 6:
        return None
    share = sum(1 for w in found if w in FUNCTION_WORDS) / len(found)
    if share >= 0.2:
        return True
    return False if share < 0.07 and len(found) >= 14 else None

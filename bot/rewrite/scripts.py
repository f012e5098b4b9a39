"""The script, the language and the hidden characters of a text: by these a look-alike letter shows."""

import re
import unicodedata
from functools import lru_cache

from bot.rewrite.words import FUNCTION_WORDS, words

_SAFE_INVISIBLE = frozenset("\n\t\u200d\ufe0f\ufe0e")  # line ends; joiners and variation selectors inside emoji


def scripts(text: str) -> frozenset[str]:
    """Return the scripts of the letters of a text by the first word of their Unicode names ("LATIN", "CJK").

    Full-width and mathematical letters, which only look like Latin ones, count as scripts of their own.
    """
    return frozenset(script for c in set(text) if c.isalpha() and (script := _script(c)))


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").split()[0] if ord(char) not in (0xAA, 0xBA) else ""


def unseen_characters(text: str, draft: str) -> frozenset[str]:
    """Return the control and format characters of ``text`` that the draft does not hold."""
    return frozenset(
        c
        for c in set(text) - set(draft) - _SAFE_INVISIBLE
        if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
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

"""Is this text the next version of that one? People paste version 2 in the thread, or in the channel again."""

from rapidfuzz import fuzz

from bot.store import StoredDraft
from bot.text import normalise

ALIKE = 65.0
"""How alike (0 to 100) two texts of one author must be to count as versions of one draft. Made drafts with every fifth
word changed score 72 and more; different ones, though put together from the same sentences, 67 at their 99th percentile
(``python -m benchmarks.versions``)."""
ALIKE_IN_THREAD = 50.0
"""In the draft's own thread less is enough: where somebody writes says most of it."""
WITHIN_US = 24 * 3600 * 1_000_000
"""Within a day."""
MIN_WORDS = 4


def is_next_version(text: str, earlier: StoredDraft, earlier_words: str, *, in_thread: bool) -> bool:
    """Whether ``text`` is like the earlier draft's words, or like a rewrite that was offered for it."""
    if len(text.split()) < MIN_WORDS:
        return False
    offered = [r.text for part in earlier.parts if part.suggestion for r in part.suggestion.rewrites]
    needed = ALIKE_IN_THREAD if in_thread else ALIKE
    return any(likeness(text, other) >= needed for other in (earlier_words, *offered))


def likeness(a: str, b: str) -> float:
    """How alike two texts are, 0 to 100, whatever the order of their words."""
    return fuzz.token_sort_ratio(normalise(a).text.casefold(), normalise(b).text.casefold())

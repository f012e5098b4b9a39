"""Is this text the next version of that one? People paste version 2 in the thread, or in the channel again."""

from rapidfuzz import fuzz

from bot.store import StoredDraft
from bot.text import normalise

ALIKE = 55.0
"""Share of words in common, 0 to 100, from which two texts of one author are versions of one draft. A rewrite keeps at
least 90% of a draft's content words, and edited versions of the made drafts in benchmarks/ score 60 and more, unrelated
ones below 45."""
WITHIN_US = 24 * 3600 * 1_000_000
"""Within a day."""
MIN_WORDS = 4


def is_next_version(text: str, earlier: StoredDraft, earlier_words: str) -> bool:
    """Whether ``text`` is like the earlier draft's words, or like a rewrite that was offered for it."""
    if len(text.split()) < MIN_WORDS:
        return False
    offered = [r.text for part in earlier.parts if part.suggestion for r in part.suggestion.rewrites]
    return any(_alike(text, other) >= ALIKE for other in (earlier_words, *offered))


def _alike(a: str, b: str) -> float:
    return fuzz.token_sort_ratio(normalise(a).text.casefold(), normalise(b).text.casefold(), score_cutoff=ALIKE)

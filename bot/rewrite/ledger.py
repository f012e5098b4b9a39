"""What a rewrite left out, as people read it: "Sign up NOW", "#SaaS", in reading order, each once.

Facts are listed whole. Of everything else, claims without a number or a name too, only the words that are really gone
are listed, as phrases: a date that stands in the rewrite is not left out because the command around it went.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from bot.facts import Fact, Facts, Kind, fold, word_set
from bot.models import Flag
from bot.rewrite.asks import questions
from bot.rewrite.words import FUNCTION_WORDS, outside_brackets, sentences, stem

MAX_SHOWN = 90
"""Asks and phrases are cut at a word before this many characters; facts never are."""
_TOKEN = re.compile(r"https?://\S+|[#@＃＠]?[^\W_](?:['’.,-]?[^\W_])*")
_EDGE = word_set("and or but so to for with the a an of our your at by on in as that this is are be it's us we i you")
_LEADING = _EDGE | word_set("we're we've i'm i've am have has was were so very just be been can will")
_OWN: tuple[Kind, ...] = ("link", "email", "phone", "mention", "hashtag", "quote", "legal")


class _Word(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def is_function(self) -> bool:
        return self.text in FUNCTION_WORDS


@dataclass(frozen=True)
class Draft:
    """A draft's words, and the places that a rewrite may leave out: worked out once for all its rewrites."""

    facts: Facts
    flags: tuple[Flag, ...]

    @cached_property
    def words(self) -> tuple[_Word, ...]:
        """The words with their places, folded."""
        return _words(self.facts.text)

    @cached_property
    def starts(self) -> frozenset[int]:
        """Where the first words of its sentences begin."""
        text = self.facts.text
        return frozenset(
            s.start + (found.start() if (found := re.search(r"\w|[\[{]", text[s.start : s.end])) else 0)
            for s in sentences(self.facts)
        )

    @cached_property
    def flagged(self) -> frozenset[tuple[int, int]]:
        """The spans of what was flagged."""
        return frozenset((f.start, f.end) for f in self.flags)

    def within(self, start: int, end: int) -> tuple[_Word, ...]:
        """Return the words of a span."""
        return tuple(w for w in self.words if start <= w.start and w.end <= end)

    @cached_property
    def questions(self) -> tuple[tuple[int, int], ...]:
        """The spans of its questions; one is left out whole or not at all."""
        return tuple((q.start, q.end) for q in questions(self.facts))


def left_out(draft: Draft, rewrite: Facts, missing: Sequence[Fact], kept: Iterable[str]) -> tuple[str, ...]:
    """Return what the rewrite does not say any more. ``missing`` are the lost facts, ``kept`` the norms it holds."""
    text, plain = draft.facts.text, fold(draft.facts.text)
    said = _Said(_own_words(rewrite, plain))
    known = frozenset(kept)
    whole = [(f.start, f.end) for f in missing if f.kind != "placeholder" or not f.text.startswith("[")]
    stays = [(f.start, f.end) for f in draft.facts if f.norm in known and f.kind != "quote"]
    apart = [(f.start, f.end) for f in draft.facts.of(*_OWN)]
    there = fold(rewrite.text)
    whole += [q for q in draft.questions if fold(text[slice(*q)]) not in there and said.lacks(draft.within(*q))]
    runs = _runs(draft, said, [*stays, *apart])
    spans = _joined(text, _merged([*whole, *runs]))
    facts_lost = [fold(f.text) for f in missing]
    found: dict[str, str] = {}
    for start, end in spans:
        shown = _short(text[start:end], facts_lost)
        found.setdefault(fold(shown), shown)
    return tuple(
        shown
        for key, shown in found.items()
        if not _holds(there, key) and not any(key != other and _holds(other, key) for other in found)
    )


def _words(text: str) -> tuple[_Word, ...]:
    return tuple(_Word(fold(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(text))


def _own_words(rewrite: Facts, draft: str) -> str:
    """Return the rewrite without its brackets and without questions that the draft does not ask."""
    text = outside_brackets(rewrite.text)
    for asked in questions(rewrite):
        if fold(asked.text) not in draft:
            text = text[: asked.start] + " " * (asked.end - asked.start) + text[asked.end :]
    return text


class _Said:
    """The words and neighbours of a rewrite, to tell which of the draft's words still stand."""

    def __init__(self, text: str) -> None:
        said = [w.text for w in _words(text)]
        self._words = frozenset(said)
        self._stems = frozenset(stem(w) for w in said if w not in FUNCTION_WORDS)
        self._pairs = frozenset(pairwise(said))

    def lacks(self, words: Sequence[_Word]) -> bool:
        """Tell whether most words that carry a claim are gone."""
        own = [at for at, word in enumerate(words) if not word.is_function]
        return 2 * sum(not self.holds(words, at) for at in own) >= len(own)

    def holds(self, words: Sequence[_Word], at: int) -> bool:
        word = words[at]
        if not word.is_function:
            return word.text in self._words or (len(word.text) > 4 and stem(word.text) in self._stems)
        before = (words[at - 1].text, word.text) if at else None
        after = (word.text, words[at + 1].text) if at + 1 < len(words) else None
        return before in self._pairs or after in self._pairs


def _runs(draft: Draft, said: _Said, apart: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the runs of words that the rewrite does not hold, a sentence's at a time."""
    words, runs = draft.words, []
    taken = bytearray(len(draft.facts.text) + 1)
    for start, end in apart:
        taken[start:end] = b"\x01" * (end - start)
    run: list[int] = []
    for at, word in enumerate(words):
        gone = not taken[word.start] and not said.holds(words, at)
        if gone and not (run and _breaks(draft.facts.text[words[run[-1]].end : word.start])):
            run.append(at)
            continue
        runs += _trimmed(draft, run)
        run = [at] if gone else []
    return runs + _trimmed(draft, run)


def _breaks(between: str) -> bool:
    return re.search(r"[.!?:\n]", between) is not None


def _trimmed(draft: Draft, run: list[int]) -> list[tuple[int, int]]:
    """Take joining words off both ends of a run. A run of nothing else is none, nor is one word without its others."""
    words, text = draft.words, draft.facts.text
    opens = bool(run) and words[run[0]].start in draft.starts
    while run and not opens and words[run[0]].text in _LEADING:
        run = run[1:]
    ends = bool(run) and _CLOSES.match(text, words[run[-1]].end) is not None
    last = run[-1] + 1 if run else 0
    near = run and not ends and last < len(words) and text[words[run[-1]].end : words[last].start] == " "
    if near and _CLOSES.match(text, words[last].end) and not words[last].text.startswith(("#", "@", "http")):
        run, ends = [*run, last], True  # one word that stands elsewhere is no reason for half a phrase
    while run and words[run[-1]].text in _EDGE and not _STOPS.match(text, words[run[-1]].end):
        run = run[:-1]
    own = [at for at in run if not words[at].is_function]
    if not own and not (opens and ends and len(run) > 1):
        return []
    span = (words[run[0]].start, words[run[-1]].end)
    if span in draft.flagged:
        return [span]
    if own and len(own) == 1 and not (opens and ends) and not (ends and len(run) > 2):
        alone = words[own[0]]
        # "release" alone says nothing; "state-of-the-art" and what was flagged as it stands do.
        hype = "-" in alone.text or (alone.start, alone.end) in draft.flagged
        return [(alone.start, alone.end)] if hype else []
    return [span]


# Where a clause ends.
_STOPS = re.compile(r"[\"'”’)]{0,3}\s*(?:[.!?\n]|$)")
_CLOSES = re.compile(r"[\"'”’)]{0,3}\s*(?:[.!?,;:\n–—]|$|https?:|[#＃@])")


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what only a space or a comma keeps apart within a line; tags and links stay each for itself."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        apart = text[start] in "#＃@" or text.startswith("http", start)
        if joined and not apart and text[joined[-1][0]] not in "#＃@" and not text.startswith("http", joined[-1][0]):
            between = text[joined[-1][1] : start]
            if re.fullmatch(r"[ ,]{0,2}(?:(?:and|&|to|for|in|of|the|a|by|with|at|on|is|are) )?", between):
                joined[-1] = (joined[-1][0], end)
                continue
        joined.append((start, end))
    return joined


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _short(text: str, facts_lost: Sequence[str]) -> str:
    text = " ".join(text.split())
    if len(text) <= MAX_SHOWN:
        return text
    cut = text[:MAX_SHOWN].rsplit(" ", 1)[0] + "…"
    # A fact is named in full, whatever the length.
    return text if any(_holds(fold(text), lost) and not _holds(fold(cut), lost) for lost in facts_lost) else cut


def _holds(text: str, part: str) -> bool:
    """Tell whether ``part`` stands in ``text`` between the edges of words; both folded."""
    at = text.find(part)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(part) : at + len(part) + 1]
        if not (before and (before.isalnum() or before in "#@") and part[:1].isalnum()) and not (
            after.isalnum() and part[-1:].isalnum()
        ):
            return True
        at = text.find(part, at + 1)
    return False


__all__ = ["Draft", "left_out"]

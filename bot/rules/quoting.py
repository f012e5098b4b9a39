"""Which words of a hit are quoted back: the telling ones, whole, with nothing hanging loose at their ends."""

import re
from itertools import pairwise

from bot.rules.counts import Counted, Spans, sentences
from bot.rules.model import WordRule

QUOTED = 60
"""Characters beside a sign in which its words are looked for."""
_ENDS = " \t\r\n,;:–—-\x02"
_STARTS = _ENDS + ".!?"
_BEFORE = re.compile(r"(?:[^\s.!?\x02]+[ \t]+){0,2}[^\s.!?\x02]*[ \t]*\Z")
_CAPS_BEFORE = re.compile(r"(?:\b[A-Z]{2,}[ \t]+)*\Z")
_CAPS_AFTER = re.compile(r"(?:[ \t]+[A-Z]{2,}\b)*")
_AFTER = re.compile(r"[ \t]*[^\s\x02]+(?:[ \t]+[^\s\x02]+)?")
_AROUND: dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]] = {
    "caps": (_CAPS_BEFORE, _CAPS_AFTER),
    "exclamations": (_BEFORE, None),
    "em_dashes": (_BEFORE, _AFTER),
    "emoji_bullets": (_BEFORE, _AFTER),
}
_LITTLE = (
    ("the", "a", "an", "your", "our", "their", "his", "her", "its", "my", "with", "for", "on", "in", "of", "as", "and",
     "or", "we", "by", "at", "from")
)  # fmt: skip
_LITTLE_WORDS = frozenset(_LITTLE)
_LOOSE = re.compile(rf"(?:\s+(?:{'|'.join(_LITTLE)}))+\Z", re.IGNORECASE)
_WE = re.compile(r"\b(?:we|our|ours|us)\b", re.IGNORECASE)


def telling(count: str, counted: Counted) -> Spans:
    """What a count marks, to be quoted: the longest run of its marks, or the sentence that has most."""
    text, spans = counted.prose, counted.spans.get(count, [])
    if not spans:
        return _sentence(text, count)
    runs: Spans = []
    for start, end in spans:
        gap = text[runs[-1][1] : start] if runs else ""
        if runs and not gap.strip():
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    longest = max(runs, key=lambda run: run[1] - run[0])
    return [_with_words(text, *longest, *_AROUND[count]) if count in _AROUND else longest]


def _sentence(text: str, count: str) -> Spans:
    found = sentences(text)
    if not found:
        return [(0, len(text))]
    best = max(found, key=lambda span: len(_WE.findall(text, *span)) if count == "we" else span[1] - span[0])
    start, end = trimmed(text, *best)
    return [(start, end)] if start < end else [(0, len(text))]


def _with_words(
    text: str, start: int, end: int, before: re.Pattern[str], after: re.Pattern[str] | None
) -> tuple[int, int]:
    """A sign with the words beside it, since a sign alone says nothing when it is quoted."""
    lead = before.search(text[max(0, start - QUOTED) : start])
    trail = after.match(text, end, end + QUOTED) if after else None
    return start - (len(lead[0]) if lead else 0), trail.end() if trail else end


def _whole(text: str) -> Spans:
    start = len(text) - len(text.lstrip())
    return [(start, max(start, len(text.rstrip())))]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the spaces, stops, links and loose little words at its ends, which read odd when quoted."""
    matched = text[start:end]
    left = len(matched) - len(matched.lstrip(_STARTS))
    kept = matched.rstrip(_ENDS)
    right = len(kept)
    last = kept[-QUOTED:].split()[-1:]
    if last and (last[0].lower() in _LITTLE_WORDS or not last[0].isascii()):  # looking for them all costs more
        loose = _LOOSE.search(kept[-QUOTED:])  # only the end: the search is not linear
        right -= len(loose[0]) if loose else 0
    return (start + left, start + right) if left < right else (start, end)


def repeated(text: str, spans: Spans) -> Spans:
    """Repetition: each two hits that are the same word, with nothing but space between."""
    return [
        (before[0], here[1])
        for before, here in pairwise(spans)
        if text[slice(*before)].lower() == text[slice(*here)].lower() and not text[before[1] : here[0]].strip()
    ]


def too_many(rule: WordRule, text: str, spans: Spans) -> Spans:
    """Occurrence: the hits of each scope that holds more than ``max`` or fewer than ``min``."""
    scopes = sentences(text) if rule.by_sentence else _whole(text)
    out: Spans = []
    for start, end in scopes:
        inside = [span for span in spans if start <= span[0] < end]
        if rule.maximum is not None and len(inside) > rule.maximum:
            out += inside
        elif len(inside) < rule.minimum:
            out.append((start, end))
    return out

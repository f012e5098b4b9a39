"""Light edits: at most three changes, the rest word for word. A check for both writers, and the rules' way to make one.

A change is a run of words put in, taken out or replaced; marks, emoji and capitals do not count.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Protocol

import emoji

from bot.facts import facts, reading_once
from bot.models import Check, Context, Flag, Review, Rewrite
from bot.rewrite.checks import passed_all
from bot.rewrite.describe import describe
from bot.rewrite.mend import mend
from bot.rewrite.trial import Material, Rules, Trial
from bot.rewrite.words import Sentence, sentences, words

MAX_CHANGES, MIN_LEFT = 3, 0.5
"""Three is what people asked of such tools; that half of the words must stay keeps one change from being all of it."""
MAX_WORDS = 1_200
"""Longer drafts are not compared: that takes time with the square of the words."""
EXACT_WORDS, DOUBTFUL = 240, 12
"""Up to so many words of both texts, and so many changes, the count is exact: 0.15 s at most."""
MAX_ASKED = 4
_TAGS = re.compile(r"(?:(?:^|\s)[#＃]\w+){2,}\W*$")
_DANGLING = re.compile(r"\s+(?:at|on|via|here|:)\s*[.!]*$", re.IGNORECASE)
"""What is left in front of a link that was taken out."""


class FullWriter(Protocol):
    """What is needed of the rules-only writer: the questions it would ask."""

    def write(self, review: Review, context: Context, angles: int = 1) -> tuple[Rewrite, ...]:
        """Return up to ``angles`` rewrites."""
        ...


def few_changes(text: str, draft: str) -> str:
    """Say why a rewrite is no light edit; empty when it is one."""
    before, after = words(draft), words(text)
    if max(len(before), len(after)) > MAX_WORDS:
        return f"More than {MAX_WORDS:,} words are too many for a light edit."
    changes, left = _compared(before, after)
    if changes > MAX_CHANGES:
        return f"{changes} changes; a light edit has at most {MAX_CHANGES}."
    if left < MIN_LEFT * len(before):
        return f"Only {left} of {len(before)} words are left; a light edit keeps half."
    return ""


def _compared(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many changes lead from one to the other, and how many words are left."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    changes = sum(1 for tag, *_ in matcher.get_opcodes() if tag != "equal")
    left = sum(block.size for block in matcher.get_matching_blocks())
    if (MAX_CHANGES < changes <= DOUBTFUL or left < MIN_LEFT * len(before)) and len(before) + len(after) <= EXACT_WORDS:
        # difflib takes the longest run first, which is not the best where words come again and again. As many words
        # must be left: a run that swallows good words to be one change less is no light edit.
        most = _most_left(before, after)
        if most >= left:
            return MAX_CHANGES, most
    return changes, left


def _most_left(before: Sequence[str], after: Sequence[str]) -> int:
    """The most words that can be left when at most three runs change; below 0 when it takes more. By tables: for each
    pair of places, and 0 to 3 changes, the most words left when the last step was a match, or inside a change."""
    none = -(10**6)
    width = range(MAX_CHANGES + 1)
    nowhere = [none] * (MAX_CHANGES + 1)
    start = [0, *([none] * MAX_CHANGES)]
    matched = [[*start]]
    changed = [[*nowhere]]
    for i in range(len(before) + 1):
        now_matched: list[list[int]] = []
        now_changed: list[list[int]] = []
        for j in range(len(after) + 1):
            kept, inside = (start if i == j == 0 else nowhere), list(nowhere)
            if i and j and before[i - 1] == after[j - 1]:
                kept = [1 + max(matched[j - 1][k], changed[j - 1][k]) for k in width]
            for ok, said in ((i, (matched, changed)), (j, (now_matched, now_changed))):
                if ok:
                    at = j if said[0] is matched else j - 1
                    opened = [none, *said[0][at][:-1]]
                    inside = [max(inside[k], said[1][at][k], opened[k]) for k in width]
            now_matched.append(kept)
            now_changed.append(inside)
        matched, changed = now_matched, now_changed
    return max(*matched[-1], *changed[-1])


@reading_once()
def light_by_rules(
    review: Review, context: Context, rules: Rules, writer: FullWriter, angles: int
) -> tuple[Rewrite, ...]:
    """Make light edits without an LLM, the next ones for each ``context.variant``. May be none."""
    plain = context.model_copy(update={"light": False, "variant": 0})
    asked = [rewrite.question for rewrite in writer.write(review, plain, MAX_ASKED)]
    material = Material(review, plain, rules)
    found = light_edits(material, asked, context.variant + angles)
    start = context.variant % len(found) if found else 0
    return (found[start:] + found[:start])[:angles]


def light_edits(material: Material, questions: Iterable[str], wanted: int) -> tuple[Rewrite, ...]:
    """Make at most ``wanted`` light edits by rules: flagged sentences mended, a question put in. May be none.

    ``questions`` are those of the rewrites that rules would have made.
    """
    found: list[Rewrite] = []
    draft = material.review.text
    for text in _proposals(material, list(dict.fromkeys(questions))[:MAX_ASKED]):
        if len(found) >= wanted:
            break
        if any(r.question in text for r in found) or few_changes(text, draft):
            continue
        candidate = describe(text, material, "rules")
        if checks := passed_all(Trial(candidate, material)):
            found.append(candidate.model_copy(update={"checks": (*checks, Check(name="light", passed=True))}))
    return tuple(found)


def _proposals(material: Material, questions: list[str]) -> Iterator[str]:
    draft = material.review.text
    pieces = sentences(facts(draft))
    alone = [flag for flag in material.review.flags if material.rules.fires_alone(flag.rule)]
    mended = {n: _mended(piece) for n, piece in enumerate(pieces) if _touches(piece, alone)}
    worst = next((n for flag in alone for n, piece in enumerate(pieces) if _touches(piece, [flag])), None)
    cuts = [mended, {n: said for n, said in mended.items() if n == worst}, {}]
    for question in questions:
        for cut in (c for n, c in enumerate(cuts) if c not in cuts[:n]):
            for place in (1, 0):
                yield _put_together(draft, pieces, cut, question, place)


def _put_together(draft: str, pieces: tuple[Sentence, ...], cut: dict[int, str], question: str, place: int) -> str:
    """The draft with some sentences mended and the question behind (1) or before (0) the first one that is left."""
    text, at, asked = "", 0, False
    for number, piece in enumerate(pieces):
        said = cut.get(number, piece.text)
        gap = draft[at : piece.start]
        at = piece.end
        if not said:
            text += gap if "\n" in gap else ""
            continue
        text += gap if gap or not text else " "
        if not asked and question not in draft:
            text += f"{question} {said}" if place == 0 else f"{said} {question}"
            asked = True
        else:
            text += said
    return (text + draft[at:]).strip()


def _mended(piece: Sentence) -> str:
    """A sentence as rules mend it, without emoji; its links stay, and of several tags at its end the first."""
    bare = " ".join(emoji.replace_emoji(piece.text, " ").split())
    tail = _TAGS.search(bare)
    tags = tail.group().split()[:1] if tail else []
    bare = bare[: tail.start()] if tail else bare
    links = list(dict.fromkeys(link.text for link in facts(bare).of("link")))
    for link in links:
        bare = bare.replace(link, " ")
    said = mend(_DANGLING.sub("", " ".join(bare.split())))
    return " ".join(filter(None, (said, *(x for x in (*links, *tags) if x not in said))))


def _touches(piece: Sentence, flags: Iterable[Flag]) -> bool:
    return any(flag.start < piece.end and piece.start < flag.end for flag in flags)

"""Is a text a template: the same words sent to several readers? A next version of one's own draft is none.

Pure: the caller brings the team's recent texts. Nothing here changes a verdict or a score.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.models import Flag, Review
from bot.rules.cards import TWIN
from bot.text import mask, normalise

ALIKE = 80.0
"""How alike (0 to 100, rapidfuzz's ``ratio``) two texts must be once names, links and numbers are taken out. Of 111
agents' replies known to exist in near-copies 97% have another one of the same team at 80 and more, of 729 others none,
and 0.5% at 70 (service replies of the development sets, eight words and more)."""
MIN_WORDS = 8
"""Shorter texts ("Thanks so much, have a lovely weekend") are alike without being a template."""
MAX_EARLIER = 500
"""Texts looked at, the newest: a few milliseconds."""
ENOUGH = 5
"""Copies after which no more are looked for: by then it is a template."""

UNLIKE = 50.0
"""Texts less alike than this as they were written are no twins: a look that costs a hundredth of the real one. Of 445
twins among the same replies and auto-DMs none is below 73, and of all their pairs 0.2% are at 55 and more."""

_SLOT = "\x02"
_GREETED = re.compile(
    r"^\W*(?:(?i:hi|hello|hey|hiya|dear|thanks|thank you|good (?:morning|afternoon|evening)))\b"
    r"(?:[ ,]+(?i:there|so much))?[ ,]+(?P<name>[A-Z][\w'-]+)"
)
_MENTION = re.compile(r"(?<![\w@/])@(\w[\w-]*)")
_NUMBER = re.compile(r"\d[\d.,:]*")
_TOKEN = re.compile(rf"[\w']+|{_SLOT}")


class Earlier(NamedTuple):
    """A text the team wrote lately."""

    text: str
    same_author: bool = False
    """By the author of the text it is compared with. Then only a text to another reader is a twin, not a version."""


class Twins(NamedTuple):
    """How many earlier texts say the same to others, ``ENOUGH`` at most, and how alike the nearest is (0 to 100)."""

    copies: int
    likeness: float


class _Shape(NamedTuple):
    skeleton: str
    words: int
    readers: frozenset[str]


def find_twins(text: str, earlier: Iterable[Earlier]) -> Twins | None:
    """The near-copies of ``text`` among ``earlier`` (newest first), or None. Never raises.

    Two texts to the same named reader are versions of one draft, whoever wrote them.
    """
    ours = _shape(text)
    if ours.words < MIN_WORDS:
        return None
    found: list[float] = []
    for other, _ in zip(earlier, range(MAX_EARLIER), strict=False):
        theirs = _shape(other.text)
        likeness = fuzz.ratio(ours.skeleton, theirs.skeleton, score_cutoff=ALIKE)
        if likeness and _other_reader(ours, theirs, same_author=other.same_author):
            found.append(likeness)
            if len(found) == ENOUGH:
                break
    return Twins(len(found), round(max(found), 1)) if found else None


def may_be_twins(text: str, other: str) -> bool:
    """Whether a closer look is worth it; both texts as they were written."""
    return bool(fuzz.ratio(text, other, score_cutoff=UNLIKE))


def with_twins(review: Review, twins: Twins | None) -> Review:
    """The review with a flag for its twins, last; verdict and score stay as they are."""
    if twins is None:
        return review
    start = len(review.text) - len(review.text.lstrip())
    end = max(start, len(review.text.rstrip()))
    flag = Flag(
        rule=TWIN.id,
        category="robotic",
        severity=TWIN.severity,
        start=start,
        end=end,
        match=review.text[start:end],
        why=TWIN.why,
        question=TWIN.question,
    )
    return review.model_copy(update={"flags": (*review.flags, flag)})


def _other_reader(ours: _Shape, theirs: _Shape, *, same_author: bool) -> bool:
    if ours.readers and theirs.readers:
        return ours.readers.isdisjoint(theirs.readers)
    return not same_author


def _shape(text: str) -> _Shape:
    """What stays the same from reader to reader, and who the readers are."""
    plain = normalise(text).text
    greeted = _GREETED.match(_MENTION.sub("", plain, count=1) if plain.lstrip().startswith("@") else plain)
    name = greeted["name"] if greeted else None
    readers = {handle.casefold() for handle in _MENTION.findall(plain)} | ({name.casefold()} if name else set())
    bare = re.sub(r"[\x01-\x05]+", f" {_SLOT} ", mask(plain))
    if name:
        bare = re.sub(rf"\b{re.escape(name)}\b", _SLOT, bare)
    tokens = _TOKEN.findall(_NUMBER.sub(_SLOT, bare).casefold())
    return _Shape(" ".join(tokens), sum(token != _SLOT for token in tokens), frozenset(readers))

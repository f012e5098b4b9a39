"""Which question suits a draft: its subject and kind, found by words, and a choice that its own words decide."""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from bot.facts import fold, word_set
from bot.rewrite.data import packaged
from bot.rewrite.words import words

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I | re.M))
    for kind, pattern in (
        (
            "event",
            r"\b(?:webinar|workshop|conference|seminar|summit|meet-?up|panel|join us|rsvp|tune in|going live|live"
            r" event|masterclass)\b",
        ),
        ("sale", r"\d ?% off|\$\d+ off|\b(?:discount|coupon|promo code|black friday|on sale|free trial|early bird)\b"),
        ("quote", r"^\W{0,3}[\w. ]{3,40}: ['\"“]|['\"“][^'\"”]{25,300}['\"”]"),
        (
            "list",
            r"\b\d{1,2} (?:[\w-]+ )?(?:#?tips|ways|steps|lessons|things|mistakes|reasons|myths|habits|skills|ideas)\b",
        ),
        (
            "report",
            r"\b(?:new|the|our|latest|annual|research) (?:\w+ )?(?:report|survey|study)\b|\b(?:infographic|white"
            r" ?paper|statistics)\b|\b\d{1,3} ?%|\b\d/\d\b|\bout of \d",
        ),
        ("video", r"\b(?:watch|video|podcast|listen|episode|interview with)\b"),
        ("partnership", r"\b(?:partner(?:ed|ship|s)?|sponsors?|together with|teamed up|collaborat\w+|funded)\b"),
        (
            "launch",
            r"\b(?:announc\w+|introduc\w+|launch\w*|unveil\w*|releas\w+|now available|is (?:\w+ )?here|brand new"
            r"|new feature|shipped)\b|\b\d\.\d\b",
        ),
        ("product", r"\b(?:platform|tool|app|solution|features?|formulated|helps?|designed to|provides?|software)\b"),
        ("story", r"\bI (?:was|had|did|went|got|built|made|lost|learned|spent|stayed|thought)\b"),
    )
)
_MIXES = ("event", "list", "report", "video", "quote", "partnership")
_AUDIENCE = re.compile(
    r"\b(?:for|attention|calling all|help(?:s|ing)?|dear|if you work with|empower(?:s|ing)?)"
    r" #?((?:[a-z][a-z-]{2,20} ){0,2}"
    r"(?:founders|teams|owners|leads|parents|recruiters|creators|marketers|developers|designers|managers|students"
    r"|teachers|writers|nonprofits"
    r"|freelancers|agencies|entrepreneurs|data scientists|engineers|nurses|doctors|coaches|consultants|investors"
    r"|retailers|editors|leaders|builders))\b",
    re.I,
)
_NOT_AN_AUDIENCE = word_set("the our your my their all these those more most many some other and or of to valued busy")


class Found(NamedTuple):
    """What a draft is about: a subject of frames.yaml or None, a kind, and the audience it names or None."""

    subject: str | None
    kind: str
    audience: str | None


@lru_cache(maxsize=1)
def frames() -> dict[str, Any]:
    """Read the question frames of this package, once."""
    return packaged("frames.yaml")


@lru_cache(maxsize=1)
def _cues() -> tuple[dict[str, tuple[tuple[str, float], ...]], dict[str, list[str]]]:
    cues: dict[str, list[tuple[str, float]]] = {}
    questions = {}
    for subject in frames()["subjects"]:
        questions[subject["id"]] = subject["questions"]
        for cue in subject["cues"]:
            weight = 0.4 if cue.startswith("?") else 1.0 + cue.count(" ")
            cues.setdefault(cue.lstrip("?"), []).append((subject["id"], weight))
    return {cue: tuple(found) for cue, found in cues.items()}, questions


def look(text: str, mix: str) -> Found:
    """Find subject, kind and audience of a draft by its words."""
    return Found(_subject(text), _kind(text, mix), _audience(text))


def _subject(text: str) -> str | None:
    cues, _ = _cues()
    tags = re.findall(r"[#@](\w{2,100})", text)
    apart = " . ".join(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", tag) for tag in tags)
    plain = re.sub(r"https?://\S+|[#@]\w+(?=\s*(?:[#@]\w|$))", " ", text)
    body = len(_parts(plain))
    told = [*_parts(plain), "", *_parts(apart), "", *_parts(" ".join(tags))]
    weights: dict[str, float] = {}
    seen = set()
    for at in range(len(told)):
        for size in (1, 2, 3):
            cue = " ".join(told[at : at + size])
            cue = cue if cue in cues else cue.removesuffix("s")
            if cue in cues and cue not in seen:
                seen.add(cue)
                for subject, weight in cues[cue]:
                    # A tag says less of what a text is about than its sentences do.
                    weights[subject] = weights.get(subject, 0) + (weight if at < body else weight * 0.6)
    best = max(weights, key=lambda s: weights[s], default=None)
    return best if best and weights[best] >= 0.6 else None


def _parts(text: str) -> list[str]:
    found = []
    for word in words(text):
        word = word.removesuffix("'s")
        found += [word, *word.split("-")] if "-" in word else [word]
    return found


def _kind(text: str, mix: str) -> str:
    for kind, pattern in _KINDS:
        if pattern.search(text):
            return kind
    return "news" if mix in ("news", "sharing_others") else "any"


def _audience(text: str) -> str | None:
    match = _AUDIENCE.search(text)
    if not match:
        return None
    named = match.group(1).split()
    while named and fold(named[0]) in _NOT_AN_AUDIENCE:
        named.pop(0)
    return " ".join(named) or None


def post_questions(found: Found) -> tuple[str, ...]:
    """Return all questions that suit a post, best suited first, before a draft's words choose among them."""
    _, by_subject = _cues()
    kinds, about = frames()["kinds"], by_subject.get(found.subject or "", [])
    if about:
        # A talk, a list or a report can be asked about as such; what is sold is better left out of the question.
        return (*about, *(kinds[found.kind][:2] if found.kind in _MIXES else ()))
    if found.audience:
        small = found.audience.lower() if not re.search(r"[A-Z]{2}", found.audience) else found.audience
        cap = small[0].upper() + small[1:]
        return tuple(q.format(audience=small, Audience=cap) for q in frames()["audience"])
    return tuple(kinds[found.kind])


def pick(options: Sequence[str], text: str, turn: int = 0) -> tuple[str, ...]:
    """Order ``options`` by what the text hashes to, so that neighbours differ and the same text keeps its order."""
    start = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:4], "big") + turn
    return tuple(options[(start + i) % len(options)] for i in range(len(options)))

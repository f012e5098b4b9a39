"""Which question suits a draft: its subject and kind, found by words, and a choice that its own words decide."""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, get_args

from bot.facts import fold, word_set
from bot.models import Angle
from bot.rewrite.data import packaged
from bot.rewrite.kinds import SURE, kind_of
from bot.rewrite.topics import many_of, org_of, topic
from bot.rewrite.words import words

# What is proudly told is the sender's own, whatever name it gives itself.
_PROUD = re.compile(r"\b(?:proud|excited|delighted|thrilled|pleased|happy|honou?red) to\b", re.I)
_BOLD: tuple[Angle, ...] = ("candid", "playful")
_ABOUT_ITSELF = (
    "event",
    "list",
    "headlist",
    "figure",
    "advice",
    "deed",
    "howto",
    "report",
    "paper",
    "video",
    "article",
)
"""What is said can itself be asked about, and that fits better than its subject."""
_NEAR = (
    "sunscreen",
    "skincare",
    "beauty",
    "season",
    "picture",
    "illness",
)
"""One word is enough to ask about these: it seldom means anything else, and the questions suit news of it too."""
_MAY_NAME = ("hiring", "show", "open_day", "entries", "research", "day", "sale", "sale_many")
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


OPENING_CHARS = 700
CLEAR = 1.9
"""So much must its words weigh before a subject is asked about: two words of it, or a pair that means nothing else."""


class Found(NamedTuple):
    """What a draft is about: a subject of frames.yaml or None, a kind, and the audience it names or None."""

    subject: str | None
    kind: str
    audience: str | None


@lru_cache(maxsize=1)
def frames() -> dict[str, Any]:
    """Read the question frames of this package, once."""
    return packaged("frames.yaml")


class Frame(NamedTuple):
    """A question, or a message with gaps, and the tone it is said in."""

    text: str
    angle: Angle


def read_frames(listed: Sequence[str | dict[Angle, str]]) -> tuple[Frame, ...]:
    """Read a list of frames.yaml: an item is a text, which is curious, or ``angle: text``."""
    return tuple(
        Frame(item, "curious") if isinstance(item, str) else Frame(*next((text, angle) for angle, text in item.items()))
        for item in listed
    )


@lru_cache(maxsize=1)
def _cues() -> tuple[dict[str, tuple[tuple[str, float], ...]], dict[str, tuple[Frame, ...]]]:
    cues: dict[str, list[tuple[str, float]]] = {}
    questions = {}
    for subject in frames()["subjects"]:
        questions[subject["id"]] = read_frames(subject["questions"])
        for cue in subject["cues"]:
            weight = 0.4 if cue.startswith("?") else 1.0 + cue.count(" ")
            cues.setdefault(cue.lstrip("?"), []).append((subject["id"], weight))
    return {cue: tuple(found) for cue, found in cues.items()}, questions


def look(text: str, mix: str, said: str = "") -> Found:
    """Find subject, kind and audience of a draft by its words; those of ``said``, what is left of it, count first."""
    plain = re.sub(r"https?://\S+", " ", text)
    # What was cut has a say only when it speaks clearly.
    speaks = re.search(r"\b(?:you|your|we|our|us|i|my)\b", plain, re.I) is not None
    # One word is too little: "nutrition" in a headline asks nobody about breakfast.
    subject = (_subject(said, CLEAR) if said else None) or _subject(plain, at_least=CLEAR)
    if not subject:
        near = _subject(said or plain, at_least=1)
        subject = near if near in _NEAR else None
    kind = kind_of(plain[:OPENING_CHARS], said[:OPENING_CHARS], mix)
    return Found(subject, kind, _audience(plain[:OPENING_CHARS]) if speaks else None)


# "Elm Wealth sponsors a race": what somebody is called is not what they talk about. A headline's capitals say nothing.
_NAMES = re.compile(r"(?<![\w#'’])(?:[A-Z][a-z]+ ){1,3}[A-Z][a-z]+(?= [a-z]|['’]s)")


def _subject(text: str, at_least: float = 0.6) -> str | None:
    cues, _ = _cues()
    text = _NAMES.sub(" . ", re.sub(r"@\w+", " ", text))
    tags = re.findall(r"#(\w{2,100})", text)
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
    return best if best and weights[best] >= at_least else None


def _parts(text: str) -> list[str]:
    found = []
    for word in words(text):
        word = word.removesuffix("'s")
        found += [word, *word.split("-")] if "-" in word else [word]
    return found


def _audience(text: str) -> str | None:
    match = _AUDIENCE.search(text)
    if not match:
        return None
    named = match.group(1).split()
    while named and fold(named[0]) in _NOT_AN_AUDIENCE:
        named.pop(0)
    return " ".join(named) or None


def post_questions(found: Found, text: str, angle: Angle | None, said: str = "") -> tuple[str, ...]:
    """Return the questions that suit a post, best suited first: eight at least, each once.

    ``said`` is what is left of the post once it is tidied.
    """
    _, by_subject = _cues()
    kinds = frames()["kinds"]
    about = by_subject.get(found.subject or "", ())
    # What a long post is about, it says at its start.
    own, theme = _for_topic(text[:OPENING_CHARS]), _for_theme(text[:OPENING_CHARS])
    kind = read_frames(kinds[found.kind])
    named = _for_audience(found.audience)
    if found.kind in SURE:
        groups = [kind, own if found.kind in _MAY_NAME else (), about, named]
        if found.kind == "day" and about:
            groups = [about, kind]  # what the day is for
    elif own:
        groups = [own, kind if found.kind in _ABOUT_ITSELF else about, about, named, theme, kind]
    elif found.kind in _ABOUT_ITSELF:
        groups = [kind, about, named, theme]
    elif theme and found.kind not in ("sale", "story", "launch", "product"):
        groups = [theme, about, named, kind]
    elif about:
        # A talk or a report can be asked about as such; what is sold is better left out of the question.
        groups = [own, (*about, *(kind[:2] if found.kind in _MIXES else ())), named, kind]
    else:
        groups = [own, named, kind]
    if found.kind == "news" and (org := org_of(said)) and not own and not _PROUD.search(text):
        asked = frames()["topics"]["org"]
        groups.insert(0, tuple(f._replace(text=f.text.replace("{org}", org)) for f in read_frames(asked)))
    elif found.kind in ("news", "remark") and not own and (many := many_of(said)):
        asked = frames()["topics"]["many"]
        groups.insert(0, tuple(f._replace(text=f.text.replace("{many}", many)) for f in read_frames(asked)))
    groups.append(read_frames(kinds["any"]))
    if angle is None:
        # Bluntness and jokes are for who asks for them: they come last.
        groups = [tuple(f for f in g if (f.angle in _BOLD) == bold) for bold in (False, True) for g in groups]
    else:
        first = tuple(f for group in groups[:3] for f in group if f.angle == angle)
        groups = [first, read_frames(frames()["angles"][angle]["questions"]), *groups]
    return tuple(dict.fromkeys(q for group in groups for q in pick([f.text for f in group], text)))


def _for_topic(text: str) -> tuple[Frame, ...]:
    said = topic(text)
    asked = frames()["topics"]
    # The plainest that was found, and no other: a mix of two reads like two posts.
    for kind in ("pain", "task", "group", "talk", "occasion", "thing", "who", "new"):
        if words := getattr(said, kind):
            return tuple(f._replace(text=f.text.replace(f"{{{kind}}}", words)) for f in read_frames(asked[kind]))
    return ()


@lru_cache(maxsize=2)
def _listed(key: str) -> re.Pattern[str]:
    listed = sorted((" ".join(t.split()) for t in frames()[key].split(",")), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, listed)) + r")(?![\w-])", re.I)


def _for_theme(text: str) -> tuple[Frame, ...]:
    """Return the questions about a word of the wide world, or about something that people do themselves."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"https?://\S+|@\w+|#", " ", text))
    for key, kind in (("crafts", "thing"), ("themes", "theme")):
        if match := _listed(key).search(plain):
            listed = read_frames(frames()["topics"][kind])
            return tuple(f._replace(text=f.text.replace(f"{{{kind}}}", match.group(1).lower())) for f in listed)
    return ()


def _for_audience(audience: str | None) -> tuple[Frame, ...]:
    if not audience:
        return ()
    small = audience.lower() if not re.search(r"[A-Z]{2}", audience) else audience
    cap = small[0].upper() + small[1:]
    return tuple(
        f._replace(text=f.text.format(audience=small, Audience=cap)) for f in read_frames(frames()["audience"])
    )


def voices(text: str, angle: Angle | None) -> tuple[str, ...]:
    """Return the ways to put a question, in the order that the text decides."""
    return pick(frames()["angles"][angle]["voices"] if angle else frames()["voices"], text)


def in_turn(listed: Sequence[str | dict[Angle, str]], text: str, angle: Angle | None) -> tuple[str, ...]:
    """Return the frames of a list as the text decides, those of the wanted tone first."""
    found = read_frames(listed)
    wanted = (angle,) if angle else tuple(a for a in get_args(Angle) if a not in _BOLD)
    first = [f.text for f in found if f.angle in wanted]
    return (*pick(first, text), *pick([f.text for f in found if f.angle not in wanted], text))


def pick(options: Sequence[str], text: str) -> tuple[str, ...]:
    """Order ``options`` by what text and option hash to: the same text keeps its order, and neighbours differ."""
    seed = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return tuple(sorted(options, key=lambda o: hashlib.blake2b(seed + o.encode(), digest_size=8).digest()))

"""Which question suits a draft: its subject and kind, found by words, and a choice that its own words decide."""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, get_args

from bot.facts import Facts, fold, word_set
from bot.models import Angle
from bot.rewrite.asks import commands
from bot.rewrite.data import packaged
from bot.rewrite.topics import IS_OVER, topic
from bot.rewrite.words import words

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I | re.M))
    for kind, pattern in (
        (
            "list",
            r"\b\d{1,2} (?:[\w-]+ )?(?:#?tips|ways|steps|lessons|things|mistakes|reasons|myths|habits|skills"
            r"|ideas|articles|signs|rules|principles|questions|books|projects|blunders|best practices|faux pas"
            r"|secrets)\b",
        ),
        (
            "event",
            r"\b(?:seats|tickets|register (?:now|for|to|here)|evening with|see us at|visit us|meet us|(?:stand"
            r"|booth|hall) \d+|webinar"
            r"|workshop|conference|seminar|summit"
            r"|meet-?up|panel|join us (?:for|at|on|in|as|live|today|tomorrow|this|next)|rsvp|tune in|going live|live"
            r" event|masterclass)\b",
        ),
        (
            "sale_many",
            r"(?:\d ?% off|\d for \d|half price|\bsale\b)[^.!?\n]{0,40}\b(?:all|any|every|everything|selected|range"
            r"|collection|site-?wide|store-?wide)\b|\b(?:site|store)-?wide sale\b|\b(?:all|any"
            r"|every)\b[^.!?\n]{0,30}\d ?% off",
        ),
        (
            "sale",
            r"\bfrom (?:only |just )?[£$€]\d|\bbuy (?:one|two|\d)\b[^.!?\n]{1,40}\bget\b|\bhalf price\b"
            r"|\b(?:flash|summer|winter) sale\b|\d ?% off|\$\d+ off|\b(?:discount|coupon|promo code|black friday"
            r"|on sale|free trial|early bird)\b",
        ),
        ("quote", r"^\W{0,3}[\w. ]{3,40}: ['\"“]|(?<!\w)['\"“‘][^\"”]{25,300}['\"”’](?!\w)"),
        (
            "report",
            r"\b(?:new|the|our|latest|annual|research) (?:\w+ )?(?:report|survey|study)\b|\b(?:infographic|white"
            r" ?paper|statistics)\b",
        ),
        (
            "advice",
            r"^\W{0,3}(?:\w+ ){0,2}(?:tip|advice)\b[^.\n]{0,30}:|\b(?:pro tip|remember to|don't let|make sure"
            r" (?:to|you))\b",
        ),
        ("howto", r"^\W{0,3}how (?:to|i) |\b(?:secrets|guide|steps) to\b|\bhow-to\b"),
        # A share of people can be asked about; a rate of a market is news.
        (
            "figure",
            r"\b(?!100\b)\d{1,3} ?(?:%|per ?cent) of (?!(?:its|the|sales|revenue|net|its) )[a-z]|\b\d/\d\b"
            r"|\b\d (?:in|out of) \d",
        ),
        ("trailer", r"\b(?:trailer|teaser|gameplay)\b"),
        (
            "video",
            r"\b(?:watch (?:the|our|this|how|as|us|it|now|here|what|why)|video|podcast|listen|episode|interview"
            r" with)\b|\bwatch:",
        ),
        (
            "deed",
            r"\b(?:volunteer\w*|foundation|charit\w+|nonprofits?|donat\w+|communities|community"
            r" (?:day|project|group|garden|centre|center|work|service|kitchen)|initiatives?"
            r"|program(?:me)?s?"
            r"|campaign|families|tackl\w+|empower\w*|give back|giving back|lend a hand|(?:solves|reduced|supports"
            r"|enables"
            r"|transforms|encourages|strips) )\b",
        ),
        ("partnership", r"\b(?:partner(?:ed|ship|s)?|sponsors?|together with|teamed up|collaborat\w+|funded)\b"),
        (
            "launch",
            r"\b(?:announc\w+|introduc\w+|launch\w*|unveil\w*|releas\w+|now available|is (?:\w+ )?here|brand new"
            r"|new feature|shipped)\b|\b\d\.\d\b",
        ),
        (
            "product",
            r"\b(?:our|new|this|the) (?:[\w-]+ ){0,2}(?:tool|solution|features?)\b|\b(?:platform|app|software)\b",
        ),
        ("story", r"\bI (?:was|had|did|went|got|built|made|lost|learned|spent|stayed|thought)\b"),
    )
)
_BOLD: tuple[Angle, ...] = ("candid", "playful")
_OURS = re.compile(r"\b(?:we|we're|we've|our|us|my|introducing|meet|is out|are out)\b", re.I)
"""Somebody else's launch is news, and what the reader uses for it is not the question."""
_SEEN_IN_ALL = ("event", "sale", "sale_many", "launch", "video")
_ABOUT_ITSELF = ("event", "list", "figure", "advice", "deed", "howto")
"""What is said can itself be asked about, and that fits better than its subject."""
_NEAR = (
    "sunscreen",
    "skincare",
    "beauty",
    "season",
    "picture",
    "investing",
    "results",
    "awards",
    "appointment",
    "illness",
)
"""One word is enough to ask about these: it seldom means anything else, and the questions suit news of it too."""
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
    # One word in somebody else's news is too little: "nutrition" in a headline asks nobody about breakfast.
    subject = (_subject(said, 0.6 if speaks else 2) if said else None) or _subject(
        plain, at_least=(1.5 if said else 0.6) if speaks else 2
    )
    if not (subject or speaks):
        near = _subject(said or plain)
        subject = near if near in _NEAR else None
    kind = _kind(plain[:OPENING_CHARS], said[:OPENING_CHARS], mix)
    return Found(subject, kind, _audience(plain[:OPENING_CHARS]) if speaks else None)


def _subject(text: str, at_least: float = 0.6) -> str | None:
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
    return best if best and weights[best] >= at_least else None


def _parts(text: str) -> list[str]:
    found = []
    for word in words(text):
        word = word.removesuffix("'s")
        found += [word, *word.split("-")] if "-" in word else [word]
    return found


def _kind(text: str, said: str, mix: str) -> str:
    for kind, pattern in _KINDS:
        # An invitation shows in what was cut, a quote or a figure must still be there to be asked about.
        if pattern.search(text if kind in _SEEN_IN_ALL or not said else said) and (
            (kind != "launch" or _OURS.search(f"{text} {said}")) and (kind != "event" or not IS_OVER.search(text))
        ):
            return kind
    ours = re.search(r"\b(?:we|our|us|you|your|i|my)\b", f"{text} {said}", re.I) or commands(Facts(text, ()))
    return "news" if mix in ("news", "sharing_others") or not ours else "any"


def _audience(text: str) -> str | None:
    match = _AUDIENCE.search(text)
    if not match:
        return None
    named = match.group(1).split()
    while named and fold(named[0]) in _NOT_AN_AUDIENCE:
        named.pop(0)
    return " ".join(named) or None


def post_questions(found: Found, text: str, angle: Angle | None) -> tuple[str, ...]:
    """Return the questions that suit a post, best suited first: eight at least, each once."""
    _, by_subject = _cues()
    kinds = frames()["kinds"]
    about = by_subject.get(found.subject or "", ())
    # What a long post is about, it says at its start.
    own, theme = _for_topic(text[:OPENING_CHARS]), _for_theme(text[:OPENING_CHARS])
    kind = read_frames(kinds[found.kind])
    named = _for_audience(found.audience)
    if own:
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

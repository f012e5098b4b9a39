"""What can be counted in a text: the names that metric rules and conditions use."""

import math
import re
from collections import Counter
from itertools import repeat
from typing import NamedTuple

from bot.models import Topic
from bot.rules.sensitive import topic_of
from bot.text.masks import Piece, mask, pieces

Spans = list[tuple[int, int]]

NETWORK_LIMITS = {"x": 280, "linkedin": 3000, "instagram": 2200, "facebook": 63206, "threads": 500, "sms": 160}
"""Longest post in characters (X: weighted, a link counts 23 and an emoji 2; SMS: one plain message)."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_HASHTAG = re.compile(r"#(?<![\w&#/<]#)(?=\w*[^\W\d_])\w+")
_SENTENCE_END = re.compile(r"[.!?…\n](?:(?<=\n)\n*|(?<!\n)[.!?…]*[\"')\]]*(?=\s|$))")  # a fixed start: half the time
_SEGMENT = re.compile(r"[^.!?\n]*+(?:\?+|[.!]+|\n|\Z)")
_EXCLAMATION = re.compile(r"!+")
# Patterns start with what they look for and look back afterwards: Python's search is fast on a fixed start.
_CAPS = re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]{2,}(?:'[A-Z]+)?\b")
_SHOUTED = frozenset(
    ("NEW", "NOW", "BIG", "FREE", "WIN", "YES", "ALL", "GET", "YOU", "BUY", "TODAY", "HUGE", "STOP", "LAST", "ONLY",
     "MUST", "BEST", "JOIN", "SAVE", "THIS", "NEVER", "YOUR", "APPLY", "ORDER", "CLICK", "SALE", "OFFER", "HURRY",
     "SHOP", "HERE", "LOVE", "EVERY", "STILL")
)  # fmt: skip
_DASH = re.compile(r"—| (?<=\w )-- (?=\w)|–(?<= –)(?= )")
_DASHES = ("—", " -- ", " – ")
_EMOJI = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}|[\u2600-\u27bf\u2b05-\u2b55\u231a-\u23ff\U0001f300-\U0001faff])"
    "(?:[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d[\u2640\u2642\u2600-\u27bf\U0001f300-\U0001faff])*"
)
_EMOJI_BULLET = re.compile(
    r"(?m)^[ \t]*(?:[\u2600-\u27bf\u2b05-\u2b55\U0001f300-\U0001faff]|[0-9]\ufe0f?\u20e3)\ufe0f?[ \t]"
)
_LIST_ITEM = re.compile(r"(?m)^[ \t]*(?:[-*•–→✅✔👉]|\(?\d{1,2}[.)\ufe0f\u20e3])[ \t]*\S")
_GREETING = re.compile(
    r"""(?ix)^\W*(?:hi|hello|hey|hiya|dear|hola|good\ (?:morning|afternoon|evening)|yo|oh|aw+|hm+|ah+|ha(?:ha)*|lol
    |yes|no|yep|nope|yeah|ok(?:ay)?)\b"""
)
_REPLY_START = re.compile(r"^\s*\x04+(?!\x04)(?P<next>\s+(?:&|\x04+)|'s|\s+[^\W\d_]+)?")
# After a mention these speak of somebody, not to them.
_SPEAKS_OF = frozenset(
    ("'s", "&", "and", "is", "was", "are", "has", "have", "had", "will", "can", "announces", "announce", "launches",
     "launched", "names", "named", "discusses", "awarded", "wins", "won", "unveils", "unveiled", "says", "said",
     "talks", "presents", "introduces", "enables", "helps", "brings", "offers", "supports", "explains", "praised",
     "joins")
)  # fmt: skip
_RETWEET = re.compile(r"(?:^|\s)(?:RT|MT)\s*:?\s*\x04")
_SIGN_OFF = re.compile(
    r"(?:(?<!/)[-–—^/~]\s?[A-Z][A-Za-z]{1,12}|\b[Tt]hanks?[,!.]? ?-? ?[A-Z][a-z]{2,12}|- ?[A-Z][a-z]+ [A-Z][a-z]+)"
    r"\s*(?:\d/\d)?[\s\x02]*$"
)
_I = frozenset(("i", "i'm", "i've", "i'd", "i'll", "my", "me", "mine", "myself", "im", "ive"))
_WE = frozenset(("we", "we're", "we've", "we'd", "we'll", "our", "ours", "us", "let's"))
_YOU = frozenset(("you", "you're", "you've", "you'd", "you'll", "your", "yours", "u", "ur"))
_NONE = repeat(0)
_PRICE = re.compile(r"[$€£]\d")
_NUMBER = re.compile(r"\d(?<![\w.,/#]\d)[\d,.]*(?:%|\b)")


BRIEF = 12
"""Words that a quick answer has at most; with a link or a tag it is none."""


class Counted(NamedTuple):
    """A text made ready for rules: what they read (``prose``), what was counted, and where it stands."""

    prose: str
    """Masked at equal length; hashtags at the end of a line are blank, so that one more never changes a word rule."""
    numbers: dict[str, float]
    spans: dict[str, Spans]
    topic: Topic | None = None
    """What it is about that people write with care."""


NAMES = frozenset(
    ("words", "chars", "sentences", "questions", "exclamations", "bangs", "links", "hashtags", "mentions", "emoji",
     "caps", "em_dashes", "emoji_bullets", "list_items", "greeting", "reply_start", "retweet", "sign_off", "i", "we",
     "you", "numbers", "sentence_spread", "grade", "over_limit", "in_dm", "reach", "lower_start", "prices", "sensitive",
     "quotes", "brief",
     "to_one")
)  # fmt: skip
"""Every name a condition may use besides the ids of word rules."""


def prepare(text: str, network: str | None = None) -> Counted:
    """Mask and count one normalised text. Linear in its length; character offsets throughout."""
    found = pieces(text)
    masked = mask(text, found=found)
    spans = _marks(masked, found)
    prose = _blank(masked, _at_the_edge(masked, spans["hashtags"]))
    bare = _blank(masked, spans["hashtags"])
    numbers = {name: float(len(where)) for name, where in spans.items()}
    numbers["bangs"] = float(sum(end - start for start, end in spans["exclamations"]))
    numbers |= _people(bare)
    numbers |= _shape(bare, numbers["words"], numbers.pop("letters"))
    numbers["greeting"] = float(bool(_GREETING.match(prose)))
    opening = _REPLY_START.match(prose)
    numbers["reply_start"] = float(opening is not None and (opening["next"] or "").strip().lower() not in _SPEAKS_OF)
    numbers["lower_start"] = float(masked.lstrip()[:1].islower())
    numbers["retweet"] = float(("RT" in prose or "MT" in prose) and bool(_RETWEET.search(prose)))
    numbers["sign_off"] = float(bool(_SIGN_OFF.search(prose.rstrip()[-40:])))
    numbers["to_one"] = float(bool(numbers["greeting"] or numbers["reply_start"] or numbers["sign_off"]))
    numbers["in_dm"] = float(network in ("dm", "email", "sms"))
    numbers["reach"] = (
        numbers["links"]
        + numbers["hashtags"]
        + float(numbers["list_items"] >= 3)
        + numbers["emoji"]
        + numbers["prices"]
    )
    numbers["brief"] = float(0 < numbers["words"] <= BRIEF and not (numbers["links"] or numbers["hashtags"]))
    numbers["quotes"] = float("\x03" in prose)
    numbers["chars"] = float(len(text))
    limit = NETWORK_LIMITS.get(network or "")
    numbers["over_limit"] = float(limit is not None and length_on(network, text, spans) > limit)
    if numbers["over_limit"] and limit is not None:
        spans["over_limit"] = [(min(limit, len(text) - 1), len(text))]
    topic = topic_of(prose)
    numbers["sensitive"] = float(topic is not None)
    return Counted(prose, numbers, spans, topic)


def _marks(masked: str, found: list[Piece]) -> dict[str, Spans]:
    def spans(pattern: re.Pattern[str], sign: str | None = None) -> Spans:
        return [m.span() for m in pattern.finditer(masked)] if sign is None or sign in masked else []

    ascii_only = masked.isascii()
    marks = {
        "links": [(p.start, p.end) for p in found if p.kind == "link"],
        "mentions": [(p.start, p.end) for p in found if p.kind == "mention"],
        "hashtags": spans(_HASHTAG, "#"),
        "questions": [m.span() for m in _SEGMENT.finditer(masked) if m[0].endswith("?")] if "?" in masked else [],
        "exclamations": spans(_EXCLAMATION, "!"),
        "em_dashes": spans(_DASH) if any(sign in masked for sign in _DASHES) else [],
        "emoji": [] if ascii_only else spans(_EMOJI),
        "emoji_bullets": [] if ascii_only else spans(_EMOJI_BULLET),
        "list_items": spans(_LIST_ITEM, "\n"),
        "numbers": spans(_NUMBER),
        "prices": spans(_PRICE) if any(sign in masked for sign in "$€£") else [],
    }
    tags = {start for start, _ in marks["hashtags"]}
    marks["caps"] = [
        m.span() for m in _CAPS.finditer(masked) if m.start() - 1 not in tags and (m[0] in _SHOUTED or _is_word(m[0]))
    ]
    return marks


def _blank(text: str, spans: Spans) -> str:
    out: list[str] = []
    at = 0
    for start, end in spans:
        out += [text[at:start], " " * (end - start)]
        at = end
    return "".join((*out, text[at:])) if out else text


def _at_the_edge(text: str, tags: Spans) -> Spans:
    """The hashtags with nothing but other hashtags between them and the start or the end of their line."""
    ends = [0, *(end for _, end in tags)]
    starts = [*(start for start, _ in tags), len(text)]
    gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    leads: list[bool] = []
    trails: list[bool] = []
    for gap in gaps[:-1]:
        leads.append(not gap.rpartition("\n")[2].strip() and ("\n" in gap or not leads or leads[-1]))
    for gap in gaps[:0:-1]:
        trails.append(not gap.partition("\n")[0].strip() and ("\n" in gap or not trails or trails[-1]))
    return [tag for tag, lead, trail in zip(tags, leads, reversed(trails), strict=True) if lead or trail]


def _is_word(caps: str) -> bool:
    """Long enough, and with vowels enough, to be a shouted word and no acronym."""
    return len(caps) >= 6 and sum(letter in "AEIOUY" for letter in caps) >= 2


def _people(bare: str) -> dict[str, float]:
    words = _WORD.findall(bare.lower())
    times = Counter(words)
    return {
        "words": float(len(words)),
        "letters": float(len("".join(words))),
        "i": float(sum(map(times.get, _I, _NONE))),  # .get, since a Counter makes its zeros in slow Python
        "we": float(sum(map(times.get, _WE, _NONE))),
        "you": float(sum(map(times.get, _YOU, _NONE))),
    }


def _shape(bare: str, words: float, letters: float) -> dict[str, float]:
    """Sentences, the spread of their lengths in words, and a Coleman-Liau reading grade (0 under 40 words)."""
    lengths = [len(part.split()) for part in _SENTENCE_END.split(bare) if part.strip()]
    grade = 5.88 * letters / words - 29.6 * len(lengths) / words - 15.8 if words >= 40 else 0.0
    return {
        "sentences": float(len(lengths)),
        "sentence_spread": _spread(lengths) if len(lengths) > 1 else 99.0,
        "grade": grade,
    }


def _spread(lengths: list[int]) -> float:
    """Population standard deviation; statistics.pstdev is exact and a hundred times slower."""
    mean = sum(lengths) / len(lengths)
    return math.sqrt(sum((length - mean) ** 2 for length in lengths) / len(lengths))


def length_on(network: str | None, text: str, spans: dict[str, Spans]) -> int:
    """Length as the network counts it; on X a link is 23 and an emoji 2, whatever their characters."""
    if network != "x":
        return len(text)
    fixed = sum(end - start for name in ("links", "emoji") for start, end in spans[name])
    return len(text) - fixed + 23 * len(spans["links"]) + 2 * len(spans["emoji"])


def sentences(text: str) -> list[tuple[int, int]]:
    """Character spans of the sentences; line breaks end one too."""
    spans, at = [], 0
    for end in _SENTENCE_END.finditer(text):
        if text[at : end.end()].strip():
            spans.append((at, end.end()))
        at = end.end()
    if text[at:].strip():
        spans.append((at, len(text)))
    return spans

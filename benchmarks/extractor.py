"""Facts of a text by other eyes than the product's: plain patterns, nothing shared with ``bot``.

What both miss stays missed; what only one of them misses shows in benchmarks/rewrites.py.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LINK = re.compile(
    r"https?://[^\s<>\"”)\]]+|\bwww\.[^\s<>\"”)\]]+|\b[a-z0-9-]+\.(?:com|org|net|io|co|example)(?:/[^\s<>)\]]*)?\b",
    re.I,
)
_DATES = "|".join([*_MONTHS, *_DAYS, *(m[:3] for m in _MONTHS)])
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("link", _LINK),
    ("mention", re.compile(r"(?<![\w/.])@\w+")),
    ("hashtag", re.compile(r"(?<![\w/&])#[^\W\d]\w*|(?<![\w/&])#\d+[^\W\d]\w*")),
    ("price", re.compile(r"[$€£¥₹]\s?\d[\d,.]*\d?")),
    ("date", re.compile(rf"\b(?:{_DATES})\b\.?(?=\s?\d|\W|$)", re.I)),
    ("number", re.compile(r"(?<![\w.])\d+(?:[,.:/]\d+)*")),
    ("name", re.compile(r"(?<![\w@#/.&'’-])[A-Z][a-z]+[\w'’-]*|(?<![\w@#/.&'’-])[A-Z]{2,}\b")),
)
_BRACKET = re.compile(r"\[[^\[\]\n]{1,160}\]")
_START = re.compile(r"(?:^|[.!?:…\n\]*]|[-–—•]\s|[\"“”'(]|[\u2190-\u2bff\U0001F000-\U0001FAFF\ufe0f])\s*$")


class Fact(NamedTuple):
    """One fact. ``plain`` is what spellings of it share; ``opens`` tells a capital that a sentence's start explains."""

    kind: str
    text: str
    plain: str
    opens: bool


def facts(text: str) -> tuple[Fact, ...]:
    """Return the facts of a text, brackets left out. What an earlier kind takes no later one sees."""
    text = text.replace("’", "'").replace("‘", "'")
    text = _BRACKET.sub(lambda m: " " * len(m.group()), text)
    return tuple(_facts(text))


def _facts(text: str) -> Iterator[Fact]:
    left = text
    for kind, pattern in _KINDS:
        for match in pattern.finditer(left):
            said = match.group().rstrip(".,;:!?…'")
            if kind == "date" and said.lower() in ("may", "mar", "sun", "sat", "second") and said.islower():
                continue
            opens = bool(_START.search(text[: match.start()])) or _in_title(text, match.start())
            yield Fact(kind, said, _plain(kind, said), opens)
        left = pattern.sub(lambda m: "\0" * len(m.group()), left) if kind != "name" else left


def _in_title(text: str, at: int) -> bool:
    """In a Headline Like This One capitals name nothing."""
    line = text[text.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]
    long = [w for w in re.findall(r"(?<![@#\w/.])[A-Za-z][\w'-]*", line.split("http")[0]) if len(w) > 3]
    return len(long) >= 3 and sum(w[0].isupper() for w in long) >= 0.7 * len(long)


def _plain(kind: str, said: str) -> str:
    said = said.lower()
    if kind in ("number", "price"):
        return re.sub(r"[,\s]", "", said).rstrip(".")
    if kind == "date":
        return said.rstrip(".")[:3]
    return said.removesuffix("'s") if kind == "name" else said


def new_in(rewrite: str, draft: str) -> list[str]:
    """Return the facts that only the rewrite states. A word that the draft has in another case is none."""
    known = {(f.kind, f.plain) for f in facts(draft)}
    flat = _flat(draft)
    return [
        f"{f.kind} {f.text}"
        for f in facts(rewrite)
        if (f.kind, f.plain) not in known and not (f.kind in ("name", "date") and (f.opens or _said(f.plain, flat)))
    ]


def lost_in(rewrite: str, draft: str, listed: tuple[str, ...]) -> list[str]:
    """Return the facts of the draft that the rewrite neither holds nor lists as left out."""
    there = {(f.kind, f.plain) for f in facts(rewrite)}
    flat = _flat(" \n ".join((rewrite, *listed)))
    held = {(f.kind, f.plain) for line in listed for f in facts(line)} | there
    return [
        f"{f.kind} {f.text}"
        for f in facts(draft)
        if (f.kind, f.plain) not in held and not (f.kind == "name" and f.opens) and not _said(f.plain, flat)
    ]


def _flat(text: str) -> str:
    """The words of a text in small letters, tags taken apart where a capital begins a word."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return " " + " ".join(re.findall(r"[\w@#$€£.,:/%+-]+", f"{text} {apart}".lower().replace("’", "'"))) + " "


def _said(plain: str, flat: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(plain)}(?!\w)", flat) is not None

"""Sentences, words and their stems, as far as the checks and the rules-only writer need them. Linear in the text."""

import re
from functools import lru_cache
from typing import NamedTuple

from bot.facts import Facts, fold, of_facts, of_text, word_set

FUNCTION_WORDS = word_set(
    "a an the this that these those some any each every all both either neither no not nor none i me my"
    " mine myself we us our"
    " ours ourselves you your yours yourself he him his she her hers it its itself they them their theirs who"
    " whom whose which"
    " what when where why how am is are was were be been being do does did doing done have has had having can"
    " could will would"
    " shall should may might must let and or but if so then than as at by for from in into of off on onto out"
    " over to up with"
    " without within about above after again against before behind below between down during once since through"
    " till toward"
    " under until upon via per here there now just only also too very even still yet else ever never not yes ok"
    " there's it's"
    " i'm i've i'd i'll we're we've we'll we'd you're you've you'll you'd they're he's she's that's what's who's"
    " where's here's"
    " isn't aren't wasn't weren't don't doesn't didn't can't couldn't won't wouldn't shouldn't haven't hasn't"
    " hadn't let's"
    " s t re ve ll d m one ones same other others another such more most less least much many few own because"
    " while though"
    " although like instead please thanks thank hi hello hey dear sorry"
)
"""Words that carry no claim of their own; contractions are folded, with a straight apostrophe."""

OPENERS = word_set(
    "curious honest honestly question quick wondering say tell imagine maybe perhaps today anyone anybody"
    " somebody someone"
    " meanwhile first next last before after lately recently out new news reply share think pick name given"
    " suppose has have"
    " phone online code orders bookings applications registration prize tickets"
    " looking happy glad good great nice take speaking between ask asking time back update reminder people"
)
"""Words that may begin a sentence with a capital without being a name that the draft does not hold."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+){0,8}")
BRACKET = re.compile(r"\[[^\[\]\n]{1,160}\]")
_END = re.compile(r"[.!?…]+[\"'”’)\]]{0,3}(?=\s|$|[\u2190-\u2bff\U0001F000-\U0001FAFF])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|prof|st|no|approx|inc|corp|ltd|co|a\.m|p\.m)|\b[A-Z])$", re.I
)


class Sentence(NamedTuple):
    """A sentence or line; ``whole[start:end] == text``, without the white space around it."""

    text: str
    start: int
    end: int


@of_facts
def sentences(facts: Facts) -> tuple[Sentence, ...]:
    """Split the text of ``facts`` at full stops, marks and line ends, never inside a link, a number or brackets."""
    text = facts.text
    inside = bytearray(len(text) + 1)
    for fact in facts:
        if fact.kind not in ("quote", "time"):
            inside[fact.start : fact.end - 1] = b"\x01" * max(0, fact.end - 1 - fact.start)
    for bracket in BRACKET.finditer(text):
        inside[bracket.start() : bracket.end() - 1] = b"\x01" * (len(bracket.group()) - 1)
    cuts, start = [], 0
    for match in _END.finditer(text):
        mark = match.group()[0]
        if inside[match.start()] or (
            mark == "." and _ABBREVIATION.search(text[max(0, match.start() - 8) : match.start()])
        ):
            continue
        cuts.append((start, match.end()))
        start = match.end()
    cuts.append((start, len(text)))
    return tuple(s for a, b in cuts if (s := _strip(text, a, b)).text)


def _strip(text: str, start: int, end: int) -> Sentence:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return Sentence(text[start:end], start, max(start, end))


@of_text
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded (see :func:`bot.facts.fold`)."""
    return tuple(_WORD.findall(fold(text)))


_ENDINGS = (
    "ations", "ation", "ingly", "ings", "ing", "edly", "lies", "lied", "ied", "ies", "ed", "es", "s", "ly", "e", "y",
)  # fmt: skip


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Take off the common endings of English, so that "launches" meets "launched". Crude: it only compares."""
    word = word.removesuffix("'s").removesuffix("'")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


@of_text
def stems(text: str) -> frozenset[str]:
    """Return the stems of all words of a text; the parts of a hyphenated word count too."""
    found = set()
    for word in words(text):
        found.add(stem(word))
        found.update(stem(part) for part in word.split("-"))
    return frozenset(found)


@of_text
def content_words(text: str) -> tuple[str, ...]:
    """Return the words that carry a claim: all but the function words."""
    return tuple(word for word in words(text) if word not in FUNCTION_WORDS)


def outside_brackets(text: str) -> str:
    """Blank out ``[brackets]`` at equal length, so that offsets stay."""
    return BRACKET.sub(lambda m: " " * len(m.group()), text)

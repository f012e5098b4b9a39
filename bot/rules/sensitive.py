"""What is a text about that people write with care? The patterns are data: ``sensitive.yaml``, with its own legend."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import re2

from bot.models import Topic
from bot.rules.patterns import options, spaced
from bot.rules.reading import read_yaml

PATH = Path(__file__).with_suffix(".yaml")
_MEMORY = 16 << 20
_SAME_SENTENCE = r"\s(?:[^.!?]*\s)?"


class _Signs(NamedTuple):
    topics: tuple[tuple[Topic, Any], ...]
    """An RE2 set for each topic, gravest first: one set of them all is fifteen times slower, since its states multiply,
    and a pattern's search costs three times what a set's match does."""
    asides: str


def topic_of(prose: str) -> Topic | None:
    """The topic of a normalised and masked text, or None: the gravest, where there are several. Never raises."""
    signs, data, cleared = _signs(), prose.encode(), None
    for topic, matcher in signs.topics:
        if matcher.Match(data):
            # Only now, since hardly any text comes this far: the same without what merely sounds like it.
            cleared = _compiled(signs.asides).sub(b" . ", data) if cleared is None else cleared
            if matcher.Match(cleared):
                return topic
    return None


@cache
def _signs() -> _Signs:
    data = read_yaml(PATH.read_text(encoding="utf-8"))
    words = cast("dict[str, str]", data["words"])
    topics = tuple((cast("Topic", topic), _set_of(_either(signs, words))) for topic, signs in data["topics"].items())
    return _Signs(topics, _either(data["asides"], words))


def _set_of(pattern: str) -> Any:
    matcher = re2.Set.SearchSet(options(_MEMORY))
    matcher.Add(pattern.encode())
    matcher.Compile()
    return matcher


@cache
def _compiled(pattern: str) -> Any:
    return re2.compile(pattern.encode(), options(_MEMORY))


def _either(patterns: list[str], words: dict[str, str]) -> str:
    """One pattern for all; names are filled in twice, since a word may stand in another."""
    joined = "|".join(patterns)
    for name, value in (*words.items(), *words.items()):
        joined = joined.replace(f"<{name}>", value)
    joined = spaced(joined.replace(" … ", _SAME_SENTENCE))
    return rf"(?i)\b(?:{joined})(?:\b|\W|$)"

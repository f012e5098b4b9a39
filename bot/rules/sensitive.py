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
    """A pattern for each topic, gravest first. One RE2 set of them all is fifteen times slower: its states multiply."""
    asides: Any


def topic_of(prose: str) -> Topic | None:
    """The topic of a normalised and masked text, or None: the gravest, where there are several. Never raises."""
    signs, data, cleared = _signs(), prose.encode(), None
    for topic, pattern in signs.topics:
        if pattern.search(data):
            # Only now, since hardly any text comes this far: the same without what merely sounds like it.
            cleared = signs.asides.sub(b" . ", data) if cleared is None else cleared
            if pattern.search(cleared):
                return topic
    return None


@cache
def _signs() -> _Signs:
    data = read_yaml(PATH.read_text(encoding="utf-8"))
    words = cast("dict[str, str]", data["words"])
    topics = tuple((cast("Topic", topic), _compiled(signs, words)) for topic, signs in data["topics"].items())
    return _Signs(topics, _compiled(data["asides"], words))


def _compiled(patterns: list[str], words: dict[str, str]) -> Any:
    """One pattern for all; names are filled in twice, since a word may stand in another."""
    joined = "|".join(patterns)
    for name, value in (*words.items(), *words.items()):
        joined = joined.replace(f"<{name}>", value)
    joined = spaced(joined.replace(" … ", _SAME_SENTENCE))
    return re2.compile(rf"(?i)\b(?:{joined})(?:\b|\W|$)".encode(), options(_MEMORY))

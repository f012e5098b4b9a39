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
    topics: tuple[Topic, ...]
    """The topic of each sign, gravest first."""
    matcher: Any
    """All signs in one RE2 filter: it looks for the words that a sign can't do without, and runs the signs that have
    them. A set of them all has states past counting."""
    asides: str


def topic_of(prose: str) -> Topic | None:
    """The topic of a normalised and masked text, or None: the gravest, where there are several. Never raises."""
    signs, data = _signs(), prose.encode()
    found = signs.matcher.Match(data)
    if not found:
        return None
    # Only now, since hardly any text comes this far: the same without what merely sounds like it.
    cleared = _compiled(signs.asides).sub(b" . ", data)
    left = {signs.topics[number] for number in signs.matcher.Match(cleared) or ()}
    return next((topic for number in found if (topic := signs.topics[number]) in left), None)


@cache
def _signs() -> _Signs:
    data = read_yaml(PATH.read_text(encoding="utf-8"))
    words = cast("dict[str, str]", data["words"])
    topics: list[Topic] = []
    matcher = re2.Filter()
    for topic, signs in data["topics"].items():
        for sign in signs:
            topics.append(cast("Topic", topic))
            matcher.Add(_either([sign], words).encode(), options(_MEMORY))
    matcher.Compile()
    return _Signs(tuple(topics), matcher, _either(data["asides"], words))


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

"""A writer's own "leave this alone": ``humanize: off`` in a line or an HTML comment of the draft.

``humanize: off`` leaves the whole text alone, or what stands before the next ``humanize: on``. With names,
``humanize: off Megaphone.Hashtags Robotic``, only these rules or styles are silent. The marks themselves are no part
of the draft.
"""

import re
from typing import NamedTuple

from bot.text.normal import normalise

_MARK = re.compile(
    r"(?P<open><!--)?(?(open)\s*|(?:(?<=\n)|(?<![\s\S]))[ \t]*)humani[sz]e:[ \t]*(?P<what>off|on)\b"
    r"(?P<rules>(?:[ \t,]+(?-i:[A-Z])\w*(?:\.\w+)?)*)[ \t]*(?(open)\s*-->|\r?(?=\n|(?![\s\S])))",
    re.IGNORECASE,
)
_NOT_LINE = re.compile(r"[^\n]")


class Silence(NamedTuple):
    """A rule or style (lower case; "" for all) that is off in ``[start, end)``."""

    name: str
    start: int
    end: int


class OptOut(NamedTuple):
    """A text without its marks and without what is off altogether, blank at equal length; and who is silent where."""

    text: str
    everything: bool
    """Nothing is left to review."""
    silences: tuple[Silence, ...]

    def silent(self, rule_id: str, start: int, end: int) -> bool:
        """Is a rule off at a span of ``text``?"""
        rule = rule_id.lower()
        style = rule.partition(".")[0]
        return any(off.name in (rule, style) and off.start < end and start < off.end for off in self.silences)


def read(text: str) -> OptOut | None:
    """The marks of a normalised text, or None where there are none. Never raises."""
    if "humani" not in text.lower():
        return None
    marks = list(_MARK.finditer(text))
    if not marks:
        return None
    silences = _silences(marks, len(text))
    blank = [mark.span() for mark in marks] + [(off.start, off.end) for off in silences if not off.name]
    everything = any(off == Silence("", 0, len(text)) for off in silences)
    for start, end in blank:
        text = text[:start] + _NOT_LINE.sub(" ", text[start:end]) + text[end:]
    return OptOut(text, everything or not text.strip(), silences)


def without_marks(text: str) -> str:
    """The text with its marks blank at equal length, so that offsets stay as they are; for what writes it anew."""
    normal = normalise(text)
    if "humani" not in normal.text.lower():
        return text
    for mark in _MARK.finditer(normal.text):
        start, end = normal.span(*mark.span())
        text = text[:start] + _NOT_LINE.sub(" ", text[start:end]) + text[end:]
    return text


def is_off(text: str) -> bool:
    """Does a writer ask to leave the whole text alone?"""
    found = read(text)
    return found is not None and found.everything


def _silences(marks: list[re.Match[str]], length: int) -> tuple[Silence, ...]:
    open_at: dict[str, int] = {}
    found: list[Silence] = []
    for mark in marks:
        names = mark["rules"].replace(",", " ").lower().split() or [""]
        if mark["what"].lower() == "off":
            for name in names:
                open_at.setdefault(name, mark.start())
            continue
        ended = list(open_at) if names == [""] else [name for name in names if name in open_at]
        found += [Silence(name, open_at.pop(name), mark.start()) for name in ended]
    # Off and never on again is meant for the whole text: people write it at the end as well.
    return (*found, *(Silence(name, 0, length) for name in open_at))

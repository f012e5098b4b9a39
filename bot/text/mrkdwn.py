"""Slack's mrkdwn to prose, with the way back, and prose to mrkdwn that pings nobody."""

import re
from functools import cache

from bot.text.normal import Normalised

_TOKEN = re.compile(
    r"(?P<code>```[\s\S]*?```|`[^`\n]+`)|<(?P<inner>[^<>\n]{1,4000})>|(?P<entity>&(?:amp|lt|gt);)"
    r"|(?P<emoji>:[a-z0-9_+'-]{1,60}:(?::skin-tone-[2-6]:)?)",
    re.IGNORECASE,
)
_ENTITY = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_SKIN = {str(tone): chr(0x1F3F9 + tone) for tone in range(2, 7)}
_BROADCAST = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_JOINER = "\u2060"


class _Writer:
    """Collects prose together with, for every character, the span of the mrkdwn it came from."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def same(self, text: str, start: int) -> None:
        """Characters that stand in the mrkdwn just so, from ``start`` on."""
        self.parts.append(text)
        self.starts.extend(range(start, start + len(text)))
        self.ends.extend(range(start + 1, start + len(text) + 1))

    def made(self, text: str, start: int, end: int) -> None:
        """Characters that stand for the whole of ``[start, end)``."""
        self.parts.append(text)
        self.starts.extend([start] * len(text))
        self.ends.extend([end] * len(text))

    def text(self, source: str, start: int) -> None:
        """A piece whose entities are to be read as characters."""
        at = 0
        for found in re.finditer("&(?:amp|lt|gt);", source):
            self.same(source[at : found.start()], start + at)
            self.made(_ENTITY[found[0]], start + found.start(), start + found.end())
            at = found.end()
        self.same(source[at:], start + at)


def from_mrkdwn(text: str) -> Normalised:
    """Prose as its reader sees it; ``.span`` leads back into the mrkdwn. Never raises.

    ``<https://x|label>`` becomes ``label (https://x)``, or only the label where that is the link itself; mentions,
    channels, dates and groups become their names; known ``:emoji:`` become emoji.
    """
    if not any(mark in text for mark in "<&:"):
        return Normalised(text, text)
    out, at = _Writer(), 0
    for found in _TOKEN.finditer(text):
        out.same(text[at : found.start()], at)
        at = found.end()
        if found["code"] or found["entity"]:
            out.text(found[0], found.start())
        elif found["emoji"]:
            out.made(_emoji(found[0]), found.start(), at)
        else:
            _angle(out, found["inner"], found.start(), at)
    out.same(text[at:], at)
    return Normalised("".join(out.parts), text, out.starts, out.ends)


def _angle(out: _Writer, inner: str, start: int, end: int) -> None:
    target, bar, label = inner.partition("|")
    label_at = start + 1 + len(target) + 1
    sigil = target[:1]
    if sigil in ("@", "#"):
        out.made(sigil + (label.lstrip("@#") or target[1:]), start, end)
    elif sigil == "!":
        _special(out, target[1:], label, start, end)
    elif ":" not in target and "." not in target:  # no link of Slack's, so the writer's own angle brackets
        out.text(f"<{inner}>", start)
    elif not bar or not label:
        out.text(target.removeprefix("mailto:").removeprefix("tel:"), start + 1 + (len(target) - len(_bare(target))))
    elif _same_link(target, label) or target.startswith(("mailto:", "tel:")):
        out.text(label, label_at)
    else:
        out.text(label, label_at)
        out.made(" (", start, end)
        out.text(target, start + 1)
        out.made(")", start, end)


def _bare(target: str) -> str:
    return target.removeprefix("mailto:").removeprefix("tel:")


def _same_link(target: str, label: str) -> bool:
    return label.strip().rstrip("/") in target and "." in label


def _special(out: _Writer, name: str, label: str, start: int, end: int) -> None:
    if name in ("here", "channel", "everyone", "group"):
        out.made("@" + name, start, end)
    elif name.startswith("subteam^"):
        out.made("@" + (label.lstrip("@") or "group"), start, end)
    else:
        out.made(label or name.partition("^")[0], start, end)


@cache
def _emoji(shortcode: str) -> str:
    """The character for a shortcode, or the shortcode where Slack's name is unknown (a team's own emoji)."""
    import emoji  # 30 ms: only for texts that hold a shortcode

    name, _, tone = shortcode.partition("::skin-tone-")
    name = name if not tone else name + ":"
    shown = emoji.emojize(name, language="alias")
    if shown == name:
        return shortcode
    return shown + _SKIN.get(tone.rstrip(":"), "")


def to_mrkdwn(prose: str) -> str:
    """mrkdwn that shows the prose and does nothing else: no mention, link, channel or group can come of it.

    ``&``, ``<`` and ``>`` are escaped, ``@here`` and its kin get an invisible word joiner, Markdown's ``**bold**``
    becomes Slack's ``*bold*``, and a code fence without a partner is broken, so that it cannot swallow what follows.
    """
    shown = prose.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = _BROADCAST.sub("@" + _JOINER, shown)
    shown = re.sub(r"\*\*([^*\n]+)\*\*", r"*\1*", shown)
    if shown.count("```") % 2:
        head, _, tail = shown.rpartition("```")
        shown = f"{head}`{_JOINER}``{tail}"
    return shown

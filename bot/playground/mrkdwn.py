"""What people type, turned into what Slack delivers: mrkdwn text and a rich_text block.

``& < >`` become entities, URLs and e-mail addresses are wrapped in ``<…>``, ``@name`` and ``#name`` become ids, and
Unicode emoji become ``:shortcodes:``. Nothing is linked inside code.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import emoji

from bot.playground.errors import Json

_TOKEN = re.compile(
    r"(?P<fence>```.+?```)"
    r"|(?P<code>`[^`\n]+`)"
    r"|(?P<url>https?://[^\s<>|`]+)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<domain>(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|example)(?![\w-])(?:/[^\s<>|`]*)?)"
    r"|(?P<user>(?<![\w/])@[\w.-]*\w)"
    r"|(?P<channel>(?<![\w/&])#[\w-]+)",
    re.IGNORECASE | re.DOTALL,
)
_TRAILING = ".,;:!?)'\"*_~]"
_BROADCASTS = ("here", "channel", "everyone")
# Slack's names differ from the emoji library's first alias for these two.
_SLACK_NAMES = {":thumbsup:": ":+1:", ":thumbsdown:": ":-1:"}


@dataclass(frozen=True)
class Token:
    """A stretch of typed text: its kind, the words as typed, and what it points at (a URL, an id, an emoji name)."""

    kind: str
    raw: str
    target: str = ""


@dataclass
class Names:
    """The names that become ids: ``users`` and ``channels`` map a lower-case name to an id."""

    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


def escape(text: str) -> str:
    """The three characters that Slack escapes, as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def tokens(text: str, names: Names) -> Iterator[Token]:
    """Cut typed text into tokens; their ``raw`` joined together is the text again."""
    at = 0
    for match in _TOKEN.finditer(text):
        token = _named(match, names)
        yield from _plain(text[at : match.start()])
        yield token
        at = match.start() + len(token.raw)
        if at < match.end():  # punctuation given back by a URL
            yield from _plain(text[at : match.end()])
            at = match.end()
    yield from _plain(text[at:])


def _named(match: re.Match[str], names: Names) -> Token:
    kind, raw = str(match.lastgroup), match.group()
    if kind in ("url", "domain"):
        raw = raw.rstrip(_TRAILING)
        return Token("link", raw, raw if kind == "url" else f"http://{raw}")
    if kind == "email":
        return Token("link", raw, f"mailto:{raw}")
    if kind == "user":
        name = raw[1:].lower()
        if name in _BROADCASTS:
            return Token("broadcast", raw, name)
        return Token("user", raw, names.users[name]) if name in names.users else Token("text", raw)
    if kind == "channel":
        name = raw[1:].lower()
        return Token("channel", raw, names.channels[name]) if name in names.channels else Token("text", raw)
    return Token(kind, raw)


def _plain(text: str) -> Iterator[Token]:
    at = 0
    for found in emoji.emoji_list(text):
        if found["match_start"] > at:
            yield Token("text", text[at : found["match_start"]])
        raw = str(found["emoji"])
        yield Token("emoji", raw, shortcode(raw).strip(":"))
        at = found["match_end"]
    if at < len(text):
        yield Token("text", text[at:])


def shortcode(character: str) -> str:
    """Slack's ``:name:`` of a Unicode emoji, as near as the emoji library's aliases come."""
    name = emoji.demojize(character, language="alias")
    return _SLACK_NAMES.get(name, name)


def from_shortcode(name: str) -> str | None:
    """The Unicode emoji of a shortcode given without colons, or None when no such emoji is known."""
    found = emoji.emojize(f":{name}:", language="alias")
    return None if found.startswith(":") else found


def known_emoji(name: str) -> bool:
    """Whether a reaction of this name exists; skin tones (``+1::skin-tone-3``) are fine."""
    return from_shortcode(name.split("::")[0]) is not None


def as_mrkdwn(text: str, names: Names) -> str:
    """The ``text`` field that Slack would deliver for these typed words."""
    out = []
    for token in tokens(text, names):
        if token.kind == "link":
            bare = token.target == token.raw
            out.append(f"<{escape(token.target)}>" if bare else f"<{escape(token.target)}|{escape(token.raw)}>")
        elif token.kind == "user":
            out.append(f"<@{token.target}>")
        elif token.kind == "broadcast":
            out.append(f"<!{token.target}>")
        elif token.kind == "channel":
            out.append(f"<#{token.target}|{token.raw[1:]}>")
        elif token.kind == "emoji":
            out.append(f":{token.target}:")
        else:
            out.append(escape(token.raw))
    return "".join(out)


def as_rich_text(text: str, names: Names) -> list[Json]:
    """The ``blocks`` that Slack adds to a typed message: one rich_text block with one section."""
    return [{"type": "rich_text", "block_id": "typed", "elements": [_section(text, names)]}]


def _section(text: str, names: Names) -> Json:
    elements: list[Json] = []
    for token in tokens(text, names):
        if token.kind == "link":
            link: Json = {"type": "link", "url": token.target}
            elements.append(link if token.target == token.raw else {**link, "text": token.raw})
        elif token.kind == "user":
            elements.append({"type": "user", "user_id": token.target})
        elif token.kind == "broadcast":
            elements.append({"type": "broadcast", "range": token.target})
        elif token.kind == "channel":
            elements.append({"type": "channel", "channel_id": token.target})
        elif token.kind == "emoji":
            elements.append({"type": "emoji", "name": token.target})
        elif token.kind in ("code", "fence"):
            elements.append({"type": "text", "text": token.raw.strip("`"), "style": {"code": True}})
        else:
            elements.append({"type": "text", "text": token.raw})
    return {"type": "rich_text_section", "elements": elements}

"""Small builders of Block Kit blocks that can't ping, link or overflow.

A draft's words go only into rich_text and plain_text elements, which Slack shows as they are; where they share a
section with a menu they are escaped and the section is verbatim. Limits are Slack's (docs/slack.md).
"""

import re
from typing import Any

from bot.text import to_mrkdwn

Block = dict[str, Any]

SECTION_CHARS = 3_000
QUOTE_CHARS = 8_000
"""What we quote at most; all blocks of a message together may hold about 12,000."""
RULE_CHARS = 400
"""Of a rule's words: with a draft's quoted in them, and all within a section's limit."""
INPUT_CHARS = 3_000
"""Slack's limit for the text put into an input."""


def section(mrkdwn: str) -> Block:
    """A section of our own words. Raises ValueError when it is over Slack's limit: our words are never that long."""
    if not 0 < len(mrkdwn) <= SECTION_CHARS:
        raise ValueError(f"a section holds 1 to {SECTION_CHARS} characters, not {len(mrkdwn)}")
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def context(text: str) -> Block:
    """A quiet line; ``text`` may hold a draft's words."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": shorten(text, 1_900), "emoji": False}]}


def quote(text: str) -> Block:
    """A draft's or rewrite's words, shown as they are."""
    return _rich_text({"type": "rich_text_quote", "elements": [_plain(shorten(text, QUOTE_CHARS))]})


def finding(quoted: str, why: str, question: str, menu: Block) -> Block:
    """One flag: the words it means, why, the question, and a menu about it."""
    words = _still(to_mrkdwn(shorten(" ".join(quoted.split()), 80)))
    return {**section(f"“{words}”\n{rule_words(why)} _{rule_words(question)}_".replace("\n ", "\n")), "accessory": menu}


def rule_words(text: str) -> str:
    """What a rule says. A team's own may come from anywhere, and ``%s`` in it stands for words of the draft."""
    return to_mrkdwn(shorten(" ".join(text.split()), RULE_CHARS))


def select(action_id: str, placeholder: str, options: list[tuple[str, str]], chosen: str | None = None) -> Block:
    """A select of (label, value); ``chosen`` is the value it starts with."""
    made = [option(label, value) for label, value in options]
    start = next((one for one in made if one["value"] == chosen), None)
    text = {"type": "plain_text", "text": placeholder}
    shape: Block = {"type": "static_select", "action_id": action_id, "placeholder": text, "options": made}
    return {**shape, "initial_option": start} if start else shape


def option(label: str, value: str) -> Block:
    """One choice of a select, of radio buttons or check boxes."""
    return {"text": {"type": "plain_text", "text": shorten(label, 75)}, "value": value}


def field(block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """An input of a modal; block and element share their id, so that an error finds its field."""
    shape: Block = {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": label},
        "element": {**element, "action_id": block_id},
        "optional": optional,
    }
    return {**shape, "hint": {"type": "plain_text", "text": hint}} if hint else shape


def menu(action_id: str, options: list[tuple[str, str]]) -> Block:
    """An overflow menu of (label, value)."""
    entries = [{"text": {"type": "plain_text", "text": label}, "value": value} for label, value in options]
    return {"type": "overflow", "action_id": action_id, "options": entries}


def button(label: str, action_id: str, value: str, *, primary: bool = False) -> Block:
    """A button."""
    text = {"type": "plain_text", "text": label, "emoji": False}
    made: Block = {"type": "button", "text": text, "action_id": action_id, "value": value}
    return {**made, "style": "primary"} if primary else made


def actions(block_id: str, elements: list[Block]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": elements}


def bullets(items: list[str]) -> Block:
    """A list of lines."""
    elements = [{"type": "rich_text_section", "elements": [_plain(shorten(item, 500))]} for item in items]
    return _rich_text({"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": elements})


def divider() -> Block:
    """A line between drafts."""
    return {"type": "divider"}


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut at a word and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head.rsplit(maxsplit=1)[0] if any(c.isspace() for c in head[limit // 2 :]) else head
    return at_word.rstrip() + "…"


def _still(mrkdwn: str) -> str:
    """Keep Slack from drawing a draft's own *stars*, `ticks` and :codes:: a word joiner parts them from their words."""
    return re.sub(r"[*_~`:]", lambda mark: f"\u2060{mark[0]}\u2060", mrkdwn)


def _plain(text: str) -> Block:
    return {"type": "text", "text": text}


def _rich_text(element: Block) -> Block:
    return {"type": "rich_text", "elements": [element]}

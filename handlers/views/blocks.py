"""Small builders of Block Kit blocks that can't ping, link or overflow.

A draft's words go only into rich_text *text elements*: Slack shows those as they are and expands nothing in them. Our
own words go into mrkdwn sections. Limits are Slack's (see docs/slack.md).
"""

from typing import Any

Block = dict[str, Any]

SECTION_CHARS = 3_000
RICH_TEXT_CHARS = 8_000
"""What we put into one rich_text block at most; all blocks of a message together may hold about 12,000."""


def section(mrkdwn: str) -> Block:
    """A section of our own words. Raises ValueError when it is over Slack's limit: our words are never that long."""
    if not 0 < len(mrkdwn) <= SECTION_CHARS:
        raise ValueError(f"a section holds 1 to {SECTION_CHARS} characters, not {len(mrkdwn)}")
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}


def context(text: str) -> Block:
    """A quiet line. ``text`` may hold a draft's words: it is sent as plain text, so nothing in it is expanded."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": shorten(text, 1_900), "emoji": False}]}


def quote(text: str) -> Block:
    """A draft's or rewrite's words, shown as they are."""
    return _rich_text({"type": "rich_text_quote", "elements": [_plain(shorten(text, RICH_TEXT_CHARS))]})


def finding(quoted: str, why: str, question: str) -> Block:
    """One flag: the words it means, why, and the question."""
    line = [
        {"type": "text", "text": f"“{shorten(quoted, 120)}”", "style": {"bold": True}},
        _plain(f"\n{why} "),
        {"type": "text", "text": question, "style": {"italic": True}},
    ]
    return _rich_text({"type": "rich_text_section", "elements": line})


def bullets(items: list[str]) -> Block:
    """A list of lines."""
    elements = [{"type": "rich_text_section", "elements": [_plain(shorten(item, 500))]} for item in items]
    return _rich_text({"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": elements})


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut at a word and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head.rsplit(maxsplit=1)[0] if any(c.isspace() for c in head[limit // 2 :]) else head
    return at_word.rstrip() + "…"


def _plain(text: str) -> Block:
    return {"type": "text", "text": text}


def _rich_text(element: Block) -> Block:
    return {"type": "rich_text", "elements": [element]}

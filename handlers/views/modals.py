"""The modals: the rewrite to tweak and copy, and the card of a rule."""

from bot import words
from bot.rules import RuleInfo
from bot.text import to_mrkdwn
from handlers.views.blocks import INPUT_CHARS, Block, bullets, rule_words, section, shorten

USE_VIEW = "use_rewrite"
ABOUT_CHARS = 2_000


def use_this(draft_id: str, text: str, to_fill: list[str]) -> Block:
    """The rewrite in an input: a bot can't edit somebody's message, so this is where it is tweaked and copied."""
    note = words.USE_HOW if len(text) <= INPUT_CHARS else words.USE_TOO_LONG
    blocks: list[Block] = [section(note)]
    blocks.append(
        {
            "type": "input",
            "block_id": "text",
            "label": _plain(words.USE_LABEL),
            "element": {
                "type": "plain_text_input",
                "action_id": "text",
                "multiline": True,
                "initial_value": text[:INPUT_CHARS],
            },
        }
    )
    if to_fill:
        blocks += [section(words.USE_FILL), bullets(to_fill[:8])]
    return {
        "type": "modal",
        "callback_id": USE_VIEW,
        "private_metadata": draft_id,
        "title": _plain(words.USE_TITLE),
        "submit": _plain(words.USE_SUBMIT),
        "close": _plain(words.CLOSE),
        "blocks": blocks,
    }


def rule_card(info: RuleInfo) -> Block:
    """Why a rule says what it says, and on what evidence."""
    about = info.why_it_matters or info.description
    blocks = [section(f"*{rule_words(info.why)}*\n{to_mrkdwn(shorten(about, ABOUT_CHARS))}")]
    evidence = words.EVIDENCE.get(info.evidence, words.EVIDENCE["principle"])
    source = words.SOURCE.format(source=rule_words(info.source)) if info.source else ""
    blocks.append(section(f"{evidence} {source}".strip()))
    blocks.append(section(f"`{info.id}`"))
    return {"type": "modal", "title": _plain(words.WHY_TITLE), "close": _plain(words.CLOSE), "blocks": blocks}


def said(title: str, text: str) -> Block:
    """A modal that only says something."""
    return {"type": "modal", "title": _plain(title), "close": _plain(words.CLOSE), "blocks": [section(text)]}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}

"""The list of rules. Pure."""

from collections.abc import Collection, Iterable

from bot import words_surfaces as words
from bot.rules import RuleInfo
from bot.text import to_mrkdwn
from handlers.views.blocks import SECTION_CHARS, Block, section
from handlers.views.review import Message

MAX_SECTIONS = 20
"""Together below the 12,000 characters that one message holds."""
MAX_CHARS = 11_000


def listed(rules: Iterable[RuleInfo], muted: Collection[str]) -> Message:
    """Every rule that flags, a section a style; praise is not listed, since nobody mutes it."""
    by_style: dict[str, list[str]] = {}
    for info in rules:
        if not info.praise:
            note = f" ({words.RULES_SILENT})" if info.id in muted else ""
            line = f"`{info.id}`: {to_mrkdwn(info.label or info.why)}{note}"
            by_style.setdefault(info.id.partition(".")[0], []).append(line[:300])
    blocks: list[Block] = [section(words.RULES_TITLE)]
    left = MAX_CHARS - len(words.RULES_TITLE)
    for style, lines in by_style.items():
        for piece in _pieces([f"*{style}*", *lines]):
            left -= len(piece)
            if left > 0 and len(blocks) < MAX_SECTIONS:
                blocks.append(section(piece))
    return Message(words.RULES_TITLE, blocks)


def _pieces(lines: list[str]) -> list[str]:
    """Lines put together into texts that fit a section."""
    pieces = [""]
    for line in lines:
        if len(pieces[-1]) + len(line) + 1 > SECTION_CHARS:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]}\n{line}".strip()
    return [piece for piece in pieces if piece]

"""A rule that people in a channel find useless, with the figures, for whoever had the channel watched. Pure."""

from bot import words_surfaces as words
from bot.learning import RuleFigures
from handlers.views.blocks import Block, actions, button, section
from handlers.views.review import Message

MUTE, KEEP = "mute_rule", "keep_rule"


def proposal(figures: RuleFigures) -> Message:
    """The figures and two buttons."""
    return Message(said(figures), blocks(figures))


def blocks(figures: RuleFigures, channel: str = "") -> list[Block]:
    """The figures and two buttons; ``channel`` where they don't stand in the channel itself."""
    value = f"{figures.rule} {channel}".strip()
    row = [button(words.PROPOSE_MUTE, MUTE, value), button(words.PROPOSE_KEEP, KEEP, value)]
    return [section(said(figures)), actions(f"proposal-{channel}-{figures.rule}"[:255], row)]


def said(figures: RuleFigures) -> str:
    """The figures in words."""
    return words.PROPOSE.format(**figures.model_dump(include={"rule", "useless", "shown", "people"}))

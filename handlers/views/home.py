"""The Home tab: one person's own drafts, what the team's week says, and the settings they may change. Pure."""

from typing import NamedTuple

from bot import words
from bot import words_surfaces as surfaces
from bot.learning import RuleFigures
from bot.store.personal import Mark
from handlers.views import proposal
from handlers.views.blocks import Block, actions, button, context, divider, section, shorten

NEW, SETTINGS = "home_new", "home_settings"
MAX_MARKS = 10
MAX_CHANNELS = 15
MAX_PROPOSALS = 5
CLEAR_CHANGE = 5
"""Points of 100 below which a change says nothing."""


class Place(NamedTuple):
    """A channel that is read, and what people find useless there (for whoever had it watched)."""

    channel: str
    proposals: tuple[RuleFigures, ...] = ()


class Home(NamedTuple):
    """All that the tab shows. ``may`` is empty where nobody is kept from the settings, else who may change them."""

    marks: tuple[Mark, ...]
    """The newest first."""
    team: tuple[str, ...]
    places: tuple[Place, ...]
    may: str


def home(shown: Home) -> Block:
    """The tab."""
    blocks = [_header(surfaces.HOME_TITLE), context(surfaces.HOME_ONLY_YOU), *_own(shown.marks)]
    blocks.append(actions("home", [button(surfaces.HOME_NEW, NEW, "new", primary=True)]))
    blocks += [divider(), _header(surfaces.HOME_TEAM)]
    blocks.append(section("\n".join(shown.team) or surfaces.HOME_TEAM_NONE))
    blocks += [divider(), _header(surfaces.HOME_SETTINGS), *_places(shown)]
    return {"type": "home", "blocks": blocks}


def trouble() -> Block:
    """When nothing can be read."""
    return {"type": "home", "blocks": [section(surfaces.HOME_TROUBLE)]}


def _own(marks: tuple[Mark, ...]) -> list[Block]:
    if not marks:
        return [section(surfaces.HOME_EMPTY)]
    scores = [mark.score for mark in reversed(marks[:MAX_MARKS])]
    lines = [surfaces.HOME_TREND.format(count=len(scores), scores=", ".join(map(str, scores)))]
    lines += [said] if (said := _changed([mark.score for mark in reversed(marks)])) else []
    drafts = "\n".join(f"<#{mark.channel}> {words.VERDICTS[mark.verdict]} ({mark.score})" for mark in marks[:5])
    return [section("\n".join(lines)), section(drafts)]


def _changed(scores: list[int]) -> str:
    """The mean of the newer half against the older one, from six drafts on."""
    half = len(scores) // 2
    if half < 3:
        return ""
    before, now = round(sum(scores[:half]) / half), round(sum(scores[half:]) / (len(scores) - half))
    said = surfaces.HOME_TREND_SAME
    if now - before >= CLEAR_CHANGE:
        said = surfaces.HOME_TREND_UP
    elif before - now >= CLEAR_CHANGE:
        said = surfaces.HOME_TREND_DOWN
    return said.format(before=before, now=now)


def _places(shown: Home) -> list[Block]:
    note = surfaces.HOME_MAY_NOT.format(people=shown.may) if shown.may else surfaces.HOME_MEMBERS
    if not shown.places:
        return [section(surfaces.HOME_NO_CHANNELS), section(note)]
    blocks: list[Block] = []
    for place in shown.places[:MAX_CHANNELS]:
        settings = button(surfaces.HOME_SETTINGS_BUTTON, SETTINGS, place.channel)
        blocks.append({**section(f"<#{place.channel}>"), "accessory": settings})
        for figures in place.proposals[:MAX_PROPOSALS]:
            blocks += proposal.blocks(figures, place.channel)
    return [*blocks, section(note)]


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": shorten(text, 150)}}

"""What a digest holds: figures and a few words, never a name."""

from datetime import date
from typing import Literal

from pydantic import Field

from bot.models import Mix, Model, Verdict

Level = Literal["all", "whole", "hidden", "empty"]
"""``all`` from five authors; ``whole``: two to four of them and ten drafts or more, no habits and no examples;
``hidden``: too few people or drafts to speak of without meaning somebody; ``empty``: nobody wrote."""


class Tone(Model):
    """How a week reads. Scores are 0 (talking at) to 100 (talking with); the middle half lies from ``low`` to
    ``high``; ``shares`` of drafts by verdict add up to 1."""

    week: date
    drafts: int
    median: float
    low: float
    high: float
    shares: dict[Verdict, float]


class Example(Model):
    """A draft and its rewrite, whose author agreed that it is shown."""

    draft: str = Field(repr=False)
    rewrite: str = Field(repr=False)


class Habit(Model):
    """A rule that spoke up often. ``before`` is the mean of the weeks before, None without any."""

    rule: str
    label: str
    count: int
    before: float | None
    example: Example | None = None


class Kind(Model):
    """A kind of talk: its share this week, and the share the team would like."""

    kind: Mix
    share: float
    wanted: float


class Nudge(Model):
    """How useful a rule was: it spoke up on ``count`` drafts, ``unhelpful`` times somebody said it was no help."""

    rule: str
    label: str
    count: int
    unhelpful: int

    @property
    def useful(self) -> float:
        """The share nobody objected to."""
        return max(0.0, 1 - self.unhelpful / self.count) if self.count else 0.0


class Better(Model):
    """What changed from first versions to last ones."""

    edited: int = 0
    better: int = 0
    points: float = 0.0
    """Gained on average by those that got better."""
    gone: tuple[str, ...] = ()
    """What left the drafts most often, as the rules' short words."""


class Digest(Model):
    """A team's or channel's week."""

    team: str
    channel: str | None
    week: date
    level: Level
    drafts: int
    tone: Tone | None = None
    """None unless ``level`` is all or whole."""
    before: tuple[Tone, ...] = ()
    """The weeks before, oldest first; those that are about too few people are left out."""
    usual: Tone | None = None
    """Those weeks taken together."""
    mix: tuple[Kind, ...] = ()
    chosen: bool = False
    """The team chose the mix it would like; else it is what we suggest."""
    asks: int = 0
    answered: int = 0
    """Drafts that ask a genuine question; those of them that say who answers."""
    habits: tuple[Habit, ...] = ()
    better: Better = Better()
    offered: int = 0
    used: int = 0
    tweaked: int = 0
    nudges: tuple[Nudge, ...] = ()
    muted: tuple[str, ...] = ()
    experiment: str = ""
    thanks: str = ""
    missed: int = 0
    """Digests skipped before this one."""
    so_far: bool = False
    """The week is not over yet."""


class Trend(Model):
    """One person's own weeks, for their eyes only; oldest first, weeks without drafts left out."""

    weeks: tuple[Tone, ...]

"""Which rules a channel finds useless: what people said of the flags that were shown. Pure.

A rule is proposed for muting when more than a tenth of its showings were called not useful, after twenty showings, by
three people or more: one person's taste mutes nothing for the others. A tenth is the share of false alarms above which
people stop reading a checker's findings (Sadowski et al., CACM 2018); twenty and three are ours.
"""

from collections.abc import Iterable

from bot.models import Model

MIN_SHOWN = 20
MIN_PEOPLE = 3
MAX_SHARE = 0.10


class RuleFigures(Model):
    """What became of one rule in one channel since it was last decided on."""

    rule: str
    shown: int
    """Drafts on which its flag was shown."""
    useless: int
    """Those of them that somebody called the flag not useful on."""
    people: int
    """How many different people said so."""

    @property
    def share(self) -> float:
        """The part of its showings that was not useful, 0 to 1."""
        return self.useless / self.shown if self.shown else 0.0

    @property
    def noisy(self) -> bool:
        """Whether it should be proposed for muting."""
        return self.shown >= MIN_SHOWN and self.people >= MIN_PEOPLE and self.share > MAX_SHARE


def noisy(figures: Iterable[RuleFigures]) -> list[RuleFigures]:
    """The rules to propose for muting, the noisiest first."""
    return sorted((one for one in figures if one.noisy), key=lambda one: (-one.share, one.rule))

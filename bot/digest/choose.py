"""Which one thing to try, and what to say thank you for: picked from the week's figures. Pure.

Each candidate says how far the week is from where it could be (0 to 1); the farthest wins, so the same figures give
the same choice.
"""

from collections.abc import Mapping

from bot import words_digest as words
from bot.digest.models import Digest

ASKING = 0.25
"""Share of drafts with a genuine question below which asking is the thing to try. A principle: one in four."""
SECOND_LOOK = 0.2
TOO_MUCH = 0.1
"""How far over the wish the talk about oneself may be before it is the thing to try."""
NOTABLE = 0.05
"""A change of share that is worth a thank-you."""


def experiment(digest: Digest) -> str:
    """The one thing to try next week."""
    drafts = max(1, digest.drafts)
    gaps: dict[str, float] = {"aloud": 0.05}
    values: dict[str, object] = {"drafts": digest.drafts, "open": digest.asks - digest.answered}
    values["asks"] = some(digest.asks).capitalize()
    gaps["ask"] = (ASKING - digest.asks / drafts) / ASKING
    gaps["answer"] = (digest.asks - digest.answered) / drafts if digest.asks >= 3 else 0.0
    ours = next((kind for kind in digest.mix if kind.kind == "own_promotion"), None)
    if ours:
        gaps["share"] = (ours.share - ours.wanted - TOO_MUCH) / max(0.2, 1 - ours.wanted) * 1.5
        values["share"] = percent(ours.share)
    if digest.habits:
        habit = digest.habits[0]
        gaps["habit"] = habit.count / drafts * 1.5 if habit.count >= 3 else 0.0
        values |= {"label": habit.label, "count": habit.count}
    gaps["sleep"] = (SECOND_LOOK - digest.better.edited / drafts) / SECOND_LOOK * 0.5
    values["edited"] = some(digest.better.edited).capitalize()
    return words.EXPERIMENTS[_farthest(gaps)].format(**values)


def thanks(digest: Digest, counts: Mapping[str, int]) -> str:
    """A thank-you to the team for something it did this week."""
    drafts = max(1, digest.drafts)
    tone, usual = digest.tone, digest.usual
    human = tone.shares["human"] if tone else 0.0
    before = usual.shares["human"] if usual else human
    merits = {
        "better": digest.better.better / drafts if digest.better.better >= 2 else 0.0,
        "human": (human - before) * 2 if human - before >= NOTABLE else 0.0,
        "asks": digest.asks / drafts if digest.asks >= 3 else 0.0,
        "sharing_others": counts.get("mix:sharing_others", 0) / drafts
        if counts.get("mix:sharing_others", 0) > 1
        else 0,
        "reply": counts.get("mix:reply", 0) / drafts if counts.get("mix:reply", 0) > 1 else 0.0,
        "drafts": 0.01,
    }
    chosen = _farthest(merits)
    return words.THANKS[chosen].format(
        better=digest.better.better, human=percent(human), before=percent(before), asks=digest.asks,
        drafts=digest.drafts, count=counts.get(f"mix:{chosen}", 0),
    )  # fmt: skip


def percent(share: float) -> str:
    """0.256 -> ``26%``."""
    return f"{round(share * 100)}%"


def some(count: int) -> str:
    """A number inside a sentence: 0 is ``none``."""
    return str(count) if count else "none"


def _farthest(gaps: Mapping[str, float]) -> str:
    return max(gaps, key=lambda name: (gaps[name], name))

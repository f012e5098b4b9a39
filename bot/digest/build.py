"""The figures of a week -> a digest. Reads the weeks' sums only, so it costs the same whatever is stored."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.digest import choose
from bot.digest.figures import level, mix, together, tone, top
from bot.digest.models import Better, Digest, Example, Habit, Nudge
from bot.store.counting import week_end, week_of

if TYPE_CHECKING:
    from bot.rules import RuleSet
    from bot.store import Store
    from bot.store.rollups import WeekFigures

WEEKS_BEFORE = 4
HABITS = 3
HABIT_DRAFTS = 2
"""Once is no habit."""
NUDGES_SHOWN = 20
"""Drafts that a rule must have spoken up on before its usefulness is spoken of (product.md, section 4)."""
EXAMPLE_CHARS = 300

Label = Callable[[str], str]
"""A rule's id -> its short words."""


def build(store: "Store", team: str, channel: str | None, week: date, label: Label, *, so_far: bool = False) -> Digest:
    """The digest of the week that begins on ``week`` (a Monday), of a channel or of the whole team. StoreError."""
    settings = store.rollups.settings(team)
    found = store.rollups.weeks(team, channel, [*weeks_before(week), week])
    this = found.get(week)
    counts: Mapping[str, int] = this.counts if this else {}
    enough = level(counts, this.authors if this else 0)
    made = Digest(team=team, channel=channel, week=week, level=enough, drafts=counts.get("drafts", 0), so_far=so_far)
    if enough in ("empty", "hidden"):
        return made.model_copy(update={"drafts": 0})
    earlier = [found[day] for day in weeks_before(week) if day in found and _may_be_shown(found[day])]
    pooled = together(one.counts for one in earlier)
    whole = made.model_copy(
        update={
            "tone": tone(week, counts),
            "before": tuple(tone(one.week, one.counts) for one in earlier),
            "usual": tone(week, pooled) if earlier else None,
            "mix": mix(counts, settings.mix),
            "chosen": settings.mix is not None,
            "asks": counts.get("asks", 0),
            "answered": counts.get("asks_answered", 0),
            "better": _better(counts, label if enough == "all" else None),
            "offered": counts.get("offered", 0),
            "used": counts.get("rewrite:used", 0),
            "tweaked": counts.get("rewrite:used_tweaked", 0),
        }
    )
    if enough == "all":
        # What rules spoke up on is told of five or more; that goes for each of the weeks before, too.
        many = [one for one in earlier if level(one.counts, one.authors) == "all"]
        habits = together(one.counts for one in many)
        whole = whole.model_copy(
            update={
                "habits": _habits(counts, habits, len(many), label, _examples(store, team, channel, week)),
                "nudges": _nudges(together([habits, counts]), label),
                "muted": _muted(store, team, channel, week, settings.zone, label),
            }
        )
    return whole.model_copy(update={"experiment": choose.experiment(whole), "thanks": choose.thanks(whole, counts)})


def label_of(rules: "RuleSet", rule: str) -> str:
    """A rule's short words; a rule that is no longer there has none but its id."""
    try:
        return rules.rule(rule).label
    except KeyError:
        return rule


def last_week(now: datetime, zone: str) -> date:
    """The Monday of the last whole week."""
    return week_of(now, ZoneInfo(zone)) - timedelta(days=7)


def weeks_before(week: date) -> list[date]:
    """The Mondays that a week is compared with, oldest first."""
    return [week - timedelta(days=7 * number) for number in range(WEEKS_BEFORE, 0, -1)]


def _may_be_shown(figures: "WeekFigures") -> bool:
    return level(figures.counts, figures.authors) in ("all", "whole")


def _habits(
    counts: Mapping[str, int], pooled: Mapping[str, int], weeks: int, label: Label, examples: Mapping[str, Example]
) -> tuple[Habit, ...]:
    return tuple(
        Habit(
            rule=rule,
            label=label(rule),
            count=count,
            before=pooled.get(f"rule:{rule}", 0) / weeks if weeks else None,
            example=examples.get(rule),
        )
        for rule, count in top(counts, "rule")[:HABITS]
        if count >= HABIT_DRAFTS
    )


def _examples(store: "Store", team: str, channel: str | None, week: date) -> dict[str, Example]:
    """Those whose authors agreed, and that still stand as they were."""
    found: dict[str, Example] = {}
    for rule, draft_id in store.digests.agreed(team, week):
        draft = store.draft(draft_id)
        if draft is None or draft.deleted or rule in found or (channel and draft.channel != channel):
            continue
        for part in draft.parts:
            rewrites = part.suggestion.rewrites if part.suggestion else ()
            if rewrites and any(flag.rule == rule for flag in part.review.flags):
                found[rule] = Example(draft=part.review.text, rewrite=rewrites[0].text)
    return found


def _better(counts: Mapping[str, int], label: Label | None) -> Better:
    better = counts.get("better", 0)
    gone = tuple(label(rule) for rule, _ in top(counts, "gone")[:3]) if label else ()
    points = counts.get("gained", 0) / better if better else 0.0
    return Better(edited=counts.get("edited", 0), better=better, points=points, gone=gone)


def _nudges(counts: Mapping[str, int], label: Label) -> tuple[Nudge, ...]:
    """Rules that somebody called not useful, the least useful first; over this week and those before."""
    found = [
        Nudge(rule=rule, label=label(rule), count=counts.get(f"rule:{rule}", 0), unhelpful=unhelpful)
        for rule, unhelpful in top(counts, "unhelpful")
        if counts.get(f"rule:{rule}", 0) >= NUDGES_SHOWN
    ]
    return tuple(sorted(found, key=lambda nudge: (nudge.useful, nudge.rule))[:HABITS])


def _muted(store: "Store", team: str, channel: str | None, week: date, zone: str, label: Label) -> tuple[str, ...]:
    """In that week, and in a channel's digest in that channel."""
    since = datetime(week.year, week.month, week.day, tzinfo=ZoneInfo(zone))
    end = week_end(week, ZoneInfo(zone))
    rules = {
        mute.rule: None
        for mute in store.choices.muted_since(team, since)
        if datetime.fromisoformat(mute.at) < end and channel in (None, mute.channel)
    }
    return tuple(label(rule) for rule in rules)

"""A digest -> the words it is told in. Pure; Slack's mrkdwn with our own words only (examples stay apart)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import words_digest as words
from bot.digest.choose import percent, some
from bot.digest.models import Digest

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
CLEAR = 0.02
"""A change of share smaller than this is none."""
CLEAR_GAP = 0.08
"""A share of the mix this near to the wish is as wished."""


def title(digest: Digest) -> str:
    """Which week it is about."""
    if digest.so_far:
        return words.TITLE_SO_FAR.format(start=_day(digest.week))
    end = digest.week + timedelta(days=6)
    start = str(digest.week.day) if end.month == digest.week.month else _day(digest.week)
    return words.TITLE.format(start=start, end=_day(end))


def nothing(digest: Digest) -> str | None:
    """What to say instead of figures, where there are none to tell."""
    if digest.level == "empty":
        return words.EMPTY_SO_FAR if digest.so_far else words.EMPTY
    return words.HIDDEN if digest.level == "hidden" else None


def finding(digest: Digest) -> str:
    """The one line for those who read one line."""
    if digest.tone is None:
        return nothing(digest) or ""
    human = percent(digest.tone.shares["human"])
    return words.TONE.format(drafts=digest.drafts, human=human, compared=_compared(digest))


def score(digest: Digest) -> str:
    """Median and middle half, against the weeks before."""
    if digest.tone is None:
        return ""
    tone = digest.tone
    said = words.SCORE.format(median=whole(tone.median), low=whole(tone.low), high=whole(tone.high))
    return f"{said} {words.SCORE_USUAL.format(median=whole(digest.usual.median))}" if digest.usual else said


def others(digest: Digest) -> str:
    """How the rest of the drafts reads."""
    shares = digest.tone.shares if digest.tone else {}
    items = [f"{percent(share)} {words.READS[v]}" for v, share in shares.items() if v != "human" and share]
    return words.REST.format(items=", ".join(items)) if items else ""


def mix(digest: Digest) -> str:
    """The talk about oneself where there is too much of it, else what there is too little of."""
    if not digest.mix:
        return ""
    ours = next(kind for kind in digest.mix if kind.kind == "own_promotion")
    least = max(digest.mix, key=lambda kind: kind.wanted - kind.share)
    told = ours if ours.share - ours.wanted >= CLEAR_GAP else least
    if abs(told.share - told.wanted) < CLEAR_GAP:
        return words.MIX_FITS if digest.chosen else words.MIX_FITS_SUGGESTED
    line = words.MIX if digest.chosen else words.MIX_SUGGESTED
    if not told.share:
        line = words.MIX_NONE if digest.chosen else words.MIX_NONE_SUGGESTED
    return line.format(share=percent(told.share), kind=words.KINDS[told.kind], wanted=percent(told.wanted))


def asks(digest: Digest) -> str:
    """Genuine questions, and who answers."""
    if digest.tone is None:
        return ""
    if not digest.asks:
        return words.ASKS_NONE
    line = words.ASKS if digest.asks > 1 else words.ASKS_ONE
    return line.format(asks=digest.asks, answered=some(digest.answered))


def habits(digest: Digest) -> list[str]:
    """What came up most, a line each."""
    return [
        words.HABIT.format(label=_capital(habit.label), count=habit.count)
        if habit.before is None
        else words.HABIT_BEFORE.format(label=_capital(habit.label), count=habit.count, before=whole(habit.before))
        for habit in digest.habits
    ]


def small_print(digest: Digest) -> list[str]:
    """The figures for those who want them all."""
    if digest.tone is None:
        return []
    lines = [score(digest), others(digest), asks(digest)]
    better = digest.better
    if better.edited:
        points = whole(better.points)
        line = words.BETTER if better.better else words.BETTER_NONE
        lines.append(line.format(better=better.better, edited=better.edited, points=points))
    if better.gone:
        lines.append(words.GONE.format(items=", ".join(better.gone)))
    if digest.offered and (digest.used or digest.tweaked):
        lines.append(
            words.REWRITES.format(offered=digest.offered, used=some(digest.used), tweaked=some(digest.tweaked))
        )
    if digest.nudges:
        told = [words.NUDGE.format(label=nudge.label, useful=percent(nudge.useful)) for nudge in digest.nudges]
        lines.append(words.NUDGES.format(items=", ".join(told)))
    if digest.muted:
        lines.append(words.MUTED.format(items=", ".join(digest.muted)))
    return [line for line in lines if line]


def alt(digest: Digest) -> str:
    """What the picture shows, for those who hear it."""
    if digest.tone is None:
        return ""
    human = percent(digest.tone.shares["human"])
    said = words.ALT.format(
        human=human, drafts=digest.drafts, compared=_compared(digest), score=score(digest), mix=mix(digest)
    )
    return said.strip()


def clock(minute: int) -> str:
    """540 -> ``9:00``."""
    return f"{minute // 60}:{minute % 60:02}"


def day_and_date(moment: datetime, zone: str) -> str:
    """``Monday, 23 November, 9:00``, as people in ``zone`` have it."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{words.DAYS[local.weekday()]}, {_day(local.date())}, {clock(local.hour * 60 + local.minute)}"


def _compared(digest: Digest) -> str:
    if digest.tone is None or digest.usual is None:
        return ""
    now, before = digest.tone.shares["human"], digest.usual.shares["human"]
    if abs(now - before) < CLEAR:
        return words.SAME
    return (words.UP if now > before else words.DOWN).format(before=percent(before))


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def whole(number: float) -> str:
    """To the nearest whole number; a half goes up."""
    return str(int(number + 0.5))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

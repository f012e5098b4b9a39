"""The week as a picture: a PNG that reads on a phone at 360 points, in light and dark, and without telling colours.

The card brings its own dark ground, so it looks the same wherever it is shown. Colours are Okabe and Ito's, which
people with any colour vision can tell apart; each is named beside its mark as well. matplotlib is imported here alone.
"""

import io
from typing import TYPE_CHECKING

from bot import words_digest as words
from bot.digest.choose import percent
from bot.digest.models import Digest, Tone
from bot.digest.text import CLEAR_GAP, MONTHS, whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN, DPI = 3.6, 200
"""720 pixels wide: two for each of a phone's 360 points."""
TREND_WEEKS = 4
"""Fewer weeks than this draw no line: three points make no trend."""
GROUND, INK, QUIET, LINE = "#1d2733", "#f2f4f6", "#b8c2cc", "#44525f"
SKY, ORANGE, YELLOW, BLUE, VERMILION = "#56B4E9", "#E69F00", "#F0E442", "#4c9fd6", "#ee7733"
COLOURS = {"human": SKY, "mixed": "#cfd8df", "robotic": YELLOW, "megaphone": ORANGE, "auto_dm": "#CC79A7"}


class CannotDrawError(Exception):
    """matplotlib is not installed; the message says how to mend it."""


def chart_rows(digest: Digest) -> tuple[Tone, ...]:
    """The weeks for the line, oldest first; empty when there are too few."""
    if digest.tone is None or len(digest.before) + 1 < TREND_WEEKS:
        return ()
    return (*digest.before, digest.tone)


def draw(digest: Digest) -> bytes | None:
    """A PNG, 720 pixels wide; None where there is nothing to draw. Raises CannotDrawError."""
    if digest.tone is None:
        return None
    try:
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise CannotDrawError("matplotlib is missing: pip install 'humanize-bot[draw]'") from None
    weeks = chart_rows(digest)
    named = sum(share > 0 for share in digest.tone.shares.values())
    heights = [0.62 + 0.21 * ((named + 1) // 2), *([1.5] if weeks else []), 2.2]
    with rc_context({"font.family": "DejaVu Sans", "font.size": 9, "text.color": INK, "axes.labelcolor": INK}):
        figure = Figure(figsize=(WIDTH_IN, sum(heights) + 0.55), dpi=DPI, facecolor=GROUND)
        FigureCanvasAgg(figure)
        rows = figure.subplots(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.04, right=0.96, top=0.97, bottom=0.03, hspace=0.42)
        _verdicts(rows[0], digest.tone)
        if weeks:
            _trend(rows[1], weeks)
        _mix(rows[-1], digest)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", facecolor=GROUND)
    return picture.getvalue()


def _verdicts(axes: "Axes", tone: Tone) -> None:
    """One bar of shares, each named below in its colour's mark."""
    _bare(axes)
    named = [(verdict, share) for verdict, share in tone.shares.items() if share]
    rows = (len(named) + 1) // 2
    finding = words.PICTURE_FINDING.format(human=percent(tone.shares["human"]))
    axes.text(0, 2.9, finding, fontsize=12, fontweight="bold", va="top")
    left = 0.0
    for verdict, share in tone.shares.items():
        axes.barh(1.2, share, left=left, height=0.9, color=COLOURS[verdict], edgecolor=GROUND, linewidth=1)
        left += share
    for number, (verdict, share) in enumerate(named):
        x, y = (number % 2) * 0.5, -(number // 2)
        axes.plot(x + 0.016, y, marker="s", markersize=6, color=COLOURS[verdict], clip_on=False)
        axes.text(x + 0.055, y, f"{percent(share)} {words.READS[verdict]}", fontsize=9, va="center", clip_on=False)
    axes.set(xlim=(0, 1), ylim=(-rows + 0.4, 2.9))


def _trend(axes: "Axes", weeks: tuple[Tone, ...]) -> None:
    """A dot for each week's middle draft, a bar for its middle half."""
    _bare(axes)
    _heading(axes, words.PICTURE_SCORE, words.PICTURE_SCORE_HOW)
    for mark in (0, 50, 100):
        axes.axhline(mark, color=LINE, linewidth=0.7, zorder=0)
        axes.text(-0.55, mark, str(mark), fontsize=8, color=QUIET, va="center", ha="right")
    places = range(len(weeks))
    axes.vlines(places, [t.low for t in weeks], [t.high for t in weeks], color=BLUE, linewidth=7, alpha=0.5)
    axes.plot(places, [t.median for t in weeks], color=INK, linewidth=1.2, marker="o", markersize=6)
    for place, week in zip(places, weeks, strict=True):
        above = week.high + 4
        axes.text(place, above, whole(week.median), fontsize=9, fontweight="bold", va="bottom", ha="center")
        day = f"{week.week.day} {MONTHS[week.week.month - 1][:3]}"
        axes.text(place, -9, day, fontsize=8, color=QUIET, ha="center", va="top")
    axes.set(xlim=(-0.95, len(weeks) - 0.45), ylim=(-4, 118))


def _mix(axes: "Axes", digest: Digest) -> None:
    """A bar for each kind of talk, and a mark where the team would like it."""
    _bare(axes)
    whose = words.PICTURE_WISHED if digest.chosen else words.PICTURE_SUGGESTED
    _heading(axes, words.PICTURE_MIX, f"▏ {whose}")
    most = max(0.3, *(max(kind.share, kind.wanted) for kind in digest.mix))
    for row, kind in enumerate(digest.mix):
        y = len(digest.mix) - row
        over = kind.kind == "own_promotion" and kind.share > kind.wanted + CLEAR_GAP
        axes.text(0, y, words.KINDS[kind.kind], fontsize=9, va="center")
        axes.barh(y, kind.share / most * 0.52, left=0.33, height=0.58, color=ORANGE if over else SKY)
        wish = 0.33 + kind.wanted / most * 0.52
        axes.plot([wish, wish], [y - 0.42, y + 0.42], color=INK, linewidth=2)
        axes.text(1.0, y, percent(kind.share), fontsize=9, va="center", ha="right")
    axes.set(xlim=(0, 1), ylim=(0.4, len(digest.mix) + 0.6))


def _heading(axes: "Axes", title: str, how: str) -> None:
    axes.text(0, 1.1, title, transform=axes.transAxes, fontsize=10, fontweight="bold", va="center")
    axes.text(1, 1.1, how, transform=axes.transAxes, fontsize=7.4, color=QUIET, va="center", ha="right")


def _bare(axes: "Axes") -> None:
    axes.set_axis_off()

"""Whatever a digest holds, Slack takes its blocks, and nobody is pinged."""

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.digest.chart import TREND_WEEKS, chart_rows, draw
from bot.digest.figures import KINDS, VERDICTS
from bot.digest.models import Better, Digest, Example, Habit, Kind, Nudge, Tone
from bot.playground.blocks import problems
from handlers.views.digest import chart_block, digest_message, preview

WEEK = date(2026, 11, 16)
WORDS = st.text(min_size=1, max_size=900)


@st.composite
def tones(draw_one: Any, week: date = WEEK) -> Tone:
    parts = draw_one(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any))
    total = sum(parts)
    low, middle, high = sorted(draw_one(st.lists(st.floats(0, 100), min_size=3, max_size=3)))
    shares = {verdict: part / total for verdict, part in zip(VERDICTS, parts, strict=True)}
    return Tone(week=week, drafts=total, median=middle, low=low, high=high, shares=shares)


@st.composite
def digests(draw_one: Any) -> Digest:
    before = [draw_one(tones(WEEK - timedelta(days=7 * n))) for n in range(draw_one(st.integers(0, 4)), 0, -1)]
    label = draw_one(st.sampled_from(["the capitals", "the order to act"]))
    example = Example(draft=draw_one(WORDS), rewrite=draw_one(WORDS)) if draw_one(st.booleans()) else None
    share = st.floats(0, 1)
    return Digest(
        team="T1", channel=None, week=WEEK, level="all", drafts=draw_one(st.integers(1, 10**6)), tone=draw_one(tones()),
        before=tuple(before), usual=draw_one(tones()) if before else None,
        mix=tuple(Kind(kind=kind, share=draw_one(share), wanted=draw_one(share)) for kind in KINDS),
        asks=draw_one(st.integers(0, 99)), answered=draw_one(st.integers(0, 99)),
        habits=tuple(Habit(rule=f"R{n}", label=label, count=9, before=None, example=example) for n in range(3)),
        better=Better(edited=9, better=3, points=11.5, gone=(label,) * 3), offered=9, used=1, tweaked=1,
        nudges=(Nudge(rule="R1", label=label, count=30, unhelpful=40),), muted=(label,), experiment="try it",
        thanks="Thank you.", missed=draw_one(st.integers(0, 60)),
    )  # fmt: skip


@given(digests(), st.sampled_from([None, "F123"]), st.booleans(), st.booleans())
def test_slack_takes_every_digest(digest: Digest, file: str | None, chart: bool, stop: bool) -> None:
    message = digest_message(digest, file, chart=chart, stop=stop)
    assert problems(message.blocks) == []
    assert 0 < len(message.text) < 300


@given(digests(), WORDS, WORDS)
def test_slack_takes_every_preview(digest: Digest, draft: str, rewrite: str) -> None:
    lend = [("2026-11-16 Megaphone.Caps d_0", Example(draft=draft, rewrite=rewrite))]
    assert problems(preview(digest, "Nobody gets it.", lend).blocks) == []


def test_an_example_pings_nobody() -> None:
    ping = Example(draft="<!channel> <@U0ADA> *now*", rewrite="<!here|x>")
    digest = Digest(team="T1", channel=None, week=WEEK, level="empty", drafts=0)
    quoted = [b for b in preview(digest, "w", [("v", ping)]).blocks if "<!" in json.dumps(b)]
    assert {block["type"] for block in quoted} == {"rich_text"}


@given(digests())
def test_three_points_make_no_line(digest: Digest) -> None:
    assert len(chart_rows(digest)) in (0, TREND_WEEKS, TREND_WEEKS + 1)
    block = chart_block(digest)
    assert block
    assert (block["chart"]["type"] == "line") == bool(chart_rows(digest))


def test_a_picture_is_twice_a_phones_width() -> None:
    tone = Tone(week=WEEK, drafts=9, median=50, low=20, high=80, shares=dict.fromkeys(VERDICTS, 0.2))
    mix = tuple(Kind(kind=kind, share=1 / 7, wanted=1 / 7) for kind in KINDS)
    png = draw(Digest(team="T1", channel=None, week=WEEK, level="all", drafts=9, tone=tone, mix=mix))
    assert png
    assert int.from_bytes(png[16:20], "big") == 720


def test_nothing_is_drawn_of_an_empty_week() -> None:
    assert draw(Digest(team="T1", channel=None, week=WEEK, level="empty", drafts=0)) is None

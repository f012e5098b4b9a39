"""A digest's figures as JSON or CSV. No text of a draft and no name: examples are left out."""

import csv
import io
import json
from collections.abc import Iterator

from bot.digest.models import Digest
from bot.digest.text import alt, finding


def as_json(digest: Digest) -> str:
    """The whole digest, with its finding in words."""
    figures = digest.model_dump(mode="json", exclude={"habits": {"__all__": {"example"}}})
    return json.dumps({**figures, "finding": finding(digest), "alt": alt(digest)}, ensure_ascii=False, indent=1) + "\n"


def as_csv(digest: Digest) -> str:
    """One figure a row: week, channel, figure, name, value. Shares from 0 to 1."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["week", "channel", "figure", "name", "value"])
    for figure, name, value in _rows(digest):
        table.writerow([digest.week.isoformat(), digest.channel or "", figure, name, round(value, 4)])
    return out.getvalue()


def _rows(digest: Digest) -> Iterator[tuple[str, str, float]]:
    yield "drafts", "", digest.drafts
    if digest.tone is None:
        return
    for tone in (*digest.before, digest.tone):
        week = tone.week.isoformat()
        yield from (("median", week, tone.median), ("low", week, tone.low), ("high", week, tone.high))
        yield from ((f"verdict_{verdict}", week, share) for verdict, share in tone.shares.items())
    for kind in digest.mix:
        yield from (("mix", kind.kind, kind.share), ("mix_wanted", kind.kind, kind.wanted))
    yield from (("asks", "", digest.asks), ("asks_answered", "", digest.answered))
    yield from (("habit", habit.rule, habit.count) for habit in digest.habits)
    yield from (("edited", "", digest.better.edited), ("better", "", digest.better.better))
    yield from (("rewrites_offered", "", digest.offered), ("rewrites_used", "", digest.used))
    yield "rewrites_used_tweaked", "", digest.tweaked
    yield from (("useful", nudge.rule, nudge.useful) for nudge in digest.nudges)

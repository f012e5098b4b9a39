"""How fast a week's digest is with a million stored drafts, and whether its figures are right.

    python -m benchmarks.digest [--drafts 1000000]

Goals: the digest of a week under 500 ms besides drawing with 1,000,000 stored drafts, at most 1.3 times what it takes
with 10,000; drawing under 1 s; every figure equal to a recount in plain SQL over the single drafts. Exit 1 when one is
missed. The drafts are made here: rows as the bot leaves them, over two years of weeks, 40 people, 6 channels; those of
the last week with their reviews, which the bot's own counting reads and the recount reads in SQL.
"""

import argparse
import itertools
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple, get_args

from pydantic import TypeAdapter

from bot.digest import Digest, build
from bot.digest.chart import draw
from bot.models import Mix, Part, Verdict
from bot.store.counting import of_parts
from bot.store.sqlite import SqliteStore

TEAM, WEEKS, PEOPLE, CHANNELS = "T0BENCH", 104, 40, 6
LAST = date(2026, 11, 16)
MIXES, VERDICTS = get_args(Mix), get_args(Verdict)
RULES = tuple(f"Made.Rule{number}" for number in range(60))
RUNS, FEW = 15, 10_000
GOAL_MS, GOAL_RATIO, GOAL_DRAWING_MS = 500.0, 1.3, 1000.0
PARTS = TypeAdapter(tuple[Part, ...])
CATEGORIES = {"robotic": 0, "megaphone": 0, "auto_dm": 0}


class Made(NamedTuple):
    """One draft."""

    id: str
    channel: str
    at: datetime
    author: str
    review: dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drafts", type=int, default=1_000_000)
    many = parser.parse_args().drafts
    with tempfile.TemporaryDirectory(prefix="digest-") as folder:
        stores = [SqliteStore(_filled(Path(folder) / f"{count}.db", count)) for count in (FEW, many)]
        try:
            for store in stores:
                store.rollups.close(TEAM, LAST)  # as the sender does, once, before the first digest of a week
            few_ms, many_ms = _side_by_side([lambda one=one: _digest(one) for one in stores])  # type: ignore[misc]  # a default binds it
            digest = _digest(stores[1])
            wrong = [line for store in stores for line in _wrong(store)]
        finally:
            for store in stores:
                store.close()
    (drawing_ms,) = _side_by_side([lambda: draw(digest)])
    ratio = many_ms / few_ms
    print(f"digest, {FEW:>9,} drafts stored: {few_ms:6.1f} ms")
    print(
        f"digest, {many:>9,} drafts stored: {many_ms:6.1f} ms (goal < {GOAL_MS:.0f}), {ratio:.2f} times (goal <= 1.3)"
    )
    print(f"drawing: {drawing_ms:.0f} ms (goal < {GOAL_DRAWING_MS:.0f})")
    print(f"figures that differ from a recount in SQL: {len(wrong)} (goal 0)")
    for line in wrong:
        print(f"  {line}")
    good = many_ms < GOAL_MS and ratio <= GOAL_RATIO and drawing_ms < GOAL_DRAWING_MS and not wrong
    return 0 if good else 1


def _digest(store: SqliteStore) -> Digest:
    return build(store, TEAM, None, LAST, str)


def _side_by_side(works: list[Callable[[], object]]) -> list[float]:
    """Median milliseconds of each, taken in turns, so that a busy machine is busy for all of them."""
    times: list[list[float]] = [[] for _ in works]
    for run in range(RUNS + 1):
        for work, taken in zip(works, times, strict=True):
            started = time.perf_counter()
            work()
            if run:  # the first one warms up
                taken.append((time.perf_counter() - started) * 1000)
    return [median(taken) for taken in times]


def _filled(path: Path, count: int) -> Path:
    """A database as the bot would have left it; the sums by SQL of our own."""
    started = time.perf_counter()
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("pragma synchronous = off")
        made = _made(count)
        while batch := list(itertools.islice(made, 20_000)):
            db.executemany(
                "insert into drafts(id, team, channel, ts, author, version, text, deleted, parts, parts_version,"
                " received_at) values(?, ?, ?, ?, ?, ?, 'a draft', 0, ?, ?, ?)",
                map(_draft_row, batch),
            )
            db.executemany(
                "insert into contributions(source, team, channel, week, author, figures) values(?, ?, ?, ?, ?, ?)",
                map(_contribution_row, batch),
            )
        db.execute(
            "insert into rollups(team, week, channel, figure, n) select team, week, channel, f.key, sum(f.value)"
            " from contributions, json_each(figures) f group by 1, 2, 3, 4"
        )
        db.execute("insert into rollups select team, week, '', figure, sum(n) from rollups group by 1, 2, 4")
        db.execute(  # the weeks before are closed
            "insert into rollup_weeks select distinct team, week, '', ? from rollups where week < ?",
            [PEOPLE, LAST.isoformat()],
        )
    with closing(sqlite3.connect(path)) as db:  # one write of hundreds of megabytes is not how drafts come in
        db.execute("pragma wal_checkpoint(truncate)")
    print(f"  {count:,} drafts made in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return path


def _made(count: int) -> Iterator[Made]:
    """The same drafts each time."""
    dice = random.Random(count)
    reviews = [
        {
            "verdict": VERDICTS[min(4, int(dice.expovariate(0.8)))],
            "score": dice.randrange(101),
            "mix": dice.choice(MIXES),
            "rules": dice.sample(RULES, dice.randrange(4)),
            "praise": ["Human.Question", "Human.ReplyOwner"][: dice.choice((0, 0, 1, 2))],
        }
        for _ in range(5_000)
    ]
    first = datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC) - timedelta(days=7 * (WEEKS - 1))
    for number in range(count):
        bits = dice.getrandbits(64)
        at = first + timedelta(days=7 * (number * WEEKS // count), seconds=bits % (7 * 86_400))
        channel, author = f"C{(bits >> 20) % CHANNELS}", f"U{(bits >> 32) % PEOPLE}"
        yield Made(f"d_{number}", channel, at, author, reviews[(bits >> 40) % len(reviews)])


def _is_last(made: Made) -> bool:
    return made.at.date() >= LAST


def _parts(made: Made) -> str:
    span = {"start": 0, "end": 1, "match": "a", "why": "w"}
    flag = {**span, "category": "robotic", "severity": "warning", "question": "q"}
    review = {
        "text": "a draft", "categories": CATEGORIES,
        **{name: made.review[name] for name in ("verdict", "score", "mix")},
        "flags": [{**flag, "rule": rule} for rule in made.review["rules"]],
        "praise": [{**span, "rule": rule} for rule in made.review["praise"]],
    }  # fmt: skip
    return json.dumps([{"review": review}])


def _draft_row(made: Made) -> tuple[object, ...]:
    version = int(made.at.timestamp()) * 1_000_000
    parts = _parts(made) if _is_last(made) else None  # words of older ones are gone after 30 days anyway
    ts = f"{version // 1_000_000}.000100"
    return made.id, TEAM, made.channel, ts, made.author, version, parts, version, made.at.isoformat()


def _contribution_row(made: Made) -> tuple[object, ...]:
    week = made.at.date() - timedelta(days=made.at.weekday())
    if _is_last(made):
        figures = dict(of_parts(PARTS.validate_json(_parts(made)), None, answered=False))
    else:
        review = made.review
        names = (f"verdict:{review['verdict']}", f"score:{review['score']}", f"mix:{review['mix']}")
        rules = (f"rule:{rule}" for rule in review["rules"])
        figures = dict.fromkeys(("messages", "drafts", *names, *rules), 1)
    author = made.author if _is_last(made) else None
    return made.id, TEAM, made.channel, week.isoformat(), author, json.dumps(figures)


def _wrong(store: SqliteStore) -> list[str]:
    """The digest's figures against a recount over the single drafts' reviews, in SQL and the standard library."""
    digest, since = _digest(store), LAST.isoformat()
    one = "json_extract(parts, '$[0].review.{}')"

    def grouped(field: str) -> dict[Any, int]:
        sql = f"select {one.format(field)} as v, count(*) as n from drafts where received_at >= ? group by 1"  # noqa: S608 - ours
        return {row["v"]: row["n"] for row in store.connections.all(sql, [since])}

    def among(field: str) -> dict[Any, int]:
        source = f"drafts, json_each(parts, '$[0].review.{field}') f"
        sql = f"select json_extract(f.value, '$.rule') as v, count(*) as n from {source} where received_at >= ? group by 1"  # noqa: S608, E501 - ours
        return {row["v"]: row["n"] for row in store.connections.all(sql, [since])}

    scores = sorted(score for score, n in grouped("score").items() for _ in range(n))
    total, verdicts, mixes, rules = len(scores), grouped("verdict"), grouped("mix"), among("flags")
    low, middle, high = quantiles(scores, n=4, method="inclusive")
    people = store.connections.one("select count(distinct author) n from drafts where received_at >= ?", [since])
    figures = store.rollups.weeks(TEAM, None, [LAST])[LAST]
    assert digest.tone and people
    pairs: dict[str, tuple[object, object]] = {
        "drafts": (digest.drafts, total),
        "authors": (figures.authors, people["n"]),
        "median": (digest.tone.median, middle),
        "low": (digest.tone.low, low),
        "high": (digest.tone.high, high),
        "asks": (digest.asks, among("praise").get("Human.Question", 0)),
        "asks answered": (digest.answered, among("praise").get("Human.ReplyOwner", 0)),
        **{f"verdict {v}": (round(digest.tone.shares[v] * total), verdicts.get(v, 0)) for v in VERDICTS},
        **{f"mix {k.kind}": (round(k.share * total), mixes.get(k.kind, 0)) for k in digest.mix},
        **{f"rule {rule}": (figures.counts.get(f"rule:{rule}", 0), rules.get(rule, 0)) for rule in RULES},
        "habits": ([h.count for h in digest.habits], sorted(rules.values(), reverse=True)[:3]),
    }
    return [f"{name}: {ours}, not {theirs}" for name, (ours, theirs) in pairs.items() if ours != theirs]


if __name__ == "__main__":
    sys.exit(main())

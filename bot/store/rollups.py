"""A week's figures, kept as drafts arrive: a digest costs the same whatever was stored before.

``contributions`` holds what each message adds (figures, no text); ``rollups`` is their sum by (team, week, channel).
Both change in the transaction that changes the draft, so they can't drift apart, and ``recount`` proves it.

Who wrote is kept as a keyed hash and only while a week is open: what is counted is how many people there were. When a
week is closed the number is frozen and the hashes go. In a closed week edits and deletes change nothing; only a draft
not counted before is added.
"""

import hashlib
import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError
from sqlite_utils.db import Database

from bot.models import Figures, Model, Part
from bot.store import Feedback, slack_ts_us
from bot.store.connection import Connections, Row
from bot.store.counting import Counts, moment_of, of_feedback, of_parts, week_end, week_of

_PARTS = TypeAdapter(tuple[Part, ...])
GRACE = timedelta(hours=1)
"""How long after its end a week stays open for reviews that are still in the works."""

_FAMILY = """
with recursive family(id) as (
  select :id
  union select d.follows from drafts d join family f on d.id = f.id where d.follows is not null
  union select d.id from drafts d join family f on d.follows = f.id
) select d.* from drafts d join family using (id)"""
_FIRST = """
with recursive chain(id) as (
  select :id union select d.follows from drafts d join chain c on d.id = c.id where d.follows is not null
) select v.* from versions v join chain c on v.draft_id = c.id order by v.version limit 1"""
_WHOLE = ""
"""Stands for all channels together: kept as a sum of its own, since that is what is mostly asked for."""
_SUM = (
    "select team, week, case whole.column1 when 1 then '' else channel end channel, f.key figure, sum(f.value) n"
    " from contributions, json_each(figures) f, (values (0), (1)) whole group by 1, 2, 3, 4"
)


class WeekFigures(Model):
    """The figures of one week: ``counts`` by name (bot/store/counting.py), and how many people wrote."""

    week: date
    counts: dict[str, int]
    authors: int


class TeamSettings(Model):
    """How a workspace counts: its zone, and the mix it would like (shares by kind, which add up to 1)."""

    team: str
    zone: str = "UTC"
    mix: dict[str, float] | None = None


class Rollups:
    """Every method raises StoreError. Those that take ``db`` run inside the caller's transaction."""

    def __init__(self, connections: Connections) -> None:
        self._db = connections

    # what the store calls when a draft changes

    def changed(self, db: Database, draft_id: str) -> None:
        """A draft was reviewed or deleted: bring what it and its versions pasted anew add up to date."""
        family = list(db.query(_FAMILY, {"id": draft_id}))
        have = {row["id"]: _one(db, "select * from contributions where source = ?", [row["id"]]) for row in family}
        live = {row["id"] for row in family if not row["deleted"] and (row["parts"] or have[row["id"]])}
        follows = {row["id"]: row["follows"] for row in family}
        superseded: set[str | None] = set()
        for one in live:
            earlier = follows[one]
            while earlier is not None and earlier not in superseded:
                superseded.add(earlier)
                earlier = follows.get(earlier)
        for row in family:
            self._refresh(db, row, have[row["id"]], counts=row["id"] in live - superseded)

    def _refresh(self, db: Database, row: Row, have: Row | None, *, counts: bool) -> None:
        if counts and have and not row["parts"]:
            return  # its words went when their time was over; what it added stays
        settings = self._settings(db, row["team"])
        week = have["week"] if have else week_of(_posted(row), ZoneInfo(settings["zone"])).isoformat()
        closed = _closed(db, row["team"], week)
        if closed and (have or not counts):
            return
        answered = bool(_one(db, "select 1 from answerers where draft_id = ?", [row["id"]]))
        figures = self._figures(db, row, answered=answered) if counts else Counter()
        author = None if closed or not row["author"] else _hashed(row["author"], settings["salt"])
        if have:
            _add(db, have, -1)
            db.execute("delete from contributions where source = ?", [row["id"]])
        if figures:
            made = {"source": row["id"], "team": row["team"], "channel": row["channel"], "week": week}
            _insert(db, {**made, "author": author, "figures": json.dumps(figures)})

    def _figures(self, db: Database, row: Row, *, answered: bool) -> Counts:
        try:
            parts = _PARTS.validate_json(row["parts"])
        except ValidationError:  # written by another release: as if there was no review
            return Counter()
        first = _one(db, _FIRST, {"id": row["id"]})
        own = first is None or (first["draft_id"] == row["id"] and first["version"] == row["parts_version"])
        return of_parts(parts, None if own or first is None else _as_figures(first), answered=answered)

    def said(self, db: Database, feedback: Feedback, at: datetime) -> None:
        """Somebody's word; the same word twice counts once."""
        figures = of_feedback(feedback.about, feedback.said)
        if not figures:
            return
        key = f"{feedback.draft_id}/{feedback.user}/{feedback.about}/{feedback.said}"
        settings = self._settings(db, feedback.team)
        source = "f_" + _hashed(key, settings["salt"])
        if _one(db, "select 1 from contributions where source = ?", [source]):
            return
        made = {"source": source, "team": feedback.team, "channel": feedback.channel, "author": None}
        week = week_of(at, ZoneInfo(settings["zone"])).isoformat()
        _insert(db, {**made, "week": week, "figures": json.dumps(figures)})

    def keep_figures(self, db: Database, draft_ids: Iterable[str]) -> None:
        """Erasure or retention has just taken the words of these drafts: their figures stay, tied to nobody.

        For :mod:`bot.store.erasure`, in the same transaction, after the rows in ``drafts`` lost parts and author. The
        people of an open week stay counted as so many, under names drawn by lot.
        """
        lot: dict[str, str] = defaultdict(lambda: "e_" + secrets.token_hex(8))
        for draft_id in draft_ids:
            row = _one(db, "select author from contributions where source = ?", [draft_id])
            if row:
                values = ["e_" + secrets.token_hex(12), row["author"] and lot[row["author"]], draft_id]
                db.execute("update contributions set source = ?, author = ? where source = ?", values)
            db.execute("delete from answerers where draft_id = ?", [draft_id])
            db.execute("delete from digest_examples where draft_id = ?", [draft_id])

    def answered_by_somebody(self, draft_id: str) -> None:
        """Somebody said that they answer the replies to this draft; who is not kept."""
        with self._db.write() as db:
            db.execute("insert into answerers(draft_id) values(?) on conflict do nothing", [draft_id])
            self.changed(db, draft_id)

    # weeks

    def weeks(self, team: str, channel: str | None, weeks: Iterable[date]) -> dict[date, WeekFigures]:
        """The figures of these weeks, of one channel or of the whole team; weeks without any are left out."""
        wanted = [week.isoformat() for week in weeks]
        marks = ",".join("?" * len(wanted))
        where = f"team = ? and channel = ? and week in ({marks})"
        sql = f"select week, json_group_object(figure, n) figures from rollups where {where} group by week"  # noqa: S608 - ours, right above
        found = {}
        for row in self._db.all(sql, [team, channel or _WHOLE, *wanted]):
            day, people = date.fromisoformat(row["week"]), self._authors(team, channel, row["week"])
            found[day] = WeekFigures(week=day, counts=json.loads(row["figures"]), authors=people)
        return found

    def _authors(self, team: str, channel: str | None, week: str) -> int:
        frozen = self._db.one(
            "select max(case when channel = ? then authors end) n, count(*) rows from rollup_weeks"
            " where team = ? and week = ? and channel in ('', ?)",
            [channel or "", team, week, channel or ""],
        )
        if frozen and frozen["rows"]:
            return int(frozen["n"] or 0)
        here = "" if channel is None else " and channel = ?"
        where = f"team = ? and week = ? and author is not null{here}"
        sql = f"select count(distinct author) n from contributions where {where}"  # noqa: S608 - ours
        open_now = self._db.one(sql, [team, week, *([] if channel is None else [channel])])
        return int(open_now["n"]) if open_now else 0

    def close(self, team: str, week: date) -> None:
        """Freeze how many people wrote in a week, by channel and in all, and forget who; once."""
        with self._db.write() as db:
            _close(db, team, week.isoformat())

    def close_ended(self, now: datetime) -> int:
        """Close every week that is over, an hour after its end; how many were."""
        rows = self._db.all("select distinct team, week from contributions where author is not null")
        ended = [
            (row["team"], date.fromisoformat(row["week"]))
            for row in rows
            if week_end(date.fromisoformat(row["week"]), ZoneInfo(self.settings(row["team"]).zone)) + GRACE <= now
        ]
        for team, week in ended:
            self.close(team, week)
        return len(ended)

    def own_scores(self, team: str, author: str, since: date) -> list[tuple[int, int, str]]:
        """(posted at in microseconds, score, verdict) of somebody's own stored drafts from a day on, for them alone."""
        rows = self._db.all(
            "select d.ts, v.score, v.verdict from drafts d join versions v on v.draft_id = d.id"
            " and v.version = d.parts_version where d.team = ? and d.author = ? and d.version >= ? and d.deleted = 0",
            [team, author, int(datetime(since.year, since.month, since.day, tzinfo=UTC).timestamp() - 86_400) * 10**6],
        )
        return [(slack_ts_us(row["ts"]), row["score"], row["verdict"]) for row in rows]

    def own_drafts(self, team: str, author: str, since: date) -> list[str]:
        """The ids of somebody's own reviewed drafts from a day on, the newest first; at most 50."""
        us = int(datetime(since.year, since.month, since.day, tzinfo=UTC).timestamp() - 86_400) * 10**6
        sql = (
            "select id from drafts where team = ? and author = ? and version >= ? and deleted = 0 and parts is not null"
            " order by version desc limit 50"
        )
        return [row["id"] for row in self._db.all(sql, [team, author, us])]

    # a workspace's settings

    def settings(self, team: str) -> TeamSettings:
        """How the workspace counts."""
        row = self._db.one("select * from digest_teams where team = ?", [team])
        mix = json.loads(row["mix"]) if row and row["mix"] else None
        return TeamSettings(team=team, zone=row["zone"] if row else "UTC", mix=mix)

    def set_zone(self, team: str, zone: str) -> None:
        """Count weeks by this IANA zone from now on; what is counted already stays in its week."""
        with self._db.write() as db:
            self._settings(db, team)
            db.execute("update digest_teams set zone = ? where team = ?", [zone, team])

    def set_mix(self, team: str, mix: dict[str, float] | None) -> None:
        """The mix the team would like."""
        with self._db.write() as db:
            self._settings(db, team)
            db.execute("update digest_teams set mix = ? where team = ?", [json.dumps(mix) if mix else None, team])

    def _settings(self, db: Database, team: str) -> Row:
        row = _one(db, "select * from digest_teams where team = ?", [team])
        if row is None:
            row = {"team": team, "zone": "UTC", "salt": secrets.token_hex(16), "mix": None}
            db.execute("insert into digest_teams(team, zone, salt, mix) values(:team, :zone, :salt, :mix)", row)
        return row

    def teams(self) -> list[str]:
        """The workspaces that there are figures of."""
        return [row["team"] for row in self._db.all("select distinct team from rollups order by team")]

    # rebuilt and checked

    def rebuild(self) -> int:
        """Count every stored draft that counts anew, and sum all up again; how many messages are counted now."""
        for row in self._db.all("select id from drafts where parts is not null or follows is not null"):
            with self._db.write() as db:  # one at a time, so that the bot can go on taking drafts in
                self.changed(db, row["id"])
        with self._db.write() as db:
            db.execute("delete from rollups")
            db.execute(f"insert into rollups(team, week, channel, figure, n) {_SUM}")
            counted = _one(db, "select count(*) n from contributions", []) or {"n": 0}
        return int(counted["n"])

    def drift(self) -> list[str]:
        """Where the sums differ from a recount: "team week channel figure"; empty when all is well."""
        rows = self._db.all(
            f"with counted as ({_SUM})"  # noqa: S608 - ours
            " select team, week, channel, figure from (select * from counted except select * from rollups)"
            " union select team, week, channel, figure from (select * from rollups except select * from counted)"
        )
        return [" ".join(row.values()) for row in rows]


def _close(db: Database, team: str, week: str) -> None:
    if _closed(db, team, week):
        return
    values = {"team": team, "week": week}
    where = "from contributions where team = :team and week = :week and author is not null"
    db.execute(
        "insert into rollup_weeks(team, week, channel, authors)"
        f" select :team, :week, channel, count(distinct author) {where} group by channel"
        f" union all select :team, :week, '', count(distinct author) {where}",
        values,
    )
    db.execute(
        "update contributions set author = null where team = :team and week = :week and author is not null", values
    )


def _closed(db: Database, team: str, week: str) -> bool:
    sql = "select 1 from rollup_weeks where team = ? and week = ? and channel = ''"
    return _one(db, sql, [team, week]) is not None


def _insert(db: Database, row: Row) -> None:
    db.execute(
        "insert into contributions(source, team, channel, week, author, figures)"
        " values(:source, :team, :channel, :week, :author, :figures)",
        row,
    )
    _add(db, row, 1)


def _add(db: Database, row: Row, sign: int) -> None:
    """Add a contribution to the sums, or take it out."""
    for channel in (row["channel"], _WHOLE):
        key = [row["team"], row["week"], channel]
        for figure, n in json.loads(row["figures"]).items():
            db.execute(
                "insert into rollups(team, week, channel, figure, n) values(?, ?, ?, ?, ?)"
                " on conflict do update set n = n + excluded.n",
                [*key, figure, sign * n],
            )
        if sign < 0:
            db.execute("delete from rollups where team = ? and week = ? and channel = ? and n = 0", key)


def _one(db: Database, sql: str, values: list[object] | dict[str, object]) -> Row | None:
    return next(iter(db.query(sql, values)), None)


def _posted(row: Row) -> datetime:
    return moment_of(slack_ts_us(row["ts"]))


def _as_figures(row: Row) -> Figures:
    return Figures(verdict=row["verdict"], score=row["score"], rules=tuple(filter(None, row["rules"].split(","))))


def _hashed(value: str, salt: str) -> str:
    return hashlib.blake2b(value.encode(), key=bytes.fromhex(salt), digest_size=12).hexdigest()

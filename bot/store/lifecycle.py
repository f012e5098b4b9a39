"""Coming and going: workspaces that removed the bot, channels that are archived, people who were deactivated.

What is to be erased waits for its day in ``goodbyes``; whoever comes back before that keeps what they had.
"""

from datetime import UTC, datetime, timedelta

from sqlite_utils.db import Database

from bot.store.connection import Connections
from bot.store.erasure import Erasure, Subject

NOT_ARCHIVED = "(team, channel) not in (select team, channel from archived)"
"""A condition on a row that names a channel."""
WATCHED = "select * from channels where watched = 1 and (team, channel) not in (select team, channel from archived)"
KEPT = frozenset({"audit"})
"""Tables that keep a workspace's rows when it is erased: without a name, since that went before."""
OF_DRAFTS = ("versions", "replies", "answerers")
"""Tables whose rows name a draft and no workspace."""


class Lifecycle:
    """All methods raise StoreError; each is done, or not at all, when it returns."""

    def __init__(self, db: Connections, erasure: Erasure) -> None:
        self._db = db
        self._erasure = erasure

    def arrived(self, team: str) -> None:
        """A workspace installed the bot, or still has it."""
        with self._db.write() as db:
            db.execute(
                "insert into workspaces(team, installed_at) values(:team, :now)"
                " on conflict do update set installed_at = :now, left_at = null",
                {"team": team, "now": _now()},
            )
            db.execute("delete from goodbyes where team = ? and channel = '' and user = ''", [team])

    def teams(self) -> list[str]:
        """Every workspace that the bot is in, or keeps something of."""
        tables = ("workspaces", "installations", "channels", "drafts", "asks")
        rows = self._db.all(" union ".join(f"select team from {table}" for table in tables))  # noqa: S608 - right above
        return sorted(row["team"] for row in rows)

    def left(self, team: str, at: datetime, erase_after_days: int) -> bool:
        """A workspace removed the bot at ``at`` (UTC): it stops now, and its data go after that many days.

        False when that is old news: it was told before, or the workspace has installed the bot again since.
        """
        due = (datetime.now(UTC) + timedelta(days=erase_after_days)).isoformat()
        values = {"team": team, "at": at.isoformat(), "due": due}
        with self._db.write() as db:
            new = db.execute(
                "insert into workspaces(team, left_at) values(:team, :at) on conflict do update set left_at = :at"
                " where left_at is null and (installed_at is null or installed_at <= :at)",
                values,
            ).rowcount
            if new:
                db.execute(
                    "insert or replace into goodbyes(team, channel, user, due) values(:team, '', '', :due)", values
                )
                db.execute("delete from installations where team = :team", values)
                db.execute("delete from tokens where team = :team or (enterprise = :team and team = '')", values)
        return bool(new)

    def archive(self, team: str, channel: str) -> None:
        """Nothing is said in an archived channel; what was chosen for it is kept."""
        sql = "insert into archived(team, channel, at) values(?, ?, ?) on conflict do nothing"
        self._db.run(sql, [team, channel, _now()])

    def unarchive(self, team: str, channel: str) -> None:
        """It is as it was before."""
        self._db.run("delete from archived where team = ? and channel = ?", [team, channel])

    def erase_later(self, team: str, *, channel: str = "", user: str = "", days: int = 0) -> bool:
        """Erase what there is of a channel or a person after that many days; False when that is so already."""
        due = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        sql = "insert into goodbyes(team, channel, user, due) values(?, ?, ?, ?) on conflict do nothing"
        return bool(self._db.run(sql, [team, channel, user, due]))

    def came_back(self, team: str, user: str) -> bool:
        """Somebody is active again; whether they were about to be erased."""
        where = "team = ? and channel = '' and user = ?"
        if self._db.one(f"select 1 from goodbyes where {where}", [team, user]) is None:  # noqa: S608 - ours
            return False  # the usual case, without a write
        return bool(self._db.run(f"delete from goodbyes where {where}", [team, user]))  # noqa: S608 - ours

    def erase_due(self) -> int:
        """Erase what is due; how many workspaces, channels and people that were."""
        rows = self._db.all("select * from goodbyes where due <= ?", [_now()])
        for row in rows:
            team, channel, user = row["team"], row["channel"], row["user"]
            self._erasure.erase(Subject(team=team, channel=channel or None, user=user or None))
            with self._db.write() as db:
                if not channel and not user:
                    _forget_workspace(db, team)
                db.execute("delete from goodbyes where team = ? and channel = ? and user = ?", [team, channel, user])
        if rows:
            self._erasure.wipe()
        return len(rows)


def _forget_workspace(db: Database, team: str) -> None:
    """Figures and settings too: nobody is left who could ask for them. Its replies in Slack are out of our reach."""
    for table in OF_DRAFTS:
        db.execute(f"delete from {table} where draft_id in (select id from drafts where team = ?)", [team])  # noqa: S608 - ours
    for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
        columns = {row[1] for row in db.execute(f"pragma table_info({table})").fetchall()}
        if "team" in columns and table not in KEPT:
            db.execute(f"delete from {table} where team = ?", [team])  # noqa: S608 - our own tables


def _now() -> str:
    return datetime.now(UTC).isoformat()

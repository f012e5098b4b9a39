"""The kill switch: while it is on, nothing is read and nothing is posted."""

from datetime import UTC, datetime

from bot.store.connection import Connections

EVERYWHERE = "*"


class Switches:
    """Who paused the bot, and where. Methods raise StoreError; safe to call from many threads and processes."""

    def __init__(self, db: Connections) -> None:
        self._db = db

    def pause(self, by: str, team: str = EVERYWHERE) -> bool:
        """Stop reading and posting in a workspace, or everywhere; False when it was so already."""
        sql = "insert into pauses(team, by, at) values(?, ?, ?) on conflict do nothing"
        return bool(self._db.run(sql, [team, by, datetime.now(UTC).isoformat()]))

    def resume(self, team: str = EVERYWHERE) -> bool:
        """Go on in a workspace, or everywhere (workspaces that were paused by themselves too); False when nothing was
        paused."""
        return bool(self._db.run("delete from pauses where team = :team or :team = '*'", {"team": team}))

    def paused(self, team: str) -> bool:
        """Whether the bot holds still in this workspace: on pause, or removed from it."""
        sql = (
            "select 1 from pauses where team in (:team, '*')"
            " union all select 1 from workspaces where team = :team and left_at is not null"
        )
        return self._db.one(sql, {"team": team}) is not None

    def all(self) -> list[tuple[str, str, str]]:
        """(workspace or ``*``, who, since when) of every pause."""
        return [(row["team"], row["by"], row["at"]) for row in self._db.all("select * from pauses order by team")]

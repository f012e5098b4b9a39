"""Who gets a digest, when, and what became of each; which examples their authors agreed to show."""

from datetime import UTC, date, datetime
from typing import Any, Literal

from bot.models import Model
from bot.store.connection import Connections
from bot.store.lifecycle import NOT_ARCHIVED

PostState = Literal["intended", "posted", "parked"]


class Schedule(Model):
    """A digest's place and time. ``weekday`` 0 is Monday, ``minute`` of the day, both in the IANA ``zone``."""

    team: str
    channel: str
    everywhere: bool
    """About every channel that is read; else about this one."""
    weekday: int
    minute: int
    zone: str
    since: datetime
    asked_by: str


class Post(Model):
    """One digest: made when it is due, one for each (team, channel, week)."""

    team: str
    channel: str
    week: date
    slot: datetime
    """When it was due."""
    everywhere: bool
    missed: int = 0
    """Digests before it that were skipped, because nobody was there to send them."""
    state: PostState = "intended"
    file: str | None = None
    """Slack's id of the picture, once uploaded."""
    ts: str | None = None
    reason: str | None = None


class Digests:
    """Every method raises StoreError."""

    def __init__(self, connections: Connections) -> None:
        self._db = connections

    def schedule(self, team: str, channel: str) -> Schedule | None:
        """The schedule of a channel."""
        row = self._db.one("select * from digests where team = ? and channel = ?", [team, channel])
        return Schedule.model_validate(row) if row else None

    def schedules(self, team: str | None = None) -> list[Schedule]:
        """Every schedule, of one workspace or of all; archived channels wait."""
        sql = f"select * from digests where (? is null or team = ?) and {NOT_ARCHIVED} order by team, channel"  # noqa: S608 - ours
        return [Schedule.model_validate(row) for row in self._db.all(sql, [team, team])]

    def switch_on(self, schedule: Schedule) -> None:
        """Send from now on; replaces the channel's schedule."""
        self._db.put("digests", schedule.model_dump(mode="json") | {"everywhere": int(schedule.everywhere)})

    def switch_off(self, team: str, channel: str) -> bool:
        """Send no more; whether there was something to stop. What is about to go out does not go out either."""
        with self._db.write() as db:
            found = db.execute("delete from digests where team = ? and channel = ?", [team, channel]).rowcount
            sql = "update digest_posts set state = 'parked', reason = 'stopped'"
            db.execute(f"{sql} where team = ? and channel = ? and state = 'intended'", [team, channel])
        return bool(found)

    def intend(self, post: Post) -> bool:
        """Keep that a digest is due; False when it is kept already, so that it goes out once."""
        values = post.model_dump(mode="json") | {"everywhere": int(post.everywhere)}
        return bool(
            self._db.run(
                "insert into digest_posts(team, channel, week, slot, everywhere, missed, state, file, ts, reason)"
                " values(:team, :channel, :week, :slot, :everywhere, :missed, :state, :file, :ts, :reason)"
                " on conflict do nothing",
                values,
            )
        )

    def post(self, team: str, channel: str, week: date) -> Post | None:
        """What became of a digest."""
        sql = "select * from digest_posts where team = ? and channel = ? and week = ?"
        row = self._db.one(sql, [team, channel, week.isoformat()])
        return Post.model_validate(row) if row else None

    def last(self, team: str, channel: str) -> Post | None:
        """The newest digest of a channel."""
        sql = "select * from digest_posts where team = ? and channel = ? order by slot desc limit 1"
        row = self._db.one(sql, [team, channel])
        return Post.model_validate(row) if row else None

    def intended(self) -> list[Post]:
        """Digests that are due and not out."""
        return [Post.model_validate(row) for row in self._db.all("select * from digest_posts where state = 'intended'")]

    def save(self, post: Post) -> bool:
        """Record what became of a digest; False for one that is to go out and was stopped meanwhile."""
        return bool(
            self._db.run(
                "update digest_posts set state = :state, file = :file, ts = :ts, reason = :reason"
                " where team = :team and channel = :channel and week = :week"
                " and (state = 'intended' or :state <> 'intended')",
                post.model_dump(mode="json"),
            )
        )

    # examples

    def agree(self, team: str, week: date, rule: str, draft_id: str, version: int | None = None) -> None:
        """A draft's author agreed that it is shown as it is in this version, without their name, with its rewrite."""
        row: dict[str, Any] = {"team": team, "week": week.isoformat(), "rule": rule, "draft_id": draft_id}
        row["version"] = version
        self._db.put("digest_examples", row | {"agreed_at": datetime.now(UTC).isoformat()})

    def agreed(self, team: str, week: date) -> list[tuple[str, str]]:
        """(rule, draft id) of the examples that may be shown in a week's digest, the first agreed first."""
        sql = (
            "select rule, draft_id from digest_examples e join drafts d on d.id = draft_id and d.deleted = 0"
            # Its author agreed to these words; what they have written since is another matter.
            " and coalesce(e.version, d.version) = d.version where e.team = ? and week = ? order by agreed_at"
        )
        return [(row["rule"], row["draft_id"]) for row in self._db.all(sql, [team, week.isoformat()])]

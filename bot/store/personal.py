"""What one person asks about themselves: their last drafts and private answers. Ids and figures, no words."""

from typing import cast

from bot.models import Model, Verdict
from bot.store.connection import Connections


class Mark(Model):
    """How one of a person's drafts reads in its newest version."""

    draft_id: str
    channel: str
    ts: str
    verdict: Verdict
    score: int
    at: str
    """When it was reviewed, ISO 8601, UTC."""


class PersonalStore:
    """Only for showing somebody what is theirs. Raises StoreError."""

    def __init__(self, db: Connections) -> None:
        self._db = db

    def marks(self, team: str, person: str, limit: int = 20) -> list[Mark]:
        """A person's reviewed drafts, the newest first."""
        rows = self._db.all(
            "select d.id as draft_id, d.channel as channel, d.ts as ts, v.verdict as verdict, v.score as score,"
            " v.reviewed_at as at from drafts d join versions v on v.draft_id = d.id and v.version = d.version"
            " where d.team = ? and d.author = ? and d.deleted = 0 order by v.reviewed_at desc limit ?",
            [team, person, limit],
        )
        return [Mark(**row) for row in rows]

    def last_ask(self, team: str, person: str) -> tuple[str, str] | None:
        """(id, time) of the newest private ask that has its answer."""
        row = self._db.one(
            "select id, created_at from asks where team = ? and user = ? and parts is not null"
            " order by created_at desc limit 1",
            [team, person],
        )
        return (cast(str, row["id"]), cast(str, row["created_at"])) if row else None

    def last_private_draft(self, team: str, person: str) -> tuple[str, str] | None:
        """(id, time) of the newest reviewed draft in a channel where only the author is answered."""
        row = self._db.one(
            "select d.id as id, d.received_at as at from drafts d"
            " join choices c on c.team = d.team and c.channel = d.channel and c.private = 1"
            " where d.team = ? and d.author = ? and d.deleted = 0 and d.parts_version = d.version"
            " order by d.received_at desc limit 1",
            [team, person],
        )
        return (cast(str, row["id"]), cast(str, row["at"])) if row else None

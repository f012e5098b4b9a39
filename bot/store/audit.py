"""Who did what to the bot itself: watching, switches, erasures, exports. Never a draft's words."""

import json
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import Field

from bot.models import Model
from bot.store.connection import Connections

Via = Literal["slack", "cli", "bot"]
Detail = str | int | bool | None
KEEP_DAYS = 365


class Entry(Model):
    """One act. ``detail`` holds codes, ids and counts."""

    at: str
    """ISO 8601, UTC."""
    who: str
    """A Slack user's id, ``os:NAME`` for somebody at the command line, ``bot`` for the bot, ``erased``."""
    via: Via
    act: str
    team: str | None = None
    channel: str | None = None
    detail: dict[str, Detail] = Field(default_factory=dict)


class Audit:
    """The log of admin acts. Methods raise StoreError."""

    def __init__(self, db: Connections) -> None:
        self._db = db

    def note(
        self, act: str, *, who: str, via: Via, team: str | None = None, channel: str | None = None, **detail: Detail
    ) -> None:
        """Write one act down."""
        self._db.run(
            "insert into audit(at, who, via, act, team, channel, detail) values(?, ?, ?, ?, ?, ?, ?)",
            [datetime.now(UTC).isoformat(), who, via, act, team, channel, json.dumps(detail)],
        )

    def entries(self, since: str = "", limit: int = 1000) -> list[Entry]:
        """The newest ``limit`` acts since an ISO time, the oldest of them first."""
        rows = self._db.all(
            "select at, who, via, act, team, channel, detail from audit where at >= ? order by id desc limit ?",
            [since, limit],
        )
        return [Entry(**{**row, "detail": json.loads(row["detail"])}) for row in reversed(rows)]

    def purge(self) -> None:
        """Drop what is older than a year."""
        before = (datetime.now(UTC) - timedelta(days=KEEP_DAYS)).isoformat()
        self._db.run("delete from audit where at < ?", [before])

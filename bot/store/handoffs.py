"""Work that was taken in and is still to be queued: kinds and ids, never a text.

Whoever takes something in writes its handoff in the same transaction, so that an ack means both. The worker moves
handoffs into its queues, and may be another process.
"""

import json
import time
from collections.abc import Callable, Sequence
from typing import Literal

from bot.models import Model
from bot.store.connection import Connections

Kind = Literal["review", "deliver", "rewrite", "ask", "files"]
PATIENT = frozenset({"review"})
"""Kinds that let the others go first: somebody pressed a button and watches, and a flood of drafts can wait."""


class Handoff(Model):
    """A piece of work. ``args``: what the queue's method of this kind takes."""

    id: int
    kind: Kind
    args: tuple[str | int, ...]


class Waiting(Model):
    """How many handoffs of some kinds wait, and for how many seconds the oldest of them has."""

    count: int
    age_s: float


class Handoffs:
    """All methods raise StoreError."""

    def __init__(self, db: Connections) -> None:
        self._db = db
        self._wake: Callable[[], None] = _nobody

    def wake_with(self, wake: Callable[[], None]) -> None:
        """Call this whenever there is something new; it must be quick and must not raise."""
        self._wake = wake

    def add(self, kind: Kind, *args: str | int) -> None:
        """Keep a piece of work; inside a block of ``Store.write`` it is kept together with the rest, or not at all."""
        with self._db.write() as db:
            db.execute(
                "insert into handoffs(rank, kind, args, at) values(?, ?, ?, ?)",
                [int(kind in PATIENT), kind, json.dumps(args), time.time()],
            )
            self._db.after_commit(self._wake)

    def next(self, limit: int = 50) -> list[Handoff]:
        """What is to be queued next."""
        rows = self._db.all("select id, kind, args from handoffs order by rank, id limit ?", [limit])
        return [Handoff(id=row["id"], kind=row["kind"], args=tuple(json.loads(row["args"]))) for row in rows]

    def done(self, ids: Sequence[int]) -> None:
        """These are in a queue."""
        marks = ", ".join("?" * len(ids))
        self._db.run(f"delete from handoffs where id in ({marks})", list(ids))  # noqa: S608 - nothing but marks

    def waiting(self) -> dict[str, Waiting]:
        """By kind."""
        now = time.time()
        rows = self._db.all("select kind, count(*) as count, min(at) as since from handoffs group by kind")
        return {row["kind"]: Waiting(count=row["count"], age_s=max(0.0, now - row["since"])) for row in rows}


def _nobody() -> None:
    """Until somebody wants to be woken."""

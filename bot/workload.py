"""What waits: figures of the queues and of parked drafts, for operators."""

import time
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from bot.models import Model
from bot.store import StoreError

STUCK_S = 900
"""Work that has been due for this long says that the bot does not get on; retries wait at most 300 s."""


class QueueFigures(Model):
    """One queue. ``age_s``: seconds for which its oldest piece of work has been due; 0 when none is."""

    name: str
    depth: int
    age_s: float


class Workload(Model):
    """All that waits or runs."""

    queues: tuple[QueueFigures, ...]
    parked: int
    """Drafts that could not be answered, each with its reason in the store."""

    @property
    def oldest_s(self) -> float:
        """How long the oldest piece of work has been due, in seconds."""
        return max((queue.age_s for queue in self.queues), default=0)

    @property
    def stuck(self) -> bool:
        """Whether something has been due for so long that the bot does not get on."""
        return self.oldest_s > STUCK_S


# DBOS's own listing would load every piece of work; with ten thousand waiting this is two figures a queue.
_WAITING = sa.text(
    "select queue_name, count(*), min(coalesce(delay_until_epoch_ms, created_at)) from workflow_status"
    " where status in ('ENQUEUED', 'DELAYED', 'PENDING') and queue_name is not null group by queue_name"
)


def read_queues(engine: sa.Engine, names: Sequence[str], coming: Mapping[str, int]) -> tuple[QueueFigures, ...]:
    """The queues of these names, from DBOS's table, with what is still on its way to it. Raises StoreError."""
    try:
        with engine.connect() as connection:
            rows = {name: (depth, due_ms) for name, depth, due_ms in connection.execute(_WAITING)}
    except sa.exc.DBAPIError as error:
        raise StoreError(f"The workflow database can't be read ({type(error.orig).__name__}).") from None
    now_ms = time.time() * 1000

    def figures(name: str) -> QueueFigures:
        depth, due_ms = rows.get(name, (0, now_ms))
        return QueueFigures(name=name, depth=depth + coming.get(name, 0), age_s=max(0.0, (now_ms - due_ms) / 1000))

    return tuple(map(figures, names))

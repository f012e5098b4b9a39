"""DBOS's own database: how it is opened, what is forgotten, what waits in it."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from bot.store import StoreError
from bot.store.handoffs import Waiting
from bot.workload import QueueFigures

WORKFLOWS_VERSION = "1"
"""Never raised: DBOS strands pending work of another version. A workflow whose steps change in a way that a run begun
under the old ones can't follow gets a new name instead."""
FINISHED = ["SUCCESS", "ERROR"]


def config(database: Path, engine: sa.Engine, executor_id: str) -> DBOSConfig:
    """How DBOS runs here."""
    return {
        "name": "humanize-bot",
        "system_database_url": f"sqlite:///{database}",
        "system_database_engine": engine,
        "application_version": WORKFLOWS_VERSION,
        "executor_id": executor_id,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }


def open_engine(database: Path) -> sa.Engine:
    """SQLite in WAL: twice as fast as DBOS's default journal, and readers never wait for a writer.

    Commits are synced by checkpoints (``normal``): they outlive a killed process, and after a power cut the last ones
    may be gone. Then the store, which is synced at each commit, says what is unfinished, and it is taken up.
    """
    engine = sa.create_engine(f"sqlite:///{database}")

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode = wal", "synchronous = normal", "busy_timeout = 2000", "foreign_keys = on"):
            connection.execute(f"pragma {pragma}")

    return engine


def forget_finished(days: int) -> None:
    """Drop finished work from DBOS's tables; by age, since its ids keep a second delivery from being new work."""
    before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    while done := DBOS.list_workflows(
        status=FINISHED, completed_before=before, limit=500, load_input=False, load_output=False
    ):
        DBOS.delete_workflows([workflow.workflow_id for workflow in done])


def waiting_reviews(engine: sa.Engine, executor_id: str) -> set[str]:
    """``DRAFT:VERSION`` of the reviews that DBOS will come to by itself: those in the queue, and this executor's."""
    sql = sa.text(
        "select workflow_uuid from workflow_status where workflow_uuid like 'review:%' and"
        " (status in ('ENQUEUED', 'DELAYED') or (status = 'PENDING' and executor_id = :executor))"
    )
    with engine.connect() as connection:
        ids = connection.execute(sql, {"executor": executor_id})
        return {":".join(name.split(":")[1:3]) for (name,) in ids}


# DBOS's own listing would load every piece of work; with ten thousand waiting this is two figures a queue.
_WAITING = sa.text(
    "select queue_name, count(*), min(coalesce(delay_until_epoch_ms, created_at)) from workflow_status"
    " where status in ('ENQUEUED', 'DELAYED', 'PENDING') and queue_name is not null group by queue_name"
)


def read_queues(engine: sa.Engine, names: Sequence[str], coming: Mapping[str, Waiting]) -> tuple[QueueFigures, ...]:
    """The queues of these names, from DBOS's table, with what is still on its way to it. Raises StoreError."""
    try:
        with engine.connect() as connection:
            rows = {name: (depth, due_ms) for name, depth, due_ms in connection.execute(_WAITING)}
    except sa.exc.DBAPIError as error:
        raise StoreError(f"The workflow database can't be read ({type(error.orig).__name__}).") from None
    now_ms = time.time() * 1000

    def figures(name: str) -> QueueFigures:
        depth, due_ms = rows.get(name, (0, now_ms))
        more = coming.get(name, Waiting(count=0, age_s=0))
        age_s = max(0.0, (now_ms - due_ms) / 1000, more.age_s)
        return QueueFigures(name=name, depth=depth + more.count, age_s=age_s)

    return tuple(map(figures, names))

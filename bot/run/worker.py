"""The side that works: reviews, rewrites, posts, digests."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bot.calendar.send import Calendars
from bot.coach import Coach
from bot.digest import label_of
from bot.digest.send import DigestSender
from bot.making import make_coach
from bot.metrics import WorkMetrics
from bot.run.parts import Parts
from bot.settings import Settings
from bot.steps import Services
from bot.store import StoreError
from bot.store.folder import QUEUES
from bot.workflows import Workflows
from bot.workload import WorkerState
from handlers.calendar import SlackCalendarOutbox
from handlers.digest import SlackDigestOutbox
from handlers.outbox import SlackOutbox

log = logging.getLogger(__name__)

DRAIN_S = 20
"""How long a stop waits for what runs; what waits in the queue is kept for the next start."""


@contextmanager
def working(parts: Parts, metrics: WorkMetrics) -> Iterator[Workflows]:
    """Works until the block ends, then finishes what runs. Raises StoreError."""
    settings = parts.settings
    coach = make_coach(settings, parts.store.llm, metrics, parts.rules)
    coach.warm_up()
    _say_who_writes(settings, coach)
    workflows = Workflows(_services(parts, coach, metrics), settings.data_dir / QUEUES, settings.executor_id)
    workflows.launch()
    try:
        metrics.watch(workflows.workload)
        yield workflows
    finally:
        workflows.stop(DRAIN_S)


def state_of(workflows: Workflows, metrics: WorkMetrics) -> WorkerState:
    """How it gets on, for operators."""
    figures = metrics.page().decode()
    try:
        return WorkerState(workload=workflows.workload(), figures=figures)
    except StoreError as error:
        return WorkerState(trouble=str(error), figures=figures)


def _services(parts: Parts, coach: Coach, metrics: WorkMetrics) -> Services:
    settings, store = parts.settings, parts.store
    sending = partial(parts.source.client, patient=False)

    def label(rule: str) -> str:
        return label_of(parts.rules, rule)

    return Services(
        coach=coach,
        intake=parts.intake,
        store=store,
        outbox=SlackOutbox(sending),
        llm_host=settings.llm_host,
        workers=settings.workers,
        llm_workers=settings.llm_workers,
        poll_s=settings.poll_s,
        metrics=metrics,
        digests=DigestSender(store, SlackDigestOutbox(sending), label),
        calendars=Calendars(store, coach, parts.intake, SlackCalendarOutbox(sending), label),
    )


def _say_who_writes(settings: Settings, coach: Coach) -> None:
    """Once, at the start. What is wrong with the model's server is found out beside it: drafts need not wait."""
    if settings.llm_host is None:
        log.info("rewrites by rules alone: no language model is set, or HUMANIZE_LLM is false")
        return
    log.info("rewrites by a language model", extra={"host": settings.llm_host, "model": settings.llm_model})
    threading.Thread(target=coach.probe, name="llm-probe", daemon=True).start()

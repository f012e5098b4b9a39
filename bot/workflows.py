"""Durable work on DBOS: review a draft, rewrite it, answer in private, pick up what a crash left behind.

Only ids go in and out of workflows and steps, and errors become codes, so that no draft's text reaches DBOS's tables.
All that shows a draft in Slack runs on one queue partitioned by draft, one at a time: versions of a draft can't race.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID

from bot.coach import Coach
from bot.delivery import Answer, Delivery, Outbox, OutboxBusyError, OutboxRefusedError
from bot.intake import Intake
from bot.models import Context, Part, Wishes
from bot.store import Store, StoreError

log = logging.getLogger(__name__)

WORKFLOWS_VERSION = "1"
"""DBOS strands pending work of another version; raise this only when old runs can't resume in the new steps."""

DRAFTS, REWRITES, PRIVATE = "drafts", "rewrites", "private"
MAX_ATTEMPTS = 300
"""With at most 5 minutes between attempts: about a day of Slack being away before a draft is parked."""
MAX_DELAY_S = 300.0


class StepError(Exception):
    """A step failed for good; carries a code, never text."""


@dataclass(frozen=True)
class Services:
    """What workflows act with. The outbox is bound before DBOS is launched."""

    coach: Coach
    intake: Intake
    store: Store
    outbox: Outbox
    llm: bool
    """Whether an LLM is configured at all."""
    workers: int = 8
    llm_workers: int = 4
    poll_s: float = 0.1


class Workflows:
    """The workflows, registered with DBOS on construction; ``launch`` starts working."""

    def __init__(self, services: Services, database: Path, executor_id: str) -> None:
        self._services = services
        self._store = services.store
        self._delivery = Delivery(services.store, services.outbox, self._label)
        DBOS(config=_config(database, executor_id))
        self._review_draft = DBOS.workflow(name="review_draft")(self._review_draft_workflow())
        self._rewrite_draft = DBOS.workflow(name="rewrite_draft")(self._rewrite_draft_workflow())
        self._deliver = DBOS.workflow(name="deliver")(self._deliver_workflow())
        self._answer_ask = DBOS.workflow(name="answer_ask")(self._answer_ask_workflow())

    def launch(self) -> None:
        """Start working, and take up what a crash left behind. Raises StoreError when the database can't be used."""
        try:
            DBOS.launch()
        except sa.exc.DBAPIError as error:
            raise StoreError(
                f"The workflow database can't be used ({type(error.orig).__name__}); check HUMANIZE_DATA_DIR."
            ) from None
        poll = self._services.poll_s
        DBOS.register_queue(
            DRAFTS, partition_concurrency=1, worker_concurrency=self._services.workers, polling_interval_sec=poll
        )
        DBOS.register_queue(REWRITES, worker_concurrency=self._services.llm_workers, polling_interval_sec=poll)
        DBOS.register_queue(PRIVATE, worker_concurrency=self._services.workers, polling_interval_sec=poll)
        for draft_id, version in self._store.unreviewed():
            self.enqueue_review(draft_id, version)

    def stop(self, timeout_s: int = 20) -> None:
        """Finish what runs (at most ``timeout_s``); what waits is kept for the next start."""
        DBOS.destroy(workflow_completion_timeout_sec=timeout_s, destroy_registry=True)

    # what the handlers call: each is durable when it returns

    def enqueue_review(self, draft_id: str, version: int) -> None:
        """Review one version of a draft. The same version twice is one piece of work. Raises StoreError."""
        self._enqueue(DRAFTS, f"review:{draft_id}:{version}", self._review_draft, draft_id, version, partition=draft_id)

    def enqueue_delivery(self, draft_id: str, reason: str, kind: str = "thread") -> None:
        """Bring Slack up to date with a draft. One piece of work for each (draft, reason). Raises StoreError."""
        args = (draft_id, reason, 0, kind)
        self._enqueue(DRAFTS, f"deliver:{draft_id}:{reason}", self._deliver, *args, partition=draft_id)

    def enqueue_rewrite(self, draft_id: str, version: int, reason: str, kind: str) -> None:
        """Write anew, as the draft's wishes are now, and show it; once for each reason. Raises StoreError."""
        args = (draft_id, version, reason, kind)
        self._enqueue(REWRITES, f"rewrite:{draft_id}:{version}:{reason}", self._rewrite_draft, *args)

    def enqueue_ask(self, ask_id: str) -> None:
        """Answer a private ask. Raises StoreError."""
        self._enqueue(PRIVATE, f"ask:{ask_id}", self._answer_ask, ask_id)

    def _enqueue(
        self,
        queue: str,
        workflow_id: str,
        workflow: Callable[..., str],
        *args: str | int,
        partition: str | None = None,
        delay_s: float | None = None,
    ) -> None:
        try:
            with SetWorkflowID(workflow_id), SetEnqueueOptions(queue_partition_key=partition, delay_seconds=delay_s):
                DBOS.enqueue_workflow(queue, workflow, *args)
        except sa.exc.DBAPIError as error:
            raise StoreError(f"The workflow database can't take work ({type(error.orig).__name__}).") from None

    # the workflows: thin, so that the code a running one replays changes seldom

    def _review_draft_workflow(self) -> Callable[[str, int], str]:
        def review_draft(draft_id: str, version: int) -> str:
            try:
                outcome = self._step(self._review, draft_id, version)
                if outcome != "reviewed":
                    return outcome
                delivered = self._step(self._deliver_once, draft_id, "thread")
            except StepError:
                # One draft that can't be worked fails alone, and says so where `doctor` and people can find it.
                return self._step(self._give_up, draft_id, "step_failed")
            if delivered.startswith("busy"):
                self._deliver_later(draft_id, f"v{version}", 0, "thread", delivered)
            if self._step(self._wants_rewrite, draft_id, version) == "yes":
                self.enqueue_rewrite(draft_id, version, "first", "thread")
            return delivered

        return review_draft

    def _rewrite_draft_workflow(self) -> Callable[[str, int, str, str], str]:
        def rewrite_draft(draft_id: str, version: int, reason: str, kind: str) -> str:
            outcome = self._step(self._rewrite, draft_id, version)
            if outcome == "rewritten":
                self.enqueue_delivery(draft_id, f"rewrite:{version}:{reason}", kind)
            return outcome

        return rewrite_draft

    def _deliver_workflow(self) -> Callable[[str, str, int, str], str]:
        def deliver(draft_id: str, reason: str, attempt: int, kind: str) -> str:
            delivered = self._step(self._deliver_once, draft_id, kind)
            if delivered.startswith("busy"):
                self._deliver_later(draft_id, reason, attempt, kind, delivered)
            return delivered

        return deliver

    def _answer_ask_workflow(self) -> Callable[[str], str]:
        def answer_ask(ask_id: str) -> str:
            return self._step(self._answer_once, ask_id)

        return answer_ask

    def _deliver_later(self, draft_id: str, reason: str, attempt: int, kind: str, busy: str) -> None:
        """Try again in a while on the same partition, without holding a worker meanwhile."""
        if attempt >= MAX_ATTEMPTS:
            self._step(self._give_up, draft_id, "slack_unavailable")
            return
        _, _, wait = busy.partition(":")
        delay = max(float(wait or 0), min(MAX_DELAY_S, 0.5 * 2 ** min(attempt, 12)))
        workflow_id = f"deliver:{draft_id}:{reason}:{attempt + 1}"
        args = (draft_id, reason, attempt + 1, kind)
        self._enqueue(DRAFTS, workflow_id, self._deliver, *args, partition=draft_id, delay_s=delay)

    def _step(self, step: Callable[..., str], *args: str | int) -> str:
        def run() -> str:
            try:
                return step(*args)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - a message may quote a draft: only the type and place go on
                log.error("step failed", extra={"step": step.__name__, "ids": list(args), "error": _place(error)})
                raise StepError(f"{step.__name__}: {type(error).__name__}") from None

        name = step.__name__.strip("_")
        return DBOS.run_step(
            {"name": name, "retries_allowed": True, "max_attempts": 4, "should_retry": _is_passing}, run
        )

    # the steps: ids in, a code out

    def _review(self, draft_id: str, version: int) -> str:
        draft = self._store.draft(draft_id)
        if draft is None or draft.deleted or draft.text is None:
            return "gone"
        if draft.version != version:
            return "superseded"
        allowed = self._store.channel(draft.team, draft.channel).llm_allowed
        parts = self._reviewed(draft.text)
        if not self._asks_llm(allowed):
            parts = self._suggested(parts, draft.wishes, allowed=False)
        return "reviewed" if self._store.save_parts(draft_id, version, parts) else "superseded"

    def _reviewed(self, text: str) -> tuple[Part, ...]:
        coach = self._services.coach
        return tuple(
            Part(label=draft.label, review=coach.review(draft.text, Context(network=draft.network)))
            for draft in self._services.intake.read(text)
        )

    def _suggested(self, parts: tuple[Part, ...], wishes: Wishes, *, allowed: bool) -> tuple[Part, ...]:
        def suggest(part: Part) -> Part:
            context = Context(
                network=part.review.network,
                llm_allowed=allowed,
                must_keep=tuple(words for words in wishes.keep if words in part.review.text),
                angle=wishes.angle,
                shorter=wishes.shorter,
                variant=wishes.variant,
            )
            return part.model_copy(update={"suggestion": self._services.coach.rewrite(part.review, context)})

        return tuple(suggest(part) for part in parts)

    def _wants_rewrite(self, draft_id: str, version: int) -> str:
        draft = self._store.draft(draft_id)
        if draft is None or draft.version != version or draft.human or draft.suggested or not draft.parts:
            return "no"
        return "yes" if self._asks_llm(self._store.channel(draft.team, draft.channel).llm_allowed) else "no"

    def _rewrite(self, draft_id: str, version: int) -> str:
        draft = self._store.draft(draft_id)
        if draft is None or draft.version != version or not draft.parts:
            return "superseded"
        allowed = self._store.channel(draft.team, draft.channel).llm_allowed
        parts = self._suggested(draft.parts, draft.wishes, allowed=allowed)
        return "rewritten" if self._store.save_parts(draft_id, version, parts) else "superseded"

    def _deliver_once(self, draft_id: str, kind: str) -> str:
        try:
            draft = self._store.draft(draft_id)
            allowed = draft is not None and self._store.channel(draft.team, draft.channel).llm_allowed
            return self._delivery.deliver(draft_id, kind, llm=self._asks_llm(allowed))
        except OutboxBusyError as busy:
            log.warning("slack is busy", extra={"draft": draft_id, "code": busy.code})
            return f"busy:{busy.retry_after or ''}"

    def _give_up(self, draft_id: str, code: str) -> str:
        log.error("draft parked", extra={"draft": draft_id, "code": code})
        self._delivery.give_up(draft_id, code)
        return "parked"

    def _answer_once(self, ask_id: str) -> str:
        """At most once: the claim is taken before the answer goes out, since an ephemeral can't be found again."""
        ask = self._store.ask(ask_id)
        if ask is None or ask.text is None:
            return "gone"
        allowed = self._store.channel(ask.team, ask.channel).llm_allowed
        parts = self._suggested(self._reviewed(ask.text), Wishes(), allowed=allowed)
        self._store.answer_ask(ask_id, parts)
        if not self._store.claim(f"ask:{ask_id}"):
            return "answered_before"
        try:
            self._services.outbox.answer_privately(ask, Answer(draft_id=ask.id, parts=parts))
        except (OutboxBusyError, OutboxRefusedError) as error:
            log.warning("private answer lost", extra={"ask": ask_id, "code": error.code})
            return f"lost:{error.code}"
        return "answered"

    def _label(self, rule_id: str) -> str:
        """A rule's short words; a rule that is no longer there has none but its id."""
        try:
            return self._services.coach.rules.rule(rule_id).label
        except KeyError:
            return rule_id

    def _asks_llm(self, allowed: bool) -> bool:
        return self._services.llm and allowed


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, StoreError)


def _place(error: BaseException) -> str:
    """Type and innermost line of an error, without its message (which may quote a draft)."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f" at {Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else ""
    return f"{type(error).__name__}{where}"


def _config(database: Path, executor_id: str) -> DBOSConfig:
    return {
        "name": "humanize-bot",
        "system_database_url": f"sqlite:///{database}",
        "system_database_engine": _engine(database),
        "application_version": WORKFLOWS_VERSION,
        "executor_id": executor_id,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }


def _engine(database: Path) -> sa.Engine:
    """SQLite in WAL: twice as fast as DBOS's default journal, and readers never wait for a writer."""
    engine = sa.create_engine(f"sqlite:///{database}")

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode = wal", "synchronous = full", "busy_timeout = 2000", "foreign_keys = on"):
            connection.execute(f"pragma {pragma}")

    return engine

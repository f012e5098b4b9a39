"""Durable work on DBOS: review a draft, rewrite it, answer in private, pick up what a crash left behind.

Only ids go in and out of workflows and steps, and errors become codes, so that no draft's text reaches DBOS's tables.
All that shows a draft in Slack runs on one queue partitioned by draft, one at a time: versions of a draft can't race.
"""

import contextvars
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from bot.steps import Services, Steps
from bot.store import StoreError
from bot.store.handoffs import Handoff, Waiting
from bot.workflows.database import config, forget_finished, open_engine, read_queues, waiting_reviews
from bot.workflows.forwarder import Forwarder
from bot.workload import Workload

log = logging.getLogger(__name__)

HOUSEKEEPING = "17 3 * * *"
"""Each night, UTC, as cron has it."""
ERASURES = "*/2 * * * *"
"""How often it is asked whether somebody at the command line erased drafts whose replies are still in Slack."""
DIGEST_TICK = "*/5 * * * *"
"""How often it is asked whether a digest is due; bot/digest/schedule.py knows the hours."""
DRAFTS, REWRITES, PRIVATE, DIGESTS, FILES = "drafts", "rewrites", "private", "digests", "files"
QUEUE_OF = {"review": DRAFTS, "deliver": DRAFTS, "rewrite": REWRITES, "ask": PRIVATE, "files": FILES}
"""Where a handoff of each kind goes."""
MAX_ATTEMPTS = 300
"""With at most 5 minutes between attempts: about a day of Slack or the disk being away before a draft is parked."""
MAX_DELAY_S = 300.0
MAX_PRIVATE_ATTEMPTS = 5
"""Somebody waits for a private answer; its address lives for 30 minutes."""
KEEP_DAYS = 7
"""How long finished work is remembered, so that a late second delivery of an event is no new work."""


class Workflows:
    """The workflows, registered with DBOS on construction; ``launch`` starts working."""

    def __init__(self, services: Services, database: Path, executor_id: str) -> None:
        self._services = services
        self._store = services.store
        self._steps = Steps(services)
        self._engine, self._executor_id = open_engine(database), executor_id
        self._forwarder = Forwarder(services.store.handoffs, self._hand_on)
        DBOS(config=config(database, self._engine, executor_id))
        self._review_draft = DBOS.workflow(name="review_draft")(self._review_draft_workflow())
        self._rewrite_draft = DBOS.workflow(name="rewrite_draft")(self._rewrite_draft_workflow())
        self._deliver = DBOS.workflow(name="deliver")(self._deliver_workflow())
        self._answer_ask = DBOS.workflow(name="answer_ask")(self._answer_ask_workflow())
        self._announce = DBOS.workflow(name="announce")(self._announce_workflow())
        self._housekeeping = DBOS.workflow(name="housekeeping")(self._housekeeping_workflow())
        self._take_away = DBOS.workflow(name="take_away")(self._take_away_workflow())
        self._digest_tick = DBOS.workflow(name="digest_tick")(self._digest_tick_workflow())
        self._send_digest = DBOS.workflow(name="send_digest")(self._send_digest_workflow())
        self._answer_files = DBOS.workflow(name="answer_files")(self._answer_files_workflow())

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
        DBOS.register_queue(REWRITES, worker_concurrency=self._services.llm_workers, polling_interval_sec=2 * poll)
        DBOS.register_queue(PRIVATE, worker_concurrency=self._services.llm_workers, polling_interval_sec=poll)
        DBOS.register_queue(DIGESTS, worker_concurrency=1, polling_interval_sec=10 * poll)
        DBOS.register_queue(
            FILES, worker_concurrency=1, polling_interval_sec=2 * poll
        )  # one at a time: none races itself
        DBOS.apply_schedules(
            [
                {"schedule_name": "housekeeping", "workflow_fn": self._housekeeping, "schedule": HOUSEKEEPING},
                {"schedule_name": "take_away", "workflow_fn": self._take_away, "schedule": ERASURES},
                {"schedule_name": "digest_tick", "workflow_fn": self._digest_tick, "schedule": DIGEST_TICK},
            ]
        )
        self._take_up()
        self._forwarder.start()

    def _take_up(self) -> None:
        """What a crash left: drafts without an answer, channels not yet told where drafts go now, old rows."""
        self._clean_up()
        self._store.lifecycle.erase_due()
        since = f"boot-{time.time_ns()}"
        for draft_id in self._store.erasure.unremoved(deleted=True):
            self.enqueue_delivery(draft_id, f"erased:{since}")
        known = waiting_reviews(self._engine, self._executor_id) | self._handed_over()
        for draft_id, version in self._store.unfinished():
            if f"{draft_id}:{version}" not in known:
                self._enqueue_review(draft_id, version, since, 0)
        for shared_id in (*self._store.shared.unfinished(), *self._store.shared.unremoved()):
            self.enqueue_files(shared_id, since)
        for ask_id in self._store.open_asks():
            self._enqueue(PRIVATE, f"ask:{ask_id}:{since}", self._answer_ask, ask_id, 0)
        for channel in self._store.watched_channels():
            if channel.llm_allowed and channel.announced_host != self._services.llm_host:
                args = (channel.team, channel.channel)
                self._enqueue(PRIVATE, f"announce:{channel.team}:{channel.channel}:{since}", self._announce, *args)
        if self._services.digests:
            self._enqueue_digests(self._services.digests.tick())

    def _handed_over(self) -> set[str]:
        waiting = self._store.handoffs.next(limit=-1)
        return {f"{one.args[0]}:{one.args[1]}" for one in waiting if one.kind == "review"}

    def _clean_up(self) -> str:
        self._store.purge()
        forget_finished(KEEP_DAYS)
        return "cleaned"

    def take_away_erased(self) -> str:
        """Have the replies to erased and deleted drafts taken out of Slack; for each once a day, and at each start."""
        self._store.lifecycle.erase_due()
        today = datetime.now(UTC).date().isoformat()  # what waited through a pause of days is not given up
        for draft_id in self._store.erasure.unremoved(deleted=True):
            self.enqueue_delivery(draft_id, f"erased:{today}")
        for shared_id in self._store.shared.unremoved():
            self.enqueue_files(shared_id, f"erased:{today}")
        return "asked"

    def stop(self, timeout_s: int = 20) -> None:
        """Finish what runs (at most ``timeout_s``); what waits is kept for the next start."""
        self._forwarder.stop()
        DBOS.destroy(workflow_completion_timeout_sec=timeout_s, destroy_registry=True)
        self._engine.dispose()  # the last connection to close writes the log back into the database

    def wake(self) -> None:
        """There is something new in ``store.handoffs``; without this it is seen within a second."""
        self._forwarder.wake()

    def workload(self) -> Workload:
        """What waits, for operators. Raises StoreError."""
        coming: dict[str, Waiting] = {}
        for kind, waits in self._store.handoffs.waiting().items():
            name = QUEUE_OF[kind]
            same = coming.get(name, Waiting(count=0, age_s=0))
            coming[name] = Waiting(count=same.count + waits.count, age_s=max(same.age_s, waits.age_s))
        queues = read_queues(self._engine, (DRAFTS, REWRITES, PRIVATE, DIGESTS, FILES), coming)
        return Workload(queues=queues, parked=len(self._store.parked()))

    def _hand_on(self, handoff: Handoff) -> None:
        """Queue a handoff. The same one twice is one piece of work: its ids make the workflow's. Raises StoreError."""
        hand_on: dict[str, Callable[..., None]] = {
            "review": self.enqueue_review,
            "deliver": self.enqueue_delivery,
            "rewrite": self.enqueue_rewrite,
            "ask": self.enqueue_ask,
            "files": self.enqueue_files,
        }
        hand_on[handoff.kind](*handoff.args)

    def enqueue_review(self, draft_id: str, version: int) -> None:
        """Review one version of a draft. The same version twice is one piece of work. Raises StoreError."""
        self._enqueue_review(draft_id, version, "event", 0)

    def enqueue_delivery(self, draft_id: str, reason: str, kind: str = "thread") -> None:
        """Bring Slack up to date with a draft. One piece of work for each (draft, reason). Raises StoreError."""
        self._enqueue_delivery(draft_id, reason, kind, 0)

    def enqueue_rewrite(self, draft_id: str, reason: str, kind: str) -> None:
        """Write anew, as the draft's wishes are now, and show it; once for each reason. Raises StoreError."""
        self._enqueue_rewrite(draft_id, reason, kind, 0)

    def enqueue_ask(self, ask_id: str) -> None:
        """Answer a private ask. Raises StoreError."""
        self._enqueue_ask(ask_id, 0)

    def enqueue_files(self, shared_id: str, reason: str = "event", attempt: int = 0, wait: str = "") -> None:
        """Answer the files of a message, or take the answer away; once for each reason. Raises StoreError."""
        args = (shared_id, reason, attempt)
        workflow_id = f"files:{shared_id}:{reason}:{attempt}"
        self._enqueue(FILES, workflow_id, self._answer_files, *args, delay_s=_delay(attempt, wait))

    def _enqueue_review(self, draft_id: str, version: int, reason: str, attempt: int, wait: str = "") -> None:
        workflow_id = f"review:{draft_id}:{version}:{reason}:{attempt}"
        args = (draft_id, version, reason, attempt)
        self._enqueue(DRAFTS, workflow_id, self._review_draft, *args, partition=draft_id, delay_s=_delay(attempt, wait))

    def _enqueue_delivery(self, draft_id: str, reason: str, kind: str, attempt: int, wait: str = "") -> None:
        workflow_id = f"deliver:{draft_id}:{reason}:{attempt}"
        args = (draft_id, reason, kind, attempt)
        self._enqueue(DRAFTS, workflow_id, self._deliver, *args, partition=draft_id, delay_s=_delay(attempt, wait))

    def _enqueue_rewrite(self, draft_id: str, reason: str, kind: str, attempt: int, wait: str = "") -> None:
        args = (draft_id, reason, kind, attempt)
        workflow_id = f"rewrite:{draft_id}:{reason}:{attempt}"
        self._enqueue(REWRITES, workflow_id, self._rewrite_draft, *args, delay_s=_delay(attempt, wait))

    def _enqueue_ask(self, ask_id: str, attempt: int, wait: str = "") -> None:
        delay = _delay(attempt, wait)
        self._enqueue(PRIVATE, f"ask:{ask_id}:{attempt}", self._answer_ask, ask_id, attempt, delay_s=delay)

    def _enqueue(
        self,
        queue: str,
        workflow_id: str,
        workflow: Callable[..., str],
        *args: str | int,
        partition: str | None = None,
        delay_s: float | None = None,
    ) -> None:
        def enqueue() -> None:
            with SetWorkflowID(workflow_id), SetEnqueueOptions(queue_partition_key=partition, delay_seconds=delay_s):
                DBOS.enqueue_workflow(queue, workflow, *args)

        try:
            # Outside of the workflow that may ask for it: one that runs anew may come to other work than before.
            contextvars.Context().run(enqueue)
        except sa.exc.DBAPIError as error:
            raise StoreError(f"The workflow database can't take work ({type(error.orig).__name__}).") from None

    # the workflows: thin. A step answers with a code; "busy:SECONDS" means again later, under a new id, so that no
    # worker and no partition is held meanwhile; "failed:TYPE" means that this piece of work can't be done.

    def _review_draft_workflow(self) -> Callable[[str, int, str, int], str]:
        def review_draft(draft_id: str, version: int, reason: str, attempt: int) -> str:
            outcome = self._step(self._steps.review, draft_id, version)
            if outcome == "reviewed":
                # Here and not as a workflow of its own, since people wait for it; level-triggered, so it may run again.
                delivered = self._step(self._steps.deliver, draft_id, "thread")
                if delivered.startswith("busy"):
                    self._enqueue_delivery(draft_id, f"{reason}:v{version}", "thread", 1, delivered)
                elif delivered.startswith("failed"):
                    self._step(self._steps.give_up, draft_id, "delivery_failed")
                if self._services.llm_host and self._step(self._steps.wants_rewrite, draft_id, version) == "yes":
                    self._enqueue_rewrite(draft_id, f"{reason}:v{version}", "thread", 0)
                return delivered
            if outcome.startswith("busy") and attempt < MAX_ATTEMPTS:
                self._enqueue_review(draft_id, version, reason, attempt + 1, outcome)
            elif outcome.startswith(("busy", "failed")):
                # One draft that can't be worked fails alone, and the store says so.
                self._step(self._steps.give_up, draft_id, "review_failed")
            return outcome

        return review_draft

    def _rewrite_draft_workflow(self) -> Callable[[str, str, str, int], str]:
        def rewrite_draft(draft_id: str, reason: str, kind: str, attempt: int) -> str:
            outcome = self._step(self._steps.rewrite, draft_id)
            if outcome.startswith("busy") and attempt < MAX_ATTEMPTS:
                self._enqueue_rewrite(draft_id, reason, kind, attempt + 1, outcome)
                return outcome
            if outcome.startswith(("busy", "failed")):
                outcome = self._step(self._steps.without_rewrite, draft_id)
            if outcome == "rewritten":
                self._enqueue_delivery(draft_id, f"rewrite:{reason}", kind, 0)
            return outcome

        return rewrite_draft

    def _deliver_workflow(self) -> Callable[[str, str, str, int], str]:
        def deliver(draft_id: str, reason: str, kind: str, attempt: int) -> str:
            delivered = self._step(self._steps.deliver, draft_id, kind)
            if delivered.startswith("busy") and attempt < MAX_ATTEMPTS:
                self._enqueue_delivery(draft_id, reason, kind, attempt + 1, delivered)
            elif delivered.startswith(("busy", "failed")):
                self._step(self._steps.give_up, draft_id, "delivery_failed")
            return delivered

        return deliver

    def _answer_ask_workflow(self) -> Callable[[str, int], str]:
        def answer_ask(ask_id: str, attempt: int) -> str:
            outcome = self._step(self._steps.answer, ask_id)
            if outcome.startswith("busy") and attempt < MAX_PRIVATE_ATTEMPTS:
                self._enqueue_ask(ask_id, attempt + 1, outcome)
            elif outcome.startswith(("busy", "failed")):
                self._step(self._steps.apologise, ask_id)
            return outcome

        return answer_ask

    def _take_away_workflow(self) -> Callable[[datetime, object], None]:
        def take_away(_scheduled: datetime, _context: object) -> None:
            self._step(self.take_away_erased)

        return take_away

    def _announce_workflow(self) -> Callable[[str, str], str]:
        def announce(team: str, channel: str) -> str:
            return self._step(self._steps.announce, team, channel)

        return announce

    def _housekeeping_workflow(self) -> Callable[[datetime, object], None]:
        def housekeeping(_scheduled: datetime, _context: object) -> None:
            self._step(self._clean_up)

        return housekeeping

    def _digest_tick_workflow(self) -> Callable[[datetime, object], None]:
        def digest_tick(_scheduled: datetime, _context: object) -> None:
            if self._services.digests:
                due = self._step(self._services.digests.tick)
                self._enqueue_digests("" if due.startswith(("busy", "failed")) else due)

        return digest_tick

    def _send_digest_workflow(self) -> Callable[[str, str, str, int], str]:
        def send_digest(team: str, channel: str, week: str, attempt: int) -> str:
            sender = self._services.digests
            if sender is None:
                return "off"
            outcome = self._step(sender.send_step, team, channel, week, attempt)
            if outcome.startswith("busy") and attempt < MAX_ATTEMPTS:
                self._enqueue_digest(team, channel, week, attempt + 1, outcome)
            elif outcome.startswith(("busy", "failed")):
                self._step(sender.give_up_step, team, channel, week)
            return outcome

        return send_digest

    def _answer_files_workflow(self) -> Callable[[str, str, int], str]:
        def answer_files(shared_id: str, reason: str, attempt: int) -> str:
            calendars = self._services.calendars
            if calendars is None:
                return "off"
            outcome = self._step(calendars.answer_files, shared_id)
            if outcome.startswith("draft:"):
                self._enqueue_review(shared_id, int(outcome.removeprefix("draft:")), "event", 0)
            elif outcome.startswith("busy") and attempt < MAX_ATTEMPTS:
                self.enqueue_files(shared_id, reason, attempt + 1, outcome)
            elif outcome.startswith(("busy", "failed")):
                self._step(calendars.give_up_files, shared_id)
            return outcome

        return answer_files

    def _enqueue_digests(self, due: str) -> None:
        for line in due.splitlines():
            team, channel, week = line.split(" ")
            self._enqueue_digest(team, channel, week, 0)

    def _enqueue_digest(self, team: str, channel: str, week: str, attempt: int, wait: str = "") -> None:
        args = (team, channel, week, attempt)
        workflow_id = f"digest:{team}:{channel}:{week}:{attempt}"
        self._enqueue(DIGESTS, workflow_id, self._send_digest, *args, delay_s=_delay(attempt, wait))

    def _step(self, step: Callable[..., str], *args: str | int) -> str:
        """Run a step and count it. Errors come back as codes: DBOS stores what is raised, and that may quote a draft.

        What a step came to is not written down by DBOS (two transactions each): after a crash the workflow runs anew,
        and steps are made for that.
        """
        start = time.perf_counter()
        code = _code_of(step, args)
        self._services.metrics.step(step.__name__, code, time.perf_counter() - start)
        return code


def _code_of(step: Callable[..., str], args: tuple[str | int, ...]) -> str:
    name, ids = step.__name__, list(args)
    try:
        return step(*args)
    except StoreError as error:
        log.warning("the store is busy", extra={"step": name, "ids": ids, "error": str(error)})
        return "busy:"
    except Exception as error:  # noqa: BLE001 - whatever it is, one piece of work fails alone, and by a code
        log.error("step failed", extra={"step": name, "ids": ids, "error": _place(error)})
        return f"failed:{type(error).__name__}"


def _delay(attempt: int, busy: str) -> float | None:
    """Seconds until the next attempt: as long as Slack asked for, else doubling; None for the first."""
    if attempt == 0:
        return None
    _, _, asked = busy.partition(":")
    doubled: float = 0.5 * 2 ** min(attempt - 1, 12)
    return max(float(asked or 0), min(MAX_DELAY_S, doubled))


def _place(error: BaseException) -> str:
    """Type and innermost line of an error, without its message (which may quote a draft)."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f" at {Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else ""
    return f"{type(error).__name__}{where}"

"""Figures for operators, in Prometheus' format: counts and seconds by code, never a text, a person or a channel."""

import time
from collections.abc import Callable, Iterable
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.models import Part, Rewrite
from bot.store import StoreError
from bot.workload import Workload

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
"""Slack gives an app 3 seconds."""
STEP_SECONDS = (0.005, 0.025, 0.1, 0.5, 1, 5, 20, 60)

AckOutcome = Literal["acked", "refused", "failed"]
"""``refused``: not Slack's, or not well formed. ``failed``: no ack, so Slack sends it again."""


class AckMetrics:
    """What comes in and is acked. One for a process, with a registry of its own. Safe to use from many threads."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._last_event: float | None = None
        self._acks = Counter(
            "humanize_acks", "What Slack sent, by kind and outcome.", ["kind", "outcome"], registry=registry
        )
        self._ack_seconds = Histogram(
            "humanize_ack_seconds",
            "From a request of Slack's to our answer.",
            ["kind"],
            buckets=ACK_SECONDS,
            registry=registry,
        )
        since = Gauge(
            "humanize_last_event_age_seconds",
            "Since Slack last sent anything; -1 when it never did.",
            registry=registry,
        )
        since.set_function(lambda: -1 if self._last_event is None else time.monotonic() - self._last_event)
        self._worker_up = Gauge("humanize_worker_up", "1 when the worker answers.", registry=registry)

    def ack(self, kind: str, outcome: AckOutcome, seconds: float) -> None:
        """Slack sent something of this kind, and heard back after ``seconds``."""
        if outcome != "refused":
            self._last_event = time.monotonic()
        self._acks.labels(kind, outcome).inc()
        self._ack_seconds.labels(kind).observe(seconds)

    @property
    def last_event_age_s(self) -> float | None:
        """Seconds since Slack last sent anything; None when it never did."""
        return None if self._last_event is None else time.monotonic() - self._last_event

    def watch(self, connected: Callable[[], bool] | None) -> None:
        """In Socket Mode, show whether Slack is connected when it is asked for."""
        if connected is not None:
            gauge = Gauge("humanize_socket_connected", "1 while Socket Mode is connected.", registry=self.registry)
            gauge.set_function(lambda: float(connected()))

    def page(self, worker: str | None) -> bytes:
        """Every figure, as Prometheus reads them, with those of the worker; None when it does not answer."""
        self._worker_up.set(0 if worker is None else 1)
        return generate_latest(self.registry) + (worker or "").encode()


class WorkMetrics:
    """What becomes of it. One for a process, with a registry of its own. Safe to use from many threads."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._steps = Counter(
            "humanize_steps",
            "Steps of durable work, by what came of them; busy is a retry to come.",
            ["step", "outcome"],
            registry=registry,
        )
        self._step_seconds = Histogram(
            "humanize_step_seconds", "How long a step took.", ["step"], buckets=STEP_SECONDS, registry=registry
        )
        self._reviews = Counter("humanize_reviews", "Drafts reviewed, by verdict.", ["verdict"], registry=registry)
        self._rewrites = Counter("humanize_rewrites", "Rewrites that passed, by writer.", ["source"], registry=registry)
        self._fallbacks = Counter(
            "humanize_rewrite_fallbacks",
            "Times the language model's words were not shown, by reason.",
            ["reason"],
            registry=registry,
        )
        self._failed_checks = Counter(
            "humanize_failed_checks",
            "Candidates refused, by the check that refused them.",
            ["check"],
            registry=registry,
        )
        self._tokens = Counter("humanize_llm_tokens", "Tokens of the language model.", ["kind"], registry=registry)

    def step(self, name: str, code: str, seconds: float) -> None:
        """A step of durable work came back with this code (``busy:3`` counts as ``busy``)."""
        self._steps.labels(name, code.partition(":")[0]).inc()
        self._step_seconds.labels(name).observe(seconds)

    def reviewed(self, parts: Iterable[Part]) -> None:
        """These drafts were reviewed."""
        for part in parts:
            self._reviews.labels(part.review.verdict).inc()

    def suggested(self, rewrites: Iterable[Rewrite], fallback: str | None) -> None:
        """A draft got these rewrites; ``fallback`` says why none is the language model's."""
        for rewrite in rewrites:
            self._rewrites.labels(rewrite.source).inc()
        if fallback:
            self._fallbacks.labels(fallback).inc()

    def failed_check(self, name: str) -> None:
        """A candidate was refused by this check."""
        self._failed_checks.labels(name).inc()

    def tokens(self, prompt: int, completion: int) -> None:
        """The language model read and wrote so many tokens."""
        self._tokens.labels("prompt").inc(prompt)
        self._tokens.labels("completion").inc(completion)

    def watch(self, workload: Callable[[], Workload]) -> None:
        """Show what waits, as it is when it is asked for."""
        self.registry.register(_Waiting(workload))

    def page(self) -> bytes:
        """Every figure, as Prometheus reads them."""
        return generate_latest(self.registry)


class _Waiting(Collector):
    """The queues, read when they are asked for; left out when the database can't be read."""

    def __init__(self, workload: Callable[[], Workload]) -> None:
        self._workload = workload

    def describe(self) -> list[Metric]:
        return []  # nothing is read while registering

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("humanize_store_up", "1 when the databases can be read.")
        try:
            workload = self._workload()
        except StoreError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        depth = GaugeMetricFamily("humanize_queue_depth", "Work that waits or runs.", labels=["queue"])
        age = GaugeMetricFamily(
            "humanize_queue_age_seconds", "How long the oldest of it has been due.", labels=["queue"]
        )
        for queue in workload.queues:
            depth.add_metric([queue.name], queue.depth)
            age.add_metric([queue.name], queue.age_s)
        yield depth
        yield age
        yield GaugeMetricFamily("humanize_parked_drafts", "Drafts that could not be answered.", value=workload.parked)

"""What operators ask: /healthz, /readyz, /metrics. In both modes; never for somebody who comes through a proxy."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.metrics import CONTENT_TYPE, AckMetrics, AckOutcome
from bot.store import Store, StoreError
from bot.workload import WorkerAwayError, WorkerState

log = logging.getLogger(__name__)

PROXIED = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"})
"""Headers that a proxy adds, besides all of ``X-Forwarded-…``: what comes from the internet gets no figures."""


KINDS = frozenset({"block_actions", "block_suggestion", "message_action", "shortcut", "view_closed", "view_submission"})


def kind_of(body: object) -> str:
    """What Slack sent, as one of a few words."""
    if not isinstance(body, dict):
        return "other"
    if "command" in body:
        return "command"
    kind = body.get("type")
    if not isinstance(kind, str):
        return "other"
    return kind if kind in KINDS else "event" if kind == "event_callback" else "other"


def outcome_of(status: int) -> AckOutcome:
    """What an HTTP status means for Slack."""
    return "failed" if status >= 500 else "refused" if status >= 400 else "acked"


@dataclass(frozen=True)
class Status:
    """Where the answers come from. ``connected`` is None with HTTP, where Slack calls us."""

    store: Store
    worker: Callable[[], WorkerState]
    metrics: AckMetrics
    connected: Callable[[], bool] | None = None

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether drafts get on, and what was seen: database, worker, queues, socket, the last event's age (s)."""
        seen: dict[str, Any] = {"database": "ok", "worker": "ok", "last_event_age_s": self.metrics.last_event_age_s}
        ready = True
        try:
            self.store.check()
            state = self.worker()
        except StoreError as error:
            ready, seen["database"] = False, str(error)
        except WorkerAwayError as error:
            ready, seen["worker"] = False, f"away: {error}"
        else:
            ready = self._get_on(state, seen)
        if self.connected is not None:
            seen["socket"] = "connected" if self.connected() else "not connected to Slack"
            ready = ready and seen["socket"] == "connected"
        return ready, {"ready": ready, **seen}

    @staticmethod
    def _get_on(state: WorkerState, seen: dict[str, Any]) -> bool:
        workload = state.workload
        if workload is None:
            seen["database"] = state.trouble
            return False
        seen["queues"] = {queue.name: {"depth": queue.depth, "age_s": queue.age_s} for queue in workload.queues}
        seen["parked_drafts"] = workload.parked
        if workload.stuck:
            seen["stuck"] = f"work has waited for {workload.oldest_s:.0f} s"
        return not workload.stuck

    def page(self) -> bytes:
        """Every figure, of both processes."""
        try:
            return self.metrics.page(self.worker().figures)
        except WorkerAwayError:
            return self.metrics.page(None)


def routes(status: Status) -> list[Route]:
    """Three routes that answer GET."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(request: Request) -> Response:
        ready, seen = await asyncio.get_running_loop().run_in_executor(None, status.ready)
        return JSONResponse({"ready": ready} if _proxied(request) else seen, 200 if ready else 503)

    async def metrics(request: Request) -> Response:
        if _proxied(request):
            return PlainTextResponse("not found", 404)
        page = await asyncio.get_running_loop().run_in_executor(None, status.page)
        return Response(page, media_type=None, headers={"content-type": CONTENT_TYPE})

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def _proxied(request: Request) -> bool:
    return any(name in PROXIED or name.startswith("x-forwarded-") for name in request.headers)


@contextmanager
def status_server(status: Status, host: str, port: int) -> Iterator[None]:
    """The three pages beside Socket Mode, in a thread. Where the port is taken the bot works on without them."""
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        log.warning("no status pages: the port can't be used", extra={"port": port, "why": error.strerror})
        yield
        return
    with listener:
        server = uvicorn.Server(
            uvicorn.Config(Starlette(routes=list(routes(status))), log_config=None, access_log=False)
        )
        server_thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True, name="status")
        server_thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            server_thread.join(5)

"""Slack over signed HTTP: a Starlette app whose event loop never waits for Bolt."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.guard import PATH, RequestGuard, once
from handlers.status import Status, kind_of, outcome_of, routes

MAX_BODY_BYTES = 1_000_000
DISPATCH_THREADS = 16
"""Fixed, since each thread keeps a connection to the store."""


def build_http(app: App, status: Status, signing_secret: str) -> RequestGuard:
    """POST /slack/events takes all that Slack sends; /healthz, /readyz and /metrics are for operators."""
    pool = ThreadPoolExecutor(DISPATCH_THREADS, thread_name_prefix="dispatch")

    def dispatch(request: BoltRequest) -> BoltResponse:
        return once(status.store, request.headers, lambda: app.dispatch(request))

    async def events(request: Request) -> Response:
        bolt_request = to_bolt_request(request, await request.body())  # small and UTF-8: the guard has looked
        # Bolt's dispatch is synchronous: in the loop, one slow listener would hold up every ack.
        start = time.perf_counter()
        response = await asyncio.get_running_loop().run_in_executor(pool, dispatch, bolt_request)
        outcome = outcome_of(response.status)
        kind = "unknown" if outcome == "refused" else kind_of(bolt_request.body)  # a stranger names no kind
        status.metrics.ack(kind, outcome, time.perf_counter() - start)
        return to_starlette_response(response)

    inner = Starlette(routes=[Route(PATH, events, methods=["POST"]), *routes(status)])
    return RequestGuard(inner, signing_secret, refused=lambda: status.metrics.ack("unknown", "refused", 0))

"""Slack over signed HTTP: a Starlette app whose event loop never waits for Bolt."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.starlette.handler import to_starlette_response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers import front
from handlers.guard import PATH, RequestGuard, once
from handlers.status import Status, kind_of, outcome_of, routes

MAX_BODY_BYTES = 1_000_000
DISPATCH_THREADS = 16
"""Fixed, since each thread keeps a connection to the store."""


def build_http(app: App, status: Status, signing_secret: str, more: Sequence[Route] = ()) -> RequestGuard:
    """POST /slack/events takes all that Slack sends; /healthz, /readyz and /metrics are for operators.

    ``more`` are the routes of installs.
    """
    pool = ThreadPoolExecutor(DISPATCH_THREADS, thread_name_prefix="dispatch")

    def dispatch(payload: object, headers: dict[str, list[str]]) -> BoltResponse:
        return once(status.store, headers, lambda: front.dispatch(app, payload, headers))

    async def events(request: Request) -> Response:
        headers = {name: [value] for name, value in request.headers.items()}
        try:
            payload = front.parse(await request.body(), request.headers.get("content-type", ""))
        except ValueError:
            return PlainTextResponse("neither JSON nor a form", 400)
        # Bolt's dispatch is synchronous: in the loop, one slow listener would hold up every ack.
        start = time.perf_counter()
        response = await asyncio.get_running_loop().run_in_executor(pool, dispatch, payload, headers)
        outcome = outcome_of(response.status)
        kind = "unknown" if outcome == "refused" else kind_of(payload)  # a stranger names no kind
        status.metrics.ack(kind, outcome, time.perf_counter() - start)
        return to_starlette_response(response)

    async def alive(_request: Request) -> Response:
        return Response()  # Slack looks now and then whether the certificate is good

    slack = [Route(PATH, events, methods=["POST"]), Route(PATH, alive, methods=["GET"])]
    inner = Starlette(routes=[*slack, *routes(status), *more])
    return RequestGuard(inner, signing_secret, refused=lambda: status.metrics.ack("unknown", "refused", 0))

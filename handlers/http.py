"""Slack over signed HTTP: a Starlette app whose event loop never waits for Bolt."""

from anyio import CapacityLimiter, to_thread
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

MAX_BODY_BYTES = 1_000_000
DISPATCH_THREADS = 16


def build_http(app: App) -> Starlette:
    """POST /slack/events takes everything Slack sends; GET /healthz answers while a listener hangs."""
    limiter: list[CapacityLimiter] = []  # made inside the running loop, at the first request

    async def events(request: Request) -> Response:
        if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
            return PlainTextResponse("too large", 413)
        try:
            bolt_request = to_bolt_request(request, await request.body())
        except UnicodeDecodeError:
            return PlainTextResponse("the body is not UTF-8", 400)
        if not limiter:
            limiter.append(CapacityLimiter(DISPATCH_THREADS))
        # Bolt's dispatch is synchronous: in the loop, one slow listener would hold up every ack.
        response = await to_thread.run_sync(app.dispatch, bolt_request, limiter=limiter[0])
        return to_starlette_response(response)

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"]), Route("/healthz", healthz)])

"""One call under way: doing its work and answering it, with the scripted faults in between."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.playground.backend import Backend, CallRecord
from bot.playground.errors import Json
from bot.playground.faults import Fault
from bot.playground.wire import Gone, abort


@dataclass(frozen=True)
class Exchange:
    """A call that came in; ``work`` does it and gives the body of the answer."""

    backend: Backend
    record: CallRecord
    request: Request
    work: Callable[[], Json]

    async def run(self) -> Response:
        """Answer the call, or meet the fault that is scripted for it."""
        fault = self.backend.faults.take(self.record.method)
        if fault is None:
            return self.say(await self.done())
        return await _FAULTY[fault.kind](self, fault)

    async def done(self) -> Json:
        """Do the work, in a thread."""
        return await to_thread.run_sync(self.work)

    def note(self, status: int, body: Json | None, fault: Fault | None = None) -> None:
        """Write the answer down."""
        self.backend.answered(self.record, status, body, fault.kind if fault else None)

    def say(self, body: Json, fault: Fault | None = None) -> Response:
        """Answer with a body. A response URL that is used up answers 404; the Web API says everything with 200."""
        gone = self.record.method == "response_url" and body.get("error") in ("used_url", "expired_url")
        status = 404 if gone else 200
        self.note(status, body, fault)
        return JSONResponse(body, status, {"x-oauth-scopes": self.backend.scopes})

    def cut(self) -> Response:
        """Cut the connection."""
        abort(self.request)
        return Gone()


async def _rate_limit(exchange: Exchange, fault: Fault) -> Response:
    exchange.note(429, None, fault)
    return PlainTextResponse("rate limited", 429, {"Retry-After": str(fault.seconds)})


async def _error(exchange: Exchange, fault: Fault) -> Response:
    return exchange.say({"ok": False, "error": fault.code}, fault)


async def _status(exchange: Exchange, fault: Fault) -> Response:
    exchange.note(fault.status, None, fault)
    return PlainTextResponse("something went wrong", fault.status)


async def _released(fault: Fault) -> None:
    """Wait in a thread beside the usual forty: those that hang must not keep the other calls waiting."""
    await to_thread.run_sync(fault.released.wait, limiter=CapacityLimiter(1))


async def _hang(exchange: Exchange, fault: Fault) -> Response:
    await _released(fault)
    return exchange.say(await exchange.done(), fault)


async def _cut(exchange: Exchange, fault: Fault) -> Response:
    exchange.note(0, None, fault)
    return exchange.cut()


async def _accept_cut(exchange: Exchange, fault: Fault) -> Response:
    exchange.note(0, await exchange.done(), fault)
    if fault.hook is not None:
        await to_thread.run_sync(fault.hook)
    return exchange.cut()


async def _accept_hang(exchange: Exchange, fault: Fault) -> Response:
    body = await exchange.done()
    exchange.note(200, body, fault)
    if fault.hook is not None:
        await to_thread.run_sync(fault.hook)
    await _released(fault)
    return JSONResponse(body)


_FAULTY: Mapping[str, Callable[[Exchange, Fault], Awaitable[Response]]] = {
    "rate_limit": _rate_limit,
    "error": _error,
    "status": _status,
    "hang": _hang,
    "cut": _cut,
    "accept_cut": _accept_cut,
    "accept_hang": _accept_hang,
}

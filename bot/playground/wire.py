"""Cutting a connection in the middle, which ASGI has no word for."""

import asyncio
from typing import Any, cast

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

_KEY = "playground.transport"


def _with_transport(inner: Any, transport: asyncio.BaseTransport) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope[_KEY] = transport
        await inner(scope, receive, send)

    return app


class CuttableHttp(H11Protocol):
    """uvicorn's HTTP protocol, with the connection's transport put within an endpoint's reach."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        """Hand the transport to the app in each request's scope."""
        super().connection_made(transport)
        self.app = _with_transport(self.app, transport)


class CuttableWebSocket(WebSocketsSansIOProtocol):
    """The same for WebSockets."""

    def connection_made(self, transport: Any) -> None:
        """Hand the transport to the app in the connection's scope."""
        super().connection_made(transport)
        self.app = _with_transport(self.app, transport)


def abort(connection: HTTPConnection) -> None:
    """Drop the TCP connection with whatever was under way on it."""
    cast("asyncio.Transport", connection.scope[_KEY]).abort()


class Gone(Response):
    """A response that sends nothing, for a client that is not there any more."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI's signature
        """Wait until the server has noticed, so that it does not complain of a missing answer."""
        while (await receive())["type"] != "http.disconnect":
            pass

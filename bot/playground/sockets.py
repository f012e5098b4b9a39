"""Socket Mode: the app connects by WebSocket, each event goes to one of its connections, and acks come back."""

import asyncio
import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.backend import Backend
from bot.playground.delivery import Answer, Delivery
from bot.playground.errors import Json
from bot.playground.people import APP_ID
from bot.playground.wire import abort

CONNECTION_SECONDS = 3600
MAX_CONNECTIONS = 10
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


@dataclass(eq=False)
class Connection:
    """One open WebSocket, and the envelopes that wait for their ack on it."""

    websocket: WebSocket
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    sent: int = 0


class Sockets:
    """The server's end of Socket Mode. Everything but ``issue_url`` runs in the server's event loop."""

    def __init__(self, backend: Backend, ack_seconds: Callable[[], float]) -> None:
        self._backend = backend
        self._ack_seconds = ack_seconds
        self._tickets: set[str] = set()
        self.connections: list[Connection] = []
        self.opened = 0
        """How many connections were ever made."""
        backend.issue_socket_url = self.issue_url

    def issue_url(self) -> str:
        """A URL that is good for one connection."""
        ticket = str(uuid.uuid4())
        with self._backend.changed:
            self._tickets.add(ticket)
        return f"{self._backend.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP_ID}"

    def route(self) -> WebSocketRoute:
        """The WebSocket endpoint."""
        return WebSocketRoute("/link/", self._endpoint)

    async def send(self, delivery: Delivery, attempt: int, reason: str) -> Answer:
        """Send one envelope to one connection, chosen at random, and wait for its ack."""
        if not self.connections:
            return Answer(failure="connection_failed")
        connection = secrets.choice(self.connections)
        envelope_id = str(uuid.uuid4())
        ack: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = ack
        connection.sent += 1
        try:
            async with asyncio.timeout(self._ack_seconds()):
                envelope = _envelope(delivery, envelope_id, attempt, reason)
                # ASCII, as Slack sends it: half a surrogate pair has no UTF-8.
                await connection.websocket.send_text(json.dumps(envelope))
                answer = await ack
        except TimeoutError:
            return Answer(failure="timeout")
        except (WebSocketDisconnect, RuntimeError, ConnectionError):  # it was closed under our hands
            return Answer(failure="connection_failed")
        finally:
            connection.waiting.pop(envelope_id, None)
        return Answer(200, answer.get("payload"))

    async def disconnect(self, reason: Reason) -> None:
        """Tell every connection to go: a warning is only said, for the other reasons the connection closes after it."""
        for connection in list(self.connections):
            info = {"host": "playground"}
            await connection.websocket.send_json({"type": "disconnect", "reason": reason, "debug_info": info})
            if reason != "warning":
                await connection.websocket.close(1000)

    def cut(self) -> None:
        """Drop every connection without a word."""
        for connection in list(self.connections):
            abort(connection.websocket)

    async def _endpoint(self, websocket: WebSocket) -> None:
        ticket = websocket.query_params.get("ticket", "")
        with self._backend.changed:
            good = ticket in self._tickets
            self._tickets.discard(ticket)
        if not good or len(self.connections) >= MAX_CONNECTIONS:
            await websocket.close(1008)  # before accept: the handshake is refused with 403
            return
        await websocket.accept()
        connection = Connection(websocket)
        self._joined(connection)
        try:
            await websocket.send_json(_hello(len(self.connections)))
            while True:
                _take(connection, await websocket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._left(connection)

    def _joined(self, connection: Connection) -> None:
        with self._backend.changed:
            self.connections.append(connection)
            self.opened += 1
            self._backend.changed.notify_all()

    def _left(self, connection: Connection) -> None:
        with self._backend.changed:
            self.connections.remove(connection)
            self._backend.changed.notify_all()
        for ack in connection.waiting.values():
            if not ack.done():
                ack.set_exception(WebSocketDisconnect())


def _take(connection: Connection, text: str) -> None:
    """An ack from the app. What is not JSON with a known envelope_id is passed over, as Slack does."""
    try:
        message = json.loads(text)
    except json.JSONDecodeError:
        return
    envelope_id = message.get("envelope_id") if isinstance(message, dict) else None
    ack = connection.waiting.get(str(envelope_id))
    if ack is not None and not ack.done():
        ack.set_result(message)


def _hello(connections: int) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {
            "host": "playground",
            "build_number": 1,
            "approximate_connection_time": CONNECTION_SECONDS,
        },
        "connection_info": {"app_id": APP_ID},
    }


def _envelope(delivery: Delivery, envelope_id: str, attempt: int, reason: str) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "payload": delivery.payload,
        "type": delivery.kind,
        "accepts_response_payload": delivery.kind != "events_api",
    }
    if delivery.kind == "events_api":
        envelope |= {"retry_attempt": attempt, "retry_reason": reason}
    return envelope

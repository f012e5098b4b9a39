"""The stand-in Slack as one object: a server on 127.0.0.1, and what people in the workspace do and see.

    with SlackStandIn() as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        slack.use_http(request_url)            # or Socket Mode: apps.connections.open, no setting needed
        ts = slack.post("drafts", "ada", "BIG NEWS")
        reply = slack.wait_for(lambda: slack.thread("drafts", ts))[0]
        slack.press("ada", "drafts", reply["ts"], "use_this")

Channels and users are named by id or by name. Everything here may be called from any thread but the server's own.
"""

import asyncio
import copy
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.playground import api, control
from bot.playground.backend import Backend, CallRecord
from bot.playground.delivery import Answer, Courier, Delivery, HttpTransport
from bot.playground.errors import Json
from bot.playground.faults import Fault, FaultKind
from bot.playground.features import Features
from bot.playground.guard import Guard
from bot.playground.interactions import Interactions
from bot.playground.page import Page
from bot.playground.people import BOT_USER
from bot.playground.people_acts import PeopleActs
from bot.playground.sockets import Reason, Sockets
from bot.playground.wire import CuttableHttp, CuttableWebSocket

T = TypeVar("T")
HOST = "127.0.0.1"
STOP_SECONDS = 10.0
RECHECK_SECONDS = 0.25


class SlackStandIn(PeopleActs):
    """A stand-in Slack. ``port`` 0 takes a free one. ``clock`` gives seconds since 1970.
    With ``features`` (what the app's manifest offers) there is a page at ``url`` to try the app on.

    Public parts for what has no method of its own: ``backend`` (state), ``workspace``, ``courier`` (deliveries),
    ``sockets`` (Socket Mode), ``faults``.
    """

    def __init__(self, port: int = 0, clock: Callable[[], float] = time.time, features: Features | None = None) -> None:
        self.backend = Backend(clock)
        self.workspace = self.backend.workspace
        self.surfaces = self.backend.surfaces
        self.faults = self.backend.faults
        self.courier = Courier(self.backend)
        self.sockets = Sockets(self.backend, lambda: self.courier.ack_seconds)
        self.interactions = Interactions(self.backend, self.courier)
        self.courier.transport = self.sockets
        self._page = Page(self, features) if features is not None else None
        if features is not None:
            self.workspace.user(BOT_USER).real_name = features.name
        self._port = port
        self._http: HttpTransport | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    # -- the server

    @property
    def url(self) -> str:
        """``http://127.0.0.1:port`` without a slash at its end."""
        return self.backend.base_url

    @property
    def api_url(self) -> str:
        """The base_url for a WebClient (also good as SLACK_API_URL)."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The bot token of the installation, xoxb-…"""
        return self.backend.tokens.bot

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode, xapp-…"""
        return self.backend.tokens.app

    @property
    def signing_secret(self) -> str:
        """The key of the requests' signatures."""
        return self.backend.tokens.signing_secret

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, and serve in a thread of its own. Raises OSError when the port is taken."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, self._port))
            listener.listen()
        except OSError:
            listener.close()
            raise
        port = int(listener.getsockname()[1])
        self.backend.base_url = f"http://{HOST}:{port}"
        app = Guard(Starlette(routes=self._routes()), port)
        config = uvicorn.Config(
            app, http=CuttableHttp, ws=CuttableWebSocket, lifespan="off", log_config=None, access_log=False,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(listener, ready), name="slack-stand-in", daemon=True)
        self._thread.start()
        ready.wait()

    def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        server = self._server
        assert server is not None  # noqa: S101  # start() has just set it; this tells mypy

        async def main() -> None:
            self._loop = asyncio.get_running_loop()
            self.courier.start(self._loop)
            ready.set()
            await server.serve(sockets=[listener])
            self.courier.stop()
            if self._http is not None:
                await self._http.close()

        with listener:
            asyncio.run(main())

    def _routes(self) -> list[BaseRoute]:
        page = self._page.routes() if self._page is not None else []
        return [*api.routes(self.backend), self.sockets.route(), *control.routes(self), *page]

    def stop(self) -> None:
        """Stop serving; calls that hang are released."""
        self.faults.release()
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
        self._server = self._thread = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the server's event loop and wait for it."""
        if self._loop is None:
            work.close()
            raise RuntimeError("the stand-in is not started")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def in_loop(self, work: Callable[[], object]) -> None:
        """Have something done in the server's event loop soon; nothing when it does not run."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work)

    # -- the way to the app

    def use_http(self, request_url: str) -> None:
        """Deliver by signed HTTP to this URL from now on."""

        async def make() -> HttpTransport:
            if self._http is not None:
                await self._http.close()
            return HttpTransport(request_url, self.backend, lambda: self.courier.ack_seconds)

        # An app that comes back to its address keeps what is on its way to it.
        if self._http is None or self._http.url != request_url:
            self._http = self.run(make())
        self.courier.transport = self._http

    def use_socket(self) -> None:
        """Deliver over Socket Mode (the default)."""
        self.courier.transport = self.sockets

    def set_retry_factor(self, factor: float) -> None:
        """Scale the delays (0, 60, 300 s) before Slack's three retries."""
        self.courier.retry_factor = factor

    def hold(self) -> None:
        """Keep events back from now on, to be delivered later or in another order."""
        self.courier.hold()

    def release_held(self, order: list[int] | None = None) -> list[str]:
        """Deliver what was held, by position; the event ids."""
        return [delivery.id for delivery in self.courier.release(order)]

    def redeliver(self, event_id: str) -> None:
        """Deliver an event once more under the same event_id."""
        self.courier.redeliver(event_id)

    def disconnect_sockets(self, reason: Reason = "refresh_requested") -> None:
        """Ask the app's Socket Mode connections to go."""
        self.run(self.sockets.disconnect(reason))

    def cut_sockets(self) -> None:
        """Drop the app's Socket Mode connections."""

        async def now() -> None:
            self.sockets.cut()

        self.run(now())

    # -- faults

    def fault(
        self, kind: FaultKind, method: str, times: int = 1, *, seconds: int = 1, status: int = 500,
        code: str = "internal_error", hook: Callable[[], None] | None = None,
    ) -> Fault:  # fmt: skip
        """Script a fault for the next calls of a method; see :mod:`bot.playground.faults`."""
        return self.faults.add(Fault(kind, method, times, seconds, status, code, hook))

    # -- what there is

    def messages(self, channel: str) -> list[Json]:
        """Every message of a channel, replies too, oldest first."""
        with self.workspace.lock:
            return copy.deepcopy(list(self.workspace.channel(self.channel_id(channel)).messages.values()))

    def thread(self, channel: str, ts: str) -> list[Json]:
        """The replies in a thread, without its parent."""
        return [m for m in self.messages(channel) if m.get("thread_ts") == ts and m["ts"] != ts]

    def message(self, channel: str, ts: str) -> Json | None:
        """One message, or None."""
        return next((m for m in self.messages(channel) if m["ts"] == ts), None)

    def ephemerals(self, user: str) -> list[Json]:
        """What only this person sees, oldest first."""
        user_id = self.user_id(user)
        with self.workspace.lock:
            return copy.deepcopy([m for m in self.workspace.ephemerals if m["ephemeral_to"] == user_id])

    def reactions(self, channel: str, ts: str) -> dict[str, list[str]]:
        """Reaction name to the ids of those who reacted."""
        message = self.message(channel, ts) or {}
        return {reaction["name"]: reaction["users"] for reaction in message.get("reactions", [])}

    def views(self, user: str) -> list[Json]:
        """The modals a person has open, the root first."""
        return self.surfaces.open_views(self.user_id(user))

    def home(self, user: str) -> Json | None:
        """A person's Home tab, or None."""
        with self.workspace.lock:
            home = self.surfaces.homes.get(self.user_id(user))
            return self.surfaces.view(home["id"]) if home else None

    def calls(self, method: str | None = None) -> list[CallRecord]:
        """The Web API calls that the app made, oldest first (``response_url`` for those)."""
        with self.backend.changed:
            return [call for call in self.backend.calls if method in (None, call.method)]

    def deliveries(self, event: str | None = None) -> list[Delivery]:
        """What was delivered to the app; ``event`` names an inner type or subtype."""
        with self.backend.changed:
            every = list(self.courier.log)
        if event is None:
            return every
        inner = [(d, d.payload.get("event", {})) for d in every if d.kind == "events_api"]
        return [d for d, e in inner if event in (e.get("subtype"), e.get("type"))]

    def wait_for(self, predicate: Callable[[], T], timeout: float = 30.0) -> T:
        """Wait until the predicate is true and return its value; TimeoutError after ``timeout`` seconds.

        It is looked at on every change of the workspace, call or delivery, and four times a second for what the
        stand-in can't see.
        """
        end = time.monotonic() + timeout
        with self.backend.changed:
            while not (value := predicate()):
                left = end - time.monotonic()
                if left <= 0:
                    calls = ", ".join(call.method for call in self.backend.calls) or "none"
                    raise TimeoutError(f"not true within {timeout} s; calls of the app: {calls}")
                self.backend.changed.wait(min(left, RECHECK_SECONDS))
            return value

    def wait_delivered(self, timeout: float = 30.0) -> None:
        """Wait until every delivery was acked or given up."""
        self.wait_for(lambda: all(d.done for d in self.courier.log) and not self.courier.held, timeout)


__all__ = ["Answer", "SlackStandIn"]

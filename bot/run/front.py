"""The side that takes in and acks, over signed HTTP or Socket Mode."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import uvicorn
from starlette.routing import Route

from bot.handoff import HandoffQueue
from bot.metrics import AckMetrics
from bot.run.parts import Parts
from bot.settings import Settings, SettingsError
from bot.store import Store
from bot.workload import WorkerState
from handlers import oauth
from handlers.app import build_app, connect
from handlers.client import SlackAddress
from handlers.http import build_http
from handlers.socket import connected
from handlers.status import Status, status_server
from handlers.tokens import OneToken
from handlers.wiring import Wiring

if TYPE_CHECKING:
    from slack_bolt import App
    from slack_sdk.socket_mode.builtin import SocketModeClient

    from bot.playground.server import SlackStandIn

log = logging.getLogger(__name__)


WARM_UP = "What is needed is loaded now, and no ack waits for it."


class Front(NamedTuple):
    """What the transports need. ``worker`` looks how the worker gets on; raises WorkerAwayError."""

    settings: Settings
    app: "App"
    store: Store
    metrics: AckMetrics
    worker: Callable[[], WorkerState]
    install: Sequence[Route] = ()
    """Routes for installs, where many workspaces may install the app."""


def build_front(parts: Parts, worker: Callable[[], WorkerState]) -> Front:
    """Wired, and known to Slack. Raises SettingsError, StoreError."""
    settings, store, source = parts.settings, parts.store, parts.source
    many = not isinstance(source, OneToken)
    if not many:
        connect(settings, store)
    _leave_unlisted(settings, store)
    for problem in parts.rules.problems:
        log.warning("rule left out", extra={"file": f"{problem.path}:{problem.line}", "why": problem.message})
    parts.intake.looks_like_draft(WARM_UP, in_thread=False)
    wiring = Wiring(
        store=store,
        queue=HandoffQueue(store.handoffs),
        intake=parts.intake,
        rules=parts.rules,
        llm_host=settings.llm_host,
        client_of=source.client if many else None,
        admins=frozenset(settings.admins),
        channels=frozenset(settings.channels),
        keep_text_days=settings.keep_text_days,
        erase_after_days=settings.erase_after_uninstall_days,
    )
    install = oauth.routes(oauth.Installer(settings, store)) if many else ()
    return Front(settings, build_app(settings, wiring, source), store, AckMetrics(), worker, install)


def _leave_unlisted(settings: Settings, store: Store) -> None:
    """Channels that were watched before HUMANIZE_CHANNELS left them out are read no more."""
    for one in store.watched_channels() if settings.channels else ():
        if one.channel not in settings.channels:
            store.set_watched(one.team, one.channel, None)
            store.audit.note("unwatch", who="bot", via="bot", team=one.team, channel=one.channel, why="not listed")
            log.warning("channel left: it is not in HUMANIZE_CHANNELS", extra={"channel": one.channel})


def serve_http(front: Front) -> None:
    """Until a signal. Raises SettingsError when the port can't be used."""
    settings = front.settings
    config = uvicorn.Config(
        build_http(front.app, _status(front), _signing_secret(settings), front.install),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    try:
        listener = socket.create_server((settings.host, settings.port))
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise SettingsError(
            f"Can't listen on {where} ({error.strerror}); set HUMANIZE_PORT or HUMANIZE_HOST."
        ) from None
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def serve_socket(front: Front) -> None:
    """Until a signal."""
    settings = front.settings
    link: list[SocketModeClient] = []
    status = _status(front, lambda: bool(link) and link[0].is_connected())
    # Before the connection: while Slack can't be reached, /readyz says so.
    with status_server(status, settings.host, settings.port), socket_mode(front) as client:
        link.append(client)
        threading.Event().wait()  # until a signal


@contextmanager
def socket_mode(front: Front, slack: "SlackStandIn | None" = None) -> Iterator["SocketModeClient"]:
    """Connected by Socket Mode until the block ends; to the stand-in, if one is given."""
    token = front.settings.slack_app_token
    secret = token.get_secret_value() if token else ""
    with connected(front.app, SlackAddress.of(front.settings), secret, front.metrics) as client:
        if slack is not None:
            slack.use_socket()
            slack.wait_for(client.is_connected)
        yield client


@contextmanager
def http_thread(front: Front, slack: "SlackStandIn") -> Iterator[None]:
    """The HTTP server in a thread, beside the stand-in."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = build_http(front.app, _status(front), _signing_secret(front.settings))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        slack.use_http(f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events")
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(10)


def _signing_secret(settings: Settings) -> str:
    settings.require("slack_signing_secret")
    return settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""


def _status(front: Front, connected: Callable[[], bool] | None = None) -> Status:
    """What operators may ask; call it once for a running bot."""
    front.metrics.watch(connected)
    return Status(front.store, front.worker, front.metrics, connected)

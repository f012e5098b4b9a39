"""Slack over Socket Mode: no public address is needed, and an event that could not be kept gets no ack."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.metrics import AckMetrics
from bot.settings import SettingsError
from handlers import front
from handlers.client import SlackAddress
from handlers.status import kind_of

log = logging.getLogger(__name__)

RECONNECT_S = 5.0
PING_S = 2
"""The client gives a silent connection up after four to five pings: 10 s, not 50 as by default."""


class _Handler(SocketModeHandler):
    """Bolt's handler, but an error says only its type: slack_sdk would log its message, which may quote a draft."""

    metrics: AckMetrics

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        if not isinstance(client, SocketModeClient):
            raise TypeError("this handler is made for the builtin client")
        start = time.perf_counter()
        failed = False
        try:
            response = front.dispatch(self.app, req.payload, build_headers(req))
            send_response(client, req, response, time.time())
        except Exception:  # whatever it is: without an ack Slack sends it again, and only its type and place are logged
            log.exception("event failed, Slack will send it again")
            failed = True
        self.metrics.ack(kind_of(req.payload), "failed" if failed else "acked", time.perf_counter() - start)


@contextmanager
def connected(app: App, address: SlackAddress, app_token: str, metrics: AckMetrics) -> Iterator[SocketModeClient]:
    """Connected, and reconnecting by itself until the block ends. Raises SettingsError when Slack refuses the token."""
    handler = _Handler(app, app_token, web_client=address.client(app_token), ping_interval=PING_S)
    handler.metrics = metrics
    stopped = threading.Event()
    try:
        _connect(handler, stopped)
        log.info("connected to Slack by Socket Mode")
        yield handler.client
    finally:
        stopped.set()
        close(handler.client)


def close(client: BaseSocketModeClient) -> None:
    """Close a client for good, whatever its own threads do to its socket meanwhile."""
    try:
        client.close()
    except AttributeError:  # slack_sdk's monitor has closed the same socket between two of its lines
        client.close()


def _connect(handler: _Handler, stopped: threading.Event) -> None:
    while True:
        try:
            handler.client.connect()
        except SlackApiError as error:
            if error.response.status_code < 500 and error.response.get("error") != "ratelimited":
                raise SettingsError(
                    f"Slack refuses SLACK_APP_TOKEN ({error.response.get('error')}). Make an app-level token "
                    "(xapp-…) with connections:write on the app's Basic Information page."
                ) from None
        except (URLError, OSError):
            pass
        else:
            return
        log.warning("Slack can't be reached, trying again", extra={"after_s": RECONNECT_S})
        stopped.wait(RECONNECT_S)

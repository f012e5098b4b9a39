"""Delivering events, commands and interactions to the app, with Slack's signature, timeout and retries.

An event is sent up to four times: at once, and after a failure at once again, after one minute and after five more
(``retry_factor`` scales that). One channel's events go out in order: the next first attempt starts when the one before
was answered or given up. Everything runs in the server's event loop; ``take_event`` may be called from any thread.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import httpx2

from bot.playground import shapes
from bot.playground.backend import MAX_RECORDS, Backend
from bot.playground.errors import Json
from bot.playground.people import BOT_USER, Channel

Kind = Literal["events_api", "slash_commands", "interactive"]
RETRY_SECONDS = (0.0, 60.0, 300.0)
ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Answer:
    """How the app answered. ``status`` is 200 for an ack over Socket Mode and None when nothing came back.

    ``failure`` is Slack's retry reason (http_timeout, http_error, connection_failed), empty when the app acked.
    ``body`` is the parsed JSON, the text, or None for an empty ack.
    """

    status: int | None = None
    body: Any = None
    failure: str = ""
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        """Whether the app acked in time."""
        return not self.failure


@dataclass(eq=False)
class Delivery:
    """One thing that Slack wants to tell the app, and every attempt at it."""

    id: str
    kind: Kind
    payload: Json
    lane: str = ""
    answers: list[Answer] = field(default_factory=list)
    done: bool = False
    """Acked, or given up."""


class Transport(Protocol):
    """A way to the app: HTTP or Socket Mode."""

    async def send(self, delivery: Delivery, attempt: int, reason: str) -> Answer:
        """One attempt (0 is the first)."""


class HttpTransport:
    """Signed POSTs to the app's request URL."""

    def __init__(self, url: str, backend: Backend, ack_seconds: Callable[[], float]) -> None:
        self.url = url
        self._backend = backend
        self._ack_seconds = ack_seconds
        self._client = httpx2.AsyncClient(trust_env=False, timeout=None)

    async def send(self, delivery: Delivery, attempt: int, reason: str) -> Answer:
        """One signed request."""
        body, kind = encode(delivery)
        headers = signature_headers(self._backend.tokens.signing_secret, body, int(self._backend.workspace.clock()))
        headers |= {"Content-Type": kind, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        try:
            async with asyncio.timeout(self._ack_seconds()):
                response = await self._client.post(self.url, content=body, headers=headers)
        except TimeoutError:
            return Answer(failure="http_timeout")
        except httpx2.HTTPError:
            return Answer(failure="connection_failed")
        no_retry = response.headers.get("x-slack-no-retry") == "1"
        failure = "" if response.is_success else "http_error"
        return Answer(response.status_code, parse_body(response.text), failure, no_retry)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def encode(delivery: Delivery) -> tuple[bytes, str]:
    """The request body and its content type, as Slack sends this kind."""
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def signature_headers(secret: str, body: bytes, now: int) -> dict[str, str]:
    """Slack's v0 signature: HMAC-SHA256 of ``v0:{timestamp}:{body}``."""
    digest = hmac.new(secret.encode(), f"v0:{now}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(now), "X-Slack-Signature": f"v0={digest}"}


def parse_body(text: str) -> Any:
    """The app's answer as JSON where it is JSON, as text where it is not, None when it is empty."""
    try:
        return json.loads(text) if text.strip() else None
    except json.JSONDecodeError:
        return text


class Courier:
    """Takes what happened to the app."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.transport: Transport | None = None
        """The way to the app; without one, events are only written down."""
        self.retry_factor = 1.0
        self.ack_seconds = ACK_SECONDS
        self.holding = False
        self.held: list[Delivery] = []
        self.log: deque[Delivery] = deque(maxlen=MAX_RECORDS)
        self.watchers: list[Callable[[Delivery], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lanes: dict[str, deque[Delivery]] = defaultdict(deque)
        self._running: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()
        backend.workspace.listeners.append(self.take_event)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Use this event loop from now on."""
        self._loop = loop

    def stop(self) -> None:
        """Drop everything that still waits for a retry."""
        for task in self._running:
            task.cancel()

    # -- events

    def take_event(self, channel: Channel | None, event: Json) -> None:
        """Queue an event if the app may hear it: it must be a member; the page's own signs are not for it."""
        if event["type"].startswith("_"):
            return
        if channel is not None and BOT_USER not in channel.members and not event["type"].startswith("channel_"):
            return
        ext_shared = channel is not None and channel.ext_shared
        self.queue(self.envelope(event, ext_shared=ext_shared), channel.id if channel else "")

    def envelope(self, event: Json, *, ext_shared: bool = False) -> Json:
        """The event_callback around an event, with a new event_id."""
        event_id = "Ev" + secrets.token_hex(5).upper()
        now, token = self._backend.workspace.clock(), self._backend.tokens.verification
        return shapes.envelope(event, event_id, now, token=token, ext_shared=ext_shared)

    def queue(self, payload: Json, lane: str) -> Delivery:
        """Deliver an event_callback in its turn; the record of it."""
        delivery = Delivery(payload["event_id"], "events_api", payload, lane)
        with self._backend.changed:
            self.log.append(delivery)
            if self.holding:
                self.held.append(delivery)
            self._backend.changed.notify_all()
            if self.holding:
                return delivery
        self._hand_over(delivery)
        return delivery

    def redeliver(self, event_id: str) -> Delivery:
        """Send an old event once more under its old event_id, as Slack may; LookupError when there is none."""
        with self._backend.changed:
            old = next((d for d in self.log if d.id == event_id), None)
        if old is None:
            raise LookupError(f"no event {event_id} was delivered")
        return self._again(old)

    def _again(self, old: Delivery) -> Delivery:
        again = Delivery(old.id, old.kind, old.payload, old.lane)
        with self._backend.changed:
            self.log.append(again)
        self._hand_over(again)
        return again

    def hold(self) -> None:
        """Keep events back from now on."""
        self.holding = True

    def release(self, order: list[int] | None = None) -> list[Delivery]:
        """Deliver what was held, in the given order of positions; by default as it happened. One may come twice."""
        with self._backend.changed:
            held, self.held, self.holding = self.held, [], False
        sent: list[Delivery] = []
        for at in range(len(held)) if order is None else order:
            if held[at] in sent:
                sent.append(self._again(held[at]))
            else:
                sent.append(held[at])
                self._hand_over(held[at])
        return sent

    def _hand_over(self, delivery: Delivery) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._enter_lane, delivery)

    def _enter_lane(self, delivery: Delivery) -> None:
        self._lanes[delivery.lane].append(delivery)
        if delivery.lane not in self._busy:
            self._busy.add(delivery.lane)
            self._spawn(self._drain(delivery.lane))

    async def _drain(self, lane: str) -> None:
        try:
            while self._lanes[lane]:
                await self._first_attempt(self._lanes[lane].popleft())
        finally:
            self._busy.discard(lane)

    async def _first_attempt(self, delivery: Delivery) -> None:
        answer = await self._attempt(delivery, 0, "")
        if answer.ok or answer.no_retry or self.transport is None:
            self._finish(delivery)
        else:
            self._spawn(self._retry(delivery, answer.failure))

    async def _retry(self, delivery: Delivery, reason: str) -> None:
        for number, seconds in enumerate(RETRY_SECONDS, 1):
            await asyncio.sleep(seconds * self.retry_factor)
            answer = await self._attempt(delivery, number, reason)
            if answer.ok or answer.no_retry:
                break
            reason = answer.failure
        self._finish(delivery)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    # -- commands and interactions

    async def ask(self, kind: Kind, payload: Json) -> Answer:
        """Send a command or an interaction: one attempt, no retries."""
        delivery = Delivery(secrets.token_hex(8), kind, payload)
        with self._backend.changed:
            self.log.append(delivery)
        answer = await self._attempt(delivery, 0, "")
        self._finish(delivery)
        return answer

    async def _attempt(self, delivery: Delivery, number: int, reason: str) -> Answer:
        if self.transport is None:
            answer = Answer(failure="connection_failed")
        else:
            answer = await self.transport.send(delivery, number, reason)
        with self._backend.changed:
            delivery.answers.append(answer)
            self._backend.changed.notify_all()
        for watcher in self.watchers:
            watcher(delivery)
        return answer

    def _finish(self, delivery: Delivery) -> None:
        with self._backend.changed:
            delivery.done = True
            self._backend.changed.notify_all()

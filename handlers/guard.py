"""What stands before Bolt on HTTP: size, signature, age, and whether we have seen this very request before.

Slack signs each delivery anew, its own redeliveries too, with the second in which it sends them. So the same signature
twice is somebody who replays a request, or Slack trying again within one second after an answer that was not 200: that
one is let in.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from slack_bolt import BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.store import Store, StoreError

PATH = "/slack/events"
MAX_BODY_BYTES = 1_000_000
"""Slack's largest event is far below this."""
WINDOW_S = 300
"""Slack's advice: what was signed longer ago is not taken."""
MAX_SEEN = 100_000
"""333 requests a second, for a whole window; some 15 MB."""


class Seen:
    """Signatures of the last five minutes, in memory. After a restart events are recognised by what they say, and
    commands and buttons by ``once``."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._until: OrderedDict[bytes, tuple[float, bool]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, signature: str, signed_at: int) -> str:
        """``new``, ``working`` while the first one is being answered, or ``answered``."""
        key, now = _key(signature), self._now()
        with self._lock:
            known = self._until.get(key)
            if known is not None and known[0] > now:
                return "answered" if known[1] else "working"
            while self._until and (len(self._until) >= MAX_SEEN or next(iter(self._until.values()))[0] <= now):
                self._until.popitem(last=False)
            self._until[key] = (signed_at + WINDOW_S + 1, False)
            return "new"

    def done(self, signature: str, *, ok: bool) -> None:
        """It was answered; when not with 200, Slack may come again with the same signature."""
        key = _key(signature)
        with self._lock:
            known = self._until.get(key)
            if known is not None and ok:
                self._until[key] = (known[0], True)
            elif known is not None:
                del self._until[key]


class RequestGuard:
    """ASGI middleware round the whole app; only ``PATH`` is guarded. 401, 403, 409 or 413 for what is not taken."""

    def __init__(
        self, app: ASGIApp, secret: str, refused: Callable[[], None], now: Callable[[], float] = time.time
    ) -> None:
        self._app = app
        self._refused = refused
        self._now = now
        self._verifier = SignatureVerifier(secret, _Clock(now))
        self._seen = Seen(now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] == "GET":
            await self._app(scope, receive, send)
            return
        body = await _body(scope, receive)
        signature = Headers(scope=scope).get("x-slack-signature", "")
        refusal = self._refusal(scope, body, signature)
        if refusal is None:
            await self._pass_on(scope, body or b"", send, signature)
        else:
            self._refused()
            await refusal(scope, receive, send)

    def _refusal(self, scope: Scope, body: bytes | None, signature: str) -> PlainTextResponse | None:
        if body is None:
            return PlainTextResponse("too large", 413)
        signed_at = self._signed_at(Headers(scope=scope), signature, body)
        if signed_at is None:
            return PlainTextResponse("not signed by Slack, or too old", 401)
        known = self._seen.take(signature, signed_at)
        return None if known == "new" else PlainTextResponse("seen before", 403 if known == "answered" else 409)

    async def _pass_on(self, scope: Scope, body: bytes, send: Send, signature: str) -> None:
        ok = False

        async def given() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def noting(message: Message) -> None:
            nonlocal ok
            if message["type"] == "http.response.start":
                ok = message["status"] == 200
            await send(message)

        try:
            await self._app(scope, given, noting)
        finally:
            self._seen.done(signature, ok=ok)

    def _signed_at(self, headers: Headers, signature: str, body: bytes) -> int | None:
        """When Slack signed this; None when it did not, or not lately. Compared in constant time by slack_sdk."""
        stamp = headers.get("x-slack-request-timestamp", "")
        # Checked first: the verifier raises for odd ones.
        if not re.fullmatch(r"\d{1,12}", stamp, re.ASCII) or not re.fullmatch(r"v0=[0-9a-f]{64}", signature):
            return None
        try:
            valid = self._verifier.is_valid(body, stamp, signature)
        except UnicodeDecodeError:
            return None
        return int(stamp) if valid else None


def once(store: Store, headers: Mapping[str, Sequence[str]], answer: Callable[[], BoltResponse]) -> BoltResponse:
    """Answer a command or a button unless it was answered before, also before a restart; events are answered.

    Events come by the thousand and are idempotent, so they don't wait for this write.
    """
    kind, signature = (next(iter(headers.get(name, ())), "") for name in ("content-type", "x-slack-signature"))
    # The signature does not cover this header, so only what makes a form unreadable may spare the look.
    if kind.partition(";")[0].strip() == "application/json":
        return answer()
    key = f"signed:{signature}"
    try:
        if not store.claim(key):
            return BoltResponse(status=403, body="seen before")
    except StoreError:
        return answer()  # it needs the store as well, and says so in words
    response = answer()
    if response.status != 200:
        store.release(key)
    return response


class _Clock(Clock):
    """Ours, so that a test can turn it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body; None when it is too large, without reading on."""
    length = Headers(scope=scope).get("content-length", "0")
    if length.isdigit() and int(length) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)  # cut off: its signature won't fit
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _key(signature: str) -> bytes:
    return bytes.fromhex(signature[3:35])

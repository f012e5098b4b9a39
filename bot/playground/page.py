"""The page: static files, and a WebSocket that keeps each browser in step with what one person would see.

The browser is sent a small document, key by key (``messages/C1/17.000001``): everything once, then what changed. What
people do comes back over the same socket as ``{"id", "do", …}`` and is answered with ``{"re": id, "ok", …}``.
"""

import asyncio
import json
from collections import OrderedDict
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.backend import CallRecord
from bot.playground.delivery import Delivery
from bot.playground.emoji_table import emoji_table
from bot.playground.errors import Json, SlackError
from bot.playground.features import Features
from bot.playground.page_acts import ACTS, RefusedError, act
from bot.playground.people import BOT_USER

if TYPE_CHECKING:
    from bot.playground.server import SlackStandIn

STATIC = Path(__file__).parent / "static"
MAX_TRAFFIC = 200
GATHER_SECONDS = 0.02
"""How long changes are gathered before they are sent, so that one act makes one redraw."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
FIRST_USER = "U0ADA"


class Session:
    """One browser: who it acts as, and what it has been sent."""

    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket
        self.user = FIRST_USER
        self.traffic = False
        self.sent: dict[str, str] = {}
        self.dirty = asyncio.Event()

    async def send(self, message: Json) -> None:
        """Send, unless the browser has just gone."""
        with suppress(WebSocketDisconnect, RuntimeError):
            await self.websocket.send_json(message)

    def patch(self, document: Json) -> Json | None:
        """What to send so that the browser has this document; None when it has it already."""
        fresh = {key: json.dumps(value, sort_keys=True) for key, value in document.items()}
        changed = {key: document[key] for key, text in fresh.items() if self.sent.get(key) != text}
        gone = [key for key in self.sent if key not in fresh]
        self.sent = fresh
        return {"set": changed, "drop": gone} if changed or gone else None


class Page:
    """The page of one stand-in."""

    def __init__(self, slack: "SlackStandIn", features: Features) -> None:
        self._slack = slack
        self._features = features
        self._sessions: set[Session] = set()
        self._traffic: OrderedDict[str, Json] = OrderedDict()
        self._count = 0
        slack.workspace.listeners.append(lambda _channel, _event: self._wake())
        slack.courier.watchers.append(self._saw_delivery)
        slack.backend.watchers.append(self._saw_call)

    def routes(self) -> list[BaseRoute]:
        """The page's routes."""
        return [
            Route("/", self._index),
            Route("/_static/{name}", self._static),
            Route("/_page/emoji.json", self._emoji),
            WebSocketRoute("/_page/ws", self._socket),
        ]

    # -- files

    async def _index(self, _: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers=HEADERS)

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in {path.name for path in STATIC.iterdir()}:
            return Response(status_code=404)
        return FileResponse(STATIC / name, headers=HEADERS)

    async def _emoji(self, _: Request) -> Response:
        return JSONResponse(emoji_table(), headers={**HEADERS, "Cache-Control": "max-age=3600"})

    # -- the socket

    async def _socket(self, websocket: WebSocket) -> None:
        await websocket.accept()
        session = Session(websocket)
        self._sessions.add(session)
        session.dirty.set()
        sender = asyncio.create_task(self._send_changes(session))
        acting: set[asyncio.Task[None]] = set()
        try:
            while True:
                task = asyncio.create_task(self._act(session, await websocket.receive_json()))
                acting.add(task)
                task.add_done_callback(acting.discard)
        except (WebSocketDisconnect, json.JSONDecodeError):
            pass
        finally:
            self._sessions.discard(session)
            for task in (sender, *acting):
                task.cancel()

    async def _send_changes(self, session: Session) -> None:
        while True:
            await session.dirty.wait()
            await asyncio.sleep(GATHER_SECONDS)
            session.dirty.clear()
            patch = session.patch(self.document(session))
            if patch:
                await session.send(patch)

    async def _act(self, session: Session, message: Any) -> None:
        if not isinstance(message, dict):
            return
        number, name = message.pop("id", None), message.pop("do", "")
        try:
            if not isinstance(name, str):
                raise RefusedError("there is nothing to do")
            if name == "become":
                session.user = self._slack.user_id(str(message["user"]))
                result: Any = session.user
            elif name == "traffic":
                session.traffic = bool(message["on"])
                result = session.traffic
            elif name in ACTS:
                result = await to_thread.run_sync(lambda: act(self._slack, session.user, name, message))
            else:
                raise RefusedError(f"there is no {name!r} here")
            answer: Json = {"re": number, "ok": True, "result": result}
        except (RefusedError, SlackError, LookupError, TypeError, ValueError) as error:
            answer = {"re": number, "ok": False, "error": str(error)}
        session.dirty.set()
        await session.send(answer)

    def _wake(self) -> None:
        self._slack.in_loop(self._mark_dirty)

    def _mark_dirty(self) -> None:
        for session in self._sessions:
            session.dirty.set()

    # -- what one person sees

    def document(self, session: Session) -> Json:
        """Everything that this browser shows."""
        slack, user = self._slack, session.user
        with slack.workspace.lock:
            seen = [c for c in slack.workspace.channels.values() if user in c.members]
            document: Json = {
                "me": user,
                "bot": BOT_USER,
                "app": self._features.as_json(),
                "views": slack.views(user),
                "home": slack.home(user),
                "traffic": session.traffic,
            }
            for person in slack.workspace.users.values():
                named = {"id": person.id, "name": person.name, "real_name": person.real_name}
                document[f"users/{person.id}"] = {**named, "is_bot": person.is_bot}
            for channel in seen:
                here = {"id": channel.id, "name": channel.name, "kind": channel.kind, "archived": channel.archived}
                with_bot = BOT_USER in channel.members
                people = [member for member in channel.members if member != BOT_USER]
                document[f"channels/{channel.id}"] = {**here, "with_bot": with_bot, "people": len(people)}
                for ts, message in channel.messages.items():
                    document[f"messages/{channel.id}/{ts}"] = {**message, "channel": channel.id}
            for message in slack.ephemerals(user):
                document[f"ephemerals/{message['channel']}/{message['ts']}"] = message
            if session.traffic:
                document |= {f"traffic/{key}": entry for key, entry in self._traffic.items()}
        return document

    # -- the raw payloads

    def _saw_delivery(self, delivery: Delivery) -> None:
        answers = [asdict(answer) for answer in delivery.answers]
        inner = delivery.payload.get("event") or delivery.payload
        title = " ".join(str(inner.get(k, "")) for k in ("type", "subtype", "command") if inner.get(k))
        entry = {"to": "bot", "kind": delivery.kind, "title": title, "sent": delivery.payload, "answers": answers}
        self._remember(f"d-{delivery.id}", entry)

    def _saw_call(self, call: CallRecord) -> None:
        answers = [{"status": call.status, "body": call.answer, "failure": call.fault or ""}]
        ok = call.answer is None or call.answer.get("ok", True)
        note = {"title": call.method, "sent": call.args, "answers": answers, "ok": ok}
        self._remember(f"c-{id(call)}", {"to": "slack", "kind": "api", **note})

    def _remember(self, key: str, entry: Json) -> None:
        with self._slack.backend.changed:
            if key in self._traffic:
                entry["number"] = self._traffic[key]["number"]
            else:
                self._count += 1
                entry["number"] = self._count
            self._traffic[key] = entry
            while len(self._traffic) > MAX_TRAFFIC:
                self._traffic.popitem(last=False)
        self._wake()

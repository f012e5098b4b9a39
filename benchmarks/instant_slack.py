"""A Slack that takes no time: says ok to every call at once and remembers when each draft got its reply.

    .venv/bin/python -m benchmarks.instant_slack PORT

A process of its own, so that its work is not counted as the bot's. ``GET /seen`` gives the replies as JSON:
``{draft's ts: seconds since 1970}``; ``POST /forget`` empties them. ``POST /hold`` keeps posts waiting, ``POST /go``
lets them go.
"""

import asyncio
import json
import sys
import time
from urllib.parse import parse_qs

BOT = {
    "team_id": "T1",
    "team": "Load",
    "user_id": "UBOT",
    "user": "humanize",
    "bot_id": "BBOT",
    "url": "https://a.example/",
}
MEMBERS = {"members": ["U1", "UBOT"], "response_metadata": {"next_cursor": ""}}


class InstantSlack:
    """The server; everything runs in one event loop."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}
        self._number = 0
        self._open = asyncio.Event()
        self._open.set()

    async def serve(self, port: int) -> None:
        """Serve until the process ends."""
        server = await asyncio.start_server(self._connection, "127.0.0.1", port, backlog=1024)
        async with server:
            await server.serve_forever()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = next(
                (int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")), 0
            )
            body = await reader.readexactly(length) if length else b""
            answer = json.dumps(await self._answer(head.split(" ", 2)[1], body)).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(answer), answer)
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away
        finally:
            writer.close()

    async def _answer(self, path: str, body: bytes) -> object:
        method = path.partition("?")[0].rpartition("/")[2]
        if method == "seen":
            return self._seen
        if method == "forget":
            self._seen.clear()
        elif method == "hold":
            self._open.clear()
        elif method == "go":
            self._open.set()
        elif method == "auth.test":
            return {"ok": True, **BOT}
        elif method == "conversations.members":
            return {"ok": True, **MEMBERS}
        elif method == "chat.postMessage":
            await self._open.wait()
            self._number += 1
            draft = _field(body, "thread_ts")
            if draft:
                self._seen.setdefault(draft, time.time())
            return {"ok": True, "channel": "C1", "ts": f"{int(time.time())}.{self._number % 1_000_000:06}"}
        return {"ok": True, "messages": []}


def _field(body: bytes, name: str) -> str | None:
    """A field of a call's body, form or JSON."""
    if body.startswith(b"{"):
        value = json.loads(body).get(name)
        return str(value) if value else None
    return parse_qs(body.decode()).get(name, [None])[0]


if __name__ == "__main__":
    asyncio.run(InstantSlack().serve(int(sys.argv[1])))

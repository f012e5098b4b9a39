"""Only this machine, and only our own page: the Host and Origin headers are checked on every request.

Without it any web page that a person visits could talk to the playground through their browser.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

NAMES = ("127.0.0.1", "localhost")
APP_PATHS = ("/api/", "/link/", "/_response/", "/_upload/", "/_files/")
"""What the app itself calls. The SDK's own WebSocket client leaves the port out of Host, so it may be missing here."""


class Guard:
    """ASGI middleware: 403 for a foreign Host or Origin."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] in ("http", "websocket") and not self._allowed(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await PlainTextResponse("The playground answers on this machine only.", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _allowed(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        by_app = scope["path"].startswith(APP_PATHS)
        if not self._ours(headers.get("host", ""), port_needed=not by_app):
            return False
        origin = headers.get("origin")
        if origin is None:
            return True
        parts = urlsplit(origin)
        return parts.scheme == "http" and self._ours(parts.netloc, port_needed=True)

    def _ours(self, netloc: str, *, port_needed: bool) -> bool:
        allowed = {f"{name}:{self._port}" for name in NAMES}
        return netloc in allowed or (not port_needed and netloc in NAMES)

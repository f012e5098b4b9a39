"""Installing the app in many workspaces: GET /slack/install leads to Slack, /slack/oauth_redirect comes back.

The state ties both ends together: it is in a cookie of the browser that began, and in the store, good once.
"""

import asyncio
import hmac
import html
import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web import SlackResponse
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import words_lifecycle as words
from bot.manifest import load_manifest
from bot.settings import Settings
from bot.store import Installation, StoreError
from bot.store.oauth import LIVES, OauthStates
from bot.store.sqlite import SqliteStore
from handlers.client import SlackAddress
from handlers.tokens import granted, vault_of

log = logging.getLogger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
COOKIE = "humanize-install"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}}
</style><h1>{title}</h1><p>{text}</p></html>"""


class Installer:
    """What both routes do. Calls block, so they run beside the event loop."""

    def __init__(self, settings: Settings, store: SqliteStore) -> None:
        self._store = store
        self._states = OauthStates(store.connections)
        self._vault = vault_of(settings, store)
        self._address = SlackAddress.of(settings)
        secret = settings.slack_client_secret
        self._app = {
            "client_id": settings.slack_client_id or "",
            "client_secret": secret.get_secret_value() if secret else "",
        }

    def begin(self) -> tuple[str, str]:
        """A new state, and the address at Slack's where somebody agrees. Raises StoreError."""
        state = self._states.make()
        links = AuthorizeUrlGenerator(
            client_id=self._app["client_id"],
            scopes=load_manifest()["oauth_config"]["scopes"]["bot"],
            authorization_url=urljoin(self._address.api_url, "../oauth/v2/authorize"),
        )
        return state, links.generate(state)

    def finish(self, query: dict[str, str], cookie: str) -> tuple[int, str, str]:
        """What came back: status, title and words of the page. Raises StoreError."""
        state = query.get("state", "")
        ours = hmac.compare_digest(state.encode("utf-8", "replace"), cookie.encode("utf-8", "replace"))
        if not state or not ours or not self._states.take(state):
            return 400, words.INSTALL_NOT_TITLE, words.INSTALL_STATE
        if "error" in query:
            return 200, words.INSTALL_NOT_TITLE, words.INSTALL_CANCELLED
        try:
            team = self._keep(query.get("code", ""))
        except SlackApiError as error:
            log.error("install refused", extra={"code": str(error.response.get("error"))})
            return 502, words.INSTALL_NOT_TITLE, words.INSTALL_REFUSED
        except OSError as error:
            log.error("install failed", extra={"error": type(error).__name__})
            return 502, words.INSTALL_NOT_TITLE, words.INSTALL_REFUSED
        return 200, words.INSTALL_TITLE, words.INSTALL_DONE.format(team=team)

    def _keep(self, code: str) -> str:
        """Exchange the code and keep what it gives; the name of the workspace."""
        answer = self._address.client(None).oauth_v2_access(**self._app, code=code)
        team, name = _home(answer)
        tokens = granted(team, answer, datetime.now(UTC))
        me = WebClient(tokens.bot_token, base_url=self._address.api_url, timeout=self._address.timeout_s).auth_test()
        self._vault.put(tokens)
        self._store.save_installation(
            Installation(team=team, bot_user_id=str(answer["bot_user_id"]), bot_id=str(me["bot_id"]))
        )
        self._store.lifecycle.arrived(team)
        who: dict[str, Any] = answer.get("authed_user") or {}
        self._store.audit.note("install", who=str(who.get("id", "somebody")), via="slack", team=team)
        log.info("installed", extra={"team": team})
        return name


def _home(answer: SlackResponse) -> tuple[str, str]:
    """Id and name of the workspace, or of the organisation where it is for all of it."""
    home: dict[str, Any] = (
        answer.get("enterprise") if answer.get("is_enterprise_install") else answer.get("team")
    ) or {}
    if not home.get("id"):
        raise SlackApiError("names no workspace", answer)  # type: ignore[no-untyped-call]  # slack_sdk has no type for it
    return str(home["id"]), str(home.get("name") or home["id"])


def routes(installer: Installer) -> list[Route]:
    """Both routes, for GET."""

    async def install(_request: Request) -> Response:
        try:
            state, link = await _beside(installer.begin)
        except StoreError:
            return _page(503, words.INSTALL_NOT_TITLE, words.INSTALL_STORE)
        response = RedirectResponse(link, 302, HEADERS)
        age = int(LIVES.total_seconds())
        response.set_cookie(COOKIE, state, max_age=age, path="/slack", secure=True, httponly=True, samesite="lax")
        return response

    async def redirect(request: Request) -> Response:
        query, cookie = dict(request.query_params), request.cookies.get(COOKIE, "")
        try:
            page = _page(*await _beside(installer.finish, query, cookie))
        except StoreError:
            page = _page(503, words.INSTALL_NOT_TITLE, words.INSTALL_STORE)
        page.delete_cookie(COOKIE, path="/slack", secure=True, httponly=True, samesite="lax")
        return page

    return [Route(INSTALL, install, methods=["GET"]), Route(REDIRECT, redirect, methods=["GET"])]


async def _beside(work: Any, *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, work, *args)


def _page(status: int, title: str, text: str) -> HTMLResponse:
    return HTMLResponse(PAGE.format(title=html.escape(title), text=html.escape(text)), status, HEADERS)

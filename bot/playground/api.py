"""The Web API over HTTP: routing, arguments, tokens, faults. The methods themselves are in ``methods_*``."""

import base64
import json
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.playground import methods_chat, methods_conversations, methods_surfaces
from bot.playground.backend import Backend
from bot.playground.calls import Call
from bot.playground.errors import Json, SlackError
from bot.playground.exchange import Exchange

Method = Callable[[Call], Json]

METHODS: Mapping[str, Method] = {
    "api.test": methods_conversations.api_test,
    "apps.connections.open": methods_surfaces.open_socket,
    "apps.manifest.export": methods_surfaces.export_manifest,
    "auth.revoke": methods_conversations.revoke,
    "auth.test": methods_conversations.auth_test,
    "bots.info": methods_conversations.bot_info,
    "chat.delete": methods_chat.delete,
    "chat.getPermalink": methods_chat.permalink,
    "chat.postEphemeral": methods_chat.post_ephemeral,
    "chat.postMessage": methods_chat.post,
    "chat.update": methods_chat.update,
    "conversations.history": methods_conversations.read_history,
    "conversations.info": methods_conversations.info,
    "conversations.join": methods_conversations.join,
    "conversations.leave": methods_conversations.leave,
    "conversations.list": methods_conversations.list_channels,
    "conversations.members": methods_conversations.members,
    "conversations.open": methods_conversations.open_dm,
    "conversations.replies": methods_conversations.read_replies,
    "files.completeUploadExternal": methods_surfaces.complete_upload,
    "files.getUploadURLExternal": methods_surfaces.upload_url,
    "files.delete": methods_surfaces.delete_file,
    "files.info": methods_surfaces.file_info,
    "oauth.v2.access": methods_surfaces.oauth_access,
    "reactions.add": methods_conversations.react,
    "reactions.get": methods_conversations.reactions,
    "reactions.remove": methods_conversations.unreact,
    "team.info": methods_conversations.team_info,
    "users.conversations": methods_conversations.list_channels,
    "users.info": methods_conversations.user_info,
    "users.list": methods_conversations.user_list,
    "views.open": methods_surfaces.open_view,
    "views.publish": methods_surfaces.publish_view,
    "views.push": methods_surfaces.push_view,
    "views.update": methods_surfaces.update_view,
}
OWN_AUTH = ("api.test", "apps.connections.open", "apps.manifest.export", "oauth.v2.access")
SECRETS = ("token", "client_secret", "refresh_token", "code")


def routes(backend: Backend) -> list[Route]:
    """The routes of the Web API, response URLs and uploads."""

    async def api(request: Request) -> Response:
        name = request.path_params["method"]
        args, token = await _arguments(request)
        record = backend.record(name, {k: v for k, v in args.items() if k not in SECRETS}, token)
        return await Exchange(backend, record, request, lambda: call_method(backend, name, args, token)).run()

    async def respond(request: Request) -> Response:
        args, _ = await _arguments(request)
        record = backend.record("response_url", args)
        key = request.path_params["key"]
        return await Exchange(backend, record, request, lambda: use_response_url(backend, key, args)).run()

    async def upload(request: Request) -> Response:
        content = await request.body()
        stored = backend.surfaces.store_upload(request.path_params["ticket"], content)
        if stored is None:
            return PlainTextResponse("no such upload", 404)
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(request: Request) -> Response:
        found = backend.surfaces.uploads.get(request.path_params["file_id"])
        if found is None or found.content is None:
            return PlainTextResponse("no such file", 404)
        kind = str(found.info.get("mimetype", "application/octet-stream"))
        # Never text/html and never sniffed: what was uploaded must not run as part of the page.
        return Response(found.content, media_type=kind, headers={"X-Content-Type-Options": "nosniff"})

    return [
        Route("/api/{method}", api, methods=["GET", "POST"]),
        Route("/_response/{key}", respond, methods=["POST"]),
        Route("/_upload/{ticket}", upload, methods=["POST", "PUT"]),
        Route("/_files/{file_id}/{name}", download, methods=["GET"]),
    ]


def call_method(backend: Backend, name: str, args: Json, token: str) -> Json:
    """Do one call; the body of the answer, ``ok: false`` included."""
    try:
        if name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        if name not in OWN_AUTH:
            backend.check_bot_token(token)
        with backend.workspace.lock:
            return METHODS[name](Call(backend, name, args, token))
    except SlackError as error:
        return {"ok": False, "error": error.code, **error.extra}


def use_response_url(backend: Backend, key: str, args: Json) -> Json:
    """Do what a POST to a response URL asks for."""
    try:
        with backend.workspace.lock:
            origin = backend.surfaces.use_response_url(key)
            methods_chat.respond(Call(backend, "response_url", args, ""), origin)
    except SlackError as error:
        return {"ok": False, "error": error.code, **error.extra}
    return {"ok": True}


async def _arguments(request: Request) -> tuple[Json, str]:
    """The fields of query and body, and the token from the header or a field."""
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body = await request.body()
        try:
            parsed = json.loads(body) if body else {}
        except json.JSONDecodeError:
            parsed = {}
        args |= parsed if isinstance(parsed, dict) else {}
    elif request.method == "POST":
        async with request.form() as form:
            args |= {name: value for name, value in form.items() if isinstance(value, str)}
    header = request.headers.get("authorization", "")
    if header.startswith("Basic "):
        args |= _basic(header)
    token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else str(args.get("token") or "")
    return args, token.strip()


def _basic(header: str) -> Json:
    client_id, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    return {"client_id": client_id, "client_secret": secret}

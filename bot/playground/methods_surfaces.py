"""views.*, files.*, oauth.* and apps.*."""

import secrets

from bot.playground import shapes
from bot.playground.blocks import check_view
from bot.playground.calls import Call
from bot.playground.errors import Json, SlackError, invalid_arguments
from bot.playground.people import APP_ID, BOT_USER, TEAM_ID, TEAM_NAME
from bot.playground.surfaces import Upload

ROTATED_SECONDS = 12 * 60 * 60


def _view(call: Call, kind: str) -> Json:
    view = call.json("view")
    if view is None:
        raise invalid_arguments("missing required field: view")
    check_view(view, kind)
    assert isinstance(view, dict)  # noqa: S101  # check_view has just refused anything else; this tells mypy
    return view


def open_view(call: Call) -> Json:
    """views.open."""
    view = _view(call, "modal")
    user = call.backend.surfaces.exchange_trigger(call.need("trigger_id"))
    return {"ok": True, "view": call.backend.surfaces.open_view(user, view)}


def push_view(call: Call) -> Json:
    """views.push."""
    view = _view(call, "modal")
    user = call.backend.surfaces.exchange_trigger(call.need("trigger_id"))
    return {"ok": True, "view": call.backend.surfaces.push_view(user, view)}


def update_view(call: Call) -> Json:
    """views.update."""
    view = _view(call, "modal")
    if not (call.text("view_id") or call.text("external_id")):
        raise invalid_arguments("view_id or external_id is required")
    surfaces = call.backend.surfaces
    updated = surfaces.update_view(view, call.text("view_id"), call.text("external_id"), call.text("hash"))
    return {"ok": True, "view": updated}


def publish_view(call: Call) -> Json:
    """views.publish."""
    view = _view(call, "home")
    return {"ok": True, "view": call.backend.surfaces.publish_home(call.need("user_id"), view, call.text("hash"))}


def upload_url(call: Call) -> Json:
    """files.getUploadURLExternal."""
    upload = call.backend.surfaces.new_upload(call.text("filename"), call.number("length", 0, 10**9))
    url = f"{call.backend.base_url}/_upload/{upload.ticket}"
    return {"ok": True, "upload_url": url, "file_id": upload.id}


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: shares the uploaded files in a channel or thread as one message."""
    asked = call.json("files")
    if not isinstance(asked, list) or not asked:
        raise invalid_arguments("missing required field: files")
    files = [_completed(call, item) for item in asked]
    channel_id = call.text("channel_id") or call.text("channels").split(",")[0]
    if channel_id:
        channel = Call(call.backend, call.method, {"channel": channel_id}, call.token).channel(member=True)
        message = shapes.app_message(call.text("initial_comment"), subtype="file_share", files=files, upload=False)
        if call.text("thread_ts"):
            message["thread_ts"] = call.text("thread_ts")
        call.backend.workspace.add_message(channel.id, message)
    return {"ok": True, "files": files}


def _completed(call: Call, item: Json) -> Json:
    upload = call.backend.surfaces.uploads.get(str(item.get("id")))
    if upload is None or upload.content is None:
        raise SlackError("file_not_found")
    upload.info = file_json(call.backend.base_url, upload, str(item.get("title") or upload.filename), BOT_USER)
    return upload.info


def file_json(base_url: str, upload: Upload, title: str, user: str) -> Json:
    """The file object of a finished upload."""
    suffix = upload.filename.rpartition(".")[2].lower()
    kinds = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "txt": "text/plain", "md": "text/markdown"}
    kinds |= {"csv": "text/csv"}
    url = f"{base_url}/_files/{upload.id}/{upload.filename}"
    return {
        "id": upload.id,
        "name": upload.filename,
        "title": title,
        "mimetype": kinds.get(suffix, "application/octet-stream"),
        "filetype": suffix,
        "pretty_type": suffix.upper(),
        "user": user,
        "user_team": TEAM_ID,
        "size": len(upload.content or b""),
        "mode": "snippet" if suffix in ("txt", "md") else "hosted",
        "is_external": False,
        "is_public": True,
        "url_private": url,
        "url_private_download": url,
        "permalink": url,
    }


def file_info(call: Call) -> Json:
    """files.info."""
    upload = call.backend.surfaces.uploads.get(call.need("file"))
    if upload is None or not upload.info:
        raise SlackError("file_not_found")
    return {"ok": True, "file": upload.info, "comments": []}


def delete_file(call: Call) -> Json:
    """files.delete: a file of the app's own; a message that shows nothing else goes with it."""
    upload = call.backend.surfaces.uploads.get(call.need("file"))
    if upload is None or not upload.info:
        raise SlackError("file_not_found")
    if upload.info.get("user") != BOT_USER:
        raise SlackError("cant_delete_file")
    call.backend.surfaces.uploads.pop(upload.id)
    for channel in list(call.backend.workspace.channels.values()):
        for message in list(channel.messages.values()):
            shown = [file["id"] for file in message.get("files") or ()]
            if shown == [upload.id] and not message.get("text"):
                call.backend.workspace.delete_message(channel.id, message["ts"])
    return {"ok": True}


def open_socket(call: Call) -> Json:
    """apps.connections.open: a URL for one Socket Mode connection. Needs the app-level token."""
    if call.token != call.backend.tokens.app:
        raise SlackError("invalid_auth" if call.token else "not_authed")
    if call.backend.issue_socket_url is None:
        raise SlackError("internal_error")
    return {"ok": True, "url": call.backend.issue_socket_url()}


def export_manifest(call: Call) -> Json:
    """apps.manifest.export. Needs an app configuration token."""
    if call.token != call.backend.tokens.config:
        raise SlackError("invalid_auth" if call.token else "not_authed")
    if call.text("app_id") != APP_ID:
        raise SlackError("invalid_app_id")
    return {"ok": True, "manifest": call.backend.manifest}


def oauth_access(call: Call) -> Json:
    """oauth.v2.access: a code, or a refresh token, for a bot token."""
    tokens = call.backend.tokens
    if call.text("client_id") != tokens.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != tokens.client_secret:
        raise SlackError("bad_client_secret")
    with call.backend.changed:
        if call.text("grant_type") == "refresh_token":
            old = tokens.rotated.pop(call.text("refresh_token"), None)
            if old is None:
                raise SlackError("invalid_refresh_token")
            tokens.valid.discard(old)
            return _granted(call, tokens.teams.get(old, TEAM_ID), rotate=True)
        team = tokens.codes.pop(call.text("code"), None)
        if team is None:
            raise SlackError("invalid_code")
        return _granted(call, team, rotate=call.backend.rotate_tokens)


def _granted(call: Call, team: str, *, rotate: bool) -> Json:
    tokens = call.backend.tokens
    bot = ("xoxe.xoxb-1-" if rotate else "xoxb-playground-") + secrets.token_hex(12)
    tokens.valid.add(bot)
    tokens.teams[bot] = team
    granted: Json = {
        "ok": True,
        "app_id": APP_ID,
        "authed_user": {"id": "U0ADA"},
        "scope": call.backend.scopes,
        "token_type": "bot",
        "access_token": bot,
        "bot_user_id": BOT_USER,
        "team": {"id": team, "name": TEAM_NAME if team == TEAM_ID else team.title()},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if team == tokens.org:
        whole = {"id": team, "name": team.title()}
        granted |= {"team": None, "enterprise": whole, "is_enterprise_install": True}
    if rotate:
        refresh = "xoxe-1-" + secrets.token_hex(12)
        tokens.rotated[refresh] = bot
        granted |= {"refresh_token": refresh, "expires_in": ROTATED_SECONDS}
    return granted

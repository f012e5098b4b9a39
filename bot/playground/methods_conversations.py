"""conversations.*, reactions.*, users.* and auth.*."""

import copy

from bot.playground import history
from bot.playground.calls import Call
from bot.playground.errors import Json, SlackError
from bot.playground.people import APP_ID, BOT_ID, BOT_USER, TEAM_ID, TEAM_NAME


def auth_test(call: Call) -> Json:
    """auth.test."""
    return call.backend.identity(call.token)


def api_test(call: Call) -> Json:
    """api.test; needs no token. ``error`` makes it fail with that code."""
    if call.text("error"):
        raise SlackError(call.text("error"), args=call.args)
    return {"ok": True, "args": {k: v for k, v in call.args.items() if k != "token"}}


def revoke(call: Call) -> Json:
    """auth.revoke."""
    call.backend.revoke(call.token)
    return {"ok": True, "revoked": True}


def team_info(_: Call) -> Json:
    """team.info."""
    return {"ok": True, "team": {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_NAME.lower(), "email_domain": ""}}


def info(call: Call) -> Json:
    """conversations.info."""
    return {"ok": True, "channel": call.channel().as_json()}


def join(call: Call) -> Json:
    """conversations.join: public channels only."""
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    already = BOT_USER in channel.members
    call.backend.workspace.join(channel.id, BOT_USER)
    answer: Json = {"ok": True, "channel": channel.as_json()}
    return answer | ({"warning": "already_in_channel"} if already else {})


def leave(call: Call) -> Json:
    """conversations.leave."""
    channel = call.channel()
    if BOT_USER not in channel.members:
        return {"ok": True, "not_in_channel": True}
    call.backend.workspace.leave(channel.id, BOT_USER)
    return {"ok": True}


def members(call: Call) -> Json:
    """conversations.members, in one page."""
    return {"ok": True, "members": list(call.channel().members), "response_metadata": {"next_cursor": ""}}


def list_channels(call: Call) -> Json:
    """conversations.list (and users.conversations, which shows the bot's own only)."""
    types = call.text("types", "public_channel")
    wanted = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    kinds = {wanted[name.strip()] for name in types.split(",") if name.strip() in wanted}
    mine = call.method == "users.conversations"
    channels = [
        c.as_json()
        for c in call.backend.workspace.channels.values()
        if c.kind in kinds
        and (BOT_USER in c.members or (c.kind == "channel" and not mine))
        and not (call.flag("exclude_archived") and c.archived)
    ]
    return {"ok": True, "channels": channels, "response_metadata": {"next_cursor": ""}}


def open_dm(call: Call) -> Json:
    """conversations.open with one person."""
    users = [user for user in call.need("users").split(",") if user]
    if len(users) != 1:
        raise SlackError("method_not_supported_for_channel_type")
    channel = call.backend.workspace.dm(users[0])
    return {"ok": True, "channel": channel.as_json() if call.flag("return_im") else {"id": channel.id}}


def read_history(call: Call) -> Json:
    """conversations.history."""
    channel = call.channel(member=True)
    with call.backend.workspace.lock:
        return history.history(channel, call.page())


def read_replies(call: Call) -> Json:
    """conversations.replies."""
    channel = call.channel(member=True)
    with call.backend.workspace.lock:
        return history.replies(channel, call.need("ts"), call.page(limit=1000))


def react(call: Call) -> Json:
    """reactions.add."""
    channel = call.channel(member=True)
    if channel.archived:
        raise SlackError("is_archived")
    name = call.need("name").strip(":")
    call.backend.workspace.react(channel.id, call.need("timestamp"), name, BOT_USER)
    return {"ok": True}


def unreact(call: Call) -> Json:
    """reactions.remove."""
    channel = call.channel(member=True)
    call.backend.workspace.unreact(channel.id, call.need("timestamp"), call.need("name").strip(":"), BOT_USER)
    return {"ok": True}


def reactions(call: Call) -> Json:
    """reactions.get of a message."""
    channel = call.channel(member=True)
    with call.backend.workspace.lock:
        message = copy.deepcopy(call.backend.workspace.message(channel.id, call.need("timestamp")))
    return {"ok": True, "type": "message", "channel": channel.id, "message": message}


def user_info(call: Call) -> Json:
    """users.info."""
    user = call.backend.workspace.user(call.need("user")).as_json()
    if not call.flag("include_locale"):
        user.pop("locale")
    return {"ok": True, "user": user}


def user_list(call: Call) -> Json:
    """users.list, in one page."""
    users = [user.as_json() for user in call.backend.workspace.users.values()]
    return {"ok": True, "members": users, "response_metadata": {"next_cursor": ""}}


def bot_info(call: Call) -> Json:
    """bots.info."""
    if call.text("bot", BOT_ID) != BOT_ID:
        raise SlackError("bot_not_found")
    return {
        "ok": True,
        "bot": {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER, "name": "Humanize", "deleted": False},
    }

"""chat.*: the bot's own messages."""

from bot.playground import shapes
from bot.playground.blocks import check_message
from bot.playground.calls import Call
from bot.playground.errors import Json, SlackError, invalid_blocks
from bot.playground.people import BOT_USER, Channel
from bot.playground.surfaces import ResponseUrl
from bot.playground.workspace import is_from_bot

MAX_POST_CHARS = 40_000
MAX_UPDATE_CHARS = 4_000
MAX_ATTACHMENTS = 100


def message_parts(args: Json, call: Call, most: int = MAX_POST_CHARS) -> Json:
    """The checked text, blocks, attachments and metadata of a message to post.

    Raises no_text, msg_too_long, invalid_blocks, msg_blocks_too_long, invalid_metadata_format.
    """
    blocks, attachments, metadata = call.json("blocks"), call.json("attachments"), call.json("metadata")
    text = str(args.get("text") or "")
    if args.get("markdown_text"):
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text = str(args["markdown_text"])
        blocks = [{"type": "markdown", "text": text}]
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    if len(text) > most:
        raise SlackError("msg_too_long")
    if attachments and not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if attachments and len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    parts: Json = {"text": text}
    if blocks:
        check_message(blocks)
        _check_files(call, blocks)
        parts["blocks"] = [{**b, "block_id": b.get("block_id") or f"b{i}"} for i, b in enumerate(blocks)]
    if attachments:
        parts["attachments"] = attachments
    if metadata is not None:
        parts["metadata"] = _checked_metadata(metadata)
    return parts


def _check_files(call: Call, blocks: list[Json]) -> None:
    """A picture is shown by the id of a finished upload; Slack refuses any other with just these words."""
    for number, block in enumerate(blocks):
        file = (block.get("slack_file") or {}).get("id") if block.get("type") == "image" else None
        upload = call.backend.surfaces.uploads.get(file) if file else None
        if file and (upload is None or not upload.info):
            raise invalid_blocks([f"invalid slack file [json-pointer:/blocks/{number}/slack_file]"])


def _checked_metadata(metadata: object) -> Json:
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    return metadata


def _target(call: Call) -> Channel:
    """The channel to post to; a person's id means the bot's DM with them."""
    wanted = call.need("channel")
    workspace = call.backend.workspace
    if wanted in workspace.users and wanted != BOT_USER:
        return workspace.dm(wanted)
    by_name = {c.name: c.id for c in workspace.channels.values() if c.name}
    channel_id = by_name.get(wanted.removeprefix("#"), wanted)
    return Call(call.backend, call.method, {"channel": channel_id}, call.token).channel(member=True)


def post(call: Call) -> Json:
    """chat.postMessage."""
    channel = _target(call)
    parts = message_parts(call.args, call)
    message = shapes.app_message(**parts)
    if call.text("thread_ts"):
        message["thread_ts"] = call.text("thread_ts")
        if call.flag("reply_broadcast"):
            message["subtype"] = "thread_broadcast"
    if call.text("username"):
        message |= {"subtype": "bot_message", "username": call.text("username")}
        del message["user"]
    stored = call.backend.workspace.add_message(channel.id, message)
    return {"ok": True, "channel": channel.id, "ts": stored["ts"], "message": stored}


def update(call: Call) -> Json:
    """chat.update. Blocks and attachments that are not given stay as they were; an empty list takes them away."""
    channel = call.channel(member=True)
    ts = call.need("ts")
    message = call.backend.workspace.message(channel.id, ts)
    if not is_from_bot(message) or message.get("subtype") == "tombstone":
        raise SlackError("cant_update_message")
    parts = message_parts(call.args, call, MAX_UPDATE_CHARS)
    changes: Json = {"text": parts["text"]}
    changes |= {name: parts.get(name) for name in ("blocks", "attachments", "metadata") if name in call.args}
    if "markdown_text" in call.args:
        changes["blocks"] = parts["blocks"]
    stored = call.backend.workspace.edit_message(channel.id, ts, changes, BOT_USER)
    return {"ok": True, "channel": channel.id, "ts": ts, "text": stored["text"], "message": stored}


def delete(call: Call) -> Json:
    """chat.delete."""
    channel = call.channel(member=True)
    ts = call.need("ts")
    message = call.backend.workspace.message(channel.id, ts)
    if not is_from_bot(message):
        raise SlackError("cant_delete_message")
    call.backend.workspace.delete_message(channel.id, ts)
    return {"ok": True, "channel": channel.id, "ts": ts}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral."""
    channel = call.channel(member=True)
    user = call.need("user")
    if channel.archived:
        raise SlackError("is_archived")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = shapes.app_message(**message_parts(call.args, call))
    if call.text("thread_ts"):
        message["thread_ts"] = call.text("thread_ts")
    return {"ok": True, "message_ts": call.backend.workspace.add_ephemeral(channel.id, user, message)}


def permalink(call: Call) -> Json:
    """chat.getPermalink."""
    channel = call.channel()
    ts = call.need("message_ts")
    message = call.backend.workspace.message(channel.id, ts)
    link = f"{call.backend.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.get("thread_ts", ts) != ts:
        link += f"?thread_ts={message['thread_ts']}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def respond(call: Call, origin: ResponseUrl) -> None:
    """A POST to a response URL: replace or delete the message it began at, or say something new."""
    workspace = call.backend.workspace
    if call.flag("delete_original"):
        if origin.ephemeral and origin.ts:
            workspace.change_ephemeral(origin.ts, None)
        elif origin.ts:
            workspace.delete_message(origin.channel, origin.ts)
        return
    parts = message_parts(call.args, call)
    if call.flag("replace_original") and origin.ts:
        changes = {"text": parts["text"], "blocks": parts.get("blocks"), "attachments": parts.get("attachments")}
        if origin.ephemeral:
            workspace.change_ephemeral(origin.ts, changes)
        else:
            workspace.edit_message(origin.channel, origin.ts, changes, BOT_USER)
        return
    say(call, origin, parts)


def say(call: Call, origin: ResponseUrl, parts: Json) -> None:
    """A new message in answer to an interaction: ephemeral unless ``response_type`` is in_channel."""
    workspace = call.backend.workspace
    message = shapes.app_message(**parts)
    thread = call.text("thread_ts") or origin.thread_ts
    if thread:
        message["thread_ts"] = thread
    if call.text("response_type") == "in_channel":
        workspace.add_message(origin.channel, message)
    else:
        origin.ts = workspace.add_ephemeral(origin.channel, origin.user, message)
        origin.ephemeral = True

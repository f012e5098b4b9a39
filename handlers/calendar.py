"""Shared files in Slack: fetched, answered in their thread. Implements ``bot.calendar.send.CalendarOutbox``."""

from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient

from bot.calendar.notes import Summary
from bot.calendar.send import FetchedFile, Seen
from bot.delivery import OutboxBusyError, OutboxRefusedError
from bot.store.shared import SharedFiles
from handlers.files import MAX_BYTES, MAX_TABLE_BYTES, Download, download, is_text, kind_of, send_bytes
from handlers.outbox import slack_errors
from handlers.views.calendar import calendar_message

METADATA_TYPE = "humanize_files"


class SlackCalendarOutbox:
    """``client_of`` gives a workspace's client with the token as it is now, one that does not retry posts by itself."""

    def __init__(self, client_of: Callable[[str], WebClient]) -> None:
        self._client_of = client_of

    def fetch(self, team: str, file: str) -> FetchedFile:
        """What Slack says of the file, and its bytes."""
        client = self._client_of(team)
        try:
            with slack_errors():
                info: dict[str, Any] = client.files_info(file=file)["file"]
        except OutboxRefusedError:
            return FetchedFile(name="the file", trouble="gone")
        except OutboxBusyError as busy:
            if busy.code == "missing_scope":
                return FetchedFile(name="the file", trouble="gone")
            raise
        name, kind, size = str(info.get("name") or info.get("title") or "file"), kind_of(info), info.get("size")
        limit = MAX_TABLE_BYTES if kind == "csv" else MAX_BYTES
        said = {"name": name, "kind": kind, "limit_kb": limit // 1000}
        if not is_text(info):
            return FetchedFile(**said, trouble="other")
        if isinstance(size, int) and size > limit:
            return FetchedFile(**said, trouble="too_large")
        found = download(client, info, limit)
        if found is Download.BUSY:
            raise OutboxBusyError("file_unreachable")
        if isinstance(found, Download):
            return FetchedFile(**said, trouble="gone")
        return FetchedFile(**said, trouble="too_large") if len(found) > limit else FetchedFile(**said, data=found)

    def look(self, shared: SharedFiles) -> Seen:
        """By metadata, and by the file's id."""
        seen = Seen()
        client = self._client_of(shared.team)
        with slack_errors(fine="thread_not_found"):
            pages = client.conversations_replies(
                channel=shared.channel,
                ts=shared.thread_ts or shared.ts,
                oldest=shared.ts,
                include_all_metadata=True,
                limit=200,
            )
            for page in pages:
                for message in page["messages"]:
                    metadata = message.get("metadata") or {}
                    if metadata.get("event_type") == METADATA_TYPE and metadata.get("event_payload") == _payload(
                        shared
                    ):
                        seen = seen.model_copy(update={"reply_ts": str(message["ts"])})
                    if shared.upload and shared.upload in [file.get("id") for file in message.get("files") or ()]:
                        seen = seen.model_copy(update={"file_ts": str(message["ts"])})
        return seen

    def upload(self, team: str, name: str, data: bytes) -> str:
        """Two calls: where to, and the bytes."""
        client = self._client_of(team)
        try:
            with slack_errors():
                where = client.files_getUploadURLExternal(filename=name, length=len(data))
        except OutboxBusyError as busy:
            if (
                busy.code == "missing_scope"
            ):  # installed before files were handed back: the summary goes out all the same
                raise OutboxRefusedError(busy.code) from None
            raise
        if not send_bytes(client, str(where["upload_url"]), data):
            raise OutboxRefusedError("upload_failed")
        return str(where["file_id"])

    def post(self, shared: SharedFiles, summary: Summary) -> str:
        """Reply in the file's thread."""
        client, message = self._client_of(shared.team), calendar_message(summary)
        with slack_errors():
            response = client.chat_postMessage(
                channel=shared.channel,
                thread_ts=shared.thread_ts or shared.ts,
                metadata={"event_type": METADATA_TYPE, "event_payload": _payload(shared)},
                unfurl_links=False,
                unfurl_media=False,
                text=message.text,
                blocks=message.blocks,
            )
            return str(response["ts"])

    def update(self, shared: SharedFiles, ts: str, summary: Summary) -> None:
        """Show another summary."""
        client, message = self._client_of(shared.team), calendar_message(summary)
        with slack_errors(fine="message_not_found"):
            client.chat_update(
                channel=shared.channel,
                ts=ts,
                metadata={"event_type": METADATA_TYPE, "event_payload": _payload(shared)},
                text=message.text,
                blocks=message.blocks,
            )

    def share(self, shared: SharedFiles, file: str, name: str) -> None:
        """Show an uploaded file in the thread."""
        client = self._client_of(shared.team)
        with slack_errors():
            client.files_completeUploadExternal(
                files=[{"id": file, "title": name}],
                channel_id=shared.channel,
                thread_ts=shared.thread_ts or shared.ts,
            )

    def whisper(self, shared: SharedFiles, summary: Summary) -> None:
        """Where the file was shared, for its sharer alone."""
        if shared.author is None:
            raise OutboxRefusedError("no_author")
        client, message = self._client_of(shared.team), calendar_message(summary)
        with slack_errors():
            client.chat_postEphemeral(
                channel=shared.channel,
                user=shared.author,
                thread_ts=shared.thread_ts,
                text=message.text,
                blocks=message.blocks,
            )

    def remove(self, shared: SharedFiles, seen: Seen) -> None:
        """The reply, the message with the file, and the file itself."""
        client = self._client_of(shared.team)
        for ts in filter(None, (seen.reply_ts or shared.reply_ts, seen.file_ts)):
            with slack_errors(fine="message_not_found"):
                client.chat_delete(channel=shared.channel, ts=ts)
        if shared.upload:
            with slack_errors(fine="file_not_found"):
                client.files_delete(file=shared.upload)


def _payload(shared: SharedFiles) -> dict[str, str]:
    return {"id": shared.id}

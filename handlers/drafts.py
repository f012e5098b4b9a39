"""Message events: the inbox has done the work before the ack. What is no draft by its own words is left: a shared text
file is read, small talk with the bot gets a hint."""

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot import words_surfaces as words
from bot.store import IncomingDraft, StoreError
from bot.words import STORE_TROUBLE
from handlers import asking
from handlers.files import read_files
from handlers.inbox import LEFT
from handlers.wiring import Wiring


def register(app: App, wiring: Wiring) -> None:
    """One listener for every message, whatever its subtype: routing is the inbox's."""

    def left(context: dict[str, Any], event: dict[str, Any], client: WebClient) -> None:
        what = context.get(LEFT)
        if what not in ("small_talk", "file"):
            return
        trouble = _read_file(wiring, str(context.get("team_id") or ""), event, client, asked=what == "small_talk")
        if trouble and what == "small_talk":
            client.chat_postMessage(channel=event["channel"], thread_ts=event.get("thread_ts"), text=trouble)

    app.event("message")(left)


def _read_file(wiring: Wiring, team: str, event: dict[str, Any], client: WebClient, *, asked: bool) -> str:
    """Take in a file's words as a draft; what to say when that can't be. Not ``asked``: only if it looks like one."""
    read = read_files(client, event)
    text = "\n\n".join(filter(None, (event.get("text"), read.text)))
    if read.trouble or not read.text:
        return read.trouble or words.DIRECT_HINT
    refusal = asking.refusal(text)
    if refusal:
        return refusal
    root = event.get("thread_ts")
    if not asked and not wiring.intake.looks_like_draft(read.text, in_thread=root is not None):
        return ""
    draft = IncomingDraft(
        team=team,
        channel=event["channel"],
        ts=event["ts"],
        thread_ts=root if root != event["ts"] else None,
        author=event["user"],
        text=text,
    )
    try:
        if wiring.store.save_draft(draft) in ("new", "newer", "same"):
            wiring.queue.enqueue_review(draft.id, draft.version)
    except StoreError:
        return STORE_TROUBLE
    return ""

"""Posts, updates and removes the bot's replies. Implements ``bot.delivery.Outbox``.

The client never re-sends a post by itself: after a cut connection nobody knows whether Slack took it, so the caller
looks first (``find_reply``) and only then posts again.
"""

import http.client
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot import words
from bot import words_surfaces as surfaces
from bot.delivery import Answer, OutboxBusyError, OutboxRefusedError
from bot.store import PrivateAsk, StoredDraft
from handlers.views import compose, listening
from handlers.views.blocks import Block
from handlers.views.review import Message, private_message, shown_rules, thread_message

METADATA_TYPE = "humanize_draft"
VIEW_AGAIN_S = 0.3
GONE = (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE)
REACTION = "speech_balloon"
"""The quiet sign on a human draft."""

PASSING = frozenset(
    {
        "ratelimited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "not_json",
        # An operator can mend these; until then the work waits.
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
    }
)


class SlackOutbox:
    """``client_of`` gives a workspace's client with the token as it is now, one that does not retry posts by itself."""

    def __init__(self, client_of: Callable[[str], WebClient]) -> None:
        self._client_of = client_of

    def find_reply(self, draft: StoredDraft, kind: str) -> str | None:
        """Look through the draft's thread for our reply of this kind, by metadata."""
        with slack_errors():
            root = draft.thread_ts or draft.ts
            pages = self._client_of(draft.team).conversations_replies(
                channel=draft.channel, ts=root, oldest=draft.ts, include_all_metadata=True, limit=200
            )
            for page in pages:
                for message in page["messages"]:
                    metadata = message.get("metadata") or {}
                    payload = metadata.get("event_payload") or {}
                    ours = metadata.get("event_type") == METADATA_TYPE
                    if ours and (payload.get("draft_id"), payload.get("kind")) == (draft.id, kind):
                        return str(message["ts"])
        return None

    def post_reply(self, draft: StoredDraft, answer: Answer) -> str:
        """Reply in the draft's thread."""
        message = thread_message(answer)
        with slack_errors():
            response = self._client_of(draft.team).chat_postMessage(
                channel=draft.channel,
                thread_ts=draft.thread_ts or draft.ts,
                metadata=_metadata(draft, answer),
                unfurl_links=False,
                unfurl_media=False,
                text=message.text,
                blocks=message.blocks,
            )
            return str(response["ts"])

    def update_reply(self, draft: StoredDraft, ts: str, answer: Answer) -> None:
        """Show the newest answer."""
        message = thread_message(answer)
        with slack_errors():
            self._client_of(draft.team).chat_update(
                channel=draft.channel,
                ts=ts,
                metadata=_metadata(draft, answer),
                text=message.text,
                blocks=message.blocks,
            )

    def remove_reply(self, draft: StoredDraft, ts: str) -> None:
        """Delete the reply."""
        with slack_errors(fine="message_not_found"):
            self._client_of(draft.team).chat_delete(channel=draft.channel, ts=ts)

    def set_reaction(self, draft: StoredDraft, present: bool) -> None:
        """Add or take off the reaction."""
        with slack_errors(fine="already_reacted" if present else "no_reaction"):
            client = self._client_of(draft.team)
            act = client.reactions_add if present else client.reactions_remove
            act(channel=draft.channel, timestamp=draft.ts, name=REACTION)

    def whisper(self, draft: StoredDraft, answer: Answer) -> None:
        """Show the answer to the draft's author alone, where they wrote."""
        self._show_author(draft, private_message(answer))

    def ask_who_listens(self, draft: StoredDraft) -> None:
        """One quiet line for the author alone."""
        self._show_author(draft, Message(surfaces.WHO_LISTENS, listening.line(draft.id)))

    def shown_rules(self, answer: Answer) -> tuple[str, ...]:
        """The rules whose flags this answer shows."""
        return shown_rules(answer)

    def answer_privately(self, ask: PrivateAsk, answer: Answer) -> None:
        """Answer through the response_url, or in the modal that waits; only the asker sees either."""
        if ask.view is not None:
            self._update_view(ask.team, ask.view, compose.result(answer, ask.view))
            return
        message = private_message(answer)
        self._respond(ask, message.text, message.blocks)

    def apologise(self, ask: PrivateAsk) -> None:
        """Say that the answer can't be shown, in a message that nothing can be wrong with."""
        if ask.view is not None:
            self._update_view(ask.team, ask.view, compose.said(surfaces.MODAL_TROUBLE, ask.view))
            return
        self._respond(ask, words.PRIVATE_TROUBLE, None)

    def _show_author(self, draft: StoredDraft, message: Message) -> None:
        if draft.author is None:
            raise OutboxRefusedError("no_author")
        with slack_errors():
            self._client_of(draft.team).chat_postEphemeral(
                channel=draft.channel,
                user=draft.author,
                thread_ts=draft.thread_ts,
                text=message.text,
                blocks=message.blocks,
            )

    def _update_view(self, team: str, external_id: str, view: Block) -> None:
        """Only the view that waits for this answer has its id: a newer one is never overwritten by an older answer."""
        try:
            with slack_errors():
                self._client_of(team).views_update(external_id=external_id, view=view)
        except OutboxRefusedError as refused:
            if refused.code != "not_found":
                raise
            # Not there yet, or closed. Slack shows it once it has our ack; a closed one leaves the answer for `last`.
            raise OutboxBusyError("not_found", VIEW_AGAIN_S) from None

    def announce(self, team: str, channel: str, llm_host: str | None) -> None:
        """Say in a watched channel where its drafts go from now on."""
        text = words.NOW_SENT.format(sent=words.sent_on(llm_host))
        if channel.startswith("D") and llm_host:
            text = surfaces.DIRECT_SENT.format(host=llm_host)
        with slack_errors():
            self._client_of(team).chat_postMessage(channel=channel, text=text, unfurl_links=False, unfurl_media=False)

    def _respond(self, ask: PrivateAsk, text: str, blocks: list[Block] | None) -> None:
        if ask.response_url is None:
            raise OutboxRefusedError("no_response_url")
        webhook = WebhookClient(ask.response_url, timeout=self._client_of(ask.team).timeout, retry_handlers=[])
        with slack_errors():
            response = webhook.send(
                response_type="ephemeral", text=text, blocks=blocks, replace_original=ask.replaces or None
            )
        if response.status_code == http.HTTPStatus.TOO_MANY_REQUESTS:
            raise OutboxBusyError("ratelimited", _retry_after(response.headers) or 1.0)
        if response.status_code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise OutboxBusyError(f"response_url_{response.status_code}")
        if response.status_code in GONE or re.search("expired_url|used_url", response.body):
            raise OutboxRefusedError("address_gone")
        # Slack answers "ok", or JSON; a refusal may come with status 200.
        if response.status_code != http.HTTPStatus.OK or '"ok":false' in response.body.replace(" ", ""):
            raise OutboxRefusedError(f"response_url_{response.status_code}")


def _metadata(draft: StoredDraft, answer: Answer) -> dict[str, Any]:
    # The version is for whoever looks at what a reply shows; a reply is found again by draft and kind.
    payload = {"draft_id": answer.draft_id, "kind": answer.kind, "version": str(draft.version)}
    return {"event_type": METADATA_TYPE, "event_payload": payload}


@contextmanager
def slack_errors(fine: str | None = None) -> Iterator[None]:
    """Slack's answers -> busy or refused, with a code; ``fine`` is the error that means it is done already."""
    try:
        yield
    except SlackApiError as error:
        response = error.response
        code = str(response.get("error") or "unknown")
        if code == fine:
            return
        if not re.fullmatch(r"[a-z0-9_]+", code):
            code = "not_json"  # slack_sdk puts the whole odd body here
        if response.status_code == http.HTTPStatus.TOO_MANY_REQUESTS:
            raise OutboxBusyError("ratelimited", _retry_after(response.headers)) from None
        if response.status_code >= http.HTTPStatus.INTERNAL_SERVER_ERROR or code in PASSING:
            raise OutboxBusyError(code if code in PASSING else f"http_{response.status_code}") from None
        raise OutboxRefusedError(code) from None
    except (URLError, OSError, http.client.HTTPException) as error:
        raise OutboxBusyError(f"unreachable_{type(error).__name__}") from None


def _retry_after(headers: dict[str, Any]) -> float | None:
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), None)
    value = value[0] if isinstance(value, list) else value
    return float(value) if value is not None and str(value).isdigit() else None

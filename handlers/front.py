"""What stands before Bolt in both transports: a payload that lacks what its kind has is acked and left alone.

Slack's payloads are looked at once, here, so that what comes after may count on their shape. What is odd but harmless
(a message without a text) passes; whoever reads it decides.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import parse_qsl

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from slack_bolt import App, BoltRequest, BoltResponse

log = logging.getLogger(__name__)

MAX_DEPTH = 40
"""Slack's own payloads are less than half as deep."""
JSON = "application/json"

Json = dict[str, Any]


class _Loose(BaseModel):
    """Types as they are, no conversion; unknown fields are none of our business."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class _Named(_Loose):
    id: "Id | None" = None
    team_id: "Id | None" = None
    enterprise_id: "Id | None" = None


def _looked_into(value: object) -> object:
    """What Bolt looks into where it is an object, and passes over where it is not."""
    if isinstance(value, dict):
        _Body.model_validate(value)
    return value


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,100}$")]
GivenId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
Who = Id | _Named | None
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]")]
Inner = Annotated[Any, AfterValidator(_looked_into)]


class _Body(_Loose):
    """What Bolt reads to find out whose a payload is; the same at each level."""

    enterprise: Who = None
    team: Who = None
    user: Who = None
    channel: Who = None
    enterprise_id: Id | None = None
    team_id: Id | None = None
    user_id: Id | None = None
    channel_id: Id | None = None
    is_enterprise_install: bool | str | None = None
    authorizations: list["_Body"] | None = None
    event: Inner = None
    message: Inner = None
    previous_message: Inner = None
    item: Inner = None
    assistant_thread: Inner = None
    view: Inner = None
    inputs: Any = None


class _Asker(_Named):
    id: GivenId


class _Reply(_Body):
    response_url: Url | None = None
    response_urls: list[dict[str, Any]] | None = None
    trigger_id: str | None = None


class _Event(_Body):
    type: str
    subtype: str | None = None


class _EventCallback(_Body):
    event: _Event
    is_ext_shared_channel: bool | None = None
    event_time: int | None = None


class _Command(_Reply):
    command: str
    team_id: GivenId
    channel_id: GivenId
    user_id: GivenId
    response_url: Url
    text: str | None = None


class _Option(_Loose):
    value: str | None = None


class _Action(_Loose):
    action_id: str
    block_id: str | None = None
    action_ts: str | None = None
    value: str | None = None
    selected_option: _Option | None = None
    selected_user: Id | None = None


class _BlockActions(_Reply):
    user: _Asker
    actions: Annotated[list[_Action], Field(min_length=1)]
    container: dict[str, Any] | None = None


class _State(_Loose):
    values: dict[str, dict[str, dict[str, Any]]]


class _View(_Body):
    callback_id: str | None = None
    private_metadata: str | None = None
    state: _State | None = None
    blocks: list[dict[str, Any]] | None = None


class _ViewAct(_Reply):
    user: _Asker
    view: _View


class _Shortcut(_Reply):
    user: _Asker
    callback_id: str
    trigger_id: str


class _MessageAction(_Shortcut):
    message: dict[str, Any]


class _Challenge(_Loose):
    challenge: str


KINDS: Mapping[str, type[BaseModel]] = {
    "event_callback": _EventCallback,
    "block_actions": _BlockActions,
    "view_submission": _ViewAct,
    "view_closed": _ViewAct,
    "shortcut": _Shortcut,
    "message_action": _MessageAction,
    "url_verification": _Challenge,
}


def dispatch(app: App, payload: object, headers: Mapping[str, str | Sequence[str]] | None) -> BoltResponse:
    """Bolt's answer to what Slack sent, or 200 for what nobody can read. ``payload`` is parsed JSON, or a form."""
    body, why = read(payload)
    if why:
        log.warning("payload left alone", extra={"why": why})
        return BoltResponse(status=200)
    # The signature was checked by handlers.guard; over Socket Mode there is none.
    return app.dispatch(BoltRequest(mode="socket_mode", body=body, headers=dict(headers or {})))


def parse(body: bytes, content_type: str) -> object:
    """What the body of a request holds: JSON, a form, or JSON in a form's ``payload``. Raises ValueError."""
    text = body.decode()
    try:
        if content_type.partition(";")[0].strip() == JSON or text.startswith("{"):
            return json.loads(text)
        form = dict(parse_qsl(text, keep_blank_values=True))
        return json.loads(form["payload"]) if "payload" in form else form
    except RecursionError:
        raise ValueError("nested too deep") from None


def read(payload: object) -> tuple[Json, str]:
    """A payload that can go through a database, and which part is not as its kind has it (a path, never a value)."""
    if not isinstance(payload, dict):
        return {}, "not an object"
    if _depth(payload) > MAX_DEPTH:
        return {}, "nested too deep"
    body = _clean(payload)
    return body, _wrong_with(body)


def _wrong_with(body: Json) -> str:
    if "ssl_check" in body:
        return ""
    kind = body.get("type")
    try:
        if "command" in body:
            _Command.model_validate(body)
        else:
            known = KINDS.get(kind, _Reply) if isinstance(kind, str) else _Reply
            known.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))[:100]}: {first['type']}"
    return ""


def _depth(value: object) -> int:
    """How deep objects and lists are nested; counted level by level, so that no depth is too deep to be counted."""
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        inner: list[object] = []
        for one in level:
            inner.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        level, depth = [one for one in inner if isinstance(one, dict | list)], depth + 1
    return depth


def _clean(value: Any) -> Any:
    """Without halves of surrogate pairs: JSON may hold them, and neither a database nor a socket takes them."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(key): _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value

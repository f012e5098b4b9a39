"""Checks blocks and views against Block Kit's shapes and limits, and says why as Slack does.

The limits come from Slack's reference for blocks, elements, modals and messages. Unknown fields are refused too: Slack
refuses them, and they are mostly misspelt names.
"""

import json
from typing import Any

from bot.playground.elements import ACCESSORY, ACTION, CONTEXT_ACTION, INPUT, PLAIN, URL
from bot.playground.errors import Json, SlackError, invalid_blocks
from bot.playground.schema import Check, Notes, anything, array, boolean, by_type, number, one_of, record, string, text

MAX_MESSAGE_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
MAX_MESSAGE_CHARS = 12_000
"""All blocks of a message together: about 12,000 characters of text (``msg_blocks_too_long``)."""
MAX_MARKDOWN_CHARS = 12_000
MAX_VIEW_BYTES = 250_000

_BLOCK = {"type": anything, "block_id": string(255)}
_CONTEXT_ELEMENT = by_type(
    {
        "plain_text": text(3000, PLAIN),
        "mrkdwn": text(3000, "mrkdwn"),
        "image": record(
            {"type": anything, "alt_text": string(2000)},
            {"image_url": URL, "slack_file": anything},
            any_of=("image_url", "slack_file"),
        ),
    },
    "element of context",
)
_SERIES = record({"name": string(100), "data": array(anything, 100)}, {"color": string()})
_AXES: dict[str, Check] = {"type": anything, "axis_config": anything}
_XY_CHART = record({"series": array(_SERIES, 6)}, _AXES)
_CHART = by_type(
    {"line": _XY_CHART, "bar": _XY_CHART, "area": _XY_CHART, "pie": record({"segments": array(anything, 12)}, _AXES)},
    "chart",
)


def _rich_text() -> Check:
    leaf = by_type(
        dict.fromkeys(
            ("text", "link", "user", "usergroup", "channel", "emoji", "broadcast", "date", "color", "team"), anything
        ),
        "rich text element",
    )
    line = record({"type": anything, "elements": array(leaf, 1000, 0)}, {"border": number})
    item = by_type({"rich_text_section": line}, "list item")
    style = one_of("bullet", "ordered")
    whole = by_type(
        {
            "rich_text_section": line,
            "rich_text_preformatted": record(
                {"type": anything, "elements": array(leaf, 1000, 0)}, {"border": number, "language": string()}
            ),
            "rich_text_quote": line,
            "rich_text_list": record(
                {"type": anything, "elements": array(item, 1000), "style": style},
                {"indent": number, "offset": number, "border": number},
            ),
        },
        "rich text part",
    )
    return record({"elements": array(whole, 1000, 0)}, _BLOCK)


def _table() -> Check:
    raw = record({"type": anything, "text": string()}, {})
    cell = by_type({"raw_text": raw, "rich_text": _rich_text(), "raw_number": anything}, "table cell")
    column = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
    return record({"rows": array(array(cell, 20), 100)}, {**_BLOCK, "column_settings": array(column, 20)})


_SHARED: dict[str, Check] = {
    "section": record(
        {}, {**_BLOCK, "text": text(3000), "fields": array(text(2000), 10), "accessory": ACCESSORY, "expand": boolean},
        any_of=("text", "fields"),
    ),
    "header": record({"text": text(150, PLAIN)}, {**_BLOCK, "level": number}),
    "divider": record({}, _BLOCK),
    "context": record({"elements": array(_CONTEXT_ELEMENT, 10)}, _BLOCK),
    "actions": record({"elements": array(ACTION, 25)}, _BLOCK),
    "image": record(
        {"alt_text": string(2000)}, {**_BLOCK, "title": text(2000, PLAIN), "image_url": URL, "slack_file": anything},
        any_of=("image_url", "slack_file"),
    ),
    "input": record(
        {"label": text(2000, PLAIN), "element": INPUT},
        {**_BLOCK, "hint": text(2000, PLAIN), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _rich_text(),
    "video": record(
        {"alt_text": string(2000), "title": text(200, PLAIN), "thumbnail_url": URL, "video_url": URL},
        {**_BLOCK, "title_url": URL, "author_name": string(50), "provider_name": string(), "provider_icon_url": URL,
         "description": text(200, PLAIN)},
    ),
}  # fmt: skip
_MESSAGE_ONLY: dict[str, Check] = {
    "markdown": record({"text": string(MAX_MARKDOWN_CHARS, 1)}, _BLOCK),
    "context_actions": record({"elements": array(CONTEXT_ACTION, 5)}, _BLOCK),
    "file": record({"external_id": string(255), "source": one_of("remote")}, _BLOCK),
    "table": _table(),
    "data_visualization": record({"title": string(50, 1), "chart": _CHART}, _BLOCK),
}
_IN_MESSAGE = by_type({**_SHARED, **_MESSAGE_ONLY}, "block of a message")
_IN_VIEW = by_type(_SHARED, "block of a view")


def check_message(blocks: Any) -> None:
    """Raise ``invalid_blocks`` or ``msg_blocks_too_long`` for blocks that Slack would refuse in a message."""
    notes = Notes()
    _check_list(blocks, _IN_MESSAGE, MAX_MESSAGE_BLOCKS, notes, "/blocks")
    if notes.reasons:
        raise invalid_blocks(notes.reasons)
    if text_length(blocks) > MAX_MESSAGE_CHARS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, kind: str = "modal") -> None:
    """Raise ``invalid_arguments`` (Slack's code for views) or ``view_too_large``; ``kind`` is modal or home."""
    notes = Notes()
    if not isinstance(view, dict):
        notes.add("must be an object", "/view")
    else:
        _VIEWS[kind](view, "/view", notes)
        _check_list(view.get("blocks", []), _IN_VIEW, MAX_VIEW_BLOCKS, notes, "/view/blocks")
        if kind == "modal" and "submit" not in view and _has_input(view):
            notes.add("missing required field: submit (the view has an input block)", "/view")
    if notes.reasons:
        messages = [f"[ERROR] {reason}" for reason in notes.reasons]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    if len(json.dumps(view).encode()) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")


def problems(blocks: Any) -> list[str]:
    """What Slack would say against the blocks of a message; an empty list when it would take them."""
    try:
        check_message(blocks)
    except SlackError as error:
        return list(error.extra.get("errors", [])) or [error.code]
    return []


def text_length(blocks: Any) -> int:
    """The characters of all text in the blocks: every string under ``text``, ids and values left out."""
    if isinstance(blocks, list):
        return sum(text_length(block) for block in blocks)
    if not isinstance(blocks, dict):
        return 0
    own = blocks.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(
        text_length(inner) for inner in blocks.values() if isinstance(inner, dict | list)
    )


def _check_list(blocks: Any, check: Check, most: int, notes: Notes, at: str) -> None:
    array(check, most, 0)(blocks, at, notes)
    if not isinstance(blocks, list):
        return
    for index, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if not isinstance(block_id, str) or not block_id:
            continue
        if block_id in notes.block_ids:
            notes.add(f"block_id already exists: {block_id}", f"{at}/{index}/block_id")
        notes.block_ids.add(block_id)


def _has_input(view: Json) -> bool:
    blocks = view.get("blocks")
    return isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)


_VIEW = {"type": anything, "blocks": anything}
_VIEW_MORE: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
    "app_installed_team_id": anything,
}
_MODAL = record(
    {**_VIEW, "title": text(24, PLAIN)},
    {**_VIEW_MORE, "close": text(24, PLAIN), "submit": text(24, PLAIN), "clear_on_close": boolean,
     "notify_on_close": boolean, "submit_disabled": boolean},
)  # fmt: skip
_VIEWS: dict[str, Check] = {
    "modal": by_type({"modal": _MODAL}, "view for views.open"),
    "home": by_type({"home": record(_VIEW, _VIEW_MORE)}, "view for views.publish"),
}

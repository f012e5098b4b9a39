"""What a person does with blocks: which elements there are, what was filled in, what the client itself refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.errors import Json

TEXT_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_SINGLE = {
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_MANY = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
}
_ONE_OPTION = ("static_select", "external_select", "radio_buttons", "overflow")
_OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")


@dataclass(frozen=True)
class Placed:
    """An element and the block it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The block's id, given by the app or by Slack."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """The element's own id."""
        return str(self.element.get("action_id", ""))


def elements(blocks: list[Json]) -> Iterator[Placed]:
    """Every interactive element of these blocks."""
    for block in blocks:
        inside = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        for element in inside:
            if isinstance(element, dict) and element.get("action_id"):
                yield Placed(block, element)


def find(blocks: list[Json], action_id: str, block_id: str = "") -> Placed:
    """The element with this action_id; LookupError, with the ids that there are, when there is none."""
    there = list(elements(blocks))
    for placed in there:
        if placed.action_id == action_id and block_id in ("", placed.block_id):
            return placed
    raise LookupError(f"no element {action_id!r} here; there are {[p.action_id for p in there]}")


def filled(element: Json, value: Any) -> Json:
    """A plain value (text, an option's value, a list, an id) as Slack puts it into ``state`` and ``actions``."""
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": _option(element, value) if value is not None else None}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [_option(element, one) for one in value or []]}
    if kind in _SINGLE:
        return {"type": kind, _SINGLE[kind][0]: value}
    if kind in _MANY:
        return {"type": kind, _MANY[kind][0]: list(value or [])}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": value}
    return {"type": kind, "value": value or None}


def initial(element: Json) -> Json:
    """The state of an element that nobody touched."""
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in _SINGLE:
        return {"type": kind, _SINGLE[kind][0]: element.get(_SINGLE[kind][1])}
    if kind in _MANY:
        return {"type": kind, _MANY[kind][0]: element.get(_MANY[kind][1], [])}
    return {"type": kind, "value": element.get("initial_value")}


def _option(element: Json, value: Any) -> Json:
    groups = [group["options"] for group in element.get("option_groups", [])]
    for option in [*element.get("options", []), *(o for group in groups for o in group)]:
        if option.get("value") == value:
            return dict(option)
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}
    raise LookupError(f"no option {value!r} in {element.get('action_id')!r}")


def state_of(blocks: list[Json], given: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> Json:
    """``state.values`` of a surface. ``given`` maps action_id, or block_id to a mapping, to plain values."""
    values: Json = {}
    for placed in elements(blocks):
        if placed.element["type"] in ("button", "overflow", "feedback_buttons", "icon_button", "file_input"):
            continue
        inner = given.get(placed.block_id)
        flat = inner if isinstance(inner, Mapping) else given
        before = (known or {}).get(placed.block_id, {}).get(placed.action_id)
        value = filled(placed.element, flat[placed.action_id]) if placed.action_id in flat else None
        values.setdefault(placed.block_id, {})[placed.action_id] = value or before or initial(placed.element)
    return values


def refusals(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's own client would say before it submits a modal: block_id to words."""
    said: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        state = values.get(block["block_id"], {}).get(element["action_id"], {})
        content = next((v for k, v in state.items() if k != "type"), None)
        words = _refusal(element, content, optional=bool(block.get("optional")))
        if words:
            said[block["block_id"]] = words
    return said


def _refusal(element: Json, content: Any, *, optional: bool) -> str:
    if content in (None, "", []):
        return "" if optional else "Please complete this required field."
    least, most = int(element.get("min_length", 0)), int(element.get("max_length", 3000))
    if element["type"] == "plain_text_input" and len(content) < least:
        return f"Please write at least {least} characters."
    if element["type"] == "plain_text_input" and len(content) > most:
        return f"Please write {most} characters or fewer."
    return ""


def action(placed: Placed, value: Any, ts: str) -> Json:
    """One entry of ``actions`` in a block_actions payload."""
    element = placed.element
    base: Json = {"action_id": placed.action_id, "block_id": placed.block_id, "type": element["type"], "action_ts": ts}
    if element["type"] in ("button", "icon_button"):
        base["text"] = element["text"]
        return base | ({"value": element["value"]} if "value" in element else {})
    if element["type"] == "feedback_buttons":
        buttons = (element["positive_button"], element["negative_button"])
        pressed = next((b for b in buttons if b["value"] == value), None)
        if pressed is None:
            raise LookupError(f"no feedback button {value!r}; there are {[b['value'] for b in buttons]}")
        return {**base, "text": pressed["text"], "value": pressed["value"]}
    return {**base, **filled(element, value)}

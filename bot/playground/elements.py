"""The elements of Block Kit (buttons, selects, inputs) as checks, with Slack's limits."""

from collections.abc import Mapping
from typing import Any

from bot.playground.schema import Check, Notes, anything, array, boolean, by_type, number, one_of, record, string, text

URL = string(3000, 1)
PLAIN = "plain_text"

CONFIRM = record(
    {"title": text(100, PLAIN), "text": text(300), "confirm": text(30, PLAIN), "deny": text(30, PLAIN)},
    {"style": one_of("primary", "danger")},
)
_DISPATCH = record({}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)})
_OPTION = record({"text": text(75, PLAIN), "value": string(150)}, {"description": text(75, PLAIN)})
_RICH_OPTION = record({"text": text(75), "value": string(150)}, {"description": text(75)})
_OVERFLOW_OPTION = record({"text": text(75, PLAIN), "value": string(150)}, {"description": text(75, PLAIN), "url": URL})
_GROUP = record({"label": text(75, PLAIN), "options": array(_OPTION, 100)}, {})

_ID = {"type": anything, "action_id": string(255)}
_COMMON: Mapping[str, Check] = {**_ID, "confirm": CONFIRM, "focus_on_load": boolean}
_SELECT: Mapping[str, Check] = {**_COMMON, "placeholder": text(150, PLAIN)}
_CONVERSATION_FILTER = record(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_CONVERSATIONS: Mapping[str, Check] = {"default_to_current_conversation": boolean, "filter": _CONVERSATION_FILTER}


def _selects() -> dict[str, Check]:
    some = array(anything, 100)
    ids = array(string(), 100)
    many = {**_SELECT, "max_selected_items": number}
    single = {**_SELECT, "response_url_enabled": boolean}
    return {
        "static_select": record(
            {},
            {**_SELECT, "options": array(_OPTION, 100), "option_groups": array(_GROUP, 100), "initial_option": _OPTION},
            any_of=("options", "option_groups"),
        ),
        "multi_static_select": record(
            {}, {**many, "options": array(_OPTION, 100), "option_groups": array(_GROUP, 100), "initial_options": some},
            any_of=("options", "option_groups"),
        ),
        "external_select": record({}, {**_SELECT, "initial_option": _OPTION, "min_query_length": number}),
        "multi_external_select": record({}, {**many, "initial_options": some, "min_query_length": number}),
        "users_select": record({}, {**_SELECT, "initial_user": string()}),
        "multi_users_select": record({}, {**many, "initial_users": ids}),
        "channels_select": record({}, {**single, "initial_channel": string()}),
        "multi_channels_select": record({}, {**many, "initial_channels": ids}),
        "conversations_select": record({}, {**single, **_CONVERSATIONS, "initial_conversation": string()}),
        "multi_conversations_select": record({}, {**many, **_CONVERSATIONS, "initial_conversations": ids}),
    }  # fmt: skip


def _buttons() -> dict[str, Check]:
    feedback = record({"text": text(75, PLAIN), "value": string(2000)}, {"accessibility_label": string(75)})
    return {
        "button": record(
            {"text": text(75, PLAIN)},
            {**_ID, "confirm": CONFIRM, "url": URL, "value": string(2000), "style": one_of("primary", "danger"),
             "accessibility_label": string(75)},
        ),
        "overflow": record({"options": array(_OVERFLOW_OPTION, 5)}, {**_ID, "confirm": CONFIRM}),
        "feedback_buttons": record({"positive_button": feedback, "negative_button": feedback}, _ID),
        "icon_button": record(
            {"icon": one_of("trash"), "text": text(75, PLAIN)},
            {**_ID, "value": string(2000), "confirm": CONFIRM, "accessibility_label": string(75),
             "visible_to_user_ids": array(string(), 100)},
        ),
    }  # fmt: skip


def _pickers() -> dict[str, Check]:
    rich = array(_RICH_OPTION, 10)
    placeholder: Mapping[str, Check] = {"placeholder": text(150, PLAIN)}
    return {
        "checkboxes": record({"options": rich}, {**_COMMON, "initial_options": array(_RICH_OPTION, 10)}),
        "radio_buttons": record({"options": rich}, {**_COMMON, "initial_option": _RICH_OPTION}),
        "datepicker": record({}, {**_COMMON, **placeholder, "initial_date": string(10, 10, r"\d{4}-\d\d-\d\d")}),
        "timepicker": record(
            {}, {**_COMMON, **placeholder, "initial_time": string(5, 5, r"\d\d:\d\d"), "timezone": string()}
        ),
        "datetimepicker": record({}, {**_COMMON, "initial_date_time": number}),
    }


def _inputs() -> dict[str, Check]:
    lengths: Mapping[str, Check] = {"min_length": number, "max_length": number, "dispatch_action_config": _DISPATCH}
    typed: Mapping[str, Check] = {**_ID, "focus_on_load": boolean, "placeholder": text(150, PLAIN)}
    return {
        "plain_text_input": record({}, {**typed, **lengths, "initial_value": string(3000), "multiline": boolean}),
        "email_text_input": record({}, {**typed, "initial_value": string(), "dispatch_action_config": _DISPATCH}),
        "url_text_input": record({}, {**typed, "initial_value": string(), "dispatch_action_config": _DISPATCH}),
        "number_input": record(
            {"is_decimal_allowed": boolean},
            {**typed, "initial_value": number, "min_value": number, "max_value": number,
             "dispatch_action_config": _DISPATCH},
        ),
        "rich_text_input": record({}, {**typed, "initial_value": anything, "dispatch_action_config": _DISPATCH}),
        "file_input": record({}, {**_ID, "filetypes": array(string(), 100), "max_files": number}),
    }  # fmt: skip


def _with_unique_ids(checks: dict[str, Check]) -> dict[str, Check]:
    """Within one block an action_id may stand only once."""

    def wrap(inner: Check) -> Check:
        def check(value: Any, at: str, notes: Notes) -> None:
            inner(value, at, notes)
            if action_id := value.get("action_id"):
                parts = at.split("/")
                block = "/".join(parts[: parts.index("blocks") + 2])  # in a view the pointer is one longer
                if (block, str(action_id)) in notes.action_ids:
                    notes.add(f"action_id already exists: {action_id}", f"{at}/action_id")
                notes.action_ids.add((block, str(action_id)))

        return check

    return {kind: wrap(check) for kind, check in checks.items()}


IMAGE = record(
    {"type": anything, "alt_text": string(2000)},
    {"image_url": URL, "slack_file": record({}, {"id": string(), "url": string()}, any_of=("id", "url"))},
    any_of=("image_url", "slack_file"),
)
_SELECTS = _selects()
_BUTTONS = _buttons()
_PICKERS = _pickers()
_PLAIN_BUTTONS = {k: _BUTTONS[k] for k in ("button", "overflow")}

ACCESSORY = by_type(_with_unique_ids({**_PLAIN_BUTTONS, **_SELECTS, **_PICKERS, "image": IMAGE}), "accessory")
ACTION = by_type(_with_unique_ids({**_PLAIN_BUTTONS, **_SELECTS, **_PICKERS}), "element of actions")
CONTEXT_ACTION = by_type(
    _with_unique_ids({k: _BUTTONS[k] for k in ("feedback_buttons", "icon_button")}), "element of context_actions"
)
INPUT = by_type(_with_unique_ids({**_inputs(), **_SELECTS, **_PICKERS}), "input element")

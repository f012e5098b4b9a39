"""The Block Kit checker, against the limits as Slack documents them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ContextBlock, HeaderBlock, MarkdownBlock, SectionBlock

from bot.playground.blocks import check_view, problems
from bot.playground.errors import SlackError


def plain(text: str) -> dict:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more) -> dict:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more) -> dict:
    return {"type": "button", "text": plain("b"), "action_id": "a", **more}


def actions(*elements: dict) -> dict:
    return {"type": "actions", "elements": list(elements)}


def select(options: int = 2, **more) -> dict:
    made = [{"text": plain("o"), "value": str(n)} for n in range(options)]
    return {"type": "static_select", "action_id": "s", "options": made, **more}


@pytest.mark.parametrize(
    ("block", "at"),
    [
        (section("x" * 3001), "/blocks/0/text/text"),
        (section(""), "/blocks/0/text/text"),
        (section(fields=[{"type": "mrkdwn", "text": "f"}] * 11), "/blocks/0/fields"),
        (section(fields=[{"type": "mrkdwn", "text": "f" * 2001}]), "/blocks/0/fields/0/text"),
        (section(block_id="i" * 256), "/blocks/0/block_id"),
        ({"type": "section"}, "/blocks/0"),
        ({"type": "header", "text": plain("h" * 151)}, "/blocks/0/text/text"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "h"}}, "/blocks/0/text"),
        (actions(*[button(action_id=str(n)) for n in range(26)]), "/blocks/0/elements"),
        (actions(), "/blocks/0/elements"),
        (actions(button(), button()), "/blocks/0/elements/1/action_id"),
        (actions(button(text=plain("b" * 76))), "/blocks/0/elements/0/text/text"),
        (actions(button(value="v" * 2001)), "/blocks/0/elements/0/value"),
        (actions(button(action_id="a" * 256)), "/blocks/0/elements/0/action_id"),
        (actions(button(style="loud")), "/blocks/0/elements/0/style"),
        (actions(button(colour="red")), "/blocks/0/elements/0"),
        (actions(select(101)), "/blocks/0/elements/0/options"),
        (actions(select(options=0)), "/blocks/0/elements/0/options"),
        ({"type": "context", "elements": [plain("c")] * 11}, "/blocks/0/elements"),
        ({"type": "context_actions", "elements": [button()]}, "/blocks/0/elements/0"),
        ({"type": "shout", "text": plain("x")}, "/blocks/0"),
        ({"type": "image", "image_url": "http://example.com/a.png"}, "/blocks/0"),
        ({"type": "input", "label": plain("l"), "element": button()}, "/blocks/0/element"),
        ({"type": "markdown", "text": "m" * 12_001}, "/blocks/0/text"),
    ],
)
def test_what_slack_refuses_and_where(block: dict, at: str):
    reasons = problems([block])
    assert any(reason.endswith(f"[json-pointer:{at}]") for reason in reasons), reasons


def test_a_message_takes_fifty_blocks():
    assert problems([section()] * 50) == []
    assert "no more than 50 items" in problems([section()] * 51)[0]


def test_block_ids_stand_once():
    assert "block_id already exists: same" in problems([section(block_id="same"), section(block_id="same")])[0]


def test_all_text_together_is_limited():
    assert problems([section("x" * 3000)] * 4) == []
    assert problems([section("x" * 3000)] * 5) == ["msg_blocks_too_long"]


def test_what_the_sdk_builds_is_taken():
    blocks = [
        HeaderBlock(text="Hello"),
        SectionBlock(text="*x*", accessory=ButtonElement(text="b", action_id="1", value="v", style="primary")),
        ActionsBlock(elements=[ButtonElement(text="b", action_id="2")]),
        ContextBlock(elements=[{"type": "mrkdwn", "text": "c"}]),
        MarkdownBlock(text="# hi"),
    ]
    assert problems([block.to_dict() for block in blocks]) == []


def test_newer_blocks_are_known():
    feedback = {"type": "feedback_buttons", "action_id": "f"}
    sides = {f"{side}_button": {"text": plain(side), "value": side} for side in ("positive", "negative")}
    chart = {"type": "line", "series": [{"name": "score", "data": [{"label": "Mon", "value": 1}]}]}
    assert problems([
        {"type": "context_actions", "elements": [{**feedback, **sides}]},
        {"type": "data_visualization", "title": "The week", "chart": chart},
    ]) == []  # fmt: skip


def modal(**more) -> dict:
    return {"type": "modal", "title": plain("t"), "blocks": [section()], **more}


@pytest.mark.parametrize(
    ("view", "at"),
    [
        (modal(title=plain("t" * 25)), "/view/title/text"),
        (modal(submit=plain("s" * 25)), "/view/submit/text"),
        (modal(private_metadata="p" * 3001), "/view/private_metadata"),
        (modal(callback_id="c" * 256), "/view/callback_id"),
        (modal(blocks=[section()] * 101), "/view/blocks"),
        (modal(blocks=[{"type": "markdown", "text": "m"}]), "/view/blocks/0"),
        (
            modal(
                blocks=[
                    {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input", "action_id": "a"}}
                ]
            ),
            "/view",
        ),
        ({"type": "home", "blocks": []}, "/view"),
    ],
)
def test_what_slack_refuses_in_a_modal(view: dict, at: str):
    with pytest.raises(SlackError) as caught:
        check_view(view)
    assert caught.value.code == "invalid_arguments"
    messages = caught.value.extra["response_metadata"]["messages"]
    assert any(message.endswith(f"[json-pointer:{at}]") for message in messages), messages


def test_a_home_tab_takes_a_hundred_blocks():
    check_view({"type": "home", "blocks": [section()] * 100}, "home")


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
NAMES = st.sampled_from(["type", "text", "elements", "block_id", "action_id", "element", "options", "fields", "rows"])
KINDS = st.sampled_from(
    ["section", "actions", "button", "input", "context", "mrkdwn", "plain_text", "rich_text", "table"]
)
JUNK = st.recursive(
    LEAVES | KINDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner | KINDS, max_size=4)
)


@given(JUNK)
def test_any_json_is_taken_or_refused_and_nothing_breaks(junk: object):
    problems(junk)
    problems([junk])
    for kind in ("modal", "home"):
        try:
            check_view({"type": kind, "blocks": [junk], "title": junk}, kind)
        except SlackError as error:
            assert error.code in ("invalid_arguments", "view_too_large")

"""A message shows a picture by the id of a finished upload, and no other."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.server import SlackStandIn


def image(file: str) -> list[dict[str, object]]:
    return [{"type": "image", "slack_file": {"id": file}, "alt_text": "a picture"}]


def test_a_picture_by_its_id() -> None:
    with SlackStandIn() as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        uploaded = client.files_upload_v2(file=b"\x89PNG", filename="a.png")["files"][0]["id"]
        assert client.chat_postMessage(channel="C0DRAFTS", text="look", blocks=image(uploaded))["ok"]
        assert not [m for m in slack.messages("drafts") if m.get("files")]


def test_a_picture_that_is_not_there() -> None:
    with SlackStandIn() as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        begun = client.files_getUploadURLExternal(filename="a.png", length=4)["file_id"]
        for file in ("F0NOWHERE", begun):
            with pytest.raises(SlackApiError) as refused:
                client.chat_postMessage(channel="C0DRAFTS", text="look", blocks=image(file))
            assert "invalid slack file" in str(refused.value.response["errors"])

"""The Web API as the real WebClient sees it: answers, pages, and Slack's own error codes."""

import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.playground.server import SlackStandIn


def error_of(call, **args) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    return caught.value.response["error"]


def test_who_am_i(client: WebClient):
    answer = client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0HUMANIZE", "B0HUMANIZE", "T0PLAYGRND")


def test_tokens(slack: SlackStandIn):
    assert error_of(WebClient("xoxb-wrong", base_url=slack.api_url).auth_test) == "invalid_auth"
    assert error_of(WebClient("", base_url=slack.api_url).auth_test) == "not_authed"
    slack.backend.revoke(slack.bot_token)
    assert error_of(WebClient(slack.bot_token, base_url=slack.api_url).auth_test) == "token_revoked"
    assert error_of(WebClient(slack.bot_token, base_url=slack.api_url).apps_connections_open, app_token="xapp-no") == (
        "invalid_auth"
    )


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0GENERAL", "text": "x"}, "not_in_channel"),
        ({"channel": "C0PRIVATE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0DRAFTS", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0DRAFTS", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "C0DRAFTS", "text": "x", "blocks": [{"type": "nothing"}]}, "invalid_blocks"),
        ({"channel": "C0DRAFTS", "text": "x", "metadata": {"event_type": 1}}, "invalid_metadata_schema"),
        (
            {"channel": "C0DRAFTS", "text": "x", "blocks": [
                {"type": "section", "text": {"type": "mrkdwn", "text": "y" * 3000}} for _ in range(5)]},
            "msg_blocks_too_long",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_posted(client: WebClient, args: dict, code: str):
    assert error_of(client.chat_postMessage, **args) == code


def test_no_text(client: WebClient):
    assert error_of(client.api_call, api_method="chat.postMessage", params={"channel": "C0DRAFTS"}) == "no_text"


def test_an_archived_channel_takes_nothing(slack: SlackStandIn, client: WebClient):
    ts = slack.post("drafts", "ada", "x")
    slack.archive("drafts")
    assert error_of(client.chat_postMessage, channel="C0DRAFTS", text="x") == "is_archived"
    assert error_of(client.reactions_add, channel="C0DRAFTS", timestamp=ts, name="eyes") == "is_archived"


def test_update_and_delete_are_for_ones_own(slack: SlackStandIn, client: WebClient):
    theirs = slack.post("drafts", "ada", "mine")
    own = client.chat_postMessage(channel="C0DRAFTS", text="bot")["ts"]
    assert error_of(client.chat_update, channel="C0DRAFTS", ts=theirs, text="x") == "cant_update_message"
    assert error_of(client.chat_update, channel="C0DRAFTS", ts="1.000001", text="x") == "message_not_found"
    assert error_of(client.chat_update, channel="C0DRAFTS", ts=own, text="x" * 4001) == "msg_too_long"
    assert error_of(client.chat_delete, channel="C0DRAFTS", ts=theirs) == "cant_delete_message"
    client.chat_update(channel="C0DRAFTS", ts=own, text="new")
    message = slack.message("drafts", own)
    assert message is not None
    assert (message["text"], message["edited"]["user"]) == ("new", "U0HUMANIZE")
    client.chat_delete(channel="C0DRAFTS", ts=own)
    assert slack.message("drafts", own) is None


def test_reactions(slack: SlackStandIn, client: WebClient):
    ts = slack.post("drafts", "ada", "x")
    spot = {"channel": "C0DRAFTS", "timestamp": ts}
    client.reactions_add(**spot, name="wave")
    assert error_of(client.reactions_add, **spot, name="wave") == "already_reacted"
    assert error_of(client.reactions_add, **spot, name="no_such_thing") == "invalid_name"
    assert slack.reactions("drafts", ts) == {"wave": ["U0HUMANIZE"]}
    assert client.reactions_get(**spot)["message"]["reactions"][0]["count"] == 1
    client.reactions_remove(**spot, name="wave")
    assert error_of(client.reactions_remove, **spot, name="wave") == "no_reaction"


def test_metadata_is_given_when_asked_for(slack: SlackStandIn, client: WebClient):
    ts = slack.post("drafts", "ada", "x")
    metadata = {"event_type": "review", "event_payload": {"draft": "d1"}}
    client.chat_postMessage(channel="C0DRAFTS", thread_ts=ts, text="r", metadata=metadata)
    with_it = client.conversations_replies(channel="C0DRAFTS", ts=ts, include_all_metadata=True)
    without = client.conversations_replies(channel="C0DRAFTS", ts=ts)
    assert with_it["messages"][1]["metadata"] == metadata
    assert "metadata" not in without["messages"][1]
    assert error_of(client.conversations_replies, channel="C0DRAFTS", ts="1.000001") == "thread_not_found"


def test_history_in_pages_newest_first(slack: SlackStandIn, client: WebClient):
    sent = [slack.post("drafts", "ada", f"m{n}") for n in range(7)]
    client.chat_postMessage(channel="C0DRAFTS", thread_ts=sent[0], text="reply: not in the history")
    pages = [page["messages"] for page in client.conversations_history(channel="C0DRAFTS", limit=3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [m["ts"] for page in pages for m in page] == sent[::-1]
    some = client.conversations_history(channel="C0DRAFTS", oldest=sent[1], latest=sent[4])
    assert [m["ts"] for m in some["messages"]] == [sent[3], sent[2]]
    both = client.conversations_history(channel="C0DRAFTS", oldest=sent[1], latest=sent[4], inclusive=True)
    assert len(both["messages"]) == 4
    assert error_of(client.conversations_history, channel="C0DRAFTS", cursor="no!") == "invalid_cursor"


def test_channels_and_people(slack: SlackStandIn, client: WebClient):
    assert client.conversations_info(channel="C0GENERAL")["channel"]["is_member"] is False
    client.conversations_join(channel="C0GENERAL")
    assert client.conversations_join(channel="C0GENERAL")["warning"] == "already_in_channel"
    assert "U0HUMANIZE" in client.conversations_members(channel="C0GENERAL")["members"]
    names = [c["name"] for c in client.conversations_list(types="public_channel,private_channel")["channels"]]
    assert "general" in names
    assert "launch-plans" not in names
    assert client.users_info(user="U0NOOR")["user"]["tz"] == "Asia/Karachi"
    assert error_of(client.users_info, user="U0NOBODY") == "user_not_found"
    dm = client.conversations_open(users="U0ADA")["channel"]["id"]
    assert client.chat_postMessage(channel="U0ADA", text="asked for")["channel"] == dm


def test_ephemeral(slack: SlackStandIn, client: WebClient):
    client.chat_postEphemeral(channel="C0DRAFTS", user="U0ADA", text="psst")
    assert [m["text"] for m in slack.ephemerals("ada")] == ["psst"]
    slack.kick("drafts", "mei")
    assert error_of(client.chat_postEphemeral, channel="C0DRAFTS", user="U0MEI", text="x") == "user_not_in_channel"


def test_a_permalink_names_channel_and_message(slack: SlackStandIn, client: WebClient):
    ts = slack.post("drafts", "ada", "x")
    link = client.chat_getPermalink(channel="C0DRAFTS", message_ts=ts)["permalink"]
    assert link == f"{slack.url}/archives/C0DRAFTS/p{ts.replace('.', '')}"


def test_a_file_is_uploaded_and_shared_in_a_thread(slack: SlackStandIn, client: WebClient):
    ts = slack.post("drafts", "ada", "x")
    done = client.files_upload_v2(
        filename="week.png", content=b"\x89PNG", channel="C0DRAFTS", thread_ts=ts, initial_comment="the week"
    )
    shared = slack.thread("drafts", ts)[0]
    assert (shared["subtype"], shared["text"]) == ("file_share", "the week")
    assert client.files_info(file=done["file"]["id"])["file"]["mimetype"] == "image/png"
    with urllib.request.urlopen(shared["files"][0]["url_private"]) as response:  # noqa: S310  # our own server
        assert response.read() == b"\x89PNG"


def test_views(slack: SlackStandIn, client: WebClient):
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
    trigger = slack.surfaces.new_trigger("U0ADA")
    opened = client.views_open(trigger_id=trigger, view=view)["view"]
    assert error_of(client.views_open, trigger_id=trigger, view=view) == "exchanged_trigger_id"
    assert error_of(client.views_open, trigger_id="1.2.x", view=view) == "invalid_trigger_id"
    assert error_of(client.views_update, view_id=opened["id"], view=view, hash="old") == "hash_conflict"
    client.views_update(view_id=opened["id"], view={**view, "title": {"type": "plain_text", "text": "New"}})
    assert slack.views("ada")[0]["title"]["text"] == "New"
    too_long = {**view, "title": {"type": "plain_text", "text": "x" * 25}}
    assert error_of(client.views_open, trigger_id=slack.surfaces.new_trigger("U0ADA"), view=too_long) == (
        "invalid_arguments"
    )


def test_a_trigger_lives_three_seconds():
    now = [1_800_000_000.0]
    with SlackStandIn(clock=lambda: now[0]) as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
        trigger = slack.surfaces.new_trigger("U0ADA")
        now[0] += 3.1
        assert error_of(client.views_open, trigger_id=trigger, view=view) == "expired_trigger_id"


def test_a_response_url_is_good_for_five_uses_and_half_an_hour():
    now = [1_800_000_000.0]
    with SlackStandIn(clock=lambda: now[0]) as slack:
        url = f"{slack.url}/_response/" + slack.surfaces.new_response_url("C0GENERAL", "U0ADA", None)
        statuses = [WebhookClient(url).send(text=f"n{n}").status_code for n in range(6)]
        assert statuses == [200] * 5 + [404]
        assert len(slack.ephemerals("ada")) == 5
        late = f"{slack.url}/_response/" + slack.surfaces.new_response_url("C0GENERAL", "U0ADA", None)
        now[0] += 1801
        assert WebhookClient(late).send(text="x").body == '{"ok":false,"error":"expired_url"}'


def test_oauth_with_rotation(slack: SlackStandIn):
    slack.backend.rotate_tokens = True
    tokens = slack.backend.tokens
    ids = {"client_id": tokens.client_id, "client_secret": tokens.client_secret}
    client = WebClient(base_url=slack.api_url)
    first = client.oauth_v2_access(**ids, code=slack.oauth_code())
    assert first["expires_in"] == 43200
    assert client.auth_test(token=first["access_token"])["ok"]
    second = client.oauth_v2_access(**ids, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert error_of(client.auth_test, token=first["access_token"]) == "invalid_auth"
    assert client.auth_test(token=second["access_token"])["ok"]
    assert error_of(client.oauth_v2_access, **ids, code="used") == "invalid_code"


def test_an_unknown_method(client: WebClient):
    assert error_of(client.api_call, api_method="chat.shout") == "unknown_method"


def test_arguments_come_as_form_or_json(slack: SlackStandIn, client: WebClient):
    client.api_call("chat.postMessage", json={"channel": "C0DRAFTS", "text": "as json"})
    client.api_call("chat.postMessage", params={"channel": "C0DRAFTS", "text": "as form"})
    assert [m["text"] for m in slack.messages("drafts")] == ["as json", "as form"]
    assert "token" not in slack.calls("chat.postMessage")[0].args


def test_an_update_keeps_the_blocks_that_it_does_not_name(slack: SlackStandIn, client: WebClient):
    blocks = [{"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": "x"}}]
    ts = client.chat_postMessage(channel="C0DRAFTS", text="one", blocks=blocks)["ts"]
    client.chat_update(channel="C0DRAFTS", ts=ts, text="two")
    assert slack.messages("drafts")[0]["blocks"] == blocks
    client.chat_update(channel="C0DRAFTS", ts=ts, text="three", blocks=[])
    assert "blocks" not in slack.messages("drafts")[0]


def test_markdown_text_is_a_markdown_block(slack: SlackStandIn, client: WebClient):
    client.chat_postMessage(channel="C0DRAFTS", markdown_text="**x**")
    assert slack.messages("drafts")[0]["blocks"][0]["type"] == "markdown"
    both = {"channel": "C0DRAFTS", "markdown_text": "x", "text": "y"}
    assert error_of(client.chat_postMessage, **both) == "markdown_text_conflict"

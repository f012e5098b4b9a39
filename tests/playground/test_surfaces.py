"""Every surface of a real Bolt app, over HTTP and over both flavours of Socket Mode."""

from slack_bolt import App

from bot.playground.server import SlackStandIn


def first_reply(slack: SlackStandIn, ts: str) -> dict:
    return slack.wait_for(lambda: slack.thread("drafts", ts))[0]


def test_a_message_is_answered_in_its_thread(slack: SlackStandIn, any_app: App):
    ts = slack.post("drafts", "ada", "Tea & cake at https://example.com/tea, 🎉 @noor?")
    reply = first_reply(slack, ts)
    assert reply["text"] == "echo: Tea &amp; cake at <https://example.com/tea>, :tada: <@U0NOOR>?"
    assert reply["user"] == "U0HUMANIZE"
    parent = slack.message("drafts", ts)
    assert parent["reply_count"] == 1


def test_the_bots_own_messages_come_back_and_bolt_ignores_them(slack: SlackStandIn, any_app: App):
    ts = slack.post("drafts", "ada", "hello")
    reply = first_reply(slack, ts)
    any_app.client.chat_update(channel="C0DRAFTS", ts=reply["ts"], text="changed")
    slack.wait_delivered()
    own = [d.payload["event"] for d in slack.deliveries("message") if d.payload["event"].get("bot_id")]
    assert [e["ts"] for e in own] == [reply["ts"]]
    assert len(slack.deliveries("message_changed")) == 1
    assert [e["text"] for e in any_app.heard] == ["hello"]


def test_edits_unfurls_and_deletes(slack: SlackStandIn, any_app: App):
    ts = slack.post("random", "ada", "not heard: the bot is not a member")
    ts = slack.post("drafts", "ada", "one")
    reply = first_reply(slack, ts)
    slack.unfurl("drafts", ts)
    edited = slack.edit("drafts", ts, "two")
    slack.delete("drafts", ts)
    slack.wait_for(lambda: len(any_app.heard) == 4)
    unfurl, edit, tombstone = any_app.heard[1:]
    assert unfurl["subtype"] == "message_changed"
    assert unfurl["hidden"] is True
    assert unfurl["message"]["text"] == unfurl["previous_message"]["text"] == "one"
    assert "edited" not in unfurl["message"]
    assert edit["message"]["edited"] == {"user": "U0ADA", "ts": edited}
    assert (edit["message"]["text"], edit["previous_message"]["text"]) == ("two", "one")
    assert tombstone["subtype"] == "message_changed"
    assert tombstone["message"]["subtype"] == "tombstone"
    any_app.client.chat_delete(channel="C0DRAFTS", ts=reply["ts"])
    assert slack.messages("drafts") == []
    alone = slack.post("drafts", "ada", "x", None)
    slack.wait_for(lambda: slack.thread("drafts", alone))


def test_a_command_is_answered_privately(slack: SlackStandIn, any_app: App):
    assert slack.command("noor", "drafts", "/humanize", "a draft").ok
    seen = slack.wait_for(lambda: slack.ephemerals("noor"))
    assert seen[0]["text"] == "only you: a draft"
    assert slack.ephemerals("ada") == []
    assert slack.press("noor", "drafts", seen[0]["ts"], "dismiss").ok
    slack.wait_for(lambda: not slack.ephemerals("noor"))


def test_a_command_may_be_answered_in_the_ack(slack: SlackStandIn, any_app: App):
    slack.command("noor", "drafts", "/humanize", "ack")
    assert [m["text"] for m in slack.ephemerals("noor")] == ["in the ack"]


def test_buttons_and_selects(slack: SlackStandIn, any_app: App):
    ts = slack.post("drafts", "ada", "hi")
    reply = first_reply(slack, ts)
    slack.press("mei", "drafts", reply["ts"], "network", "email")
    said = slack.wait_for(lambda: slack.ephemerals("mei"))
    assert (said[0]["text"], said[0]["thread_ts"]) == ("network email", ts)
    slack.press("mei", "drafts", reply["ts"], "replace")
    slack.wait_for(lambda: slack.thread("drafts", ts)[0]["text"] == "replaced")


def test_a_modal_with_errors_update_push_and_close(slack: SlackStandIn, any_app: App):
    ts = slack.post("drafts", "ada", "hi")
    reply = first_reply(slack, ts)
    slack.press("ada", "drafts", reply["ts"], "form")
    slack.wait_for(lambda: slack.views("ada"))
    assert slack.submit_view("ada", {}) == {"text": "Please complete this required field."}
    assert slack.submit_view("ada", {"words": "bad"}) == {"text": "Please say something else."}
    assert slack.submit_view("ada", {"words": "more", "tone": "kind"}) == {}
    assert [v["title"]["text"] for v in slack.views("ada")] == ["More"]
    assert slack.submit_view("ada", {"words": "deeper"}) == {}
    assert [v["title"]["text"] for v in slack.views("ada")] == ["More", "Deeper"]
    assert slack.submit_view("ada", {"words": "fine"}) == {}
    assert [v["title"]["text"] for v in slack.views("ada")] == ["More"]
    slack.close_view("ada")
    assert slack.views("ada") == []
    chosen = next(
        e for e in any_app.heard if e["type"] == "submitted" and e["values"]["how"]["tone"]["selected_option"]
    )
    assert chosen["values"]["text"]["words"] == {"type": "plain_text_input", "value": "more"}


def test_closing_is_told_when_asked_for(slack: SlackStandIn, any_app: App):
    ts = slack.post("drafts", "ada", "hi")
    slack.press("ada", "drafts", first_reply(slack, ts)["ts"], "form")
    slack.wait_for(lambda: slack.views("ada"))
    slack.close_view("ada")
    slack.wait_for(lambda: {"type": "closed", "title": "Ask"} in any_app.heard)


def test_shortcuts_open_a_modal(slack: SlackStandIn, any_app: App):
    ts = slack.post("general", "ada", "in a channel without the bot")
    slack.message_shortcut("noor", "general", ts, "check")
    view = slack.wait_for(lambda: slack.views("noor"))[0]
    assert view["private_metadata"] == "in a channel without the bot"
    slack.global_shortcut("mei", "check")
    assert slack.wait_for(lambda: slack.views("mei"))[0]["private_metadata"] == "anywhere"


def test_the_home_tab(slack: SlackStandIn, any_app: App):
    slack.open_home("ada")
    home = slack.wait_for(lambda: slack.home("ada"))
    assert home["blocks"][0]["text"]["text"] == "*Hello*"
    slack.press_in_view("ada", home["id"], "again")
    slack.wait_for(lambda: slack.home("ada")["blocks"][0]["text"]["text"] == "Once more")


def test_other_events_have_slacks_shapes(slack: SlackStandIn, any_app: App):
    slack.invite("random")
    slack.post("random", "ada", "now it hears")
    slack.me("random", "ada", "waves")
    ts = slack.share_file("random", "ada", "draft.txt", "words", "look")
    slack.react("random", "noor", ts, "eyes")
    root = slack.post("random", "ada", "root")
    slack.post("random", "noor", "for all", root, broadcast=True)
    slack.post_as_bot("random", "beep")
    slack.rename("random", "odds")
    slack.archive("odds")
    kinds = {"channel_archive", "channel_rename", "reaction_added", "member_joined_channel"}
    slack.wait_for(lambda: kinds <= {e["type"] for e in any_app.heard})
    by_subtype = {e["subtype"]: e for e in any_app.heard if e.get("subtype")}
    assert {"me_message", "file_share", "thread_broadcast", "bot_message"} <= set(by_subtype)
    assert by_subtype["file_share"]["files"][0]["name"] == "draft.txt"
    assert by_subtype["thread_broadcast"]["root"]["text"] == "root"
    assert any(e["type"] == "member_joined_channel" and e["user"] == "U0HUMANIZE" for e in any_app.heard)


def test_an_uninstalled_app_is_told_and_its_token_is_dead(slack: SlackStandIn, any_app: App):
    slack.uninstall()
    slack.wait_delivered()
    assert [slack.deliveries(name)[0].done for name in ("tokens_revoked", "app_uninstalled")] == [True, True]
    assert slack.backend.tokens.bot in slack.backend.tokens.revoked

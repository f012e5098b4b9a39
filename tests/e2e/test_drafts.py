"""A draft's way through, as Slack and the people in the channel see it."""

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched, words


def test_a_draft_gets_one_reply_in_its_thread(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "one-reply")
    ts = slack.post(channel, "ada", MEGAPHONE)
    message = reply(slack, channel, ts)
    said = words(message)
    assert message["thread_ts"] == ts
    assert message["metadata"]["event_payload"].keys() == {"draft_id", "kind", "version"}
    assert "thrilled" in said
    assert 1 <= said.count("“") <= 3
    assert "?" in said


def test_chatter_gets_silence(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "chatter")
    for text in ("lunch?", "can someone check the link?", "ok thanks", "🎉", "مرحبا بالجميع", "早上好"):
        slack.post(channel, "noor", text)
    ts = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, ts)
    assert [m["ts"] for m in slack.messages(channel) if m.get("thread_ts") not in (None, m["ts"])] == [
        slack.thread(channel, ts)[0]["ts"]
    ]


def test_a_human_draft_gets_a_quiet_reaction(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "human")
    text = "draft: I spent Tuesday on the phone with three of you about the export bug. Which file broke it for you?"
    ts = slack.post(channel, "ada", text)
    slack.wait_for(lambda: slack.reactions(channel, ts))
    assert slack.reactions(channel, ts) == {"speech_balloon": ["U0HUMANIZE"]}
    assert slack.thread(channel, ts) == []


def test_an_edit_updates_the_same_reply(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "edit")
    ts = slack.post(channel, "ada", MEGAPHONE)
    first = reply(slack, channel, ts)
    slack.edit(channel, ts, "LAST CHANCE!!! Buy now and save 50% https://shop.example/x #deal #sale #now #buy")
    slack.wait_for(lambda: "thrilled" not in words(slack.thread(channel, ts)[0]))
    assert reply(slack, channel, ts)["ts"] == first["ts"]


def test_a_b_a_ends_at_a(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "aba")
    ts = slack.post(channel, "ada", MEGAPHONE)
    shown = words(reply(slack, channel, ts))
    slack.hold()
    slack.edit(channel, ts, "LAST CHANCE!!! Buy now and save 50% https://shop.example/x #deal #sale #now #buy")
    slack.edit(channel, ts, MEGAPHONE)
    slack.release_held([1, 0])  # the newest first: the older edit comes late
    slack.wait_delivered()
    marker = slack.post(channel, "ada", MEGAPHONE + " #again")  # worked after the edits
    reply(slack, channel, marker)
    assert words(reply(slack, channel, ts)) == shown


def test_a_delete_takes_the_reply_away(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "delete")
    ts = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, ts)
    slack.delete(channel, ts)
    slack.wait_for(lambda: not slack.thread(channel, ts))


def test_a_delete_that_comes_first_leaves_no_reply(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "early-delete")
    slack.hold()
    ts = slack.post(channel, "ada", MEGAPHONE)
    slack.delete(channel, ts)
    slack.release_held([1, 0])
    slack.wait_delivered()
    marker = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, marker)
    assert slack.thread(channel, ts) == []


def test_the_same_event_twice_is_one_reply(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "twice")
    ts = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, ts)
    slack.redeliver(_event_id(slack, ts))
    slack.wait_delivered()
    marker = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, marker)
    assert len(slack.thread(channel, ts)) == 1


def test_an_unfurl_changes_nothing(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "unfurl")
    ts = slack.post(channel, "ada", MEGAPHONE + " https://flowdesk.example/new")
    reply(slack, channel, ts)
    updates = len(slack.calls("chat.update"))
    slack.unfurl(channel, ts)
    slack.wait_delivered()
    marker = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, marker)
    assert len(slack.thread(channel, ts)) == 1
    assert len(slack.calls("chat.update")) == updates


def test_bots_are_left_alone(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "bots")
    ts = slack.post_as_bot(channel, MEGAPHONE)
    slack.wait_delivered()
    marker = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, marker)
    assert slack.thread(channel, ts) == []


def test_thread_chatter_is_left_alone_and_a_marked_draft_is_not(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "threads")
    root = slack.post(channel, "noor", "what shall we post on Friday")
    slack.post(channel, "ada", MEGAPHONE, thread_ts=root)
    slack.post(channel, "ada", f"draft: {MEGAPHONE}", thread_ts=root)
    thread = slack.wait_for(lambda: [m for m in slack.thread(channel, root) if m.get("bot_id")])
    assert len(thread) == 1


def test_nothing_is_read_where_nobody_asked(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = slack.workspace.add_channel("unwatched", ["U0ADA", "U0HUMANIZE"]).id
    ts = slack.post(channel, "ada", MEGAPHONE)
    slack.wait_delivered()
    other = watched(slack, "marker")
    reply(slack, other, slack.post(other, "ada", MEGAPHONE))
    assert slack.thread(channel, ts) == []
    assert slack.reactions(channel, ts) == {}


def test_a_draft_pings_nobody(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "pings")
    ts = slack.post_raw(
        channel, "ada", "draft: <!channel> <!here> <@U0NOOR> BIG NEWS! We are thrilled to announce <!everyone> 2.0!"
    )
    message = reply(slack, channel, ts)
    sent = str(message["blocks"]) + message["text"]
    mrkdwn = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    assert not any("<" in text for text in mrkdwn), sent
    assert all(block["text"]["verbatim"] for block in message["blocks"] if block["type"] == "section")


def _event_id(slack: SlackStandIn, ts: str) -> str:
    return next(delivery.id for delivery in slack.deliveries("message") if delivery.payload["event"].get("ts") == ts)

"""A channel where only the author is answered; what is explained once a week; who listens; what is found useless."""

import sqlite3
from contextlib import closing
from typing import Any

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched, words
from tests.e2e.test_commands import ask
from tests.e2e.test_surfaces import modal

HUMAN = "draft: I rebuilt the import after 40 of you wrote to me. Which file still breaks it for you?"
HASHTAGS = "draft: Our notes on calmer planning are out, have a look if you like #plan #week #team #{number}"


def private(slack: SlackStandIn, name: str) -> str:
    """A watched channel in which only authors are answered."""
    channel = watched(slack, name)
    slack.command("noor", channel, "/humanize", "settings")
    modal(slack, "noor", "Who sees my answers")
    assert slack.submit_view("noor", {"answers": "private"}) == {}
    slack.wait_for(lambda: "only the author" in slack.messages(channel)[-1]["text"])
    slack.close_view("noor", clear=True)
    return channel


def told(slack: SlackStandIn, user: str, channel: str) -> list[dict[str, Any]]:
    """What the bot said to this person alone in this channel, with blocks."""
    return [m for m in slack.ephemerals(user) if m["channel"] == channel and m.get("blocks")]


def test_only_the_author_is_answered_and_an_edit_only_when_the_verdict_changed(
    slack: SlackStandIn, bot: BotProcess
) -> None:
    channel = private(slack, "quietly")
    ts = slack.post(channel, "ada", MEGAPHONE)
    first = slack.wait_for(lambda: told(slack, "ada", channel))[0]
    assert "shouted across" in words(first)
    assert told(slack, "noor", channel) == []
    assert slack.thread(channel, ts) == []
    assert slack.reactions(channel, ts) == {}
    slack.edit(channel, ts, f"{MEGAPHONE} once more")
    slack.edit(channel, ts, HUMAN)
    slack.wait_for(lambda: len(told(slack, "ada", channel)) > 1)
    assert "one person talking to another" in words(told(slack, "ada", channel)[1])
    assert slack.thread(channel, ts) == []
    assert not [call for call in slack.calls("chat.postMessage") if call.args.get("channel", "").startswith("D")]


def test_another_angle_replaces_the_private_answer(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = private(slack, "quiet-angles")
    slack.post(channel, "ada", MEGAPHONE)
    first = slack.wait_for(lambda: told(slack, "ada", channel))[0]
    slack.press("ada", channel, first["ts"], "another_angle")
    slack.wait_for(lambda: told(slack, "ada", channel)[0]["blocks"] != first["blocks"])
    slack.press("ada", channel, first["ts"], "use_this")
    modal(slack, "ada", "Change what doesn't sound like you")
    slack.close_view("ada")
    assert len(told(slack, "ada", channel)) == 1
    assert "shouted across" in ask(slack, "ada", "C0GENERAL", "last")


def test_a_human_draft_in_private_gets_no_word(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = private(slack, "quiet-human")
    ts = slack.post(channel, "ada", "draft: I'm here until six and read every reply. Which file still breaks for you?")
    other = slack.post(channel, "ada", MEGAPHONE)
    slack.wait_for(lambda: told(slack, "ada", channel))
    assert len(told(slack, "ada", channel)) == 1
    assert slack.reactions(channel, ts) == slack.reactions(channel, other) == {}


def test_a_why_is_told_once_a_week_and_a_flag_always(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "rationed")
    slack.workspace.channels[channel].members.append("U0MEI")
    first = reply(slack, channel, slack.post(channel, "mei", MEGAPHONE))
    again = reply(slack, channel, slack.post(channel, "mei", f"We're back! {MEGAPHONE} Tell your friends NOW"))
    one, two = _findings(first), _findings(again)
    shared = set(one) & set(two)
    assert shared
    for rule in shared:
        assert one[rule].count("\n") == 1
        why, question = one[rule].split("\n")[1].split(" _", 1)
        assert why not in two[rule]
        assert question in two[rule]
    slack.edit(channel, first["thread_ts"], f"{MEGAPHONE} today")
    slack.wait_for(lambda: "today" in str(slack.message(channel, first["thread_ts"])))
    other = _findings(reply(slack, channel, slack.post(channel, "noor", f"{MEGAPHONE} in Leeds")))
    assert all(why_of(text) for text in other.values())


def test_who_listens_is_asked_once_and_counts_in_totals_only(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "listening")
    ts = slack.post(channel, "ada", HUMAN)
    line = slack.wait_for(lambda: told(slack, "ada", channel))[0]
    assert "Who listens for replies" in words(line)
    assert slack.thread(channel, ts) == []
    slack.press("ada", channel, line["ts"], "listens", "U0NOOR")
    slack.press("ada", channel, line["ts"], "listens_until", "week")
    slack.wait_for(lambda: [m for m in slack.ephemerals("ada") if "weekly totals" in m["text"]])
    slack.edit(channel, ts, f"{HUMAN} Tell me")
    slack.post(channel, "ada", MEGAPHONE)
    slack.wait_for(lambda: [m for m in slack.messages(channel) if m.get("bot_id") and m.get("thread_ts")])
    assert len(told(slack, "ada", channel)) == 1
    with closing(sqlite3.connect(bot.data / "humanize.db")) as db:
        rows = db.execute("select owner, until from reply_owners where channel = ?", [channel]).fetchall()
    assert rows == [("U0NOOR", "week")]
    assert not [m for m in slack.messages(channel) if "U0NOOR" in str(m.get("blocks", ""))]


def test_a_rule_that_people_find_useless_is_proposed_for_muting(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "noisy")
    slack.workspace.channels[channel].members += ["U0MEI", "U0TOMAS"]
    answers = []
    for number in range(20):
        ts = slack.post(channel, "tomas", HASHTAGS.format(number=f"tag{number}"))
        answers.append(reply(slack, channel, ts))
    for number, user in enumerate(["noor", "mei", "tomas"]):
        assert "Should it be silent" not in str(told(slack, "ada", channel))
        slack.press(user, channel, answers[number]["ts"], "flag_menu", _not_useful(answers[number]))
    proposed = slack.wait_for(lambda: [m for m in told(slack, "ada", channel) if "Should it be silent" in m["text"]])[0]
    assert "3 of 20 times, by 3 people" in proposed["text"]
    slack.press("ada", channel, proposed["ts"], "mute_rule")
    slack.wait_for(lambda: "is silent here from now on" in str(slack.ephemerals("ada")))
    assert "`Megaphone.Hashtags`" in ask(slack, "ada", channel, "status")


def _findings(message: dict[str, Any]) -> dict[str, str]:
    """Rule -> what is said of it."""
    blocks = [block for block in message["blocks"] if "accessory" in block]
    return {block["accessory"]["options"][0]["value"].split()[-1]: block["text"]["text"] for block in blocks}


def why_of(finding: str) -> str:
    """The why of a finding, without its quote and its question."""
    return finding.split("\n", 1)[1].partition("_")[0].strip()


def _not_useful(message: dict[str, Any]) -> str:
    menus = [block["accessory"] for block in message["blocks"] if "accessory" in block]
    values = [option["value"] for menu in menus for option in menu["options"]]
    return next(str(v) for v in values if v.startswith("not_useful") and v.endswith("Megaphone.Hashtags"))

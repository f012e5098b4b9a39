"""What people do with a reply: buttons, wishes in the thread, next versions, several drafts in one message."""

import sqlite3
from contextlib import closing
from typing import Any

from bot.playground.server import SlackStandIn
from bot.rules.cards import TWIN
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched, words


def quoted(message: dict[str, Any], index: int = 0) -> str:
    """The rewrite in a message."""
    block = next(b for b in message["blocks"] if b.get("block_id") == f"rewrite-{index}")
    return str(block["elements"][0]["elements"][0]["text"])


def test_use_this_opens_the_rewrite_to_tweak(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "use")
    message = reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
    before = {view["id"] for view in slack.views("ada")}
    slack.press("ada", channel, message["ts"], "use_this")
    view = slack.wait_for(lambda: [view for view in slack.views("ada") if view["id"] not in before])[0]
    field = next(block for block in view["blocks"] if block["type"] == "input")
    assert field["element"]["initial_value"] == quoted(message)
    assert slack.submit_view("ada", {"text": {"text": "My own words"}}) == {}
    assert slack.views("ada") == []


def test_another_angle_shows_another_rewrite_in_the_same_message(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "another")
    ts = slack.post(channel, "ada", MEGAPHONE)
    message = reply(slack, channel, ts)
    slack.press("ada", channel, message["ts"], "another_angle")
    slack.wait_for(lambda: quoted(slack.thread(channel, ts)[0]) != quoted(message))
    assert reply(slack, channel, ts)["ts"] == message["ts"]


def test_its_fine_ends_the_coaching_of_this_version(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "fine")
    ts = slack.post(channel, "ada", MEGAPHONE)
    message = reply(slack, channel, ts)
    slack.press("ada", channel, message["ts"], "its_fine")
    slack.wait_for(lambda: "Fine with me" in words(slack.thread(channel, ts)[0]))
    slack.edit(channel, ts, "draft: Our export failed for all of you today, and we are sorry. Buy our new plan NOW!!!")
    slack.wait_for(lambda: "Fine with me" not in words(slack.thread(channel, ts)[0]))


def test_why_shows_the_rules_evidence(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "why")
    message = reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
    slack.press("ada", channel, message["ts"], "flag_menu", _option(message, "why"))
    view = slack.wait_for(lambda: slack.views("ada"))[0]
    assert "Evidence:" in words(view)
    slack.close_view("ada")


def test_not_useful_is_noted(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "useful")
    message = reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
    told = len(slack.ephemerals("ada"))
    slack.press("ada", channel, message["ts"], "flag_menu", _option(message, "not_useful"))
    slack.wait_for(lambda: any("Noted" in m["text"] for m in slack.ephemerals("ada")[told:]))


def test_a_better_version_in_the_thread_is_told_what_got_better(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "version-two")
    ts = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, ts)
    slack.post(channel, "ada", "We are thrilled to announce Flowdesk 2.0 is out, big news #SaaS", thread_ts=ts)
    slack.wait_for(lambda: len(_from_bot(slack, channel, ts)) == 2)
    assert "Gone:" in words(_from_bot(slack, channel, ts)[1])


def test_a_better_version_in_the_channel_is_the_next_version(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "version-anew")
    reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
    again = slack.post(channel, "ada", "Big news, we are thrilled to announce Flowdesk 2.0! Sign up now #SaaS")
    assert "Better than the version before" in words(reply(slack, channel, again))


def test_another_author_with_the_same_text_starts_anew(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "not-a-version")
    reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
    other = slack.post(channel, "noor", "Big news, we are thrilled to announce Flowdesk 2.0! Sign up now #SaaS")
    assert "version before" not in words(reply(slack, channel, other))


def test_wishes_of_the_author_are_answered_in_the_thread(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "wishes")
    ts = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, ts)
    for number, wish in enumerate(("another one please", "keep the hashtag", "shorter"), start=2):
        slack.post(channel, "ada", wish, thread_ts=ts)
        slack.wait_for(lambda number=number: len(_from_bot(slack, channel, ts)) == number)
    answers = [quoted(message) for message in _from_bot(slack, channel, ts)]
    assert answers[1] != answers[0]
    assert all(tag in answers[2] for tag in ("#SaaS", "#AI", "#CX"))
    assert len(answers[3]) <= len(answers[2])


def test_other_people_and_other_words_get_no_rewrite(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "no-wish")
    ts = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, ts)
    slack.post(channel, "noor", "shorter", thread_ts=ts)
    slack.post(channel, "ada", "looks good to me", thread_ts=ts)
    reply(slack, channel, slack.post(channel, "noor", MEGAPHONE))
    assert len(_from_bot(slack, channel, ts)) == 1


def test_a_wish_delivered_twice_is_answered_once(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "wish-twice")
    ts = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, ts)
    wish = slack.post(channel, "ada", "another", thread_ts=ts)
    slack.wait_for(lambda: len(_from_bot(slack, channel, ts)) == 2)
    slack.redeliver(next(d.id for d in slack.deliveries("message") if d.payload["event"].get("ts") == wish))
    slack.wait_delivered()
    reply(slack, channel, slack.post(channel, "noor", MEGAPHONE))
    assert len(_from_bot(slack, channel, ts)) == 2


def test_several_drafts_in_a_message_are_answered_once(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "several")
    linkedin = "LinkedIn: We are thrilled to announce our new office in Leeds. Follow us for updates! #leeds #news #hq"
    ts = slack.post(channel, "ada", f"{linkedin}\nX: LEEDS OFFICE OPENS 3 March!!! FOLLOW US NOW #leeds #news #office")
    message = reply(slack, channel, ts)
    said = words(message)
    assert "LinkedIn:" in said
    assert "X:" in said
    slack.press("ada", channel, message["ts"], "use_this", f"{_draft_id(message)} 1")


def test_deleting_the_draft_takes_every_reply_away(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "delete-all")
    ts = slack.post(channel, "ada", MEGAPHONE)
    reply(slack, channel, ts)
    slack.post(channel, "ada", "another", thread_ts=ts)
    slack.wait_for(lambda: len(_from_bot(slack, channel, ts)) == 2)
    slack.delete(channel, ts)
    slack.wait_for(lambda: not _from_bot(slack, channel, ts))


def _from_bot(slack: SlackStandIn, channel: str, ts: str) -> list[dict[str, Any]]:
    return [message for message in slack.thread(channel, ts) if message.get("bot_id")]


def _draft_id(message: dict[str, Any]) -> str:
    return str(message["metadata"]["event_payload"]["draft_id"])


def _option(message: dict[str, Any], what: str) -> str:
    menus = [block["accessory"] for block in message["blocks"] if "accessory" in block]
    return next(o["value"] for o in menus[0]["options"] if o["value"].startswith(what))


def test_the_same_text_to_another_reader_is_called_a_template(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "twins")
    text = "dm: Hi {name}! Thanks for following! I help founders like you grow, grab our ebook at https://a.example/e"
    reply(slack, channel, slack.post(channel, "ada", text.format(name="Sam")))
    other = reply(slack, channel, slack.post(channel, "noor", text.format(name="Priya")))
    draft = other["metadata"]["event_payload"]["draft_id"]
    with closing(sqlite3.connect(bot.data / "humanize.db")) as db:
        (rules,) = db.execute("select rules from versions where draft_id = ?", [draft]).fetchone()
    assert TWIN.id in rules.split(",")


def test_other_languages_are_told_what_was_looked_at(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "german")
    text = "LinkedIn: ENDLICH! Unsere Planung ist da und wir freuen uns sehr darauf #plan #woche #arbeit #zeit #team"
    assert "only know English well" in words(reply(slack, channel, slack.post(channel, "ada", text)))

"""The digest through the real bot: what is due goes out once, with its picture; previews are private."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.digest import last_week
from bot.playground.server import SlackStandIn
from bot.store import IncomingDraft
from bot.store.digests import Schedule
from bot.store.sqlite import SqliteStore
from tests.digest.made import part, ts
from tests.e2e.harness import BotProcess, watched, words
from tests.e2e.test_commands import ask

TEAM = "T0PLAYGRND"
NOW = datetime.now(UTC)


def remember(bot: BotProcess, channel: str, people: int, *, due: bool = True) -> None:
    """Drafts of the last whole week, and a digest that was due a moment ago, while the bot is down."""
    assert bot.stop() == 0
    store = SqliteStore(bot.data / "humanize.db")
    monday = datetime.combine(last_week(NOW, "UTC"), datetime.min.time(), tzinfo=UTC)
    for number in range(people * 3):
        posted = ts(monday + timedelta(hours=9, minutes=number))
        draft = IncomingDraft(team=TEAM, channel=channel, ts=posted, author=f"U0TEAM{number % people}", text="a draft")
        store.save_draft(draft)
        store.save_parts(draft.id, draft.version, (part(score=40 + number % 5),))
        for kind in ("thread", "reaction"):  # answered, as far as the bot knows
            store.save_reply(store.intend(draft.id, kind).model_copy(update={"state": "removed"}))
    if due:
        at = NOW - timedelta(minutes=1)
        store.digests.switch_on(
            Schedule(
                team=TEAM, channel=channel, everywhere=False, weekday=at.weekday(), minute=at.hour * 60 + at.minute,
                zone="UTC", since=NOW - timedelta(days=30), asked_by="U0ADA",
            )
        )  # fmt: skip
    store.close()


def digests(slack: SlackStandIn, channel: str) -> list[dict[str, Any]]:
    return [m for m in slack.messages(channel) if (m.get("metadata") or {}).get("event_type") == "humanize_digest"]


def blocks(message: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block for block in message["blocks"] if block["type"] == kind]


def test_what_is_due_goes_out_once_with_its_picture(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week")
    remember(own_bot, channel, 5)
    own_bot.start()
    (message,) = own_slack.wait_for(lambda: digests(own_slack, channel))
    assert "The week of" in message["text"]
    (picture,) = blocks(message, "image")
    assert "15 drafts" in picture["alt_text"]
    assert own_slack.backend.surfaces.uploads[picture["slack_file"]["id"]].content
    assert not [m for m in own_slack.messages(channel) if m.get("files")]
    assert own_bot.stop() == 0
    own_bot.start()
    assert "15 drafts" in ask(own_slack, "ada", channel, "digest")
    assert len(digests(own_slack, channel)) == 1


def test_killed_between_acceptance_and_record_is_still_one(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-killed")
    remember(own_bot, channel, 5)
    own_slack.fault("accept_hang", "chat.postMessage", hook=own_bot.kill)
    own_bot.spawn()
    own_slack.wait_for(lambda: own_bot.process.poll() is not None)
    own_slack.faults.release()
    own_bot.start()
    own_slack.wait_for(lambda: own_slack.calls("conversations.history"))
    ask(own_slack, "ada", channel, "digest off")
    assert len(digests(own_slack, channel)) == 1


def test_a_picture_that_slack_refuses_is_a_chart(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-chart")
    remember(own_bot, channel, 5)
    own_slack.fault("error", "files.getUploadURLExternal", code="missing_scope")
    own_bot.start()
    (message,) = own_slack.wait_for(lambda: digests(own_slack, channel))
    assert blocks(message, "image") == []
    assert len(blocks(message, "data_visualization")) == 1


def test_a_slack_without_charts_gets_words(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-words")
    remember(own_bot, channel, 5)
    own_slack.fault("error", "files.getUploadURLExternal", code="missing_scope")
    own_slack.fault("error", "chat.postMessage", code="invalid_blocks")
    own_bot.start()
    (message,) = own_slack.wait_for(lambda: digests(own_slack, channel))
    assert blocks(message, "data_visualization") == []
    assert "One thing to try" in words(message)


def test_a_busy_slack_is_waited_out(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-busy")
    remember(own_bot, channel, 5)
    own_slack.fault("rate_limit", "chat.postMessage", times=2)
    own_bot.start()
    own_slack.wait_for(lambda: digests(own_slack, channel))
    ask(own_slack, "ada", channel, "digest off")
    assert len(digests(own_slack, channel)) == 1


def test_stop_these(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-stop")
    remember(own_bot, channel, 2)
    own_bot.start()
    (message,) = own_slack.wait_for(lambda: digests(own_slack, channel))
    told = len(own_slack.ephemerals("noor"))
    own_slack.press("noor", channel, message["ts"], "digest_stop")
    own_slack.wait_for(lambda: own_slack.ephemerals("noor")[told:])
    assert "Stopped" in own_slack.ephemerals("noor")[-1]["text"]
    assert "<@U0NOOR> asked me to stop the weekly digest" in own_slack.messages(channel)[-1]["text"]


def test_too_few_people_hear_of_their_home_tab_and_see_no_figure(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-few")
    remember(own_bot, channel, 1)
    own_bot.start()
    (message,) = own_slack.wait_for(lambda: digests(own_slack, channel))
    assert "Home tab" in words(message)
    assert "drafts" not in words(message)
    assert not own_slack.calls("files.getUploadURLExternal")


def test_preview_is_for_the_asker_alone(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-preview")
    remember(own_bot, channel, 5, due=False)
    own_bot.start()
    before = len(own_slack.messages(channel))
    said = ask(own_slack, "ada", channel, "digest")
    assert "15 drafts" in said
    assert "Nobody gets it until somebody asks" in said
    assert len(own_slack.messages(channel)) == before
    assert blocks(own_slack.ephemerals("ada")[-1], "data_visualization")
    assert "U0TEAM" not in json.dumps(own_slack.ephemerals("ada")[-1])


def test_a_preview_where_slack_has_no_charts(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-plain")
    remember(own_bot, channel, 5, due=False)
    own_bot.start()
    own_slack.fault("error", "response_url", code="invalid_blocks")
    assert "15 drafts" in ask(own_slack, "ada", channel, "digest")
    assert not blocks(own_slack.ephemerals("ada")[-1], "data_visualization")


def test_switched_on_and_off_before_everybody(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-on")
    assert "The first one comes on Monday" in ask(own_slack, "ada", channel, "digest on monday 9:00 Europe/Berlin")
    assert "each Monday at 9:00 (Europe/Berlin)" in own_slack.messages(channel)[-1]["text"]
    assert "each Monday at 9:00" in ask(own_slack, "noor", channel, "digest")
    assert "Stopped" in ask(own_slack, "noor", channel, "digest off")
    assert "no digest in this channel" in ask(own_slack, "noor", channel, "digest off")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("digest on someday", "could not make out `someday`"),
        ("digest mix jokes 100", "could not make out `jokes 100`"),
        ("digest mix about-us 25, questions 75", "compares with that"),
    ],
)
def test_what_is_asked_is_answered(own_slack: SlackStandIn, own_bot: BotProcess, text: str, answer: str) -> None:
    assert answer in ask(own_slack, "ada", watched(own_slack, "week-asks"), text)


def test_only_members_switch_it_on(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = own_slack.workspace.add_channel("week-members", ["U0NOOR", "U0HUMANIZE"]).id
    assert "Only members" in ask(own_slack, "ada", channel, "digest on monday 9:00 Europe/Berlin")


def test_an_own_draft_is_lent_by_a_button(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "week-lend")
    remember(own_bot, channel, 5, due=False)
    store = SqliteStore(own_bot.data / "humanize.db")
    with store.rollups._db.write() as db:
        db.execute("update drafts set author = 'U0ADA' where author = 'U0TEAM1'")
    store.close()
    own_bot.start()
    assert "could help the others" in ask(own_slack, "ada", channel, "digest")
    message = own_slack.ephemerals("ada")[-1]
    own_slack.press("ada", channel, message["ts"], "digest_lend")
    own_slack.wait_for(lambda: any("may show it" in m["text"] for m in own_slack.ephemerals("ada")))
    assert "could help the others" not in ask(own_slack, "noor", channel, "digest")

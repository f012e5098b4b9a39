"""Coming and going: invited, removed, archived, renamed, made private, uninstalled, deactivated."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.playground.people import BOT_USER, TEAM_ID
from bot.playground.server import SlackStandIn
from bot.store.sqlite import SqliteStore
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched


def rows(bot: BotProcess, sql: str, *values: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(bot.data / "humanize.db")) as db:
        return db.execute(sql, values).fetchall()


def watching(bot: BotProcess, channel: str) -> bool:
    return rows(bot, "select watched from channels where channel = ?", channel) == [(1,)]


def acts(bot: BotProcess, channel: str) -> list[tuple[object, ...]]:
    return rows(bot, "select act, who, detail from audit where channel = ? order by id", channel)[1:]


def posts(slack: SlackStandIn, channel: str) -> int:
    return sum(call.args.get("channel") == channel for call in slack.calls("chat.postMessage"))


def test_an_invitation_is_answered_with_silence(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = slack.workspace.add_channel(f"invited-{bot.mode}", ["U0ADA", "U0NOOR"]).id
    slack.invite(channel)
    slack.post(channel, "ada", MEGAPHONE)
    slack.wait_delivered()
    other = watched(slack, f"marker-{bot.mode}")
    reply(slack, other, slack.post(other, "ada", MEGAPHONE))
    assert posts(slack, channel) == 0
    assert slack.ephemerals("ada")[-1]["channel"] != channel


@pytest.mark.parametrize("kind", ["channel", "group"])
def test_removed_from_a_channel_it_stops_and_says_nothing(slack: SlackStandIn, bot: BotProcess, kind: str) -> None:
    channel = watched(slack, f"removed-{kind}-{bot.mode}")
    slack.workspace.channel(channel).kind = "group" if kind == "group" else "channel"
    slack.command("ada", channel, "/humanize", "digest on monday 9:00 Europe/Berlin")
    slack.wait_for(lambda: rows(bot, "select 1 from digests where channel = ?", channel))
    said = posts(slack, channel)
    slack.kick(channel)
    slack.wait_delivered()
    assert not watching(bot, channel)
    assert rows(bot, "select 1 from digests where channel = ?", channel) == []
    assert acts(bot, channel)[-2:] == [
        ("unwatch", "bot", '{"why": "removed"}'),
        ("digest off", "bot", '{"why": "removed"}'),
    ]
    slack.redeliver(slack.deliveries(f"{kind}_left")[-1].id)
    slack.wait_delivered()
    assert len(acts(bot, channel)) == 3  # once each, and the digest's "on"
    slack.invite(channel)
    ts = slack.post(channel, "ada", MEGAPHONE)
    slack.wait_delivered()
    assert slack.thread(channel, ts) == []
    assert posts(slack, channel) == said


def test_an_archived_channel_rests_and_comes_back_as_it_was(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, f"archived-{bot.mode}")
    slack.archive(channel)
    slack.wait_delivered()
    assert rows(bot, "select channel from archived where channel = ?", channel) == [(channel,)]
    slack.redeliver(slack.deliveries("channel_archive")[-1].id)
    slack.wait_delivered()
    slack.workspace.unarchive(channel, "U0ADA")
    slack.wait_delivered()
    assert rows(bot, "select channel from archived where channel = ?", channel) == []
    reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))


def test_a_new_name_and_being_made_private_change_nothing(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, f"named-{bot.mode}")
    slack.rename(channel, f"renamed-{bot.mode}")
    slack.workspace.channel(channel).kind = "group"
    slack.emit(
        {"type": "message", "subtype": "channel_convert_to_private", "channel": channel, "user": "U0ADA", "text": "x"},
        channel,
    )
    slack.wait_delivered()
    said = posts(slack, channel)
    reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
    assert posts(slack, channel) == said + 1


def test_a_deleted_channel_is_erased(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, f"deleted-{bot.mode}")
    slack.emit({"type": "channel_deleted", "channel": channel}, channel)
    slack.wait_delivered()
    assert not watching(bot, channel)
    assert rows(bot, "select user from goodbyes where channel = ?", channel) == [("",)]


def test_somebody_deactivated_is_erased_later_unless_they_come_back(slack: SlackStandIn, bot: BotProcess) -> None:
    due = "select due from goodbyes where user = 'U0MEI'"
    for deleted, there in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        slack.emit({"type": "user_change", "user": {"id": "U0MEI", "team_id": TEAM_ID, "deleted": deleted}})
        slack.wait_delivered()
        assert len(rows(bot, due)) == there
    when = datetime.fromisoformat(str(rows(bot, due)[0][0]))
    assert timedelta(days=29) < when - datetime.now(UTC) <= timedelta(days=30)


@pytest.fixture
def soon(own_slack: SlackStandIn, tmp_path: Path) -> Iterator[BotProcess]:
    bot = BotProcess(own_slack, tmp_path / "data", HUMANIZE_ERASE_AFTER_UNINSTALL_DAYS="0")
    bot.start()
    yield bot
    bot.stop()


def uninstall(slack: SlackStandIn) -> None:
    slack.uninstall()
    slack.wait_delivered()


def test_uninstalled_it_stops_at_once(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "gone")
    reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
    uninstall(own_slack)
    calls = len(own_slack.calls())
    late = own_slack.post(channel, "ada", f"{MEGAPHONE} zanzibarquokka")
    own_slack.wait_delivered()
    assert own_slack.thread(channel, late) == []
    assert rows(own_bot, "select team from installations") == []
    assert rows(own_bot, "select count(*) from drafts where text like '%zanzibarquokka%'") == [(0,)]
    assert own_slack.calls()[calls:] == []
    due = rows(own_bot, "select due from goodbyes where channel = '' and user = ''")
    own_slack.redeliver(own_slack.deliveries("app_uninstalled")[-1].id)
    own_slack.wait_delivered()
    assert rows(own_bot, "select due from goodbyes where channel = '' and user = ''") == due
    assert len(due) == 1
    assert "Traceback" not in own_bot.log()
    assert "handler failed" not in own_bot.log()


def test_its_data_go_after_the_stated_time(own_slack: SlackStandIn, soon: BotProcess) -> None:
    channel = watched(own_slack, "erased")
    reply(own_slack, channel, own_slack.post(channel, "ada", f"{MEGAPHONE} zanzibarquokka"))
    uninstall(own_slack)
    assert soon.stop() == 0
    store = SqliteStore(soon.data / "humanize.db")
    assert store.lifecycle.erase_due() == 1
    assert store.lifecycle.erase_due() == 0
    store.close()
    for table in ("drafts", "replies", "versions", "channels", "workspaces", "goodbyes", "installations", "rollups"):
        assert rows(soon, f"select * from {table}") == [], table  # noqa: S608 - the names above
    assert all(b"zanzibarquokka" not in path.read_bytes() for path in soon.data.glob("humanize.db*"))


def test_who_installs_it_again_in_time_keeps_what_was_there(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "again")
    reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
    uninstall(own_slack)
    event = own_slack.deliveries("app_uninstalled")[-1]
    assert own_bot.stop() == 0
    own_slack.backend.tokens.revoked.clear()
    own_slack.backend.tokens.valid.add(own_slack.bot_token)
    own_bot.start()
    assert rows(own_bot, "select * from goodbyes") == []
    event.payload["event_time"] -= 60
    own_slack.redeliver(event.id)  # Slack tells it once more, late: old news
    own_slack.wait_delivered()
    reply(own_slack, channel, own_slack.post(channel, "noor", f"{MEGAPHONE} #again"))


def test_a_persons_token_is_not_the_bots(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "still")
    own_slack.emit({"type": "tokens_revoked", "tokens": {"oauth": ["U0ADA"], "bot": []}})
    own_slack.wait_delivered()
    reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
    assert BOT_USER in own_slack.workspace.channel(channel).members

"""/humanize, as people type it."""

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, watched, words


def said_to(slack: SlackStandIn, user: str, before: int) -> str:
    """What this person was told in private since ``before`` ephemerals."""
    told = slack.wait_for(lambda: slack.ephemerals(user)[before:])
    return "\n".join(m["text"] + words(m) for m in told)


def ask(slack: SlackStandIn, user: str, channel: str, text: str) -> str:
    """Type /humanize and read the first private answer."""
    before = len(slack.ephemerals(user))
    slack.command(user, channel, "/humanize", text)
    return said_to(slack, user, before)


def test_watch_tells_the_channel_what_is_read_kept_and_sent(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "notice")
    notice = slack.messages(channel)[-1]["text"]
    for word in ("Read:", "Kept:", "Sent on:", "nothing. No language model", "unwatch", "<@U0ADA>"):
        assert word in notice


def test_watch_twice_says_so_without_a_second_notice(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "watch-twice")
    notices = len(slack.messages(channel))
    assert "already read along" in ask(slack, "noor", channel, "watch")
    assert len(slack.messages(channel)) == notices


def test_watch_where_the_bot_is_not_says_how_to_invite(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = slack.workspace.add_channel("not-invited", ["U0ADA"]).id
    assert "/invite" in ask(slack, "ada", channel, "watch")
    assert slack.messages(channel) == []


def test_watch_in_a_private_channel_without_the_bot(slack: SlackStandIn, bot: BotProcess) -> None:
    assert "/invite" in ask(slack, "ada", "C0PRIVATE", "watch")


def test_only_members_switch_it_on(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = slack.workspace.add_channel("members-only", ["U0NOOR", "U0HUMANIZE"]).id
    assert "Only members" in ask(slack, "ada", channel, "watch")
    assert slack.messages(channel) == []


def test_unwatch_ends_it(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "unwatch")
    assert "stopped" in ask(slack, "noor", channel, "unwatch")
    ts = slack.post(channel, "ada", MEGAPHONE)
    slack.wait_delivered()
    assert "not reading along" in ask(slack, "noor", channel, "unwatch")
    assert slack.thread(channel, ts) == []


@pytest.mark.parametrize("text", ["help", "HELP", "  help  "])
def test_help(slack: SlackStandIn, bot: BotProcess, text: str) -> None:
    assert "/humanize watch" in ask(slack, "noor", "C0GENERAL", text)


@pytest.mark.parametrize("text", ["\u200b", "\u2063"])
def test_nothing_to_read(slack: SlackStandIn, bot: BotProcess, text: str) -> None:
    assert "nothing to read" in ask(slack, "noor", "C0GENERAL", text)


def test_a_private_answer_is_seen_by_the_asker_alone(slack: SlackStandIn, bot: BotProcess) -> None:
    others = len(slack.ephemerals("noor"))
    messages = len(slack.messages("general"))
    before = len(slack.ephemerals("ada"))
    slack.command("ada", "C0GENERAL", "/humanize", MEGAPHONE)
    slack.wait_for(lambda: len(slack.ephemerals("ada")) >= before + 2)
    assert "thrilled" in said_to(slack, "ada", before)
    assert len(slack.ephemerals("noor")) == others
    assert len(slack.messages("general")) == messages


def test_a_draft_that_begins_like_a_command_is_a_draft(slack: SlackStandIn, bot: BotProcess) -> None:
    before = len(slack.ephemerals("ada"))
    slack.command("ada", "C0GENERAL", "/humanize", "watch this space, BIG NEWS is coming! #soon #new #saas #cx")
    slack.wait_for(lambda: len(slack.ephemerals("ada")) >= before + 2)
    assert "Reading your draft" in said_to(slack, "ada", before)


def test_a_word_near_a_command_is_asked_about(slack: SlackStandIn, bot: BotProcess) -> None:
    assert "I don't know `watching`" in ask(slack, "ada", "C0GENERAL", "watching")


def test_a_draft_over_the_limit_is_told_so(slack: SlackStandIn, bot: BotProcess) -> None:
    assert "40,001" in ask(slack, "ada", "C0GENERAL", "a" * 40_001)


@pytest.mark.parametrize("text", ["🎉🎉🎉", "مرحبا بكم في متجرنا الجديد", "新製品のお知らせです。", "a" * 40_000])
def test_odd_drafts_get_an_answer(slack: SlackStandIn, bot: BotProcess, text: str) -> None:
    before = len(slack.ephemerals("mei"))
    slack.command("mei", "C0GENERAL", "/humanize", text)
    slack.wait_for(lambda: len(slack.ephemerals("mei")) >= before + 2)

"""The Home tab, and what people write to the bot itself."""

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched, words
from tests.e2e.test_surfaces import modal


def home(slack: SlackStandIn, user: str, said: str) -> str:
    """What somebody's Home tab says, once it says this."""

    def shown() -> str:
        view = slack.home(user)
        text = words(view) if view else ""
        return text if said in text else ""

    return slack.wait_for(shown)


def test_a_newcomer_sees_what_to_do(slack: SlackStandIn, bot: BotProcess) -> None:
    slack.open_home("tomas")
    assert "No draft of yours yet" in home(slack, "tomas", "Only you see this")


def test_home_shows_own_drafts_to_their_author_alone(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "home")
    reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
    slack.open_home("ada")
    said = home(slack, "ada", "Your last 1")
    assert "shouted across" in said
    assert "Too few drafts" in said  # the team's week, from five authors on
    slack.open_home("tomas")
    assert "shouted" not in home(slack, "tomas", "Only you see this")


def test_the_buttons_of_home_open_settings_and_the_form(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "home-buttons")
    slack.open_home("ada")
    home(slack, "ada", channel)
    view = slack.home("ada")
    assert view is not None
    slack.press_in_view("ada", view["id"], "home_settings", channel)
    modal(slack, "ada", "Who sees my answers")
    slack.close_view("ada")
    slack.press_in_view("ada", view["id"], "home_new")
    modal(slack, "ada", "Your draft")
    slack.close_view("ada")


def test_the_messages_tab_publishes_nothing(slack: SlackStandIn, bot: BotProcess) -> None:
    published = len(slack.calls("views.publish"))
    slack.open_home("mei", "messages")
    slack.wait_delivered()
    slack.open_home("ada")
    slack.wait_for(lambda: len(slack.calls("views.publish")) > published)
    assert {call.args["user_id"] for call in slack.calls("views.publish")[published:]} == {"U0ADA"}


def test_a_draft_written_to_the_bot_is_answered_there(slack: SlackStandIn, bot: BotProcess) -> None:
    dm = slack.workspace.dm("U0NOOR").id
    ts = slack.post(dm, "noor", MEGAPHONE)
    answer = reply(slack, dm, ts)
    assert "shouted across" in words(answer)
    slack.press("noor", dm, answer["ts"], "another_angle")
    slack.wait_for(lambda: slack.thread(dm, ts)[0]["blocks"] != answer["blocks"])
    slack.edit(dm, ts, "I rebuilt the import after 40 of you wrote to me. Which file still breaks it for you?")
    slack.wait_for(lambda: "one person talking to another" in words(slack.thread(dm, ts)[0]))
    slack.delete(dm, ts)
    slack.wait_for(lambda: not [m for m in slack.messages(dm) if m.get("bot_id")])


@pytest.mark.parametrize("text", ["hello", "what can you do?", "help"])
def test_small_talk_with_the_bot_gets_a_hint(slack: SlackStandIn, bot: BotProcess, text: str) -> None:
    dm = slack.workspace.dm("U0MEI").id
    before = len(slack.messages(dm))
    slack.post(dm, "mei", text)
    said = slack.wait_for(lambda: [m for m in slack.messages(dm)[before:] if m.get("bot_id")])
    assert "Paste a draft" in said[0]["text"]


def test_a_human_draft_written_to_the_bot_gets_words(slack: SlackStandIn, bot: BotProcess) -> None:
    dm = slack.workspace.dm("U0TOMAS").id
    ts = slack.post(dm, "tomas", "I rebuilt the import after 40 of you wrote to me. Which file still breaks for you?")
    assert "leave it alone" in words(reply(slack, dm, ts))


def test_a_text_file_given_to_the_bot_is_read(slack: SlackStandIn, bot: BotProcess) -> None:
    dm = slack.workspace.dm("U0ADA").id
    ts = slack.share_file(dm, "ada", "launch.txt", f"{MEGAPHONE} <!channel> & friends")
    answer = reply(slack, dm, ts)
    assert "shouted across" in words(answer)
    assert "<!channel>" not in str([b for b in answer["blocks"] if b["type"] == "section"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("team.png", "\u0089PNG", "only read text files"), ("long.txt", "word " * 50_000, "larger than I read")],
)
def test_other_files_are_told_why_not(slack: SlackStandIn, bot: BotProcess, name: str, content: str, said: str) -> None:
    dm = slack.workspace.dm("U0ADA").id
    before = len(slack.messages(dm))
    slack.share_file(dm, "ada", name, content)
    answers = slack.wait_for(lambda: [m for m in slack.messages(dm)[before:] if m.get("bot_id")])
    assert said in answers[0]["text"]


def test_a_snippet_in_a_watched_channel_is_read_and_other_files_are_left_alone(
    slack: SlackStandIn, bot: BotProcess
) -> None:
    channel = watched(slack, "snippets")
    picture = slack.share_file(channel, "ada", "team.png", "not text")
    notes = slack.share_file(channel, "ada", "notes.txt", "lunch at one, anyone?")
    ts = slack.share_file(channel, "ada", "launch.txt", MEGAPHONE)
    assert "shouted across" in words(reply(slack, channel, ts))
    slack.edit(channel, ts, "have a look")
    loud = slack.post(channel, "ada", f"{MEGAPHONE} after it")
    reply(slack, channel, loud)
    assert "shouted across" in words(reply(slack, channel, ts))
    assert slack.thread(channel, picture) == slack.thread(channel, notes) == []

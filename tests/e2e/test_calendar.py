"""Files shared in a watched channel: one summary and an annotated file, once, and gone with the message."""

import csv
import io
from typing import Any

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched, words
from tests.e2e.test_private import private

CALM = "Ten of you asked for a calmer import, so I moved it to Tuesday. Which day suits you better?"
LOUD = "We are thrilled to announce our seamless all-in-one planner. Unlock your potential today, sign up now."
POSTS = f"Date,Channel,Post\r\n1 Dec,LinkedIn,{CALM}\r\n2 Dec,X,{MEGAPHONE}\r\n3 Dec,X,{LOUD}\r\n4 Dec,X,\r\n"
POSTS = POSTS.replace(CALM, f'"{CALM}"').replace(LOUD, f'"{LOUD}"')


def posts(slack: SlackStandIn, channel: str, ts: str, count: int = 2) -> list[dict[str, Any]]:
    """What the bot said in a thread, once there are as many."""
    return [dict(m) for m in slack.wait_for(lambda: _enough(slack.thread(channel, ts), count))]


def _enough(found: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    return found if len(found) >= count else []


def said(message: dict[str, Any]) -> str:
    return words(message) or message["text"]


def content(slack: SlackStandIn, message: dict[str, Any]) -> bytes:
    return slack.backend.surfaces.uploads[message["files"][0]["id"]].content or b""


def settle(slack: SlackStandIn, channel: str) -> None:
    """A draft that comes after all that is answered."""
    reply(slack, channel, slack.post(channel, "ada", f"{MEGAPHONE} afterwards"))


def test_a_calendar_gets_a_summary_and_its_file_back(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, f"posts-{bot.mode}")
    ts = slack.share_file(channel, "ada", "december.csv", f"\ufeff{POSTS}", "our december")
    summary, file = posts(slack, channel, ts)
    text = words(summary)
    assert "I read 3 drafts. 1 of them read like one person" in text
    assert "row 3" in text
    assert "What came up most" in text
    assert "“Post”" in text
    assert "thrilled" not in text
    assert file["files"][0]["name"] == "december-notes.csv"
    data = content(slack, file)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Date", "Channel", "Post", "verdict", "score", "flags", "question", "rewrite"]
    assert [row[2] for row in rows[1:]] == [CALM, MEGAPHONE, LOUD, ""]
    assert [bool(row[3]) for row in rows[1:]] == [True, True, True, False]
    assert rows[1][3] == "human"
    assert rows[2][5]
    assert rows[2][6]
    slack.edit(channel, ts, "our december, edited")
    settle(slack, channel)
    assert len(slack.thread(channel, ts)) == 2
    slack.delete(channel, ts)
    slack.wait_for(lambda: not slack.thread(channel, ts))
    slack.wait_for(lambda: file["files"][0]["id"] not in slack.backend.surfaces.uploads)
    for word in ("calmer import", "december"):
        assert word not in bot.log()
    for path in bot.data.iterdir():  # nothing of it is kept, in the workflows' database neither
        assert b"calmer import" not in path.read_bytes(), path.name


def test_markdown_comes_back_with_notes_under_each_draft(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, f"markdown-{bot.mode}")
    text = f"# LinkedIn\n{CALM}\n\n# X\n{MEGAPHONE}\n"
    ts = slack.share_file(channel, "ada", "week.md", text)
    summary, file = posts(slack, channel, ts)
    assert "draft 2" in words(summary)
    notes = content(slack, file).decode()
    kept = [line for line in notes.splitlines() if line and not line.startswith(">")]
    assert kept == [line for line in text.splitlines() if line]
    assert notes.index(CALM) < notes.index("> Reads: human") < notes.index(MEGAPHONE) < notes.rindex("> Reads: ")


@pytest.mark.parametrize(
    ("name", "data", "answer"),
    [
        ("budget.csv", b"Who,Sum\nAda,12\n", "which column of budget.csv holds the drafts"),
        ("broken.csv", b'Date,Post\n1 Dec,"never closed\n', "I get lost in broken.csv around line"),
        ("empty.txt", b" \n", "no words in empty.txt"),
        ("sheet.csv", b"PK\x03\x04\x00\x00", "more than plain text"),
        ("letters.md", b"caf\x81\x8d e", "make out the letters"),
        ("large.csv", b"Post\n" + b"word " * 210_000, "larger than I read (1000 kB)"),
    ],
)
def test_files_that_can_not_be_read_get_one_kind_line(
    slack: SlackStandIn, bot: BotProcess, name: str, data: bytes, answer: str
) -> None:
    channel = watched(slack, f"bad-{name.partition('.')[0]}-{bot.mode}")
    ts = slack.share_file(channel, "ada", name, data)
    (line,) = posts(slack, channel, ts, 1)
    assert answer in said(line)


def test_minutes_of_a_meeting_and_other_files_are_left_alone(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, f"minutes-{bot.mode}")
    minutes = slack.share_file(channel, "ada", "minutes.md", "# Budget\nwe looked at it\n\n# Next\nSam asks around\n")
    code = slack.share_file(channel, "ada", "deploy.sh", "echo one\n\necho two\n")
    settle(slack, channel)
    assert slack.thread(channel, minutes) == slack.thread(channel, code) == []


def test_in_a_private_channel_only_the_sharer_sees_it(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = private(slack, f"files-private-{bot.mode}")
    told = len(slack.ephemerals("ada"))
    ts = slack.share_file(channel, "ada", "december.csv", POSTS)
    (summary,) = slack.wait_for(lambda: [m for m in slack.ephemerals("ada")[told:] if "I read" in m["text"]])
    assert "Slack can't show a file to one person alone" in words(summary)
    assert slack.thread(channel, ts) == []
    assert not [m for m in slack.messages(channel) if m.get("files") and m["ts"] != ts]


def test_when_the_file_can_not_be_handed_back_the_summary_says_so(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "no-upload")
    own_slack.fault("error", "files.getUploadURLExternal", code="missing_scope")
    (summary,) = posts(own_slack, channel, own_slack.share_file(channel, "ada", "december.csv", POSTS), 1)
    assert "could not hand Slack the file with my notes (missing_scope)" in words(summary)
    own_slack.fault("error", "files.completeUploadExternal", code="not_in_channel")
    ts = own_slack.share_file(channel, "ada", "december.csv", POSTS)
    own_slack.wait_for(lambda: "(not_in_channel)" in words((own_slack.thread(channel, ts) or [{}])[0]))
    assert len(own_slack.thread(channel, ts)) == 1


@pytest.mark.parametrize("method", ["chat.postMessage", "files.completeUploadExternal"])
def test_killed_between_acceptance_and_record_is_still_one(
    own_slack: SlackStandIn, own_bot: BotProcess, method: str
) -> None:
    channel = watched(own_slack, "killed")
    own_slack.fault("accept_hang", method, hook=own_bot.kill)
    ts = own_slack.share_file(channel, "ada", "december.csv", POSTS)
    own_slack.wait_for(lambda: own_bot.process.poll() is not None)
    own_slack.faults.release()
    own_bot.start()
    posts(own_slack, channel, ts)
    settle(own_slack, channel)
    assert len(own_slack.thread(channel, ts)) == 2


def test_killed_between_upload_and_post_is_still_one(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "killed-before")
    own_slack.fault("rate_limit", "chat.postMessage", times=1000)
    ts = own_slack.share_file(channel, "ada", "december.csv", POSTS)
    own_slack.wait_for(lambda: own_slack.faults.hits("chat.postMessage", "rate_limit"))
    own_bot.kill()
    own_slack.faults.clear()
    own_bot.start()
    posts(own_slack, channel, ts)
    settle(own_slack, channel)
    assert len(own_slack.thread(channel, ts)) == 2
    assert len(own_slack.calls("files.getUploadURLExternal")) == 1


def test_one_draft_in_a_file_outlives_a_crash(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    """It was acked before its words were fetched."""
    channel = watched(own_slack, "killed-one")
    own_slack.fault("hang", "files.info")
    ts = own_slack.share_file(channel, "ada", "launch.txt", MEGAPHONE)
    own_slack.wait_for(lambda: own_slack.faults.hits("files.info", "hang"))
    own_bot.kill()
    own_slack.faults.release()
    own_bot.start()
    assert "shouted across" in words(reply(own_slack, channel, ts))


def test_a_file_deleted_from_its_message_takes_what_we_made_of_it_along(
    own_slack: SlackStandIn, own_bot: BotProcess
) -> None:
    channel = watched(own_slack, "file-gone")
    calendar = own_slack.share_file(channel, "ada", "december.csv", POSTS)
    one = own_slack.share_file(channel, "ada", "launch.txt", MEGAPHONE)
    posts(own_slack, channel, calendar)
    reply(own_slack, channel, one)
    for ts in (calendar, one):
        own_slack.workspace.edit_message(channel, ts, {"files": [{"id": "F0GONE", "mode": "tombstone"}]}, None)
    own_slack.wait_for(lambda: not own_slack.thread(channel, calendar) and not own_slack.thread(channel, one))


def test_what_was_erased_is_taken_away(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "erased")
    ts = own_slack.share_file(channel, "ada", "december.csv", POSTS)
    posts(own_slack, channel, ts)
    own_slack.command("ada", channel, "/humanize", "forget me now")
    own_slack.wait_for(lambda: not own_slack.thread(channel, ts))

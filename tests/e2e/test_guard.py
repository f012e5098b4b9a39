"""Who gets in, over real HTTP; the kill switch, the list of channels, and being forgotten, as people see them."""

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.playground.delivery import signature_headers
from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, ROOT, BotProcess, reply, watched, words

PING = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()


def post(bot: BotProcess, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", bot.port, timeout=30)
    try:
        connection.request("POST", "/slack/events", body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def signed(slack: SlackStandIn, body: bytes, at: float | None = None) -> dict[str, str]:
    return signature_headers(slack.signing_secret, body, int(at or time.time()))


def data(bot: BotProcess, *args: str) -> str:
    """`humanize-bot …` beside the bot, on its folder."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HUMANIZE_DATA_DIR": str(bot.data)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *args], cwd=bot.data, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def doctor(bot: BotProcess) -> str:
    """What `humanize-bot doctor` says."""
    command = [sys.executable, "-m", "bot", "doctor"]
    return subprocess.run(command, cwd=bot.data, env=bot.settings, capture_output=True, text=True, timeout=60).stdout


def ask(slack: SlackStandIn, user: str, channel: str, text: str) -> str:
    before = len(slack.ephemerals(user))
    slack.command(user, channel, "/humanize", text)
    told = slack.wait_for(lambda: slack.ephemerals(user)[before:])
    return "\n".join(m["text"] + words(m) for m in told)


def test_a_request_is_taken_once(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    headers = signed(own_slack, PING)
    assert post(own_bot, PING, headers) == (200, '{"challenge": "abc"}')
    assert post(own_bot, PING, headers)[0] == 403
    # Neither the retry's headers nor another path in make it new.
    assert post(own_bot, PING, {**headers, "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})[0] == 403
    assert post(own_bot, PING, signed(own_slack, PING, time.time() - 1))[0] == 200  # signed in another second


def test_what_slack_did_not_sign_lately_is_refused(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    good = signed(own_slack, PING)
    name = "X-Slack-Signature"
    bad: list[tuple[bytes, dict[str, str]]] = [
        (PING, {}),
        (PING, signature_headers("another secret", PING, int(time.time()))),
        (PING + b" ", good),
        (PING, signed(own_slack, PING, time.time() - 301)),
        (PING, signed(own_slack, PING, time.time() + 400)),
        (PING, {**good, name: good[name].upper()}),
        (PING, {**good, name: ""}),
        (PING, {**good, name: "v0=\u00e9"}),
        (PING, {**good, "X-Slack-Request-Timestamp": "now"}),
        (PING, {**good, "X-Slack-Request-Timestamp": "-1"}),
        (b"\xff\xfe", good),
    ]
    for body, headers in bad:
        assert post(own_bot, body, headers)[0] == 401
    assert "Traceback" not in own_bot.log()


def test_a_command_is_taken_once_also_after_a_restart(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    fields = {"command": "/humanize", "text": "help", "team_id": "T0PLAYGRND", "channel_id": "C0X", "user_id": "U0ADA"}
    body = urlencode({**fields, "response_url": f"{own_slack.url}/_response/none", "trigger_id": "1.1"}).encode()
    headers = {**signed(own_slack, body), "Content-Type": "application/x-www-form-urlencoded"}
    assert post(own_bot, body, headers)[0] == 200
    assert own_bot.stop() == 0
    own_bot.start()
    assert post(own_bot, body, headers)[0] == 403
    fresh = {**headers, **signed(own_slack, body, time.time() + 1)}
    assert post(own_bot, body, fresh)[0] == 200


def test_a_body_that_is_too_large_is_not_read(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", own_bot.port, timeout=30)
    connection.putrequest("POST", "/slack/events")
    connection.putheader("Content-Length", "50000000")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    body = b"x" * 1_000_001
    assert post(own_bot, body, signed(own_slack, body))[0] == 413
    assert post(own_bot, PING, signed(own_slack, PING))[0] == 200


def test_slacks_own_second_delivery_is_let_in(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    """The first answer is not 200, since the store is locked; Slack comes again, maybe within the same second."""
    channel = watched(own_slack, "again")
    with closing(sqlite3.connect(own_bot.data / "humanize.db", isolation_level=None)) as db:
        db.execute("begin immediate")
        ts = own_slack.post(channel, "ada", MEGAPHONE)
        own_slack.wait_for(
            lambda: [d for d in own_slack.deliveries("message") if d.payload["event"].get("ts") == ts and d.answers]
        )
        db.execute("rollback")
    reply(own_slack, channel, ts)
    delivery = next(d for d in own_slack.deliveries("message") if d.payload["event"].get("ts") == ts)
    assert delivery.answers[0].status == 500
    assert delivery.answers[-1].status == 200


def test_on_pause_nothing_is_read_or_posted(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "pause")
    answered = own_slack.post(channel, "ada", MEGAPHONE)
    reply(own_slack, channel, answered)
    assert "Paused" in data(own_bot, "pause")
    assert "everywhere, by os:" in doctor(own_bot)
    calls = len(own_slack.calls())
    before = len(own_slack.ephemerals("ada"))
    dropped = own_slack.post(channel, "ada", f"{MEGAPHONE} quietly dropped")
    own_slack.wait_delivered()
    assert "on pause" in ask(own_slack, "ada", channel, MEGAPHONE)
    assert "on pause" in ask(own_slack, "ada", channel, "watch")
    own_slack.press("ada", channel, own_slack.thread(channel, answered)[0]["ts"], "its_fine")
    own_slack.wait_for(lambda: len(own_slack.ephemerals("ada")) >= before + 3)
    own_slack.delete(channel, answered)
    own_slack.wait_delivered()
    assert [call.method for call in own_slack.calls()[calls:] if call.method != "response_url"] == []
    assert "quietly dropped" not in data(own_bot, "data", "export", "--channel", channel)
    assert MEGAPHONE not in data(own_bot, "data", "export", "--channel", channel)  # deleted: its words go all the same
    assert "Going on" in data(own_bot, "resume")
    reply(own_slack, channel, own_slack.post(channel, "ada", f"{MEGAPHONE} #after"))
    assert own_slack.thread(channel, dropped) == []


def test_admins_and_only_they_pause_from_slack(own_slack: SlackStandIn, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data", HUMANIZE_ADMINS="U0NOOR")
    bot.start()
    try:
        channel = watched_by(own_slack, bot, "admins")
        assert "Only these people" in ask(own_slack, "ada", channel, "pause")
        assert "read nothing" in ask(own_slack, "noor", channel, "pause")
        assert "on pause" in ask(own_slack, "ada", channel, "settings")
        assert "Only these people" in ask(own_slack, "ada", channel, "resume")
        assert "I'm back" in ask(own_slack, "noor", channel, "resume")
        reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
        log = data(bot, "data", "audit")
        assert [line.split()[1:3] for line in log.splitlines()][-2:] == [["pause", "U0NOOR"], ["resume", "U0NOOR"]]
    finally:
        bot.stop()


def watched_by(slack: SlackStandIn, bot: BotProcess, name: str) -> str:
    """A watched channel, by noor, who may in any case."""
    channel = slack.workspace.add_channel(name, ["U0ADA", "U0NOOR", "U0HUMANIZE"]).id
    assert "reading along now" in ask(slack, "noor", channel, "watch")
    return channel


def test_only_listed_channels_are_watched(own_slack: SlackStandIn, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data")
    bot.start()
    left, kept = watched(own_slack, "left"), watched(own_slack, "kept")
    assert bot.stop() == 0
    again = BotProcess(own_slack, tmp_path / "data", HUMANIZE_CHANNELS=kept)
    again.start()
    try:
        ignored = own_slack.post(left, "ada", MEGAPHONE)
        reply(own_slack, kept, own_slack.post(kept, "ada", MEGAPHONE))
        assert own_slack.thread(left, ignored) == []
        assert "has listed" in ask(own_slack, "ada", left, "watch")
        assert "why=not listed" in data(again, "data", "audit")
    finally:
        again.stop()


def test_forget_me_takes_words_and_replies_away(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "forget")
    mine = own_slack.post(channel, "ada", f"{MEGAPHONE} zanzibarquokka")
    theirs = own_slack.post(channel, "noor", f"{MEGAPHONE} #theirs")
    for ts in (mine, theirs):
        reply(own_slack, channel, ts)
    said = ask(own_slack, "ada", channel, "forget me")
    assert "1 of your drafts" in said
    assert "forget me now" in said
    assert own_slack.thread(channel, mine)
    assert "Done: 1 of your drafts" in ask(own_slack, "ada", channel, "forget me now")
    own_slack.wait_for(lambda: not own_slack.thread(channel, mine))
    assert len(own_slack.thread(channel, theirs)) == 1
    for path in own_bot.data.iterdir():
        if path.is_file():
            assert b"zanzibarquokka" not in path.read_bytes(), path.name
    assert "nothing of yours" in ask(own_slack, "ada", channel, "forget me")
    # An edit of what was forgotten is not read; a new draft is.
    own_slack.edit(channel, mine, f"{MEGAPHONE} zanzibarquokka again")
    reply(own_slack, channel, own_slack.post(channel, "ada", f"{MEGAPHONE} #new"))
    assert own_slack.thread(channel, mine) == []


def test_an_erasure_at_the_command_line_reaches_slack(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "erase")
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    reply(own_slack, channel, ts)
    assert "1 drafts have a reply" in data(own_bot, "data", "erase", "--channel", channel, "--yes")
    assert own_bot.stop() == 0
    own_bot.start()  # or within two minutes, by itself
    own_slack.wait_for(lambda: not own_slack.thread(channel, ts))


def test_the_playground_uses_nobodys_tokens_and_answers_this_machine_alone(
    own_slack: SlackStandIn, tmp_path: Path
) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": "xoxb-production",
        "SLACK_APP_TOKEN": "xapp-production",
        "SLACK_SIGNING_SECRET": "production",
        "SLACK_API_URL": own_slack.api_url,
        "HUMANIZE_DATA_DIR": str(tmp_path / "production"),
        "HUMANIZE_HOST": "0.0.0.0",  # noqa: S104 - to see that it is not taken
    }
    command = [sys.executable, "-m", "bot", "playground", "--port", "0", "--http"]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            port = int(url.rsplit(":", 1)[1])
            statuses = [_get(port, host, origin) for host, origin in FOREIGN]
            assert statuses == [403] * len(FOREIGN)
            assert _get(port, f"127.0.0.1:{port}", None) == 200
            assert _listeners(process.pid) <= {"0100007F"}  # 127.0.0.1, as Linux writes it
        finally:
            process.terminate()
            process.wait(30)
    assert own_slack.calls() == []
    assert not (tmp_path / "production").exists()


FOREIGN: list[tuple[str, str | None]] = [
    ("evil.example", None),
    ("evil.example:80", None),
    ("127.0.0.1.evil.example", None),
    ("localhost.evil.example", None),
    ("127.0.0.1", "http://evil.example"),
    ("127.0.0.1", "null"),
    ("[::1]", None),
    ("", None),
]


def _get(port: int, host: str, origin: str | None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("GET", "/", skip_host=True)
    connection.putheader("Host", host)
    if origin is not None:
        connection.putheader("Origin", origin)
    connection.endheaders()
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def _listeners(pid: int) -> set[str]:
    """The addresses on which a process listens, from /proc (Linux); empty elsewhere."""
    table = Path(f"/proc/{pid}/net/tcp")
    if not table.exists():
        return set()
    inodes = {str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink()}
    rows: list[list[Any]] = [line.split() for line in table.read_text().splitlines()[1:]]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes}


@pytest.mark.parametrize("name", ["HUMANIZE_STYLES", "HUMANIZE_ACCEPT"])
def test_paths_that_lead_elsewhere_are_no_way_in(own_slack: SlackStandIn, tmp_path: Path, name: str) -> None:
    """Settings name files of the operator's: what is there and is no rule is left out, and nothing of it is shown."""
    secret = tmp_path / "secret.txt"
    secret.write_text("zanzibarquokka\n" * 3)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    trick = f"../{tmp_path.name}/nothing,{loop},../../../../etc/passwd,{tmp_path}"
    bot = BotProcess(own_slack, tmp_path / "data", "http", **{name: trick})
    bot.start()
    try:
        assert "zanzibarquokka" not in bot.log()
        assert "root:" not in bot.log()
        assert "Traceback" not in bot.log()
        channel = watched(own_slack, name.lower().replace("_", "-"))
        reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
    finally:
        bot.stop()


def test_words_whose_time_is_over_go_at_the_start(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "old")
    ts = own_slack.post(channel, "ada", f"{MEGAPHONE} zanzibarquokka")
    reply(own_slack, channel, ts)
    assert own_bot.stop() == 0
    with closing(sqlite3.connect(own_bot.data / "humanize.db")) as db, db:
        db.execute("update drafts set received_at = '2020-01-01T00:00:00+00:00'")
    own_bot.start()
    for path in own_bot.data.iterdir():
        assert b"zanzibarquokka" not in path.read_bytes(), path.name
    assert len(own_slack.thread(channel, ts)) == 1  # Slack's own; it goes with its message
    own_slack.delete(channel, ts)
    own_slack.wait_for(lambda: not own_slack.thread(channel, ts))

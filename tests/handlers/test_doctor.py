"""What the doctor says of a Slack that is none, or whose clock is another: a real server answers, the bot's own way in
is used. Against the stand-in as an operator runs it: tests/e2e/test_doctor.py."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.doctor import Finding
from bot.settings import load_settings
from handlers.doctor import look_at_slack

ME = {"ok": True, "bot_id": "B1", "team_id": "T1", "team": "Acme", "user": "humanize"}


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[str]:
    """A server that gives every request the same answer; its address."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the server's names

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/"
        finally:
            server.shutdown()
            thread.join()


def look(address: str, tmp_path: Path) -> list[Finding]:
    tokens = {"SLACK_BOT_TOKEN": SecretStr("xoxb-1"), "SLACK_APP_TOKEN": SecretStr("xapp-1")}
    config = {"SLACK_CONFIG_TOKEN": SecretStr("xoxe.xoxp-1")}
    return list(look_at_slack(load_settings(SLACK_API_URL=address, data_dir=tmp_path, **tokens, **config)))


@pytest.mark.parametrize(
    "body",
    [
        b"<html>please log in</html>", b"[]", b"null", b'"words"', b"", b"\xff\xfe", b"{", b'{"ok": false}',
        b'{"ok": false, "error": {"a": 1}}', b'{"ok": false, "error": "Words of somebody\'s, <b>bold</b>"}',
        json.dumps({**ME, "team_id": None, "bot": None}).encode(), json.dumps({"ok": True, "bot_id": "B1"}).encode(),
        json.dumps({**ME, "bot": {"app_id": "A1"}, "manifest": []}).encode(),
        json.dumps({**ME, "bot": {"app_id": "A1"}, "manifest": {"features": {"slash_commands": [None]}}}).encode(),
    ],
)  # fmt: skip
def test_whatever_answers_in_slacks_place_is_a_finding(tmp_path: Path, body: bytes) -> None:
    with answering(200, body, **{"Content-Type": "text/html"}) as address:
        found = look(address, tmp_path)
    wrong = [one for one in found if one.state == "wrong"]
    assert {one.seen for one in wrong} == {f"{address} answers, but not as Slack does"}
    assert all("SLACK_API_URL" in one.mend for one in wrong)


@pytest.mark.parametrize(
    ("seconds", "state", "said"),
    [
        (0, "ok", "as Slack's"),
        (-90, "look", "90 s ahead of Slack's"),
        (400, "wrong", "400 s behind Slack's"),
        (-40_000, "wrong", "s ahead of Slack's"),
    ],
)
def test_a_clock_that_is_off_is_named_before_every_request_is_refused(
    tmp_path: Path, seconds: int, state: str, said: str
) -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds + 0.5), usegmt=True)
    with answering(200, json.dumps(ME).encode(), Date=then) as address:
        (clock,) = [one for one in look(address, tmp_path) if one.about == "clock"]
    assert clock.state == state
    assert said.removeprefix("90").removeprefix("400") in clock.seen
    assert ("NTP" in clock.mend) == (state != "ok")


@pytest.mark.parametrize("date", ["yesterday", "Mon, 99 Xyz 2026 99:99:99 GMT", ""])
def test_a_date_that_is_none_is_said(tmp_path: Path, date: str) -> None:
    with answering(200, json.dumps(ME).encode(), Date=date) as address:
        (clock,) = [one for one in look(address, tmp_path) if one.about == "clock"]
    assert (clock.state, clock.seen) == ("skipped", "Slack's answer has no date to compare with")

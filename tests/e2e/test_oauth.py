"""Installing in many workspaces, as browsers and Slack do it: states, tokens that end, two workspaces at once."""

import http.client
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from bot.playground.people import TEAM_ID
from bot.playground.server import SlackStandIn
from bot.store.connection import Connections
from bot.store.tokens import Tokens, TokenVault, new_key
from tests.e2e.harness import MEGAPHONE, BotProcess, reply

SECOND = "T0SECOND"
KEY = new_key()


@pytest.fixture
def many(own_slack: SlackStandIn, tmp_path: Path) -> Iterator[BotProcess]:
    bot = BotProcess(
        own_slack,
        tmp_path / "data",
        SLACK_BOT_TOKEN="",
        SLACK_CLIENT_ID=own_slack.backend.tokens.client_id,
        SLACK_CLIENT_SECRET=own_slack.backend.tokens.client_secret,
        HUMANIZE_ENCRYPTION_KEYS=KEY,
    )
    bot.start()
    yield bot
    bot.stop()


class Browser:
    """Somebody's browser: it keeps one cookie."""

    def __init__(self, bot: BotProcess) -> None:
        self._port = bot.port
        self.cookie = ""

    def get(self, path: str, **query: str) -> tuple[int, str, str]:
        """Status, the address it leads to, and the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request("GET", f"{path}?{urlencode(query)}", headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            cookie = answer.headers.get("set-cookie")
            if cookie:
                assert {"Secure", "HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
                self.cookie = cookie.split(";")[0]
            return answer.status, answer.headers.get("location", ""), answer.read().decode()
        finally:
            connection.close()

    def begin(self) -> str:
        """The state that goes to Slack."""
        status, link, _ = self.get("/slack/install")
        assert status == 302
        return parse_qs(urlsplit(link).query)["state"][0]

    def finish(self, **query: str) -> tuple[int, str]:
        status, _, page = self.get("/slack/oauth_redirect", **query)
        return status, page


def install(slack: SlackStandIn, bot: BotProcess, team: str) -> None:
    browser = Browser(bot)
    state = browser.begin()
    status, page = browser.finish(state=state, code=slack.oauth_code(team))
    assert (status, "Installed" in page) == (200, True), page


def in_team(payload: dict[str, Any], team: str) -> dict[str, Any]:
    """The same in another workspace."""
    moved: dict[str, Any] = json.loads(json.dumps(payload).replace(TEAM_ID, team))
    return moved


def watched_in(slack: SlackStandIn, team: str, name: str) -> str:
    """A watched channel of a workspace."""
    channel = slack.workspace.add_channel(name, ["U0ADA", "U0HUMANIZE"]).id
    payload = {
        "team_id": team, "channel_id": channel, "user_id": "U0ADA", "command": "/humanize", "text": "watch",
        "trigger_id": slack.surfaces.new_trigger("U0ADA"),
        "response_url": f"{slack.url}/_response/{slack.surfaces.new_response_url(channel, 'U0ADA', None)}",
    }  # fmt: skip
    told = len(slack.ephemerals("ada"))
    slack.run(slack.courier.ask("slash_commands", payload))
    slack.wait_for(lambda: any("reading along now" in m["text"] for m in slack.ephemerals("ada")[told:]))
    return channel


def post_in(slack: SlackStandIn, team: str, channel: str, text: str) -> str:
    """Somebody of a workspace writes; Slack tells it in that workspace's name."""
    slack.hold()
    ts = slack.post(channel, "ada", text)
    for delivery in slack.courier.held:
        delivery.payload = in_team(delivery.payload, team)
    slack.release_held()
    return ts


def teams_that_posted(slack: SlackStandIn, channel: str) -> set[str]:
    return {call.team for call in slack.calls("chat.postMessage") if call.args.get("channel") == channel}


def vault_put(bot: BotProcess, **changes: Any) -> Tokens:
    """Change the kept tokens of the first workspace."""
    db = Connections(bot.data / "humanize.db")
    vault = TokenVault(db, [KEY])
    kept = vault.get("", TEAM_ID)
    assert kept is not None
    vault.put(kept.model_copy(update=changes))
    db.close()
    return kept


def test_two_workspaces_each_speak_with_their_own_token(own_slack: SlackStandIn, many: BotProcess) -> None:
    for team in (TEAM_ID, SECOND):
        install(own_slack, many, team)
    for team in (TEAM_ID, SECOND):
        channel = watched_in(own_slack, team, f"of-{team.lower()}")
        reply(own_slack, channel, post_in(own_slack, team, channel, MEGAPHONE))
        assert teams_that_posted(own_slack, channel) == {team}
    with closing(sqlite3.connect(many.data / "humanize.db")) as db:
        assert db.execute("select team from installations order by team").fetchall() == [(TEAM_ID,), (SECOND,)]
        acts = db.execute("select who, team from audit where act = 'install' order by team").fetchall()
    assert acts == [("U0ADA", TEAM_ID), ("U0ADA", SECOND)]
    kept = b"".join(path.read_bytes() for path in many.data.iterdir() if path.is_file())
    assert not any(token.encode() in kept for token in own_slack.backend.tokens.valid)


def test_one_leaves_and_the_other_goes_on(own_slack: SlackStandIn, many: BotProcess) -> None:
    for team in (TEAM_ID, SECOND):
        install(own_slack, many, team)
    first, second = (watched_in(own_slack, team, f"of-{team.lower()}") for team in (TEAM_ID, SECOND))
    own_slack.hold()
    own_slack.emit({"type": "app_uninstalled"})
    own_slack.courier.held[0].payload = in_team(own_slack.courier.held[0].payload, SECOND)
    own_slack.release_held()
    own_slack.wait_delivered()
    late = post_in(own_slack, SECOND, second, MEGAPHONE)
    own_slack.wait_delivered()
    reply(own_slack, first, post_in(own_slack, TEAM_ID, first, MEGAPHONE))
    assert own_slack.thread(second, late) == []
    install(own_slack, many, SECOND)  # and comes back to what it had
    reply(own_slack, second, post_in(own_slack, SECOND, second, f"{MEGAPHONE} #again"))


@pytest.mark.parametrize("case", ["forged", "none", "reused", "other browser", "old"])
def test_a_state_is_good_once_and_in_its_own_browser(own_slack: SlackStandIn, many: BotProcess, case: str) -> None:
    browser = Browser(many)
    state = browser.begin()
    code = own_slack.oauth_code()
    if case == "forged":
        state = state[:-1] + ("a" if state[-1] != "a" else "b")
        browser.cookie = f"humanize-install={state}"
    elif case == "none":
        state, browser.cookie = "", "humanize-install="
    elif case == "reused":
        cookie = browser.cookie
        assert browser.finish(state=state, code=own_slack.oauth_code())[0] == 200
        browser.cookie = cookie
    elif case == "other browser":
        browser = Browser(many)
    else:
        with closing(sqlite3.connect(many.data / "humanize.db")) as db, db:
            db.execute("update oauth_states set made_at = ?", [(datetime.now(UTC) - timedelta(minutes=11)).isoformat()])
    status, page = browser.finish(state=state, code=code)
    assert (status, "begin again" in page) == (400, True)
    assert code in own_slack.backend.tokens.codes  # nobody exchanged it


def test_somebody_says_no(own_slack: SlackStandIn, many: BotProcess) -> None:
    browser = Browser(many)
    status, page = browser.finish(state=browser.begin(), error="access_denied")
    assert (status, "You said no" in page) == (200, True)
    assert own_slack.calls("oauth.v2.access") == []


def test_a_code_that_slack_refuses(own_slack: SlackStandIn, many: BotProcess) -> None:
    browser = Browser(many)
    status, page = browser.finish(state=browser.begin(), code="<script>")
    assert (status, "Not installed" in page, "<script>" in page) == (502, True, False)
    assert "invalid_code" in many.log()
    assert "Traceback" not in many.log()


def renewals(slack: SlackStandIn) -> list[Any]:
    return [call for call in slack.calls("oauth.v2.access") if call.args.get("grant_type") == "refresh_token"]


def test_a_token_that_ended_is_renewed_once(own_slack: SlackStandIn, many: BotProcess) -> None:
    own_slack.backend.rotate_tokens = True
    install(own_slack, many, TEAM_ID)
    channel = watched_in(own_slack, TEAM_ID, "renewed")
    old = vault_put(many, expires_at=datetime.now(UTC) - timedelta(minutes=1))
    posted = [own_slack.post(channel, "ada", f"{MEGAPHONE} #{number}") for number in range(8)]
    for ts in posted:
        reply(own_slack, channel, ts)
    assert len(renewals(own_slack)) == 1
    assert old.bot_token not in own_slack.backend.tokens.valid
    assert old.bot_token not in many.log()


def test_work_waits_while_a_token_can_not_be_renewed(own_slack: SlackStandIn, many: BotProcess) -> None:
    own_slack.backend.rotate_tokens = True
    install(own_slack, many, TEAM_ID)
    channel = watched_in(own_slack, TEAM_ID, "waits")
    kept = vault_put(many, expires_at=datetime.now(UTC) - timedelta(minutes=1), refresh_token="xoxe-1-nobodys")
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: "token not renewed" in many.log())
    own_slack.wait_delivered()
    assert own_slack.deliveries("message")[-1].answers[0].status == 200  # taken in all the same
    assert own_slack.thread(channel, ts) == []
    assert "invalid_refresh_token" in many.log()
    vault_put(many, expires_at=kept.expires_at, refresh_token=kept.refresh_token)  # installed once more, say
    reply(own_slack, channel, ts)
    assert "Traceback" not in many.log()


def test_slack_is_not_asked_before_an_ack(own_slack: SlackStandIn, many: BotProcess) -> None:
    own_slack.backend.rotate_tokens = True
    install(own_slack, many, TEAM_ID)
    channel = watched_in(own_slack, TEAM_ID, "limited")
    vault_put(many, expires_at=datetime.now(UTC) - timedelta(minutes=1))
    own_slack.fault("rate_limit", "oauth.v2.access", times=1, seconds=1)
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_delivered()
    assert [answer.status for answer in own_slack.deliveries("message")[-1].answers] == [200]
    assert own_slack.message(channel, ts) is not None


def test_the_doctor_looks_at_each_install(own_slack: SlackStandIn, many: BotProcess) -> None:
    own_slack.backend.rotate_tokens = True
    for team in (TEAM_ID, SECOND):
        install(own_slack, many, team)
    vault_put(many, expires_at=datetime.now(UTC) - timedelta(minutes=1))
    command = [sys.executable, "-m", "bot", "doctor", "--format", "json"]
    done = subprocess.run(command, env=many.settings, cwd=many.data, capture_output=True, text=True, check=False)
    seen = {one["about"]: (one["state"], one["seen"]) for one in json.loads(done.stdout)}
    assert seen["installs"] == ("ok", "2 workspaces")
    assert seen[f"install {TEAM_ID}"] == ("look", "its token has ended")
    assert seen[f"install {SECOND}"][0] == "ok"
    assert renewals(own_slack) == []


def test_two_companies_that_installed_it_share_a_channel(own_slack: SlackStandIn, many: BotProcess) -> None:
    """Slack delivers once, in the name of one of them; each author's own company counts, and a third is left alone."""
    for team in (TEAM_ID, SECOND):
        install(own_slack, many, team)
    channel = watched_in(own_slack, SECOND, "between")
    own_slack.workspace.channel(channel).ext_shared = True

    def write(team: str, text: str) -> str:
        own_slack.hold()
        ts = own_slack.post(channel, "ada", text)
        for delivery in own_slack.courier.held:
            delivery.payload["event"] |= {"team": team, "user_team": team, "source_team": team}
        own_slack.release_held()
        return ts

    strangers = write("T0THIRD", MEGAPHONE)
    unwatched = write(TEAM_ID, MEGAPHONE)  # the first company watches nothing there
    reply(own_slack, channel, write(SECOND, MEGAPHONE))
    assert teams_that_posted(own_slack, channel) == {SECOND}
    assert own_slack.thread(channel, strangers) == own_slack.thread(channel, unwatched) == []


def test_an_organisation_counts_as_one_workspace(own_slack: SlackStandIn, many: BotProcess) -> None:
    """Org-wide: one token, no workspace in the authorization, and channels that any of its workspaces may name."""
    own_slack.backend.tokens.org = "E0GRID"
    install(own_slack, many, "E0GRID")
    channel = own_slack.workspace.add_channel("org", ["U0ADA", "U0HUMANIZE"]).id
    key = own_slack.surfaces.new_response_url(channel, "U0ADA", None)
    payload = {
        "team_id": "T0WEST", "enterprise_id": "E0GRID", "is_enterprise_install": "true", "channel_id": channel,
        "user_id": "U0ADA", "command": "/humanize", "text": "watch", "response_url": f"{own_slack.url}/_response/{key}",
        "trigger_id": own_slack.surfaces.new_trigger("U0ADA"),
    }  # fmt: skip
    own_slack.run(own_slack.courier.ask("slash_commands", payload))
    own_slack.wait_for(lambda: any("reading along now" in m["text"] for m in own_slack.ephemerals("ada")))
    own_slack.hold()
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    for delivery in own_slack.courier.held:
        moved = in_team(delivery.payload, "T0EAST")
        grid = {"enterprise_id": "E0GRID", "team_id": None, "user_id": "U0HUMANIZE", "is_enterprise_install": True}
        delivery.payload = {**moved, "enterprise_id": "E0GRID", "authorizations": [grid]}
    own_slack.release_held()
    reply(own_slack, channel, ts)
    assert teams_that_posted(own_slack, channel) == {"E0GRID"}


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET"),
        ({"HUMANIZE_ENCRYPTION_KEYS": ""}, "HUMANIZE_ENCRYPTION_KEYS"),
        ({"SLACK_BOT_TOKEN": "xoxb-one"}, "not both"),
    ],
)
def test_what_is_missing_is_said_at_the_start(
    own_slack: SlackStandIn, tmp_path: Path, env: dict[str, str], said: str
) -> None:
    given = {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "s",
        "HUMANIZE_ENCRYPTION_KEYS": KEY,
    }
    bot = BotProcess(own_slack, tmp_path / "data", "http", **{**given, **env})
    bot.spawn()
    assert bot.process.wait(30) == 2
    assert said in bot.log()

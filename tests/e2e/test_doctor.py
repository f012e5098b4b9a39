"""`humanize-bot doctor` as an operator runs it, against the stand-in Slack: each trouble with how to mend it."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.manifest import load_manifest
from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, ROOT, BotProcess, watched
from tests.standin_llm import StandInLLM

Findings = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def granted() -> Iterator[SlackStandIn]:
    """A stand-in that granted what app.yaml asks for."""
    with SlackStandIn() as slack:
        slack.backend.manifest = load_manifest()
        slack.backend.scopes = ",".join(slack.backend.manifest["oauth_config"]["scopes"]["bot"])
        yield slack


def environment(slack: SlackStandIn, data: Path, **env: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "HUMANIZE_DATA_DIR": str(data),
        **env,
    }


def doctor(slack: SlackStandIn, data: Path, **env: str) -> tuple[int, Findings]:
    command = [sys.executable, "-m", "bot", "doctor", "--format", "json"]
    done = subprocess.run(
        command, env=environment(slack, data, **env), cwd=data, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, {one["about"]: one for one in json.loads(done.stdout)}


def test_all_is_well(granted: SlackStandIn, tmp_path: Path) -> None:
    code, seen = doctor(granted, tmp_path, SLACK_CONFIG_TOKEN=granted.backend.tokens.config)
    assert code == 0
    assert {about for about, one in seen.items() if one["state"] == "ok"} == {
        "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "clock", "scopes", "manifest", "disk", "parked drafts", "rules",
    }  # fmt: skip
    assert seen["language model"]["state"] == "skipped"
    assert "the first start" in seen["humanize.db"]["seen"]


@pytest.mark.parametrize(
    ("env", "about", "seen"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "SLACK_BOT_TOKEN", "Slack refuses it (invalid_auth)"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "SLACK_APP_TOKEN", "Slack refuses it (invalid_auth)"),
        ({"SLACK_APP_TOKEN": ""}, "transport", "neither"),
        ({"SLACK_CONFIG_TOKEN": "xoxe.wrong"}, "manifest", "Slack refuses it (invalid_auth)"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Slack", "can't be reached"),
    ],
    ids=["bot-token", "app-token", "no-transport", "config-token", "no-slack"],
)
def test_what_slack_refuses_is_wrong(
    granted: SlackStandIn, tmp_path: Path, env: dict[str, str], about: str, seen: str
) -> None:
    code, found = doctor(granted, tmp_path, **env)
    assert code == 1
    assert found[about]["state"] == "wrong"
    assert seen in found[about]["seen"]
    assert found[about]["mend"]
    assert "wrong" not in found[about]["seen"]  # no token is repeated


def test_missing_and_needless_scopes(own_slack: SlackStandIn, tmp_path: Path) -> None:
    wanted = load_manifest()["oauth_config"]["scopes"]["bot"]
    own_slack.backend.scopes = ",".join([*wanted[1:], "admin"])
    code, seen = doctor(own_slack, tmp_path)
    assert (code, seen["scopes"]["state"]) == (1, "wrong")
    assert seen["scopes"]["seen"] == f"missing: {wanted[0]}"
    own_slack.backend.scopes = ",".join([*wanted, "admin"])
    code, seen = doctor(own_slack, tmp_path)
    assert (code, seen["scopes"]["state"]) == (0, "look")
    assert seen["scopes"]["seen"] == "more than needed: admin"


def test_a_manifest_that_drifted(own_slack: SlackStandIn, tmp_path: Path) -> None:
    theirs = load_manifest()
    theirs["settings"]["event_subscriptions"]["bot_events"] = ["app_mention"]
    theirs["settings"]["event_subscriptions"]["request_url"] = "https://bot.example/slack/events"
    own_slack.backend.manifest = theirs
    _, seen = doctor(own_slack, tmp_path, SLACK_CONFIG_TOKEN=own_slack.backend.tokens.config)
    assert (seen["manifest"]["state"], seen["manifest"]["seen"]) == ("look", "differs in events")


def test_parked_drafts_with_their_reason_beside_the_working_bot(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    channel = watched(own_slack, "parked")
    own_slack.fault("error", "chat.postMessage", code="not_in_channel")
    own_slack.post(channel, "ada", MEGAPHONE)

    def parked() -> list[tuple[str, str]]:
        findings = doctor(own_slack, own_bot.data)[1]
        assert findings["humanize.db"]["state"] == findings["dbos.db"]["state"] == "ok"
        return [(one["seen"], one["mend"]) for about, one in findings.items() if about.startswith("parked d_")]

    # Not inside wait_for: the doctor asks the stand-in, which waits for nobody meanwhile.
    own_slack.wait_for(lambda: "draft parked" in own_bot.log())
    assert parked() == [("not_in_channel", "invite the bot to the channel again")]


def test_a_damaged_database_and_one_of_a_newer_version(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    own_bot.stop()
    with closing(sqlite3.connect(own_bot.data / "humanize.db")) as db, db:
        db.execute("insert into _sqlite_migrations(migration_set, name) values('humanize_bot', 'of_tomorrow')")
    (own_bot.data / "dbos.db").write_bytes(b"nothing of a database " * 1_000)
    code, seen = doctor(own_slack, own_bot.data)
    assert code == 1
    assert "of_tomorrow" in seen["humanize.db"]["seen"]
    assert seen["dbos.db"]["state"] == "wrong"
    assert "restore" in seen["dbos.db"]["mend"]


def test_a_language_model_is_tried_without_a_draft(granted: SlackStandIn, tmp_path: Path) -> None:
    code, seen = doctor(granted, tmp_path, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert code == 1
    assert "can't be reached" in seen["language model"]["seen"]
    with StandInLLM() as llm:
        assert doctor(granted, tmp_path, OPENAI_BASE_URL=llm.base_url)[1]["language model"]["state"] == "ok"


def test_as_text_for_people(granted: SlackStandIn, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "doctor"]
    env = environment(granted, tmp_path, SLACK_BOT_TOKEN="xoxb-wrong")
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "wrong   SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)\n        -> copy the bot token" in done.stdout

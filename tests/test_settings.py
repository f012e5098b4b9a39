"""Settings that no part could use are refused by name, and never shown."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import SettingsError, load_settings

CANARY = "zanzibarquokka"
TOKENS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CONFIG_TOKEN",
    "OPENAI_API_KEY",
)


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("value", [f"xoxb-{CANARY}\nX-More: 1", f"xoxb-{CANARY} 2", f"xoxb-{CANARY}é", f"\x1b{CANARY}"])
def test_a_token_that_fits_no_header_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as raised:
        load_settings()
    assert CANARY not in str(raised.value)


def test_blanks_round_a_token_are_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", " xoxb-1\n")
    token = load_settings().slack_bot_token
    assert token is not None
    assert token.get_secret_value() == "xoxb-1"


@pytest.mark.parametrize(("name", "value"), [("SLACK_API_URL", "garbage"), ("HUMANIZE_DATA_DIR", "a" * 5000)])
def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name.removeprefix("HUMANIZE_")):
        load_settings()


@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_a_bad_token_ends_in_a_line(tmp_path: Path, command: str) -> None:
    address = "http://127.0.0.1:9/"
    given = {"SLACK_BOT_TOKEN": f"xoxb-{CANARY}\nX", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": address}
    done = subprocess.run(
        [sys.executable, "-m", "bot", command],
        cwd=tmp_path,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert CANARY not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr

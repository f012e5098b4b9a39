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
    "SLACK_CLIENT_SECRET",
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


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-", "an app-level token; this one begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxp-", "a person's token; this one begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxe-1-", "a refresh token"),
        ("SLACK_APP_TOKEN", "xoxb-", "a bot token; this one begins with xapp-"),
        ("SLACK_SIGNING_SECRET", "xoxb-", "a bot token; this one is the Signing Secret"),
        ("SLACK_CLIENT_SECRET", "xapp-", "an app-level token; this one is the Client Secret"),
        ("OPENAI_API_KEY", "xoxb-", "a bot token; this one is of the language model's server"),
    ],
)
def test_tokens_in_each_others_place_are_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """A language model's host would be sent Slack's token, and with a person's the bot could do what they may."""
    monkeypatch.setenv(name, value + CANARY)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert f"{name}: is {said}" in str(raised.value)
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize("value", ["xoxb-1", "xoxe.xoxb-1-1"])
def test_both_kinds_of_bot_tokens_are_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", value)
    assert load_settings().slack_bot_token is not None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("http://slack.example/api/", "must begin with https://"),
        ("http://127.0.0.1.evil.example/api/", "must begin with https://"),
        (f"https://ada:{CANARY}@slack.example/api/", "holds a name or a password"),
    ],
)
def test_tokens_go_nowhere_unsealed(monkeypatch: pytest.MonkeyPatch, value: str, said: str) -> None:
    monkeypatch.setenv("SLACK_API_URL", value)
    with pytest.raises(SettingsError, match=said) as raised:
        load_settings()
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize("content", [b"SLACK_BOT_TOKEN=\xff\xfe" + CANARY.encode(), b"\xff\xfeS\x00"])
def test_an_env_file_that_is_no_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=r"The \.env file here can't be read \(it is not UTF-8\)") as raised:
        load_settings()
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize("name", ["HUMANIZE_STYLES", "HUMANIZE_ACCEPT", "HUMANIZE_REJECT", "HUMANIZE_DATA_DIR"])
def test_a_path_that_none_can_be_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"{name}='a\0/../b'\n")  # an environment can't hold one, a file can
    with pytest.raises(SettingsError, match=f"{name}: holds a NUL character"):
        load_settings()


def test_a_setting_is_named_as_people_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HUMANIZE_PORT", "HUMANIZE_SLACK_TIMEOUT_S", "HUMANIZE_LLM_WORKERS"):
        monkeypatch.setenv(name, "many")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert [line.split(":")[0].strip() for line in str(raised.value).splitlines()[1:]] == [
        "HUMANIZE_SLACK_TIMEOUT_S", "HUMANIZE_PORT", "HUMANIZE_LLM_WORKERS",
    ]  # fmt: skip


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HUMANIZE_DATA_DIR", "~/kept")
    assert load_settings().data_dir == tmp_path / "kept"


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

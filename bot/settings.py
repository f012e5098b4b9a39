"""Environment -> Settings: the only place that reads the environment.

Every name here is documented in docs/operating.md. Secrets are ``SecretStr``: they never print.
"""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

OPENAI_HOST = "api.openai.com"
HERE = ("127.0.0.1", "::1", "localhost")
OTHER_TOKENS = {
    "xoxb-": "a bot token",
    "xoxe.xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a person's token",
    "xoxe.xoxp-": "a person's token or a configuration token",
    "xoxe-": "a refresh token",
}
"""What a token begins with -> what Slack calls it."""
_BOT = ("xoxb-", "xoxe.xoxb-")
MEANT_FOR: dict[str, tuple[str, frozenset[str]]] = {
    "slack_bot_token": ("begins with xoxb-", frozenset(OTHER_TOKENS) - frozenset(_BOT)),
    "slack_app_token": ("begins with xapp-", frozenset(OTHER_TOKENS) - {"xapp-"}),
    "slack_signing_secret": ("is the Signing Secret, of 32 letters and digits", frozenset(OTHER_TOKENS)),
    "slack_client_secret": ("is the Client Secret, of 32 letters and digits", frozenset(OTHER_TOKENS)),
    "openai_api_key": ("is of the language model's server", frozenset(OTHER_TOKENS)),
}
"""Setting -> what it should be, and which tokens it is not."""
Names = Annotated[tuple[str, ...], NoDecode]
"""A list as people write it: with commas or line breaks."""


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which and how to mend it, never its value."""


class Settings(BaseSettings):
    """All that an operator can set. Prefix ``HUMANIZE_``, besides the names that Slack's and OpenAI's tools share."""

    model_config = SettingsConfigDict(
        env_prefix="HUMANIZE_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    # Slack
    slack_bot_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("SLACK_BOT_TOKEN"))
    slack_app_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("SLACK_APP_TOKEN"))
    slack_signing_secret: SecretStr | None = Field(default=None, validation_alias=AliasChoices("SLACK_SIGNING_SECRET"))
    slack_config_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("SLACK_CONFIG_TOKEN"))
    """Only for `doctor`: an app configuration token, to compare the app with app.yaml."""
    slack_client_id: str | None = Field(default=None, validation_alias=AliasChoices("SLACK_CLIENT_ID"))
    slack_client_secret: SecretStr | None = Field(default=None, validation_alias=AliasChoices("SLACK_CLIENT_SECRET"))
    """Both switch on installs in many workspaces; without them there is one, that of the bot token."""
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias=AliasChoices("SLACK_API_URL"))
    slack_timeout_s: float = Field(default=10, gt=0, le=60)

    # The LLM (any OpenAI-compatible server); none of it is needed
    openai_api_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("OPENAI_API_KEY"))
    openai_base_url: str | None = Field(default=None, validation_alias=AliasChoices("OPENAI_BASE_URL"))
    llm: bool = True
    """False switches the LLM off for the whole workspace, whatever else is set."""
    llm_model: str = "gpt-4.1-mini"
    llm_timeout_s: float = Field(default=20, gt=0, le=120)
    llm_max_retries: int = Field(default=2, ge=0, le=5)
    llm_daily_tokens: int = Field(default=1_000_000, ge=1)
    """What a workspace may spend a day (UTC), prompts and answers together."""
    llm_pause_s: float = Field(default=30, gt=0, le=3600)
    """How long a server that fails again and again is left alone."""
    voice: Path | None = None
    """A file with the team's sample posts and the words it likes and avoids."""

    # The team's own rules
    styles: Names = ()
    """Folders of Vale styles."""
    rules_off: Names = ()
    """Ids of rules, or names of styles."""
    accept: Names = ()
    reject: Names = ()
    """Words, or ``.txt`` files of them."""

    # Who may do what
    admins: Names = ()
    """Slack users who may pause the bot from within Slack."""
    channels: Names = ()
    """The only channels that may be watched; empty: any."""
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Fernet keys for Slack tokens at rest: the first one seals, all of them open."""

    # Where things are kept and served
    keep_text_days: int = Field(default=30, ge=1, le=3650)
    """How long drafts' words and their authors are kept; figures stay."""
    erase_after_uninstall_days: int = Field(default=30, ge=0, le=365)
    """How long the data of a workspace that removed the bot, or of somebody who was deactivated, are kept."""
    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    executor_id: str = Field(default="humanize-bot-1", min_length=1, max_length=64)
    workers: int = Field(default=4, ge=1, le=64)
    """Drafts reviewed at once."""
    llm_workers: int = Field(default=4, ge=1, le=64)
    """Rewrites asked of the LLM at once."""
    poll_s: float = Field(default=0.1, ge=0.01, le=1)
    """How often the queues are looked at, in seconds."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator(
        "voice",
        "openai_base_url",
        "openai_api_key",
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "slack_config_token",
        "slack_client_id",
        "slack_client_secret",
        mode="before",
    )
    @classmethod
    def _empty_means_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("styles", "rules_off", "accept", "reject", "admins", "channels", "encryption_keys", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.replace("\n", ",").split(",") if part.strip())

    @field_validator("admins", "channels")
    @classmethod
    def _are_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [name for name in value if not re.fullmatch(r"[UWCG][A-Z0-9]{2,}", name)]
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: not Slack's id (U… or W… for people, C… or G… for channels)")
        return value

    @field_validator("styles", "accept", "reject", "data_dir")
    @classmethod
    def _has_no_nul(cls, value: object) -> object:
        if "\x00" in "".join(map(str, value if isinstance(value, tuple) else [value])):
            raise ValueError("holds a NUL character, which no path can")
        return value

    @field_validator(
        *("openai_api_key", "slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_config_token"),
        "slack_client_secret",
    )
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        # Else the HTTP client's error would print it, token and all.
        plain = value.get_secret_value().strip() if value else ""
        if not (plain.isascii() and plain.isprintable()) or " " in plain:
            raise ValueError("holds a blank, a line break or another character that no token has; copy it again")
        return SecretStr(plain) if plain else None

    @field_validator(*MEANT_FOR)
    @classmethod
    def _is_no_other_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        # Slack would refuse them too, but for a person's token: with that the bot could do all that the person may.
        plain, (begins, other) = value.get_secret_value() if value else "", MEANT_FOR[str(info.field_name)]
        found = next(
            (what for prefix, what in OTHER_TOKENS.items() if plain.startswith(prefix) and prefix in other), ""
        )
        if found:
            raise ValueError(f"is {found}; this one {begins}. docs/slack.md says where Slack shows each")
        return value

    @field_validator("data_dir")
    @classmethod
    def _can_be_a_path(cls, value: Path) -> Path:
        try:
            value = value.expanduser()  # as a shell would: a .env file is not read by one
            value.exists()
        except (OSError, RuntimeError) as error:
            raise ValueError(f"can't be used as a folder ({getattr(error, 'strerror', error)})") from None
        return value

    @field_validator("openai_base_url", "slack_api_url")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value is not None and not (value.startswith(("http://", "https://")) and urlsplit(value).netloc):
            raise ValueError("must begin with http:// or https:// and name a host")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _is_safe_for_tokens(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.username is not None or parts.password is not None:
            raise ValueError("holds a name or a password, which Slack does not ask for")
        if parts.scheme != "https" and parts.hostname not in HERE:
            raise ValueError("must begin with https://: tokens and drafts go there. http:// is for 127.0.0.1 alone")
        return value if value.endswith("/") else value + "/"

    @property
    def llm_configured(self) -> bool:
        """Whether an LLM may be asked: not switched off, and a key or a base URL (local servers need no key)."""
        return self.llm and (self.openai_api_key is not None or self.openai_base_url is not None)

    @property
    def llm_host(self) -> str | None:
        """The host that drafts are sent to for rewriting, for notices to people; None without an LLM."""
        if not self.llm_configured:
            return None
        return urlsplit(self.openai_base_url).netloc.rpartition("@")[2] if self.openai_base_url else OPENAI_HOST

    def require_for(self, *, http: bool) -> None:
        """Raise SettingsError unless Slack can be spoken with: by one workspace's token, or by installs."""
        if self.slack_client_id is None and self.slack_client_secret is None:
            self.require("slack_bot_token", "slack_signing_secret" if http else "slack_app_token")
            return
        self.require("slack_client_id", "slack_client_secret", "slack_signing_secret")
        if self.slack_bot_token is not None:
            raise SettingsError("Set SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID for many: not both.")
        if not http:
            raise SettingsError("SLACK_CLIENT_ID is for installs by a link, which needs --http.")
        if not self.encryption_keys:
            raise SettingsError(
                "HUMANIZE_ENCRYPTION_KEYS not set: tokens of installs are kept sealed. "
                "`humanize-bot data new-key` makes one."
            )

    def require(self, *names: str) -> None:
        """Raise SettingsError naming every one of ``names`` that is unset."""
        missing = [name.upper() for name in names if getattr(self, name) is None]
        if missing:
            raise SettingsError(
                f"{', '.join(missing)} not set. docs/slack.md says where Slack shows it; "
                "set it in the environment or in a .env file here."
            )


def load_settings(**given: object) -> Settings:
    """Settings from ``given``, else the environment, else ``.env``. Raises SettingsError, never with a value."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by pydantic, not by their types
    except (UnicodeDecodeError, OSError) as error:  # a message of theirs may quote the file
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SettingsError(f"The .env file here can't be read ({why}). Mend it, or take it away.") from None
    except ValidationError as error:
        lines = [
            f"{_name(e['loc'])}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors(include_input=False)
        ]
        raise SettingsError("Some settings can't be used:\n  " + "\n  ".join(lines)) from None


def _name(place: tuple[int | str, ...]) -> str:
    """A setting as people write it: pydantic names those with a name of their own by it, others by their field."""
    name = str(place[0])
    return name if name.isupper() else f"HUMANIZE_{name.upper()}"

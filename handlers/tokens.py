"""Which token speaks for a workspace: the one of the settings, or one from the vault that is renewed before it ends.

A workspace is named as everywhere: ``T…``, or ``E…`` for an organisation that installed the app org-wide.
"""

import http
import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.settings import Settings
from bot.store.sqlite import SqliteStore
from bot.store.tokens import Tokens, TokenVault
from handlers.client import SlackAddress

log = logging.getLogger(__name__)

RENEW_BEFORE = timedelta(hours=1)
"""Slack's rotated tokens live 12 hours."""
AGAIN_AFTER = timedelta(minutes=1)
"""How long Slack is left alone after it did not renew a token."""
BUSY = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class TokenSource(Protocol):
    """Where tokens come from."""

    def kept(self, team: str) -> str | None:
        """A workspace's token from the store alone, maybe too old; None where there is none. Raises StoreError."""

    def client(self, team: str, *, patient: bool = True) -> WebClient:
        """A client with a workspace's token as it is at the time of each call."""


class OneToken:
    """SLACK_BOT_TOKEN: one workspace."""

    def __init__(self, address: SlackAddress, token: str | None) -> None:
        self._address = address
        self._token = token

    def kept(self, team: str) -> str | None:  # noqa: ARG002 - the protocol's
        """The setting."""
        return self._token

    def client(self, team: str, *, patient: bool = True) -> WebClient:  # noqa: ARG002 - the protocol's
        """A client with the setting."""
        return self._address.client(self._token, patient=patient)


class InstalledTokens:
    """Tokens of every workspace that installed the app. Safe to use from many threads."""

    def __init__(
        self,
        vault: TokenVault,
        address: SlackAddress,
        client_id: str,
        client_secret: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._vault = vault
        self._address = address
        self._app = {"client_id": client_id, "client_secret": client_secret}
        self._now = now
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._unsaved: dict[str, Tokens] = {}
        self._not_before: dict[str, datetime] = {}

    def kept(self, team: str) -> str | None:
        """As it is in the vault: Slack is not asked while an ack is due."""
        tokens = self._tokens(team)
        return tokens.bot_token if tokens else None

    def client(self, team: str, *, patient: bool = True) -> WebClient:
        """A client that looks the token up at each call."""
        return _TeamClient(self.token, team, self._address, patient)

    def token(self, team: str) -> str:
        """A token that is good now, renewed where it is about to end. Raises StoreError, SlackApiError, OSError."""
        tokens = self._tokens(team)
        if tokens is not None and not self._ends_soon(tokens):
            return tokens.bot_token
        with self._locks[team]:
            tokens = self._tokens(team)  # another thread may have renewed it meanwhile
            if tokens is None:
                raise _refusal("account_inactive")
            return self._renewed(team, tokens) if self._ends_soon(tokens) else tokens.bot_token

    def _tokens(self, team: str) -> Tokens | None:
        unsaved = self._unsaved.get(team)
        if unsaved is not None:  # Slack takes the old refresh token no more: this one must not be lost
            self._vault.put(unsaved)
            self._unsaved.pop(team, None)
        return self._vault.get(*place(team))

    def _ends_soon(self, tokens: Tokens) -> bool:
        return tokens.expires_at is not None and tokens.expires_at - self._now() < RENEW_BEFORE

    def _renewed(self, team: str, tokens: Tokens) -> str:
        now = self._now()
        alive = tokens.expires_at is not None and tokens.expires_at > now
        if now < self._not_before.get(team, now):
            if alive:
                return tokens.bot_token
            raise _refusal("token_expired")
        self._not_before[team] = now + AGAIN_AFTER
        try:
            answer = self._address.client(None, patient=False).oauth_v2_access(
                **self._app, grant_type="refresh_token", refresh_token=tokens.refresh_token or ""
            )
        except SlackApiError as error:
            code = str(error.response.get("error"))
            log.error("token not renewed", extra={"team": team, "code": code, "still_good": alive})
            if alive:
                return tokens.bot_token
            busy = error.response.status_code != http.HTTPStatus.OK or code in BUSY
            raise error if busy else _refusal("token_expired") from None
        except OSError as error:
            log.error("token not renewed", extra={"team": team, "code": type(error).__name__, "still_good": alive})
            if alive:
                return tokens.bot_token
            raise
        new = granted(team, answer, now)
        self._unsaved[team] = new
        self._tokens(team)
        del self._not_before[team]
        log.info("token renewed", extra={"team": team})
        return new.bot_token


class _TeamClient(WebClient):
    """Its token is looked up each time it is needed."""

    def __init__(self, token_of: Callable[[str], str], team: str, address: SlackAddress, patient: bool) -> None:
        self._token_of, self._of_team = token_of, team
        plain = address.client(None, patient=patient)
        super().__init__(base_url=plain.base_url, timeout=plain.timeout, retry_handlers=plain.retry_handlers)

    @property
    def token(self) -> str:
        """As it is now."""
        return self._token_of(self._of_team)

    @token.setter
    def token(self, _given: str | None) -> None:
        """slack_sdk sets it to None."""


def place(team: str) -> tuple[str, str]:
    """Where a workspace's tokens are in the vault: (enterprise, team)."""
    return (team, "") if team.startswith("E") else ("", team)


def granted(team: str, answer: SlackResponse, now: datetime) -> Tokens:
    """What oauth.v2.access gave."""
    enterprise, workspace = place(team)
    lives: Any = answer.get("expires_in")
    return Tokens(
        enterprise=enterprise,
        team=workspace,
        bot_token=str(answer["access_token"]),
        refresh_token=answer.get("refresh_token"),
        expires_at=now + timedelta(seconds=int(lives)) if lives else None,
    )


def _refusal(code: str) -> SlackApiError:
    """As if Slack had said so itself: whoever calls knows how to go on, and work waits."""
    response = SlackResponse(
        client=None, http_verb="POST", api_url="oauth.v2.access", req_args={}, data={"ok": False, "error": code},
        headers={}, status_code=200,
    )  # fmt: skip
    return SlackApiError(code, response)  # type: ignore[no-untyped-call]  # slack_sdk has no type for it


def token_source(settings: Settings, store: SqliteStore) -> OneToken | InstalledTokens:
    """As the settings have it. Raises StoreError when a key is missing for what is in the vault."""
    address = SlackAddress.of(settings)
    if settings.slack_client_id is None or settings.slack_client_secret is None:
        token = settings.slack_bot_token
        return OneToken(address, token.get_secret_value() if token else None)
    vault = vault_of(settings, store)
    vault.all()  # a wrong key is said at the start
    return InstalledTokens(vault, address, settings.slack_client_id, settings.slack_client_secret.get_secret_value())


def vault_of(settings: Settings, store: SqliteStore) -> TokenVault:
    """The vault with the keys of the settings."""
    return TokenVault(store.connections, [key.get_secret_value() for key in settings.encryption_keys])

"""Tokens that end, renewed against the stand-in's oauth.v2.access, with the vault on a real database."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.people import TEAM_ID
from bot.playground.server import SlackStandIn
from bot.store import StoreError
from bot.store.sqlite import SqliteStore
from bot.store.tokens import Tokens, TokenVault, new_key
from handlers.client import SlackAddress
from handlers.tokens import InstalledTokens

Kept = tuple[SlackStandIn, TokenVault, InstalledTokens]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """A workspace whose token ended a minute ago."""
    with SlackStandIn() as slack:
        slack.backend.rotate_tokens = True
        app = (slack.backend.tokens.client_id, slack.backend.tokens.client_secret)
        address = SlackAddress(slack.api_url, 5)
        answer = address.client(None).oauth_v2_access(client_id=app[0], client_secret=app[1], code=slack.oauth_code())
        store = SqliteStore(tmp_path / "humanize.db")
        vault = TokenVault(store.connections, [new_key()])
        vault.put(
            Tokens(
                team=TEAM_ID,
                bot_token=answer["access_token"],
                refresh_token=answer["refresh_token"],
                expires_at=datetime.now(UTC) - timedelta(minutes=1),
            )
        )
        yield slack, vault, InstalledTokens(vault, address, *app)
        store.close()


def renewals(slack: SlackStandIn) -> int:
    return sum(call.args.get("grant_type") == "refresh_token" for call in slack.calls("oauth.v2.access"))


def test_many_threads_renew_a_token_once(kept: Kept) -> None:
    slack, _, source = kept
    with ThreadPoolExecutor(16) as pool:
        tokens = set(pool.map(lambda _: source.token(TEAM_ID), range(64)))
    assert len(tokens) == 1
    assert tokens <= slack.backend.tokens.valid
    assert renewals(slack) == 1


def test_a_renewed_token_that_could_not_be_kept_is_not_lost(kept: Kept, tmp_path: Path) -> None:
    slack, vault, source = kept
    with closing(sqlite3.connect(tmp_path / "humanize.db", isolation_level=None)) as other:
        other.execute("begin immediate")  # another process writes, for longer than anybody waits
        with pytest.raises(StoreError):
            source.token(TEAM_ID)
        other.execute("rollback")
    token = source.token(TEAM_ID)
    assert token in slack.backend.tokens.valid
    assert renewals(slack) == 1
    now = vault.get("", TEAM_ID)
    assert now is not None
    assert now.bot_token == token


def test_a_token_that_is_still_good_is_used_while_slack_is_away(kept: Kept) -> None:
    slack, vault, source = kept
    old = vault.get("", TEAM_ID)
    assert old is not None
    vault.put(old.model_copy(update={"expires_at": datetime.now(UTC) + timedelta(minutes=30)}))
    slack.fault("status", "oauth.v2.access", status=503)
    assert source.token(TEAM_ID) == old.bot_token
    assert source.token(TEAM_ID) == old.bot_token  # and Slack is left alone for a minute
    assert renewals(slack) == 1


def test_a_limit_of_slacks_comes_through_as_one_and_a_refusal_as_an_ended_token(kept: Kept) -> None:
    slack, vault, source = kept
    slack.fault("rate_limit", "oauth.v2.access", seconds=7)
    with pytest.raises(SlackApiError) as limited:
        source.token(TEAM_ID)
    assert limited.value.response.status_code == 429
    with pytest.raises(SlackApiError) as ended:
        source.client(TEAM_ID).auth_test()
    assert ended.value.response["error"] == "token_expired"
    vault.drop("", TEAM_ID)
    with pytest.raises(SlackApiError) as gone:
        source.client(TEAM_ID).auth_test()
    assert gone.value.response["error"] == "account_inactive"
    assert source.kept(TEAM_ID) is None

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import StoreError
from bot.store.connection import Connections
from bot.store.sqlite import SqliteStore
from bot.store.tokens import Tokens, TokenVault, new_key

TOKENS = Tokens(
    enterprise="E1",
    team="T1",
    bot_token="xoxe.xoxb-canary",
    refresh_token="xoxe-refresh-canary",
    expires_at=datetime(2027, 1, 1, tzinfo=UTC),
)
OTHER = Tokens(team="T2", bot_token="xoxb-other-canary")


@pytest.fixture
def db(store: SqliteStore, tmp_path: Path) -> Iterator[Connections]:
    connections = Connections(tmp_path / "humanize.db")
    yield connections
    connections.close()


def test_what_is_put_in_comes_out(db: Connections) -> None:
    vault = TokenVault(db, [new_key()])
    vault.put(TOKENS)
    vault.put(OTHER)
    assert vault.get("E1", "T1") == TOKENS
    assert vault.all() == [OTHER, TOKENS]
    assert vault.get("", "T1") is None
    assert vault.drop("E1", "T1")
    assert not vault.drop("E1", "T1")
    assert vault.all() == [OTHER]


def test_no_token_can_be_read_from_the_disk(db: Connections, tmp_path: Path) -> None:
    TokenVault(db, [new_key()]).put(TOKENS)
    assert not any(b"canary" in path.read_bytes() for path in tmp_path.iterdir())
    assert "canary" not in repr(TOKENS)


def test_keys_are_rotated(db: Connections) -> None:
    old, new = new_key(), new_key()
    TokenVault(db, [old]).put(TOKENS)
    TokenVault(db, [old]).put(OTHER)
    both = TokenVault(db, [new, old])
    assert both.get("E1", "T1") == TOKENS
    assert both.rotate() == 2
    assert TokenVault(db, [new]).all() == [OTHER, TOKENS]
    with pytest.raises(StoreError, match="HUMANIZE_ENCRYPTION_KEYS"):
        TokenVault(db, [old]).get("E1", "T1")


def test_a_rotation_that_cannot_open_all_changes_nothing(db: Connections) -> None:
    old, new = new_key(), new_key()
    TokenVault(db, [old]).put(TOKENS)
    TokenVault(db, [new_key()]).put(OTHER)
    before = db.all("select * from tokens")
    with pytest.raises(StoreError, match="opens the tokens of T2"):
        TokenVault(db, [new, old]).rotate()
    assert db.all("select * from tokens") == before


def test_the_wrong_key_names_the_setting_and_no_key(db: Connections) -> None:
    right, wrong = new_key(), new_key()
    TokenVault(db, [right]).put(TOKENS)
    with pytest.raises(StoreError, match="HUMANIZE_ENCRYPTION_KEYS opens the tokens of E1/T1") as caught:
        TokenVault(db, [wrong]).get("E1", "T1")
    assert right not in str(caught.value)
    assert wrong not in str(caught.value)


def test_without_a_key_nothing_is_kept(db: Connections) -> None:
    with pytest.raises(StoreError, match="HUMANIZE_ENCRYPTION_KEYS is not set"):
        TokenVault(db, []).put(TOKENS)
    assert db.all("select * from tokens") == []


def test_a_key_that_is_none_is_named_by_its_place(db: Connections) -> None:
    with pytest.raises(StoreError, match="key number 2 is not a Fernet key") as caught:
        TokenVault(db, [new_key(), "secret-but-wrong"])
    assert "secret-but-wrong" not in str(caught.value)


def test_tokens_put_in_anothers_place_are_not_used(db: Connections, tmp_path: Path) -> None:
    vault = TokenVault(db, [new_key()])
    vault.put(TOKENS)
    vault.put(OTHER)
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as raw, raw:
        raw.execute("update tokens set sealed = (select sealed from tokens where team = 'T1') where team = 'T2'")
    with pytest.raises(StoreError, match="another workspace's"):
        vault.get("", "T2")

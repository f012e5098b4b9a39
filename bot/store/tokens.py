"""Slack tokens at rest: sealed with keys that never stand beside them.

``HUMANIZE_ENCRYPTION_KEYS`` holds Fernet keys: the first one seals, all of them open. To rotate, put a new key first,
restart, run ``humanize-bot data rotate-keys``, then take the old key out.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import Field, ValidationError

from bot.models import Model
from bot.store import StoreError
from bot.store.connection import Connections, Row

SETTING = "HUMANIZE_ENCRYPTION_KEYS"
HOW_TO_MAKE = "`humanize-bot data new-key` makes one"


class Tokens(Model):
    """What a workspace gave us. ``enterprise`` and ``team`` are Slack's ids; an org-wide install has no team, and most
    workspaces no enterprise: then they are empty."""

    enterprise: str = ""
    team: str = ""
    bot_token: str = Field(repr=False)
    refresh_token: str | None = Field(default=None, repr=False)
    expires_at: datetime | None = None
    """When ``bot_token`` ends, in UTC; None for one that does not."""


class TokenVault:
    """Seals and opens tokens. ``keys`` are Fernet keys, as ``Fernet.generate_key`` makes them.

    Raises StoreError naming the setting for a key that is none, when there is no key, and when none of them fits.
    """

    def __init__(self, db: Connections, keys: Sequence[str]) -> None:
        self._db = db
        self._fernet = _fernet(keys)
        self._first = _fernet(keys[:1])

    def put(self, tokens: Tokens) -> None:
        """Keep a workspace's tokens; replaces the ones it had."""
        sealed = self._box().encrypt(tokens.model_dump_json().encode()).decode()
        self._db.put("tokens", _row(tokens, sealed))

    def get(self, enterprise: str, team: str) -> Tokens | None:
        """A workspace's tokens; None when it has none."""
        row = self._db.one("select * from tokens where enterprise = ? and team = ?", [enterprise, team])
        return None if row is None else self._open(row)

    def all(self) -> list[Tokens]:
        """Everybody's tokens, for whoever renews them before they end."""
        return [self._open(row) for row in self._db.all("select * from tokens order by enterprise, team")]

    def drop(self, enterprise: str, team: str) -> bool:
        """Forget a workspace's tokens; whether there were any."""
        return bool(self._db.run("delete from tokens where enterprise = ? and team = ?", [enterprise, team]))

    def rotate(self) -> int:
        """Seal everything anew with the first key, all or nothing; how many there were."""
        box = self._box()
        with self._db.write() as db:
            rows = list(db.query("select * from tokens"))
            for row in rows:
                self._open(row)  # a row that was put in another's place is no longer sealed as if it were right
                values = [box.rotate(row["sealed"].encode()).decode(), _now(), row["enterprise"], row["team"]]
                db.execute("update tokens set sealed = ?, sealed_at = ? where enterprise = ? and team = ?", values)
        return len(rows)

    def behind(self) -> int:
        """How many are not sealed with the first key yet."""
        return sum(not self._is_first(row["sealed"]) for row in self._db.all("select sealed from tokens"))

    def _is_first(self, sealed: str) -> bool:
        try:
            return bool(self._first and self._first.decrypt(sealed.encode()))
        except InvalidToken:
            return False

    def _box(self) -> MultiFernet:
        if self._fernet is None:
            raise StoreError(f"Tokens are kept sealed or not at all, and {SETTING} is not set: {HOW_TO_MAKE}.")
        return self._fernet

    def _open(self, row: Row) -> Tokens:
        where = "/".join(filter(None, (row["enterprise"], row["team"])))
        try:
            tokens = Tokens.model_validate_json(self._box().decrypt(row["sealed"].encode()))
        except InvalidToken:
            raise StoreError(
                f"None of the keys in {SETTING} opens the tokens of {where}. Put the key they were sealed with back "
                "(behind the new one), or have the app installed there again."
            ) from None
        except ValidationError:
            raise StoreError(f"The tokens of {where} were kept by another version of humanize-bot.") from None
        if (tokens.enterprise, tokens.team) != (row["enterprise"], row["team"]):
            raise StoreError(f"The tokens kept for {where} are another workspace's. Install the app there again.")
        return tokens


def new_key() -> str:
    """A key for the setting."""
    return Fernet.generate_key().decode()


def check_keys(keys: Sequence[str]) -> None:
    """Raise StoreError for a key that is none, naming its place and never the key."""
    _fernet(keys)


def _fernet(keys: Sequence[str]) -> MultiFernet | None:
    boxes = []
    for number, key in enumerate(keys, start=1):
        try:
            boxes.append(Fernet(key))
        except ValueError:
            raise StoreError(f"{SETTING}: key number {number} is not a Fernet key; {HOW_TO_MAKE}.") from None
    return MultiFernet(boxes) if boxes else None


def _row(tokens: Tokens, sealed: str) -> Row:
    return {"enterprise": tokens.enterprise, "team": tokens.team, "sealed": sealed, "sealed_at": _now()}


def _now() -> str:
    return datetime.now(UTC).isoformat()

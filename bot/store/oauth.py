"""Installs under way: each state is good once, for ten minutes, and kept as a digest."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from bot.store.connection import Connections

LIVES = timedelta(minutes=10)


class OauthStates:
    """Methods raise StoreError."""

    def __init__(self, db: Connections) -> None:
        self._db = db

    def make(self) -> str:
        """A new state, 43 characters of a URL's alphabet; old ones go."""
        state = secrets.token_urlsafe(32)
        self._db.run("delete from oauth_states where made_at < ?", [(datetime.now(UTC) - LIVES).isoformat()])
        self._db.put("oauth_states", {"state": _digest(state), "made_at": datetime.now(UTC).isoformat()})
        return state

    def take(self, state: str) -> bool:
        """Use a state up; False when it was never made, was used before, or is too old."""
        since = (datetime.now(UTC) - LIVES).isoformat()
        sql = "delete from oauth_states where state = ? and made_at >= ?"
        return bool(self._db.run(sql, [_digest(state), since]))


def _digest(state: str) -> str:
    return hashlib.blake2b(state.encode("utf-8", "replace"), digest_size=16).hexdigest()

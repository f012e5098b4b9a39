"""Takes in a draft that somebody wants answered for themselves alone: checked, stored, enqueued."""

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

from bot import words
from bot.models import MAX_DRAFT_CHARS
from bot.store import PrivateAsk, StoredDraft, StoreError
from bot.text import from_mrkdwn, normalise
from handlers.wiring import Wiring


def refusal(text: str) -> str:
    """Why ``text`` (mrkdwn) can't be read, with how to mend it; empty when it can."""
    prose = from_mrkdwn(text).text.strip()
    if not normalise(prose).text.strip():
        return words.EMPTY_DRAFT
    if len(prose) > MAX_DRAFT_CHARS:
        return words.TOO_LONG.format(chars=f"{len(prose):,}", limit=f"{MAX_DRAFT_CHARS:,}")
    return ""


def new_ask(team: str, channel: str, user: str, text: str, **more: Any) -> PrivateAsk:
    """An ask of now; ``more`` as in :class:`PrivateAsk`."""
    clean = text.encode("utf-8", "replace").decode()  # JSON may hold half a surrogate pair, which no database takes
    asked = {"response_url": None, "id": f"a_{uuid.uuid4().hex}", **more}
    return PrivateAsk(team=team, channel=channel, user=user, text=clean, created_at=datetime.now(UTC), **asked)


def another(ask: PrivateAsk | StoredDraft, user: str, action_ts: str, **where: Any) -> PrivateAsk:
    """The same draft once more, from another angle; the same press twice makes the same ask."""
    seed = hashlib.blake2b(f"{ask.id}/{action_ts}/{user}".encode(), digest_size=16).hexdigest()
    text = ask.text or ""
    if isinstance(ask, StoredDraft):
        variant = ask.wishes.variant + 1
        return new_ask(ask.team, ask.channel, user, text, id=f"a_{seed}", variant=variant, **where)
    kept = ask.model_dump(include={"network", "audience", "hope", "must_keep"})
    variant = ask.variant + 1
    return new_ask(ask.team, ask.channel, user, text, id=f"a_{seed}", variant=variant, **kept, **where)


def take_in(wiring: Wiring, ask: PrivateAsk) -> str:
    """Store and enqueue an ask; what to say when that can't be, else nothing."""
    try:
        with wiring.store.write():
            wiring.store.save_ask(ask)
            wiring.queue.enqueue_ask(ask.id)
    except StoreError:
        return words.STORE_TROUBLE
    return ""


def host_for(wiring: Wiring, team: str, channel: str) -> str | None:
    """Where a private draft from here is sent on to; None when it stays. Raises StoreError."""
    return wiring.llm_host if wiring.llm_host and wiring.store.channel(team, channel).llm_allowed else None

"""What the LLM writer needs remembered: rewrites it made already, and how much it has spent."""

from typing import NamedTuple, Protocol

from bot.models import Origin


class Spent(NamedTuple):
    """One request to the server, for the books: figures and codes, no text."""

    model: str
    prompt: int
    prompt_tokens: int
    completion_tokens: int
    ms: int
    outcome: str
    """``ok``, or why it was no good: a fallback code."""


class Watch(Protocol):
    """Counts for operators. Safe to share between threads; raises nothing."""

    def tokens(self, prompt: int, completion: int) -> None:
        """The model read and wrote so many tokens."""

    def failed_check(self, name: str) -> None:
        """A candidate was refused by this check."""


class Memory(Protocol):
    """Safe to share between threads. Methods raise StoreError when the database can't be used."""

    def cached(self, key: str, origin: Origin) -> tuple[str, ...]:
        """The rewrites kept under ``key``, now linked to this draft as well; empty when there are none."""

    def earlier(self, base: str) -> tuple[str, ...]:
        """Every rewrite made of the same words and context, in whatever tone or turn; the oldest first, at most 20."""

    def keep(self, key: str, base: str, origin: Origin, texts: tuple[str, ...]) -> None:
        """Keep rewrites, unless their draft was deleted or erased meanwhile."""

    def drop(self, key: str) -> None:
        """Forget what is kept under ``key``."""

    def reserve(self, team: str, tokens: int, allowance: int) -> str | None:
        """Set tokens of today's allowance aside. The day they count for (UTC), or None when too little is left."""

    def settle(self, team: str, day: str, reserved: int, used: int) -> None:
        """Put what was used in the place of what was set aside."""

    def record(self, origin: Origin, spent: Spent) -> None:
        """Write a request into the books."""

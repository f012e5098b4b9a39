"""What the handlers need from the rest, bound once by ``bot.run.front``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from slack_sdk import WebClient

from bot.intake import Intake
from bot.rules import RuleSet
from bot.store import Store


class Queue(Protocol):
    """Durable work: each call has stored it when it returns, or when the block of ``Store.write`` round it ends.

    All raise StoreError.
    """

    def enqueue_review(self, draft_id: str, version: int) -> None:
        """Review one version of a draft that is in the store."""

    def enqueue_delivery(self, draft_id: str, reason: str, kind: str = "thread") -> None:
        """Bring Slack up to date with a draft."""

    def enqueue_rewrite(self, draft_id: str, reason: str, kind: str) -> None:
        """Write anew, as the draft's wishes are now, and show it in the reply of this kind."""

    def enqueue_ask(self, ask_id: str) -> None:
        """Answer a private ask."""

    def enqueue_files(self, shared_id: str, reason: str = "event") -> None:
        """Answer the files of a message, or take the answer away."""


@dataclass(frozen=True)
class Wiring:
    """Services of the handlers."""

    store: Store
    queue: Queue
    intake: Intake
    rules: RuleSet
    llm_host: str | None
    """Where drafts are sent for rewriting; None when no LLM is configured."""
    client_of: Callable[[str], WebClient] | None = None
    """A workspace's client, where many installed the app; None where there is one token."""
    admins: frozenset[str] = frozenset()
    """Who may change how the bot works in any channel; empty: the members of each channel."""
    channels: frozenset[str] = frozenset()
    """The only channels that may be watched; empty: any."""
    erase_after_days: int = 30
    """How long after a removal a workspace's data go."""
    keep_text_days: int = 30
    """How long words are kept, for notices."""

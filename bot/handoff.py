"""How the side that acks gives work to the side that works: by the store, as ids, in one transaction with the rest."""

from bot.store.handoffs import Handoffs


class HandoffQueue:
    """What handlers give work to. Each call is durable when it returns, or when the block of ``Store.write`` round it
    ends; all raise StoreError."""

    def __init__(self, handoffs: Handoffs) -> None:
        self._handoffs = handoffs

    def enqueue_review(self, draft_id: str, version: int) -> None:
        """Review one version of a draft; once for each version."""
        self._handoffs.add("review", draft_id, version)

    def enqueue_delivery(self, draft_id: str, reason: str, kind: str = "thread") -> None:
        """Bring Slack up to date with a draft; once for each (draft, reason)."""
        self._handoffs.add("deliver", draft_id, reason, kind)

    def enqueue_rewrite(self, draft_id: str, reason: str, kind: str) -> None:
        """Write anew, as the draft's wishes are now, and show it in the reply of this kind; once for each reason."""
        self._handoffs.add("rewrite", draft_id, reason, kind)

    def enqueue_ask(self, ask_id: str) -> None:
        """Answer a private ask, once."""
        self._handoffs.add("ask", ask_id)

    def enqueue_files(self, shared_id: str, reason: str = "event") -> None:
        """Answer the files of a message, or take the answer away; once for each reason."""
        self._handoffs.add("files", shared_id, reason)

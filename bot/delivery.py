"""Brings Slack to what the store says of a draft: one thread reply, or a quiet reaction, or nothing.

Level-triggered: each call looks at the newest state and does what is missing, so it may be called again after any
crash. Calls for one draft must not overlap (the queue's partition sees to that).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.models import Model, Part
from bot.spoken import asks_readers
from bot.store import PrivateAsk, Reply, ReplyKind, ReplyState, Store, StoredDraft

PRIVATE: ReplyKind = "private"
"""The answers that only a draft's author saw; one row, with the verdict told last."""


class OutboxBusyError(Exception):
    """Slack can't take it now (rate limit, outage, time-out): try again after ``retry_after`` seconds."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class OutboxRefusedError(Exception):
    """Slack will never take it (removed from the channel, archived, message gone): the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Answer(Model):
    """All that a reply shows."""

    draft_id: str
    kind: ReplyKind = "thread"
    parts: tuple[Part, ...]
    rewrite_pending: bool = False
    """An LLM's rewrite is still to come."""
    settled: bool = False
    """Somebody said that the draft is fine as it is."""
    gone: tuple[str, ...] = ()
    """What the version before had and this one has not, in words."""
    better_by: int = 0
    """Points of score gained since the version before."""
    known: tuple[str, ...] = ()
    """Rules whose why this reader was told within a week: not again, though their flags are shown."""
    listening: bool = False
    """The draft asks its readers something: ask who listens for replies."""

    @property
    def digest(self) -> str:
        """The same for the same words to show."""
        shown = self.model_copy(update={"parts": ()}) if self.settled else self
        return hashlib.blake2b(shown.model_dump_json().encode(), digest_size=12).hexdigest()


class Outbox(Protocol):
    """Slack's side. Methods raise OutboxBusyError or OutboxRefusedError; no error holds a draft's text."""

    def find_reply(self, draft: StoredDraft, kind: ReplyKind) -> str | None:
        """The ts of a reply already posted for this draft and kind, found by its metadata."""

    def post_reply(self, draft: StoredDraft, answer: Answer) -> str:
        """Post the reply in the draft's thread; its ts."""

    def update_reply(self, draft: StoredDraft, ts: str, answer: Answer) -> None:
        """Show the newest answer in the reply."""

    def remove_reply(self, draft: StoredDraft, ts: str) -> None:
        """Take a reply away; fine when it is gone already."""

    def set_reaction(self, draft: StoredDraft, present: bool) -> None:
        """Put the quiet reaction on the draft, or take it off; fine when it is so already."""

    def whisper(self, draft: StoredDraft, answer: Answer) -> None:
        """Show an answer to the draft's author alone, where they wrote. Busy as in ``answer_privately``."""

    def ask_who_listens(self, draft: StoredDraft) -> None:
        """One quiet line for the author alone: who listens for replies? Busy as in ``answer_privately``."""

    def shown_rules(self, answer: Answer) -> tuple[str, ...]:
        """The rules whose flags this answer shows."""

    def answer_privately(self, ask: PrivateAsk, answer: Answer) -> None:
        """Send an answer for the asker alone. OutboxBusyError with ``retry_after``: it certainly did not arrive."""

    def apologise(self, ask: PrivateAsk) -> None:
        """Tell the asker that the answer can't be shown."""

    def announce(self, team: str, channel: str, llm_host: str | None) -> None:
        """Tell a watched channel where its drafts go from now on."""


@dataclass(frozen=True)
class Delivery:
    """What is needed to bring Slack up to date. ``label`` gives the short words for a rule's id."""

    store: Store
    outbox: Outbox
    label: Callable[[str], str]

    def deliver(self, draft_id: str, kind: ReplyKind = "thread", *, llm: bool) -> str:
        """Bring Slack to the newest state of a draft; a code of what was done. Raises OutboxBusyError, StoreError.

        ``llm``: a rewrite by an LLM is to be expected while no suggestion is stored.
        """
        draft = self.store.draft(draft_id)
        if draft is None:
            return "unknown"
        try:
            if draft.deleted:
                return self._remove(draft)
            if not self.store.channel(draft.team, draft.channel).reads:
                return "unwatched"
            if not draft.parts:
                return "not_reviewed"
            if self.store.choices.of(draft.team, draft.channel).private:
                return self._whisper(draft, kind, llm)
            return self._show(draft, kind, llm)
        except OutboxRefusedError as refused:
            self.give_up(draft_id, refused.code)
            return f"parked:{refused.code}"

    def give_up(self, draft_id: str, code: str) -> None:
        """Park a draft that can't be answered, with a code of why. Does not read the draft: it may be the poison."""
        reply = self.store.intend(draft_id, "thread")
        self._save(reply, state="parked", reason=code)

    def _show(self, draft: StoredDraft, kind: ReplyKind, llm: bool) -> str:
        reply = self.store.reply(draft.id, kind)
        ts = reply.ts if reply else None
        if reply and ts is None:
            ts = self._find(draft, reply)
        answer = self._answer(draft, kind, llm)
        # In their own conversation people asked, and get words for an answer.
        if draft.human and ts is None and not answer.gone and not draft.channel.startswith("D"):
            if answer.listening:
                self._once(f"listening:{draft.id}", lambda: self.outbox.ask_who_listens(draft))
            return self._react(draft, present=True) if draft.praised else "quiet"
        if self.store.reply(draft.id, "reaction"):
            self._react(draft, present=False)
        return self._update(draft, ts, answer) if ts else self._post(draft, answer)

    def _whisper(self, draft: StoredDraft, kind: ReplyKind, llm: bool) -> str:
        """One whole answer that only the author sees, and a new one when an edit changed the verdict."""
        answer = self._answer(draft, kind, llm)
        if answer.rewrite_pending or answer.settled:
            return "waiting" if answer.rewrite_pending else "settled"
        private: ReplyKind = PRIVATE if kind == "thread" else kind
        before = self.store.reply(draft.id, private)
        verdicts = " ".join(part.review.sensitive or part.review.verdict for part in draft.parts)
        if before and before.shown == verdicts:
            return "same"
        if draft.human and before is None:
            if answer.listening:
                self._once(f"listening:{draft.id}", lambda: self.outbox.ask_who_listens(draft))
            return "quiet"
        reply = self.store.intend(draft.id, private)
        sent = self._once(f"{private}:{draft.id}:{draft.version}", lambda: self.outbox.whisper(draft, answer))
        self._save(reply, state="posted", shown=verdicts)
        if sent:
            self._count(draft, answer)
        return "whispered" if sent else "lost"

    def _once(self, key: str, say: Callable[[], None]) -> bool:
        """Say what can't be found again at most once; whether it was said now. Raises OutboxBusyError to be retried."""
        if not self.store.claim(key):
            return False
        try:
            say()
        except OutboxBusyError as busy:
            if busy.retry_after is None:
                return False  # it may have arrived: never a second time
            self.store.release(key)
            raise
        return True

    def _count(self, draft: StoredDraft, answer: Answer) -> None:
        """What was shown counts: for the share that people find useless, and so that no why is told twice a week."""
        if draft.author is not None and answer.kind == "thread":
            rules = self.outbox.shown_rules(answer)
            self.store.choices.note_shown(draft.team, draft.channel, draft.author, draft.id, rules)

    def _answer(self, draft: StoredDraft, kind: ReplyKind, llm: bool) -> Answer:
        before = self.store.previous(draft) if kind == "thread" else None
        still = {flag.rule for part in draft.parts for flag in part.review.flags}
        score = min(part.review.score for part in draft.parts)
        gone = tuple(dict.fromkeys(self.label(rule) for rule in before.rules if rule not in still)) if before else ()
        known = self.store.choices.explained(draft.team, draft.author, draft.id) if draft.author else frozenset[str]()
        return Answer(
            draft_id=draft.id,
            kind=kind,
            parts=draft.parts,
            rewrite_pending=llm and not draft.suggested and not draft.human,
            settled=draft.settled and kind == "thread",
            gone=gone,
            better_by=max(0, score - before.score) if before else 0,
            known=tuple(sorted(known)),
            listening=kind == "thread" and self._asks(draft),
        )

    def _asks(self, draft: StoredDraft) -> bool:
        """Whether the draft asks its readers something and does not say who answers; counted from the first time."""
        asks = any(asks_readers(part.review) for part in draft.parts)
        if asks:
            self.store.choices.ask_owner(draft.team, draft.channel, draft.id)
        return asks

    def _post(self, draft: StoredDraft, answer: Answer) -> str:
        # Saved before the post. A fresh intent needs no look-up, and _show has looked for an old one.
        reply = self.store.intend(draft.id, answer.kind)
        ts = self.outbox.post_reply(draft, answer)
        self._save(reply, state="posted", ts=ts, shown=answer.digest)
        self._count(draft, answer)
        return "posted"

    def _update(self, draft: StoredDraft, ts: str, answer: Answer) -> str:
        reply = self.store.reply(draft.id, answer.kind)
        if reply is None or reply.state == "removed":
            return "removed"
        if reply.shown == answer.digest:
            return "same"
        try:
            self.outbox.update_reply(draft, ts, answer)
        except OutboxRefusedError as refused:
            if refused.code != "message_not_found":
                raise
            self._save(reply, state="removed")  # somebody took our reply away: they meant it
            return "removed"
        self._save(reply, state="posted", shown=answer.digest, reason=None)
        self._count(draft, answer)
        return "updated"

    def _remove(self, draft: StoredDraft) -> str:
        done = "nothing_to_remove"
        for reply in self.store.replies(draft.id):
            if reply.kind == "reaction" or reply.state == "removed":
                continue  # a reaction goes with its message
            try:
                ts = None if reply.kind == PRIVATE else reply.ts or self._find(draft, reply)
                if ts:
                    self.outbox.remove_reply(draft, ts)
            except OutboxRefusedError as refused:
                self._save(reply, state="parked", reason=refused.code)  # and on to the others
                continue
            self._save(reply, state="removed", ts=ts)
            done = "removed"
        return done

    def _react(self, draft: StoredDraft, *, present: bool) -> str:
        reply = self.store.intend(draft.id, "reaction")
        wanted: ReplyState = "posted" if present else "removed"
        if reply.state != wanted:
            self.outbox.set_reaction(draft, present)
            self._save(reply, state=wanted)
        return "reacted" if present else "reaction_removed"

    def _find(self, draft: StoredDraft, reply: Reply) -> str | None:
        ts = self.outbox.find_reply(draft, reply.kind)
        if ts:
            self._save(reply, state="posted", ts=ts)
        return ts

    def _save(self, reply: Reply, **changes: str | None) -> None:
        self.store.save_reply(reply.model_copy(update=changes))

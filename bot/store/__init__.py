"""What the bot remembers: drafts, reviews, replies, channels. A protocol, so that SQLite and PostgreSQL serve alike."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import Field

from bot.models import Figures, Model, Network, Part, Wishes

if TYPE_CHECKING:
    from bot.store.audit import Audit
    from bot.store.choices import ChoiceStore
    from bot.store.digests import Digests
    from bot.store.erasure import Erasure
    from bot.store.handoffs import Handoffs
    from bot.store.lifecycle import Lifecycle
    from bot.store.personal import PersonalStore
    from bot.store.rollups import Rollups
    from bot.store.shared import SharedStore
    from bot.store.switches import Switches


class StoreError(Exception):
    """The store could not do what it was asked; says why and how to mend it, and holds no text of a draft."""


def slack_ts_us(ts: str) -> int:
    """Slack's ``"1700000000.000100"`` -> microseconds, so that versions compare as numbers. Raises ValueError."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int((fraction or "0")[:6].ljust(6, "0"))


def draft_id(team: str, channel: str, ts: str) -> str:
    """The id of a draft: the same for the same message, says nothing of its words."""
    return "d_" + hashlib.blake2b(f"{team}/{channel}/{ts}".encode(), digest_size=12).hexdigest()


class IncomingDraft(Model):
    """One version of a draft as Slack told it."""

    team: str
    channel: str
    ts: str
    thread_ts: str | None = None
    author: str
    edited_ts: str | None = None
    text: str = Field(repr=False)
    """Slack mrkdwn, as sent."""
    follows: str | None = None
    """The id of the draft this is the next version of, when somebody pasted it anew."""

    @property
    def id(self) -> str:
        """The draft's id."""
        return draft_id(self.team, self.channel, self.ts)

    @property
    def version(self) -> int:
        """Microseconds of ``edited.ts`` or ``ts``: the newest wins."""
        return slack_ts_us(self.edited_ts or self.ts)


class StoredDraft(Model):
    """The newest version of a draft, with what was found for it. ``text`` is None when deleted or erased."""

    id: str
    team: str
    channel: str
    ts: str
    thread_ts: str | None
    author: str | None
    version: int
    text: str | None = Field(repr=False)
    deleted: bool
    follows: str | None = None
    settled: bool = False
    """Somebody said that it is fine as it is."""
    parts: tuple[Part, ...] = Field(default=(), repr=False)
    """The drafts in it with their reviews, of exactly this version; empty while it is not reviewed."""
    wishes: Wishes = Wishes()

    @property
    def suggested(self) -> bool:
        """Whether every part has its suggestion."""
        return bool(self.parts) and all(part.suggestion is not None for part in self.parts)

    @property
    def human(self) -> bool:
        """Whether there is nothing to say of any part, as strict as its channel wants it."""
        return bool(self.parts) and not any(part.told for part in self.parts)

    @property
    def praised(self) -> bool:
        """Whether every part reads human: what the quiet reaction says."""
        return self.human and all(part.review.verdict == "human" for part in self.parts)


SaveOutcome = Literal["new", "newer", "same", "stale", "deleted"]
ReplyKind = str
"""``thread`` (the review), ``reaction``, or ``wish:TS`` (an answer to somebody's wish in the thread)."""
ReplyState = Literal["intended", "posted", "removed", "parked"]


class Reply(Model):
    """A post intent and what became of it; one for each (draft, kind)."""

    draft_id: str
    kind: ReplyKind
    state: ReplyState
    ts: str | None = None
    """Slack's ts of the reply, once known."""
    shown: str | None = None
    """Digest of what is shown, so that the same is not sent twice."""
    reason: str | None = None
    """Code of why it was parked."""


class Channel(Model):
    """A channel's settings."""

    team: str
    channel: str
    watched: bool = False
    watched_by: str | None = None
    llm_allowed: bool = True
    announced_host: str | None = None
    """Where people in the channel were told that drafts go; nothing is sent anywhere else."""

    @property
    def direct(self) -> bool:
        """Somebody's own conversation with the bot: whoever writes there asks for an answer."""
        return self.channel.startswith("D")

    @property
    def reads(self) -> bool:
        """Whether what is written here is read."""
        return self.watched or self.direct


class PrivateAsk(Model):
    """A draft somebody gave to ``/humanize``, a shortcut or a modal; the answer is for them alone."""

    id: str
    team: str
    channel: str
    user: str
    text: str | None = Field(repr=False)
    response_url: str | None = Field(repr=False)
    created_at: datetime
    parts: tuple[Part, ...] = Field(default=(), repr=False)
    replaces: bool = False
    """The answer takes the place of the message whose button was pressed."""
    view: str | None = None
    """The external id of the open modal that waits for the answer; None for an answer by ``response_url``."""
    variant: int = Field(default=0, ge=0)
    network: Network | None = None
    audience: str | None = Field(default=None, repr=False)
    hope: str | None = Field(default=None, repr=False)
    must_keep: tuple[str, ...] = Field(default=(), repr=False)


class Installation(Model):
    """Who the bot is in a workspace."""

    team: str
    bot_user_id: str
    bot_id: str


class Feedback(Model):
    """Somebody's word on a flag, or what became of a rewrite."""

    team: str
    channel: str
    user: str
    draft_id: str
    about: str
    """A rule's id, or ``rewrite``."""
    said: Literal["not_useful", "used", "used_tweaked"]


class Store(Protocol):
    """All methods raise StoreError when the database can't be used. Safe to call from many threads."""

    erasure: "Erasure"
    """Making words and people go."""
    switches: "Switches"
    """Whether the bot holds still."""
    audit: "Audit"
    """Who did what to the bot itself."""
    lifecycle: "Lifecycle"
    """Who came and who went."""
    choices: "ChoiceStore"
    """What people chose for a channel, and what is counted about rules."""
    personal: "PersonalStore"
    """What one person asks about themselves."""

    def close(self) -> None:
        """Close this store's connections."""

    def check(self) -> None:
        """Raise StoreError unless the database can be read and written."""

    rollups: "Rollups"
    """The weeks' figures."""
    digests: "Digests"
    """Who gets a digest when, and what became of each."""
    shared: "SharedStore"
    """Files that were shared, and what became of them."""

    handoffs: "Handoffs"
    """Work that was taken in and is still to be queued."""

    def write(self) -> AbstractContextManager[object]:
        """Keep all that the block writes, together, or nothing of it. The block must not wait for anything else."""

    # drafts
    def save_draft(self, draft: IncomingDraft) -> SaveOutcome:
        """Keep this version if it is the newest and the draft was not deleted."""

    def delete_draft(self, team: str, channel: str, ts: str) -> str:
        """Leave a tombstone (also for a draft not seen yet), drop the texts; the draft's id."""

    def draft(self, draft_id: str) -> StoredDraft | None:
        """The newest version of a draft."""

    def save_parts(self, draft_id: str, version: int, parts: tuple[Part, ...]) -> bool:
        """Keep reviews and suggestions if ``version`` is still the newest; whether it was."""

    def previous(self, draft: StoredDraft) -> Figures | None:
        """The figures of the version before this one, its own or those of the draft it follows."""

    def recent(self, team: str, channel: str, author: str, since_us: int) -> Iterator[StoredDraft]:
        """An author's drafts in a channel with a version since then, the newest first; at most 20."""

    def lately(self, team: str, besides: str) -> list[tuple[str, str | None]]:
        """(text, author) of the team's other drafts of the last week, the newest first; at most 100."""

    def wish(self, draft_id: str, wishes: Wishes) -> None:
        """Keep what was asked of the rewrite."""

    def settle(self, draft_id: str) -> None:
        """Somebody said that the draft is fine as it is, in its newest version."""

    def unfinished(self) -> list[tuple[str, int]]:
        """(draft id, version) of drafts that lack a review, a suggestion or a reply: what a crash may have left."""

    def purge(self) -> None:
        """Drop what is of no more use after a day, and words when their time is over."""

    # replies
    def intend(self, draft_id: str, kind: ReplyKind) -> Reply:
        """The post intent for (draft, kind), made when there is none."""

    def reply(self, draft_id: str, kind: ReplyKind) -> Reply | None:
        """The post intent, if there is one."""

    def replies(self, draft_id: str) -> list[Reply]:
        """Every post intent of a draft."""

    def parked(self) -> list[Reply]:
        """Every reply that could not be given, with the code of why; the newest drafts last."""

    def save_reply(self, reply: Reply) -> None:
        """Record what became of an intent."""

    # channels and workspaces
    def channel(self, team: str, channel: str) -> Channel:
        """The channel's settings; an unknown channel is not watched."""

    def watched_channels(self) -> list[Channel]:
        """Every channel that is read."""

    def set_watched(self, team: str, channel: str, by: str | None) -> None:
        """Read along on behalf of ``by``, or stop (None)."""

    def set_llm(self, team: str, channel: str, allowed: bool) -> None:
        """Whether a language model may see this channel's drafts."""

    def set_announced(self, team: str, channel: str, host: str | None) -> None:
        """The channel has been told where its drafts go."""

    def installation(self, team: str | None = None) -> Installation | None:
        """Who the bot is in a workspace; without ``team`` the only one."""

    def save_installation(self, installation: Installation) -> None:
        """Keep who the bot is."""

    # private answers
    def save_ask(self, ask: PrivateAsk) -> None:
        """Keep a private ask."""

    def ask(self, ask_id: str) -> PrivateAsk | None:
        """A private ask."""

    def answer_ask(self, ask_id: str, parts: tuple[Part, ...]) -> None:
        """Keep what was found for a private ask."""

    def save_feedback(self, feedback: Feedback) -> None:
        """Keep somebody's word; the same word twice counts once."""

    def open_asks(self) -> list[str]:
        """Private asks of the last half an hour, the life of their address, that nobody has finished."""

    def finish_ask(self, ask_id: str) -> None:
        """The answer is out (or lost): its address is of no more use."""

    def claim(self, key: str) -> bool:
        """True for the first caller only: at most once things take a claim before they act. Kept for a day."""

    def release(self, key: str) -> None:
        """Give a claim back: what it was for certainly did not happen."""

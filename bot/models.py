"""The shared language: what a draft is, what a review says of it, what a rewrite suggests.

Every model is frozen and refuses unknown fields; validation errors never carry the text that caused them.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Network = Literal["x", "linkedin", "instagram", "facebook", "threads", "email", "dm", "sms", "blog"]
Category = Literal["robotic", "megaphone", "auto_dm"]
Severity = Literal["suggestion", "warning", "error"]
Verdict = Literal["human", "mixed", "robotic", "megaphone", "auto_dm"]
Angle = Literal["curious", "helpful", "candid", "playful"]
Mix = Literal["own_promotion", "news", "sharing_others", "question", "reply", "thanks", "story"]

Topic = Literal["outage", "recall", "death", "layoffs", "legal", "security"]
"""What makes a post sensitive: people may be hurt, so it wants calm and no cheer. ``death`` stands for accidents, harm
to people and disasters too."""

MAX_DRAFT_CHARS = 40_000
"""Slack's own limit for one message; longer texts are refused with a clear error."""

MAX_TOLD_CHARS = 300
"""What a sender may say of the reader, or of the answer hoped for."""


class Model(BaseModel):
    """Base of all models: immutable, strict about names, silent about values in errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True)


class Origin(Model):
    """Where a draft came from: whose daily allowance of an LLM it draws on, and what an erasure goes by. No words."""

    team: str
    channel: str
    author: str | None = None
    draft_id: str
    """A draft's id, or that of a private ask."""


class Context(Model):
    """What the caller knows about a draft besides its words."""

    network: Network | None = None
    as_channel: bool = False
    """Apply the chatter filter: is this message a draft at all?"""
    in_thread: bool = False
    """The message is a reply in a thread; only explicit marks make it a draft."""
    must_keep: tuple[str, ...] = ()
    """Words a rewrite may not lose (a call to act, a campaign tag, a legal line)."""
    llm_allowed: bool = True
    """False when the LLM is switched off for the workspace or the channel."""
    angle: Angle | None = None
    """The tone somebody asked for."""
    shorter: bool = False
    """Somebody asked for a shorter rewrite."""
    variant: int = Field(default=0, ge=0)
    """0 for the first rewrite; each "another" asks for the next one, which differs from those before."""
    rules_off: tuple[str, ...] = ()
    """Ids of rules that are muted where the draft was written."""
    light: bool = False
    """Somebody asked for a light edit: at most three changes, most of the words as they are."""
    audience: str | None = Field(default=None, max_length=MAX_TOLD_CHARS, repr=False)
    """Who it is for, in the sender's words; data like the draft itself."""
    hope: str | None = Field(default=None, max_length=MAX_TOLD_CHARS, repr=False)
    """What the sender hopes to hear back; data like the draft itself."""
    earlier: tuple[str, ...] = Field(default=(), repr=False)
    """Rewrites of this draft that people have seen already, so that another one is another."""
    origin: Origin | None = None
    """None where nothing is remembered, as on the command line."""


class Flag(Model):
    """One finding. ``text[start:end] == match``, in characters of the reviewed text."""

    rule: str
    category: Category
    severity: Severity
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    match: str = Field(repr=False)
    why: str
    question: str


class Praise(Model):
    """A sign of a human voice that was found. Offsets as in :class:`Flag`."""

    rule: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    match: str = Field(repr=False)
    why: str


class Categories(Model):
    """How strongly a reader would feel each category, 0 (not at all) to 1."""

    robotic: float = Field(default=0.0, ge=0, le=1)
    megaphone: float = Field(default=0.0, ge=0, le=1)
    auto_dm: float = Field(default=0.0, ge=0, le=1)


class Review(Model):
    """The review of one version of a draft; deterministic for the same text and context."""

    text: str = Field(repr=False)
    network: Network | None = None
    is_draft: bool = True
    verdict: Verdict
    score: int = Field(ge=0, le=100)
    categories: Categories
    mix: Mix
    flags: tuple[Flag, ...] = ()
    """In order of weight: what a reader would feel first stands first."""
    praise: tuple[Praise, ...] = ()
    sensitive: Topic | None = None
    language: str | None = None
    """A language no rules are written for, as its ISO 639 code (``bot.rules.LANGUAGES`` names it): only rules that
    need no words ran. None for English, and where it is not clear."""


class Check(Model):
    """One check a candidate rewrite went through; ``reason`` says what failed in words that can be shown."""

    name: str
    passed: bool
    reason: str = ""


RewriteSource = Literal["llm", "rules"]


class Made(Model):
    """What a rewrite by an LLM was made with, and what it cost: repairs included, in tokens as the server counts."""

    model: str
    prompt: int
    """The version of the prompt."""
    prompt_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)
    cached: bool = False
    """Asked for before with the same words: nothing was spent this time."""


class Rewrite(Model):
    """A suggestion that passed every check."""

    text: str = Field(repr=False)
    source: RewriteSource
    question: str = Field(repr=False)
    kept: tuple[str, ...] = Field(default=(), repr=False)
    """Facts of the draft that stand in the rewrite: numbers, names, dates, links, mentions, hashtags."""
    dropped: tuple[str, ...] = Field(default=(), repr=False)
    """What the draft said and the rewrite does not: facts, asks, flagged words."""
    open: tuple[str, ...] = Field(default=(), repr=False)
    """Brackets that only a human can fill, such as ``[which customer?]``."""
    checks: tuple[Check, ...] = ()
    made: Made | None = None
    """Of an LLM's rewrites only."""


FallbackReason = Literal[
    "llm_off",
    "llm_not_announced",
    "no_key",
    "llm_refused_key",
    "llm_unknown_model",
    "llm_budget_spent",
    "llm_timeout",
    "llm_unavailable",
    "llm_bad_output",
    "checks_failed",
]
"""Why the LLM's words are not shown; codes only, so that they may be logged and stored."""


class Suggestion(Model):
    """All that the coach offers after a review."""

    leave_alone: bool = False
    """The draft is good as it is; no rewrite is offered."""
    rewrites: tuple[Rewrite, ...] = ()
    questions: tuple[str, ...] = Field(default=(), repr=False)
    """Shown instead when no candidate passed the checks."""
    advice: str | None = None
    """Honest advice beside the rewrite, e.g. not to send an auto-DM whose brackets nobody can fill."""
    sensitive: Topic | None = None
    """A sensitive post: no rewrite and no question, a calm checklist instead."""
    fallback: FallbackReason | None = None
    """Set when an LLM was asked for or configured, and its words are not shown."""


class Part(Model):
    """One of the drafts in a message, with what was found for it. Most messages hold one."""

    label: str | None = Field(default=None, repr=False)
    """As the message names it ("LinkedIn", "Option A", "1/5"); None when the whole message is the draft."""
    review: Review
    suggestion: Suggestion | None = None
    spoken: bool | None = None
    """Whether anything is said of it, as strict as its channel wants it (bot.spoken); None: as the verdict has it."""
    max_flags: int = Field(default=3, ge=1, le=3)
    """How many flags are shown."""

    @property
    def told(self) -> bool:
        """Whether there is anything to say of it."""
        if self.review.sensitive is not None:
            return True
        return self.review.verdict != "human" if self.spoken is None else self.spoken


class Wishes(Model):
    """What people asked of the rewrite of a draft; each wish adds to the ones before."""

    variant: int = Field(default=0, ge=0)
    angle: Angle | None = None
    shorter: bool = False
    light: bool = False
    keep: tuple[str, ...] = Field(default=(), repr=False)
    taken: tuple[str, ...] = ()
    """Where each came from (a message's or a button's ts), so that a second delivery adds nothing."""


class Figures(Model):
    """What stays of a version when its text is gone."""

    verdict: Verdict
    score: int
    rules: tuple[str, ...]

"""The coach: review a draft, then offer a rewrite that leads with a question.

    from bot.coach import Coach
    review = Coach().review("Big news! Sign up now")

A review is pure and the same with and without an LLM. A rewrite may come from an LLM or from rules alone, and has
passed the same checks either way.
"""

import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from bot import words
from bot.models import MAX_DRAFT_CHARS, Context, FallbackReason, Review, Rewrite, Suggestion
from bot.rewrite.failure import WriterError
from bot.rules import RuleSet, load_rules
from bot.rules.optout import without_marks

if TYPE_CHECKING:
    from bot.rewrite.rules_writer import RulesWriter

MAX_ANGLES = 3
WARM_UP = "BIG NEWS! We are thrilled to announce our new planner. Sign up now #news #plan #week"
MAX_QUESTIONS = 3


class DraftError(ValueError):
    """A text that cannot be reviewed. Its message says what is wrong and how to mend it, and never holds the text."""


class Writer(Protocol):
    """Writes rewrites that have passed every check."""

    def write(self, review: Review, context: Context, angles: int, rules: RuleSet) -> tuple[Rewrite, ...]:
        """Return one to ``angles`` rewrites; raises :class:`WriterError` when there are none."""
        ...

    def probe(self) -> None:
        """Log what is wrong with the server, if there is one; raises nothing."""
        ...


class Coach:
    """The use case. One for a process; safe to share between threads.

    ``rules`` default to the built-in styles, loaded when first needed. Without a ``writer`` rewrites come from rules.
    """

    def __init__(self, rules: RuleSet | None = None, writer: Writer | None = None) -> None:
        self._given = rules
        self._writer = writer

    @cached_property
    def rules(self) -> RuleSet:
        """The rules this coach reviews with."""
        return self._given if self._given is not None else load_rules()

    @cached_property
    def _rules_writer(self) -> "RulesWriter":
        from bot.rewrite.rules_writer import RulesWriter  # 50 ms: only for those who ask for a rewrite

        return RulesWriter(self.rules)

    def review(self, draft: str, context: Context | None = None) -> Review:
        """Review a draft. Raises :class:`DraftError` when it is empty, too long or no text."""
        _refuse(draft)
        return self.rules.review(draft, context or Context())

    def rewrite(self, review: Review, context: Context | None = None, *, angles: int = 1) -> Suggestion:
        """Suggest up to ``angles`` (1 to 3) rewrites of a reviewed draft, or to leave it alone.

        When the LLM does not help, the rules' rewrite is given and ``fallback`` says why; when nothing passes, the
        questions of the flags stand in. A sensitive draft gets neither, whatever its verdict: nobody should make words
        about a death or a breach sound warmer than they are. In a language other than English rules write nothing.
        Raises no error of a writer.
        """
        context = context or Context()
        if review.sensitive is not None:
            return Suggestion(sensitive=review.sensitive)
        if review.verdict == "human":
            return Suggestion(leave_alone=True)
        review = review.model_copy(update={"text": without_marks(review.text)})
        angles = max(1, min(angles, MAX_ANGLES))
        rewrites, fallback = self._ask_writer(review, context, angles)
        if not rewrites and review.language is None:  # rules ask in English only
            rewrites = self._by_rules(review, context, angles)
        questions = () if rewrites else tuple(dict.fromkeys(flag.question for flag in review.flags))[:MAX_QUESTIONS]
        advice = self._rules_writer.advice(review)
        if context.light and not rewrites:
            advice = " ".join(filter(None, (advice, words.NO_LIGHT_EDIT)))
        return Suggestion(rewrites=rewrites, questions=questions, advice=advice, fallback=fallback)

    def warm_up(self) -> None:
        """Load and compile what the first draft would otherwise wait for: about half a second."""
        self._rules_writer.write(self.review(WARM_UP), Context(), 1)

    def probe(self) -> None:
        """Look whether the writer's server is there, and log what is wrong with it. Sends no draft, raises nothing."""
        if self._writer is not None:
            self._writer.probe()

    def _by_rules(self, review: Review, context: Context, angles: int) -> tuple[Rewrite, ...]:
        if not context.light:
            return self._rules_writer.write(review, context, angles)
        from bot.rewrite.light import light_by_rules

        return light_by_rules(review, context, self.rules, self._rules_writer, angles)

    def _ask_writer(
        self, review: Review, context: Context, angles: int
    ) -> tuple[tuple[Rewrite, ...], FallbackReason | None]:
        if self._writer is None:
            return (), None
        if not context.llm_allowed:
            return (), "llm_off"
        try:
            return self._writer.write(review, context, angles, self.rules), None
        except WriterError as error:
            return (), error.reason


def _refuse(draft: str) -> None:
    if "\x00" in draft:
        raise DraftError("This holds NUL characters, so it is a file and not a text. Paste the words themselves.")
    if len(draft) > MAX_DRAFT_CHARS:
        raise DraftError(
            f"This draft has {len(draft):,} characters; the most I can read is {MAX_DRAFT_CHARS:,}. Try one post"
            f" at a time."
        )
    if not any(not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc") for c in draft):
        raise DraftError("There is nothing to read yet. Paste the words you mean to post.")


__all__ = ["Coach", "DraftError", "Writer", "WriterError"]

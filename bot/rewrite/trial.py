"""A reviewed draft and a candidate for it: what writers and checks read of both, each thing once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from bot.facts import Fact, Facts, facts
from bot.models import Context, Flag, Review, Rewrite
from bot.rewrite import ledger, lock, twists
from bot.rewrite.asks import is_genuine, questions
from bot.rewrite.forgiven import may_stay
from bot.rewrite.words import BRACKET, Sentence, outside_brackets, sentences, stems, words

TOLD_WORDS = 7
"""So many words in a row that a rewrite shares with its instructions are no chance."""


class Rules(Protocol):
    """What the checks need of ``bot.rules.RuleSet``."""

    def review(self, text: str, context: Context) -> Review:
        """Review a text."""
        ...

    def fires_alone(self, rule_id: str) -> bool:
        """Tell whether one hit of this rule is a flag by itself."""
        ...


@dataclass(frozen=True)
class Material:
    """A reviewed draft with all that is asked of it more than once."""

    review: Review
    context: Context
    rules: Rules
    prompt_text: str = ""
    """The words of the prompt, when an LLM wrote the candidate; none of its sentences may come back."""

    @cached_property
    def facts(self) -> Facts:
        """The facts of the draft."""
        return facts(self.review.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the draft's words."""
        return stems(self.review.text)

    @cached_property
    def pool(self) -> lock.Pool:
        """What of the draft a rewrite may repeat."""
        return lock.Pool(self.facts)

    @cached_property
    def ledger(self) -> ledger.Draft:
        """The draft as the list of what was left out reads it."""
        return ledger.Draft(self.facts, self.review.flags)

    @cached_property
    def told(self) -> frozenset[tuple[str, ...]]:
        """Runs of words that the prompt holds and the draft does not."""
        return lock.shingles(self.prompt_text, TOLD_WORDS) - lock.shingles(self.review.text, TOLD_WORDS)

    def reviewed(self, text: str) -> Review:
        """Review a candidate with its brackets filled; each text once."""
        if text not in self._reviews:
            self._reviews[text] = self.rules.review(filled(text), self.network)
        return self._reviews[text]

    def compared(self, rewrite: Facts) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        """Return the facts of the draft that a rewrite holds, and those it does not; the last one is remembered."""
        if rewrite.text not in self._compared:
            self._compared.clear()
            self._compared[rewrite.text] = lock.compare(self.facts, rewrite)
        return self._compared[rewrite.text]

    @cached_property
    def _compared(self) -> dict[str, tuple[tuple[Fact, ...], tuple[Fact, ...]]]:
        return {}

    @cached_property
    def _reviews(self) -> dict[str, Review]:
        return {}

    @cached_property
    def network(self) -> Context:
        """The context in which a rewrite is reviewed: the same network, as a text that is surely a draft."""
        return Context(network=self.review.network or self.context.network)


@dataclass(frozen=True)
class Trial:
    """A candidate before its checks."""

    candidate: Rewrite
    material: Material

    @cached_property
    def facts(self) -> Facts:
        """The facts of the candidate."""
        return facts(self.candidate.text)

    @cached_property
    def bare(self) -> str:
        """The candidate with its brackets blanked out."""
        return outside_brackets(self.candidate.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the candidate."""
        return sentences(self.facts)

    @cached_property
    def questions(self) -> tuple[Sentence, ...]:
        """The questions of the candidate."""
        return questions(self.facts)

    @cached_property
    def stated(self) -> str:
        """What the candidate states: brackets and questions blanked out."""
        return twists.stated(self.bare, self.questions)

    @cached_property
    def review(self) -> Review:
        """What the same rules say of the candidate, once its brackets are filled."""
        return self.material.reviewed(self.candidate.text)

    @cached_property
    def lone_flags(self) -> tuple[Flag, ...]:
        """The flags left that fire alone, but for those on nothing else than the words somebody wants kept."""
        kept = {w for text in self.material.context.must_keep for w in words(text)}
        return tuple(f for f in self._alone if not (kept and set(words(f.match)) <= kept) and f not in self.forgiven)

    @cached_property
    def _alone(self) -> tuple[Flag, ...]:
        return tuple(f for f in self.review.flags if self.material.rules.fires_alone(f.rule))

    @cached_property
    def forgiven(self) -> tuple[Flag, ...]:
        """The flags that are none beside the question that this candidate asks."""
        if not self._alone:
            return ()
        asked = next((q.end for q in self.questions if is_genuine(q.text)), None)
        text, has_link = self.candidate.text, bool(self.facts.of("link"))
        return tuple(f for f in self._alone if may_stay(f, text, asked, has_link))

    @property
    def excused(self) -> bool:
        """Tell whether all that is still flagged is forgiven or must stay: then the score can't say more."""
        return bool(self._alone) and not self.lone_flags

    def as_candidate(self, candidate: Rewrite) -> "Trial":
        """Return the trial of the same text under another description; what was read of the text is not read again."""
        trial = Trial(candidate, self.material)
        for name in ("facts", "bare", "sentences", "questions", "stated", "review", "_alone", "forgiven", "lone_flags"):
            if name in self.__dict__:
                trial.__dict__[name] = self.__dict__[name]
        return trial

    @property
    def draft(self) -> str:
        """The draft's text."""
        return self.material.review.text


def filled(text: str) -> str:
    """Put words where a bracket is, as a sender would, at equal length so that offsets stay."""
    return BRACKET.sub(lambda m: _filling(m.group()), text)


def _filling(bracket: str) -> str:
    size = len(bracket)
    if "name" in bracket.casefold():
        return "Alexandra"[:size].ljust(size, "a")
    return (
        (("a talk on the old pier, " * (size // 24 + 1))[: size - 1] + "x")
        if size > 6
        else "pier"[:size].ljust(size, "s")
    )

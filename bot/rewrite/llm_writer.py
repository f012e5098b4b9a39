"""The rewriter with an LLM. Its words pass the same checks as anybody's; at most two repairs, then a code.

What it wrote for the same words is remembered for a day and checked anew; what it costs comes out of a day's allowance.
"""

import hashlib
import json
import logging
import re
import time
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from bot.facts import reading_once
from bot.models import Check, Context, FallbackReason, Made, Review, Rewrite
from bot.rewrite import prompts
from bot.rewrite.breaker import Breaker
from bot.rewrite.checks import check_all
from bot.rewrite.describe import describe
from bot.rewrite.failure import WriterError
from bot.rewrite.light import few_changes
from bot.rewrite.llm_client import NOTHING, Answer, LlmClient, guessed_tokens
from bot.rewrite.llm_prompt import Mask, Message, example_questions, first_messages, mask_for, repair, told
from bot.rewrite.memory import Memory, Spent, Watch
from bot.rewrite.trial import Material, Rules
from bot.rewrite.voice import Voice, avoided
from bot.rewrite.words import words

log = logging.getLogger(__name__)

MAX_REPAIRS = 2
MAX_REWRITE_CHARS = 5_000
DAILY_TOKENS = 1_000_000
"""A workspace's allowance a day: some 400 rewrites. Proposed by this project, to end a runaway before the bill does."""
_TOKENS_FIXED, _TOKENS_MOST = 300, 4_000
MAX_STARTS = 8
_START = re.compile(r'\{\s*"rewrites"')
_THOUGHTS = re.compile(r"^\s*<think(?:ing)?>.*?</think(?:ing)?>", re.S)


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    text: str = Field(max_length=MAX_REWRITE_CHARS)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    rewrites: list[_Item] = Field(min_length=1, max_length=8)


def _schema() -> dict[str, Any]:
    """Return the schema of an answer without the limits that strict servers refuse; pydantic holds to those."""
    item = {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "required": ["text"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"rewrites": {"type": "array", "items": item}},
        "required": ["rewrites"],
        "additionalProperties": False,
    }


class _Tried(NamedTuple):
    rewrite: Rewrite
    failed: list[Check]


@dataclass(frozen=True)
class _Job:
    """One rewrite to be made, and all it is made from."""

    material: Material
    voice: Voice
    angles: int
    base: str
    """Hash of the words and their context; with the wishes it is ``key``."""
    key: str
    earlier: tuple[str, ...] = ()

    @property
    def context(self) -> Context:
        return self.material.context


class LlmWriter:
    """Writes with an OpenAI-compatible server. One for a process; safe to share between threads.

    ``timeout_s`` is for a whole rewrite with its repairs, in seconds of wall clock; ``max_retries`` is for one request.
    Without ``memory`` nothing is remembered and no allowance is kept. Raises PromptError when a prompt does not fit.
    """

    def __init__(
        self,
        *,
        base_url: str | None,
        api_key: str | None,
        model: str,
        timeout_s: float = 20,
        max_retries: int = 2,
        voice: Voice | None = None,
        memory: Memory | None = None,
        daily_tokens: int = DAILY_TOKENS,
        breaker: Breaker | None = None,
        watch: Watch | None = None,
    ) -> None:
        prompts.check_templates()
        self._client = LlmClient(base_url, api_key, model, timeout_s, max_retries, breaker)
        self._voice = voice or Voice()
        self._memory = memory
        self._daily_tokens = daily_tokens
        self._watch = watch
        self._server = base_url or ""
        self._told_spent: dict[str, str] = {}

    def probe(self) -> None:
        """Log what is wrong with the server, if anything; sends no draft. May take a few seconds; raises nothing."""
        self._client.probe()

    def write(self, review: Review, context: Context, angles: int, rules: Rules) -> tuple[Rewrite, ...]:
        """Return one to ``angles`` rewrites that passed every check. Raises :class:`WriterError` when none did.

        Raises StoreError when the memory can't be used.
        """
        job = self._job(review, context, angles, rules)
        remembered = self._remembered(job)
        if remembered:
            return remembered
        rewrites = self._asked(job)
        if self._memory and context.origin:
            self._memory.keep(job.key, job.base, context.origin, tuple(rewrite.text for rewrite in rewrites))
        return rewrites

    def _job(self, review: Review, context: Context, angles: int, rules: Rules) -> _Job:
        material = Material(review, context, rules, told())
        team = context.origin.team if context.origin else ""
        made_from = [
            team, self._server, self._client.model, prompts.VERSION, self._voice.digest, review.text,
            material.network.network, context.must_keep, context.audience, context.hope,
        ]  # fmt: skip
        base = _hash(made_from)
        key = _hash([base, context.angle, context.shorter, context.light, context.variant, angles])
        earlier = context.earlier if context.variant else ()
        if self._memory and context.origin and context.variant:
            earlier = tuple(dict.fromkeys((*self._memory.earlier(base), *earlier)))
        return _Job(material, self._voice, angles, base, key, earlier)

    def _remembered(self, job: _Job) -> tuple[Rewrite, ...]:
        """What was written for the same words before, if it still passes: rules and must-keeps may have changed."""
        origin = job.context.origin
        if not self._memory or not origin:
            return ()
        texts = self._memory.cached(job.key, origin)
        # Not against what was shown before: it is itself among that.
        tried = [_try(text, job, earlier=()) for text in texts]
        if not tried or any(one.failed for one in tried):
            if tried:
                self._memory.drop(job.key)
            return ()
        made = Made(model=self._client.model, prompt=prompts.VERSION, cached=True)
        return tuple(one.rewrite.model_copy(update={"made": made}) for one in tried)

    def _asked(self, job: _Job) -> tuple[Rewrite, ...]:
        deadline = time.monotonic() + self._client.timeout_s
        mask = mask_for(job.material, job.voice, job.earlier)
        messages = first_messages(job.material, job.voice, job.earlier, mask, job.angles)
        passed: dict[str, Rewrite] = {}
        failure: FallbackReason = "llm_bad_output"
        cost = NOTHING
        for turn in range(1 + MAX_REPAIRS):
            try:
                answer, tried = self._round(job, messages, mask, deadline)
            except WriterError as error:
                if not passed and (turn == 0 or error.reason != "llm_budget_spent"):
                    raise
                break
            cost = cost.plus(answer)
            passed |= {one.rewrite.text: one.rewrite for one in tried if not one.failed}
            if len(passed) >= job.angles or (passed and not any(one.failed for one in tried)) or answer.text is None:
                break
            failure = "checks_failed" if tried else "llm_bad_output"
            problems = [f"{check.name}: {check.reason}" for one in tried for check in one.failed]
            messages = repair(messages, answer.text[:MAX_REWRITE_CHARS], problems, mask)
        if not passed:
            raise WriterError(failure)
        made = Made(
            model=self._client.model,
            prompt=prompts.VERSION,
            prompt_tokens=cost.prompt_tokens,
            completion_tokens=cost.completion_tokens,
        )
        return tuple(rewrite.model_copy(update={"made": made}) for rewrite in passed.values())[: job.angles]

    def _round(self, job: _Job, messages: list[Message], mask: Mask, deadline: float) -> tuple[Answer, list[_Tried]]:
        """Ask once, try what came back, and write it into the books. Raises :class:`WriterError`."""
        most = min(_TOKENS_MOST, (_TOKENS_FIXED + len(job.material.review.text)) * job.angles)
        guess = guessed_tokens(messages)
        most = self._client.room(most)
        team = job.context.origin.team if job.context.origin else ""
        day = self._reserve(team, guess + most)
        started = time.monotonic()
        used = NOTHING
        outcome: str = "unexpected"
        try:
            used = self._client.ask(messages, _schema(), most, deadline)
            tried = [_try(mask.off(text), job, job.earlier) for text in _texts(used.text or "")]
            outcome = "llm_bad_output" if not tried else "checks_failed"
            outcome = "ok" if any(not one.failed for one in tried) else outcome
            if self._watch:
                for check in (check for one in tried for check in one.failed):
                    self._watch.failed_check(check.name)
        except WriterError as error:
            outcome = error.reason if error.asked else f"not_asked:{error.reason}"
            # Nobody says what a question without an answer cost; its prompt was read, as like as not.
            used = Answer(None, guess if error.asked and error.reason == "llm_timeout" else 0, 0)
            raise
        finally:
            if self._memory and day:
                self._memory.settle(team, day, guess + most, used.tokens)
            self._book(job.context, used, int((time.monotonic() - started) * 1000), outcome)
        return used, tried

    def _reserve(self, team: str, tokens: int) -> str | None:
        if not self._memory:
            return None
        day = self._memory.reserve(team, tokens, self._daily_tokens)
        if day is None:
            today = time.strftime("%Y-%m-%d", time.gmtime())
            if self._told_spent.get(team) != today:
                self._told_spent[team] = today
                log.warning(
                    "language model's allowance for the day is used up; rules write until midnight UTC"
                    " (HUMANIZE_LLM_DAILY_TOKENS)",
                    extra={"team": team, "tokens": self._daily_tokens},
                )
            raise WriterError("llm_budget_spent", asked=False)
        return day

    def _book(self, context: Context, used: Answer, ms: int, outcome: str) -> None:
        """One line in the log and one row in the books for each request: ids, figures, codes."""
        spent = Spent(self._client.model, prompts.VERSION, used.prompt_tokens, used.completion_tokens, ms, outcome)
        origin = context.origin
        ids = {"team": origin.team, "draft": origin.draft_id} if origin else {}
        log.info("language model call", extra={**ids, **spent._asdict()})
        if self._watch:
            self._watch.tokens(used.prompt_tokens, used.completion_tokens)
        if self._memory and origin and not outcome.startswith("not_asked"):
            self._memory.record(origin, spent)


def _hash(parts: list[Any]) -> str:
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=20).hexdigest()


@reading_once()
def _try(text: str, job: _Job, earlier: tuple[str, ...]) -> _Tried:
    candidate = describe(text.strip(), job.material, "llm")
    checks = (*check_all(candidate, job.material), *_own_checks(candidate, job, earlier))
    return _Tried(candidate.model_copy(update={"checks": checks}), [c for c in checks if not c.passed])


def _own_checks(candidate: Rewrite, job: _Job, earlier: tuple[str, ...]) -> list[Check]:
    """What only this writer's words are held to, where it was asked for."""
    lent = tuple(words(candidate.question)) in example_questions()
    found = {"not_an_example": "Its question is one of the examples'." if lent else ""}
    if job.context.light:
        found["light"] = few_changes(candidate.text, job.material.review.text)
    if job.voice.dont:
        found["team_words"] = avoided(candidate.text, job.voice.dont, job.context.must_keep)
    if earlier:
        found["another"] = _asked_before(candidate, earlier)
    return [Check(name=name, passed=not why, reason=why) for name, why in found.items()]


def _asked_before(candidate: Rewrite, earlier: tuple[str, ...]) -> str:
    asked = " ".join(words(candidate.question))
    same = bool(asked) and any(asked in " ".join(words(text)) for text in earlier)
    return "The same question as in a rewrite that was shown before." if same else ""


def _texts(content: str) -> list[str]:
    """Read the rewrites out of an answer: JSON, alone or with words, thoughts or a fence round it.

    Empty when there is none. Of several the last counts: models that think aloud try things first.
    """
    said = _THOUGHTS.sub("", content)
    starts = [match.start() for match in _START.finditer(said)][-MAX_STARTS:]
    for start in reversed(starts):
        try:
            found, _ = json.JSONDecoder().raw_decode(said, start)
            answer = _Answer.model_validate(found)
        except (ValueError, RecursionError):  # of pydantic too
            continue
        return list(dict.fromkeys(item.text for item in answer.rewrites if item.text.strip()))
    return []


__all__ = ["DAILY_TOKENS", "LlmWriter", "Mask"]

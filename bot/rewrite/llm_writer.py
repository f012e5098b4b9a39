"""The rewriter with an LLM. Its words pass the same checks as anybody's; at most two repairs, then a code.

The draft goes out as data: JSON between two lines nobody can guess, with email addresses and phone numbers masked.
"""

import json
import re
import secrets
import time
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.facts import facts
from bot.models import Check, Context, FallbackReason, Review, Rewrite
from bot.rewrite.checks import Material, Rules, check_all, longest
from bot.rewrite.describe import describe
from bot.rewrite.failure import WriterError
from bot.rewrite.lengths import limit_for
from bot.rewrite.llm_client import LlmClient
from bot.rewrite.prompts import lines, render, template

MAX_REPAIRS = 2
MAX_REWRITE_CHARS = 5_000
MAX_FLAGS_TOLD = 6
_TOKENS_FIXED, _TOKENS_MOST = 300, 4_000
_JSON = re.compile(r"\{.*\}", re.S)


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


class Mask:
    """Puts stand-ins where email addresses and phone numbers are, and takes them out again."""

    def __init__(self, text: str) -> None:
        salt = secrets.token_hex(3).upper()
        found = {f.text: f.kind for f in facts(text).of("email", "phone")}
        self._pairs = [(real, f"{kind.upper()}_{salt}_{n}") for n, (real, kind) in enumerate(found.items(), 1)]
        # The longest first, so that no number is replaced inside another.
        self._pairs.sort(key=lambda pair: -len(pair[0]))

    def on(self, text: str) -> str:
        """Mask a text; half a surrogate pair, which no request can carry, becomes a question mark."""
        for real, stand_in in self._pairs:
            text = text.replace(real, stand_in)
        return text.encode("utf-8", "replace").decode()

    def off(self, text: str) -> str:
        """Put the real ones back."""
        for real, stand_in in self._pairs:
            text = re.sub(rf"{stand_in}(?!\d)", lambda _, real=real: real, text)  # type: ignore[misc]  # a default binds it
        return text


class LlmWriter:
    """Writes with an OpenAI-compatible server. One for a process; safe to share between threads.

    ``timeout_s`` is for a whole rewrite with its repairs, in seconds of wall clock; ``max_retries`` is for one request.
    """

    def __init__(
        self, *, base_url: str | None, api_key: str | None, model: str, timeout_s: float = 20, max_retries: int = 2
    ) -> None:
        self._client = LlmClient(base_url, api_key, model, timeout_s, max_retries)

    def write(self, review: Review, context: Context, angles: int, rules: Rules) -> tuple[Rewrite, ...]:
        """Return one to ``angles`` rewrites that passed every check. Raises :class:`WriterError` when none did."""
        deadline = time.monotonic() + self._client.timeout_s
        material = Material(review, context, rules, _told())
        mask = Mask(review.text)
        messages = _first_messages(material, mask, angles)
        budget = min(_TOKENS_MOST, (_TOKENS_FIXED + len(review.text)) * angles)
        passed: dict[str, Rewrite] = {}
        failure: FallbackReason = "llm_bad_output"
        for _ in range(1 + MAX_REPAIRS):
            content = self._client.ask(messages, _schema(), budget, deadline)
            texts = _texts(content)
            tried = [_try(mask.off(text), material) for text in texts]
            passed |= {r.text: r for r, failed in tried if not failed}
            if len(passed) >= angles or (passed and not any(failed for _, failed in tried)):
                break
            failure = "checks_failed" if texts else "llm_bad_output"
            problems = [f"{check.name}: {check.reason}" for _, failed in tried for check in failed]
            repair = render(
                "rewrite-repair", failures=mask.on("\n".join(dict.fromkeys(problems)) or "It was not that JSON.")
            )
            messages = [
                *messages[:2],
                {"role": "assistant", "content": content[:MAX_REWRITE_CHARS]},
                {"role": "user", "content": repair},
            ]
        if not passed:
            raise WriterError(failure)
        return tuple(passed.values())[:angles]


def _told() -> str:
    return "\n".join(template(f"rewrite-{part}").template for part in ("system", "wishes", "repair"))


def _try(text: str, material: Material) -> tuple[Rewrite, list[Check]]:
    candidate = describe(text.strip(), material, "llm")
    checks = check_all(candidate, material)
    return candidate.model_copy(update={"checks": checks}), [c for c in checks if not c.passed]


def _texts(content: str) -> list[str]:
    """Read the rewrites out of an answer: JSON, or JSON with words or a fence round it. Empty when it is neither."""
    found = _JSON.search(content)
    if not found:
        return []
    try:
        answer = _Answer.model_validate_json(found.group())
    except ValidationError:
        return []
    return list(dict.fromkeys(item.text for item in answer.rewrites if item.text.strip()))


def _wishes(material: Material) -> str:
    """Say what somebody asked of this rewrite: a tone, fewer words, another way than the ones before."""
    context = material.context
    said = lines("rewrite-wishes", most=str(longest(material)))
    takes = [text for key, text in said.items() if key.startswith("take-")]
    wanted = [said[context.angle]] if context.angle else []
    wanted += [said["shorter"]] if context.shorter else []
    wanted += [takes[(context.variant - 1) % len(takes)]] if context.variant else []
    return "\n".join(wanted) or "Nothing in particular."


def _first_messages(material: Material, mask: Mask, angles: int) -> list[dict[str, str]]:
    review, network = material.review, material.network.network
    fence = f"-----{secrets.token_hex(12)}-----"
    room = limit_for(network, material.facts)
    keep = [*material.context.must_keep, *(f.text for f in material.facts.of("legal"))]
    flags = [{"words": f.match[:200], "question": f.question} for f in review.flags[:MAX_FLAGS_TOLD]]
    return [
        {
            "role": "system",
            "content": render(
                "rewrite-system",
                angles=str(angles),
                fence=fence,
                keep=mask.on(json.dumps(keep)) if keep else "none",
                wishes=_wishes(material),
            ),
        },
        {
            "role": "user",
            "content": render(
                "rewrite-user",
                network=network or "not said",
                room=f"{room} characters" if room else "no limit that matters",
                verdict=review.verdict,
                flags=mask.on(json.dumps(flags, ensure_ascii=False)),
                fence=fence,
                draft=json.dumps({"draft": mask.on(review.text)}, ensure_ascii=False),
            ),
        },
    ]

"""One question to an OpenAI-compatible server, with an end to it: time, retries and size are all bounded.

Chat completions are what most such servers speak. What a server does not know (a JSON schema, ``store``,
``max_tokens``) is left out once it has refused it, and that is remembered.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.models import FallbackReason
from bot.rewrite.failure import WriterError

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

DEFAULT_BASE_URL = "https://api.openai.com/v1"
MAX_ANSWER_BYTES = 256_000
FIRST_WAIT_S, MAX_WAIT_S = 0.25, 4.0
Messages = Sequence[Mapping[str, str]]


def make_client(base_url: str | None, api_key: str | None, timeout_s: float) -> "OpenAI":
    """Make the client: one for a process. Importing openai takes over a second, so it happens here and not before."""
    from openai import OpenAI

    # Local servers need no key, but the client insists on one.
    return OpenAI(base_url=base_url or DEFAULT_BASE_URL, api_key=api_key or "none", timeout=timeout_s, max_retries=0)


@dataclass
class Dialect:
    """What this server turned out not to know."""

    without: set[str] = field(default_factory=set)

    def trim(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Leave out what the server refused before; its own name for the cap on tokens stands in for the usual one."""
        kept = {k: v for k, v in asked.items() if k not in self.without}
        if "max_tokens" in self.without and "max_completion_tokens" not in self.without:
            kept["max_completion_tokens"] = asked["max_tokens"]
        return kept

    def learn(self, error: "APIStatusError", sent: Mapping[str, Any]) -> bool:
        """Learn from a refusal what to leave out; False when there is nothing left to leave out."""
        said = json.dumps(error.body, default=str).casefold() if error.body is not None else ""
        optional = [k for k in ("max_completion_tokens", "max_tokens", "store", "response_format") if k in sent]
        named = [k for k in optional if k in said or (k == "response_format" and "json_schema" in said)]
        guess = named or [k for k in ("response_format",) if k in sent]
        self.without.update(guess[:1])
        return bool(guess)


class LlmClient:
    """Asks a server and gives back the text of its answer. Safe to share between threads."""

    def __init__(
        self, base_url: str | None, api_key: str | None, model: str, timeout_s: float, max_retries: int
    ) -> None:
        self._settings = (base_url, api_key, timeout_s)
        self._model, self._max_retries, self.timeout_s = model, max_retries, timeout_s
        self._client: OpenAI | None = None
        self._lock = Lock()
        self._dialect = Dialect()

    def ask(self, messages: Messages, schema: dict[str, Any], max_tokens: int, deadline: float) -> str:
        """Return the answer's text. Raises :class:`WriterError` with a code, whatever goes wrong.

        ``deadline`` is on the clock of ``time.monotonic`` and covers all retries and waits.
        """
        import httpx2
        from openai import OpenAIError

        attempt = 0
        while True:
            asked = self._asked(schema, max_tokens)
            try:
                return self._once(messages, asked, deadline)
            except (OpenAIError, httpx2.HTTPError) as error:
                reason, wait = _reason(error), self._wait_after(error, asked, attempt)
            if wait is None or time.monotonic() + wait >= deadline:
                raise WriterError(reason)
            attempt += wait > 0
            time.sleep(wait)  # Retry-After or our own back-off; openai's retries know no deadline for all of them

    def _asked(self, schema: dict[str, Any], max_tokens: int) -> dict[str, Any]:
        json_schema = {"name": "rewrites", "strict": True, "schema": schema}
        response_format = {"type": "json_schema", "json_schema": json_schema}
        return self._dialect.trim({"max_tokens": max_tokens, "store": False, "response_format": response_format})

    def _once(self, messages: Messages, asked: Mapping[str, Any], deadline: float) -> str:
        left = deadline - time.monotonic()
        if left <= 0:
            raise WriterError("llm_timeout")
        completions: Any = self._opened().with_options(timeout=left).chat.completions
        body = bytearray()
        with completions.with_streaming_response.create(model=self._model, messages=messages, **asked) as response:
            # Read by pieces: a server that trickles must not outlive the deadline, nor fill the memory.
            for piece in response.iter_bytes():
                body += piece
                if time.monotonic() > deadline:
                    raise WriterError("llm_timeout")
                if len(body) > MAX_ANSWER_BYTES:
                    raise WriterError("llm_bad_output")
        return _content(bytes(body))

    def _opened(self) -> "OpenAI":
        with self._lock:
            if self._client is None:
                self._client = make_client(*self._settings)
            return self._client

    def _wait_after(self, error: Exception, asked: Mapping[str, Any], attempt: int) -> float | None:
        """Return how long to wait before the next try, 0 for a try in another dialect, None to give up."""
        from openai import APIStatusError

        if _reason(error) == "llm_timeout":
            return None
        if isinstance(error, APIStatusError):
            if error.status_code in (400, 422) and self._dialect.learn(error, asked):
                return 0.0
            if error.status_code not in (408, 409, 429) and error.status_code < 500:
                return None
        if attempt >= self._max_retries:
            return None
        told = _retry_after(error)
        return told if told is not None else min(FIRST_WAIT_S * 2**attempt, MAX_WAIT_S)


def _retry_after(error: Exception) -> float | None:
    response = getattr(error, "response", None)
    try:
        return max(0.01, float(response.headers["retry-after"])) if response is not None else None
    except (KeyError, ValueError):
        return None  # absent, or a date: our own wait then


def _reason(error: Exception) -> FallbackReason:
    import httpx2
    from openai import APITimeoutError, AuthenticationError, PermissionDeniedError

    if isinstance(error, (AuthenticationError, PermissionDeniedError)):
        return "llm_refused_key"
    return "llm_timeout" if isinstance(error, (APITimeoutError, httpx2.TimeoutException)) else "llm_unavailable"


def _content(body: bytes) -> str:
    """Return the text of a whole answer; a refusal, or one cut short or filtered, is bad output."""
    try:
        choice = json.loads(body)["choices"][0]
        message = choice["message"]
        content, refusal, finish = message.get("content"), message.get("refusal"), choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise WriterError("llm_bad_output") from None
    if refusal or finish in ("length", "content_filter") or not isinstance(content, str) or not content.strip():
        raise WriterError("llm_bad_output")
    return content

"""One question to an OpenAI-compatible server, with an end to it: time, retries and size are all bounded.

Chat completions are what most such servers speak. What a server does not know (a JSON schema, ``store``,
``max_tokens``) is left out once an answer came without it, and that is remembered.
"""

import json
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.models import FallbackReason
from bot.rewrite.breaker import Breaker
from bot.rewrite.failure import WriterError

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

log = logging.getLogger(__name__)

DEFAULT_BASE_URL = "https://api.openai.com/v1"
MAX_ANSWER_BYTES = 256_000
FIRST_WAIT_S, MAX_WAIT_S = 0.25, 4.0
PROBE_S = 5.0
CHARS_A_TOKEN = 3
"""To guess by where a server counts none; English has about four, so the guess is rather too high."""
ROOMY = 8_000
"""Tokens of an answer by a model that was cut short: those that think first count their thoughts as part of it."""
Messages = Sequence[Mapping[str, str]]


class Answer(NamedTuple):
    """What came back. ``text`` is None when it was refused, cut short, filtered or no chat completion."""

    text: str | None
    prompt_tokens: int
    completion_tokens: int

    @property
    def tokens(self) -> int:
        """Both together."""
        return self.prompt_tokens + self.completion_tokens

    def plus(self, other: "Answer") -> "Answer":
        """The other's words, and what both cost."""
        asked, said = self.prompt_tokens + other.prompt_tokens, self.completion_tokens + other.completion_tokens
        return Answer(other.text, asked, said)


NOTHING = Answer(None, 0, 0)


def make_client(base_url: str | None, api_key: str | None, timeout_s: float) -> "OpenAI":
    """Make the client: one for a process. Importing openai takes over a second, so it happens here and not before."""
    from openai import OpenAI

    # Local servers need no key, but the client insists on one.
    return OpenAI(base_url=base_url or DEFAULT_BASE_URL, api_key=api_key or "none", timeout=timeout_s, max_retries=0)


def guessed_tokens(messages: Messages) -> int:
    """How many tokens a prompt may have, guessed before it is sent."""
    return sum(len(message["content"]) for message in messages) // CHARS_A_TOKEN + 1


class LlmClient:
    """Asks a server and gives back its answer. Safe to share between threads.

    ``timeout_s`` is for a whole rewrite, ``pause_s`` for how long a failing server is left alone.
    """

    def __init__(
        self,
        base_url: str | None,
        api_key: str | None,
        model: str,
        timeout_s: float,
        max_retries: int,
        breaker: Breaker | None = None,
    ) -> None:
        self._settings = (base_url, api_key, timeout_s)
        self.model, self._max_retries, self.timeout_s = model, max_retries, timeout_s
        self._breaker = breaker or Breaker()
        self._client: OpenAI | None = None
        self._lock = Lock()
        self._unknown: frozenset[str] = frozenset()
        """What this server turned out not to know."""
        self._roomy = False

    def room(self, tokens: int) -> int:
        """How many tokens an answer is given that needs ``tokens``: many more once this model was cut short."""
        return max(tokens, ROOMY) if self._roomy else tokens

    def ask(self, messages: Messages, schema: dict[str, Any], max_tokens: int, deadline: float) -> Answer:
        """Return the answer. Raises :class:`WriterError` with a code when none came.

        ``deadline`` is on the clock of ``time.monotonic`` and covers all retries and waits.
        """
        json_schema = {"name": "rewrites", "strict": True, "schema": schema}
        asked = {
            "max_tokens": self.room(max_tokens),
            "store": False,
            "response_format": {"type": "json_schema", "json_schema": json_schema},
        }
        with self._breaker.call():
            return self._tried(messages, asked, deadline)

    def probe(self) -> FallbackReason | None:
        """Look whether the server is there, takes the key and has the model; log and return what is wrong.

        Sends no draft. A server that keeps no list of models is not asked for one again: no fault is found with it.
        """
        reason = self._probed()
        if reason:
            self._breaker.note(reason)
        return reason

    def _probed(self) -> FallbackReason | None:
        import httpx2
        from openai import APIStatusError, OpenAIError

        try:
            client = self._opened().with_options(timeout=min(PROBE_S, self.timeout_s))
            body = client.get("/models", cast_to=httpx2.Response).content
        except (OpenAIError, httpx2.HTTPError) as error:
            if not isinstance(error, APIStatusError) or error.status_code in (401, 403) or error.status_code in _LATER:
                return _reason(error)
            return None
        names = _names(body)
        if names and not {self.model, f"{self.model}:latest"} & names:
            return "llm_unknown_model"
        return None

    def _tried(self, messages: Messages, wanted: Mapping[str, Any], deadline: float) -> Answer:
        import httpx2
        from openai import APIStatusError, OpenAIError

        attempt, unknown, spent = 0, self._unknown, NOTHING
        while True:
            asked = _trimmed(wanted, unknown)
            try:
                answer, cut = self._once(messages, asked, deadline)
            except (OpenAIError, httpx2.HTTPError) as error:
                refused = _refused(error, asked) if isinstance(error, APIStatusError) else None
                if refused and time.monotonic() < deadline:
                    unknown |= {refused}
                    continue
                wait = self._wait_after(error, attempt)
                if wait is None or time.monotonic() + wait >= deadline:
                    raise WriterError(_reason(error)) from None
                attempt += 1
                time.sleep(wait)  # Retry-After or our own back-off; openai's retries know no deadline for all of them
                continue
            self._remember(unknown)
            spent = spent.plus(answer)
            if not cut or wanted["max_tokens"] >= ROOMY:
                return spent
            if not self._roomy:
                self._roomy = True
                log.info("language model was cut short: its answers get more room", extra={"tokens": ROOMY})
            wanted = {**wanted, "max_tokens": ROOMY}

    def _remember(self, unknown: frozenset[str]) -> None:
        with self._lock:
            new = unknown - self._unknown
            self._unknown |= unknown
        if new:
            log.info("language model server is asked without what it does not know", extra={"left_out": sorted(new)})

    def _once(self, messages: Messages, asked: Mapping[str, Any], deadline: float) -> tuple[Answer, bool]:
        """Ask one time. Return the answer, and whether it was cut short for want of room."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise WriterError("llm_timeout")
        completions: Any = self._opened().with_options(timeout=left).chat.completions
        body = bytearray()
        with completions.with_streaming_response.create(model=self.model, messages=messages, **asked) as response:
            # Read by pieces: a server that trickles must not outlive the deadline, nor fill the memory.
            for piece in response.iter_bytes():
                body += piece
                if time.monotonic() > deadline:
                    raise WriterError("llm_timeout")
                if len(body) > MAX_ANSWER_BYTES:
                    return Answer(None, guessed_tokens(messages), asked.get("max_tokens", 0)), False
        return _read(bytes(body), messages)

    def _opened(self) -> "OpenAI":
        with self._lock:
            if self._client is None:
                self._client = make_client(*self._settings)
            return self._client

    def _wait_after(self, error: Exception, attempt: int) -> float | None:
        """Return how long to wait before the next try, None to give up."""
        from openai import APIStatusError

        if attempt >= self._max_retries or _reason(error) == "llm_timeout":
            return None
        if isinstance(error, APIStatusError) and error.status_code not in _LATER and error.status_code < 500:
            return None
        told = _retry_after(error)
        return told if told is not None else min(FIRST_WAIT_S * 2**attempt, MAX_WAIT_S)


_LATER = frozenset({408, 409, 429, 500, 502, 503, 504})


def _trimmed(asked: Mapping[str, Any], unknown: frozenset[str]) -> dict[str, Any]:
    """Leave out what the server does not know; its own name for the cap on tokens stands in for the usual one."""
    kept = {k: v for k, v in asked.items() if k not in unknown}
    if "max_tokens" in unknown and "max_completion_tokens" not in unknown:
        kept["max_completion_tokens"] = asked["max_tokens"]
    return kept


def _refused(error: "APIStatusError", sent: Mapping[str, Any]) -> str | None:
    """Say which part of a request the server does not know, None when there is nothing left to leave out.

    A refusal that names none is laid to the JSON schema, the part that most servers lack.
    """
    if error.status_code not in (400, 404, 415, 422, 500, 501):
        return None
    said = json.dumps(error.body, default=str).casefold() if error.body is not None else ""
    optional = [k for k in ("max_completion_tokens", "max_tokens", "store", "response_format") if k in sent]
    named = [k for k in optional if k in said or (k == "response_format" and "json_schema" in said)]
    if error.status_code not in (400, 422):
        # Some servers fail over a schema in other ways; other failures name no part, or by chance.
        return "response_format" if "response_format" in named else None
    return next(iter(named or [k for k in ("response_format",) if k in sent]), None)


def _retry_after(error: Exception) -> float | None:
    """The header's seconds or date, as seconds from now."""
    response = getattr(error, "response", None)
    told = response.headers.get("retry-after") if response is not None else None
    if told is None:
        return None
    try:
        seconds = float(told)
    except ValueError:
        try:
            at = parsedate_to_datetime(told)
        except ValueError:
            return None
        seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
    return max(0.01, seconds) if seconds == seconds else None  # not a number: our own wait then


def _reason(error: Exception) -> FallbackReason:
    import httpx2
    from openai import APIStatusError, APITimeoutError, AuthenticationError, PermissionDeniedError

    if isinstance(error, (AuthenticationError, PermissionDeniedError)):
        return "llm_refused_key"
    if isinstance(error, APIStatusError) and error.status_code == 404 and "model" in str(error.body).casefold():
        return "llm_unknown_model"
    return "llm_timeout" if isinstance(error, (APITimeoutError, httpx2.TimeoutException)) else "llm_unavailable"


def _read(body: bytes, messages: Messages) -> tuple[Answer, bool]:
    """Read a whole answer, and whether it was cut short; what it cost counts whether it can be used or not."""
    try:
        completion = json.loads(body)
        choice = completion["choices"][0]
        message = choice["message"]
        content, refusal, finish = _joined(message.get("content")), message.get("refusal"), choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Answer(None, guessed_tokens(messages), len(body) // CHARS_A_TOKEN), False
    usable = not refusal and finish not in ("length", "content_filter") and content and content.strip()
    asked, said = _usage(completion)
    if asked is None or said is None:
        asked, said = guessed_tokens(messages), len(body) // CHARS_A_TOKEN + 1
    return Answer(content if usable else None, asked, said), finish == "length"


def _joined(content: object) -> str | None:
    """A message's words; some servers send them in parts."""
    if not isinstance(content, list):
        return content if isinstance(content, str) else None
    parts = [part for part in content if isinstance(part, dict) and part.get("type") == "text"]
    return "".join(str(part.get("text", "")) for part in parts)


def _names(body: bytes) -> set[str]:
    """The models in a server's list; none when it is no such list."""
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        return set()
    data = listed.get("data") if isinstance(listed, dict) else None
    return {str(model.get("id")) for model in data if isinstance(model, dict)} if isinstance(data, list) else set()


def _usage(completion: Mapping[str, Any]) -> tuple[int | None, int | None]:
    usage = completion.get("usage")
    counts = [usage.get(k) if isinstance(usage, dict) else None for k in ("prompt_tokens", "completion_tokens")]
    asked, said = (n if isinstance(n, int) and 0 <= n < 10**9 else None for n in counts)
    return asked, said

"""A stand-in for an OpenAI-compatible server: real HTTP on a port of its own, answers by script.

    with StandInLLM() as llm:
        llm.answer_with(good("Hello [name], what are you working on?"))
        LlmWriter(base_url=llm.base_url, api_key="k", model="m")

Answers are used in order; the last one stays. An answer may be a function of the request's JSON. The list of models is
asked for with GET; it is not there unless ``list_models`` says so.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    """One scripted answer. ``cut``: promise the whole body and close half-way. ``hang``: wait until the server closes.
    ``trickle_s``: seconds between single bytes."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    cut: bool = False
    trickle_s: float = 0


Script = Answer | Callable[[dict[str, Any]], Answer]


def content(text: str | None, *, finish: str = "stop", refusal: str | None = None, usage: object = (100, 20)) -> Answer:
    """A chat completion whose message holds ``text``; ``usage`` is (prompt tokens, completion tokens), or as given."""
    message = {"role": "assistant", "content": text, "refusal": refusal}
    completion = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "stand-in",
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        if isinstance(usage, tuple)
        else usage,
    }
    return Answer(body=json.dumps(completion).encode())


def good(*texts: str) -> Answer:
    """The answer asked for: JSON with these rewrites."""
    return content(json.dumps({"rewrites": [{"text": text} for text in texts]}))


def error(status: int, message: str = "no", **headers: str) -> Answer:
    """An error as OpenAI words it."""
    body = json.dumps({"error": {"message": message, "type": "error", "param": None, "code": None}}).encode()
    return Answer(status=status, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})


def no_json_schema(then: Answer) -> Script:
    """Refuse ``response_format``, like servers that know no schema; answer ``then`` without it."""
    return lambda asked: error(400, "unknown parameter: response_format") if "response_format" in asked else then


def models(*names: str) -> Answer:
    """The list of models a server has."""
    return Answer(body=json.dumps({"object": "list", "data": [{"id": n, "object": "model"} for n in names]}).encode())


class StandInLLM:
    """The server. ``requests`` holds the JSON of every request, in order; ``headers`` those of each.

    ``port`` 0 takes a free one; a fixed one lets a server come back where it was.
    """

    def __init__(self, port: int = 0) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._script: list[Script] = [error(500, "no answer scripted")]
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._models = error(404, "not found")
        self.probes = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def base_url(self) -> str:
        """What goes into OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def answer_with(self, *script: Script) -> None:
        """Answer with these in order from now on; the last one stays."""
        with self._lock:
            self._script = list(script)

    def list_models(self, answer: Answer) -> None:
        """Answer the question for models with this from now on."""
        self._models = answer

    def start(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Let hanging answers go and stop."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _next(self, asked: dict[str, Any], headers: dict[str, str]) -> Answer:
        with self._lock:
            self.requests.append(asked)
            self.headers.append(headers)
            script = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        return script if isinstance(script, Answer) else script(asked)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                stand_in._send(
                    self,
                    stand_in._next(json.loads(body), {name.lower(): value for name, value in self.headers.items()}),
                )

            def do_GET(self) -> None:
                stand_in.probes += 1
                stand_in._send(self, stand_in._models)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's name)
                """Say nothing."""

        return Handler

    def _send(self, to: BaseHTTPRequestHandler, answer: Answer) -> None:
        to.close_connection = True
        if answer.hang:
            self._closing.wait(60)
            return
        try:
            to.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", "Connection": "close", **answer.headers}.items():
                to.send_header(name, value)
            to.send_header("Content-Length", str(len(answer.body)))
            to.end_headers()
            if answer.trickle_s:
                for byte in answer.body:
                    to.wfile.write(bytes([byte]))
                    to.wfile.flush()
                    if self._closing.wait(answer.trickle_s):
                        return
            to.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client gave up first, as some tests want


__all__ = ["Answer", "StandInLLM", "content", "error", "good", "models", "no_json_schema"]

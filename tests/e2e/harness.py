"""The real bot as a process of its own, and words to look at what it did."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from bot.playground.server import SlackStandIn

ROOT = Path(__file__).parents[2]
MEGAPHONE = "🚀 BIG NEWS! We are thrilled to announce Flowdesk 2.0! Sign up NOW #SaaS #AI #CX"
START_S = 30.0


class BotProcess:
    """``humanize-bot serve --http`` in a process of its own, killed and started at will; its data stay."""

    def __init__(self, slack: SlackStandIn, data: Path, mode: Literal["http", "socket"] = "http", **env: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = data
        self.log_path = data / "bot.log"
        self.source = ROOT
        self.mode = mode
        self._slack = slack
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None
        data.mkdir(exist_ok=True)

    def start(self) -> None:
        """Start and wait until it answers; then Slack delivers to it."""
        self.spawn()
        end = time.monotonic() + START_S
        while not self._healthy():
            if self.process.poll() is not None:
                raise AssertionError(f"the bot ended with {self.process.returncode}: {self.log()[-2000:]}")
            if time.monotonic() > end:
                raise AssertionError(f"the bot is not up after {START_S} s: {self.log()[-2000:]}")
            self.process_wait(0.05)
        if self.mode == "http":
            self._slack.use_http(f"{self.url}/slack/events")
        else:
            self._slack.use_socket()

    @property
    def settings(self) -> dict[str, str]:
        """Its environment, for commands beside it too."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(self.source),
            "PYTHONWARNINGS": "ignore",
            "SLACK_BOT_TOKEN": self._slack.bot_token,
            "SLACK_APP_TOKEN": self._slack.app_token,
            "SLACK_SIGNING_SECRET": self._slack.signing_secret,
            "SLACK_API_URL": self._slack.api_url,
            "HUMANIZE_DATA_DIR": str(self.data),
            "HUMANIZE_PORT": str(self.port),
            "HUMANIZE_POLL_S": "0.05",
            "HUMANIZE_SLACK_TIMEOUT_S": "3",
            **self._env,
        }

    def spawn(self) -> None:
        """Start without waiting."""
        with self.log_path.open("ab") as log:
            command = [sys.executable, "-m", "bot", "serve", f"--{self.mode}"]
            # A group of its own, so that front and worker can be killed in the same moment.
            self._process = subprocess.Popen(
                command, cwd=self.data, env=self.settings, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the bot was not started"
        return self._process

    def kill(self) -> None:
        """SIGKILL to both processes: nothing of it runs on."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_front(self) -> None:
        """SIGKILL to the process that acks alone; the worker ends by itself."""
        self.process.kill()
        self.process.wait()

    def kill_worker(self) -> None:
        """SIGKILL to the process that works alone; the front starts another."""
        os.kill(self.worker, signal.SIGKILL)

    @property
    def worker(self) -> int:
        """The worker's process id."""
        started = [json.loads(line)["pid"] for line in self.log().splitlines() if '"worker started"' in line]
        return int(started[-1])

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        if self._process is None or self._process.poll() is not None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def log(self) -> str:
        """Everything it printed."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def process_wait(self, seconds: float) -> None:
        """Wait for the process to end, at most ``seconds``."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return

    def _healthy(self) -> bool:
        if self.mode == "socket":
            return bool(self._slack.sockets.connections)
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as response:  # noqa: S310 - http, ours
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def alive(pid: int) -> bool:
    """Whether a process is there; a worker whose front is dead is nobody's child of ours."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def page(bot: BotProcess, path: str) -> str:
    """A page for operators."""
    with urllib.request.urlopen(f"{bot.url}{path}", timeout=30) as answer:  # noqa: S310 - http, ours
        return str(answer.read().decode())


def readiness(bot: BotProcess) -> tuple[int, dict[str, Any]]:
    """What /readyz says."""
    try:
        return 200, json.loads(page(bot, "/readyz"))
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def watched(slack: SlackStandIn, name: str) -> str:
    """A channel of its own with ada and noor in it, watched by the bot; its id."""
    channel = slack.workspace.add_channel(name, ["U0ADA", "U0NOOR", "U0HUMANIZE"]).id
    told = len(slack.ephemerals("ada"))
    slack.command("ada", channel, "/humanize", "watch")
    slack.wait_for(lambda: any("reading along now" in m["text"] for m in slack.ephemerals("ada")[told:]))
    return channel


def reply(slack: SlackStandIn, channel: str, ts: str, timeout: float = 30) -> dict[str, Any]:
    """The one reply of the bot in a draft's thread, once it is there."""
    replies = slack.wait_for(lambda: slack.thread(channel, ts), timeout)
    assert len(replies) == 1
    return dict(replies[0])


def words(message: dict[str, Any]) -> str:
    """All words that a person reads in a message's blocks."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            text = node.get("text")
            if isinstance(text, str):
                found.append(text)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(message.get("blocks", []))
    return "\n".join(found)

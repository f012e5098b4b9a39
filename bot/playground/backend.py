"""What the Web API, the deliveries and the page share: a workspace, its tokens, faults, and a record of calls."""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.errors import Json, SlackError
from bot.playground.faults import Faults
from bot.playground.people import APP_ID, BOT_ID, BOT_USER, TEAM_ID, TEAM_NAME
from bot.playground.surfaces import Surfaces
from bot.playground.workspace import Workspace

MAX_RECORDS = 5000
BOT_SCOPES = (
    "channels:history,channels:join,channels:read,chat:write,commands,files:write,groups:history,groups:read,im:history,"
    "im:write,reactions:read,reactions:write,users:read"
)


@dataclass
class CallRecord:
    """One call of the Web API or of a response URL, as the app made it. ``at`` is seconds since 1970."""

    method: str
    args: Json
    answer: Json | None = None
    status: int | None = None
    fault: str | None = None
    at: float = 0.0
    team: str = TEAM_ID
    """The workspace whose token came with it."""


@dataclass
class Tokens:
    """The app's secrets and the bot tokens that are good. ``rotated`` maps refresh tokens to bot tokens."""

    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    verification: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    bot: str = field(default_factory=lambda: "xoxb-playground-" + secrets.token_hex(12))
    app: str = field(default_factory=lambda: "xapp-1-playground-" + secrets.token_hex(12))
    config: str = field(default_factory=lambda: "xoxe.xoxp-playground-" + secrets.token_hex(12))
    client_id: str = "100.200"
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    valid: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    rotated: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    """Code of an install -> the workspace that agreed."""
    teams: dict[str, str] = field(default_factory=dict)
    """Bot token -> its workspace, where it is another one than the playground's."""

    org: str = ""
    """An organisation: what it installs is for all of its workspaces."""

    def __post_init__(self) -> None:
        self.valid.add(self.bot)


class Backend:
    """The state behind every surface of the stand-in. ``base_url`` is set when the server knows its port."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.workspace = Workspace(clock)
        self.surfaces = Surfaces(self.workspace)
        self.faults = Faults(self.workspace.changed)
        self.tokens = Tokens()
        self.base_url = ""
        self.issue_socket_url: Callable[[], str] | None = None
        self.calls: deque[CallRecord] = deque(maxlen=MAX_RECORDS)
        self.watchers: list[Callable[[CallRecord], None]] = []
        """Told of each call when it is answered (the page shows them)."""
        self.scopes = BOT_SCOPES
        """What the installation was granted, as in the header of every answer."""
        self.manifest: Json = {}
        """The app's manifest, as apps.manifest.export gives it to whoever holds the configuration token."""
        self.rotate_tokens = False
        """When true, oauth.v2.access hands out tokens that live 12 hours, with a refresh token."""

    @property
    def changed(self) -> threading.Condition:
        """Wakes on every change of the state, every call and every delivery."""
        return self.workspace.changed

    def record(self, method: str, args: Json, token: str = "") -> CallRecord:
        """Note that a call has come in."""
        record = CallRecord(method, args, at=self.workspace.clock(), team=self.tokens.teams.get(token, TEAM_ID))
        with self.changed:
            self.calls.append(record)
            self.changed.notify_all()
        return record

    def answered(self, record: CallRecord, status: int, answer: Json | None, fault: str | None = None) -> None:
        """Note how a call was answered; ``status`` 0 is a connection that was cut."""
        with self.changed:
            record.status, record.answer, record.fault = status, answer, fault
            self.changed.notify_all()
            watchers = list(self.watchers)
        for watcher in watchers:
            watcher(record)

    def check_bot_token(self, token: str) -> None:
        """Raise not_authed, token_revoked or invalid_auth."""
        if not token:
            raise SlackError("not_authed")
        if token in self.tokens.revoked:
            raise SlackError("token_revoked")
        if token not in self.tokens.valid:
            raise SlackError("invalid_auth")

    def identity(self, token: str = "") -> Json:
        """The body of auth.test."""
        return {
            "ok": True,
            "url": f"{self.base_url}/",
            "team": TEAM_NAME,
            "user": "humanize",
            "team_id": self.tokens.teams.get(token, TEAM_ID),
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "app_id": APP_ID,
            "is_enterprise_install": False,
        }

    def revoke(self, token: str) -> None:
        """Make a bot token useless."""
        with self.changed:
            self.tokens.valid.discard(token)
            self.tokens.revoked.add(token)
            self.changed.notify_all()

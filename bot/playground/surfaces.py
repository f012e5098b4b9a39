"""What Slack hands out for a short time or to one person: triggers, response URLs, views, Home tabs, files."""

import copy
import secrets
from dataclasses import dataclass, field

from bot.playground.errors import Json, SlackError, invalid_arguments
from bot.playground.people import APP_ID, BOT_ID, TEAM_ID
from bot.playground.workspace import Workspace

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5
MAX_VIEW_BYTES = 250_000
MAX_PUSHED = 3


@dataclass
class Trigger:
    """The right to open one view for one person, for three seconds."""

    user: str
    expires: float
    used: bool = False


@dataclass
class ResponseUrl:
    """The right to answer an interaction five times within thirty minutes. ``ts`` is the message it began at."""

    channel: str
    user: str
    expires: float
    ts: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class Upload:
    """A file on its way: a URL was given, maybe its bytes have come."""

    id: str
    filename: str
    length: int
    ticket: str
    content: bytes | None = None
    info: Json = field(default_factory=dict)


class Surfaces:
    """All of these for one workspace; every method holds the workspace's lock."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._triggers: dict[str, Trigger] = {}
        self._response_urls: dict[str, ResponseUrl] = {}
        self.views: dict[str, Json] = {}
        self.stacks: dict[str, list[str]] = {}
        """Person -> ids of their open modals, the root first."""
        self.homes: dict[str, Json] = {}
        self.uploads: dict[str, Upload] = {}

    # -- triggers and response URLs

    def new_trigger(self, user: str) -> str:
        """A trigger_id for this person."""
        with self._workspace.lock:
            trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
            self._triggers[trigger_id] = Trigger(user, self._workspace.clock() + TRIGGER_SECONDS)
            return trigger_id

    def exchange_trigger(self, trigger_id: str) -> str:
        """Use a trigger up; its person. Raises invalid_, exchanged_ or expired_trigger_id."""
        with self._workspace.lock:
            trigger = self._triggers.get(trigger_id)
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger.used:
                raise SlackError("exchanged_trigger_id")
            if self._workspace.clock() > trigger.expires:
                raise SlackError("expired_trigger_id")
            trigger.used = True
            return trigger.user

    def new_response_url(
        self, channel: str, user: str, ts: str | None, *, ephemeral: bool = False, thread_ts: str | None = None
    ) -> str:
        """The key of a new response URL."""
        with self._workspace.lock:
            key = secrets.token_urlsafe(18)
            expires = self._workspace.clock() + RESPONSE_URL_SECONDS
            self._response_urls[key] = ResponseUrl(channel, user, expires, ts, ephemeral, thread_ts)
            return key

    def use_response_url(self, key: str) -> ResponseUrl:
        """Count one use. Raises expired_url or used_url."""
        with self._workspace.lock:
            found = self._response_urls.get(key)
            if found is None or self._workspace.clock() > found.expires:
                raise SlackError("expired_url")
            if found.uses >= RESPONSE_URL_USES:
                raise SlackError("used_url")
            found.uses += 1
            return found

    # -- modals and the Home tab

    def open_view(self, user: str, view: Json) -> Json:
        """A new root modal for this person; it takes the place of whatever was open."""
        with self._workspace.lock:
            for view_id in self.stacks.pop(user, []):
                self.views.pop(view_id, None)
            return self._add(user, view, None)

    def push_view(self, user: str, view: Json) -> Json:
        """One more modal on top. Raises push_limit_reached at three."""
        with self._workspace.lock:
            stack = self.stacks.get(user, [])
            if not stack:
                raise SlackError("not_found")
            if len(stack) >= MAX_PUSHED:
                raise SlackError("push_limit_reached")
            return self._add(user, view, stack[-1])

    def update_view(self, view: Json, view_id: str = "", external_id: str = "", view_hash: str = "") -> Json:
        """Replace an open modal's contents. Raises not_found or hash_conflict."""
        with self._workspace.lock:
            old = self._find(view_id, external_id)
            if view_hash and view_hash != old["hash"]:
                raise SlackError("hash_conflict")
            kept = {k: old[k] for k in ("id", "root_view_id", "previous_view_id", "_user")}
            self._check_external_id(view, old["id"])
            self.views[old["id"]] = {**self._made(view), **kept, "state": self._kept_state(old, view)}
            self._workspace.emit(None, {"type": "_views", "user": old["_user"]})
            return self.view(old["id"])

    def close_view(self, view_id: str, *, clear: bool = False) -> list[Json]:
        """Close one modal, or with ``clear`` the person's whole stack; the views closed, top first."""
        with self._workspace.lock:
            user = self._find(view_id)["_user"]
            stack = self.stacks.get(user, [])
            gone = stack[::-1] if clear else stack[stack.index(view_id) :][::-1]
            closed = [self.view(gone_id) for gone_id in gone]
            for gone_id in gone:
                self.views.pop(gone_id)
                stack.remove(gone_id)
            self._workspace.emit(None, {"type": "_views", "user": user})
            return closed

    def publish_home(self, user: str, view: Json, view_hash: str = "") -> Json:
        """Show a Home tab to a person. Raises user_not_found or hash_conflict."""
        with self._workspace.lock:
            self._workspace.user(user)
            old = self.homes.get(user)
            if view_hash and (old is None or old["hash"] != view_hash):
                raise SlackError("hash_conflict")
            home = {**self._made(view), "id": old["id"] if old else self._workspace.next_id("V"), "_user": user}
            self.homes[user] = {**home, "root_view_id": home["id"], "previous_view_id": None}
            self._workspace.emit(None, {"type": "_views", "user": user})
            return public(self.homes[user])

    def view(self, view_id: str) -> Json:
        """A copy of an open modal or Home tab as Slack shows it, or not_found."""
        with self._workspace.lock:
            return public(self._find(view_id))

    def owner(self, view_id: str) -> str:
        """The person who sees this view."""
        with self._workspace.lock:
            return str(self._find(view_id)["_user"])

    def open_views(self, user: str) -> list[Json]:
        """The modals a person has open, the root first."""
        with self._workspace.lock:
            return [self.view(view_id) for view_id in self.stacks.get(user, [])]

    def set_state(self, view_id: str, values: Json) -> Json:
        """Remember what a person filled in; the view with its state."""
        with self._workspace.lock:
            found = self._find(view_id)
            found["state"] = {"values": copy.deepcopy(values)}
            return public(found)

    def _find(self, view_id: str, external_id: str = "") -> Json:
        homes = [home for home in self.homes.values() if home["id"] == view_id]
        found = self.views.get(view_id) or next(iter(homes), None)
        if found is None and external_id:
            found = next((v for v in self.views.values() if v["external_id"] == external_id), None)
        if found is None:
            raise SlackError("not_found")
        return found

    def _add(self, user: str, view: Json, previous: str | None) -> Json:
        self._check_external_id(view, "")
        view_id = self._workspace.next_id("V")
        stack = self.stacks.setdefault(user, [])
        stack.append(view_id)
        made = {**self._made(view), "id": view_id, "root_view_id": stack[0], "previous_view_id": previous}
        self.views[view_id] = {**made, "_user": user}
        self._workspace.emit(None, {"type": "_views", "user": user})
        return self.view(view_id)

    def _check_external_id(self, view: Json, own: str) -> None:
        external = view.get("external_id")
        taken = [v["id"] for v in self.views.values() if external and v["external_id"] == external]
        if any(view_id != own for view_id in taken):
            raise SlackError("duplicate_external_id")

    def _made(self, view: Json) -> Json:
        blocks = [{**b, "block_id": b.get("block_id") or secrets.token_hex(3)} for b in view["blocks"]]
        return {
            "type": view["type"],
            "title": view.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
            "close": view.get("close"),
            "submit": view.get("submit"),
            "blocks": copy.deepcopy(blocks),
            "private_metadata": view.get("private_metadata", ""),
            "callback_id": view.get("callback_id", ""),
            "external_id": view.get("external_id", ""),
            "state": {"values": {}},
            "hash": f"{int(self._workspace.clock())}.{secrets.token_hex(4)}",
            "clear_on_close": view.get("clear_on_close", False),
            "notify_on_close": view.get("notify_on_close", False),
            "team_id": TEAM_ID,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }

    def _kept_state(self, old: Json, view: Json) -> Json:
        """Slack keeps what was typed where block_id and action_id stay the same."""
        ids = {b.get("block_id") for b in view["blocks"]}
        return {"values": {k: v for k, v in old["state"]["values"].items() if k in ids}}

    # -- files

    def new_upload(self, filename: str, length: int) -> Upload:
        """Room for one file."""
        if not filename or length <= 0:
            raise invalid_arguments("filename and length (above 0) are required")
        with self._workspace.lock:
            upload = Upload(self._workspace.next_id("F"), filename, length, secrets.token_urlsafe(18))
            self.uploads[upload.id] = upload
            return upload

    def store_upload(self, ticket: str, content: bytes) -> Upload | None:
        """Take a file's bytes in; None when no upload waits for them."""
        with self._workspace.lock:
            upload = next((u for u in self.uploads.values() if u.ticket == ticket), None)
            if upload is not None:
                upload.content = content
            return upload


def public(view: Json) -> Json:
    """A view without what only the stand-in knows."""
    return {k: copy.deepcopy(v) for k, v in view.items() if not k.startswith("_")}

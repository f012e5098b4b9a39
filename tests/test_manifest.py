"""The manifest asks for exactly what the code uses."""

import ast
import re
from pathlib import Path

from slack_bolt import App

from bot.intake import Intake
from bot.manifest import load_manifest
from bot.rules import load_rules
from bot.store.sqlite import SqliteStore
from handlers import register
from handlers.wiring import Wiring

ROOT = Path(__file__).parents[1]
MANIFEST = load_manifest()

# Slack's documentation of each method names its scopes.
SCOPES_OF_METHODS = {
    "apps_connections_open": set(),
    "auth_test": set(),
    "oauth_v2_access": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history"},
    "files_info": {"files:read"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "files_delete": {"files:write"},
    "files_upload_v2": {"files:write"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_replies": {"channels:history", "groups:history"},
    "reactions_add": {"reactions:write"},
    "reactions_remove": {"reactions:write"},
    "chat_postEphemeral": {"chat:write"},
    "bots_info": {"users:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_push": set(),
    "views_publish": set(),
    "views_update": set(),
}
SCOPES_OF_EVENTS = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    **{f"channel_{what}": {"channels:read"} for what in ("archive", "deleted", "left", "unarchive")},
    **{f"group_{what}": {"groups:read"} for what in ("archive", "deleted", "left", "unarchive")},
    "user_change": {"users:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}
SCOPES_OF_DOWNLOADS = {"files:read"}
"""Shared text files are read by their url_private_download, which is no method."""
SCOPES_OF_FEATURES = {"agent_view": {"assistant:write"}, "slash_commands": {"commands"}, "shortcuts": {"commands"}}


def methods_used() -> set[str]:
    """Web API methods that handlers name, found in their syntax trees."""
    found = set()
    for path in (ROOT / "handlers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and re.fullmatch(r"(?!base_)[a-z]+_[a-zA-Z_0-9]+", node.attr):
                subject = ast.unparse(node.value)
                if subject.endswith("client") or re.search(r"client(_of)?\(", subject) or node.attr == "auth_test":
                    found.add(node.attr)
    return found


def test_scopes_are_those_that_the_code_uses() -> None:
    used = methods_used()
    assert used == set(SCOPES_OF_METHODS)
    scopes = set().union(*(SCOPES_OF_METHODS[method] for method in used))
    scopes |= SCOPES_OF_DOWNLOADS
    scopes |= set().union(*(SCOPES_OF_FEATURES.get(feature, set()) for feature in MANIFEST["features"]))
    scopes |= set().union(*(SCOPES_OF_EVENTS[event] for event in _events()))
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == scopes


def test_commands_and_events_are_those_that_are_routed(store: SqliteStore) -> None:
    routed: dict[str, list[object]] = {"command": [], "event": [], "shortcut": []}

    class Recorder(App):
        """A real app that notes what is registered."""

        def command(self, *args: object, **kwargs: object):  # type: ignore[no-untyped-def]  # passes everything on
            routed["command"].append(args[0])
            return super().command(*args, **kwargs)  # type: ignore[arg-type]

        def event(self, *args: object, **kwargs: object):  # type: ignore[no-untyped-def]
            routed["event"].append(args[0])
            return super().event(*args, **kwargs)  # type: ignore[arg-type]

        def shortcut(self, *args: object, **kwargs: object):  # type: ignore[no-untyped-def]
            routed["shortcut"].append(args[0])
            return super().shortcut(*args, **kwargs)  # type: ignore[arg-type]

    rules = load_rules()
    app = Recorder(token="xoxb-test", signing_secret="test", token_verification_enabled=False)
    register(app, Wiring(store=store, queue=_NoQueue(), intake=Intake(rules), rules=rules, llm_host=None))
    features = MANIFEST["features"]
    assert [command["command"] for command in features["slash_commands"]] == routed["command"]
    assert [shortcut["callback_id"] for shortcut in features["shortcuts"]] == routed["shortcut"]
    assert {event.partition(".")[0] for event in _events()} == set(routed["event"])


def test_buttons_and_modals_need_interactivity() -> None:
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]


def test_every_scope_has_its_reason_in_the_docs() -> None:
    docs = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    reasons = dict(re.findall(r"^\| `([a-z]+:?[a-z]*)` \| (.+) \|$", docs, re.MULTILINE))
    assert set(reasons) == set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert all(len(reason) > 5 for reason in reasons.values())


def _events() -> list[str]:
    events: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    return events


class _NoQueue:
    def enqueue_review(self, draft_id: str, version: int) -> None: ...

    def enqueue_delivery(self, draft_id: str, reason: str, kind: str = "thread") -> None: ...

    def enqueue_rewrite(self, draft_id: str, reason: str, kind: str) -> None: ...

    def enqueue_ask(self, ask_id: str) -> None: ...

    def enqueue_files(self, shared_id: str, reason: str = "event") -> None: ...

"""What can be seen of Slack: tokens, scopes, the app's manifest, the clock."""

import http
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.doctor import Finding, State
from bot.manifest import load_manifest
from bot.settings import Settings, SettingsError
from bot.store import StoreError
from bot.store.connection import Connections
from bot.store.folder import STORE
from bot.store.tokens import Tokens, TokenVault
from handlers.app import token_of
from handlers.client import SlackAddress

SKEW_LOOK_S, SKEW_WRONG_S = 60, 300
"""Slack's signatures are refused when they are older than 300 s by our clock."""
REINSTALL = "reinstall the app from app.yaml (docs/slack.md), which asks for them"


def look_at_slack(settings: Settings) -> Iterator[Finding]:
    """Ask Slack who we are, and compare what it says with the manifest. Makes at most four calls, changes nothing."""
    try:
        yield from _look(settings)
    except (ValueError, LookupError, TypeError, AttributeError):  # what slack_sdk or we could not read
        yield _not_slack(settings)


def _look(settings: Settings) -> Iterator[Finding]:
    address = SlackAddress.of(settings)
    if settings.slack_client_id is not None or settings.slack_client_secret is not None:
        yield from _installs(settings, address)
    elif settings.slack_bot_token is None:
        yield Finding(about="SLACK_BOT_TOKEN", state="wrong", seen="not set", mend="docs/slack.md says where it is")
    else:
        yield from _bot_token(address.client(token_of(settings)), settings)
    yield from _transport(address, settings)


def _installs(settings: Settings, address: SlackAddress) -> Iterator[Finding]:
    """Each workspace that installed the app. Tokens that ended are left to the bot: each can be renewed only once."""
    about = "installs"
    try:
        settings.require_for(http=True)
        path = settings.data_dir / STORE
        if not path.exists():
            yield Finding(about=about, state="skipped", seen="none yet; they begin at /slack/install")
            return
        db = Connections(path)
        try:
            kept = TokenVault(db, [key.get_secret_value() for key in settings.encryption_keys]).all()
        finally:
            db.close()
    except (SettingsError, StoreError) as error:
        yield Finding(about=about, state="wrong", seen=str(error), mend="docs/slack.md, Many workspaces")
        return
    yield Finding(about=about, state="ok", seen=f"{len(kept)} workspaces")
    for tokens in kept:
        yield _install(tokens, settings, address)


def _install(tokens: Tokens, settings: Settings, address: SlackAddress) -> Finding:
    about = f"install {tokens.team or tokens.enterprise}"
    if tokens.expires_at is not None and tokens.expires_at <= datetime.now(UTC):
        return Finding(
            about=about, state="look", seen="its token has ended", mend="nothing: the bot renews it when it needs it"
        )
    try:
        me = address.client(tokens.bot_token).auth_test()
    except SlackApiError as error:
        return _refused(settings, about, error, "have the app installed there again, at /slack/install")
    except (URLError, OSError) as error:
        return _unreachable(settings, error)
    return Finding(about=about, state="ok", seen=f"{me.get('user')} in {me.get('team')}")


def _bot_token(client: WebClient, settings: Settings) -> Iterator[Finding]:
    try:
        me = client.auth_test()
    except SlackApiError as error:
        yield _refused(settings, "SLACK_BOT_TOKEN", error, "copy the bot token (xoxb-…) from OAuth & Permissions")
        return
    except (URLError, OSError) as error:
        yield _unreachable(settings, error)
        return
    if not me.get("bot_id"):
        yield Finding(
            about="SLACK_BOT_TOKEN",
            state="wrong",
            seen="it is a person's token",
            mend="copy the one that begins with xoxb-",
        )
        return
    yield Finding(about="SLACK_BOT_TOKEN", state="ok", seen=f"{me.get('user')} in {me.get('team')} ({me['team_id']})")
    yield _clock(me)
    yield _scopes(me)
    yield _manifest(client, settings, str(me["bot_id"]))


def _clock(answer: SlackResponse) -> Finding:
    date = _header(answer, "date")
    try:
        skew = time.time() - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return Finding(about="clock", state="skipped", seen="Slack's answer has no date to compare with")
    far = abs(skew)
    state: State = "wrong" if far >= SKEW_WRONG_S else "look" if far >= SKEW_LOOK_S else "ok"
    # The header has whole seconds, so less than two tells nothing.
    seen = "as Slack's" if far < 2 else f"{far:.0f} s {'ahead of' if skew > 0 else 'behind'} Slack's"
    mend = "set this machine's clock (NTP); Slack's signed requests are refused past 300 s"
    return Finding(about="clock", state=state, seen=seen, mend="" if state == "ok" else mend)


def _scopes(answer: SlackResponse) -> Finding:
    header = _header(answer, "x-oauth-scopes")
    if not header:
        return Finding(about="scopes", state="skipped", seen="Slack's answer does not name them")
    granted = {scope.strip() for scope in header.split(",") if scope.strip()}
    wanted = set(load_manifest()["oauth_config"]["scopes"]["bot"])
    missing, more = sorted(wanted - granted), sorted(granted - wanted)
    if missing:
        return Finding(about="scopes", state="wrong", seen=f"missing: {', '.join(missing)}", mend=REINSTALL)
    if more:
        mend = "take them out of the app: it has no use for them"
        return Finding(about="scopes", state="look", seen=f"more than needed: {', '.join(more)}", mend=mend)
    return Finding(about="scopes", state="ok", seen=f"the {len(wanted)} of app.yaml")


def _manifest(client: WebClient, settings: Settings, bot_id: str) -> Finding:
    token = settings.slack_config_token
    if token is None:
        mend = "set SLACK_CONFIG_TOKEN (an app configuration token) to compare the app with app.yaml"
        return Finding(about="manifest", state="skipped", seen="SLACK_CONFIG_TOKEN not set", mend=mend)
    try:
        app_id = client.bots_info(bot=bot_id)["bot"]["app_id"]
        config = SlackAddress.of(settings).client(token.get_secret_value())
        theirs = config.api_call("apps.manifest.export", params={"app_id": app_id})["manifest"]
    except SlackApiError as error:
        return _refused(settings, "manifest", error, "make a new app configuration token; they live for 12 hours")
    except (URLError, OSError) as error:
        return _unreachable(settings, error)
    drift = sorted(_drift(load_manifest(), theirs))
    if drift:
        return Finding(about="manifest", state="look", seen=f"differs in {', '.join(drift)}", mend=REINSTALL)
    return Finding(about="manifest", state="ok", seen="events, commands, shortcuts and scopes are those of app.yaml")


def _drift(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    """Which parts differ. Addresses differ by installation, and Slack adds defaults, so only names are compared."""
    for part, names in _PARTS.items():
        if names(ours) != names(theirs):
            yield part


def _at(manifest: dict[str, Any], *path: str) -> Any:
    for key in path:
        manifest = manifest.get(key) or {}
    return manifest


_PARTS: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "scopes": lambda m: set(_at(m, "oauth_config", "scopes", "bot")),
    "events": lambda m: set(_at(m, "settings", "event_subscriptions", "bot_events")),
    "commands": lambda m: {one["command"] for one in _at(m, "features", "slash_commands")},
    "shortcuts": lambda m: {one["callback_id"] for one in _at(m, "features", "shortcuts")},
    "interactivity": lambda m: bool(_at(m, "settings", "interactivity").get("is_enabled")),
}


def _transport(address: SlackAddress, settings: Settings) -> Iterator[Finding]:
    """The app-level token, when there is one; else the signing secret, which Slack gives no way to try."""
    if settings.slack_app_token is not None:
        try:
            address.client(settings.slack_app_token.get_secret_value()).apps_connections_open(
                app_token=settings.slack_app_token.get_secret_value()
            )
        except SlackApiError as error:
            mend = "make an app-level token (xapp-…) with connections:write on Basic Information"
            yield _refused(settings, "SLACK_APP_TOKEN", error, mend)
        except (URLError, OSError) as error:
            yield _unreachable(settings, error)
        else:
            yield Finding(about="SLACK_APP_TOKEN", state="ok", seen="Socket Mode can connect")
    elif settings.slack_signing_secret is None:
        mend = "SLACK_APP_TOKEN for Socket Mode, SLACK_SIGNING_SECRET for --http"
        yield Finding(about="transport", state="wrong", seen="neither an app token nor a signing secret", mend=mend)
    else:
        yield Finding(about="SLACK_SIGNING_SECRET", state="ok", seen="set; Slack gives no way to try it")


def _refused(settings: Settings, about: str, error: SlackApiError, mend: str) -> Finding:
    status = error.response.status_code
    if status != http.HTTPStatus.OK:
        return Finding(about=about, state="look", seen=f"Slack answered {status}", mend="try again in a minute")
    code = str(error.response.get("error"))
    if not re.fullmatch(r"[a-z0-9_]{1,60}", code):  # slack_sdk puts a page that is no JSON there
        return _not_slack(settings)
    return Finding(about=about, state="wrong", seen=f"Slack refuses it ({code})", mend=mend)


def _not_slack(settings: Settings) -> Finding:
    seen = f"{settings.slack_api_url} answers, but not as Slack does"
    mend = "is a proxy or a page to log in between? Check the network, or SLACK_API_URL"
    return Finding(about="Slack", state="wrong", seen=seen, mend=mend)


def _unreachable(settings: Settings, error: Exception) -> Finding:
    seen = f"{settings.slack_api_url} can't be reached ({type(error).__name__})"
    return Finding(about="Slack", state="wrong", seen=seen, mend="check the network, a proxy, or SLACK_API_URL")


def _header(answer: SlackResponse, name: str) -> str:
    """A header, whatever case Slack or a proxy gave its name."""
    for key, value in answer.headers.items():
        if key.lower() == name:
            return str(value[0] if isinstance(value, list) else value)
    return ""

"""Builds the Bolt app. No call to Slack is needed to take an event in: who we are is in the store."""

import http
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.error import URLError

from slack_bolt import App, BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot import words_lifecycle
from bot.settings import Settings, SettingsError
from bot.store import Installation, Store
from handlers import register
from handlers.client import SlackAddress
from handlers.tokens import TokenSource
from handlers.wiring import Wiring

log = logging.getLogger(__name__)

LISTENER_THREADS = 10


def connect(settings: Settings, store: Store) -> Installation:
    """Who we are, asked of Slack and kept; when Slack is away, as it was kept. Raises SettingsError."""
    try:
        me = SlackAddress.of(settings).client(token_of(settings)).auth_test()
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if error.response.status_code != http.HTTPStatus.OK or not re.fullmatch(r"[a-z_]+", code):
            return _kept(settings, store)
        raise SettingsError(
            f"Slack refuses SLACK_BOT_TOKEN ({code}). "
            "Copy the bot token (xoxb-…) from the app's OAuth & Permissions page."
        ) from None
    except (URLError, OSError):
        return _kept(settings, store)
    if not me.get("bot_id"):
        raise SettingsError("SLACK_BOT_TOKEN is not a bot's token; copy the one that begins with xoxb-.")
    installation = Installation(team=me["team_id"], bot_user_id=me["user_id"], bot_id=me["bot_id"])
    store.save_installation(installation)
    store.lifecycle.arrived(installation.team)
    return installation


def _kept(settings: Settings, store: Store) -> Installation:
    """Slack is away: as it was the last time."""
    kept = store.installation()
    if kept is None:
        raise SettingsError(f"Slack can't be reached at {settings.slack_api_url}, and must be once.")
    log.warning("slack unreachable, starting with the kept installation")
    return kept


def build_app(settings: Settings, wiring: Wiring, source: TokenSource) -> App:
    """The app with all its listeners. It verifies signatures and ignores its own messages; both are Bolt's."""
    # Bolt warns that the token it finds in the environment is not used: it is ours to use, by authorize.
    expected = ("`authorize` has been used", "`token` will be unused")
    logging.getLogger("slack_bolt.App").addFilter(lambda record: not any(x in record.getMessage() for x in expected))
    logging.getLogger("slack_bolt.MultiTeamsAuthorization").addFilter(_own_words)
    app = App(
        signing_secret=settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None,
        client=SlackAddress.of(settings).client(token_of(settings)),
        # Bolt takes None for "not installed", and its types don't say so.
        authorize=_authorize(source, wiring.store),  # type: ignore[arg-type]
        listener_executor=ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener"),
        request_verification_enabled=settings.slack_signing_secret is not None,
        url_verification_enabled=True,
        # What nobody listens to ends in errors.py, with an ack: Slack need not send it again.
        raise_error_for_unhandled_request=True,
        user_facing_authorize_error_message=words_lifecycle.NOT_INSTALLED,
    )
    register(app, wiring)
    return app


def _own_words(record: logging.LogRecord) -> bool:
    """Bolt calls it an error when a workspace that removed the app still speaks to it; we have said so ourselves."""
    return "AuthorizeResult" not in record.getMessage()


def _authorize(source: TokenSource, store: Store) -> Callable[..., AuthorizeResult | None]:
    """Bolt's authorize from our store alone. When the store is down it raises, so that Slack delivers again."""

    def authorize(context: BoltContext, team_id: str | None, enterprise_id: str | None) -> AuthorizeResult | None:
        home = enterprise_id if context.is_enterprise_install else team_id
        installation = store.installation(home) if home else None
        token = source.kept(home) if installation and home else None
        if installation is None or token is None:
            log.info("not installed there", extra={"team": home})
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=token,
            bot_id=installation.bot_id,
            bot_user_id=installation.bot_user_id,
        )

    return authorize


def token_of(settings: Settings) -> str | None:
    """The workspace's bot token."""
    return settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None

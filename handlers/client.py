"""How Slack is reached: one place for address, time-out and retries."""

from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.settings import Settings


@dataclass(frozen=True)
class SlackAddress:
    """Where Slack's Web API is, and how long a call may take (seconds)."""

    api_url: str
    timeout_s: int

    @classmethod
    def of(cls, settings: Settings) -> "SlackAddress":
        """As the settings have it."""
        return cls(settings.slack_api_url, max(1, round(settings.slack_timeout_s)))

    def client(self, token: str | None, *, patient: bool = True) -> WebClient:
        """A client. ``patient``: it waits out one rate limit by itself; the outbox's does not, and never re-sends."""
        retries: list[RetryHandler] = [RateLimitErrorRetryHandler(max_retry_count=1)] if patient else []
        return WebClient(token=token, base_url=self.api_url, timeout=self.timeout_s, retry_handlers=retries)

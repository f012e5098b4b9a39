"""Private words go out once: Bolt's own ``respond`` sends them again after a cut connection, and they may be there."""

from collections.abc import Callable
from typing import Any

from slack_bolt import BoltContext, BoltResponse, Respond
from slack_sdk.webhook import WebhookClient, WebhookResponse


class RespondOnce(Respond):
    """``respond`` without its second try. Raises what the connection raises; then ``cut`` is true."""

    cut = False
    """Nobody knows whether the last words arrived: what follows them would be a second answer."""

    def __call__(self, text: str = "", **message: Any) -> WebhookResponse:  # type: ignore[override]  # by keyword only
        """Send a message by the response_url."""
        if self.response_url is None:
            raise ValueError("there is no response_url here")
        client = WebhookClient(self.response_url, proxy=self.proxy, ssl=self.ssl, retry_handlers=[])
        try:
            return client.send(text=text, **message)
        except OSError:
            self.cut = True
            raise


def respond_once(context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002 - Bolt's name
    """Bolt middleware: listeners get a ``respond`` that sends once."""
    client = context.client
    context["respond"] = RespondOnce(response_url=context.response_url, proxy=client.proxy, ssl=client.ssl)
    return next()

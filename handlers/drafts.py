"""Message events: the inbox has done the work before the ack; the listener only says that we know them."""

from slack_bolt import App


def register(app: App) -> None:
    """One listener for every message, whatever its subtype: routing is the inbox's."""
    app.event("message")(_known)


def _known() -> None:
    """Nothing is left to do."""

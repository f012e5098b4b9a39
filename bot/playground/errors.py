"""What Slack answers when it says no."""

from typing import Any

Json = dict[str, Any]
"""One JSON object as it travels over the wire."""


class SlackError(Exception):
    """An answer with ``ok: false``. ``code`` is Slack's own error code; ``extra`` is merged into the body."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


def invalid_blocks(reasons: list[str]) -> SlackError:
    """The error for blocks that Slack would refuse; each reason ends in ``[json-pointer:/blocks/…]``."""
    return SlackError(
        "invalid_blocks", errors=reasons, response_metadata={"messages": [f"[ERROR] {r}" for r in reasons]}
    )


def invalid_arguments(reason: str) -> SlackError:
    """The error for a missing or malformed argument."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {reason}"]})

"""One call of the Web API with its arguments read the way Slack reads them."""

import json
from dataclasses import dataclass
from typing import Any

from bot.playground.backend import Backend
from bot.playground.errors import Json, SlackError, invalid_arguments
from bot.playground.history import Page
from bot.playground.people import BOT_USER, Channel

TRUE = (True, "true", "1", 1)


@dataclass(frozen=True)
class Call:
    """A call that was let in. ``args`` are the fields of the form or of the JSON body."""

    backend: Backend
    method: str
    args: Json
    token: str

    def text(self, name: str, default: str = "") -> str:
        """A string field."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """A string field that must be there, or invalid_arguments."""
        if not self.text(name):
            raise invalid_arguments(f"missing required field: {name}")
        return self.text(name)

    def flag(self, name: str) -> bool:
        """A boolean field."""
        return self.args.get(name) in TRUE

    def json(self, name: str) -> Any:
        """A field that holds JSON, as a string (form) or as such (JSON body); None when it is absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError:
            raise SlackError("invalid_blocks_format" if name == "blocks" else "json_not_object") from None

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to ``most``, or invalid_limit."""
        try:
            value = int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise SlackError("invalid_limit") from None
        if value < 1:
            raise SlackError("invalid_limit")
        return min(value, most)

    def channel(self, name: str = "channel", *, member: bool = False) -> Channel:
        """The channel that the call names. Raises channel_not_found, or not_in_channel for ``member``.

        A private channel that the bot is not in does not exist for it.
        """
        channel = self.backend.workspace.channel(self.need(name))
        inside = BOT_USER in channel.members
        if channel.kind != "channel" and not inside:
            raise SlackError("channel_not_found")
        if member and not inside:
            raise SlackError("not_in_channel")
        return channel

    def page(self, limit: int = 100, most: int = 1000) -> Page:
        """The paging arguments of history and replies."""
        return Page(
            limit=self.number("limit", limit, most),
            cursor=self.text("cursor"),
            oldest=self.text("oldest", "0") or "0",
            latest=self.text("latest"),
            inclusive=self.flag("inclusive"),
            include_all_metadata=self.flag("include_all_metadata"),
        )

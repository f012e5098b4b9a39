"""What somebody asked for with ``/humanize`` or a modal, as the acts get it."""

from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import words
from handlers.wiring import Wiring


@dataclass(frozen=True)
class Asked:
    """Who asked where, and what to act with. ``argument`` is what followed the subcommand's name."""

    wiring: Wiring
    client: WebClient
    team: str
    channel: str
    user: str
    argument: str = ""
    trigger_id: str = ""
    """The right to open one modal, for three seconds."""

    @classmethod
    def by_command(cls, wiring: Wiring, client: WebClient, command: dict[str, Any], argument: str) -> "Asked":
        """As a slash command tells it."""
        return cls(
            wiring=wiring,
            client=client,
            team=command["team_id"],
            channel=command["channel_id"],
            user=command["user_id"],
            argument=argument,
            trigger_id=str(command.get("trigger_id") or ""),
        )


def slack_trouble(error: SlackApiError) -> str:
    """Slack's refusal in words, with how to mend it."""
    code = str(error.response.get("error") or "unknown")
    if code in ("not_in_channel", "channel_not_found"):
        return words.NOT_INVITED
    if code == "is_archived":
        return words.CHANNEL_ARCHIVED
    return words.SLACK_TROUBLE.format(code=code)


def team_of(body: dict[str, Any]) -> str:
    """The workspace of whoever pressed, chose or submitted something."""
    team = body.get("team")
    return str(team["id"]) if isinstance(team, dict) else str(body["user"].get("team_id", ""))

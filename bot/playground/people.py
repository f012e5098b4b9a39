"""Who and what is in the workspace: users and channels, in Slack's own shapes."""

from dataclasses import dataclass, field
from typing import Literal

from bot.playground.errors import Json

ChannelType = Literal["channel", "group", "im"]

TEAM_ID = "T0PLAYGRND"
TEAM_NAME = "Playground"
APP_ID = "A0HUMANIZE"
BOT_ID = "B0HUMANIZE"
BOT_USER = "U0HUMANIZE"
SLACKBOT = "USLACKBOT"


@dataclass
class User:
    """A person, or the bot's own user. ``tz`` is an IANA time zone, ``tz_offset`` seconds east of UTC."""

    id: str
    name: str
    real_name: str
    is_bot: bool = False
    is_admin: bool = False
    tz: str = "Europe/Berlin"
    tz_offset: int = 3600
    locale: str = "en-GB"

    def as_json(self) -> Json:
        """The user object of users.info."""
        profile: Json = {
            "real_name": self.real_name,
            "display_name": self.name,
            "real_name_normalized": self.real_name,
            "display_name_normalized": self.name,
            "team": TEAM_ID,
        }
        if self.is_bot:
            profile |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": False,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": self.tz_offset,
            "locale": self.locale,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
        }


@dataclass
class Channel:
    """A conversation. ``messages`` maps ts to Slack's message object, oldest first; ``partner`` is set for a DM."""

    id: str
    name: str
    kind: ChannelType = "channel"
    members: list[str] = field(default_factory=list)
    archived: bool = False
    ext_shared: bool = False
    partner: str | None = None
    created: int = 0
    messages: dict[str, Json] = field(default_factory=dict)

    def as_json(self, viewer: str = BOT_USER) -> Json:
        """The channel object of conversations.info, as ``viewer`` sees it."""
        if self.kind == "im":
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "is_archived": self.archived,
                "user": self.partner,
                "is_org_shared": False,
                "context_team_id": TEAM_ID,
            }
        private = self.kind == "group"
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": private,
            "created": self.created,
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "is_shared": self.ext_shared,
            "is_ext_shared": self.ext_shared,
            "is_org_shared": False,
            "is_member": viewer in self.members,
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "context_team_id": TEAM_ID,
        }


def sample_users() -> list[User]:
    """The bot and four people of the playground."""
    return [
        User(BOT_USER, "humanize", "Humanize", is_bot=True),
        User("U0ADA", "ada", "Ada", is_admin=True),
        User("U0NOOR", "noor", "Noor", tz="Asia/Karachi", tz_offset=18000),
        User("U0TOMAS", "tomas", "Tomás", tz="America/Bogota", tz_offset=-18000),
        User("U0MEI", "mei", "Mei", tz="Asia/Taipei", tz_offset=28800),
    ]


def sample_channels(created: int) -> list[Channel]:
    """Five channels; the bot is a member of #drafts and #shared-drafts only."""
    people = ["U0ADA", "U0NOOR", "U0TOMAS", "U0MEI"]
    return [
        Channel("C0GENERAL", "general", members=[*people], created=created),
        Channel("C0DRAFTS", "drafts", members=[*people, BOT_USER], created=created),
        Channel("C0RANDOM", "random", members=[*people], created=created),
        Channel("C0PRIVATE", "launch-plans", kind="group", members=people[:2], created=created),
        Channel("C0SHARED", "shared-drafts", members=[*people, BOT_USER], ext_shared=True, created=created),
    ]

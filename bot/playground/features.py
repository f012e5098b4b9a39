"""What the app offers in Slack's menus, read from its manifest: commands, shortcuts, its name."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from bot.playground.errors import Json


@dataclass(frozen=True)
class Features:
    """The parts of an app's manifest that people see. ``shortcuts`` have ``name``, ``type`` and ``callback_id``."""

    name: str = "Humanize"
    commands: tuple[Mapping[str, str], ...] = ()
    shortcuts: tuple[Mapping[str, str], ...] = ()
    samples: tuple[Mapping[str, str], ...] = field(default=())
    prompts: tuple[Mapping[str, str], ...] = field(default=())
    """What is suggested in one's own conversation with the app: ``name`` and ``text``."""

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any], samples: tuple[Mapping[str, str], ...] = ()) -> Self:
        """Read a manifest (app.yaml, already parsed); what it does not have stays empty."""
        features: Mapping[str, Any] = manifest.get("features") or {}
        info: Mapping[str, Any] = manifest.get("display_information") or {}
        commands = tuple(
            {key: str(one.get(key, "")) for key in ("command", "description", "usage_hint")}
            for one in features.get("slash_commands") or ()
        )
        shortcuts = tuple(
            {key: str(one.get(key, "")) for key in ("name", "type", "callback_id", "description")}
            for one in features.get("shortcuts") or ()
        )
        suggested = (features.get("agent_view") or {}).get("suggested_prompts") or ()
        prompts = tuple({"name": str(one.get("title", "")), "text": str(one.get("message", ""))} for one in suggested)
        return cls(str(info.get("name") or "Humanize"), commands, shortcuts, samples, prompts)

    def as_json(self) -> Json:
        """For the page."""
        return asdict(self)

"""Shortcodes and their characters for the page, made from the emoji library."""

from functools import cache

import emoji

_EXTRA = {"+1": "👍", "-1": "👎", "thumbsup": "👍", "thumbsdown": "👎"}


@cache
def emoji_table() -> dict[str, str]:
    """Name without colons to character, aliases too; only fully qualified emoji without skin tones."""
    table: dict[str, str] = {}
    for character, data in emoji.EMOJI_DATA.items():
        if data["status"] != emoji.STATUS["fully_qualified"] or any(
            "\U0001f3fb" <= c <= "\U0001f3ff" for c in character
        ):
            continue
        for name in (data["en"], *data.get("alias", ())):
            table.setdefault(name.strip(":"), character)
    return table | _EXTRA

"""The mix a team would like, as people type it."""

import re

from bot import words_digest as words
from bot.digest.figures import KINDS


class MixError(ValueError):
    """Not a kind, not a share, or more than all; the message says which word."""


def read_mix(text: str) -> dict[str, float] | None:
    """``about-us 25, questions 25, replies 50`` -> shares by kind; None for ``default``. Kinds left out are 0.

    Shares are percent and add up to 100; raises MixError.
    """
    if text.strip().casefold() == "default":
        return None
    wanted: dict[str, float] = {}
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        found = re.fullmatch(r"(?P<kind>[A-Za-z'_ -]+?)[ :=]*(?P<share>\d{1,3})\s*%?", piece)
        kind = _kind(found["kind"]) if found else None
        if found is None or kind is None:
            raise MixError(piece)
        wanted[kind] = int(found["share"]) / 100
    if not wanted or abs(sum(wanted.values()) - 1) > 0.005:
        raise MixError(f"{round(sum(wanted.values()) * 100)} of 100")
    return wanted


def _kind(name: str) -> str | None:
    plain = re.sub(r"[^a-z]", "", name.casefold())
    names = {re.sub(r"[^a-z]", "", said.casefold()): kind for kind, said in words.KINDS.items()}
    ids = {re.sub(r"[^a-z]", "", kind): kind for kind in KINDS}
    return names.get(plain) or ids.get(plain)

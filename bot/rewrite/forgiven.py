"""Flags that a rewrite may keep: what is wrong in a pitch is fine beside a real question.

A rule reads words, and the same words can stand in what a good person would send: thanks for the follow before a
question about the reader's own work, what the sender does behind it, a true number of seats, the only way to a link.
"""

import re

from bot.models import Flag

_ABOUT_THEM = re.compile(
    r"\[(?:their|one (?:thing|post|true thing)|something of theirs|what (?:they|you noticed))\b", re.I
)
_TRUE_COUNT = re.compile(
    r"(?:limited|few|only \d+) (?:seats|spots|places|spaces|tickets|stock)(?: (?:left|remaining|available))?", re.I
)
_TRUE_DAY = re.compile(
    r"(?:\w+ (?:is |are )?)?(?:ends|ending|expires|expiring|closes?|closing) (?:tonight|today|at midnight|midnight"
    r"|in \d+)",
    re.I,
)
_TOLD_AS_NEWS = re.compile(
    r"(?:named|voted|ranked|rated|recogni[sz]ed|awarded|wins?\b|won\b|made\b|presented\b"
    r"|earns?|receive)",
    re.I,
)
_NO_OTHER_WAY = re.compile(r"link in (?:my |our |the )?bio", re.I)


def may_stay(flag: Flag, text: str, asked_at: int | None, has_link: bool) -> bool:
    """Tell whether a flag is none in this rewrite.

    ``asked_at`` is where its first genuine question ends, in characters, or None without one; ``has_link`` whether any
    link stands in it.
    """
    if asked_at is None:
        return False
    if flag.rule == "AutoDM.ThanksForFollowing":
        # Thanks, then something about them, then a question: nobody's machine writes that.
        return not has_link and flag.end < asked_at and _ABOUT_THEM.search(text[flag.end : asked_at]) is not None
    if flag.rule == "AutoDM.IHelpPitch":
        return not has_link and flag.start >= asked_at and "[" in text[:asked_at]
    if flag.rule == "Megaphone.Urgency":
        return (_TRUE_COUNT.fullmatch(flag.match) or _TRUE_DAY.fullmatch(flag.match)) is not None
    if flag.rule == "Megaphone.SelfPraise":
        # A prize is news, said plainly before a question; an adjective is not.
        return flag.end < asked_at and _TOLD_AS_NEWS.match(flag.match) is not None
    # Captions on Instagram hold no links; behind a question it only says where to look.
    way_in = (
        flag.rule in ("Megaphone.HardSell", "Megaphone.CallToAct") and _NO_OTHER_WAY.fullmatch(flag.match) is not None
    )
    return way_in and flag.start >= asked_at

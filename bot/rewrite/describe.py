"""Say what a candidate kept, dropped and left open. Worked out from the two texts, whoever wrote the candidate."""

from bot.facts import facts, fold
from bot.models import Rewrite, RewriteSource
from bot.rewrite import lock
from bot.rewrite.asks import commands, is_genuine, questions
from bot.rewrite.checks import Material
from bot.rewrite.words import BRACKET

_MAX_SHOWN = 90


def describe(text: str, material: Material, source: RewriteSource) -> Rewrite:
    """Build the candidate for ``text``: its question, and the facts, asks and flagged words on either side."""
    found = facts(text)
    asked = questions(found)
    real = [q.text for q in asked if is_genuine(q.text)]
    plain = fold(text)
    kept, missing = lock.compare(material.facts, found)
    gone = [f.text for f in missing]
    asks = [_short(c.text) for c in commands(material.facts)]
    asks += [q.text for q in questions(material.facts)]
    asks += [_short(flag.match) for flag in material.review.flags]
    for ask in asks:
        if ask and fold(ask) not in plain and not any(fold(ask) in fold(g) or fold(g) == fold(ask) for g in gone):
            gone.append(ask)
    return Rewrite(
        text=text,
        source=source,
        question=(real or [q.text for q in asked] or [""])[0],
        kept=tuple(f.text for f in kept if f.kind != "quote"),
        dropped=tuple(dict.fromkeys(gone)),
        open=tuple(dict.fromkeys(BRACKET.findall(text))),
    )


def _short(text: str) -> str:
    text = " ".join(text.split()).strip(" .!:,-–—")
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN].rsplit(" ", 1)[0] + "…"

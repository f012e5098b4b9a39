"""Say what a candidate kept, dropped and left open. Worked out from the two texts, whoever wrote the candidate."""

from bot.facts import facts, fold
from bot.models import Rewrite, RewriteSource
from bot.rewrite import lock
from bot.rewrite.asks import is_genuine, questions
from bot.rewrite.checks import Material
from bot.rewrite.words import BRACKET


def describe(text: str, material: Material, source: RewriteSource) -> Rewrite:
    """Build the candidate for ``text``: its question, and the facts, asks and flagged words on either side."""
    found = facts(text)
    asked = questions(found)
    real = [q.text for q in asked if is_genuine(q.text)]
    plain = fold(text)
    kept, missing = lock.compare(material.facts, found)
    gone = [f.text for f in missing]
    listed = " \n ".join(fold(g) for g in gone)
    for ask in material.asks:
        if (folded := fold(ask)) and folded not in plain and folded not in listed:
            gone.append(ask)
            listed += f" \n {folded}"
    return Rewrite(
        text=text,
        source=source,
        question=(real or [q.text for q in asked] or [""])[0],
        kept=tuple(f.text for f in kept if f.kind != "quote"),
        dropped=tuple(dict.fromkeys(gone)),
        open=tuple(dict.fromkeys(BRACKET.findall(text))),
    )

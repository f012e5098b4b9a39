"""Say what a candidate kept, dropped and left open. Worked out from the two texts, whoever wrote the candidate."""

from bot.facts import Facts, facts
from bot.models import Rewrite, RewriteSource
from bot.rewrite.asks import is_genuine, questions
from bot.rewrite.ledger import left_out
from bot.rewrite.trial import Material
from bot.rewrite.words import BRACKET


def describe(text: str, material: Material, source: RewriteSource, found: Facts | None = None) -> Rewrite:
    """Build the candidate for ``text``: its question, and the facts, asks and flagged words on either side.

    ``found`` are the facts of ``text`` where somebody has them already.
    """
    found = found if found is not None else facts(text)
    asked = questions(found)
    real = [q.text for q in asked if is_genuine(q.text)]
    kept, missing = material.compared(found)
    return Rewrite(
        text=text,
        source=source,
        question=(real or [q.text for q in asked] or [""])[0],
        kept=tuple(f.text for f in kept if f.kind != "quote"),
        dropped=left_out(material.ledger, found, missing, [f.norm for f in kept]),
        open=tuple(dict.fromkeys(BRACKET.findall(text))),
    )

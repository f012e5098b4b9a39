"""What an author says in the thread about the rewrite ("shorter", "keep the hashtag") -> wishes.

A small grammar on purpose: the whole message must be a wish, else it is talk among colleagues and gets silence.
"""

import re

from bot.facts import facts
from bot.models import Angle, Wishes
from bot.text import normalise

_POLITE = re.compile(
    r"^(?:(?:hey|ok|okay|hm+|nice|thanks|cool|please|pls|and|but|now|maybe|perhaps|humani[sz]e)\b[\s,:]*"
    r"|(?:can|could|would) (?:you|it|we)\b\s*(?:please\s+)?(?:be\b|make it\b|do\b|try\b|give me\b|have\b)?\s*"
    r"|make (?:it|this|that)\b\s*|something\b\s*|(?:a )?(?:bit|little|lot|tad)\b\s*|much\b\s*|even\b\s*|try\b\s*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s,]*(?:(?:please|pls|thanks|thx|version|tone|one)\b[\s,]*)*[.!?\s]*$", re.IGNORECASE)
_SHORTER = re.compile(r"(?:short(?:er)?|tight(?:er)?|more concise|too long|less (?:long|words|text)|cut it(?: down)?)")
_LIGHT = re.compile(
    r"(?:make |with )?(?:(?:only|just) )?(?:an? )?(?:light(?:er)? (?:edit|touch)(?: only)?"
    r"|(?:a few |only a few )?(?:small|minor|minimal|fewer|tiny) (?:change|edit|fix|tweak)(?:e?s)?(?: only)?)"
    r"|(?:change|edit) (?:it )?less|(?:don'?t|do not) change (?:so|too|that) much|(?:that'?s |it'?s )?too much changed"
)
_ANEW = re.compile(
    r"(?:re)?write (?:it|this|that) (?:anew|new|again|from scratch)|(?:a )?(?:whole|full) rewrite|from scratch"
)
_ANOTHER = re.compile(
    r"(?:another|another (?:one|angle|take|version|idea)|something else|else|different|(?:try )?again|next)"
)
_TONES: tuple[tuple[str, Angle], ...] = (
    (r"playful|fun|funny|funnier|light(?:er)?(?:hearted)?|witty|wittier|silly|sillier", "playful"),
    (r"curious", "curious"),
    (r"candid|honest|direct|blunt|plain(?:er)?|straight(?:er)?", "candid"),
    (r"helpful|useful|practical", "helpful"),
)
_TONE = [(re.compile(rf"(?:more |less serious and )?(?:{words})"), angle) for words, angle in _TONES]
_KEEP = re.compile(r"(?:but )?(?:keep|don'?t (?:lose|drop|cut)|leave|with)\s+(?:in\s+)?(?P<what>.{1,80}?)(?:\s+in)?")
_KINDS = {
    "hashtag": "hashtag",
    "tag": "hashtag",
    "link": "link",
    "url": "link",
    "mention": "mention",
    "date": "date",
    "time": "time",
    "price": "price",
    "number": "number",
    "name": "name",
    "quote": "quote",
}


def read_wish(message: str, draft: str, before: Wishes) -> Wishes | None:
    """The wishes after this message, or None when it is not a wish about the rewrite of ``draft``."""
    text = normalise(message).text.strip()
    if not text or len(text) > 160:
        return None
    wishes, wished = before, False
    for piece in filter(None, re.split(r"\s*(?:,|;|\band\b|\n)\s*", text)):
        said = _TAIL.sub("", _POLITE.sub("", piece.strip()))
        if not said:
            continue  # "shorter, please"
        after = _one(said, draft, wishes)
        if after is None:
            return None
        wishes, wished = after, True
    return wishes if wished else None


def _one(said: str, draft: str, wishes: Wishes) -> Wishes | None:
    lowered = said.lower()
    if _SHORTER.fullmatch(lowered):
        return wishes.model_copy(update={"shorter": True})
    if _LIGHT.fullmatch(lowered):
        return wishes.model_copy(update={"light": True})
    if _ANEW.fullmatch(lowered):
        return wishes.model_copy(update={"light": False, "variant": wishes.variant + 1})
    if _ANOTHER.fullmatch(lowered):
        return wishes.model_copy(update={"variant": wishes.variant + 1})
    for pattern, angle in _TONE:
        if pattern.fullmatch(lowered):
            return wishes.model_copy(update={"angle": angle, "variant": wishes.variant + 1})
    keep = _KEEP.fullmatch(said)
    if keep is None:
        return None
    words = _kept(keep["what"].strip(" \"'“”"), draft)
    return wishes.model_copy(update={"keep": tuple(dict.fromkeys(wishes.keep + words))}) if words else None


def _kept(what: str, draft: str) -> tuple[str, ...]:
    """The words of the draft that are meant: by kind ("the hashtag") or as they stand."""
    name = re.sub(r"^(?:the|my|our|that|all the|all)\s+", "", what.lower()).rstrip("s")
    kind = _KINDS.get(name)
    if kind:
        return tuple(fact.text for fact in facts(draft) if fact.kind == kind)
    found = re.search(re.escape(what), draft, re.IGNORECASE)
    return (found[0],) if found and len(what) > 1 else ()

"""Put a post together again: what it says, one question, at most one ask, the link, a tag or two.

Every function here proposes; the checks decide. Each "another" asks another question, and puts it elsewhere.
"""

import re
from collections.abc import Iterator

from bot.facts import Facts, facts, fold, word_set
from bot.rewrite.asks import commands
from bot.rewrite.checks import Material
from bot.rewrite.frames import look, post_questions, voices
from bot.rewrite.tidy import Tidied, finish, is_headline
from bot.rewrite.words import content_words, sentences, words

MAX_LEAD_CHARS = 170
MAX_QUESTIONS = 10
_POINTS_BACK = re.compile(
    r"(?:it|it's|its|they|they're|their|this|these|those)\b(?! (?:is|was) (?:how|why|what))", re.I
)
_UNNAMED = "[What this is, by name.]"
_SOMEBODY = re.compile(r"\bI\b")
_WONDERS = "I'm curious: {small}"
_NAME = " – [name]"
_TAG_LIMIT = {"instagram": 5}
_GENERIC_TAGS = word_set(
    "saas ai growth startup startups marketing tech business success motivation love instagood support"
    " innovation digital news"
    " leadership entrepreneur productivity sales health career women college"
)


def posts(material: Material, parts: Tidied) -> Iterator[str]:
    """Yield proposals, best first: question by question, for each the fullest first."""
    for turn, question in enumerate(_questions(material, parts)):
        asked, sign = _spoken(material, parts, question, turn)
        bodies = [_bodies(parts, asked, turn)]
        if parts.links and not sign and not _SOMEBODY.search(asked):
            # Nobody's question over a link can read like a notice still; somebody's does not.
            bodies.append(_bodies(parts, _WONDERS.format(small=_small(question)), turn))
        for body in (b for pair in zip(*bodies, strict=False) for b in pair):
            yield _with_tags(_with_kept(body, material), parts, material) + sign


def short_posts(material: Material, parts: Tidied, question: str) -> Iterator[str]:
    """Yield the shortest proposals: what holds a fact, a question, the link. ``question`` is tried before others."""
    link = parts.links[0] if parts.links else ""
    legal = " ".join(parts.legal)
    said = [s for s in parts.statements if any(f.kind != "quote" for f in facts(s))] or sorted(
        (s for s in parts.statements if len(content_words(s)) > 1), key=len
    )[:1]
    for asked in dict.fromkeys((question, *sorted(_questions(material, parts), key=len))):
        for kept in dict.fromkeys((tuple(said[:3]), tuple(said[:1]))):
            lead, rest = (kept[0], kept[1:]) if kept and _can_lead(kept[0]) else ("", kept)
            body = " ".join(filter(None, (lead, asked, *rest)))
            body = _with_kept(_join_link(body, link, legal), material)
            yield from (body, body + _NAME) if link and not parts.sign else (body,)


def _questions(material: Material, parts: Tidied) -> tuple[str, ...]:
    """Return the questions to try: the draft's own first, unless a tone is wished for."""
    text, angle = material.review.text, material.context.angle
    said = " ".join((*parts.statements, *parts.asks, *parts.tags))
    options = post_questions(look(text, material.review.mix, said), text, angle)
    asked = (*options[:2], *parts.questions, *options[2:]) if angle else (*parts.questions, *options)
    return tuple(dict.fromkeys(asked))[:MAX_QUESTIONS]


def _spoken(material: Material, parts: Tidied, question: str, turn: int) -> tuple[str, str]:
    """Return the question as somebody says it, and the name below, if any."""
    ways = voices(material.review.text, material.context.angle)
    voice, sign = ways[turn % len(ways)], f" – {parts.sign}" if parts.sign else ""
    if question in parts.questions:
        return question, sign
    if not material.context.angle and _says_i(parts):
        voice = "{question}"  # somebody speaks already
    return voice.format(question=question, small=_small(question)), sign


def _small(question: str) -> str:
    return question[0].lower() + question[1:]


def _says_i(parts: Tidied) -> bool:
    return bool(parts.sign or re.search(r"\b(?:I|I'[a-z]+|my)\b", " ".join(parts.statements)))


def _with_kept(body: str, material: Material) -> str:
    """Put back what the team wants kept, where a cut took it."""
    draft = fold(material.review.text)
    lost = [w for w in material.context.must_keep if fold(w) in draft and fold(w) not in fold(body)]
    return " ".join([body, *lost])


def _bodies(parts: Tidied, asked: str, turn: int) -> Iterator[str]:
    """Yield the ways to put statements, question, one ask and the link together, fullest first."""
    said, ask = parts.statements, _best_ask(parts)
    link = parts.links[0] if parts.links else ""
    legal = " ".join(parts.legal)
    if parts.is_list:
        yield "\n\n".join(filter(None, (asked, "\n".join(said), link, legal)))
        return
    for pieces in _shapes(said, asked, ask, turn):
        body = " ".join(filter(None, pieces))
        if len(content_words(" ".join(p for p in pieces if p and p != asked))) < 2:
            # A question alone would leave the reader to guess what it is about.
            if not link:
                return
            body = f"{asked} [One line: what they will find.]"
        yield _join_link(body, link, legal)


def _shapes(said: tuple[str, ...], asked: str, ask: str, turn: int) -> Iterator[tuple[str, ...]]:
    """Yield orders of the pieces: every second turn the question stands first, every third says less."""
    if said and _POINTS_BACK.match(said[0]):
        # What "it" was went with the hype: only the sender can say.
        named = next((s for s in said if not _POINTS_BACK.match(s)), "")
        said = (named, *(s for s in said if s != named)) if named else (_UNNAMED, *said)
    lead, rest = (said[0], said[1:]) if said and (said[0] == _UNNAMED or _can_lead(said[0])) else ("", said)
    if lead and rest and len(words(rest[0])) < 4 and not facts(rest[0]).found:
        lead, rest = f"{lead} {rest[0]}", rest[1:]  # "Fair question." belongs to what it is about
    full = (lead, asked, *rest[:6], ask)
    shapes = [full, (*full[:2], *rest[:2], ask), (*full[:2], ask), (*full[:2], *rest[:1]), (lead, asked)]
    if turn % 3 == 1:
        shapes.insert(0, (asked, *said[:4], ask))
    elif turn % 3 == 2:
        shapes.insert(0, (*full[:2], *rest[:1], ask))
    yield from dict.fromkeys(shapes)


def _join_link(body: str, link: str, legal: str) -> str:
    if not link or link in body:
        return " ".join(filter(None, (body, legal)))
    last = sentences(Facts(body, ()))[-1].text
    points = body.endswith(".") and (
        is_headline(last) or re.search(r"\b(?:here|story|blog|rsvp|report|infographic|video|register)\.$", last, re.I)
    )
    return " ".join(filter(None, (body[:-1] + ":" if points else body, link, legal)))


def _can_lead(statement: str) -> bool:
    """A short statement of the sender's own may stand before the question; a headline or half a sentence may not."""
    return (
        len(statement) <= MAX_LEAD_CHARS
        and not is_headline(statement)
        and not re.search(r"https?://|www\.", statement)
        and len(sentences(Facts(statement, ()))) == 1
        and len(content_words(statement)) > 1
    )


def _best_ask(parts: Tidied) -> str:
    """Choose the one ask worth keeping: it names a thing, a time or a person. Bare "sign up now" never is."""
    for ask in parts.asks:
        found = facts(ask)
        if len(content_words(ask)) < 4 or not (
            found.of("date", "time", "name", "mention", "hashtag", "price", "number") or len(content_words(ask)) > 6
        ):
            continue
        asked = commands(found)
        return ask if len(asked) < 2 else finish(re.sub(r"[\s,;:&–—-]+(?:and|then)?\s*$", "", ask[: asked[1].start]))
    return ""


def _names_something(tag: str) -> bool:
    """Tell #EarthDay and #Q3Report from #hustle: capitals or figures within, and none of the tags on everything."""
    return fold(tag[1:]) not in _GENERIC_TAGS and re.search(r"[A-Z].*[A-Z\d]|\d", tag) is not None


def _with_tags(body: str, parts: Tidied, material: Material) -> str:
    """Keep a few hashtags: those that must stay, those in a sentence, then the least general of the rest."""
    limit = _TAG_LIMIT.get(material.network.network or "", 2)
    inline = list(dict.fromkeys(re.findall(r"(?<![\w&/])[#＃]\w*[^\W\d_]\w*", body)))
    stays = {fold(x) for x in (*parts.legal, *material.context.must_keep)}
    for tag in [t for t in inline if fold(t) not in stays][limit:]:
        # Amid a sentence a tag is a word; behind it, it is only a tag.
        body = re.sub(rf"\s{re.escape(tag)}(?=[.!?]|$|\s+(?:https?:|–|[#＃]))", "", body)
        body = re.sub(rf"{re.escape(tag)}\b", tag[1:], body)
    # One tag at the end, and only one that names something: the rest are nobody's words.
    own = [t for t in parts.tags if _names_something(t) and t not in inline and fold(t) not in map(fold, inline)]
    own = own[: min(limit - len(inline), limit // 2 if len(parts.tags) > 1 else 1)] if limit > len(inline) else []
    return " ".join([body, *own])

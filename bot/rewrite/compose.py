"""Put a post together again: what it says, one question, at most one ask, the link, a tag or two.

Every function here proposes; the checks decide. Each "another" asks another question, and puts it elsewhere.
"""

import re
from collections.abc import Iterator

from bot.facts import Facts, facts, fold, word_set
from bot.rewrite.asks import commands
from bot.rewrite.frames import look, post_questions, voices
from bot.rewrite.mend import finish, is_headline
from bot.rewrite.tidy import Tidied
from bot.rewrite.trial import Material
from bot.rewrite.words import FUNCTION_WORDS, content_words, sentences, stems, words

MAX_LEAD_CHARS = 170
MAX_QUESTIONS = 10
_POINTS_BACK = re.compile(
    r"(?:here's an? (?:\w+ )?one|it(?! (?:was|is|has been) (?:an?|great|good|time|important|easy|hard|lovely)\b)"
    r"|it's|its|they|they're|their|(?:this|these|those)(?= (?:is|are|was|were|will|can"
    r"|has|have|means|makes)\b)"
    r"(?! is (?-i:[A-Z])))\b"
    r"(?! (?:is|was) (?:how|why|what))",
    re.I,
)
_ANSWERS = re.compile(
    r"\b(?:this|that|these|those) (?:problem|issue|challenge|question|dilemma)s?\b|\b(?:does|do|did) (?:this|that)\b"
    r"|\bhas the answer\b",
    re.I,
)
_IS_OUT = re.compile(r"\w (?:is|are) out\.")
_UNNAMED = "[What this is, by name.]"
_TO_YOU = re.compile(r"\b(?:everyone|anyone|you|your|you'd|you've|you're|I)\b", re.I)
_SAYS_WE = re.compile(r"\b(?:we|we've|we're|our|us)\b", re.I)
_ASKS_FOR = re.compile(r"(?:who|what|which|where|when|how|why|is|are|does|do|can|could|should|would|will)\b", re.I)
POINTS_BACK = re.compile(
    r"\b(?:this|that|it|its|these|those|they|them|their|here)\b(?! (?:week|month|year|morning|quarter))", re.I
)
"""Such a question needs what it points to before it."""
_OWN_WAYS = ("In your view, {small}", "{question} What do you think?")
_NAME = " – [name]"
_TAG_LIMIT = {"instagram": 5}
LONG_TAG, MAX_LAST_TAGS = 14, 2
_GENERIC_TAGS = word_set(
    "hiring jobs job work remotework news breaking photooftheday picoftheday instagood instadaily instafood foodie"
    " entrepreneurship socialmedia digitalmarketing smallbusiness shoplocal supportlocal linkedin leadershipdevelopment"
    " machinelearning artificialintelligence fintech datascience cybersecurity humanresources personaldevelopment"
    " contentmarketing businessgrowth customerservice customerexperience customersupport"
    " mondaymotivation motivationmonday"
    " tbt throwbackthursday love beauty skincare makeup fashion food health fitness travel art music gaming gamedev"
    " makeadifference employeeengagement selfcaresunday selfcare wishlistwednesday womeninbusiness motivation"
    " slowfashion sustainability specialtycoffee employmentlaw legalupdate customersuccess futureofwork whatson"
    " throwback blogpost newpost livemusic supportsmall lovewhatyoudo teamwork thoughtleadership innovation"
    " indiegame indiedev comingsoon excited giveaway sale deal offer discount flashsale blackfriday "
    "saas ai growth startup startups marketing tech business success motivation love instagood support"
    " innovation digital news"
    " leadership entrepreneur productivity sales health career women college"
)


def posts(material: Material, parts: Tidied) -> Iterator[str]:
    """Yield proposals, best first: question by question, for each the fullest first."""
    for turn, question in enumerate(_questions(material, parts)):
        sign = f" – {parts.sign}" if parts.sign else ""
        bodies = [_bodies(parts, question, asked, turn) for asked in _spoken(material, parts, question, turn)]
        for body in (b for several in zip(*bodies, strict=False) for b in several):
            yield _in_paragraphs(_with_tags(_with_kept(body, material), parts, material), parts) + sign


def _in_paragraphs(body: str, parts: Tidied) -> str:
    """Give a long post its paragraphs back: a wall of text is not what its sender wrote."""
    for opening in parts.opens:
        at = body.find(opening)
        if at > 0 and body[at - 1] in " \n":
            body = body[:at].rstrip() + "\n\n" + body[at:]
    return body


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
    said = " ".join((*parts.statements, *parts.asks, *parts.points, *parts.tags))
    options = post_questions(look(text, material.review.mix, said), text, angle, said)
    asked = (*options[:2], *parts.questions, *options[2:]) if angle else (*parts.questions, *options)
    if _says_i(parts) and not _SAYS_WE.search(text):
        asked = tuple(q if q in parts.questions else _OURS.sub(lambda m: _MINE[m.group()], q) for q in asked)
    return tuple(dict.fromkeys(asked))[:MAX_QUESTIONS]


_MINE = {"we": "I", "us": "me", "our": "my", "ours": "mine"}
_OURS = re.compile(r"\b(?:we|us|our|ours)\b")


def _spoken(material: Material, parts: Tidied, question: str, turn: int) -> tuple[str, ...]:
    """Return the ways in which somebody may say the question, best first: bare, or with a word that asks the reader.

    A question that does not speak to the reader can read like a notice still, over a link.
    """
    angle, text = material.context.angle, material.review.text
    own = question in parts.questions
    ways = _own_ways(question) if own else voices(material.review.text, angle)
    if not (own or angle) and _SAYS_WE.search(" ".join(parts.statements).replace("US", "")):
        ways = tuple(w.replace("I'd", "We'd").replace("I'm", "We're") for w in ways)
    # "What would you like to know? I'd love to know." says it twice.
    if re.search(r"\b(?:ask|like|want|know|hope)\b", question):
        ways = tuple(w for w in ways if "think" not in w) or ways
    ways = (
        tuple(w for w in ways if not set(words(w)) & set(words(question)) & {"know", "hear", "think", "view"}) or ways
    )
    said = ways[turn % len(ways)].format(question=question, small=_small(question))
    if angle:
        return (question,) if own else (said,)
    if _says_i(parts):
        return (question,)
    if not parts.links and not own and sum(map(ord, text)) % 3:
        return (question, said)
    if own and _TO_YOU.search(question):
        return (question, voices(text, angle)[0].format(question=question, small=_small(question)))
    return (said, question)


def _own_ways(question: str) -> tuple[str, ...]:
    if _TO_YOU.search(question) or len(words(question)) < 3:
        return (_OWN_WAYS[1],)
    return _OWN_WAYS[:1] if _ASKS_FOR.match(question) else _OWN_WAYS[1:]


def _small(question: str) -> str:
    return question[0].lower() + question[1:]


def _says_i(parts: Tidied) -> bool:
    return bool(parts.sign or re.search(r"\b(?:I|I'[a-z]+|my)\b", " ".join(parts.statements)))


def _with_kept(body: str, material: Material) -> str:
    """Put back what the team wants kept, where a cut took it."""
    draft = fold(material.review.text)
    lost = [w for w in material.context.must_keep if fold(w) in draft and fold(w) not in fold(body)]
    return " ".join([body, *lost])


def _bodies(parts: Tidied, question: str, asked: str, turn: int) -> Iterator[str]:
    """Yield the ways to put statements, question, one ask and the link together, fullest first."""
    said, ask = parts.statements, "" if parts.points else _best_ask(parts)
    if parts.questions and question not in parts.questions and _ANSWERS.search(" ".join((*said, *parts.asks))):
        return  # "this problem" was named by the draft's own question
    link = " ".join(parts.links[:2])
    legal = " ".join(parts.legal)
    own = question in parts.questions
    if parts.is_list:
        titled = (
            said[0][-1] in ".:" and not re.match(r"(?:[-•]|\d{1,2}[.)])\s", said[0]) and _can_lead(said[0], wanted=True)
        )
        if titled:
            head = f"{said[0].rstrip('.:')}. {asked}"
            yield "\n\n".join(filter(None, (head, "\n".join(said[1:]), link, legal, parts.credit)))
        yield "\n\n".join(filter(None, (asked, "\n".join(said), link, legal, parts.credit)))
        return
    for pieces in _shapes(parts, question, asked, ask, turn):
        body = " ".join(filter(None, map(_stopped, pieces)))
        told = " ".join(p for p in pieces if p and p != asked)
        if (
            len(content_words(told)) < 2
            and not _IS_OUT.search(told)
            and not (own and len(content_words(question)) > 2 and (parts.points or not (said or parts.asks)))
        ):
            # A question alone would leave the reader to guess what it is about.
            if not link or not own:
                return
            body = f"{asked} [One line: what they will find.]"
        if not link and len(words(told)) < 7 and is_headline(told) and not own:
            return  # a heading is no post
        yield " ".join(filter(None, (_join_link(body, link, legal, parts.points), parts.credit, parts.way)))


def _shapes(parts: Tidied, question: str, asked: str, ask: str, turn: int) -> Iterator[tuple[str, ...]]:
    """Yield orders of the pieces: every third turn the question stands first, every third says less."""
    said = parts.statements
    if said and _POINTS_BACK.match(said[0]) and not parts.whole_start:
        # What "it" was went with the hype: only the sender can say.
        named = next((s for s in said if not _POINTS_BACK.match(s)), "")
        if not named and not (parts.links or facts(said[0]).found):
            return
        said = (named, *(s for s in said if s != named)) if named else (_UNNAMED, *said)
    shown = parts.points[:1]
    if not said and shown and POINTS_BACK.search(question):
        said, shown = shown, ()
    back = POINTS_BACK.search(question) is not None and question not in parts.questions
    said = _news_first(said, question)
    if len(said) > 1 and len(content_words(said[0])) < 2 and not facts(said[0]).found and said[0].endswith("."):
        said = (_joined(said[0], said[1]), *said[2:])  # "The numbers are in." leads nothing alone
    lead, rest = (said[0], said[1:]) if said and (said[0] == _UNNAMED or _can_lead(said[0], back)) else ("", said)
    if lead and rest and len(words(rest[0])) < 4 and not facts(rest[0]).found:
        lead, rest = f"{lead} {rest[0]}", rest[1:]  # "Fair question." belongs to what it is about
    tail = (ask, *shown)
    full = (lead, asked, *rest[:6], *tail)
    shapes = [full, (*full[:2], *rest[:2], *tail), (*full[:2], *tail), (*full[:2], *rest[:1]), (lead, asked)]
    first = (asked, *said[:4], *tail)
    if question in parts.questions:
        if parts.asks_first:
            shapes.insert(0, first)
    elif turn % 3 == 1 and not back and stems(" ".join(content_words(question))) & stems(" ".join(said)):
        shapes.insert(0, first)
    elif turn % 3 == 2:
        shapes.insert(0, (*full[:2], *rest[:1], *tail))
    yield from dict.fromkeys(shapes)


def _stopped(piece: str) -> str:
    """A credit ("– @mina") ends without a stop, and the next sentence would run into it."""
    return piece + "." if re.search(r"(?<![/.])[@#]\w+$", piece) else piece


def _joined(short: str, said: str) -> str:
    """ "The numbers are in: we lent 900 looms." """
    first = said.split(" ", 1)[0]
    small = said[0].lower() + said[1:] if fold(first) in FUNCTION_WORDS and not re.match(r"I\b", first) else said
    return f"{short[:-1]}: {small}" if ": " not in said[:40] else f"{short} {said}"


def _news_first(said: tuple[str, ...], question: str) -> tuple[str, ...]:
    """Put first what the question is about, where its words stand further down."""
    asked = stems(" ".join(content_words(question)))
    if len(said) < 2 or not asked or asked & stems(said[0]):
        return said
    for at, sentence in enumerate(said[1:3], start=1):
        about = asked & stems(sentence)
        if len(about) > 1 or (about and len(asked) < 4 and POINTS_BACK.search(question)):
            if _POINTS_BACK.match(sentence) or not _can_lead(sentence, wanted=True):
                return said
            return (sentence, *said[:at], *said[at + 1 :])
    return said


def _join_link(body: str, link: str, legal: str, shown: tuple[str, ...] = ()) -> str:
    legal = "" if fold(legal) in fold(body) else re.sub(r"(?<=[a-z])$", ".", legal)
    if not link or link in body:
        return " ".join(filter(None, (body, legal)))
    last = sentences(Facts(body, ()))[-1].text
    points = body.endswith(".") and (
        is_headline(last)
        or last in shown
        or re.search(r"\b(?:here|story|blog|rsvp|report|infographic|video|register)\.$", last, re.I)
    )
    return " ".join(filter(None, (body[:-1] + ":" if points else body, link, legal)))


def _can_lead(statement: str, wanted: bool = False) -> bool:
    """A short statement may stand before the question, a headline too; half a sentence may not.

    A longer one may where it is ``wanted``, since the question points back to it.
    """
    return (
        len(statement) <= (MAX_LEAD_CHARS if not wanted else 2 * MAX_LEAD_CHARS)
        and not re.search(r"https?://|www\.", statement)
        and len([x for x in sentences(Facts(statement, ())) if len(words(x.text)) > 3]) <= 1
        and (
            len(content_words(statement)) > 1
            or bool(facts(statement).of("hashtag", "name", "mention"))
            or _IS_OUT.search(statement) is not None
        )
    )


_TO_BOOK = re.compile(r"(?:DM|PM|message|call|email|text)(?: us| me)? to (?:book|order|reserve)\W*$", re.I)


def _best_ask(parts: Tidied) -> str:
    """Choose the one ask worth keeping: it names a thing, a time or a person. Bare "sign up now" never is."""
    for ask in parts.asks:
        found = facts(ask)
        polite = re.match(r"please (?!register|sign|buy|order|donate|share|like|follow)", ask, re.I) is not None
        if _TO_BOOK.match(ask) or (polite and len(content_words(ask)) > 1 and len(commands(found)) < 2):
            return ask
        if len(content_words(ask)) < 4 or not (
            found.of("date", "time", "name", "mention", "hashtag", "price", "number") or len(content_words(ask)) > 6
        ):
            continue
        asked = commands(found)
        return ask if len(asked) < 2 else finish(re.sub(r"[\s,;:&–—-]+(?:and|then)?\s*$", "", ask[: asked[1].start]))
    return ""


def _names_something(tag: str, draft: Facts) -> bool:
    """Tell #EarthDay, #Q3Report and the sender's own #Millstream from #hustle and from the tags on everything."""
    plain = fold(tag[1:])
    if plain in _GENERIC_TAGS:
        return False
    if re.search(r"[A-Z].*[A-Z\d]|\d", tag) is not None or len(plain) >= LONG_TAG:
        return True
    named = {re.sub(r"[^\w]|\bthe\b", "", f.norm) for f in draft.of("name", "mention")}
    if tag[1:].islower():
        return plain in named
    again = re.search(rf"(?<![\w#@]){re.escape(tag[1:])}\b", draft.text) is not None
    return again or any(len(n) > 4 and (n in plain or plain in n) for n in named)


def _reads_without_its_sign(tag: str) -> bool:
    """#startup and #EarthDay can be said as words; #workingmom cannot."""
    return len(tag) < 11 or re.search(r"[a-z][A-Z]", tag) is not None


def _with_tags(body: str, parts: Tidied, material: Material) -> str:
    """Keep a few hashtags: those that must stay, those in a sentence, then the least general of the rest."""
    limit = _TAG_LIMIT.get(material.network.network or "", 2)
    inline = list(dict.fromkeys(re.findall(r"(?<![\w&/])[#＃]\w*[^\W\d_]\w*", body)))
    stays = {fold(x) for x in (*parts.legal, *material.context.must_keep)}
    free = sorted((t for t in inline if fold(t) not in stays), key=_reads_without_its_sign)
    for tag in free[limit:]:
        # Amid a sentence a tag is a word; behind it, it is only a tag.
        body = re.sub(rf"\s{re.escape(tag)}(?=$|\s+(?:https?:|–|[#＃]))", "", body)
        body = re.sub(rf"{re.escape(tag)}\b", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tag[1:]), body)
    for tag in inline:
        first = body.find(tag) + len(tag)
        body = body[:first] + re.sub(rf"{re.escape(tag)}\b", tag[1:], body[first:])  # the same one again is a word
    # At the end two that name something; a single one is there for a reason. The rest are nobody's words.
    single = len(parts.tags) == 1 and fold(parts.tags[0][1:]) not in _GENERIC_TAGS
    own = [
        t for t in parts.tags if (single or _names_something(t, material.facts)) and fold(t) not in map(fold, inline)
    ]
    own = own[: max(0, min(limit - len(inline), MAX_LAST_TAGS))]
    return " ".join([body, *own])

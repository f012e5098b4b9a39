"""Lies without a new fact: a draft's own words turned round, moved, glued to a question or hidden in brackets.

All of them read plain text and the facts found in it; each returns the words it means, or an empty string.
"""

import re
from itertools import pairwise

import emoji

from bot.facts import Fact, Facts, Kind, facts, fold, word_set
from bot.rewrite.scripts import MAY_BE_EMOJI
from bot.rewrite.words import BRACKET, FUNCTION_WORDS, Sentence, stem, words

_ASKS = (
    r"(?:which|what|what's|who|who's|whose|where|when|why|how|do|does|did|is|are|was|were|has|have|had|would|could"
    r"|can|will|should|shall|may)"
)
_CORE = re.compile(rf"(?:[,;:–—]\s+|\s-\s+|\b(?:and|but|so|or)\s+)(?={_ASKS}\b)", re.I)
_TAIL = re.compile(
    r"[,;–—]\s*(?:now that|since|because|given|after|as|with|when|while|like"
    rf"|(?:and|but) (?!{_ASKS}\b))\b",
    re.I,
)
_READER = re.compile(r"\b(?:you|your|yours|you're|you've|you'd|anyone|anybody|someone|somebody)\b", re.I)

_ABOUT_ASKING = re.compile(
    r"\b(?:wonder|wondering|curious|honest|honestly|answers?|ask|asking|question|tell|guess|say|friend)\b",
    re.I,
)
"""Words before a question that speak of the asking: "No wrong answers: what would you try first?"."""

_NO = word_set("not no never without nobody nothing none neither nor hardly cannot")
_NOT_ONLY = word_set("only just merely simply matter")
_TELLS = word_set("don't never")
_REACH = 5
"""How many words on a "not" may stand before the word that it turns."""

_BOUND = re.compile(
    r"\b(more than|at least|less than|fewer than|up to|at most|no later than|no more than"
    r"|instead of|rather than|down from|over|under|above|below|from"
    r"|since|until|till|by|before|through|after|starting|to|nearly|almost|about|around|roughly|some|only|just|all"
    r"|every|exactly)\s+(?:(?:the|on|our|last|of)\s+)?$",
    re.I,
)
_BOUNDS = {
    "more": "more than, at least, over, above",
    "less": "less than, fewer than, up to, at most, under, below, no more than, nearly, almost",
    "from": "from, since, after, starting",
    "to": "until, till, by, before, through, to, no later than",
    "about": "about, around, roughly, some",
    "old": "instead of, rather than, down from",
    "only": "only, just",
    "all": "all, every",
}
_KIND_OF_BOUND = {word: kind for kind, said in _BOUNDS.items() for word in said.split(", ")}
_FREE_OVER = re.compile(
    r"\bfree (?P<what>[a-z]{3,20})\b[^.!?\n]{0,40}?\b(?:over|above|from|for orders over)\s(?P<figure>[$€£]?\d[\d.,]*)",
    re.I,
)
_BECAUSE = re.compile(
    r"\b(?:because|due to|thanks to|therefore|that's why|that is why|which is why|as a result|so that|caused by"
    r"|leads? to|led to)\b(?!(?: of)? {4})",
    re.I,
)
"""Behind it four blanks were a bracket: "because of [what you noticed]" gives no reason yet."""
_OPPOSITE = {"from": "to", "to": "from"}
_NEVER_DROPPED = frozenset(("less", "old"))
""""Up to 25%" may not become "25%"; that "over 300" becomes "300" boasts of nothing."""
_RATE = re.compile(
    r"[\s-]{0,2}(?:(?:a|an|per|each|every)\s+|/\s?)(hour|hr|day|night|week|month|mo|quarter|year|yr|person|head|user"
    r"|seat"
    r"|team|guest|child|piece|unit|kg|km|mile|session|class|ticket)s?\b|\s(monthly|yearly|weekly|daily|annually"
    r"|once)\b",
    re.I,
)

_MARKUP = re.compile(
    r"\n{4,}|```|`[^`\n]+`|\*\*|__|~~|^#{1,6}\s|^>\s|\]\(|</?[a-z][^<>\n]{0,80}>|:[a-z][a-z0-9_+-]{1,40}:(?!\S)"
    r"|^\W{0,3}(?:rewrite|rewritten|option|version|draft|candidate|post|text|caption|answer|output|note|result|variant)"
    r"(?: \w{1,10})?\s?:",
    re.I | re.M,
)
_QUOTED = re.compile(r"\s*[\"“«].*[\"”»]\s*", re.S)

MAX_NOTE_WORDS = 14
"""A note in brackets says what is missing; what is longer says something itself."""
_PLACEHOLDER_NAMES = word_set("name host company i i'm")
_PRAISE = re.compile(r"\b(?:best|award|happy|proven|guarantee[ds]?|free|trusted|leading|loved|favou?rite of)\b", re.I)
_STATES = re.compile(
    r"\b(?:our|we|we're|us|my)\b.*\b(?:customers?|clients?|users?|teams?|fans?|readers?|people)\b"
    r"|\b(?:it|this|that|everyone|everybody|people|they|we|customers?|clients?|users?|teams?)\s(?:is|are|was|were"
    r"|has|have"
    r"|had|will|can|love[sd]?|use[sd]?|say|says|said|trust|trusts|saved?|want|wants)\b",
    re.I,
)
_OPEN_NOTE = re.compile(
    r"(?:which|what|who|whom|whose|where|when|why|how|one (?!in\b|of\b)|a|an|any|some|the|their|your|something|somebody"
    r"|name|host)\b",
    re.I,
)
SMALL = 3
"""A note may ask for "two examples"; a larger figure in one is told, not asked for."""

LIGHT = word_set(
    "use made wrote ask asks asking asked read reading looking back open live ready available reply replies"
    " answer answers question questions tell telling hear heard say said says saying word words line lines wonder"
    " wondering curious talk talks talking far included including see seen saw show shows people person day days"
    " week time times way ways thing things part place piece morning evening help helps helping story start"
    " started starts end ends mean means know make makes together both soon early late meet call called named"
    " comes come came gets got takes took works work gone goes went stays find found lets keep left right nearby"
    " below above arrived prize phone online code orders bookings applications registration"
)
"""New words that state next to nothing; any other must be the draft's own where something is said of a thing."""
_THING = re.compile(
    r"(?i:\b(?:and|or|by|with|for|from|to|of|in|into|at|than|via|without|because|due)|[,&])\s(?i:(?:a|an|the|our"
    r"|your|its"
    r"|their|this|all|any|most|many|more|every|some)\s){0,2}([a-z][a-z'-]{2,})(?![\w'-])"
)
_HOW_MANY = re.compile(r"\b(?:all|every|everyone|everybody|most|always|majority|third|quarter|several|only)\b", re.I)
_PREDICATE = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|being|am|feels?|looks?|seems?|becomes?|became)|(?:'s|'re|'m))\s"
    r"(?:(?:now|also|so|very|already|really|just|all|as|much|far|quite|even"
    r"|\w{3,20}ly)\s){0,2}([a-z][a-z'-]{2,})(?![\w'-])"
)


def stated(bare: str, asked: tuple[Sentence, ...]) -> str:
    """Blank out, at equal length, what a text asks: what is left is what it states.

    ``bare`` is the text without its brackets. Of a question only the question itself goes: words before or behind it
    that speak of something else than the reader are a statement still ("It won a prize, and which part ...?").
    """
    text = list(bare)
    for question in asked:
        start, end = _core(bare[question.start : question.end])
        text[question.start + start : question.start + end] = " " * (end - start)
    return "".join(text)


def _core(question: str) -> tuple[int, int]:
    """Where the question itself stands in its sentence."""
    start = 0
    for cut in _CORE.finditer(question):
        if not (_READER.search(question[: cut.start()]) or _ABOUT_ASKING.search(question[: cut.start()])):
            start = cut.end()
        break
    tail = _TAIL.search(question, start + 1)
    if tail and not _READER.search(question[tail.start() :]) and _READER.search(question[start : tail.start()]):
        return start, tail.start()
    return start, len(question)


def turned(said: str, draft: str) -> str:
    """Return a "not" that came in or went, with the word it turns."""
    now, before = _clauses(said), _clauses(draft)
    after_no = [found for clause in before for found in _turned_in(clause) if found]
    meant, first = {stem(w) for found in after_no for w in found}, {stem(found[0]) for found in after_no}
    denied = {word for clause in before for word in clause if _denies(word)}
    kept = {pair for clause in before for pair in pairwise(clause)}
    flat = {stem(w) for clause in before for w in _flat_in(clause)}
    for clause in now:
        for at, word in enumerate(clause):
            if _denies(word) and not _NOT_ONLY & set(clause[at + 1 : at + 2]) and clause[at : at + 2] not in kept:
                target = next((w for w in clause[at + 1 : at + _REACH] if w not in FUNCTION_WORDS), "")
                if stem(target) not in meant if target else word not in denied:
                    return f"{word} {target}".strip()
        lost = next((w for w in _flat_in(clause) if stem(w) in first and stem(w) not in flat), "")
        if lost:
            return lost
    return ""


def _clauses(text: str) -> list[tuple[str, ...]]:
    return [words(part) for part in re.split(r"[.!?;:…]+(?=\s|$)|\n|\s[-–—]\s", text)]


def _turned_in(clause: tuple[str, ...]) -> list[list[str]]:
    """The words behind each "not" of a clause, the one it turns first; "not only" turns nothing."""
    return [
        [word for word in clause[at + 1 : at + _REACH] if word not in FUNCTION_WORDS]
        for at, no in enumerate(clause)
        if _denies(no) and clause[at + 1 : at + 2] and clause[at + 1] not in _NOT_ONLY
        if at or no not in _TELLS  # "don't let winter ruin it" is an order, and denies nothing
    ]


def _flat_in(clause: tuple[str, ...]) -> list[str]:
    """The words that no "not" of the same clause turns."""
    return [
        word
        for at, word in enumerate(clause)
        if word not in FUNCTION_WORDS and not any(map(_denies, clause[max(0, at - _REACH) : at]))
    ]


def _denies(word: str) -> bool:
    return word in _NO or word.endswith("n't")


def reasoned(said: str, draft: str) -> str:
    """Return a because that came in: what only stood side by side is now said to follow."""
    plain = f"{fold(draft)} {draft.casefold()}"
    return next((m.group() for m in _BECAUSE.finditer(said) if not any(w in plain for w in _causes(m.group()))), "")


def _causes(said: str) -> tuple[str, ...]:
    return (said.casefold(), "because", "due to", "that's why", "which is why")


def loosened(said: str, draft: Facts) -> str:
    """Return what is free in a text without the figure that it is free over in the draft ("over £50")."""
    for clause in re.split(r"[.!?\n;]+(?=\s|$)", draft.text):
        over = _FREE_OVER.search(clause)
        if over and over.group("what") and re.search(rf"\b{over.group('what')}\b", said, re.I):
            free = [part for part in re.split(r"[.!?\n;]+(?=\s|$)", said) if re.search(r"\bfree\b", part, re.I)]
            if any(over.group("figure") not in part for part in free):
                return f"free {over.group('what')}"
    return ""


def moved(rewrite: Facts, draft: Facts) -> str:
    """Return a number, price, date or time whose bound or rate is another than in the draft.

    "From 40 to 5", "until June 30", "over 300", "a month": each belongs to its figure.
    """
    kinds: tuple[Kind, ...] = ("number", "price", "date", "time")
    known: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for fact in draft.of(*kinds):
        bounds, rates = known.setdefault((fact.kind, fact.norm), (set(), set()))
        bounds.add(_bound(draft.text, fact))
        rates.add(_rate(draft.text, fact))
    brackets = [m.span() for m in BRACKET.finditer(rewrite.text)]
    for fact in rewrite.of(*kinds):
        if (fact.kind, fact.norm) not in known or any(a <= fact.start < b for a, b in brackets):
            continue
        bounds, rates = known[fact.kind, fact.norm]
        if not _same_bound(_bound(rewrite.text, fact), bounds):
            return _around(rewrite.text, fact)
        if fact.kind in ("number", "price") and _rate(rewrite.text, fact) not in rates:
            return _around(rewrite.text, fact)
    return ""


def _same_bound(bound: str, meant: set[str]) -> bool:
    """Tell whether a figure may have this bound (or none, ""), where in the draft it has one of ``meant``."""
    if bound in ("", *_OPPOSITE):
        return not meant <= _NEVER_DROPPED and (not bound or meant != {_OPPOSITE[bound]})
    return bound in meant


def _bound(text: str, fact: Fact) -> str:
    if fact.text.endswith("+"):
        return "more"
    found = _BOUND.search(text[max(0, fact.start - 24) : fact.start])
    return _KIND_OF_BOUND.get(found.group(1).lower(), "") if found else ""


def _rate(text: str, fact: Fact) -> str:
    found = _RATE.match(text, fact.end)
    return (found.group(1) or found.group(2)).lower()[:2] if found else ""


def _around(text: str, fact: Fact) -> str:
    return " ".join(text[max(0, fact.start - 12) : fact.end + 10].split())


def markup(text: str, draft: str) -> str:
    """Return a mark that would show as such where it is posted, or an emoji, that the draft does not hold."""
    found = next((m.group() for m in _MARKUP.finditer(text) if m.group().casefold() not in draft.casefold()), "")
    if found:
        return found.strip() or "blank lines"
    if _QUOTED.fullmatch(text) and not _QUOTED.fullmatch(draft):
        return "quotation marks round it all"
    if not MAY_BE_EMOJI.search(text):
        return ""
    return next((e for e in emoji.distinct_emoji_list(text) if e not in draft), "")


def smuggled(rewrite: Facts, holds: frozenset[str]) -> str:
    """Return a note in brackets that tells instead of asking. ``holds`` are the folded words of the draft."""
    for match in BRACKET.finditer(rewrite.text):
        note = match.group()[1:-1].strip()
        said = words(note)
        if all(word in holds for word in said):
            continue
        figures = [w for w in said if any(map(str.isdigit, w)) and w not in holds] + _large(note)
        names = [w for w in re.findall(r"(?<=[\w,] )[A-Z][\w'’-]+", note) if fold(w) not in holds | _PLACEHOLDER_NAMES]
        asks = note.endswith("?") or _OPEN_NOTE.match(note)
        if (
            figures
            or names
            or len(said) > MAX_NOTE_WORDS
            or re.search(r"[\"“”@#€$£]|\w\.\w", note)
            or (not note.endswith("?") and _PRAISE.search(note))
            or (not asks and _STATES.search(note))
        ):
            return match.group()
    return ""


def _large(note: str) -> list[str]:
    found = facts(note).of("number", "price")
    return [f.text for f in found if not (re.match(r"\d+$", f.norm) and int(f.norm) <= SMALL)]


def counted(said: str, draft_words: frozenset[str]) -> str:
    """Return an "all", "most" or "only" that came in: 71% are not all, and what is open to some was not said to be."""
    return next((m.group() for m in _HOW_MANY.finditer(said) if fold(m.group()) not in draft_words), "")


def new_thing(said: str, draft_stems: frozenset[str]) -> str:
    """Return a word that says of something what the draft does not: "for hospitals", "is painless"."""
    plain = said.replace("’", "'")
    for pattern in (_PREDICATE, _THING):
        for match in pattern.finditer(plain):
            word = match.group(1)
            known = word in FUNCTION_WORDS or word in LIGHT or stem(word) in draft_stems
            if not known and not all(stem(part) in draft_stems for part in word.split("-")):
                return " ".join(match.group().split())
    return ""

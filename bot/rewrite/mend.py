"""Mend one sentence: hype and announcements out, capitals, spaces, articles and marks right again.

By the patterns in ``edits.yaml``; a sentence that says nothing once they are through is empty.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from bot.facts import facts, fold, word_set
from bot.rewrite.asks import fold_apostrophes
from bot.rewrite.data import packaged
from bot.rewrite.words import FUNCTION_WORDS, content_words, words
from bot.text import Gate

_ANNOUNCE = re.compile(
    r"^(?:today,? )?(?:(?:we|i)(?:'re|'m| are| am)?|(?P<who>[@#]?\w[\w&' -]{1,40}?) (?:is|are))?\s?(?:so |very "
    r"|super |really |incredibly |absolutely "
    r"|beyond |more than |just )?(?:excited|thrilled|proud|delighted|pleased|happy|honou?red|stoked|pumped"
    r"|overjoyed|humbled|ecstatic) to "
    r"(?P<verb>announce|release|publish|share|introduce|reveal|unveil|launch|present|say|report|bring you|tell you"
    r"|welcome"
    r"|partner with)\b(?P<that> that)?"
    r"(?P<launch> (?:the )?(?:official )?(?:launch|release|arrival) of)?(?: with you)?\s*",
    re.I,
)
_INTRODUCING = re.compile(r"^(?:introducing|announcing|say hello to|meet|please welcome|welcome to)\b:?\s+", re.I)
_DID_YOU_KNOW = re.compile(r"^#?did ?you ?know\b(?! (?:who|what|how|why|where|when))", re.I)
_CLAUSE = re.compile(
    r"^(?:that\b|we(?:'ve|'re)?\b|our \w+ (?:is|are|has|have)\b|you\b|it\b|[A-Z]\w+ (?:is|are|has|have|now)\b)", re.I
)
_VAGUE = re.compile(
    r"^(?:some|our|the|an?|more|these)?\s?(?:\w+[- ]){0,3}(?:updates?|news|solution|something|announcement"
    r"|innovation|addition|arrival|product"
    r"|surprise)s?(?: with you)?\W*$",
    re.I,
)
SPOKEN = re.compile(r"[\"“«][^\"”»]{12,300}[\"”»]")
"""What somebody is quoted as saying; nobody edits it."""
_DANGLING = re.compile(
    r"(?:\s(?:and|or|but|to|with|for|of|the|a|an|our|your|at|by|via|plus|here|is|are|in))+([.?!]?)$", re.I
)
_ACRONYM = re.compile(r"[A-Z]{2,5}s?$")


class _Edits(NamedTuple):
    always: re.Pattern[str]
    drop: re.Pattern[str]
    cut: tuple[tuple[re.Pattern[str], str], ...]
    swap: tuple[tuple[re.Pattern[str], str], ...]
    cuts: Gate
    swaps: Gate


@lru_cache(maxsize=1)
def _edits() -> _Edits:
    data = packaged("edits.yaml")
    cut = tuple((re.compile(p, re.I), "" if p.startswith(("^", "\\s", "(?:^")) else " ") for p in data["cut"])
    # Sentences are dropped by how they begin, so one match at their start tries them all.
    always, drop = (
        re.compile("|".join(f"(?:{p.removeprefix('^')})" for p in data[key]), re.I) for key in ("always", "drop")
    )
    swap = tuple((re.compile(p, re.I), to) for p, to in data["swap"])
    return _Edits(always, drop, cut, swap, Gate(p for p, _ in cut), Gate(p for p, _ in swap))


def mend(sentence: str) -> str:
    """Edit one sentence; an empty string when nothing worth saying is left."""
    edits = _edits()
    said = calm(" ".join(fold_apostrophes(sentence).split()).strip(" •●▪*-–—→>|·").removeprefix("..."))
    if edits.always.match(said):
        return ""
    said = _ULTIMATE.sub(r"\1 a ", said)
    for _ in range(3):
        before = said
        said = _announce(said)
        if _DID_YOU_KNOW.match(said) and said.endswith("?"):
            said = said[:-1] + "."
        # What somebody said stays as they said it.
        said = said if SPOKEN.search(said) else edits.cuts.edited(said, _cut)
        if said == before:
            break
    said = edits.swaps.edited(_invited(said), _swapped)
    said = _articles(" ".join(said.split()), sentence)
    if edits.always.match(said) or (edits.drop.match(said) and not _holds_facts(said)):
        return ""
    return finish(said, sentence)


def _cut(number: int, said: str) -> str:
    pattern, to = _edits().cut[number]
    if pattern.pattern[0] != "^":
        without, found_any = pattern.subn(to, said)
        return " ".join(without.split()) if found_any else said
    found = pattern.match(said)  # far cheaper than to search for what stands at the start
    return said[found.end() :].strip() if found else said


def _swapped(number: int, said: str) -> str:
    pattern, swapped = _edits().swap[number]
    return pattern.sub(swapped, said) if pattern.pattern[0] != "^" or pattern.match(said) else said


_ANY_DAY = frozenset(("today", "tonight", "tomorrow", "this week", "this month", "this year"))


def _holds_facts(said: str) -> bool:
    found = facts(said)
    when = any(f.norm not in _ANY_DAY for f in found.of("date"))
    return (
        when
        or bool(found.of("time", "price", "phone", "email"))
        or any(c.isdigit() for f in found.of("number") for c in f.text)
    )


def _articles(said: str, before: str) -> str:
    """Mend "a" and "an" where a cut put another word behind them."""

    def right(match: re.Match[str]) -> str:
        if match.group() in before:
            return match.group()
        return match.group(1) + ("n " if match.group(2)[0] in "aeio" else " ") + match.group(2)

    return re.sub(r"\b([Aa])n? ([a-z]{2,30})\b", right, said)


def _announce(said: str) -> str:
    match = _ANNOUNCE.match(said) or _INTRODUCING.match(said)
    if not match:
        return said
    rest = re.sub(r"\s(?:&|and) (?:see|learn|find out|discover|read|hear|watch)\b.*$", "", said[match.end() :].strip())
    groups = match.groupdict()
    if re.match(r"meet\b", said, re.I):
        who = re.match(r"[Mm]eet ((?:our \w+ )?[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}), who (?=\w)", said)
        if who:
            return f"{who.group(1)} {said[who.end() :]}"
        if re.match(r"meet (?:our|the|us|me|some)\b|meet [A-Z][a-z]+ [A-Z][a-z]+\b(?! \d)", said, re.I):
            return said
    if groups.get("that") or _CLAUSE.match(rest):
        return re.sub(r"^that\s", "", rest, flags=re.I)
    if groups.get("verb") in ("welcome", "partner with"):
        verb = groups["verb"]
        named = f"{groups['who']} {verb.replace('welcome', 'welcomes').replace('partner', 'partners')} {rest}"
        return named if groups.get("who") else f"We {verb} {rest}"
    if not rest or _VAGUE.match(rest):
        return ""
    if appointed := _APPOINTED.match(rest):
        return f"{appointed.group('name')} is {appointed.group('role')}"
    if groups.get("who") and (opened := _OPENING_OF.match(rest)):
        return f"{groups['who']} has {'opened' if opened.group(1) == 'opening' else 'launched'} {rest[opened.end() :]}"
    theirs = _WHOSE.match(rest)
    if groups.get("who") and not groups.get("launch") and theirs:
        return _from_whom(groups["who"], rest[theirs.end() :], new=theirs.group("new") is not None)
    noun = re.split(
        r"[,:;.!]\s|[,:;.!]$|\s[–—-]\s|,? (?:a|an|the) (?=\w+ (?:\w+ )?(?:platform|solution|tool|way))",
        rest,
        maxsplit=1,
    )[0].strip(" .!:")
    more = rest[len(noun) :].strip(" ,:;.!–—-")
    # "Fern Analytics" is one thing, "new lamps" are several.
    plural = re.search(r"\b(?:and|&)\b|\b[a-z]{2,}[a-z](?<!s)s$", noun.split(" for ")[0].split(" of ")[0]) is not None
    if more and _VAGUE.match(noun):
        noun = re.split(r"[,;.!]\s|\s[–—-]\s", more, maxsplit=1)[0].strip(" .!:")
        more, plural = "", False
    if more[:1].isupper() and noun[:1].islower() and len(more.split()) > 4:
        return more  # "our triple threat: Acme Mist softens…": the name is behind the colon
    if len(noun.split()) > 9:
        return f"New: {noun}" + (f", {more}" if more else "")
    if re.match(r"an? \w", more) and not plural and "verb" not in groups:
        return f"{noun} is {more}"
    if re.match(r"our (?:brand[- ])?new \w", noun) and not plural:
        return f"We have a {noun[4:]}"
    # An apposition ("the ultimate platform for…") is praise of our own; a clause with a number in it is news.
    told = _TELLS.match(more)
    return (
        f"{noun} {'are' if plural else 'is'} out" + (f". It {more[told.start(1) :]}" if told else "")
        if groups.get("launch") or groups.get("verb") in (None, "release", "publish") or re.search(r"\d", noun)
        else f"New: {noun}"
    )


_ULTIMATE = re.compile(r"\b(is|are|makes?) the (?:very )?(?:ultimate|perfect|ideal) (?=[A-Za-z])", re.I)
_APPOINTED = re.compile(
    r"(?:the )?(?:appointment|promotion) of (?P<name>(?:[A-Z][\w'-]+ ){1,3}[A-Z][\w'-]+|[A-Z][\w'-]+),? (?:as|to)"
    r" (?P<role>\S.+)"
)
# "..., which shows how we cut waste by 22%": a number is news too.
_TELLS = re.compile(r"(?:which|that) ([a-z]{3,12}s) (?=[^.!?]*\d)")
_OPENING_OF = re.compile(r"the (?:official )?(opening|launch) of (?=(?:its|our|their|the|an?)\b)")
_WHOSE = re.compile(r"(?:its|their|his|her|our) (?P<new>(?:brand[- ])?new )?", re.I)


def _from_whom(who: str, what: str, *, new: bool) -> str:
    """ "Elm Council has a new bus lane", "New from Elm Council: bus maps for all"."""
    first = re.split(r"[,:;.]|\s(?:on|in|at|for|with|of|to)\s", what, maxsplit=1)[0]
    if new and re.fullmatch(r"[a-z][\w-]*(?: [a-z][\w-]*){0,2}", first) and not re.search(r"[^s]s$", first):
        return f"{who} has a new {what}"
    return f"New from {who}: {what}"


_INVITED = re.compile(
    r"^(?:please )?(?:come (?:and |along and )?)?join us (?:live )?(?:(?:in|at) (?P<where>(?-i:[A-Z])[\w' ]{2,40}?)"
    r" )?(?:on )?(?P<when>(?:this |next )?(?:(?:mon|tues"
    r"|wednes"
    r"|thurs|fri|satur|sun)day|tomorrow|tonight|today|\d{1,2}(?:st|nd|rd|th)?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec)[a-z]*)\b[^;!?]{0,50}?),? (?:for|at|to hear|as we present) (?P<what>[\"“(]|our |the |an? |this )",
    re.I,
)


def _invited(said: str) -> str:
    """Say what is on before when it is: the command to come tells neither."""
    match = _INVITED.match(said)
    if not match:
        return said
    what = said[match.start("what") :].rstrip(" .!")
    where = f"{match.group('where')}, " if match.group("where") else ""
    return f"{what}: {where}{match.group('when')}" if len(what.split()) > 2 else said


def calm(said: str) -> str:
    """Take the shouting out: marks in a row, words in capitals that are no short name."""
    said = re.sub(r"\s*([!?])[!?\s]*(?=$|\s)", lambda m: "?" if "?" in m.group() else ".", said)
    said = _SENDER.sub(lambda m: m.group() if fold(m.group(1)) in _SHOUTED else m.group().title(), said)
    caps = _CAPITALS.findall(said)
    all_caps = said.isupper()
    shouting = all_caps or sum(1 for w in caps if len(w) > 3) > 1
    quiet = set()
    for word in dict.fromkeys(caps):
        plain = fold(word)
        if (
            plain in _SHOUTED
            or (plain in FUNCTION_WORDS and (shouting or plain not in _ALSO_NAMES))
            or (shouting and not _ACRONYM.match(word))
            or (all_caps and len(word) > 3)
        ) or (word.endswith("LY") and len(word) > 6):
            quiet.add(word)
    return _CAPITALS.sub(lambda m: m.group().lower() if m.group() in quiet else m.group(), said) if quiet else said


_SENDER = re.compile(r"^([A-Z]{4,})(?: [A-Z]{4,}){0,2}(?=: \S)")
_CAPITALS = re.compile(r"(?<![@#\w/.&-])[A-Z][A-Z'-]+(?![\w/&]|\.\w)")


_ALSO_NAMES = word_set("it us am or me who in as at if so i a s t d m no")
_SHOUTED = word_set(
    "price drop job midnight pro tip"
    " full half report fast webinar alert notice reminder update so very zero early season"
    " special time next"
    " week"
    " weekend ever"
    " now free new big huge here stop best win must sale only ends hot wow yes get buy today last live more news"
    " hurry save off"
    " all your you the and not our we this that no never every for with just limited register sign up"
    " book join click"
    " out now available deal opening open tickets offer flash"
    " link bio follow like share comment exclusive breaking exciting amazing finally officially"
)


def finish(said: str, before: str = "") -> str:
    """Mend what cuts leave: spaces, articles, doubled or dangling marks and words, the first capital, the last stop.

    ``before`` is the sentence before the cuts: what it ended with itself does not dangle.
    """
    said = re.sub(r"\s+", " ", said).strip(' ,;:–—-|>→•"“”' if sum(map(said.count, '"“”')) % 2 else " ,;:–—-|>→•")
    said = re.sub(r"\s+([,.;:?!])(?=\s|$)", r"\1", said)
    said = re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", said)
    said = re.sub(r"(?<!\.)\.\.(?!\.)", ".", said)
    still = before and words(before)[-1:] == words(said)[-1:] and _IS_HERE.search(said)
    if not still and (not before or words(before)[-2:] != words(said)[-2:]):
        said = _DANGLING.sub(r"\1", said)
    opened = re.match(r"(?:and|or|but|to|with|of|plus|so)\s(?=\w)", said, re.I)
    if opened and not said.endswith("?") and (words(before)[:2] != words(said)[:2] or fold(opened.group()) in _JOINS):
        said = said[opened.end() :]
    said = re.sub(r"[,;:–—-]+([.?])$", r"\1", said).strip()
    if not content_words(said):
        return ""
    if not re.match(r"[a-z]+[A-Z]|[\w-]+\.\w|[\w.-]+@\w", said):
        said = said[0].upper() + said[1:]
    ended = re.search(r"[.?!…][\"”’)\]]*$", said) and not said.endswith("...")
    return said if ended else said.rstrip(".") + "."


_IS_HERE = re.compile(r"\b(?:is|are) (?:here|in|out|back)\W*$", re.I)
_JOINS = frozenset(("and ", "or ", "but ", "plus ", "so "))


def is_headline(said: str) -> bool:
    """Tell the title of an article from a sentence: its longer words have capitals."""
    long = [w for w in re.findall(r"[^\W\d_][\w'’-]*", said) if len(w) > 3]
    return len(long) >= 3 and sum(w[0].isupper() for w in long) >= 0.75 * len(long)

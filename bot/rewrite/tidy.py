"""Take the megaphone out of a draft, a sentence at a time, and leave English behind.

Links, trailing hashtags and hype are taken off; greetings to everyone, announcements and empty sentences go; what stays
is the sender's own words with their capitals, spaces and articles mended.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from bot.facts import Facts, facts, fold, word_set
from bot.rewrite.asks import commands, fold_apostrophes, is_genuine
from bot.rewrite.data import packaged
from bot.rewrite.words import FUNCTION_WORDS, content_words, sentences, words

_MRKDWN_LINK = re.compile(r"<((?:https?|mailto):[^<>|\s]{1,2000})(?:\|[^<>\n]{0,200})?>")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]{1,120})\]\(([^()\s]{0,500})\)")
_HYPE = re.compile(
    r"[\U0001F300-\U0001F5FF\U0001F600-\U0001F64F\U0001F680-\U0001F6FF\U0001F900-\U0001F9FF\U0001FA70-\U0001FAFF\u2600-\u27BF"
    r"\u2B00-\u2BFF\u20E3\uFE0F\u200D\u2060]+"
)
_ANNOUNCE = re.compile(
    r"^(?:today,? )?(?:(?:we|i)(?:'re|'m| are| am)?|(?P<who>[@#]?\w[\w&' -]{1,40}?) (?:is|are))?\s?(?:so |very "
    r"|super |really |incredibly |absolutely "
    r"|beyond |more than |just )?(?:excited|thrilled|proud|delighted|pleased|happy|honou?red|stoked|pumped"
    r"|overjoyed|humbled|ecstatic) to "
    r"(?P<verb>announce|share|introduce|reveal|unveil|launch|present|say|report|bring you|tell you|welcome"
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
_TAIL_TAGS = re.compile(
    r"(?:(?:^|(?<=[.!?…\x00)\"”]))|(?=\s[#＃]\w{1,100}\s+[#＃]))(?:(?>\s*[#＃]\w{1,100}[.,!]{0,2}))+\s*$"
)
# "A fiscal warning: two former chi... <link>", as feeds cut it: the half clause goes, or at least the half word.
_TRUNCATED = re.compile(
    r"(?:((?<=[a-z\d]{2})(?<!\bInc)(?<!\bCorp)(?<!\bLtd)(?<!\bMr)(?<!\bDr)(?<!\bSt)[:.])\s(?:[^:.\n]"
    r"|(?<=[A-Z])\.){1,100}|\s[-–]\s[^:.–\n]{1,100}|\s\w{1,20}|(?<=\s))"
    r"(?:\.\.\.|…)(?=\s*https?://)"
)
_SPOKEN = re.compile(r"[\"“«][^\"”»]{12,300}[\"”»]")
_LIST_LINE = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-•●▪*–])[ \t]+", re.M)
_SIGNED = re.compile(r"(?<=[\s.!?])[-–—]{1,2}\s?([A-Z][a-z]{1,14})\s*$")
_SIGNATURE = re.compile(
    r"\s?(?:\^[A-Za-z]{1,12}|(?<=\s)/[A-Z]{1,3}|(?<=[.!?] )[-/~]{1,2}\s?[A-Z]{2,3}"
    r"|(?<=[.!?])[-/~][A-Z]{2,3})\s*(?:\d/\d)?\s*$"
)
_DANGLING = re.compile(
    r"(?:\s(?:and|or|but|to|with|for|of|the|a|an|our|your|at|by|via|plus|here|is|are|in))+([.?!]?)$", re.I
)
_ACRONYM = re.compile(r"[A-Z]{2,5}s?$")
_WRAPPED = re.compile(r"(?<![.!?:;…\n])\n+(?=[a-z])")
_DEFINES = re.compile(
    r"(?:so,? )?what(?:'s| is| are) (?:an? |the )?"
    r"((?!(?:it|this|that|your|our|next|new|the|you|they|we|people)\b)[\w'#]+(?:"
    r" [\w'-]+){0,2})\?$",
    re.I,
)
_ASKS_THE_ROOM = re.compile(
    r"(?:what(?:'s| is| are) the (?:biggest|best|worst|hardest|most|first|right|main|real|next)\s"
    r"|(?:how|why|what|where|who) (?:do|does|did|can|could|should|will|would|makes?|drives?|holds?|is|are)\s"
    r"(?!(?:i|we|our|my|you|your|it|this|that|the (?:secret|best|result))\b))(?:[^\s?]+\s){2,24}[^\s?]+\?$",
    re.I,
)
"""A question to be answered behind the link becomes one to the reader when it asks for their view."""
_CREDIT = re.compile(r"(?:(?:via|by|cc|h/t|with|from|on)\s)?(?:[@#＃]\w[\w.-]*[\s,/&|]*)+\W*", re.I)
_BY_WHOM = re.compile(r"^[-–—~]\s?((?:[@#]?\w[\w.'-]*[\s,/]*){1,6})\W*$")
# "See how Rio built it <link>" is the title of what the link shows, with a command before it.
_POINTS = re.compile(
    r"^(?:(?:and|so|then|but|also|please|you can)\s)?(?:"
    r"(?:see|find out|learn|read|discover|watch|hear|explore)(?: more)?(?: about)? (?=(?:how|why|what|where|who"
    r"|which)\b)"
    r"|(?P<more>(?:learn|read|find out|discover|see|hear)(?: more)?(?: here)? about )"
    r"|(?:check out|read|view|explore|discover|download|browse|shop|find|take a look at|have a look at|look at"
    r"|watch|listen to|see)(?: more of)? (?=(?:our|the|this|these|his|her|a|an|all)\b)"
    r"|(?:read|explore|discover|browse|shop|find|check out) (?!us\b|me\b|your|you\b|it\b|out\b|more\b|in\b|on\b"
    r"|here\b|that\b"
    r"|and\b|below\b|about\b|for\b|why\b|how\b)(?=[\w#@]+ \w))",
    re.I,
)


class Tidied(NamedTuple):
    """A draft taken apart: its own words mended, and what stands at its end."""

    statements: tuple[str, ...]
    """Sentences that say something, in the draft's order."""
    asks: tuple[str, ...]
    """Sentences that ask for something and say what; at most one may be used."""
    questions: tuple[str, ...]
    """The draft's own genuine questions."""
    links: tuple[str, ...]
    tags: tuple[str, ...]
    legal: tuple[str, ...]
    sign: str = ""
    """The name that the draft is signed with."""
    is_list: bool = False
    """The statements are lines, list marks included, to be joined by line ends."""
    points: tuple[str, ...] = ()
    """What the link shows, without the command to look: "How Rio built it"."""
    credit: str = ""
    """Who is named behind the link."""
    asks_first: bool = False
    """The draft opens with its own question."""
    whole_start: bool = False
    """The first statement opens the draft too: nothing that it could point back to was cut."""


class _Edits(NamedTuple):
    always: re.Pattern[str]
    drop: re.Pattern[str]
    cut: tuple[tuple[re.Pattern[str], str], ...]
    swap: tuple[tuple[re.Pattern[str], str], ...]


@lru_cache(maxsize=1)
def _edits() -> _Edits:
    data = packaged("edits.yaml")
    cut = tuple((re.compile(p, re.I), "" if p.startswith(("^", "\\s", "(?:^")) else " ") for p in data["cut"])
    # Sentences are dropped by how they begin, so one match at their start tries them all.
    always, drop = (
        re.compile("|".join(f"(?:{p.removeprefix('^')})" for p in data[key]), re.I) for key in ("always", "drop")
    )
    return _Edits(always, drop, cut, tuple((re.compile(p, re.I), to) for p, to in data["swap"]))


def tidy(text: str) -> Tidied:
    """Take a draft apart. Deterministic; about a tenth of a millisecond a sentence."""
    whole, source = _passed_on(_plain(text))
    signed = _SIGNED.search(whole)
    whole = whole[: signed.start()] if signed else whole
    found = facts(whole)
    links = tuple(dict.fromkeys(f.text for f in found.of("link")))
    legal = tuple(f.text for f in found.of("legal"))
    body, tags = _WRAPPED.sub(" ", _without_links(whole, links)), []
    is_list = len(_LIST_LINE.findall(body)) >= 3
    statements: list[str] = []
    asks: list[str] = []
    own: list[str] = []
    points: list[str] = []
    credit = source
    asks_first = False
    for line in body.split("\n"):
        line = _SIGNATURE.sub("", line)
        tail = _TAIL_TAGS.search(line)
        if tail:
            tags += [t for t in re.findall(r"[#＃]\w+", tail.group()) if t not in legal]
            line = line[: tail.start()]
        mark = _LIST_LINE.match(line)
        if is_list and (mark or (statements and "?" not in line)):
            statements += _line(line, mark.group() if mark else "")
            continue
        hook, label = False, ""
        for piece in sentences(facts(line)):
            answers, hook = hook, piece.text.endswith("?") and not is_genuine(piece.text)
            if _CREDIT.fullmatch(piece.text):
                tags += re.findall(r"[#＃]\w+", piece.text)
                credit = " ".join((credit, re.sub(r"\s?[#＃]\w+[.,!]?", "", piece.text).strip(" .!?:,"))).strip()
                continue
            whom = _BY_WHOM.match(piece.text)
            if whom and statements and _SPOKEN.search(statements[-1]):
                statements[-1] += f" – {whom.group(1).strip()}"
                continue
            said, tag = mend(piece.text), re.search(r"\s[#＃]\w+\W*$", piece.text)
            if tag and not mend(piece.text[: tag.start()]):
                tags.append(tag.group().strip(" .!?"))  # "Here's how #tag": the pointer goes, the tag may stay
                continue
            # "The real secret? Shipping." leaves no answer without its question.
            dangles = len(said.split()) < (5 if answers else 2) and not facts(said).found
            if not said or dangles or fold(said).strip(".") in {fold(x) for x in legal}:
                continue
            if defined := _DEFINES.match(said):
                label = defined.group(1)
                continue
            if said.endswith("?") and not is_genuine(said) and _ASKS_THE_ROOM.match(said) and not _is_headline(said):
                said = f"In your view, {said[0].lower()}{said[1:]}"
            elif label and not said.endswith("?"):
                said, label = f"{label[0].upper()}{label[1:]}: {said}", ""
            if said.endswith("?"):
                title = _is_headline(said) and not re.search(r"\byou", said, re.I)
                asks_first = asks_first or not (title or statements or asks or points)
                own += [said] if is_genuine(said) and not title else []
                statements += [said] if title and is_genuine(said) else []
            elif links and _TITLE_OF_LINK.fullmatch(said):
                points.append(re.sub(r"^(?:Read|See|Watch|Hear) (\w)", lambda m: m.group(1).upper(), said))
            elif links and not _SPOKEN.search(said) and (shown := _shown(said)):
                points.append(shown)
            elif commands(Facts(said, ())):
                asks.append(said)
            else:
                statements.append(said)
    return Tidied(
        tuple(statements),
        tuple(asks),
        tuple(own),
        links,
        tuple(dict.fromkeys(tags)),
        legal,
        signed.group(1) if signed else "",
        is_list,
        tuple(points),
        credit,
        asks_first and bool(own),
        bool(statements) and words(statements[0])[:2] == words(whole)[:2],
    )


def _shown(said: str) -> str:
    """Return what a command to look points to ("See how it works" -> "How it works."), or an empty string."""
    match = _POINTS.match(said)
    if not match:
        return ""
    rest = re.sub(r"\s(?:here|now|today|below)(?=\W*$)", "", said[match.end() :])
    rest = ("More about " if match.group("more") else "") + rest
    if re.search(r"\b(?:that|this|it) (?:possible|happen|work)|\b(?:this|that) problem\b", rest):
        return ""  # what it points back to may have been cut
    if len(content_words(rest)) < 2 or commands(Facts(rest, ())) or _AND_MORE_TO_DO.search(rest):
        return ""
    return finish(rest)


_TITLE_OF_LINK = re.compile(
    r"more about .{3,80}|(?:read |see |watch |hear )?(?:her|his|their|the|our)(?: full| latest| whole)? (?:story"
    r"|blog|post|report"
    r"|article|interview"
    r"|video|recipe|study|podcast|episode)\W*",
    re.I,
)
_AND_MORE_TO_DO = re.compile(
    r"\b(?:or|and|&) (?:watch|read|listen|see|get|learn|find|download|join|register|win|try|start|enter|let|share"
    r"|tell)\b",
    re.I,
)


def _passed_on(text: str) -> tuple[str, str]:
    """Take "RT @who:" off a text that was passed on; return the text and "via @who"."""
    match = re.match(r"\s*(?:RT|MT)\s?:?\s(@\w{2,30}):?\s+(?=\S)", text)
    return (text[match.end() :], f"via {match.group(1)}") if match else (text, "")


def _line(line: str, mark: str) -> list[str]:
    """Mend a line of a list; its mark stays, and "Step one:" keeps its colon."""
    rest = line[len(mark) :].strip()
    # An item that is numbered stays, or the list would miss one.
    said = mend(rest) or (finish(calm(rest)) if mark.strip()[:1].isdigit() else "")
    if not said:
        return []
    if rest.endswith((":", ",", ";")):
        said = said.rstrip(".") + ":"
    elif mark and rest[-1:] not in ".?!":
        said = said.removesuffix(".")
    return [(mark.strip() + " " if mark else "") + said]


def _plain(text: str) -> str:
    text = "".join(
        c for c in text if c in "\n\t\u200d\ufe0f" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )
    text = re.sub(r"(?<=[a-z][?!])(?=[A-Z][a-z])", " ", _one_space(text.replace("\r", "")))
    text = re.sub(
        r"^([ \t]{0,8})(?=[\U0001F300-\U0001FAFF\u2600-\u27BF])(?=[^\n]{3,200}\n["
        r" \t]{0,8}[\U0001F300-\U0001FAFF\u2600-\u27BF])",
        r"\1- ",
        text,
        flags=re.M,
    )
    text = _MRKDWN_LINK.sub(r"\1", text.replace("\r", ""))
    text = _MARKDOWN_LINK.sub(lambda m: m.group(1) + (" " + m.group(2) if "." in m.group(2) else ""), text)
    text = re.sub(
        r"^#{1,6} |(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?!\w)|^\s*>\s?|^[.\s\u2060]+$", "", text, flags=re.M
    )
    text = re.sub(r"https?://\S{1,30}(?:…|\.\.\.)$", "", text)
    text = _TRUNCATED.sub(lambda m: m.group(1) or "", text)
    text = re.sub(r"(?m)^([ \t]{0,4}\d{1,2})\ufe0f?\u20e3\s?", r"\1. ", text)
    return _one_space(_HYPE.sub(_gap, text))


def _gap(match: re.Match[str]) -> str:
    """An emoji between two sentences often stands where their full stop would."""
    text = match.string
    before = re.split(r"[.!?:\n]", text[max(0, match.start() - 80) : match.start()])[-1].strip()
    ends = before[-1:].isalnum() and (before.isupper() or len(before.split()) > 2)
    return ". " if ends and re.match(r"\s*[A-Z]", text[match.end() : match.end() + 4]) else " "


def _one_space(text: str) -> str:
    """Shorten runs of white space and of marks, which say nothing: a pattern would try every part of a long one."""
    text = re.sub(r"([^\w\s])\1{3,}", r"\1\1\1", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]{2,}", " ", text))


def _without_links(text: str, links: tuple[str, ...]) -> str:
    """Take out the links that stand at the end of a sentence or line; one amid a sentence belongs to it."""
    for link in sorted(links, key=len, reverse=True):
        text = re.sub(rf"{re.escape(link)}(?![\w/])(?!\s+(?!https?:|www\.|ftp:|(?:via|by|cc) @)[a-z(])", "\x00", text)
    # "See it here: <link>" loses its pointer with its link.
    # Atomic, so that a wall of links is not tried in every way.
    pointer = r"(?:(?>\s*(?:[–—→>-]+|\b(?:at|here|via|in|on|visit)\b)?\s*:?\s*\x00[)\]]?))+"
    text = re.sub(pointer + r"(?=[\s.!]*$)", "", text, flags=re.M | re.I)
    following = r"(?=\s+(?:[A-Z#＃@“\"]|(?:via|by|cc) @))"
    text = re.sub(r"(?<=[!?.…])([”\"’)]?)" + pointer + following, r"\1", text)
    text = re.sub(r"(?<=[\w)”\"%])" + pointer + following, ".", text)
    return re.sub(pointer, "", text, flags=re.I)


def mend(sentence: str) -> str:
    """Edit one sentence; an empty string when nothing worth saying is left."""
    edits = _edits()
    said = calm(" ".join(fold_apostrophes(sentence).split()).strip(" •●▪*-–—→>|·"))
    if edits.always.match(said):
        return ""
    for _ in range(3):
        before = said
        said = _announce(said)
        if _DID_YOU_KNOW.match(said) and said.endswith("?"):
            said = said[:-1] + "."
        # What somebody said stays as they said it.
        for pattern, to in () if _SPOKEN.search(said) else edits.cut:
            if pattern.pattern[0] != "^":
                said = " ".join(pattern.sub(to, said).split())
            elif found := pattern.match(said):  # far cheaper than to search for what stands at the start
                said = said[found.end() :].strip()
        if said == before:
            break
    for pattern, swapped in edits.swap:
        said = pattern.sub(swapped, said)
    said = _articles(" ".join(said.split()), sentence)
    if edits.always.match(said) or (edits.drop.match(said) and not _holds_facts(said)):
        return ""
    return finish(said, sentence)


def _holds_facts(said: str) -> bool:
    found = facts(said)
    return bool(found.of("date", "time", "price", "phone", "email")) or any(
        c.isdigit() for f in found.of("number") for c in f.text
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
    if re.match(r"meet (?:our|the|us|me|some)\b", said, re.I):
        return said
    if groups.get("that") or _CLAUSE.match(rest):
        return re.sub(r"^that\s", "", rest, flags=re.I)
    if groups.get("verb") in ("welcome", "partner with"):
        return f"{groups.get('who') or 'We'} {groups['verb']} {rest}"
    if not rest or _VAGUE.match(rest):
        return ""
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
    if more[:1].isupper() and noun[:1].islower() and len(more.split()) > 6:
        return more  # "our triple threat: Acme Mist softens…": the name is behind the colon
    if len(noun.split()) > 9:
        return f"New: {noun}" + (f", {more}" if more else "")
    if re.match(r"an? \w", more) and not plural and "verb" not in groups:
        return f"{noun} is {more}"
    del more  # an apposition ("the ultimate platform for…") is praise of our own; a second clause would not stand alone
    return (
        f"{noun} {'are' if plural else 'is'} out"
        if groups.get("launch") or "verb" not in groups or re.search(r"\d", noun)
        else f"New: {noun}"
    )


def calm(said: str) -> str:
    """Take the shouting out: marks in a row, words in capitals that are no short name."""
    said = re.sub(r"\s*([!?])[!?\s]*(?=$|\s)", lambda m: "?" if "?" in m.group() else ".", said)
    caps = re.findall(r"(?<![@#\w/.&-])[A-Z][A-Z'-]+(?![\w/&]|\.\w)", said)
    all_caps = said.isupper()
    shouting = all_caps or sum(1 for w in caps if len(w) > 3) > 1
    for word in dict.fromkeys(caps):
        plain = fold(word)
        if (
            plain in _SHOUTED
            or (shouting and plain in FUNCTION_WORDS)
            or (shouting and not _ACRONYM.match(word))
            or (all_caps and len(word) > 3)
        ) or word.endswith("LY"):
            said = re.sub(rf"(?<![@#\w/.&-]){re.escape(word)}(?![\w&])", word.lower(), said)
    return said


_SHOUTED = word_set(
    "now free new big huge here stop best win must sale only ends hot wow yes get buy today last live more news"
    " hurry save off"
    " all your you the and not our we this that no never every for with just limited register sign up"
    " book join click"
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
    if not before or words(before)[-2:] != words(said)[-2:]:
        said = _DANGLING.sub(r"\1", said)
    said = (
        re.sub(r"^(?:and|or|but|to|with|of|plus|so)\s(?=\w)", "", said, flags=re.I) if not said.endswith("?") else said
    )
    said = re.sub(r"[,;:–—-]+([.?])$", r"\1", said).strip()
    if not content_words(said):
        return ""
    if not re.match(r"[a-z]+[A-Z]|[\w-]+\.\w", said):
        said = said[0].upper() + said[1:]
    ended = re.search(r"[.?!…][\"”’)\]]*$", said) and not said.endswith("...")
    return said if ended else said.rstrip(".") + "."


def _is_headline(said: str) -> bool:
    """Tell the title of an article from a sentence: its longer words have capitals."""
    long = [w for w in re.findall(r"[^\W\d_][\w'’-]*", said) if len(w) > 3]
    return len(long) >= 3 and sum(w[0].isupper() for w in long) >= 0.75 * len(long)


is_headline = _is_headline

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
    r"(?:((?<=[a-z\d]{2})(?<!\bInc)(?<!\bCorp)(?<!\bLtd)(?<!\bMr)(?<!\bDr)(?<!\bSt)[:.])\s(?:[^:.\n]|(?<=[A-Z])\.){1,100}|\s[-–]\s[^:.–\n]{1,100}|\s\w{1,20}|(?<=\s))"
    r"(?:\.\.\.|…)(?=\s*https?://)"
)
_SPOKEN = re.compile(r"[\"“«][^\"”»]{12,300}[\"”»]")
_LIST_LINE = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-•●▪*–])[ \t]+", re.M)
_SIGNED = re.compile(r"(?<=[\s.!?])[-–—]{1,2}\s?([A-Z][a-z]{1,14})\s*$")
_SIGNATURE = re.compile(
    r"\s?(?:\^[A-Za-z]{1,12}|(?<=[.!?] )[-/~]{1,2}\s?[A-Z]{2,3}|(?<=[.!?])[-/~][A-Z]{2,3})\s*(?:\d/\d)?\s*$"
)
_DANGLING = re.compile(
    r"(?:\s(?:and|or|but|to|with|for|of|the|a|an|our|your|at|by|via|plus|here|is|are|in))+([.?!]?)$", re.I
)
_ACRONYM = re.compile(r"[A-Z]{2,5}s?$")


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
    whole = _plain(text)
    signed = _SIGNED.search(whole)
    whole = whole[: signed.start()] if signed else whole
    found = facts(whole)
    links = tuple(dict.fromkeys(f.text for f in found.of("link")))
    legal = tuple(f.text for f in found.of("legal"))
    body, tags = _without_links(whole, links), []
    is_list = len(_LIST_LINE.findall(body)) >= 3
    statements: list[str] = []
    asks: list[str] = []
    own: list[str] = []
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
        hook = False
        for piece in sentences(facts(line)):
            answers, hook = hook, piece.text.endswith("?") and not is_genuine(piece.text)
            if re.fullmatch(r"[#＃]\w+\W*", piece.text):
                tags.append(piece.text.rstrip(" .!?:,"))
                continue
            said, tag = mend(piece.text), re.search(r"\s[#＃]\w+\W*$", piece.text)
            if tag and not mend(piece.text[: tag.start()]):
                tags.append(tag.group().strip(" .!?"))  # "Here's how #tag": the pointer goes, the tag may stay
                continue
            # "The real secret? Shipping." leaves no answer without its question.
            dangles = len(said.split()) < (5 if answers else 2) and not facts(said).found
            if not said or dangles or fold(said).strip(".") in {fold(x) for x in legal}:
                continue
            if said.endswith("?"):
                own += [said] if is_genuine(said) and not _is_headline(said) else []
                statements += [said] if _is_headline(said) and is_genuine(said) else []
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
    )


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
    text = _one_space(text.replace("\r", ""))
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
    return _one_space(_HYPE.sub(" ", text))


def _one_space(text: str) -> str:
    """Shorten runs of white space and of marks, which say nothing: a pattern would try every part of a long one."""
    text = re.sub(r"([^\w\s])\1{3,}", r"\1\1\1", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]{2,}", " ", text))


def _without_links(text: str, links: tuple[str, ...]) -> str:
    """Take out the links that stand at the end of a sentence or line; one amid a sentence belongs to it."""
    for link in sorted(links, key=len, reverse=True):
        text = re.sub(rf"{re.escape(link)}(?![\w/])(?!\s+(?!https?:|www\.|ftp:)[a-z(])", "\x00", text)
    # "See it here: <link>" loses its pointer with its link.
    # Atomic, so that a wall of links is not tried in every way.
    pointer = r"(?:(?>\s*(?:[–—→>-]+|\b(?:at|here|via|in|on|visit)\b)?\s*:?\s*\x00[)\]]?))+"
    text = re.sub(pointer + r"(?=[\s.!]*$)", "", text, flags=re.M | re.I)
    text = re.sub(r"(?<=[a-z0-9])" + pointer + r"(?=\s+[A-Z])", ".", text)
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
    rest = said[match.end() :].strip()
    groups = match.groupdict()
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

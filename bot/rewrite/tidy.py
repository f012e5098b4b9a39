"""Take the megaphone out of a draft, a sentence at a time, and leave English behind.

Links, trailing hashtags and hype are taken off; greetings to everyone, announcements and empty sentences go; what stays
is the sender's own words with their capitals, spaces and articles mended.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.facts import Facts, facts, fold, word_set
from bot.rewrite.asks import ASKS_THE_ROOM, commands, is_genuine, whole_question
from bot.rewrite.mend import SPOKEN, calm, finish, is_headline, mend
from bot.rewrite.words import content_words, sentences, words

_MRKDWN_LINK = re.compile(r"<((?:https?|mailto):[^<>|\s]{1,2000})(?:\|[^<>\n]{0,200})?>")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]{1,120})\]\(([^()\s]{0,500})\)")
_HYPE = re.compile(
    r"[\U0001F300-\U0001F5FF\U0001F600-\U0001F64F\U0001F680-\U0001F6FF\U0001F900-\U0001F9FF\U0001FA70-\U0001FAFF\u2600-\u27BF"
    r"\u2B00-\u2BFF\u23E9-\u23FA\u20E3\uFE0F\u200D\u2060]+"
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
_LIST_LINE = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-•●▪*–])[ \t]+", re.M)
_SIGNED = re.compile(r"(?<=[\s.!?])[-–—]{1,2}\s?([A-Z][a-z]{1,14})\s*$")
_SIGNATURE = re.compile(
    r"\s?(?:\^[A-Za-z]{1,12}|(?<=\s)/[A-Z]{1,3}|(?<=[.!?] )[-/~]{1,2}\s?[A-Z]{2,3}"
    r"|(?<=[.!?])[-/~][A-Z]{2,3})\s*(?:\d/\d)?\s*$"
)
_WRAPPED = re.compile(r"(?<![.!?:;…\n])\n+(?=[a-z])")
_DEFINES = re.compile(
    r"(?:so,? )?what(?:'s| is| are) (?:an? |the )?"
    r"((?!(?:everyone|everybody|anyone|on|up|happening|going|not|one|it|this|that|your|our|next|new|the|you|they|we"
    r"|people)\b)[\w'#]+(?:"
    r" [\w'-]+){0,2})\?$",
    re.I,
)
_TOLD_FIRST = re.compile(r"((?:I|We)(?:'ve)? (?!can\b|could\b|may\b|should\b)[^,:?]{12,90})[,:] ")
"""What is told before a question that is none: "I put two looms to the test: can they...?" """
_CREDIT = re.compile(r"(?:(?:via|by|cc|h/t|with|from|on)\s)?(?:[@#＃]\w[\w.-]*[\s,/&|]*)+\W*", re.I)
_BY_WHOM = re.compile(r"^[-–—~]\s?((?:[@#]?\w[\w.'-]*[\s,/]*){1,6})\W*$")
# "See how Rio built it <link>" is the title of what the link shows, with a command before it.
_POINTS = re.compile(
    r"^(?:(?:and|so|then|but|also|please|you can|let's)\s)?(?:"
    r"(?:see|find out|learn|read|discover|watch|hear|explore)(?: more)?(?: about)? (?=(?:how|why|what|where|who"
    r"|which)\b)"
    r"|(?P<more>(?:learn|read|find out|discover|see|hear)(?: more)?(?: here)?(?: on)? about )"
    r"|(?:check out|read|view|explore|discover|download|browse|shop|find|take a look at|have a look at|look at"
    r"|watch|listen to|see)(?: more of)? (?=(?:our|the|this|these|his|her|a|an|all)\b)"
    r"|(?:read|explore|discover|browse|shop|find|check out) (?!now\b|today\b|online\b|us\b|me\b|your|you\b|it\b"
    r"|out\b|more\b|in\b|on\b"
    r"|here\b|that\b"
    r"|and\b|below\b|about\b|for\b|why\b|how\b)(?=[\w#@]+ \w))",
    re.I,
)


LONG_POST = 400
"""A post of so many characters keeps its paragraphs."""


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
    opens: frozenset[str] = frozenset()
    """The statements that open a paragraph in a draft that has several."""
    way: str = ""
    """Where to look when there is no link: "Link in bio." """
    whole_start: bool = False
    """The first statement opens the draft too: nothing that it could point back to was cut."""


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
    known = 0
    asks: list[str] = []
    own: list[str] = []
    points: list[str] = []
    credit = source
    asks_first = False
    opens: set[str] = set()
    for at, line in enumerate(lines := body.split("\n")):
        if at and not lines[at - 1].strip():
            opens.update(statements[known:][:1])
            known = len(statements)
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
            if whom and statements and SPOKEN.search(statements[-1]):
                statements[-1] += f" – {whom.group(1).strip()}"
                continue
            said, tag = whole_question(mend(piece.text)), re.search(r"\s[#＃]\w+\W*$", piece.text)
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
            if said.endswith("?") and not is_genuine(said) and ASKS_THE_ROOM.match(said) and not is_headline(said):
                said = f"In your view, {said[0].lower()}{said[1:]}"
            elif label and not said.endswith("?"):
                said, label = f"{label[0].upper()}{label[1:]}: {said}", ""
            if said.endswith("?") and not is_genuine(said) and (told := _TOLD_FIRST.match(said)):
                said = f"{told.group(1)}."
            if said.endswith("?"):
                title = is_headline(said) and not re.search(r"\byou", said, re.I)
                asks_first = asks_first or not (title or statements or asks or points)
                own += [said] if is_genuine(said) and not title else []
                statements += [said] if title and is_genuine(said) else []
            elif links and _TITLE_OF_LINK.fullmatch(said):
                points.append(re.sub(r"^(?:Read|See|Watch|Hear) (\w)", lambda m: m.group(1).upper(), said))
            elif links and not SPOKEN.search(said) and (shown := _shown(said, own)):
                points.append(shown)
            elif commands(Facts(said, ())):
                asks.append(said)
            else:
                statements += re.split(r"(?<=\bout\.) (?=It [a-z])", said)
    is_list = is_list and sum(_LIST_LINE.match(s) is not None for s in statements) > 1
    statements = statements if is_list else _labelled(statements)
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
        frozenset((*opens, *statements[known:][:1])) if len(whole) > LONG_POST and "\n\n" in whole else frozenset(),
        "Link in bio." if not links and _IN_BIO.search(whole) else "",
        bool(statements) and words(statements[0])[:2] == words(whole)[:2],
    )


_IN_BIO = re.compile(r"\blink in (?:my |our |the )?bio\b", re.I)
_LABEL = re.compile(
    r"(?!(?:I|We|You|It|Yes|No|Let's|Have|Happy|Enjoy|Thanks?)\b)[A-Z][\w'&-]*(?: [\w'&-]+){0,2} ?(?:sale|deal|offer"
    r"|opening|alert|reminder"
    r"|update|news|event|special"
    r"|giveaway|day|week|night|launch|preview|needed|wanted|chance|release|arrivals?|drop|menu)[.]",
    re.I,
)
"""A line that names what follows it: "Flash sale." """


_NAMED = re.compile(
    r"Our (?:[\w'-]+ ){0,3}(?:market|fair|sale|parade|tour|exhibition|festival|show|concert|workshop|webinar|menu|range"
    r"|collection|party|quiz|clean-up|class|course)[.]"
)


def _labelled(statements: list[str]) -> list[str]:
    """Put a label before what it names: "Flash sale: 30% off all boots." """
    for at, (label, said) in enumerate(pairwise(statements)):
        if (_LABEL.fullmatch(label) or _NAMED.fullmatch(label)) and not said.endswith(":") and ": " not in said[:30]:
            return [*statements[:at], f"{label[:-1]}: {_small_start(said)}", *_labelled(statements[at + 2 :])]
    return statements


def _small_start(said: str) -> str:
    """A word that has its capital from the sentence's start alone loses it."""
    first = said.split(" ", 1)[0]
    return said[0].lower() + said[1:] if fold(first) in _STARTERS else said


_STARTERS = word_set("our the a an we this these buy all every half free from new tickets book come")


_POINTS_AT_LOST = re.compile(
    r"\b(?:does|do|did|tackles|solves|makes) (?:this|that|it)\b|\b(?:that|this|it) (?:possible|happen|work)"
    r"|\b(?:this|that) problem\b"
)


def _shown(said: str, own: Sequence[str]) -> str:
    """Return what a command to look points to ("See how it works" -> "How it works."), or an empty string.

    ``own`` are the draft's own questions so far: what they name can be pointed back to.
    """
    match = _POINTS.match(said)
    if not match:
        return ""
    rest = re.sub(r"\s(?:here|now|today|below)(?=\W*$)", "", said[match.end() :])
    rest = re.sub(r"\s(?:to|and) (?:find out|learn|discover|see|unlock|get|hear)\b[^.!?]*", "", rest)
    rest = ("More about " if match.group("more") else "") + rest
    if not own and _POINTS_AT_LOST.search(rest):
        return ""  # what it points back to may have been cut
    if _TITLE_OF_LINK.fullmatch(rest):
        return finish(rest)
    if len(content_words(rest)) < (1 if own else 2) or commands(Facts(rest, ())) or _AND_MORE_TO_DO.search(rest):
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


_FOR_REACH = re.compile(r"(?:follow|like|tag|share|comment|repost|retweet|save|double[- ]tap)\b.{0,60}$", re.I)


def _line(line: str, mark: str) -> list[str]:
    """Mend a line of a list; its mark stays, and "Step one:" keeps its colon."""
    rest = line[len(mark) :].strip()
    if mark and _FOR_REACH.match(rest):
        return []
    # An item that is numbered stays, or the list would miss one.
    said = mend(rest) or (finish(calm(rest)) if mark.strip()[:1].isdigit() else "")
    if not said:
        return []
    if rest.endswith((":", ",", ";")):
        said = said.rstrip(".") + ":"
    elif mark and rest[-1:] not in ".?!":
        said = said.removesuffix(".")
    return [(mark.strip() + " " if mark else "") + said]


_NO_PLAIN = re.compile(r"[^\n -~]")


def _drawn(match: re.Match[str]) -> str:
    c = match.group()
    return c if c in "\n\t\u200d\ufe0f" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") else ""


def _plain(text: str) -> str:
    text = _NO_PLAIN.sub(_drawn, text)
    text = re.sub(
        r"(?<=[a-z][?!])(?=[A-Z][a-z])|(?<=[a-z]{3}\.)(?=[A-Z][a-z]{2,14}\s)", " ", _one_space(text.replace("\r", ""))
    )
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
    text = re.sub(r"^\s*subject(?: line)?:[^\n.!?]{1,120}(?:[.!?]+\s|\n)", "", text, flags=re.I)
    text = _TRUNCATED.sub(lambda m: m.group(1) or "", text)
    text = re.sub(r"(?m)^([ \t]{0,4}\d{1,2})\ufe0f?\u20e3\s?", r"\1. ", text)
    text = _one_a_line(text)
    return _one_space(_HYPE.sub(_gap, text))


_NUMBERED = re.compile(r"(?<=\s)(\d{1,2})[.)]\s(?=[A-Z])")


def _one_a_line(text: str) -> str:
    """Give the items of "1. Mark the path 2. Check the rack 3. Report it" a line each."""
    marks = [int(m.group(1)) for m in _NUMBERED.finditer(text)]
    if len(marks) < 3 or marks != list(range(1, len(marks) + 1)) or len(_LIST_LINE.findall(text)) >= 3:
        return text
    last = [m.end() for m in _NUMBERED.finditer(text)][-1]
    text = text[:last] + re.sub(r"(?<=[.!?])\s+(?=[A-Z])", "\n", text[last:], count=1)
    return _NUMBERED.sub(lambda m: f"\n{m.group(1)}. ", text)


def _gap(match: re.Match[str]) -> str:
    """An emoji between two sentences often stands where their full stop would."""
    text = match.string
    before = re.split(r"[.!?:\n]", text[max(0, match.start() - 80) : match.start()])[-1].strip()
    after = text[match.end() : match.end() + 4]
    if re.fullmatch(r"[A-Z][\w'’-]+ [\w'’-]+", before) and re.match(r"\s*[A-Z\d]", after):
        return ": "  # "Weather warning ⚠️ Strong winds"
    if fold(before.rsplit(" ", 1)[-1]) in _GOES_ON:
        return " "
    ends = re.search(r"[\w%)]$", before) and (before.isupper() or len(before.split()) > 2)
    several = re.match(r"\s*\d", after) and (len(match.group().replace("\ufe0f", "")) > 1 or "%" in after)
    return ". " if ends and (several or re.match(r"\s*[A-Z]", after)) else " "


def _one_space(text: str) -> str:
    """Shorten runs of white space and of marks, which say nothing: a pattern would try every part of a long one."""
    text = re.sub(r"([^\w\s])\1{3,}", r"\1\1\1", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]{2,}", " ", text))


_GOES_ON = word_set("the a an our your my and or of new these")
_ENDS_A_LINK = re.compile(r"(?![\w/])(?!\s+(?!https?:|www\.|ftp:|(?:via|by|cc) @)[a-z(])")


_OR_GO_TO = re.compile(
    r"\bor(?=[\s:]*$)|\bor (?:visit|go to|see|give at|donate at|online(?: at)?|(?:book|order|apply|register)(?:"
    r" online)?(?: at| via)?)"
    r"[\s:]*$",
    re.I,
)
"""The other of two ways: "Text BED to 70500 or visit <link>" is one sentence with its link."""


def _without_links(text: str, links: tuple[str, ...]) -> str:
    """Take out the links that stand at the end of a sentence or line; one amid a sentence belongs to it."""
    for link in sorted(links, key=len, reverse=True):
        pieces, at = [], 0
        while (found := text.find(link, at)) >= 0:
            end = found + len(link)
            stays = _OR_GO_TO.search(text[max(0, found - 40) : found])
            last = "." if stays and re.match(r"\s+[A-Z]", text[end : end + 3]) else ""
            pieces += [text[at:found], link + last if stays or not _ENDS_A_LINK.match(text, end) else "\x00"]
            at = end
        text = "".join((*pieces, text[at:]))
    if "\x00" not in text:
        return text
    # "See it here: <link>" loses its pointer with its link.
    # Atomic, so that a wall of links is not tried in every way.
    pointer = r"(?:(?>\s*(?:[–—→>-]+|\b(?:at|here|via|in|on|visit)\b)?\s*:?\s*\x00[)\]]?))+"
    text = re.sub(pointer + r"(?=[\s.!]*$)", "", text, flags=re.M | re.I)
    following = r"(?=\s+(?:[A-Z#＃@“\"]|(?:via|by|cc) @))"
    text = re.sub(r"(?<=[!?.…])([”\"’)]?)" + pointer + following, r"\1", text)
    text = re.sub(r"(?<=[\w)”\"%])" + pointer + following, ".", text)
    return re.sub(pointer, "", text, flags=re.I)

"""Is a channel message a draft at all? Workplace chatter gets silence.

An explicit mark always counts: the bot's name, ``draft:`` or ``LinkedIn:`` at the start, a block quote or a code block
that holds the text. Without a mark a message must look like something published, and nothing like talk among
colleagues.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.models import Context, Network
from bot.rules import optout
from bot.rules.counts import Counted, prepare
from bot.text.normal import normalise

if TYPE_CHECKING:
    from bot.rules.engine import RuleSet

_NETWORKS: dict[str, Network] = {
    "x": "x", "twitter": "x", "tweet": "x", "linkedin": "linkedin", "instagram": "instagram", "insta": "instagram",
    "ig": "instagram", "facebook": "facebook", "fb": "facebook", "threads": "threads", "email": "email",
    "e-mail": "email", "mail": "email", "newsletter": "email", "dm": "dm", "direct message": "dm", "sms": "sms",
    "text message": "sms", "blog": "blog", "blog post": "blog",
}  # fmt: skip
_NAMES = "|".join(sorted((re.escape(name) for name in _NETWORKS), key=len, reverse=True))
_WHAT = r"(?:draft|post|copy|caption|message|reply|text|version)"
_NAMED = re.compile(r"^\s*(?:hey |hi |ok )?@?humani[sz]e(?:[- ]?bot)?\b(?!:[ \t]*o(?:ff|n)\b)[\s,:]*", re.IGNORECASE)
_MARK = re.compile(
    rf"""^\s*[*_]*
    (?:(?:new|my|our|first|second|rough|final|a|the|for|here'?s|here\s+is|this\s+is)\s+){{0,4}}
    (?: (?P<net>{_NAMES})(?:\s+{_WHAT}){{0,2}}
      | {_WHAT}(?:\s+{_WHAT})?(?:\s+(?:for|on|to)\s+(?:the\s+|our\s+|my\s+)?(?P<net2>{_NAMES}))? )
    \s*(?:\(?v?\d{{1,2}}\)?)?[*_]*\s*(?:[:：]|\s[-–—]\s|\n)[*_]*\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_FENCE = re.compile(r"^([^`]{0,200}?)```([\s\S]+?)```\s*$")
_QUOTE_LINE = re.compile(r"(?m)^(?:&gt;|>){1,3} ?")
_WHOLE_QUOTE = re.compile(r"\s*[\"“]([^\"”]+)[\"”]\s*$")
_PROSE_WORD = re.compile(r"(?<![\w/.:-])[^\W\d_]{2,}(?![\w/:(=-])")


class Marks(NamedTuple):
    """Where the draft itself stands in a message, and the network its mark names."""

    start: int
    end: int
    network: Network | None


def strip_marks(text: str) -> Marks:
    """The draft's own span, in characters of ``text``; the whole text where there is no mark."""
    marks = _marks(text)
    return marks or Marks(0, len(text), None)


def _marks(text: str) -> Marks | None:
    """None without an explicit mark, or with a mark and nothing behind it."""
    start, end, network = 0, len(text), None
    named = _NAMED.match(text)
    start = named.end() if named else 0
    mark = _MARK.match(text, start) if not start else _MARK.match(text[start:])
    if mark:
        name = mark["net"] or mark["net2"]
        network = _NETWORKS[name.lower()] if name else None
        start = mark.end() if not start else start + mark.end()
    held = _held(text, start, marked=bool(named or mark))
    if held:
        start, end = held
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if not (named or mark or held) or not any(map(str.isalnum, text[start:end])):
        return None
    return Marks(start, end, network)


def _held(text: str, start: int, *, marked: bool) -> tuple[int, int] | None:
    """The inside of a code block or block quote: the rest of the message, with at most a short line before it."""
    body = text[start:]
    fence = _FENCE.match(body)
    if fence and _is_prose(fence[2]) and (marked or len(fence[1].split()) <= 12):
        return start + fence.start(2), start + fence.end(2)
    quote = _QUOTE_LINE.search(body)
    if quote and len(body[: quote.start()].split()) <= 12:
        lines = [line for line in body[quote.start() :].split("\n") if line.strip()]
        if all(_QUOTE_LINE.match(line) for line in lines) and _is_prose(body[quote.end() :]):
            return start + quote.end(), len(text)
    whole = _WHOLE_QUOTE.match(body)
    if whole and marked:
        return start + whole.start(1), start + whole.end(1)
    return None


def _is_prose(text: str) -> bool:
    """Sentences, not a program: enough plain words, few signs that only code has."""
    words = len(_PROSE_WORD.findall(text))
    return words >= 4 and words >= 3 * len(re.findall(r"[{}();=|\\]|->|::|=>|\$ |</", text))


_CODE = re.compile(
    r"\x01|[{}\[\]();=|<>]{2}|\b\w+\.\w+\(|->|::|=>|\w/\w+\.\w+|--\w|\b[a-z]+[A-Z]\w+|\b\w+_\w+\b|^\(|\\"
)
_TOOLS = re.compile(
    r"(?:github|gitlab|bitbucket|stackoverflow|stackexchange|ycombinator|atlassian|jira|notion|figma|zoom|slack"
    r"|trello|asana|"
    r"docs\.google|drive\.google|localhost|127\.0|wikipedia|gist\.|/docs?/|\bdocs?\.|package|/pull/|gyazo|imgur|"
    r"pastebin|giphy|tenor)",
    re.IGNORECASE,
)
_COLLEAGUE = re.compile(
    r"""\b(?:
      (?:can|could|did|does|has|is|would|anyone|any|if)\ (?:some|any)(?:one|body)
    | anyone\ (?:know|else|here|using|tried|have|got)
    | i\ (?:think|guess|believe|mean|suppose|wonder|can|was|am|have|don'?t|just|would|will|need|tried|saw|found|see|had)
    | iirc|afaik|imo|imho|lol|haha|btw|fwiw|idk|yeah|yep|yup|nope|hmm+|pls|plz|thx|ty|otherwise|seems?
    | it(?:'s|\ (?:is|was|looks|would|should|depends|can))
    | that(?:'s|\ (?:is|was|would|looks|makes|could|should|way))
    | this\ (?:is|was|looks|should|might|may|can|one|seems|could|channel|thread)
    | you(?:'?re|\ (?:can|could|should|may|might|need|want|mean|have|are|would))
    | there(?:'s|\ (?:is|are|was))
    | repo|bug|deploy|standup|lunch|merge|pull\ request|compiler?|library|function|error|fix(?:ed)?
    | (?:does|is|would|could|should|have|has)n'?t
    )\b | :[a-z0-9_+-]{3,40}: | <[@#!]""",
    re.IGNORECASE | re.VERBOSE,
)


def is_draft(text: str, context: Context, rules: "RuleSet") -> bool:
    """Is this channel message something that somebody means to publish?

    A reply in a thread counts only with an explicit mark.
    """
    if optout.is_off(text):
        return False
    if _marks(text) is not None:
        return True
    if context.in_thread or not text.strip():
        return False
    counted = prepare(normalise(text).text, context.network)
    if counted.numbers["words"] < 3 and not counted.numbers["hashtags"]:
        return False
    if _announces(counted) or _answers_from_a_can(counted):
        return True
    return published_signs(text, counted, rules.fired(text, context.network)) >= 3


def _announces(counted: Counted) -> bool:
    """Something grave, told in whole sentences, and no talk or call for help among colleagues.

    Of grief and lay-offs colleagues write to each other in whole sentences too: there "we" has to speak.
    """
    n, prose = counted.numbers, counted.prose
    if counted.topic is None or n["lower_start"] or n["questions"] or n["reply_start"] or _AMONG_US.search(prose):
        return False
    if n["we"] and _TO_CUSTOMERS.search(prose):
        return True
    spoken_by_us = n["we"] and not n["i"] if counted.topic in ("death", "layoffs") else not n["i"] or n["greeting"]
    return bool(n["words"] >= 7 and spoken_by_us and prose.rstrip()[-1:] in ".!" and len(_COLLEAGUE.findall(prose)) < 2)


def _answers_from_a_can(counted: Counted) -> bool:
    """Two phrases of a help desk or more, in whole sentences, and nothing that colleagues say to each other."""
    n, prose = counted.numbers, counted.prose
    if n["lower_start"] or n["words"] < 8 or (n["i"] and not n["we"]) or _AMONG_US.search(prose):
        return False
    said = {match.group().lower() for match in _HELP_DESK.finditer(prose)}
    return len(said) >= 2 and len(_COLLEAGUE.findall(prose)) < 2


def published_signs(text: str, counted: Counted, fired: list[str]) -> float:
    """Points for what posts have and chatter has not, less points for talk among colleagues; 3 make a draft.

    The points were set by hand on real posts and real workplace chat; each sign by itself is weak.
    """
    n, prose = counted.numbers, counted.prose
    told = [rule for rule in fired if not rule.startswith("Human.")]
    points = 2.0 * min(n["hashtags"], 2) + (n["links"] > 0) + (n["retweet"] > 0) + 0.5 * (n["exclamations"] > 0)
    shown = len(_SHOWN.findall(prose)) if n["emoji"] else 0
    points += 2 * (shown > 0) + (shown > 1) + 0.5 * (shown > 0 and n["you"] > 0)
    points += 1.5 * bool(n["links"] and _SHORTENED.search(text)) + 2 * bool(_TO_READERS.search(prose))
    points += sum(
        3 if rule.startswith("AutoDM.") else 2 for rule in told if rule.startswith("AutoDM.") or rule in _TELLING
    )
    mould = any(rule in _MOULD for rule in told)
    points += 3.0 * mould
    points += 0.5 * min(len(told), 3) + 0.5 * (not n["lower_start"]) + 0.5 * (prose.lstrip()[:1] == "\x03")
    points += 1.5 * (n["links"] > 0 and not n["lower_start"] and _ends_in_link(prose))
    points += _post_shape(prose, n)
    return points - _chat_signs(text, prose, n, merge_tags="AutoDM.MergeTags" in told, mould=mould)


def _post_shape(prose: str, n: dict[str, float]) -> float:
    """Long enough to be written for others, in paragraphs or a list."""
    if n["words"] < 45:
        return 0
    paragraphs = len(re.findall(r"\S[ \t]*\n\s*\n", prose)) + 1
    return 1.5 * (paragraphs >= 3) + (paragraphs >= 5) + 1.5 * (n["list_items"] >= 3) + 0.5 * (n["questions"] > 0)


def _chat_signs(text: str, prose: str, n: dict[str, float], *, merge_tags: bool, mould: bool) -> float:
    heard = len(_COLLEAGUE.findall(prose)) + len(_FACES.findall(prose))
    said = min(3, heard / max(1, n["words"] / 30))  # a long post may say "I think" too
    code = not merge_tags and len(_CODE.findall(prose)) > n["words"] / 60
    tools = n["links"] and _TOOLS.search(text)
    return 2 * n["lower_start"] + 2.5 * code + (0.5 if mould else 2) * said + 3 * bool(tools) + 2 * n["reply_start"]


# Emoji of posts, and the faces and thumbs that colleagues send each other.
_SHOWN = re.compile(
    "[\u2600-\u2704\u2706-\u2763\u2765-\u27bf\u2b05-\u2b55\U0001f300-\U0001f388\U0001f38a-\U0001f43f\U0001f451-\U0001f4ae\U0001f4b0-\U0001f5ff\U0001f680-\U0001f6ff]"
)
_FACES = re.compile("[\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f44b-\U0001f450]")

_TELLING = frozenset(
    {"Megaphone.HardSell", "Megaphone.CallToAct", "Megaphone.Announcement", "Megaphone.SelfPraise", "Megaphone.Urgency",
     "Megaphone.SellingQuestion", "Megaphone.ProductCommand", "Megaphone.TagAndComment", "Megaphone.RetweetOnly",
     "Robotic.ThrilledToAnnounce", "Robotic.FindsYouWell", "Robotic.Placeholder", "Robotic.AnyInconvenience",
     "Robotic.FastPacedWorld", "Robotic.PostTemplate", "Robotic.TeaserLines", "Robotic.ListPost"}
)  # fmt: skip
# Turns of written pieces, which colleagues hardly ever use among themselves: 3 of 3,725 messages of workplace chat.
_MOULD = frozenset(
    {"Robotic.GrandWords", "Robotic.NotJustBut", "Robotic.PastedAnswer", "Robotic.RhetoricalBeat", "Robotic.Flattery",
     "Robotic.TailedClause", "Robotic.Signposting", "Robotic.DeepTruth", "Robotic.FalseRange", "Robotic.Hedges",
     "Robotic.PairedAdjectives", "Robotic.DashPile", "Robotic.SameBeat", "Robotic.BoldLabels", "Robotic.HeadlineCase",
     "Robotic.InflatedWords", "Robotic.OneLineBeat", "Robotic.NoNoNo"}
)  # fmt: skip


_SHORTENED = re.compile(
    r"\b(?:t\.co|bit\.ly|ow\.ly|buff\.ly|lnkd\.in|tinyurl\.com|goo\.gl"
    r"|linktr\.ee)/",
    re.IGNORECASE,
)
_TO_CUSTOMERS = re.compile(
    r"\b(?:customers?|clients|users|members|readers|guests|community|neighbou?rs|passengers|patients|visitors|"
    r"supporters|followers|shops|families|everyone|everybody|all are welcome|you|your)\b"
    r"|\bplease (?:don't|do not|return|change|keep|check|stop|unplug)|\b(?:don't|do not) (?:eat|use|drink|click)\b"
    r"|\b(?:customer|update|statement|comment|announce|share that|write to us"
    r"|in response to|as a precaution|newsletter)\b",
    re.IGNORECASE,
)
_HELP_DESK = re.compile(
    r"\b(?:(?:apologi[sz]e|apologies|sorry)(?: \w+ly)? for (?:any|the|this|your) (?:\w+ )?(?:inconvenience|delay"
    r"|confusion|trouble"
    r"|disruption|frustration|experience)|(?:we|please accept our) (?:\w+ly )?apolog(?:i[sz]e|ies)|we(?:'re"
    r"| are) (?:so |very |truly )?sorry (?:to hear|for|about|that)"
    r"|any inconvenience|thank(?:s| you)(?: so much)? for (?:reaching out|contacting|getting in touch"
    r"|your (?:patience|understanding|feedback"
    r"|message|enquiry|inquiry|business|loyalty|email)|bringing this to|being a)|(?:we|your) (?:\w+ )?(?:value"
    r"|appreciate) (?:your|all)"
    r"|your (?:feedback|satisfaction|safety|opinion|experience|business) is (?:very |extremely |so "
    r"|our )?(?:important|valuable|priority|top)"
    r"|rest assured|(?:please )?(?:do not|don't) hesitate to|at your (?:earliest )?convenience|(?:customer|member"
    r"|guest|client)"
    r" (?:care|service|services|support|relations) (?:team|department|line|desk|at|on)|please (?:dm|pm|message"
    r"|contact|call|email) (?:us|our)"
    r"|(?:send|drop|shoot) us a|(?:has|have) been (?:passed|forwarded|escalated) to|we (?:aim|strive"
    r"|endeavou?r) to|(?:happy|here|glad) to (?:help|assist)"
    r"|(?:further assist|assist you)|look into this (?:further|for you)|dear (?:valued )?(?:customer|member|guest"
    r"|client)|working days)\b",
    re.IGNORECASE,
)
_AMONG_US = re.compile(
    r"\b(?:(?:can|could|would) (?:you|someone|somebody|anyone)|anyone|i'm on it|on-?call|join the (?:call|bridge"
    r"|meet)|"
    r"(?:the|our|error|server) logs|"
    r"deploy\w*|roll(?:ed|ing)? ?back|prod|staging|post-?mortem|stand-?up|lol|i (?:think|heard|guess|saw|can)|fyi|"
    r"won't be in|(?:be|is|are) (?:in|out|off|away) (?:today|tomorrow|this|next|on)|out of office|"
    r"(?:card|flowers|collection) for|"
    r"cover(?:ing)? (?:for )?(?:her|his|their)|(?:opened|filed) (?:a|the) \w+|alerts|alerting|dashboard|grafana"
    r"|sentry|"
    r"heads[- ]up team|hi team|team,|merge|branch|jira|sprint|legal (?:says|said|wants)|slack|channel|thread)\b"
    r"|\x04",
    re.IGNORECASE,
)
_TO_READERS = re.compile(
    r"\b(?:comment|tell us|let us know) (?:below|in the comments)|\brt if\b|\blink in bio\b", re.IGNORECASE
)


def _ends_in_link(prose: str) -> bool:
    """Does nothing but tags, mentions and a few words follow the first link?"""
    at = prose.find("\x02")
    return at > 15 and len(_PROSE_WORD.findall(re.sub(r"#\w+", "", prose[at:]))) <= 4

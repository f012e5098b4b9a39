"""Is a channel message a draft at all? Workplace chatter gets silence."""

import re
from typing import TYPE_CHECKING, cast

from bot.models import Context, Network
from bot.rules.counts import prepare
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
_WHAT = r"(?:draft|post|copy|caption|tweet|message|reply|dm|email)"
_NAMED = re.compile(rf"^\s*(?:@?humani[sz]e(?:[- ]?bot)?)\b[\s,:]*", re.IGNORECASE)
_MARK = re.compile(
    rf"^\s*[*_]*(?:(?:(?:new|my|our|first|rough|a|the|for)\s+){{0,3}}"
    rf"(?:(?P<net>{_NAMES})\s+{_WHAT}|{_WHAT}\s+(?:for|on)\s+(?:the\s+|our\s+)?(?P<net2>{_NAMES})|(?P<net3>{_NAMES})|draft|post|copy|caption)"
    rf"(?:\s*(?:\(|\[)?v?\d{{1,2}}(?:\)|\])?)?)[*_]*\s*[:：][*_]*\s*",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^([^`\n]{0,200}?)```[a-z]*\n?([\s\S]+?)\n?```\s*$")
_QUOTED_LINES = re.compile(r"(?m)^>>?>? ?")


def strip_marks(text: str) -> tuple[int, int, Network | None]:
    """The draft's own span in the message, and the network that its mark names.

    Marks are: the bot's name, ``draft:``, ``LinkedIn:`` and the like at the start, a code block or a block quote that
    holds the draft.
    """
    start, end, network = 0, len(text), None
    named = _NAMED.match(text)
    if named:
        start = named.end()
    mark = _MARK.match(text[start:])
    if mark:
        name = mark["net"] or mark["net2"] or mark["net3"]
        network = _NETWORKS[name.lower()] if name else None
        start += mark.end()
    held = _held(text, start)
    if held:
        start, end = held
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start >= end:
        return 0, len(text), network
    return start, end, network


def _held(text: str, start: int) -> tuple[int, int] | None:
    """The inside of a code block or of a block quote that holds most of the words."""
    fence = _FENCE.match(text[start:])
    if fence and len(fence[2].split()) >= max(4, len(fence[1].split())):
        return start + fence.start(2), start + fence.end(2)
    body = text[start:]
    lines = _QUOTED_LINES.search(body)
    if lines and len(body[: lines.start()].split()) <= 12 and len(body[lines.end() :].split()) >= 4:
        return start + lines.end(), len(text)
    quoted = re.match(r'\s*(["“])([^"”]+)["”]\s*$', body)
    if quoted:
        return start + quoted.start(2), start + quoted.end(2)
    return None


def _marked(text: str) -> bool:
    start, end, _ = strip_marks(text)
    return (start, end) != (0, len(text)) and text[start:end] != text.strip() and bool(text[start:end].strip())


def is_draft(text: str, context: Context, rules: "RuleSet") -> bool:
    """Does this channel message look like something to be published?

    An explicit mark always counts. A reply in a thread counts only with one. Everything else must look like a post:
    talk to many (links with tags, calls to act) that rules recognise, and none of the signs of talk among colleagues.
    """
    if not text.strip():
        return False
    if _marked(text):
        return True
    if context.in_thread:
        return False
    counted = prepare(normalise(text).text, context.network)
    return _looks_published(counted.prose, counted.numbers, rules.fired(text, context.network))


_COLLEAGUE = re.compile(
    r"(?i)`|\x01|\x04|\b(?:can (?:some|any)one|does anyone|anyone (?:know|else|here)|i think|i guess|iirc|afaik|imo|imho|lol|haha|btw|"
    r"pull request|merge|repo|bug|deploy|standup|lunch|meeting room|pls|plz|thx|ty)\b"
)


def _looks_published(prose: str, numbers: dict[str, float], fired: list[str]) -> bool:
    flags = [rule for rule in fired if not rule.startswith("Human.")]
    signs = (
        min(2, numbers["hashtags"]) + min(2, numbers["emoji"]) + (numbers["links"] > 0) + (numbers["exclamations"] > 0)
    )
    signs += cast("float", sum(2 for _ in flags))
    if numbers["words"] < 4:
        return False
    if _COLLEAGUE.search(prose):
        signs -= 3
    return signs >= 3

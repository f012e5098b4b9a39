"""Rewrites for what goes to one person: templates of first contact, and answers to a customer."""

import re
from collections.abc import Iterator

from bot.facts import facts, fold, word_set
from bot.models import Angle, Review
from bot.rewrite.asks import commands
from bot.rewrite.frames import frames, in_turn
from bot.rewrite.mend import finish
from bot.rewrite.tidy import Tidied

_MESSAGES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I | re.S))
    for kind, pattern in (
        ("stats", r"\b(?:un)?follow(?:er|ed)s?\b.{0,160}(?:\bvia\b|stats|automatically|growing with)|\bstats (?:for"
r"|via)\b|\bunfollow(?:er|ed)s?\b.{0,80}\b(?:day|week)\b|\b(?:tweep|person|people) (?:un)?followed\b|\bnew"
r" followers?\b.{0,60}\b(?:day|week)\b"),
        ("collab", r"\bin exchange for (?:a|an|your) (?:post|review|story|reel|shout)"
r"|\b(?:brand )?ambassador\b|\bcollab(?:orat\w+)?\?"),
        ("bought", r"\bthank(?:s| you) for (?:shopping|buying|ordering|your (?:order|purchase|visit|booking|stay))\b"),
        ("due", r"\byour (?:[\w'-]+ ){1,4}(?:is|are) (?:now |almost )?(?:due|overdue|expiring)\b"),
        ("notice", r"\byour (?:[\w'-]+ ){1,4}(?:is|are|was|has been|have been) (?:now |almost |over)?(?:due|ready"
        r"|overdue|waiting|booked"
r"|confirmed|expiring|shipped|dispatched|delayed|cancell?ed|scheduled)\b|\byour (?:appointment|booking|order"
r"|parcel|invoice"
r"|membership|subscription|check-?up|reservation|delivery|prescription) (?:on|for|at|with|of|#)\b"),
        ("declined", r"\bpolicy of (?:only )?(?:accepting|connecting)|thanks for the (?:connection|friend) request"),
        ("bump", r"\b(?:bump(?:ing)?|circling back|haven't heard|following up|checking in|floating this|touching base"
r"|did you (?:get|see) my)\b"),
        ("recruit", r"\b(?:opportunity|position|role|vacancy) (?:at|with|for)\b|great fit for (?:the|a|this|our)"
            r" (?:[\w-]+ )?(?:role|position|team|job)|open to (?:new"
r" )?(?:roles"
r"|opportunities)"),
        ("follow", r"\b(?:follow(?:ing)?|follows)\b"),
        ("pitch", r"\b(?:buy|sell|invest|company|product|service|demo|pricing)\b|\b(?:we|i) (?:help|work with"
        r"|work on|specialize|offer|provide|noticed you)|like yours|streamline"
r"|grow your|increase (?:your )?(?:revenue|sales)|we've helped"),
        ("meet", r"\b(?:coffee|call|chat|meeting|hop on|pick your brain|\d+ ?min(?:ute)?s?)\b"),
        ("collab", r"\bcollab"),
        ("connect", r"\bconnect|\bnetwork|\bwelcome\b"),
    )
)  # fmt: skip
_SERVICE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        ("gone", r"\bdiscontinu|\bout of stock|\bsold out|no longer (?:make|sell|carry|offer|available|produce)"),
        ("refusal", r"\bunable to (?:accommodate|help|assist|fulfil|support|grant)|\bnot able to (?:accommodate|help"
r"|support)|cannot accommodate"),
        ("find", r"\b(?:finding|find|locating) (?:our|the product|the store|a store)\b|retailer|pharmacy"
        r"|where to buy"),
        ("feedback", r"\bfeedback\b|\blet (?:our|the) .{0,40}know|pass (?:this|it|that|your)|suggestion"),
        ("inform", r"\ball systems\b|\b(?:is|are) (?:now )?(?:operational|restored|resolved|fixed|back (?:up"
            r"|online))\b"),
        ("outage", r"\b(?:delays? (?:on|to|at|in)|outage|suspended|signal fault|power cut"
r"|planned maintenance|closed (?:today|until|due)"
r"|(?:is|are) down)\b"),
        ("complaint", r"\b(?:sorry|apolog|inconvenience|regret|frustrat)"),
        ("praise", r"\bthank you for (?:being|choosing)|appreciate your"
r" (?:support|business|love|loyalty)|glad you|happy (?:to hear )?you|thanks for the (?:love|kind)"
r"|you(?:'re| are) loving"),
        ("contact", r"\b(?:dm|pm|direct message|private message|assist|help|reach out|contact|follow up|look into"
        r"|send"
r" us"
r"|call us)\b"),
    )
)  # fmt: skip
_IS_SERVICE = re.compile(
    r"\b(?:we apologi[sz]e|we(?:'re| are) (?:so |very |truly |always )?sorry|sorry (?:to hear|for|about|you)|any"
    r" inconvenience|reaching out|(?:please |can you |could you )?(?:dm|pm) us"
    r"|(?:send|shoot|drop) us (?:a|an) (?:dm|pm|note|message|email|private)|direct message|private message|to"
    r" assist|further assist|customer (?:care|service|support) (?:line|team|at)"
    r"|here to help|happy to help|your feedback|unable to (?:accommodate|help|assist)|requests? (?:we receive"
    r"|such as yours)|discontinu\w+|thanks for (?:following up|contacting)|for your patience|not to worry"
    r"|steps here|here's how to|safe mode|(?:restart|reinstall|reset) your"
    r"|we suggest|look(?:ing)? into (?:this|it|that)|(?:tweet|message) us if|reach (?:back )?out (?:if|once|any)"
    r"|try again:"
    r"|we want to help|assist(?:ance)? (?:you|may|is)|rest assured|power cycle|still having (?:issues|trouble)"
    r"|for (?:more|further) (?:help|assistance)|(?:closer look|look) (?:in)?(?:to|at) (?:this|your)"
    r"|(?:this|your) (?:issue|concern|inquiry|enquiry|experience)\b[^.!?]{0,60}\b(?:we|us|our team)\b"
    r"|we'd (?:love|be happy) to help|(?:a"
    r"|your) refund (?:was|has|will)"
    r"|thank you for (?:contacting|being)|contact (?:us|our|help@)|\w+ you may have|we appreciate your)\b",
    re.I,
)
_CONTACT = re.compile(
    r"\b(?:dm|pm|message|email|e-mail|call|send|contact|note|visit|reach|reply|confirm|form|phone)\b", re.I
)
_EMPTY = re.compile(
    r"^(?:your (?:query|call|enquiry|message) is|(?:hi|hey|hello|dear)\b[^.]{0,30}[.]?$|thanks?\b|thank you|we(?:'re"
    r"| are) (?:so |very |truly |always"
    r" )?(?:sorry|sad|honou?red|here|happy)|(?:we |please accept our )?apolog|sorry"
    r"|(?:we|i) (?:never like|hate|don't like) to|without a doubt|i apologi[sz]e|we take this"
    r"|i(?:'m| am) sorry|awesome|great|oh no|uh oh|we understand|consumers are|our customers|unfortunately we apologi"
    r"|sadly we have made|we wish you"
    r"|although (?:we|there)|we (?:\w+ )?hear you|(?:we value )?your feedback (?:is|means|helps)"
    r"|we(?:'re| are) (?:always )?(?:working hard|doing our best)|we(?:'d| would| want| are|'re)? ?(?:be"
    r" )?(?:like|love|happy|glad|hap[a-z]{1,2}y)?"
    r" ?to (?:help|assist)\b.{0,20}$|rest assured|it (?:was|is) (?:a|my|our) pleasure|not to worry"
    r"|that is definitely)",
    re.I,
)
# What went wrong, where the draft says it.
_SORRY_ABOUT = re.compile(
    r"(?i:(?:inconvenience|trouble|disruption|frustration)s?(?: (?:this|that|it))? caused by|(?:apologi[sz]e"
    r"|apologies|sorry)(?: \w+ly)?"
    r" (?:for|about))"
    r" ((?:the|your) (?!(?:inconvenience|trouble|experience|frustration|disappointment|confusion|issues?"
    r"|problems?)\b)"
    r"[a-z][\w'-]*(?: (?!and\b|but\b|we\b|you\b|as\b|which\b|that\b)[\w'#-]+){0,7})(?=[.,;!]| and | but |$)"
)
_SORRY_THAT = re.compile(
    r"(?i:(?:we|i)(?:'re|'m| are| am) (?:so |very |truly |really )?sorry (?:to hear )?(?:that )?)"
    r"((?:your|the) (?:\w+ ){1,3}(?:arrived|was|were|is|are|has|have|had|did|didn't|broke|came|stopped|got|failed"
    r"|isn't|wasn't)\b"
    r"[^.,!?;\n]{0,60})(?=[.,!?;\n]|$)"
)
_FRAME_QUESTION = re.compile(r"((?:\[Name\] here|I'm \[name\])\. )[^?]*\?")
_ASKED_FOR = re.compile(
    r"\b(?:can|could|would|will) you (?:please )?((?:dm|pm|send|message|e?-?mail|call|reply|confirm|specify|tell)\b"
    r"[^.?!\n]{3,120}?)(?: so (?:that )?(?:we|our)\b[^.?!\n]*)?[.?!]",
    re.I,
)
_ASKED_ALREADY = "Hi {name}, [what you noticed on their page]. {own}"
_HELP_LINE = re.compile(r"^(?:we|i) (?:help|work with|built|make|run|build|are|offer)\b", re.I)


def message_kind(text: str) -> str:
    """Return which template of first contact a text is; "connect" when nothing says."""
    return next((kind for kind, pattern in _MESSAGES if pattern.search(text)), "connect")


_SCRIPTS = frozenset(("Robotic.ServiceScript", "Robotic.SendUsANote", "Robotic.AnyInconvenience"))


def answers_somebody(review: Review) -> bool:
    """Tell an answer to a customer by its words, or by what its review found."""
    if len(review.text) > MAX_ANSWER or _PUBLIC.search(review.text) or len(_ITEMS.findall(review.text)) > 2:
        return False
    if _OFFERS.search(review.text) or (_FOR_ALL.search(review.text) and facts(review.text).of("date", "time")):
        return False
    scripts = [f for f in review.flags if f.rule in _SCRIPTS and not _POINTS_ELSEWHERE.search(f.match)]
    return is_service(review.text) or bool(scripts)


_POINTS_ELSEWHERE = re.compile(r"\b(?:website|site|faq|information|details)\b", re.I)


# "Contact us for a free quote" sells, and planned works are told to everybody.
_OFFERS = re.compile(
    r"\b(?:contact|call|message|dm|pm|email) (?:us|our team|our experts?|me)\b[^.!?\n]{0,30}\b(?:to (?:discover|find"
    r" out|learn|see"
    r"|book)|for (?:an? |your )?(?:free|quote|details|price|collab))|\b(?:contact|call) (?:us|our (?:\w+"
    r" ){0,3}team[\w ]{0,15}) today"
    r"|\b(?:manufacturers?|catalogues?|competitive prices?)\b|\buse code\b|\bour team of experts\b|\bfree (?:quote"
    r"|consultation|audit|demo)\b|\bproviders? of\b|\bcollab\b",
    re.I,
)
_FOR_ALL = re.compile(
    r"\b(?:planned|scheduled|essential) (?:\w+ )?(?:maintenance|works?)\b|\b(?:road|street|bridge|lane|line|station"
    r"|office|branch"
    r"|library|pool|centre|center)\b[^.!?]{0,40}\b(?:will be|is|are) closed\b|\bto all traffic\b|\bto inform (?:you"
    r"|all)\b"
    r"|\b(?:lost|found|missing) (?:cat|dog|pet|keys|phone|child|person)\b|\bno (?:trains|buses|ferries|trams"
    r"|service) (?:between|from|until|on)\b|\bplease be (?:advised|informed)\b"
    r"|^\W*dear (?:residents|neighbours|parents|members)\b|\bopening"
    r" (?:hours|times)\b",
    re.I,
)
MAX_ANSWER = 500
"""A longer text than this is no canned answer; those of the sets stay under 300 characters."""
_ITEMS = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-•●▪*–])[ \t]", re.M)
_PUBLIC = re.compile(
    r"\b(?:(?:thrilled|excited|proud) to (?:announce|share|introduce|unveil)|game[- ]?chang\w+|introducing|big"
    r" news|next level"
    r"|sign up|cutting[- ]edge|empower\w*|cheers to|scrolling)\b|(?:#\w+\s+){2}#\w",
    re.I,
)


def is_service(text: str) -> bool:
    """Tell an answer to a customer by its words."""
    return passes_on(text) or _IS_SERVICE.search(text) is not None


def speaks_to_one(text: str) -> bool:
    """Tell a message to somebody from a post, which speaks to everybody: by a greeting, or what it says of them."""
    return (len(text) < SHORT_NOTE and len(re.findall(r"#\w", text)) < 2) or _TO_ONE.search(text) is not None


SHORT_NOTE = 150
"""Under so many characters a text that reads like a first message is one."""
_TO_ONE = re.compile(
    r"^\W*(?:hi|hey|hello|dear|hiya|yo|good (?:morning|afternoon|evening))\b|\{\{?|%\w+%|\[(?:first )?name|<\w*name"
    r"|\b(?:follow(?:ing|ed|s|er|ers)?|connecting|connection|(?:let's|to|and) connect(?! with (?:so|many|all|our"
    r"|everyone|\w+ leaders))|add(?:ing)? me|your (?:profile|page|feed|content|website|site|work|company"
    r"|business|team|inbox|blog|store|shop|account|app|brand|role|linkedin|post|posts|email)|companies like yours"
    r"|you guys"
    r"|i (?:noticed|saw|came across|found|was (?:looking|impressed|reading)|wanted to|hope|help|work with"
    r"|specialize)|quick (?:question|call|chat)|hop on"
    r"|\d+[- ]min(?:ute)?s?|bump(?:ing)?|circling|touching base|haven't heard|check(?:ing)? in|great fit|open to|are"
    r" you (?:free|available)"
    r"|my name is|i'm (?:a|the)|dm me|message me|reply|pick your brain|collab\w*|in exchange for|thanks for the)\b"
    r"|@\w+",
    re.I,
)


def passes_on(text: str) -> bool:
    """Tell an answer that passes something on to a team, whatever else its words remind of."""
    return _PASSES_ON.search(text) is not None


_PASSES_ON = re.compile(
    r"^\W*thank(?:s| you) for following up\b.{0,120}\b(?:confirm|assist|direct message|dm|look into)\b|"
    r"\b(?:share|pass|send) (?:this|it|that|your \w+)\b[^.!?]{0,30}\b(?:our|the) (?:\w+ )?team",
    re.I,
)


def messages(text: str, parts: Tidied, angle: Angle | None) -> Iterator[str]:
    """Yield rewrites of a templated first message, best first."""
    kind = message_kind(text)
    # "Check us out @browhouse" names the sender.
    mentions = [
        f.text
        for f in facts(text).of("mention")
        if "screenname" not in fold(f.text).replace("_", "") and not _OURSELVES.search(text[: f.start])
    ][:3]
    hello = _hello(text)
    name = " ".join(mentions) if mentions and kind in ("follow", "connect") else hello or "[name]"
    own = parts.questions[:1] if kind in ("follow", "connect") else ()
    asked = [_ASKED_ALREADY.format(name="{name}", own=q.replace("{", "{{").replace("}", "}}")) for q in own]
    told, way = _notice(text, parts) if kind in _NOTICES else ("", "")
    if kind in _NOTICES and not told:
        kind = "connect"
    for frame in (*asked, *in_turn(frames()["messages"][kind], text, angle)):
        said = frame.format(
            name=name, Name=name.replace("[n", "[N"), company="[company]",
            count=_count(text), facts=told, way=way,
        ).strip()  # fmt: skip
        line = (
            next((s for s in parts.statements if _HELP_LINE.match(s) and len(s) < 120), None)
            if kind == "pitch"
            else None
        )
        if line:
            yield f"{said} {line}"
        yield said


_OURSELVES = re.compile(r"\b(?:us|our|me|my)\b[^.!?@]{0,25}$", re.I)
_NOTICES = ("notice", "due", "bought")
_MERGED = re.compile(
    r"^\W*(?:hi|hey|hello|dear)?\s*(?:\{{1,2}[^{}]{1,40}\}{1,2}|%\w+%|\[[^\[\]]{1,40}\]"
    r"|<[^<>]{1,40}>)[,!.:]?\s*",
    re.I,
)


def _notice(text: str, parts: Tidied) -> tuple[str, str]:
    """Return what a notice tells, to stand behind "Hi [name],", and the ways in which somebody can answer it."""
    offers = [a for a in parts.asks if facts(a).of("price", "number", "date") and not facts(a).of("phone", "link")]
    said = [_MERGED.sub("", s) for s in (*parts.statements, *offers[:1])]
    told = [s for s in said if not _EMPTY.match(s) and len(s.split()) > 2 and not re.search(r"[{}%]\w", s)][:3]
    if not told:
        return "", ""
    first = told[0][0].lower() + told[0][1:] if re.match(r"(?:Your|You|The|We|It|This|Our)\b", told[0]) else told[0]
    phone = next(iter(facts(text).of("phone")), None)
    ways = [f"Call {phone.text}" if phone else "", " ".join(parts.links[:1])]
    way = " or ".join(filter(None, ways)) if phone and parts.links else "".join(ways)
    return " ".join((first, *told[1:])), " ".join((way + ("." if phone and not parts.links else ""), *parts.legal))


def service(text: str, parts: Tidied, angle: Angle | None) -> Iterator[str]:
    """Yield rewrites of a canned answer, best first: sorry once, a name, a question, then the way to get in touch."""
    kind = next((kind for kind, pattern in _SERVICE if pattern.search(text)), "contact")
    hello = _hello(text)
    hello_to = f"Hi {hello}, " if hello else ""
    about, that = _SORRY_ABOUT.search(text), _SORRY_THAT.search(text)
    sorry = "I'm sorry." if re.search(r"\bsorry|apolog|\bsad", text, re.I) else ""
    if found := about or that:
        sorry = f"I'm sorry {'about ' if about else ''}{found.group(1)}."
        kind = "known" if kind in ("complaint", "feedback", "contact") else kind
    thanks = next((s for s in parts.statements if re.match(r"thank|we appreciate", s, re.I) and len(s) < 90), "")
    plain = [_GREETED.sub("", s) for s in (*parts.statements, *parts.points) if s != thanks]
    told = [s for s in plain if s and not _EMPTY.match(s)]
    way, link = _way(text, parts), " ".join(parts.links[:2])
    if thanks and not (told or sorry or way or link or parts.questions):
        return  # a thank-you that asks nothing: a form of ours would be colder than it
    if kind in ("contact", "complaint") and told and not parts.questions and not _CONTACT.search(way):
        kind = "inform"
    ways = in_turn(frames()["service"][kind], text, angle)
    # What the draft asks by itself fits the case better than any frame.
    own = [_asking(ways[0], asked) for asked in parts.questions[:1]]
    first = told.pop(0) if kind in ("inform", "outage") and told else ""
    if told and first and len(first.split()) < 4:
        first = f"{first} {told.pop(0)}"  # "That's odd." tells nothing yet
    # "Please restart your router" is no way to get in touch but what the answer tells.
    told += [_one_thing(a) for a in parts.asks if not _CONTACT.search(a)][:1]
    for frame in (*own, *ways):
        for facts_kept, reach in dict.fromkeys(
            (kept, to) for to in (way, link) for kept in (" ".join(told[:2]), " ".join(told[:1]), "")
        ):
            said = frame.format(sorry=sorry, thanks=thanks, first=first, facts=facts_kept, way=reach)
            said = " ".join(said.split())
            said = hello_to + (_small(said) if hello_to else said)
            yield re.sub(r"\[[Nn]ame\]", parts.sign or r"\g<0>", said)


_GREETED = re.compile(r"^(?:hi|hey|hello|dear) [A-Z][\w'-]{1,20}[,!.]\s*(?:(?=[A-Z])|(?=we|i\b))", re.I)


def _one_thing(ask: str) -> str:
    asked = commands(facts(ask))
    return ask if len(asked) < 2 else finish(re.sub(r"[\s,;:&–—-]+(?:and|then)?\s*$", "", ask[: asked[1].start]))


def _hello(text: str) -> str:
    """Return the name that a message greets, or an empty string."""
    found = _HELLO.match(text)
    return found.group(1) if found and fold(found.group(1)) not in _NOBODY and not found.group(1).isupper() else ""


_HELLO = re.compile(r"\W{0,3}(?:(?i:hi|hey|hello|dear)|(?i:thanks) for [a-z]+,) ([A-Z][\w'-]{1,20})\b(?=\s?[,!.])")
_NOBODY = word_set("there all everyone everybody folks team customer valued sir madam friend friends guys and")


def _asking(frame: str, question: str) -> str:
    """Put a question in the place of the frame's own; braces in it are no gaps."""
    plain = question.replace("{", "{{").replace("}", "}}")
    return _FRAME_QUESTION.sub(lambda m: m.group(1) + plain, frame, count=1)


def _way(text: str, parts: Tidied) -> str:
    """Say how to get in touch: the address or number the draft gives, or else its own ask."""
    contact = next(iter(facts(text).of("email", "phone")), None)
    if contact:
        return f"Reply here or at {contact.text}." if contact.kind == "email" else f"Reply here or call {contact.text}."
    asked = _ASKED_FOR.search(text)
    ask = next((a for a in parts.asks if _CONTACT.search(a)), f"Please {asked.group(1)}." if asked else None)
    if ask:
        found = commands(facts(ask))
        if len(found) > 1:
            rest = ask[found[1].start :] if "follow" in found[0].text.lower() else ask[: found[1].start]
            ask = finish(rest)
        ask = re.sub(r"^(?:please )?(?:can|could|would) you (?:please )?(?:follow and )?", "Please ", ask, flags=re.I)
        ask = re.sub(r"^Please (\w)(?![A-Z])", lambda m: "Please " + m.group(1).lower(), ask)
        # A link amid the ask stays where it stands; one that was taken off its end comes back.
        return ask if not parts.links or parts.links[0] in ask else f"{ask.rstrip('.')}: {parts.links[0]}"
    return parts.links[0] if parts.links else ""


def _count(text: str) -> str:
    """Say how many are new, where the draft does and when; who left is nobody's news."""
    found = re.search(
        r"\b(?:\d+|one|two|three|four|five)\s(?:new |recent )followers?\b|\b\d+ tweeps? followed\b", text, re.I
    )
    if not found:
        return "Hello."
    when = re.search(r"\bin the (?:last|past) (?:day|week|month)\b|\b(?:today|this week)\b", text, re.I)
    return f"{_cap(found.group())}{' ' + when.group() if when else ''}."


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(said: str) -> str:
    return said if said.startswith(("I'm", "[", "I ")) else said[:1].lower() + said[1:]

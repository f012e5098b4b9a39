"""What a text asks of its reader: questions, real or rhetorical, and commands."""

import re

from bot.facts import Facts, fold, of_facts, of_text, word_set
from bot.rewrite.words import Sentence, outside_brackets, sentences

_VERBS = word_set(
    "act add apply ask attend book bring browse buy call catch celebrate check choose claim click come comment"
    " complete"
    " connect consider contact contribute create discover do dm dive don't donate download email enable enjoy"
    " enrol enroll enter"
    " experience explore fill find follow get give go grab have head help hit hop hurry include invest invite"
    " join jump keep"
    " learn let like listen look make meet message miss nominate note open order pass pay phone pick play please"
    " pm pop"
    " post pre-order preorder press purchase put read receive redeem refer register remember repeat reply request"
    " reserve review"
    " rsvp save say schedule scroll secure select send set share shop sign slide stay start stop submit subscribe"
    " swipe"
    " switch tag take tap tell test think treat try tune turn tweet unlock update upgrade use view visit vote"
    " watch win wishlist write"
)
_LEAD_IN = (
    r"(?:(?:so|and|then|also|just|now|or|but|please|pls|kindly|simply|today|why not|feel free to|be sure to|make"
    r" sure to"
    r"|don't forget to|you can|(?:can|could|would) you(?: please)?|interested|click here|hey|hi|if"
    r" you[^,\n]{1,80},|to [^,\n]{1,80},|[^\W\d_]{2,20}:)[,:]?\s+){0,3}"
)
_COMMAND = re.compile(
    r"^[\W_]{0,6}"
    + _LEAD_IN
    + r"(?P<verb>"
    + "|".join(sorted(map(re.escape, _VERBS), key=lambda v: (-len(v), v)))
    + r")\b"
    # "Book clubs are…", "Watch parties…", "Help desks…": a noun or a subject, not a command; "buy one, get one" is
    # a price.
    r"(?!\s?:\s?[+(\d])"
    r"(?!\s(?:one|two|three|\d{1,2})\b[^.!?\n]{1,60}\bget\b)(?!\s(?:\d+ (?:in|of)\b|days?|evenings?|house|source|mic"
    r"|details?"
    r"|numbers?|info|id|confirmation|is|are|was|were|has|have|will|can|clubs?|desks?|teams?"
    r"|[a-z]+s (?:are|were|have))\b)(?![-'’]\w)",
    re.I,
)
_CLAUSE = re.compile(r"(?:[;:,–—→|]|\s-|\band\b|\bthen\b|\bto\b(?= (?:sign up|register|rsvp)))\s+", re.I)
_NEVER_A_QUESTION = re.compile(
    r"^(?:(?:(?:and|so|but|hey|hi|well|ok|okay|now)\W{1,3})|(?:hi|hey|hello|dear) [^,!?]{1,30}[,!]\s)?(?:"
    r"how to |why bother|are you an? (?:[\w-]+,? ){0,4}(?:who|that|looking|with|seeking|hungry|ready)\b"
    r"|(?:is|are) your \w+ (?:\w+ )?(?:holding|costing|killing|slowing|letting|ready|worth|safe|at risk)\b|(?:do you"
    r" )?think (?:you|it)\b|"
    r"who (?:else )?(?:doesn't|wouldn't|isn't|is|wants?|needs?|loves?|agrees?|thinks?|can relate)|did you know|do"
    r" you know (?:that|who|what|why|how|where)|guess what|can you believe"
    r"|(?:do you )?want (?:to|more|a|an|the|your)|wanna|(?:are you )?ready (?:to|for)|(?:are you )?(?:tired|sick"
    r"|fed up)\b"
    r"|(?:are you )?(?:still )?(?:looking|searching|struggling|hoping|dreaming|thinking about)\b|(?:do you )?need"
    r" (?!help with \[)"
    r"|what if (?:i|we|you|there)|why (?:wait|not|settle|add|use|choose|(?:do|should|would) you (?:need|use|want"
    r"|choose|try))|what are you waiting|(?:isn't|wasn't"
    r"|aren't|don't"
    r"|wouldn't|doesn't|haven't|won't) "
    r"|sounds? (?:good|familiar|great|interesting)|interested|curious\?"
    r"|(?:curious|wondering) (?:how|what|why) (?:i|we|our)|feeling (?:stuck|overwhelmed|lost)"
    r"|imagine\b|(?:have you )?ever (?:wonder|notice|feel|felt|wish|thought)|intrigued|have you heard|how (?:cool"
    r"|great|awesome|amazing)"
    r"|(?:and )?the (?:best part|result|secret|catch|answer)|right\?|agree|you know what|thoughts\?|questions\?"
    r"|who knew|see (?:you|why|how)"
    r"|love (?:our|the|this)|(?:have|did) you (?:tried?|seen?|checked?|used?|downloaded?|registered|signed)"
    r" (?:out )?(?:our|the new|my)"
    r"|what (?:could|can|would) be (?:better|easier|simpler|nicer|worse)|how much longer|where else"
    r"|who (?:could|can|would) (?:say no|resist|refuse|turn|argue)"
    r"|(?:would|wouldn't) you (?:like|love|care|want|prefer) to (?!tell|share|say)"
    r"|when (?:will|are) you (?:going to )?(?:sign|join|buy|start|try|order|book|register|switch|get)"
    r"|(?:have|did) you (?:got|get|gotten|grabbed|claimed|ordered|bought) (?:your|yours|it|one)\b"
    r"|why are you still\b|why (?:do|are|did|would) you (?:still )?(?:neglect|ignor|wast|fail|los|settl|put up)"
    r"|what would you do without (?:it|us|them|this|that)\b"
    r"|what's (?:the secret|not to love|stopping you)|how (?:do|can|did) we|what do(?:es)? (?:this|that|it) mean)"
)
_SALES = re.compile(
    r"\b(?:will you (?:lose|miss|regret|save)|are you (?:losing|missing)|"
    r"\d+x|10x|next level|supercharge|skyrocket|unlock|game.chang\w*|crush(?:ing)? it|explode|double your"
    r"|boost your"
    r"|transform your|level up|do you want to (?:know|learn|see|hear|find out) (?:more|how)|maximi[sz]e|our"
    r" (?:product|platform|solution|offer|tool|app|service|demo|webinar)s?)\b"
)
_MEETING = re.compile(
    r"\b(?:\d+[- ]?min(?:ute)?s?|call|chat|meeting|demo|coffee|sync|zoom|collab(?:orate)?|learn(?:ing)? more"
    r"|hear(?:ing)? more"
    r"|pick your brain|sign up|trial|quote|buy|purchase|subscribe)\b"
)
# "What is retinol?", "How can networks help?": whoever asks it is about to answer it.
_TEACHES = re.compile(r"(?:so |and )?(?:what(?:'s| is| are| does| do)|why|how (?:do|does|can|could|is|are|to))\b")
_ASKED_ABOUT = re.compile(
    r"\b(?:you|your|yours|you're|you've|you'd|anyone|anybody|someone|everyone)\b|\[|what's (?:next|new|yours)"
)
_ASKS_YOU = re.compile(
    r"\b(?:you|your|yours|you'd|you've|you're|anyone|anybody|someone|who|which|what|what's|where|when|how|why"
    r"|whose)\b|\["
)


@of_facts
def questions(facts: Facts) -> tuple[Sentence, ...]:
    """Return the sentences that end in a question mark, in reading order."""
    return tuple(
        s for s in sentences(facts) if s.text.rstrip("\"'”’)*_ \u200d\ufe0f").rstrip(_EMOJI).endswith(("?", "?!"))
    )


_EMOJI = "".join(map(chr, range(0x1F300, 0x1FAFF))) + "✨❤ ️"


@of_text
def is_genuine(question: str) -> bool:
    """Tell a question that a reader could answer from what sounds like one.

    Rhetorical openings ("who doesn't love…", "did you know"), sales talk ("ready to 10x?") and requests for a meeting
    or a purchase are none; nor is what has fewer than three words.
    """
    plain = fold(question).strip("\"'“” ¿")
    tail = plain.rsplit(": ", 1)[-1] if ": " in plain else plain
    if len(tail.split()) < 3 or _NEVER_A_QUESTION.match(tail) or _NEVER_A_QUESTION.match(plain) or _SALES.search(plain):
        return False
    if _TEACHES.match(tail) and not _ASKED_ABOUT.search(plain):
        return False
    if _MEETING.search(outside_brackets(plain)) and not re.match(
        r"(?:[^,]{0,60}, ?)?(?:which|what|where|who|when|how|why)\b", tail
    ):
        return False
    return bool(_ASKS_YOU.search(plain))


@of_facts
def commands(facts: Facts) -> tuple[Sentence, ...]:
    """Return the commands of a text, one for each clause that begins with a verb in the imperative."""
    found: list[Sentence] = []
    items = _ITEM.findall(facts.text)
    for sentence in sentences(facts):
        if sentence.text.endswith("?") or any(
            sentence.start <= f.start <= sentence.start + 2 for f in facts.of("legal")
        ):
            continue  # "Reply STOP to opt out" is the law's
        # The steps of a list tell how something is done; only steps that serve the sender are commands.
        line = facts.text[facts.text.rfind("\n", 0, sentence.start) + 1 : sentence.end]
        if len(items) >= 3 and _ITEM.match(line) and not _SELF_SERVING.search(sentence.text):
            continue
        at = sentence.start
        cuts = list(_CLAUSE.finditer(sentence.text))
        for start, end in zip(
            [0, *[m.end() for m in cuts]], [*[m.start() for m in cuts], len(sentence.text)], strict=True
        ):
            clause = sentence.text[start:end]
            if _COMMAND.match(fold_apostrophes(clause)) and (start == 0 or _joins(found, sentence.text, start)):
                found.append(Sentence(clause, at + start, at + end))
    return tuple(found)


def is_command(clause: str) -> bool:
    """Tell whether a clause begins like a command."""
    return _COMMAND.match(fold_apostrophes(clause)) is not None


_ITEM = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-•●▪*–])[ \t]+", re.M)
_SELF_SERVING = re.compile(
    r"\b(?:like|share|comment|follow|tag|subscribe|sign up|register|buy|order|shop|click|download|dm|retweet|join"
    r"|book)\b",
    re.I,
)


def fold_apostrophes(text: str) -> str:
    """Straighten curly apostrophes at equal length."""
    return text.replace("’", "'").replace("‘", "'")


def _joins(found: list[Sentence], sentence: str, start: int) -> bool:
    """A clause in mid-sentence commands after a colon or dash, or where a command went before ("like and share")."""
    before = sentence[:start].rstrip()
    return before.endswith((":", "–", "—", "→", ";", "|", "!")) or (
        bool(found) and before.lower().endswith((",", "and", "then"))
    )


ASKS_THE_ROOM = re.compile(
    r"(?:what(?:'s| is| are) the (?:biggest|best|worst|hardest|most|first|right|main|real|next)\s"
    r"|(?:how|why|what|where|who) (?:do|does|did|can|could|should|will|would|makes?|drives?|holds?|is|are)\s"
    r"(?!(?:i|we|our|my|you|your|it|this|that|the (?:secret|result|best (?:way|part"
    r"|thing)))\b)|(?:can|could|should|will|would|does|do|is|are) (?!(?:i|we|our|my|you|your|it|this|that|there"
    r"|anyone)\b))"
    r"(?:[^\s?]+\s){2,24}[^\s?]+\?$",
    re.I,
)
"""A question to be answered behind the link becomes one to the reader when it asks for their view."""
_WISHES = re.compile(r"^Wish (?!you\b)(?=[^.!]*\?$)")
_BEST = re.compile(r"^(?:the )?best ((?:advice|tips?|way|time|place|tool) (?:for|to|on) [^?]{8,120})\?$", re.I)


def whole_question(said: str) -> str:
    """ "Best advice for a first shift?" asks in half a sentence what somebody could answer."""
    best = _BEST.match(said)
    return f"What is the best {best.group(1)}, in your view?" if best else _WISHES.sub("Do you wish ", said)

"""Claims a rewrite may not make up: experience, promises, other people's praise, familiarity, superlatives."""

import re

from bot.facts import fold, word_set
from bot.rewrite.asks import fold_apostrophes, is_command
from bot.rewrite.words import FUNCTION_WORDS, stem

_FIRST_PERSON = re.compile(
    r"\b(?P<who>I|we)(?P<aux>'ve|'d|'ll|'m|'re| have| had| will| would| am| are| can| could| did| do| was| were|"
    r" never| always| just| also| once)*"
    r"(?: (?:not|never|always|just|also|once|really|ever|even|already|been|personally|so"
    r"|still))*\s(?P<verb>[\w'’-]+|\[)",
    re.I,
)
# What "I" may say without having lived it: who it is, and that it wants to know.
_HARMLESS = word_set("curious wondering wonder asking ask rather listening here all [ be know glad happy keen")
_WISH = re.compile(r"\b(?:I'd|I would|we'd|we would) (?:love|like) to (?:hear|know|learn|read|see|ask)\b", re.I)
_TO_A_BRACKET = re.compile(r"^(?: [\w'’-]+){0,3} ?\[")
_LIVED = word_set(
    "use used tried stayed visited bought ordered worked met spoke talked lived loved enjoyed helped spent went was had"
    " been felt built ran grew saved switched"
)
"""What was lived is made up even where a bracket stands for what exactly: "I stayed at [hotel]"."""
_SORRY = re.compile(r"\b(?:sorry|apolog|regret|sad|unfortunate|oops|our fault|our mistake)", re.I)
_OTHERS = re.compile(
    r"\b(?:our|my) (?:\w+ ){0,2}(?:customers?|clients?|users?|readers?|members?|community|fans?|followers?"
    r"|partners?|team|friends?|colleagues?)\b"
    r"(?: \w+)?|\b(?:(?:most|many|all|thousands of|millions of|hundreds of|plenty of|lots of) (?:people|teams"
    r"|companies|customers|users"
    r"|businesses|brands|marketers|leaders|founders|us)|everyone|everybody|nobody|no one|people|they) "
    r"(?:say|says|said|love|loves|loved|use|uses|used|know|knows|agree|agrees|trust|trusts|swear|swears|want"
    r"|wants|rave|raves|choose|chooses)\b"
    r"|\b(?:studies|research|experts|data|surveys|reports) (?:show|shows|say|says|suggest|suggests|prove|proves"
    r"|agree)\b",
    re.I,
)
_USERS = re.compile(
    r"(?<!\byou )\b(?:that|who|already|which) (?:use|uses|used|love|loves|trust|trusts|chose"
    r"|switched to|rely on|relies on|recommend|recommends) (?:us|it|our|[A-Z][\w'-]+)"
)
"""People who use it already, told in passing: "which of the hospitals that use Loom ...?"."""
_FAMILIAR = re.compile(
    r"\b(?:made|helped|brought) you (?:to )?(?:switch to|choose|pick|join|love|trust) (?:us|our|it)\b|"
    r"\b(?:as (?:we )?discussed|as promised|great (?:to meet|meeting|talking|speaking|seeing)|nice to meet|good"
    r" to see you|love[ds]? your|big fan"
    r"|loved? what you|enjoyed your|been following|came across your|your (?:recent|latest|last) (?:post|article"
    r"|talk|work|project|launch)"
    r"|congrat\w* on|hope you're (?:well|doing)|long time no|remember when we)\b",
    re.I,
)
_BEEN_THERE = re.compile(
    r"\b(?:been there|done that|believe me|trust me|between us|speaking (?:as|from)"
    r"|as (?:one|someone|somebody|a fellow) (?:who|of)"
    r"|following up|as agreed|as per|welcome back|our (?:last )?(?:call|chat|meeting)"
    r"|(?:we|I) (?:met|spoke|talked|chatted)|good to (?:hear|see)|nice (?:talking|chatting|seeing)"
    r"|you (?:all |guys )?(?:asked|told|said|mentioned|wrote|signed|requested|wanted|spoke)(?!(?: \w+){0,3} {3,})"
    r")\b",
    re.I,
)
"""Said outright, these claim a past with the reader, or one of the sender's. Three blanks were a bracket: "you wrote [a
line of theirs]" claims nothing yet."""
_THANKS = re.compile(r"\b(?:thanks|thank you)(?: so much| a lot)? for (?:(?:your|the|being|a|all) )*([\w'-]+)", re.I)
_WHO_SPEAKS = re.compile(
    r"\b(?:I'm|I am|my name is|this is|it's) (?P<is>[A-Z][\w'-]+)\b|\b(?P<here>[A-Z][\w'-]+) here\b"
)
_BOAST = re.compile(
    r"\b(?:guaranteed?|proven|award-winning|leading|world-class|number one|fastest|cheapest|unlimited|risk-free"
    r"|exclusive|certified"
    r"|free|instantly|effortless(?:ly)?|revolutionary|unique|trusted|limited|secure|safest|discount|bestselling"
    r"|popular|limited-time)\b|#1",
    re.I,
)


_ASKED_OF = re.compile(r"\b(?:should|shall|would|could|do|does) (?:(?:more|most|many|all|other) )?$", re.I)
"""Before people or a "we" it asks, and claims nothing: "which town should we start with?"."""


def new_claim(bare: str, full: str, draft: str, draft_stems: frozenset[str], said: str | None = None) -> str:
    """Return the first claim of a rewrite that the draft does not hold, or an empty string.

    ``bare`` is the rewrite with its brackets blanked at equal length, ``full`` the rewrite itself: "I saw [their post]"
    claims nothing until somebody fills it. ``said`` is ``bare`` without its questions, or None where it asks nothing.
    """
    said = fold_apostrophes(bare if said is None else said)
    bare, full = fold_apostrophes(bare), fold_apostrophes(full)
    plain = fold(draft)
    return (
        _first_person(full, plain, draft_stems)
        or next(
            (
                m.group()
                for p, text in ((_OTHERS, bare), (_USERS, bare), (_FAMILIAR, bare), (_BEEN_THERE, said))
                for m in p.finditer(text)
                if not _says(plain, m.group()) and not _ASKED_OF.search(text[max(0, m.start() - 24) : m.start()])
            ),
            "",
        )
        or _thanked(said, plain, draft_stems)
        or _posing(said, draft)
        or next(
            (
                m.group()
                for m in _BOAST.finditer(bare)
                if stem(fold(m.group())) not in draft_stems and fold(m.group()) not in plain
            ),
            "",
        )
    )


def _says(plain: str, claim: str) -> bool:
    """Tell whether a draft says this, a word or two between: "our team in" of "our world-class team in"."""
    said = r"(?:[\s,]+[\w'-]+){0,2}?[\s,]+".join(map(re.escape, fold(claim).split()))
    return re.search(said, plain) is not None


# "Proud to sponsor the fair" is said by somebody too.
_SPEAKS = re.compile(
    r"\b(?:i|we|our|us|my|me|i'm|we're)\b|(?:^|[.!?]\s)\W*(?:so |very )?(?:proud|happy|excited|thrilled|delighted|glad"
    r"|pleased|honou?red) to\b"
)


def _thanked(said: str, plain: str, draft_stems: frozenset[str]) -> str:
    """Thanks for something that the draft does not thank for."""
    for match in _THANKS.finditer(said):
        thing = fold(match.group(1))
        if thing != "reading" and not ("thank" in plain and stem(thing) in draft_stems):
            return match.group()
    return ""


def _posing(said: str, draft: str) -> str:
    """Somebody whom the draft only talks about, speaking as if it were them."""
    for match in _WHO_SPEAKS.finditer(said):
        name = match.group("is") or match.group("here")
        if not re.search(rf"\b{name}\b", draft) or is_command(match.group()):
            continue  # "Reply here": nobody
        signed = rf"(?:\b(?:I'm|I am|[Mm]y name is|[Tt]his is|[Ii]t's) |[–—~^-] ?|\n\s*){name}\b|\b{name} here\b"
        if not re.search(signed, fold_apostrophes(draft)) and fold(name) not in FUNCTION_WORDS | _HARMLESS:
            return match.group()
    return ""


def _first_person(full: str, plain: str, draft_stems: frozenset[str]) -> str:
    wishes = [m.span() for m in _WISH.finditer(full)]
    for match in _FIRST_PERSON.finditer(full):
        verb = fold(match.group("verb"))
        if _in_brackets(full, match.start()) or any(a <= match.start() < b for a, b in wishes):
            continue
        spoken, aux = fold(match.group()), match.group("aux") or ""
        if re.search(r"\b(?:should|shall|could|can|may) $", full[max(0, match.start() - 8) : match.start()], re.I):
            continue  # "which one should we start with?"
        if verb in ("a", "an", "the", "some", "new") and aux.strip() == "have" and re.search(r"\b(?:we|our)\b", plain):
            continue  # what they have is said in the draft's words: other checks hold it to that
        if verb == "sorry" and _SORRY.search(plain):
            continue
        noticed = verb not in _LIVED and _TO_A_BRACKET.match(full[match.end("verb") :])
        if verb in _HARMLESS or noticed or spoken in plain:
            continue
        if re.search(r"'ll|will", aux) and not re.search(r"'ll\b|\bwill\b", plain):
            return match.group().strip()
        speaks = _SPEAKS.search(plain) is not None
        if speaks and stem(verb) in draft_stems and verb not in FUNCTION_WORDS:
            continue
        if (
            verb in FUNCTION_WORDS
            and verb != "sorry"
            and not re.search(r"'ll|will|have|had|'ve|did|was|were", aux + spoken)
        ):
            continue
        return match.group().strip()
    return ""


def _in_brackets(text: str, at: int) -> bool:
    opening = text.rfind("[", max(0, at - 160), at)
    return opening >= 0 and "]" not in text[opening:at]

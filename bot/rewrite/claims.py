"""Claims a rewrite may not make up: experience, promises, other people's praise, familiarity, superlatives."""

import re

from bot.facts import fold, word_set
from bot.rewrite.asks import fold_apostrophes
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
_FAMILIAR = re.compile(
    r"\b(?:as (?:we )?discussed|as promised|great (?:to meet|meeting|talking|speaking|seeing)|nice to meet|good"
    r" to see you|love[ds]? your|big fan"
    r"|loved? what you|enjoyed your|been following|came across your|your (?:recent|latest|last) (?:post|article"
    r"|talk|work|project|launch)"
    r"|congrat\w* on|hope you're (?:well|doing)|long time no|remember when we)\b",
    re.I,
)
_BOAST = re.compile(
    r"\b(?:guaranteed?|proven|award-winning|leading|world-class|number one|fastest|cheapest|unlimited|risk-free"
    r"|exclusive|certified"
    r"|free|instantly|effortless(?:ly)?|revolutionary|unique|trusted|limited|secure|safest|discount|bestselling"
    r"|popular|limited-time)\b|#1",
    re.I,
)


def new_claim(bare: str, full: str, draft: str, draft_stems: frozenset[str]) -> str:
    """Return the first claim of a rewrite that the draft does not hold, or an empty string.

    ``bare`` is the rewrite with its brackets blanked at equal length, ``full`` the rewrite itself: "I saw [their post]"
    claims nothing until somebody fills it.
    """
    bare, full = fold_apostrophes(bare), fold_apostrophes(full)
    plain = fold(draft)
    return (
        _first_person(full, plain, draft_stems)
        or next((m.group() for p in (_OTHERS, _FAMILIAR) for m in p.finditer(bare) if fold(m.group()) not in plain), "")
        or next(
            (
                m.group()
                for m in _BOAST.finditer(bare)
                if stem(fold(m.group())) not in draft_stems and fold(m.group()) not in plain
            ),
            "",
        )
    )


def _first_person(full: str, plain: str, draft_stems: frozenset[str]) -> str:
    wishes = [m.span() for m in _WISH.finditer(full)]
    for match in _FIRST_PERSON.finditer(full):
        verb = fold(match.group("verb"))
        if _in_brackets(full, match.start()) or any(a <= match.start() < b for a, b in wishes):
            continue
        spoken, aux = fold(match.group()), match.group("aux") or ""
        if verb == "sorry" and _SORRY.search(plain):
            continue
        if verb in _HARMLESS or _TO_A_BRACKET.match(full[match.end("verb") :]) or spoken in plain:
            continue
        if re.search(r"'ll|will", aux) and not re.search(r"'ll\b|\bwill\b", plain):
            return match.group().strip()
        speaks = re.search(r"\b(?:i|we|our|us|my|me|i'm|we're)\b", plain) is not None
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

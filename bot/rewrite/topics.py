"""The reader's task that a draft names in its own words: "5 ways to clean up your desk" is about cleaning it up.

A question about that task fits better than any frame for a whole subject. What cannot be lifted out safely is not: a
phrase with capitals, hype or the sender in it gives nothing.
"""

import re
from typing import NamedTuple

from bot.facts import fold, word_set
from bot.rewrite.words import FUNCTION_WORDS

MAX_TASK_WORDS, MAX_THING_WORDS = 9, 4

_TASK = re.compile(
    r"(?:\b(?:how|where|when|what) to|\b(?:(?:ways?|tips?|steps?|secrets?|tricks?|ideas?|advice|lessons?|hacks?"
    r"|best practices"
    r"|looking|want|wanna|need|trying|hoping|wish|struggling|easier|easy|hard|difficult|simple|time)"
    r"(?:\son how)?(?: (?:for|on) you)? to)|\bhelp(?:s|ing)? you(?: to)?|\b(?:lets|letting|allows"
    r"|enables) you(?: to)?)"
    r"\s(?P<task>[a-z][a-z'-]{1,14}\b(?: [^\s.,:;!?–—|()\[\]\"“”]{1,30}){1,14})"
)
# Where a task ends although the sentence goes on.
_TASK_ENDS = re.compile(
    r"\s(?:by|via|from (?:our|the|@)|with (?:our|the|this|these|#?[A-Z@])|using|in (?:our|this|my|the) (?:new"
    r"|latest|blog|video|post|article|guide)"
    r"|at (?:our|the|#|@)|so\b|because|when|while|before|without|that|which|who|whose|if|as|according|thanks"
    r"|check|see|read|learn|watch|click|join"
    r"|here|today|now|through|and (?:more|why|how|what|see|get|learn|find)|https?:|RT\b|[-#@]\s).*$",
    re.S,
)
_NOT_A_VERB = word_set(
    "be have has do does get got the a an your our my his her their us me you it this that these those know hear"
    " learn see read"
    " find date win say share announce all more each every and or not no celebrate join go come like love attend watch"
    " discover shop buy register sign visit check try follow enter be help consider look take"
)
_NOT_A_WORD = word_set(
    "our us we my me i ours mine best ultimate maximize maximise unlock skyrocket supercharge elevate boost"
    " transform revolutionize"
    " or it's exclusive amazing perfect next level win free they them their he she his her its it"
)
_THING = re.compile(
    r"\b(?:providers?|tools?|software|apps?|platforms?|tips?|advice|lessons?|thoughts?|insights?|article|report"
    r"|panel|webinar|workshop|talk|conversation|discussion"
    r"|questions?|truth|myths?|future|importance|challenges?|art|basics|best practices|mistakes)\s(?:on|about|of"
    r"|in|around)\s"
    r"(?P<thing>#?[a-z][\w-]{2,24}(?: (?!and\b|or\b|for\b|with\b|in\b|at\b|on\b|by\b|from\b|to\b|of\b|is\b|are\b"
    r"|via\b"
    r"|as\b|like\b|that\b|the\b|who\b|which\b|can\b|will\b|has\b|have\b|your\b|you\b|our\b|https?\b)"
    r"[a-z][\w-]{2,20}){0,2})(?=[.,:;!?)–—]|$|\s(?:for|with|in|at|on|by|from|via|is|are|that|who|which|can"
    r"|will)\b|\s[-|#@;])"
)
_NO_THING = word_set(
    "the a an our your my his her their this that these those how why what when where who making being having getting"
    " life all some it everything everyone people you us work today tomorrow more many two three four five six seven"
)


_NEEDS_NO_ARTICLE = re.compile(
    r"(?:ing|ship|ity|ism|ics|phy|care|ness|tion|health|finance|access|income|data|money|research|growth|trade"
    r"|design)$"
    r"|[^s]s$"
)


class Topic(NamedTuple):
    """What can be asked about.

    ``task`` is an infinitive without "to", ``thing`` a noun without an article, ``pain`` what the draft wants to be rid
    of ("waiting on approvals"), ``who`` a person or an account that does or says something in it, ``group`` whom a
    figure is about ("small firms"), ``talk`` and ``occasion`` what people may come to ("panel", "parade"), ``new``
    what has been made or opened, with its article ("the new maternity wing").
    """

    task: str | None
    thing: str | None
    pain: str | None
    who: str | None
    group: str | None = None
    talk: str | None = None
    occasion: str | None = None
    new: str | None = None


def topic(text: str) -> Topic:
    """Find the task and the thing that a draft is about. ``text`` is the draft with its links taken out."""
    plain = " ".join(re.sub(r"https?://\S+", " ; ", text.replace("’", "'")).replace("&amp;", "&").split())
    plain = _PICTURES.sub(" ; ", plain)
    return Topic(
        _first_task(plain),
        _first_thing(plain) or _tagged_thing(plain) or _opening_thing(plain),
        _first_pain(plain),
        _first_who(plain),
        _first_group(plain),
        _first_occasion(plain, _TALK),
        _first_occasion(plain, _OCCASION),
        _first_new(plain),
    )


_PICTURES = re.compile(r"[\u2190-\u2bff\ufe0f\U0001F000-\U0001FAFF]+")
# "62% of small firms", "1 in 3 museums": whom a figure is about.
_GROUP = re.compile(
    r"(?:\d ?%|\b(?:per ?cent|half|two[- ]thirds|a third|a quarter|most)) of (?:all |the |our |uk |us )?"
    r"(?P<of>(?:[a-z][a-z-]{2,14} ){0,2}[a-z]{3,16})\b|\b\d{1,2} (?:in"
    r"|out of) \d{1,3} (?P<in>(?:[a-z-]{3,14} )?[a-z]{3,16})\b"
)
_NOT_A_GROUP = word_set(
    "days weeks months years hours minutes times sales revenues profits costs prices points funds assets deaths results"
    " its this business earnings shares votes goods proceeds emissions cases jobs deals"
)
_PEOPLE = word_set("people women men children staff adults youth police")


def _first_group(text: str) -> str | None:
    for match in _GROUP.finditer(text):
        words = (match.group("of") or match.group("in")).split()
        # "62% of small firms wait": the verb behind the noun is no part of it.
        while words and not (words[-1].endswith("s") and not words[-1].endswith("ss")) and words[-1] not in _PEOPLE:
            words.pop()
        plural = next((at for at, w in enumerate(words) if w in _PEOPLE or re.search(r"[^su]s$", w)), None)
        words = words[: plural + 1] if plural is not None else []
        if words and words[-1] not in _NOT_A_GROUP and not set(words) & (FUNCTION_WORDS | _NOT_A_WORD):
            return " ".join(words)
    return None


def _come_to(what: str) -> re.Pattern[str]:
    return re.compile(
        r"\b(?:our|the|an?|this|annual|free|first|next|[Jj]oin|[A-Z][a-z]+) (?:[A-Za-z][\w-]{1,16} ){0,3}?"
        rf"(?P<what>(?i:{what}))\b(?!-| (?:said|says|told|found|heard|hall|price|room|action|team|of the year))"
    )


_TALK = _come_to(
    "webinar|workshop|conference|panel|class|lecture|meet-?up|book club|masterclass|summit|book reading|poetry reading"
)
_OCCASION = _come_to(
    "clean[- ]?up|parade|exhibition|fair|(?<=christmas )market|(?<=street )market|(?<=flea )market|(?<=craft )market"
    "|tour|concert|festival|gala|marathon|fun run|open day|open evening"
    "|repair evening|quiz|auction|fundraiser|hackathon|premiere|picket|march"
)
IS_OVER = re.compile(
    r"\b(?:spoke|attended|took place|was held|were held|hosted|visited|last (?:night|week|month|year)|yesterday"
    r"|attending|thank(?:s| you) (?:to |for )?(?:everyone|all|coming|joining)|winners?|recap|highlights)\b",
    re.I,
)
"""Nobody is asked to come to what has been."""
_COMING = re.compile(
    r"\b(?:join|register|rsvp|tickets?|seats?|sign up|book|save|come|opens?|on \w+day|(?:today|tonight|tomorrow)"
    r"|\d{1,2}(?::\d\d)? ?[ap]m|volunteers|\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)\w*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d{1,2})\b",
    re.I,
)


def _first_occasion(text: str, pattern: re.Pattern[str]) -> str | None:
    match = pattern.search(text)
    if not match or IS_OVER.search(text) or not _COMING.search(text):
        return None
    return match.group("what").lower()


_NEW = re.compile(
    r"\b(?:launch(?:es|ed|ing)?|opens?|opened|opening of|introduc(?:es|ed|ing)|unveil(?:s|ed)?|releas(?:es|ed)"
    r"|announces"
    r"|presents?|trailer for|say hello to|debuts|is getting|are getting|has built|have built|meet|built|made)"
    r" (?:its|our|their|the|an?) (?P<new>new )?(?P<what>(?:[a-z][a-z-]{2,14} ){0,3}"
    r"(?:wing|centre|center|branch|store|shop|library|park|school|clinic|garden|app|website|platform|service|tool"
    r"|programme|program|fund|scheme|card|account|report|study|series|podcast|magazine|collection|range|menu"
    r"|album|film"
    r"|game|course|route|line|station|museum|gallery|campaign|initiative|project|award|prize|network|hub|lab|index"
    r"|calculator|guide|website|site|feature|studio|theatre|kitchen|bakery|plant|factory|building))\b(?!-)"
)


def _first_new(text: str) -> str | None:
    match = _NEW.search(text)
    if not match or set(match.group("what").split()) & (_NOT_A_WORD | FUNCTION_WORDS):
        return None
    return f"the {'new ' if match.group('new') else ''}{match.group('what')}"


# "Remote work isn't just about…": what the first sentence is about, where it needs no article.
_OPENING = re.compile(
    r"^[^\w#@]{0,3}(?P<thing>[A-Z][a-z]{3,15}(?: [a-z]{3,15}){0,2}?)(?: (?:is|are|isn't|aren't|has|have|can"
    r"|matters?|works|starts?"
    r"|begins?|takes?|needs?|means?|plays?|remains?|continues?|makes?|helps?))\b"
)
_OPENS_NOTHING = word_set(
    "there here these those what that this today everyone everybody people many most some others registration tickets"
    " entries applications volunteers voting doors seats places nothing something anything everything customers members"
    " they each both none half sales shares stocks results profits nominations winners"
)


def _opening_thing(text: str) -> str | None:
    match = _OPENING.match(text)
    if not match:
        return None
    thing = match.group("thing").lower()
    words = thing.split()
    good = _NEEDS_NO_ARTICLE.search(words[-1]) or words[-1] in _MASS
    if not good or set(words) & (_OPENS_NOTHING | FUNCTION_WORDS | _NOT_A_WORD) or words[-1].endswith("ly"):
        return None
    if words[0] in _NO_THING or (len(words) == 1 and words[0].endswith("s")):
        return None
    return thing


_ORG = re.compile(
    r"^(?:[A-Z][a-z]+: )?(?P<org>(?!.{0,40}[#@])(?:[A-Z][\w&.]*[a-zA-Z]|[A-Z]{2,5})(?: (?:&|of|and) [A-Z]\w+|"
    r" [A-Z][\w&]+){0,2})(?:'s?)?,? "
    r"(?i:says?|said|to|names?|hires?|buys?|sells?|raises?|cuts?|plans?|reports?|posts?|faces?|sues?|agrees?"
    r"|overtakes?|beats?"
    r"|settles?|tops|keeps?|adds?|warns?|expects?|reaches|launches|opens|closes|issues|commits|pays?|seeks?|wins?"
    r"|loses?|moves?"
    r"|rises?|falls?|slips?|jumps?|drops?|gains?|shares|profit|results|ceo|chief|unit|stock|deal|may|will|has)\b"
)
_NO_ORG = word_set(
    "the a an our your my his her their this that these those how why what when where who new best top most how to get"
    " here there everyone people women men kids children banks companies firms markets stocks shares investors"
    " research report study survey news update today tomorrow monday tuesday wednesday thursday friday saturday sunday"
    " january february march april may june july august september october november december spring summer autumn winter"
    " india china us usa uk britain england scotland wales ireland greece germany france japan brazil russia spain"
    " italy"
    " europe asia africa america canada mexico australia poland turkey egypt"
    " christmas easter reminder congratulations congrats registration tickets doors applications sales prices growth"
    " helping getting making keeping saving building looking meet welcome thanks happy it we i you they he she"
)


def org_of(text: str) -> str | None:
    """Return whom a headline is about ("Acme Bank to open in Porto"), or None: a name that opens it, before its"
    " verb."""
    match = _ORG.match(re.sub(r"https?://\S+", "", text).replace("’", "'").strip())
    if not match:
        return None
    org = match.group("org").removesuffix("'s")
    if match.group().rstrip().lower().endswith(" to") and " " in org and org.endswith("s"):
        return None  # "The Pick Tries to...": its last word is the verb
    return None if set(fold(org).split()) & (_NO_ORG | _LOUD) or len(org) < 3 else org


_MANY = re.compile(
    r"^\W{0,3}(?:[\w'&]+ ){0,4}?(?P<many>(?:(?:investment|private|retail|small|big|local|young|family|female"
    r"|business|bank|high|first)[ -])?"
    r"(?:(?!\w*ments\b)\w{2,12}(?:ers|ors|ists|ians|ents|ants)|banks|firms|companies|women|families|schools|kids"
    r"|teens|brands|startups"
    r"|charities|parents)) (?:give|gave|embrace|face|add|buy|sell|see|want|plan|keep|lead|turn|need|get|fall|rise"
    r"|put|prefer|expect"
    r"|are|were|have|lose|lost|cut|raise|spend|spent|save|saved|hold|move|fight|warn|say|said|bet|flee|flock|return"
    r"|shun|struggle"
    r"|must|may|should|skip|leave|left|back|join|use|work|wait)\b",
    re.I,
)
_NOT_MANY = word_set(
    "numbers others matters offers orders papers letters members winners centers towers quarters events powers"
    " colors factors"
    " doors errors readers subscribers followers customers clients volunteers moments contents patents accidents"
)


def many_of(text: str) -> str | None:
    """Return whom a headline is about when they are many ("investment banks"), or None."""
    match = _MANY.match(re.sub(r"https?://\S+", "", text).replace("’", "'"))
    if not match:
        return None
    many = match.group("many").lower()
    return None if many.split()[-1] in _NOT_MANY else many


_MASS = word_set(
    "work leadership trust sleep burnout feedback software privacy marketing love luck food music art time"
)


def _first_task(text: str) -> str | None:
    for match in _TASK.finditer(_without_title(text)):
        task = _TASK_ENDS.sub("", match.group("task") + " ").strip(" -&")
        # A tag behind the last word is only a tag; one amid the words is a word.
        task = re.sub(r"#(?=\w)", "", re.sub(r"(?:\s[#@]\w+){2,}$", "", task))
        words = [fold(w).strip("'") for w in task.split()]
        while words and (
            (words[-1] in FUNCTION_WORDS and words[-1] not in _STANDS_LAST) or words[-1] in ("&", "+", "@")
        ):
            words.pop()
        task = " ".join(task.split()[: len(words)])
        if not 2 <= len(words) <= MAX_TASK_WORDS or words[0] in _NOT_A_VERB or words[0] in FUNCTION_WORDS:
            continue
        if (
            words[0].endswith(("ly", "ing", "ed"))
            or set(words) & _NOT_A_WORD
            or re.search(r"\d|[@$€£%]|[a-z][.]", task)
        ):
            continue
        if re.search(r"(?<!\w)[A-Z]", task):
            continue
        return task
    return None


def _tagged_thing(text: str) -> str | None:
    """A tag such as #Teamwork names what a text is about; one of many at its end may not."""
    for match in re.finditer(r"(?<![\w&/])#([A-Za-z][a-z]{5,20})(?=:|\s[a-z])", text):
        word = match.group(1).lower()
        if _MASS_NOUN.search(word) and word not in _LOUD:
            return word
    return None


_MASS_NOUN = re.compile(
    r"(?:[a-z]{2}ing|ship|[a-z]{4}ity|ness|teamwork|phy|^healthcare|^skincare|^education|^innovation|^health|^travel"
    r"|^design|^safety)$"
)
_LOUD = word_set(
    "breaking amazing exciting trending morning evening spring wedding everything nothing something framework community"
    " charity university network celebrity building thanksgiving identity stunning charming healing inspiring"
)


def _first_who(text: str) -> str | None:
    match = _WHO.search(text)
    if not match:
        return None
    who = (match.group("account") or match.group("person")).strip()
    return None if fold(who.split()[0]) in _NOT_A_PERSON else who


_DOES = (
    r"(?:says?|said|talks?|shares?|reflects?|explains?|discuss(?:es)?|writes|tells|hosts|speaks|argues|advises"
    r"|provides"
    r"|helps|helped|enables|encourages|tackles|solves|reduced|reduces|upgrades|prepares|answers|looks|takes|spoke"
    r"|talked|explained|told|joined|joins|shared|warns|warned|on #?[a-z])\b"
)
_WHO = re.compile(
    rf"(?<![\w/.])(?P<account>@\w{{2,30}})(?: & @\w+)?,? (?={_DOES})"
    rf"|(?P<person>(?<![\w#@.&'-])[A-Z][a-z]{{2,15}} (?:[A-Z]\. |de |van |[A-Z][a-z]{{2,15}} )?[A-Z][a-z]{{2,18}})"
    rf"(?:, [^.;:!?]{{3,70}})?,? (?={_DOES})"
)
_NOT_A_PERSON = word_set(
    "the our your my their this new white annual research global world bank group head chief wealth community team"
)


def _first_pain(text: str) -> str | None:
    for match in _PAIN.finditer(text):
        pain = _TASK_ENDS.sub("", next(filter(None, match.groups())) + " ").strip(" -&")
        words = [fold(w).strip("'") for w in pain.split()]
        while words and words[-1] in FUNCTION_WORDS and words[-1] not in _STANDS_LAST:
            words.pop()
        pain = " ".join(pain.split()[: len(words)])
        plain = words and (words[0].endswith("ing") or words[-1].endswith("s") or words[0] in ("your", "the"))
        few = 1 if words and len(words[-1]) > 6 and words[-1].endswith("s") else 2
        if plain and few <= len(words) <= MAX_TASK_WORDS and not set(words) & _NOT_A_WORD and not _ODD.search(pain):
            return pain
    return None


_REST = r"([a-z][^\s.,:;!?–—|()\[\]\"“”]{1,30}(?: [^\s.,:;!?–—|()\[\]\"“”]{1,30}){0,9})"
_PAIN = re.compile(
    rf"(?i:\b(?:(?:tired|sick|fed up) (?:of|with)|say (?:goodbye|bye) to|no more|struggl(?:e|ing) with|put an end"
    rf" to|stop(?:s|ping)?(?= [a-z]+ing )|drowning in|buried in|bogged down (?:by|in|with)|stuck (?:with|in)"
    rf"|the (?:pain|hassle|headache) of|do away with|without the (?:hassle|pain) of)) {_REST}"
    rf"|\b(?:where|when) {_REST}? (?:is|are) a thing of the past"
)
_ODD = re.compile(r"[\d@$€£%#]|(?<!\w)[A-Z]|\b(?:scrolling|waiting for|is|are|was|and your)\b")
_STANDS_LAST = word_set(
    "you up out down off on in over through about again yourself together same here there most more"
)


def _first_thing(text: str) -> str | None:
    for match in _THING.finditer(text):
        thing = match.group("thing").replace("#", "").strip()
        words = fold(thing).split()
        if words[0] in _NO_THING or words[0] in FUNCTION_WORDS or set(words) & _NOT_A_WORD or words[-1].endswith("ly"):
            continue
        if len(words) > MAX_THING_WORDS or re.search(r"[A-Z\d]", thing) or not _NEEDS_NO_ARTICLE.search(words[-1]):
            continue
        return thing
    return None


def _without_title(text: str) -> str:
    """Lower the capitals of a headline's small words; names cannot be told from them there, so others stay."""
    return re.sub(
        r"\b(How|Ways?|Tips?|Steps?|Secrets?|To|Want|Need|Looking|Struggling|Trying|Your|You|The|A|An|And|Of|In"
        r"|On|For)\b",
        lambda m: m.group().lower(),
        text,
    )

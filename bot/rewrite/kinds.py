"""What a post does: it hires, invites, thanks, warns, sells. By that it can be asked about, whatever its subject.

A kind is found by words, the first that fits. Questions for each stand in ``frames.yaml`` under ``kinds``.
"""

import re
from functools import cache

from bot.facts import Facts, word_set
from bot.rewrite.asks import commands
from bot.rewrite.topics import IS_OVER
from bot.text import Gate

_PEOPLE_WANTED = (
    r"(?:engineer|developer|manager|assistant|officer|chef|nurse|teacher|driver|designer|analyst|executive|apprentice"
    r"|intern|barista|baker|coordinator|director|lead|specialist|consultant|curator|solicitor|paralegal|receptionist"
    r"|technician|researcher|lecturer|administrator|electrician|mechanic|carer|accountant|editor|writer|marketer"
    r"|recruiter|scientist|architect|advisor|adviser|trainer|coach|team member)s?\b"
)
_RANK = r"(?:\w+ly )?(?:named|voted|ranked|rated|recogni[sz]ed|awarded|shortlisted|certified|accredited|honou?red)\b"
_PRIZE = (
    r"(?:certification\b|accreditation\b|status\b|\w*awards?\b|winner\b|prize|best\b|top \d+|#1\b|of the year"
    r"|ranking|finalists?\b|great place|shortlist)"
)

_KINDS: tuple[tuple[str, str], ...] = (
    (
        "cart",
        r"\b(?:left (?:something|items?)|still|items?) (?:\w+ )?in your (?:cart|basket|bag)\b|abandoned (?:cart"
        r"|basket)",
    ),
    (
        "match",
        r"\b(?:[Ff]ull[- ][Tt]ime|FULL[- ]TIME|[Hh]alf[- ]time|FT|[Ff]inal score)\b.{0,40}\d"
        r"|(?<!@)\b[A-Z][a-z]+ \d{1,2}[-–]\d{1,2} (?!Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[A-Z]\w+"
        r"|\b(?:beat|beating|beats|lose to|lost to) [A-Z][\w ]{2,25} \d{1,2}[-–]\d|\bthrough to the (?:semi|quarter"
        r"|final)"
        r"|\b\d[-–]\d (?:win|defeat|draw|victory|loss)\b",
    ),
    ("giveaway", r"\b(?:giveaway|prize draw|chance to win|competition time|win (?:an?|one of|two|tickets|[£$€]))\b"),
    (
        "volunteers",
        r"\bvolunteers? (?:needed|wanted)|\b(?:looking for|need|seeking|calling(?: all)?|become a) (?:[\w-]+ ){0,3}"
        r"volunteers?\b|volunteer with us|looking for (?:[\w-]+ )?(?:people|hands|helpers) to help",
    ),
    (
        "hiring",
        r"\b(?:we(?:'re| are) (?:now |currently )?(?:hiring|recruiting)|now hiring|join (?:our|the) (?:[\w-]+"
        r" ){0,3}team\b"
        r"|open (?:roles?|positions?|vacanc\w+)|(?:job|career) (?:opening|opportunit\w+|vacanc\w+)|vacanc(?:y|ies))\b"
        r"|#(?:we'?re|now)?hiring\b|#jobalert\b|\b(?:looking for|seeking|recruiting) (?:[\w(),/-]+"
        r" ){1,6}?" + _PEOPLE_WANTED,
    ),
    (
        "new_job",
        r"\bI(?:'ve| have|'m| am|'ll be)? (?:just )?(?:join(?:ed|ing)|start(?:ing|ed)|accept(?:ed|ing)) (?:[\w&'-]+"
        r" ){1,6}"
        r"(?:as\b|role|position|team|job)|\bstarting a new (?:position|role|job|chapter)\b|\bmy first (?:day|week)"
        r" (?:at|as)\b",
    ),
    (
        "done",
        r"\bI(?:'ve| have)? (?:just )?(?:completed|finished|passed|graduated|published|earned|defended|finally)\b"
        r"|\b(?:our|my) (?:paper|article|book chapter|talk|proposal) .{0,60}\baccepted\b",
    ),
    (
        "appointment",
        r"\bappoint(?:s|ed|ment of)\b|\bpromoted to\b|\b(?:joins|has joined|have joined) (?:\w+ ){1,4}as\b"
        r"|\bnamed (?:as )?(?:its |our |the )?(?:new )?(?:head|director|chief|ceo|cfo|cto|president|chair\w*)\b"
        r"|\bour new (?:\w+ ){0,2}(?:head|officer|director|chief|ceo|cfo|cto|partner|president|manager)\b|\b(?:now"
        r" chair\w*|now ceo|now president|now head|now director) of\b|\bsteps"
        r" down\b"
        r"|\b(?:said )?to hire\b(?-i:(?= [A-Z]))",
    ),
    (
        "our_award",
        rf"\b(?:we|we've|we're|i|i've|our \w+|my \w+)\b[^.!?]{{0,60}}\b(?:{_RANK}|won\b|winners? of"
        rf"|finalists?\b|made the\b|achieved\b)[^.!?]{{0,80}}{_PRIZE}"
        rf"|\b(?:proud|thrilled|honou?red|delighted|excited|humbled)\b[^.!?]{{0,90}}\b(?:{_RANK}|won\b|winn?(?:er"
        rf"|ing)\b|award)",
    ),
    ("award", rf"\bwinners? (?:at|will be|are|is|to be) announced\b|\b(?:wins?|won|tops|receives?|given|picks up"
        rf"|{_RANK})\b[^.!?]{{0,70}}\b{_PRIZE}"),
    (
        "funding",
        r"\b(?:series [a-e]|seed|pre-seed|funding|investment) (?:funding|round|investment)\b|\braised [£$€]\S+"
        r" (?:\w+ ){0,2}from"
        r" (?:\w+ ){0,3}(?:ventures|capital|investors)\b|\bseries [a-e]\b",
    ),
    (
        "raised",
        r"\braised\b[^.!?]{0,40}[£$€]\s?\d|[£$€][\d,.]+[km]?\b[^.!?]{0,20}\b(?:was |were |has been )?raised\b",
    ),
    (
        "petition",
        r"\b(?:sign|signed|add your name to) (?:\w+ ){0,2}(?:petition|open letter)\b|\bour petition\b",
    ),
    (
        "appeal",
        r"\b(?:donat(?:e|ions? (?:needed|welcome)|ing)|text [A-Z]{3,} to \d{4,6}|support our (?:\w+ )?appeal|our"
        r" (?:\w+ ){1,2}appeal"
        r"|give what you can|make a (?:gift|donation)|sponsor me|giving tuesday|#givingtuesday)\b",
    ),
    ("thanks", r"^\W*(?:a |an )?(?:(?:big|huge|special|massive|enormous) )?(?:thank you|thanks|shout-?out) to"
        r" (?!everyone|all)"),
    ("congrats", r"^\W*(?:a )?(?:huge |big |many )?(?:congratulations|congrats|well done)\b"),
    (
        "past",
        r"\b(?:thank(?:s| you)|huge thanks|big thanks)\b[^.!?]{0,40}\b(?:who|for) (?:came|com|join|visit|attend"
        r"|stopp|dropp)"
        r"|\bwhat an? (?:\w+ )?(?:week|day|night|evening|weekend|event|conference)\b"
        r"|\bgreat to (?:meet|see|catch up with|connect with)\b|\b(?:highlights|recap|photos) (?:from|of)\b",
    ),
    ("milestone", r"\b(?:thank(?:s| you) for|reached|hit|passed|surpassed|celebrat\w+) (?:[\w']+ ){0,3}(?:[\d,.]+k?"
        r" (?:followers"
     r"|subscribers|members|customers|downloads|users)|(?:\d+|\w+) years|\d+(?:st|nd|rd|th) (?:anniversary|birthday))"
     r"|\b\w+ (?:anniversary|birthday)\b"),
    (
        "team",
        r"\bwelcomes? (?:dr|prof|professor|mr|ms|mrs)\.? (?-i:[A-Z])\w+|\bmeet (?:the team|the maker|the author|the"
        r" artist|our (?:new )?\w+,)|\bthis is [A-Z]\w+, our\b"
        r"|\b(?:employee|staff|team member|volunteer|member|student|pet) (?:of the (?:month|week|year)|spotlight)\b",
    ),
    (
        "disruption",
        r"\b(?:will be|is|are|be|remain) (?:closed|closing|suspended|unavailable|diverted|disrupted|out of"
        r" service)\b|\broad ?works\b"
        r"|\bwill not (?:run|operate|stop|open|call)\b|\bnot (?:running|stopping|calling|operating)\b"
        r"|\bdiversions?\b|\b(?:road|bridge|station|office|branch) closure\b|\bservice (?:change|disruption|alert)s?\b"
        r"|\bweather warning\b|\bmay affect (?:services|travel|journeys|deliveries)\b|\b(?:planned|scheduled"
        r"|essential) maintenance\b"
        r"|\b(?:changes to|new|reduced|holiday) opening (?:hours|times)\b|\bno (?:trains|buses|service) (?:between"
        r"|from|until)\b",
    ),
    (
        "signup",
        r"\b(?:sign up (?:for|to)|subscribe to|join) (?:our|the|my) (?:[\w-]+ ){0,3}(?:alerts?|newsletter|updates?"
        r"|e?-?mails?|mailing list"
        r"|digest)\b",
    ),
    (
        "gift",
        r"\b(?:gift|present)s? (?:for|idea|guide)|(?:perfect|ideal|ultimate|great) (?:\w+ ){0,3}(?:gift|present)s?\b"
        r"|\b(?:father's|mother's|valentine's|fathers|mothers) day\b",
    ),
    ("terms", r"\b(?:privacy policy|terms (?:of (?:service|use)|and conditions)|cookie policy)\b"),
    (
        "consultation",
        r"\b(?:have your say|public consultation|(?:take|complete|fill in) (?:our|the|this) (?:[\w-]+ ){0,3}survey)\b",
    ),
    ("notice", r"\byour (?:parcel|order|delivery|package|appointment|booking|reservation)\b.{0,50}\b(?:will be|is"
        r"|has been)\b"),
    ("due", r"\b(?:your|[A-Z]\w+'s) (?:[\w'-]+ ){1,5}(?:(?:is|are) (?:now |almost )?(?:due|overdue|expiring)"
        r"|expires?|runs out)\b"),
    ("newsletter",
        r"\b(?:edition|issue) of (?:our|the) (?:\w+ )?newsletter|\bnewsletter is (?:out|here)\b"),
    (
        "entries",
        r"\bcall for (?:entries|papers|submissions|applications|proposals|artists|speakers)\b|\b(?:entries"
        r"|applications|submissions"
        r"|nominations) (?:are |is )?(?:now )?(?:open|close|welcome|invited)\b|\bdeadline (?:to (?:apply|enter"
        r"|submit|nominate)|for"
        r" (?:entries|applications|submissions))\b|\bapply for (?:our|the|a|an) (?:[\w-]+ ){0,4}(?:prize|award|grant"
        r"|fund|fellowship"
        r"|scholarship|programme|program|residency|bursary|accelerator|competition)\b|\bnominate (?:an?|your"
        r"|somebody|someone)\b",
    ),
    ("open_day", r"\b(?:open (?:day|evening|house)|taster (?:day|session)|campus tour|school tour)s?\b"),
    (
        "list",
        r"\b\d{1,2} (?:[\w-]+ )?(?:#?tips|ways|steps|lessons|things|mistakes|reasons|myths|habits|skills"
        r"|ideas|articles|signs|rules|principles|questions|books|projects|blunders|best practices|faux pas"
        r"|secrets)\b|\b\d{1,2} (?-i:[A-Z][\w&'-]* ){1,4}(?:(?:you|that|every)\b|to (?:watch|buy|avoid|try|know"
        r"|follow|read|own)\b)",
    ),
    (
        "meeting",
        r"\b(?:annual general meeting|agm|town hall|public (?:meeting|consultation|hearing)|residents'? meeting"
        r"|members'? meeting)\b",
    ),
    (
        "course",
        r"\b(?:boot ?camp|(?:coding|summer|holiday|training|art|music|sports) camp|(?:evening|cookery|cooking|art"
        r"|yoga|pottery|dance"
        r"|language|online|week|beginners?'?) (?:class(?:es)?|course)|masterclass|workshop|learn (?:the"
        r" basics|to \w+)"
        r"|apprenticeship|lessons for)\b",
    ),
    (
        "show",
        r"\b(?:exhibition|exhibit|concert|comedy night|live music|gig|festival|theatre|premiere|screening|parade"
        r"|fair|fête|fete"
        r"|market day|open daily|half[- ]term|adults? [£$€]|night market|christmas market|fun day|family day|fun run"
        r"|quiz night|gala|carnival)\b[^.!?]{0,80}?"
        r"(?:\bopens?\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\btonight\b|\btomorrow\b|\d ?[ap]m\b"
        r"|\btickets?\b"
        r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d|\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr"
        r"|may|jun|jul|aug"
        r"|sep|oct|nov|dec))|\btickets? (?:left )?for\b",
    ),
    (
        "event",
        r"\b(?:seats|tickets|register (?:now|for|to|here)|evening with|see us at|visit us|meet us|(?:stand|booth"
        r"|hall) \d+|webinar"
        r"|workshop|conference|seminar|summit|meet-?up|panel|join us (?:for|at|on|in|as|live|today|tomorrow|this"
        r"|next)|rsvp|tune in"
        r"|going live|live event|masterclass)\b",
    ),
    (
        "sale_many",
        r"(?:\d ?% off|\d for \d|half price|\bsale\b)[^.!?\n]{0,40}\b(?:all|any|every|everything|selected|range"
        r"|collection|site-?wide|store-?wide)\b|\b(?:site|store)-?wide sale\b|\b(?:all|any"
        r"|every)\b[^.!?\n]{0,30}\d ?% off|\b(?:autumn|spring|summer|winter|new|christmas) (?:collection|range)\b(?!"
        r" (?:day|date|point|service|time))"
        r"|\bback in stock\b|\brestock|\bnew in\b"
        r"|\blimited edition\b|\bavailable in \d+ colou?rs\b",
    ),
    (
        "sale",
        r"\bfrom (?:only |just )?[£$€]\d|\bbuy (?:one|two|\d)\b[^.!?\n]{1,40}\bget\b|\bhalf price\b"
        r"|\b(?:flash|summer|winter) sale\b|\d ?% off|\$\d+ off|\b(?:discount|coupon|promo code|black friday"
        r"|on sale|early bird|joining fee|special offer)\b",
    ),
    ("quote", r"^\W{0,3}[\w. ]{3,40}: ['\"“]|(?<!\w)[\"“][^\"”]{45,300}[\"”](?!\w)"
        r"|(?<!\w)['‘][^\"”]{45,300}['’](?!\w)"),
    (
        "book",
        r"\bbook (?:\d|one|two|three|four|five) in\b|\b(?:new|debut|latest|first) (?:novel|book|memoir|thriller"
        r"|poetry collection)\b"
        r"|\bcover reveal\b|\bpublication day\b|#(?:booktwt|bookstagram|booktok|amreading|newrelease)\b",
    ),
    (
        "game",
        r"\b(?:wishlist|steam|playtest|early access|indie ?game|indiedev|gamedev|farming sim|roguelike|platformer"
        r"|dlc)\b",
    ),
    (
        "treat",
        r"\b(?:our|new|introducing|try) (?-i:[a-z&-]+ ){0,5}(?:croissant|loaf|bread|cake|pizza|burger|menu|brunch"
        r"|coffee|roast"
        r"|ice cream|sandwich|pastry|pastries|donut|doughnut|dish|beer|ale|gin|wine|cocktail|single-origin|cookie"
        r"|pie|soup)s?\b",
    ),
    (
        "research",
        r"\b(?:scientists|researchers)\b[^.!?]{0,60}\b(?:have |has )?(?:discover|found|find|show|develop|create"
        r"|built|publish)"
        r"|\bnew (?:research|study|paper) (?:\w+ )?(?:finds|shows|suggests|reveals)\b",
    ),
    (
        "paper",
        r"^(?!.*\d ?(?:%|per ?cent|in \d))(?s:.*?)(?:\b(?:our|the|new|latest|annual|its|full|\d{4}) (?:[\w-]+"
        r" ){0,3}report\b(?! of)"
        r"|\bwhite ?paper\b)",
    ),
    (
        "report",
        r"\b(?:index|survey|poll|research|data) (?:shows?|finds?|suggests?|reveals?)\b|\b(?:new|the|our|latest"
        r"|annual|research) (?:\w+ )?(?:report|survey|study)\b|\b(?:infographic|white"
        r" ?paper|statistics)\b",
    ),
    (
        "advice",
        r"^\W{0,3}(?:\w+ ){0,2}(?:tip|advice)\b[^.\n]{0,30}:|\b(?:pro tip|remember to|don't let|make sure"
        r" (?:to|you))\b",
    ),
    ("howto", r"^\W{0,3}how (?:to|i) |\b(?:secrets|guide|steps) to\b|\bhow-to\b"),
    # A share of people can be asked about; a rate of a market is news.
    (
        "figure",
        r"\b(?!100\b)\d{1,3} ?(?:%|per ?cent) of (?!(?:its|the|sales|revenue|net|its) )[a-z]|\b\d/\d\b"
        r"|\b\d (?:in|out of) \d",
    ),
    ("trailer", r"\b(?:trailer|teaser|gameplay)\b"),
    (
        "video",
        r"\b(?:watch (?:the|our|this|how|as|us|it|now|here|what|why)|video|podcast|listen|episode|interview"
        r" with)\b|\bwatch:",
    ),
    (
        "article",
        r"\b(?:our|my|the|a)? ?(?:new|latest|full) (?:blog|article|post|guide|piece)\b|\bour (?:article|blog|guide)\b"
        r"|\b(?:on|in) (?:our|the|my) (?:new |latest )?blog\b|\bour (?:latest |new )?(?:policy )?(?:brief|briefing"
        r"|column|essay)\b",
    ),
    (
        "deed",
        r"\b(?:\w*volunteer\w*|foundation|charit\w+|nonprofits?|donat\w+|communities|community"
        r" (?:day|project|group|garden|centre|center|work|service|kitchen)|initiatives?"
        r"|campaign|families|give back|giving back|lend a hand|(?:plastic-free|net zero|carbon neutral))\b",
    ),
    ("sponsor", r"\bsponsors?\b|\bsponsoring\b"),
    ("partnership", r"\b(?:partner(?:ed|ing|ship|ships)|partners? with|together with|teamed up|collaborat\w+"
        r"|funded)\b"),
    ("match_ahead", r"\b(?:big match|match day|match tonight|kick-?off|derby)\b"),
    (
        "opens",
        r"\b(?:re)?opens (?:its doors |again )?(?:on|this|next|in) (?:\w+day|\d|january|february|march|april|may"
        r"|june|july|august"
        r"|september|october|november|december|spring|summer|autumn|week|month)",
    ),
    (
        "opening",
        r"\b(?:has|have) (?:officially |now |just )?(?:re)?opened\b|\b(?:re)?opens (?:its|our|their|the) doors\b"
        r"|\bis now open\b",
    ),
    (
        "deed",
        r"\blaunch\w* (?:its|our|their|an?|the) [^.!?]{0,60}\b(?:network|program(?:me)?|initiative|scheme|fund"
        r"|foundation|centre|center"
        r"|campaign|academy|institute|group)\b",
    ),
    (
        "launch",
        r"\b(?:announc\w+|introduc\w+|launch\w*|unveil\w*|releas\w+|now available|is (?:\w+ )?here|brand new"
        r"|new feature|shipped|open-sourced)\b|\b\d\.\d\b(?! ?%)",
    ),
    ("day", r"\b(?:happy|international|world|national) #?(?:\w+ ){0,3}(?:day|week|month)\b|#\w*(?:Day|Week|Month)\b"),
    ("ourselves", r"\b(?:we are|we're|as) (?:an? |the )?(?:\w+[ -]){0,3}(?:provider|supplier|manufacturer|maker"
        r"|agency|firm|consultancy"
        r"|specialists?)\b"),
    (
        "product",
        r"\b(?:our|new|this|the) (?:[\w-]+ ){0,2}(?:tool|solution|features?)\b|\b(?:platform|app|software)\b",
    ),
    ("story", r"\bI (?:was|had|did|went|got|built|made|lost|learned|spent|stayed|thought)\b"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern, re.M | (0 if kind == "match" else re.I))) for kind, pattern in _KINDS)
_OURS = re.compile(r"\b(?:we|we're|we've|our|us|my|introducing|meet|is out|are out)\b", re.I)
"""Somebody else's launch is news, and what the reader uses for it is not the question."""
_SEEN_IN_ALL = word_set(
    "cart match giveaway volunteers hiring appointment signup our_award award appeal past milestone team newsletter"
    " entries consultation open_day meeting course funding thanks congrats petition book show gift event sale"
    " sale_many launch"
    " video game treat day"
)
_OF_OURS = ("launch", "treat", "article", "product")
SURE = word_set(
    "cart match giveaway volunteers hiring new_job done appointment our_award award raised appeal past milestone team"
    " disruption opening opens match_ahead gift due notice terms consultation signup meeting course funding thanks"
    " congrats petition book"
    " newsletter entries open_day"
    " show game treat research day ourselves sale sale_many"
)
"""What these are about does not matter for the question: it is about what they do."""


@cache
def _gate() -> Gate:
    return Gate(pattern for _, pattern in _PATTERNS)


_PRODUCT = re.compile(
    r"\b(?:app|platform|tools?|features?|software|products?|device|version|plugin|api|model|kit|gadget|dashboard"
    r"|library|sdk|service"
    r"|serum|cream|gel|cleanser|moisturi[sz]er|lotion|mist|spray|lamp|bike|phone|camera|watch|machine|range|line"
    r"|update|sim)\b"
    r"|\bv?\d+\.\d\b(?! ?%)|\bopen-sourced\b|\bintroducing\b|\bmeet [A-Z#]",
    re.I,
)
_NEWSY = re.compile(
    r"\b(?:banks?|banking|court|judge|ministers?|government|councils?|fed|reserve|markets?|stocks?|shares?"
    r"|investors?|rates?"
    r"|deals?|profits?|sales|elections?|laws?|bans?|plans?|strikes?|[bm]illion|[bm]n|ceo|merger|police|eu|uk|us"
    r"|economy|growth|jobs?"
    r"|prices?|tax|taxes|budget|unemployment|inflation|trade|hospital|schools?|cities|city|president|parliament)\b|%"
    r"|[£$€]\d",
    re.I,
)


_ITEMS = re.compile(r"^[ \t]{0,8}(?:\d{1,2}[.)]|[-•●▪*])\s|\s1[.)] ", re.M)


def kind_of(text: str, said: str, mix: str) -> str:
    """Return the kind of a post. ``said`` is what is left of it, ``mix`` the kind of talk its review found."""
    in_text, in_said = (frozenset(_gate().possible(where)) for where in (text, said))
    for number, (kind, pattern) in enumerate(_PATTERNS):
        # An invitation shows in what was cut, a quote or a figure must still be there to be asked about.
        in_all = kind in _SEEN_IN_ALL or not said
        if number not in (in_text if in_all else in_said) or not pattern.search(text if in_all else said):
            continue
        if kind == "launch" and not _PRODUCT.search(text):
            continue  # what is announced may be anything
        if kind in _OF_OURS and not _OURS.search(f"{text} {said}"):
            continue
        if kind in ("event", "show", "open_day") and IS_OVER.search(text):
            continue
        if kind == "list" and not _ITEMS.search(text):
            return "headlist"  # nobody has seen what is on it
        return kind
    spoken = f"{text} {said}".replace("US", "")  # the country is not "us"
    ours = re.search(r"\b(?:we|our|us|you|your|i|my)\b", spoken, re.I) or commands(Facts(text, ()))
    if (mix in ("news", "sharing_others") or not ours) and not _NEWSY.search(said or text):
        return "remark"
    return "news" if mix in ("news", "sharing_others") or not ours else "any"

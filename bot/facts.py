"""The facts in a text: what a rewrite may keep or drop, but never invent.

``facts(text)`` finds numbers with their units, prices, dates, times, names, links, addresses, phone numbers, mentions,
hashtags, quoted words, placeholders and legal lines. Each keeps its place: ``text[f.start:f.end] == f.text``, in
characters of the text as given, and a normal form in which "3pm" equals "15:00" and "1,200" equals "1200".
Finding them is linear in the length of the text; every repeat in a pattern is bounded or cannot overlap itself.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal[
    "link", "email", "phone", "mention", "hashtag", "placeholder", "legal", "date", "time", "zone", "price", "number",
    "name", "quote",
]  # fmt: skip


class Fact(NamedTuple):
    """One fact; ``norm`` is what two spellings of the same fact have in common."""

    kind: Kind
    text: str
    norm: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one text in reading order. Quotes may hold other facts; apart from them no two facts overlap."""

    text: str
    found: tuple[Fact, ...]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def of(self, *kinds: Kind) -> tuple[Fact, ...]:
        """Return the facts of these kinds, in reading order."""
        return tuple(fact for fact in self.found if fact.kind in kinds)

    def norms(self, *kinds: Kind) -> frozenset[str]:
        """Return the normal forms of the facts of these kinds."""
        return frozenset(fact.norm for fact in self.of(*kinds))


def fold(text: str) -> str:
    """Fold compatibility forms, case, curly quotes and runs of white space: the form in which words are compared."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‘", "'")
    return " ".join(plain.split())


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text: how lists of words are written here."""
    return frozenset(text.split())


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_NUM = r"\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d{1,6})?|\d{1,18}(?:[.,]\d{1,6})?"
_SCALE = {"k": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9}
_SCALE |= {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_UNITS = {
    "%": "%", "percent": "%", "pct": "%", "x": "x", "times": "x", "second": "second", "sec": "second", "s": "second",
    "minute": "minute", "min": "minute", "hour": "hour", "hr": "hour", "h": "hour", "day": "day", "week": "week",
    "month": "month", "year": "year", "yr": "year", "kb": "kb", "mb": "mb", "gb": "gb", "tb": "tb", "km": "km",
    "mile": "mile", "kg": "kg", "g": "g", "lb": "lb", "oz": "oz", "ml": "ml", "cm": "cm", "mm": "mm", "ft": "ft",
    "°c": "°c", "°f": "°f", "pts": "point", "point": "point",
}  # fmt: skip
_MONEY = {
    "$": "usd", "us$": "usd", "usd": "usd", "dollar": "usd", "€": "eur", "eur": "eur", "euro": "eur", "£": "gbp",
    "gbp": "gbp", "pound": "gbp", "¥": "jpy", "jpy": "jpy", "₹": "inr", "inr": "inr", "chf": "chf", "quid": "gbp",
}  # fmt: skip
_SPELLED = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_SPELLED |= {"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16}
_SPELLED |= {"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20}
_SPELLED |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SPELLED |= {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "dozen": 12}
_SPELLED |= {"hundreds": 100, "thousands": 10**3, "millions": 10**6, "billions": 10**9, "dozens": 12}
_VAGUE = {"twice": "2 x", "double": "2 x", "doubled": "2 x", "triple": "3 x", "tripled": "3 x", "half": "0.5"}
_CAP = r"[^\W\d_a-zß-öø-ÿ][\w'’-]*"
# Endings that are a domain even with nothing behind them; those that are English words need a path or "www.".
_TLD = (
    "com|org|net|io|co|ai|app|dev|info|biz|edu|gov|int|mil|xyz|online|site|store|shop|blog|tech|cloud|tv|ly|gl|gg"
    "|eu|uk"
    "|de|fr|es|nl|ca|au|nz|jp|cn|br|mx|se|dk|fi|pl|ch|ie|pt|ru|tools|studio|agency|design|media|news|live|page|link"
    "|example|test|invalid"
)
_WORDY_TLD = "it|in|me|be|no|at|us|is|so|to|do|am|my"
_PATH = r"(?:[/?#][^\s<>|\"“”«»`]*)?"
_TAIL = ".,;:!?'’…*_~"


def _pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(source, flags)


# In order: what is found first takes its characters. (kind, pattern)
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("mention", _pattern(r"<[@!#][^<>\s]{1,120}>")),
    ("link", _pattern(r"(?<![\w])(?:https?|ftp)://[^\s<>|\"“”«»`]+", re.I)),
    ("placeholder", _pattern(r"\{\{[^{}\n]{0,80}\}\}|[#$]?\{[^{}\n]{1,80}\}|\*\|\w{2,40}\|\*|(?<!\w)%[A-Z_]{2,40}%")),
    ("placeholder", _pattern(r"\[[^\[\]\n]{1,120}\](?!\()|\b(?:YOUR|FIRST|LAST|USER|COMPANY)_?NAME\b")),
    ("email", _pattern(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
    (
        "link",
        _pattern(
            rf"(?<![\w@.-])(?:www\.(?:[\w-]{{1,63}}\.){{1,6}}[^\W\d_]{{2,24}}\b{_PATH}"
            rf"|(?:[\w-]{{1,63}}\.){{1,6}}(?:(?:{_TLD})\b(?!@){_PATH}|(?:{_WORDY_TLD})/[^\s<>|\"“”«»`]+))",
            re.I,
        ),
    ),
    ("legal", _pattern(r"(?<!\w)#(?:ad|sponsored|gifted|paidpartnership)\b|^[ \t]{0,8}(?:Ad|Sponsored|Advert)["
r" \t]?:", re.I | re.M)),
    (
        "legal",
        _pattern(
            r"\b(?:T&Cs?|terms (?:and|&) conditions|Ts & Cs)(?: apply)?\b|\bpaid partnership\b|\bcapital (?:is"
r" )?at risk\b"
            r"|\bno purchase necessary\b|\bvoid where prohibited\b|\bpast performance is (?:no|not a) [a-z ]{1,40}"
            r"|\b(?:sponsored|promoted) (?:post|content)\b|\b18\+(?!\w)",
            re.I,
        ),
    ),
    ("mention", _pattern(r"(?<![\w@/.])[@＠]\w[\w.-]{0,60}")),
    ("hashtag", _pattern(r"(?<![\w&/#＃])[#＃](?=\w{0,60}[^\W\d_])\w{1,100}")),
    (
        "date",
        _pattern(
            rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}[/.]\d{{1,2}}[/.](?:\d{{4}}|\d{{2}})\b"
            rf"|\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}}\b)?"
rf"|\b{_MONTH}\s+{_DAY}\b(?:\s?[-–]\s?{_DAY}\b)?(?:,?\s+\d{{4}}\b)?"
            rf"|\b{_MONTH}\s+\d{{4}}\b",
            re.I,
        ),
    ),
    ("date", _pattern(rf"\b{_WEEKDAY}\b|\b(?:tomorrow|today|tonight|yesterday)\b", re.I)),
    ("date", _pattern(r"\b(?:next|this|last)\s(?:week|month|quarter|year|weekend|spring|summer|autumn|fall"
r"|winter)\b", re.I)),
    ("date", _pattern(r"\b(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\b(?=[.,]?\s\d|,)")),
    ("time", _pattern(r"\b\d{1,2}(?:[:.]\d{2})?\s?(?:a\.m\.|p\.m\.|[ap]m\b)|\b\d{1,2}:\d{2}\b(?!:)|\b(?:noon"
r"|midnight)\b", re.I)),
    ("zone", _pattern(r"(?<=[\dmM.] )\(?(?:[A-Z]{1,3}[SD]T|CE?T|GMT|UTC|BST|PT|ET|MT)\b\)?(?:[+-]\d{1,2})?(?=\W|$)"
r"|\b(?:UTC"
r"|GMT|CEST?|[ECMP][SD]T)\b")),
    ("phone", _pattern(r"(?<![\w.,$€£])(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:["
r" .-]\d{2,4}){2,4}(?![\w%])")),
    ("name", _pattern(rf"(?<![\w@#/.'’-]){_CAP}(?:\s{_CAP}){{0,3}}\s[vV]?\d{{1,3}}(?:\.\d{{1,3}}){{1,2}}(?![\d%]"
rf"|\s?(?:%"
rf"|[€£]|[xkm]\b|[mb]n\b|[mbt]r?illion|hours?\b|percent))")),
    (
        "price",
        _pattern(
            rf"(?:US\$|[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|INR|JPY)\b)\s?(?:{_NUM})(?:\s?(?:k|mm|mn|m|bn|b|thousand"
rf"|million|billion)\b)?"
            rf"|\b(?:{_NUM})\s?(?:(?:k|m|bn|thousand|million|billion)\s)?(?:[€£₹]|(?:USD|EUR|GBP|CHF|dollars?"
rf"|euros?|pounds?|quid)\b)",
            re.I,
        ),
    ),
    (
        "number",
        _pattern(
            rf"(?<![\w.,])\d{{1,3}}/\d{{1,3}}(?![\w/])|(?<![\w])(?:{_NUM})(?:\s?(?:k|mm|mn|m|bn|b|hundred"
rf"|thousand|million|billion|trillion)\b)?\+?"
            r"(?:[\s-]?(?:%|percent\b|pct\b|x\b|times\b|seconds?\b|secs?\b|minutes?\b|mins?\b|hours?\b|hrs?\b"
r"|days?\b|weeks?\b"
            r"|months?\b|years?\b|yrs?\b|[kmgt]b\b|km\b|miles?\b|kg\b|lbs?\b|oz\b|ml\b|cm\b|mm\b|ft\b|°[CF]"
r"|points?\b|pts\b))?",
            re.I,
        ),
    ),
    (
        "number",
        _pattern(
            r"\b(?:" + "|".join(sorted([*_SPELLED, *_VAGUE], key=len, reverse=True)) + r")\b"
            r"(?:[\s-](?:" + "|".join(sorted(_SPELLED, key=len, reverse=True)) + r"|one)\b){0,3}"
            r"(?:[\s-](?:percent|times|seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b)?",
            re.I,
        ),
    ),
)  # fmt: skip
_QUOTE = _pattern(r"\"[^\"\n]{2,300}\"|“[^”\"\n]{2,300}[”\"]|«[^»\n]{2,300}»")
_NAME = _pattern(
    rf"(?<![\w@#/.'’-])(?:{_CAP}|[a-z]{{1,2}}[A-Z]\w+)(?:(?:\s|\s?&\s?|\s(?:of|de|la|van|von"
    rf"|der)\s)(?={_CAP}){_CAP}){{0,7}}"
)
_SENTENCE_START = _pattern(
    r"(?:^|[.!?:…]['\"”’)]?\s|\n|[•●▪✓✅👉➡→*\-–—]\s?|[\U0001F300-\U0001FAFF\u2600-\u27BF]\ufe0f?\s*)\W{0,3}$"
)
_SHOUTS = word_set(
    "now free new big here stop best win must sale only ends hot wow yes no go get buy act join today last live"
    " more news"
    " hurry save off all your you the and not don so it is are we us our my me do be this that just"
)
# Words that stand at the start of a sentence with a capital and are no name.
_STARTERS = word_set(
    "a an the this that these those i i'm i've i'll i'd you you're your we we're we've our my he she they it it's"
    " its is are was"
    " were do does did don't doesn't can could will would should may might must have has had be been not no nor"
    " yes and but or so"
    " if when while where who whom whose which what why how for from to in on at by of with without about after"
    " before over under"
    " up out into as than then there here now today tonight tomorrow just only also even still let let's please"
    " thanks thank hi"
    " hey hello dear get grab join see read learn try check click sign register book buy shop watch find discover"
    " meet introducing"
    " announcing big great good best new free all any each every some many most more less few one first last next"
    " top why how"
    " stop start save use using make made take come go give want need like love look looking help helps know did"
    " ready tired are"
    " because since until unless both either neither whether however because instead sorry congrats"
    " congratulations happy proud"
    " excited thrilled step tip tips dm ps re fwd rt mt via ad our by per vs don can't won't isn't aren't there's"
    " here's what's"
    " who's that's"
)


@lru_cache(maxsize=128)  # a rewrite is checked from many sides, always the same text
def facts(text: str) -> Facts:
    """Find the facts of a text. Never raises for any ``str``; takes time linear in its length."""
    taken = bytearray(len(text))
    found: list[Fact] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = _trim(text, kind, match.start(), match.end())
            if kind == "name" and not text[(start := _strip_starter(text, start, end)[0])].isalpha():
                continue
            if start >= end or any(taken[start:end]):
                continue
            norm = _NORMS[kind](text[start:end])
            if not norm:
                continue
            taken[start:end] = b"\x01" * (end - start)
            found.append(Fact(kind, text[start:end], norm, start, end))
    found.extend(_names(text, taken))
    found.extend(
        Fact("quote", m.group(), fold(m.group().strip('"“”«» ')), m.start(), m.end()) for m in _QUOTE.finditer(text)
    )
    return Facts(text, tuple(sorted(found, key=lambda f: (f.start, -f.end))))


def _trim(text: str, kind: Kind, start: int, end: int) -> tuple[int, int]:
    """Take off what a pattern caught too much of: punctuation after a link, white space before a legal line."""
    while start < end and text[start].isspace():
        start += 1
    if kind == "link":
        while end > start and (text[end - 1] in _TAIL or (text[end - 1] in ")]}" and _unbalanced(text, start, end))):
            end -= 1
    elif kind in ("mention", "email") and text[start] != "<":
        while end > start and text[end - 1] in ".-":
            end -= 1
    return start, end


def _unbalanced(text: str, start: int, end: int) -> bool:
    close = text[end - 1]
    opening = {")": "(", "]": "[", "}": "{"}[close]
    # A link longer than this is no link anybody wrote; the bound keeps trimming linear.
    piece = text[max(start, end - 2000) : end]
    return piece.count(close) > piece.count(opening)


def _link_norm(text: str) -> str:
    bare = re.sub(r"^(?:https?|ftp)://", "", text, flags=re.I)
    host, cut, rest = re.match(r"([^/?#]*)([/?#]?)(.*)", bare, re.S).groups()  # type: ignore[union-attr]  # matches any string
    if not cut and re.search(r"\.[A-Z][a-z]+$", host):
        return ""  # "done.Next": a missing space, not a domain
    return host.lower() + ("" if rest == "" and cut == "/" else cut + rest)


def _number_value(text: str) -> str:
    digits = "".join(
        str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, None) is not None else c for c in text
    )
    digits = re.sub(r"[\u00a0\u202f]", ",", digits)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    digits = digits.replace(",", ".")
    whole, _, part = digits.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def _scaled(value: str, scale: str) -> str:
    if scale not in _SCALE:
        return value
    whole, _, part = value.partition(".")
    zeros = len(str(_SCALE[scale])) - 1
    shifted = whole + part[:zeros].ljust(zeros, "0")
    return _number_value(shifted + (f".{part[zeros:]}" if part[zeros:] else ""))


def _number_norm(text: str) -> str:
    plain = fold(text)
    if re.fullmatch(r"\d+/\d+", plain):
        return plain
    match = re.match(rf"({_NUM})\s?([a-z]*)\+?[\s-]?(.*)", plain)
    if not match:
        return _spelled_norm(plain)
    value, scale, unit = match.groups()
    if scale and scale not in _SCALE:
        scale, unit = "", scale
    if scale and not unit and text.endswith(("MB", "mb")):
        scale, unit = "", scale
    unit = _UNITS.get(unit, _UNITS.get(unit.rstrip("s"), ""))
    return f"{_scaled(_number_value(value), scale)} {unit}".strip()


def _spelled_norm(plain: str) -> str:
    words = re.split(r"[\s-]+", plain)
    unit = ""
    if words[-1] not in _SPELLED and words[-1] not in _VAGUE and words[-1] != "one":
        unit = _UNITS.get(words[-1], _UNITS.get(words[-1].rstrip("s"), ""))
        words = words[:-1]
    if len(words) == 1 and words[0] in _VAGUE:
        return _VAGUE[words[0]]
    total = 0
    for word in words:
        value = _SPELLED.get(word, 1 if word == "one" else 0)
        total = (total or 1) * value if value >= 100 else total + value
    return f"{total} {unit}".strip() if total else ""


def _price_norm(text: str) -> str:
    plain = fold(text)
    match = re.search(rf"({_NUM})\s?(k|mm|mn|m|bn|b|thousand|million|billion)?\b", plain)
    sign = re.search(r"us\$|[$€£¥₹]|usd|eur(?!o)|gbp|chf|inr|jpy|dollar|euro|pound|quid", plain)
    if not match or not sign:
        return ""
    return f"{_MONEY[sign.group()]} {_scaled(_number_value(match.group(1)), match.group(2) or '')}"


def _date_norm(text: str) -> str:
    plain = fold(text)
    month = re.search(r"[a-z]{3}", plain.replace("of ", ""))
    if month and month.group() in _MONTHS and re.search(r"\d", plain):
        year = re.search(r"\b\d{4}\b", plain)
        days = re.findall(r"(?<!\d)\d{1,2}(?!\d)", plain)
        parts = [year.group()] if year else []
        return "-".join([*parts, f"{_MONTHS.index(month.group()) + 1:02}", "/".join(d.zfill(2) for d in days)]).rstrip(
            "-"
        )
    if re.match(r"(?:mon|tue|wed|thu|fri|sat|sun)", plain) and " " not in plain:
        return plain[:3]
    return plain


def _time_norm(text: str) -> str:
    plain = fold(text).replace(".m.", "m").replace(" ", "")
    if plain in ("noon", "midnight"):
        return "12:00" if plain == "noon" else "00:00"
    match = re.match(r"(\d{1,2})(?:[:.](\d{2}))?([ap]m)?", plain)
    if not match:
        return ""
    hour, minute = int(match.group(1)), match.group(2) or "00"
    if match.group(3):
        hour = hour % 12 + (12 if match.group(3) == "pm" else 0)
    return f"{hour:02}:{minute}"


def _phone_norm(text: str) -> str:
    digits = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit())
    return ("+" if text.lstrip().startswith("+") else "") + digits if 7 <= len(digits) <= 15 else ""


_NORMS: dict[Kind, Callable[[str], str]] = {
    "link": _link_norm, "email": fold, "phone": _phone_norm, "mention": fold, "hashtag": fold, "placeholder": fold,
    "legal": fold, "date": _date_norm, "time": _time_norm, "zone": lambda t: fold(t.strip("()")), "price": _price_norm,
    "number": _number_norm, "name": fold, "quote": fold,
}  # fmt: skip


def _names(text: str, taken: bytearray) -> Iterator[Fact]:
    titles = [(m.start(), m.end()) for m in re.finditer(r"[^.!?\n]+", text) if _is_title(m.group())]
    at = 0
    for match in _NAME.finditer(text):
        start, end = match.span()
        free = 0
        while start + free < end and not taken[start + free]:
            free += 1
        end = start + free
        start, end = _strip_starter(text, start, end)
        name = text[start:end].rstrip(" &'’-")
        name = re.sub(r"(?:\s(?:of|de|la|van|von|der|for|and))+$", "", name)
        name = re.sub(r"['’]s$", "", name)
        while at < len(titles) and titles[at][1] <= start:
            at += 1
        in_title = at < len(titles) and titles[at][0] <= start
        if _is_name(text, name, start, in_title):
            yield Fact("name", name, fold(name), start, start + len(name))


def _is_title(sentence: str) -> bool:
    """Tell a Headline In Title Case, where capitals say nothing about names."""
    words = [w for w in re.findall(r"(?<![@#\w])[^\W\d_][\w'’-]*", sentence)[:60] if len(w) > 3]
    return len(words) >= 3 and sum(w[0].isupper() for w in words) >= 0.85 * len(words)


def _strip_starter(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end:
        word = re.compile(r"[\w'’-]+").match(text, start, end)
        if not word or fold(word.group()) not in _STARTERS or not _opens(text, start):
            break
        start = word.end()
        while start < end and not text[start].isalnum():
            start += 1
    return start, end


def _opens(text: str, start: int) -> bool:
    return bool(_SENTENCE_START.search(text[max(0, start - 8) : start])) or not text[:start][-40:].strip()


def _is_name(text: str, name: str, start: int, in_title: bool) -> bool:
    if len(name) < 2 or fold(name) in _STARTERS or name.isdigit():
        return False
    words = name.split()
    inner = any(any(c.isupper() for c in w[1:]) and not w.isupper() for w in words)
    if all(w.isupper() for w in words if w[0].isalpha()):
        return all(len(w) <= 5 and fold(w) not in _SHOUTS for w in words) and len(words) <= 2
    if inner:
        return True
    return not in_title and (len(words) > 1 or not _opens(text, start))


__all__ = ["Fact", "Facts", "Kind", "facts", "fold", "word_set"]

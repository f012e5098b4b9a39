"""Names, found by their capitals: by far the least certain of the facts."""

import re
from collections.abc import Callable, Iterator

from bot.facts.model import Fact, fold, word_set
from bot.facts.tables import CAP

_NAME = re.compile(
    rf"(?<![\w@#/.'’-])(?:{CAP}|[a-z]{{1,2}}[A-Z]\w+)(?:(?:\s|\s?&\s?|\s(?:of|de|la|van|von"
    rf"|der)\s)(?={CAP}){CAP}){{0,7}}"
)
_CAPITAL = re.compile(CAP.removesuffix(r"[\w'’-]*"))
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
_WORD = re.compile(r"[\w'’-]+")
_TAIL = re.compile(r"(?:\s(?:of|de|la|van|von|der|for|and))+$")
_OWNER = re.compile(r"['’]s$")
_SENTENCE_START = re.compile(
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


def find_names(text: str, taken: bytearray) -> Iterator[Fact]:
    """Yield the names outside the characters that are ``taken`` by other facts."""
    in_title = _Titles(text)
    for match in _matches(text):
        start, end = match.span()
        free = 0
        while start + free < end and not taken[start + free]:
            free += 1
        end = start + free
        start, end = strip_starter(text, start, end)
        name = text[start:end].rstrip(" &'’-")
        name = _OWNER.sub("", _TAIL.sub("", name))
        if _is_name(text, name, start, in_title):
            yield Fact("name", name, fold(name), start, start + len(name))


def _matches(text: str) -> Iterator[re.Match[str]]:
    """As ``finditer`` finds them. Without a capital amid a word they begin with one: only there it is tried."""
    if _INNER_CAPITAL.search(text):
        yield from _NAME.finditer(text)
        return
    end = 0
    for capital in _CAPITAL.finditer(text):
        start = capital.start()
        if start >= end and (match := _NAME.match(text, start)):
            yield match
            end = match.end()


class _Titles:
    """Tells for growing offsets whether they lie in a headline; each sentence is judged once, and only when asked."""

    def __init__(self, text: str) -> None:
        self._sentences = re.finditer(r"[^.!?\n]+", text)
        self._end, self._judged, self._now, self._is = -1, True, "", False

    def __call__(self, at: int) -> bool:
        while at >= self._end and (found := next(self._sentences, None)):
            self._end, self._now, self._judged = found.end(), found.group(), False
        if not self._judged:
            self._judged, self._is = True, at < self._end and _is_title(self._now)
        return self._is


def _is_title(sentence: str) -> bool:
    """Tell a Headline In Title Case, where capitals say nothing about names."""
    words = [w for w in re.findall(r"(?<![@#\w])[^\W\d_][\w'’-]*", sentence)[:60] if len(w) > 3]
    return len(words) >= 3 and sum(w[0].isupper() for w in words) >= 0.85 * len(words)


def strip_starter(text: str, start: int, end: int) -> tuple[int, int]:
    """Take a first word off a span that has its capital only because a sentence begins there."""
    while start < end:
        word = _WORD.match(text, start, end)
        if not word or fold(word.group()) not in _STARTERS or not _opens(text, start):
            break
        start = word.end()
        while start < end and not text[start].isalnum():
            start += 1
    return start, end


def _opens(text: str, start: int) -> bool:
    return bool(_SENTENCE_START.search(text[max(0, start - 8) : start])) or not text[:start][-40:].strip()


def _has_inner_capital(word: str) -> bool:
    rest = word[1:]
    inner = rest != rest.lower() if rest.isascii() else any(map(str.isupper, rest))
    return inner and not word.isupper()


def _is_name(text: str, name: str, start: int, in_title: Callable[[int], bool]) -> bool:
    if len(name) < 2 or fold(name) in _STARTERS or name.isdigit():
        return False
    words = name.split()
    inner = any(map(_has_inner_capital, words))
    if all(w.isupper() for w in words if w[0].isalpha()):
        if re.match(r"['’]s\b", text[start + len(name) : start + len(name) + 3]):
            return True  # "ACME's": nobody shouts with an owner
        return all(len(w) <= 5 and fold(w) not in _SHOUTS for w in words) and len(words) <= 2
    if inner:
        return True
    return (len(words) > 1 or not _opens(text, start)) and not in_title(start)

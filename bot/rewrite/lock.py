"""The fact-lock: which facts of a rewrite are new, and which of the draft's are missing."""

import re
from collections.abc import Sequence

from bot.facts import Fact, Facts, fold
from bot.rewrite.words import BRACKET, FUNCTION_WORDS, OPENERS, outside_brackets, sentences, stem, words

_PINGS = re.compile(r"<[!@#][^<>\s]{1,120}>?|(?<![\w@])@(?:channel|here|everyone)\b", re.I)
_CAPITAL = re.compile(r"(?<![\w@#/.'’-])[^\W\d_a-zß-öø-ÿ][\w'’-]*|(?<![\w@#/.'’-])[a-z]{1,2}[A-Z]\w+")
MAX_TITLE_WORDS = 4
_ONLY_DIGITS = re.compile(r"\d+(?:\.\d+)*")


class Pool:
    """All that a draft holds, in the forms in which a rewrite may repeat it."""

    def __init__(self, draft: Facts) -> None:
        self.draft = draft
        self.folded = fold(draft.text)
        self.words = frozenset(part for w in words(draft.text) for part in (w, w.removesuffix("'s"), *w.split("-")))
        self.stems = frozenset(map(stem, self.words))
        self.norms = {(f.kind, f.norm) for f in draft}
        versions = [n for f in draft.of("name") for n in _ONLY_DIGITS.findall(f.norm)]
        self.norms |= {("number", n) for n in versions} | {("number", n.removesuffix(".0")) for n in versions}
        self.dates = [f.norm for f in draft.of("date")]
        # "#EarthDay" may be said as "Earth Day", and the name in a link or an address stays a name.
        self.split_tags = fold(
            " ".join(
                re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", f.text.lstrip("#@＃")) for f in draft.of("hashtag", "mention")
            )
        )
        self.words |= frozenset(words(self.split_tags))

    def holds(self, fact: Fact) -> bool:
        """Tell whether the draft holds this fact, in this or another spelling."""
        if (fact.kind, fact.norm) in self.norms:
            return True
        if fact.kind == "date":
            # "14 May" for "14 May 2026" leaves the year out; it does not change it.
            return any(d.endswith("-" + fact.norm) for d in self.dates if re.match(r"\d{4}-", d))
        if fact.kind == "name":
            return all(self._knows(w) for w in words(fact.norm) if not w.isdigit()) and all(
                re.search(rf"(?<![\d.]){re.escape(n)}(?!\.?\d)", self.folded) for n in _ONLY_DIGITS.findall(fact.norm)
            )
        if fact.kind == "legal":
            return fact.norm in self.folded
        if fact.kind != "quote" or fact.norm not in self.folded:
            return False
        # A title may get its marks; that somebody said something must stand in the draft.
        quoted = any(fact.norm in q.norm for q in self.draft.of("quote"))
        return quoted or len(fact.norm.split()) <= MAX_TITLE_WORDS

    def _knows(self, word: str) -> bool:
        return word in self.words or word.removesuffix("'s") in self.words or word in FUNCTION_WORDS


_READERS_TIME = frozenset(
    (
        "today",
        "tonight",
        "yesterday",
        "tomorrow",
        "this week",
        "last week",
        "this month",
        "last month",
        "this quarter",
        "this year",
    )
)


def new_facts(rewrite: Facts, pool: Pool, asked: Sequence[tuple[int, int]] = ()) -> tuple[str, ...]:
    """Return the facts, and the capitalised words, of a rewrite that the draft does not hold; brackets apart.

    ``asked`` are the spans of its questions: "this week" in a question is the reader's week, and states nothing.
    """
    brackets = [m.span() for m in BRACKET.finditer(rewrite.text)]
    new = [
        f.text
        for f in rewrite
        if f.kind != "placeholder"
        and not (f.norm in _READERS_TIME and any(a <= f.start < b for a, b in asked))
        and not any(a <= f.start and f.end <= b for a, b in brackets)
        and not pool.holds(f)
    ]
    new += [f.text for f in rewrite.of("placeholder") if not f.text.startswith("[") and not pool.holds(f)]
    return tuple(dict.fromkeys(new + _new_capitals(rewrite, pool)))


def _new_capitals(rewrite: Facts, pool: Pool) -> list[str]:
    starts = {s.start for s in sentences(rewrite)}
    found = []
    # "On Saturday" for "on Saturdays": dates are judged as facts.
    dated = {at for f in rewrite.of("date", "time", "zone") for at in range(f.start, f.end)}
    for match in _CAPITAL.finditer(outside_brackets(rewrite.text)):
        if match.start() in dated:
            continue
        word = fold(match.group()).strip("'-").removesuffix("'s")
        known = word in pool.words or word in FUNCTION_WORDS or fold(match.group()) in FUNCTION_WORDS
        opens = any(0 <= match.start() - s <= 3 for s in starts) or rewrite.text[: match.start()].rstrip().endswith(
            (":", "•", "-", "*")
        )
        if not known and not (opens and (word in OPENERS or stem(word) in pool.stems)):
            found.append(match.group())
    return found


def compare(draft: Facts, rewrite: Facts) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Return the facts of the draft that the rewrite holds, and those it does not: each once, in reading order."""
    there = Pool(rewrite)
    kept: dict[str, Fact] = {}
    missing: dict[str, Fact] = {}
    for fact in draft:
        (kept if there.holds(fact) else missing).setdefault(fact.norm, fact)
    return tuple(kept.values()), tuple(missing.values())


def pings(text: str) -> tuple[str, ...]:
    """Return what Slack would turn into a mention of people or channels."""
    return tuple(m.group() for m in _PINGS.finditer(text))


def shingles(text: str, size: int) -> frozenset[tuple[str, ...]]:
    """Return all runs of ``size`` words of a text."""
    found = words(text)
    return frozenset(found[i : i + size] for i in range(len(found) - size + 1))

"""The rewriter that needs no key: it cuts, keeps, and leads with a question; one draft always gives the same words.

It proposes, and the checks decide. Where nothing passes it offers nothing: the caller then shows the questions of the
flags. It invents nothing, so what only a person can know becomes a bracket.
"""

import re
from collections.abc import Iterator

from bot.facts import facts, reading_once
from bot.models import Context, Review, Rewrite
from bot.rewrite.asks import is_command
from bot.rewrite.checks import WANTS_TO_KNOW, passed_all, stands
from bot.rewrite.compose import POINTS_BACK, posts, short_posts
from bot.rewrite.describe import describe
from bot.rewrite.frames import frames
from bot.rewrite.messages import answers_somebody, message_kind, messages, passes_on, service, speaks_to_one
from bot.rewrite.tidy import Tidied, tidy
from bot.rewrite.trial import Material, Rules, Trial
from bot.rewrite.words import content_words, sentences

MAX_CHARS = 8_000
"""Longer drafts get questions only: a rewrite of an essay by rules would be mush."""
MAX_TRIES, LONG_CHARS = 6, 700
MAX_VARIANTS = 8
"""After so many different rewrites of one draft the next is the first again; sooner when fewer pass."""
SHORT_ENOUGH = 0.85
"""A shorter rewrite has at most this share of the characters, where one like that passes."""


class RulesWriter:
    """Writes with rules alone. Safe to share between threads: it keeps nothing."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    @reading_once()
    def write(self, review: Review, context: Context, angles: int = 1) -> tuple[Rewrite, ...]:
        """Return up to ``angles`` rewrites that pass every check, each with another question. May be empty.

        ``context.variant`` skips as many of them as were shown before, ``context.angle`` puts its own questions first,
        and ``context.shorter`` gives one that is never longer than without it.
        """
        if len(review.text) > MAX_CHARS or not re.search(r"[A-Za-z]{2}", review.text):
            return ()
        material = Material(review, context.model_copy(update={"shorter": False}), self._rules)
        parts = tidy(review.text)
        skipped = context.variant % MAX_VARIANTS
        passed = _passing(_proposals(material, parts), material, skipped + angles)
        if not passed:
            return ()
        chosen = tuple(passed[(skipped + i) % len(passed)] for i in range(min(angles, len(passed))))
        return tuple(_shorter(rewrite, material, parts) for rewrite in chosen) if context.shorter else chosen

    def advice(self, review: Review) -> str | None:
        """Return the honest advice that belongs to this kind of draft, if any."""
        said: dict[str, str] = frames()["advice"]
        if _is_message(review):
            return said["stats"] if message_kind(review.text) == "stats" else said["auto_dm"]
        return said["service"] if answers_somebody(review) else None


def _tested(text: str, material: Material, seen: set[str]) -> Rewrite | None:
    """Check a proposal; when sentences of the draft are still flagged, leave them out and check once more."""
    for left in (2, 1, 0):
        if text in seen:
            return None
        seen.add(text)
        trial = Trial(Rewrite(text=text, source="rules", question=""), material)
        if stands(trial):
            candidate = describe(text, material, "rules", trial.facts)
            checks = passed_all(trial.as_candidate(candidate))
            return candidate.model_copy(update={"checks": checks}) if checks else None
        if left == 0 or any(flag.rule in _OF_THE_WHOLE for flag in trial.lone_flags):
            return None  # where no sentence is at fault, none has to go
        without = _without_count(trial)
        if without in (text, *seen):
            without = _without_clauses(trial)
        if without in (text, *seen):
            without = _without_flagged(trial)
        if without == text:
            return None
        text = without
    return None


_COUNT = re.compile(
    r"(?:[-•*] )?(?:(?:here are|these are|here's|my|the)\s+)*(?:top |best )?\d{1,2}\s+(?=[A-Za-z#])", re.I
)


def _without_count(trial: Trial) -> str:
    """ "Here are 5 small projects:" reads like every list there is; "Small projects:" names this one."""
    text = trial.candidate.text
    for flag in sorted(trial.lone_flags, key=lambda f: -f.start):
        sentence = next((s for s in trial.sentences if s.start <= flag.start and flag.end <= s.end), None)
        if sentence is None or sentence.text.endswith("?") or flag.rule not in _COUNTED:
            continue
        counted = _COUNT.match(text, sentence.start)
        if counted and len(sentence.text.split()) > 5:
            text = text[: counted.start()] + text[counted.end()].upper() + text[counted.end() + 1 :]
    return text


_OF_THE_WHOLE = ("Megaphone.StatementToNobody", "Megaphone.LinkWithNoWayIn", "Megaphone.WeWeWe")
_COUNTED = ("Robotic.ListPost", "Megaphone.ListHeadline", "Robotic.TeaserLines")
# Where a clause begins that can go and leave a sentence.
_CLAUSE = re.compile(r",\s|\s[–—-]\s|;\s|\s(?=(?:to|and|that|which|with|while|by|as|so)\s)")
_WHOLE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|can|\w{3,}(?:ed|es|s))\b")


def _without_clauses(trial: Trial) -> str:
    """Cut only the clause that a flag is in, where a whole sentence stays before it and no fact goes with it."""
    text = trial.candidate.text
    for flag in sorted(trial.lone_flags, key=lambda f: -f.start):
        sentence = next((s for s in trial.sentences if s.start <= flag.start and flag.end <= s.end), None)
        if sentence is None or sentence.text.endswith("?"):
            continue
        cuts = [m.start() for m in _CLAUSE.finditer(text, sentence.start, flag.start)]
        for at in reversed(cuts):
            ends = re.compile(r",\s(?=(?:and|but|so)\s)|;\s|\s[–—]\s|[.!]?$").search(text, flag.end, sentence.end)
            end = ends.start() if ends else sentence.end
            head, gone = text[sentence.start : at], text[at:end]
            if len(head.split()) > 4 and _WHOLE.search(head) and not [f for f in facts(gone) if f.kind != "quote"]:
                mark = "" if text[end : end + 1] in (".", "!", ",", ";") else "."
                text = text[:at] + mark + text[end:]
                break
    return text


def _without_flagged(trial: Trial) -> str:
    text = trial.candidate.text
    gone = [
        s
        for s in trial.sentences
        if not s.text.endswith("?")
        and any(f.start < s.end and s.start < f.end for f in trial.lone_flags)
        and not facts(s.text).of("link", "legal", "phone")
    ]
    if any(_cuts_an_item(text, s.start, s.end) for s in gone) or sum(_is_item(text, s.start) for s in gone) > 1:
        return text  # half an item, or a list with most of its items gone, is worse than none
    asked = next((at for at, s in enumerate(trial.sentences) if s.text.endswith("?")), 0)
    before = {s for s in trial.sentences[:asked] if len(s.text.split()) > 2}
    if before and before <= set(gone) and POINTS_BACK.search(trial.sentences[asked].text):
        return text  # the question would lose what it is about
    if 3 * sum(len(s.text) for s in gone) > 2 * len(text):
        return text  # what would be left is not the sender's text any more
    if all(s in gone or s.text.endswith("?") or not _says_something(s.text) for s in trial.sentences):
        return text  # a question alone leaves the reader to guess what it is about
    for sentence in reversed(gone):
        text = text[: sentence.start].rstrip(" ") + " " + text[sentence.end :].lstrip(" ")
    if trial.sentences[0] in gone:
        text = _news_before(text.strip())
    text = re.sub(r"(?m)^[ \t]*(?:[-•]|\d{1,2}[.)])?[ \t]*$|[ \t]+$", "", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return re.sub(r"(?:^|\n)[^\n]*:$", "", text).strip()  # what it announces went


def _news_before(text: str) -> str:
    """Put the next statement before a question that lost what stood before it."""
    if "\n" in text:
        return text
    said = sentences(facts(text))
    asked = 1 + (len(said) > 1 and WANTS_TO_KNOW.search(said[1].text) is not None)
    if len(said) <= asked or not said[0].text.endswith("?") or POINTS_BACK.match(said[asked].text):
        return text
    news = said[asked]
    if facts(news.text).of("link") or is_command(news.text) or len(news.text.split()) < 4:
        return text
    return " ".join((news.text, text[: news.start].strip(), text[news.end :].strip())).strip()


def _is_item(text: str, at: int) -> bool:
    return re.match(r"[ \t]{0,8}(?:\d{1,2}[.)]|[-•])\s", _line_of(text, at)) is not None


def _cuts_an_item(text: str, start: int, end: int) -> bool:
    return _is_item(text, start) and end - start < len(_line_of(text, start).strip()) - 4


def _line_of(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]


def _says_something(sentence: str) -> bool:
    sentence = WANTS_TO_KNOW.sub(" ", sentence)
    return bool(content_words(re.sub(r"https?://\S+|[#@]\w+|– \[name\]", " ", sentence))) or "[One line" in sentence


_FOR_A_FOLLOW = re.compile(
    r"\W{0,4}(?:(?:hi|hey|hello|welcome)\b[^.!?\n]{0,30}[,.!\s]{1,3})?(?:thanks|thank you|thx)(?: so much)?,? for"
    r" (?:the |your |a )?(?:recent )?(?:follow|connect|add)",
    re.I,
)


def _is_message(review: Review) -> bool:
    c = review.categories
    if _FOR_A_FOLLOW.match(review.text):
        return True
    if not speaks_to_one(review.text):
        return False
    return review.verdict == "auto_dm" or (c.auto_dm > 0.3 and c.auto_dm >= max(c.robotic, c.megaphone))


def _passing(proposals: Iterator[str], material: Material, wanted: int) -> list[Rewrite]:
    """Return the first ``wanted`` proposals that pass, each with another question."""
    text = material.review.text
    allowed = wanted * (MAX_TRIES if len(text) < LONG_CHARS else MAX_TRIES // 2)
    passed: list[Rewrite] = []
    seen: set[str] = set()
    for proposal in proposals:
        if len(seen) >= allowed or len(passed) >= wanted:
            break
        if not any(p.question in proposal for p in passed) and (rewrite := _tested(proposal, material, seen)):
            passed.append(rewrite)
    return passed


def _proposals(material: Material, parts: Tidied) -> Iterator[str]:
    text, angle = material.review.text, material.context.angle
    if _is_message(material.review) and not passes_on(text):
        return messages(text, parts, angle)
    if answers_somebody(material.review):
        return service(text, parts, angle)
    return posts(material, parts)


def _shorter(rewrite: Rewrite, material: Material, parts: Tidied) -> Rewrite:
    """Say it in fewer words: noticeably if that passes, a little if only that does, else as it was."""
    seen = {rewrite.text}
    if _is_message(material.review) or answers_somebody(material.review):
        brief = iter(sorted(_proposals(material, parts), key=len))
    else:
        brief = short_posts(material, parts, rewrite.question)
    best = rewrite
    for proposal in brief:
        if len(seen) > MAX_TRIES:
            break
        if len(proposal) >= len(best.text):
            continue
        found = _tested(proposal, material, seen)
        if found and len(found.text) < len(best.text):
            best = found
            if len(best.text) <= SHORT_ENOUGH * len(rewrite.text):
                break
    return best

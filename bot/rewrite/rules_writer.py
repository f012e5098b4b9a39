"""The rewriter that needs no key: it cuts, keeps, and leads with a question; one draft always gives the same words.

It proposes, and the checks decide. Where nothing passes it offers nothing: the caller then shows the questions of the
flags. It invents nothing, so what only a person can know becomes a bracket.
"""

import re
from collections.abc import Iterator

from bot.facts import facts, fold, word_set
from bot.models import Context, Review, Rewrite
from bot.rewrite.asks import commands
from bot.rewrite.checks import Material, Rules, Trial, check_trial
from bot.rewrite.describe import describe
from bot.rewrite.frames import frames, look, pick, post_questions
from bot.rewrite.messages import is_service, message_kind, messages, service
from bot.rewrite.tidy import Tidied, finish, is_headline, tidy
from bot.rewrite.words import content_words, sentences

MAX_CHARS = 8_000
"""Longer drafts get questions only: a rewrite of an essay by rules would be mush."""
MAX_TRIES, LONG_CHARS = 12, 700
MAX_LEAD_CHARS = 170
_TAG_LIMIT = {"instagram": 5}
_GENERIC_TAGS = word_set(
    "saas ai growth startup startups marketing tech business success motivation love instagood support"
    " innovation digital news"
    " leadership entrepreneur productivity sales health career women college"
)


class RulesWriter:
    """Writes with rules alone. Safe to share between threads: it keeps nothing."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def write(self, review: Review, context: Context, angles: int = 1) -> tuple[Rewrite, ...]:
        """Return up to ``angles`` rewrites that pass every check, each with another question. May be empty."""
        if len(review.text) > MAX_CHARS or not re.search(r"[A-Za-z]{2}", review.text):
            return ()
        material = Material(review, context, self._rules)
        passed: list[Rewrite] = []
        allowed = angles * (MAX_TRIES if len(review.text) < LONG_CHARS else MAX_TRIES // 4)
        seen: set[str] = set()
        for text in _proposals(material):
            if len(seen) >= allowed or len(passed) >= angles:
                break
            if not any(p.question in text for p in passed) and (rewrite := _tested(text, material, seen)):
                passed.append(rewrite)
        return tuple(passed)

    def advice(self, review: Review) -> str | None:
        """Return the honest advice that belongs to this kind of draft, if any."""
        said: dict[str, str] = frames()["advice"]
        if _is_message(review):
            return said["stats"] if message_kind(review.text) == "stats" else said["auto_dm"]
        return said["service"] if is_service(review.text) else None


def _tested(text: str, material: Material, seen: set[str]) -> Rewrite | None:
    """Check a proposal; when sentences of the draft are still flagged, leave them out and check once more."""
    for _ in range(2):
        if text in seen:
            return None
        seen.add(text)
        candidate = describe(text, material, "rules")
        trial = Trial(candidate, material)
        checks = check_trial(trial)
        if all(c.passed for c in checks):
            return candidate.model_copy(update={"checks": checks})
        without = _without_flagged(trial)
        if without == text:
            return None
        text = without
    return None


def _without_flagged(trial: Trial) -> str:
    text = trial.candidate.text
    alone = [f for f in trial.review.flags if trial.material.rules.fires_alone(f.rule)]
    gone = [
        s
        for s in trial.sentences
        if not s.text.endswith("?")
        and not facts(s.text).of("link", "legal")
        and any(f.start < s.end and s.start < f.end for f in alone)
    ]
    if 3 * sum(len(s.text) for s in gone) > 2 * len(text):
        return text  # what would be left is not the sender's text any more
    if all(s in gone or s.text.endswith("?") or not _says_something(s.text) for s in trial.sentences):
        return text  # a question alone leaves the reader to guess what it is about
    for sentence in reversed(gone):
        text = text[: sentence.start].rstrip(" ") + " " + text[sentence.end :].lstrip(" ")
    text = re.sub(r"(?m)^[ \t]*(?:[-•]|\d{1,2}[.)])?[ \t]*$|[ \t]+$", "", text)
    head, gap, rest = text.partition("\n\n")
    return (head + gap + re.sub(r"\n{2,}", "\n", rest).lstrip("\n")).strip()


def _says_something(sentence: str) -> bool:
    return bool(content_words(re.sub(r"https?://\S+|[#@]\w+|– \[name\]", " ", sentence))) or "[One line" in sentence


def _is_message(review: Review) -> bool:
    c = review.categories
    return review.verdict == "auto_dm" or (c.auto_dm > 0.3 and c.auto_dm >= max(c.robotic, c.megaphone))


def _proposals(material: Material) -> Iterator[str]:
    text = material.review.text
    parts = tidy(text)
    if _is_message(material.review):
        for turn in range(4):
            yield from messages(text, parts, turn)
    elif is_service(text):
        for turn in range(2):
            yield from service(text, parts, turn)
    else:
        yield from _posts(material, parts)


def _posts(material: Material, parts: Tidied) -> Iterator[str]:
    text, network = material.review.text, material.network.network
    tags = _TAG_LIMIT.get(network or "", 2)
    options = pick(post_questions(look(text, material.review.mix)), text)
    asked = (*parts.questions, *options) if parts.questions else options
    voices = pick(frames()["voices"], text)
    for turn, question in enumerate(asked[:5]):
        voice = voices[turn % len(voices)]
        if parts.sign or re.search(r"\b(?:I|I'[a-z]+|my)\b", " ".join(parts.statements)):
            voice = "{question}"  # somebody speaks already
        elif question in parts.questions:
            voice = "{question} – [name]"
        sign = parts.sign or ("[name]" if voice.endswith("– [name]") else "")
        for body in _bodies(parts, question, voice):
            body = _with_tags(_with_kept(body, material), parts, tags).rstrip()
            yield body + (f" – {sign}" if sign else "")


def _with_kept(body: str, material: Material) -> str:
    """Put back what the team wants kept, where a cut took it."""
    draft = fold(material.review.text)
    lost = [w for w in material.context.must_keep if fold(w) in draft and fold(w) not in fold(body)]
    return " ".join([body, *lost])


def _bodies(parts: Tidied, question: str, voice: str) -> Iterator[str]:
    """Yield the ways to put statements, question, one ask and the link together, fullest first."""
    said, ask = parts.statements, _best_ask(parts)
    link = parts.links[0] if parts.links else ""
    sign = " – [name]" if voice.endswith("– [name]") else ""
    question = question if sign else voice.format(question=question, small=question[0].lower() + question[1:])
    legal = " ".join(parts.legal)
    if parts.is_list:
        yield "\n\n".join(filter(None, (question, "\n".join(said), link, legal)))
        return
    lead, rest = (said[0], said[1:]) if said and _can_lead(said[0]) else ("", said)
    full = [lead, question, *rest[:6], ask]
    for pieces in dict.fromkeys(
        (tuple(full), (*full[:2], *rest[:2], ask), (*full[:2], ask), (*full[:2], *rest[:1]), (lead, question))
    ):
        body = " ".join(filter(None, pieces))
        if len(content_words(" ".join(p for p in pieces if p and p != question))) < 2:
            # A question alone would leave the reader to guess what it is about.
            if not link:
                return
            body = f"{question} [One line: what they will find.]"
        yield _join_link(body, link, legal)


def _join_link(body: str, link: str, legal: str) -> str:
    if not link:
        return " ".join(filter(None, (body, legal)))
    last = sentences(facts(body))[-1].text
    points = body.endswith(".") and (
        is_headline(last) or re.search(r"\b(?:here|story|blog|rsvp|report|infographic|video|register)\.$", last, re.I)
    )
    return " ".join(filter(None, (body[:-1] + ":" if points else body, link, legal)))


def _can_lead(statement: str) -> bool:
    """A short statement of the sender's own may stand before the question; a headline or half a sentence may not."""
    return (
        len(statement) <= MAX_LEAD_CHARS
        and not is_headline(statement)
        and not facts(statement).of("link")
        and len(sentences(facts(statement))) == 1
        and len(content_words(statement)) > 1
    )


def _best_ask(parts: Tidied) -> str:
    """Choose the one ask worth keeping: it names a thing, a time or a person. Bare "sign up now" never is."""
    for ask in parts.asks:
        found = facts(ask)
        if len(content_words(ask)) < 4 or not (
            found.of("date", "time", "name", "mention", "hashtag", "price", "number") or len(content_words(ask)) > 6
        ):
            continue
        asked = commands(found)
        return ask if len(asked) < 2 else finish(re.sub(r"[\s,;:&–—-]+(?:and|then)?\s*$", "", ask[: asked[1].start]))
    return ""


def _with_tags(body: str, parts: Tidied, limit: int) -> str:
    """Keep at most ``limit`` hashtags: those in a sentence first, then the least general of the rest."""
    inline = list(dict.fromkeys(re.findall(r"(?<![\w&/])[#＃]\w*[^\W\d_]\w*", body)))
    legal = {fold(x) for x in parts.legal}
    for tag in [t for t in inline if fold(t) not in legal][limit:]:
        # Amid a sentence a tag is a word; behind it, it is only a tag.
        body = re.sub(rf"\s{re.escape(tag)}(?=[.!?]|$|\s+(?:https?:|–|[#＃]))", "", body)
        body = re.sub(rf"{re.escape(tag)}\b", tag[1:], body)
    room = limit - len(inline)
    if len(parts.tags) > 2:
        room = min(room, 1)
    own = [t for t in parts.tags if fold(t[1:]) not in _GENERIC_TAGS and t not in inline][: max(0, room)]
    return " ".join([body, *own])

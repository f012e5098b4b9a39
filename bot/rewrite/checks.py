"""What a rewrite must pass before anyone sees it, whoever wrote it: a person's draft is safe with neither writer.

Each check is a small function from a :class:`Trial` to a :class:`bot.models.Check`; a failed one says why in words that
can be shown. :func:`run_checks` runs them all. They read text only: nothing is trusted of what a writer says about it.
"""

import re
from collections.abc import Callable
from functools import cache

from bot.facts import fold
from bot.models import Check, Context, Review, Rewrite
from bot.rewrite import claims, lock, twists
from bot.rewrite.asks import commands, is_genuine
from bot.rewrite.lengths import length_for, limit_for
from bot.rewrite.scripts import reads_english, scripts, unseen_characters
from bot.rewrite.trial import TOLD_WORDS, Material, Rules, Trial
from bot.rewrite.words import FUNCTION_WORDS, content_words, stem, words

MIN_GAIN, GOOD_SCORE, PLAIN_SCORE = 15, 80, 70
MIN_OWN_VOICE, WORDS_A_NEW_ONE = 0.9, 40
MAX_GROWTH, MAX_EXTRA_CHARS = 1.1, 80
"""How much longer than its draft a rewrite may be: the larger of the two. Proposed by this project, not measured."""
SHORT_CHARS = 160


def run_checks(
    candidate: Rewrite, review: Review, context: Context, rules: Rules, prompt_text: str = ""
) -> tuple[Check, ...]:
    """Run every check on a candidate, in a fixed order.

    ``prompt_text`` is what an LLM was told, if one wrote the candidate. Costs one review of the candidate.
    """
    return check_all(candidate, Material(review, context, rules, prompt_text))


def check_all(candidate: Rewrite, material: Material) -> tuple[Check, ...]:
    """Run every check against a draft whose facts are already known."""
    return check_trial(Trial(candidate, material))


def check_trial(trial: Trial) -> tuple[Check, ...]:
    """Run every check on a trial."""
    return tuple(
        Check(name=check.__name__, passed=False, reason=why) if (why := check(trial)) else _passed(check.__name__)
        for check in CHECKS
    )


def passed_all(trial: Trial) -> tuple[Check, ...]:
    """Return the checks of a trial that passes them all; none at the first that fails, since nobody will see it."""
    return () if any(check(trial) for check in CHECKS) else tuple(_passed(check.__name__) for check in CHECKS)


@cache
def _passed(name: str) -> Check:
    return Check(name=name, passed=True)


def fact_lock(trial: Trial) -> str:
    """Nothing new outside brackets, and everything left out is listed."""
    new = lock.new_facts(trial.facts, trial.material.pool, [(q.start, q.end) for q in trial.questions])
    if new:
        return f"Not in the draft: {', '.join(new[:3])}."
    listed = " \n ".join((fold(trial.candidate.text), *map(fold, trial.candidate.dropped)))
    missing = trial.material.compared(trial.facts)[1]
    unlisted = [f.text for f in missing if f.kind != "placeholder" and fold(f.text) not in listed]
    return f"Left out without saying so: {', '.join(unlisted[:3])}." if unlisted else ""


def no_new_claims(trial: Trial) -> str:
    """No experience, promise, claim or familiarity that the draft does not hold."""
    claim = claims.new_claim(trial.bare, trial.candidate.text, trial.draft, trial.material.stems, trial.stated)
    return f"A claim that is not in the draft: “{claim}”." if claim else ""


def not_turned(trial: Trial) -> str:
    """What the draft denies is not said, what it says is not denied, and nothing follows from what stood beside it."""
    found = twists.turned(trial.stated, trial.draft) or twists.reasoned(trial.stated, trial.draft)
    return f"It turns round what the draft says: “{found}”." if found else ""


def same_terms(trial: Trial) -> str:
    """A figure keeps its bound and its rate: "until", "over", "a month"."""
    found = twists.moved(trial.facts, trial.material.facts) or twists.loosened(trial.stated, trial.material.facts)
    return f"Not as the draft has it: “{found}”." if found else ""


def nothing_new_said(trial: Trial) -> str:
    """No quality and no thing that the draft does not name, and no "all" or "only" that it does not say."""
    material = trial.material
    found = twists.new_thing(trial.stated, material.stems) or twists.counted(trial.stated, material.pool.words)
    return f"The draft does not say so: “{found}”." if found else ""


def brackets_ask(trial: Trial) -> str:
    """A note in brackets says what is missing; it tells nothing itself."""
    found = twists.smuggled(trial.facts, trial.material.pool.words)
    return f"A note that tells instead of asking: {found}." if found else ""


def plain_text(trial: Trial) -> str:
    """No markup, label, fence or emoji that the draft does not hold."""
    found = twists.markup(trial.candidate.text, trial.draft)
    return f"Not plain text: {found}" if found else ""


def genuine_question(trial: Trial) -> str:
    """One question, at most two, that the sender cannot answer alone, before any link or ask."""
    asked = trial.questions
    if not asked:
        return "It asks nothing."
    if len(asked) > 2:
        return "More than two questions."
    hollow = [q.text for q in asked if not is_genuine(q.text)]
    if hollow:
        return f"Not a question anyone would answer: “{hollow[0]}”."
    # "I'm sorry. [Name] here." is no delay: the shortest sentences do not count.
    long = [s for s in trial.sentences if len(words(s.text)) > 3 or s.text.endswith("?")]
    if asked[0].start not in {s.start for s in long[:2]}:
        return "The question comes too late."
    first_ask = min([f.start for f in trial.facts.of("link")] + [c.start for c in commands(trial.facts)], default=10**9)
    if asked[0].end > first_ask:
        return "The question comes after the link or the ask."
    if trial.candidate.question not in trial.candidate.text or "?" not in trial.candidate.question:
        return "The question it names is not the one it asks."
    return ""


def no_lone_flags(trial: Trial) -> str:
    """No flag is left that speaks up by itself."""
    left = dict.fromkeys(f"“{' '.join(flag.match.split())[:60]}” ({flag.rule})" for flag in trial.lone_flags)
    return f"Still flagged: {', '.join(left)}." if left else ""


def one_command(trial: Trial) -> str:
    """At most one thing asked for."""
    found = commands(trial.facts)
    return f"{len(found)} commands." if len(found) > 1 else ""


def must_keep(trial: Trial) -> str:
    """What the team, or the law, wants kept is kept."""
    wanted = [w for w in trial.material.context.must_keep if fold(w) in fold(trial.draft)]
    wanted += [f.text for f in trial.material.facts.of("legal")]
    lost = [w for w in wanted if fold(w) not in fold(trial.candidate.text)]
    return f"Lost: {', '.join(lost)}." if lost else ""


def link_stays(trial: Trial) -> str:
    """A post keeps the first link of its draft; a first message to somebody is better without."""
    links = trial.material.facts.of("link")
    c = trial.material.review.categories
    if not links or trial.material.review.verdict == "auto_dm" or c.auto_dm > 0.3:
        return ""
    kept = {fact.norm for fact in trial.facts.of("link")}
    return "" if links[0].norm in kept else f"Lost the link: {links[0].text}."


def same_links(trial: Trial) -> str:
    """A link is the draft's byte for byte, and stands bare: no other scheme or letter case, no label over it."""
    known = {fact.text for fact in trial.material.facts.of("link")}
    other = [fact.text for fact in trial.facts.of("link") if fact.text not in known]
    other += re.findall(r"<(?:https?|mailto|slack):[^<>\n]{0,200}", trial.candidate.text, re.I)
    other += re.findall(r"\S+(?:\[\.\]|\(\.\)|\[dot\]|\(dot\)| dot (?=[a-z]{2,4}\b))\S*", trial.candidate.text, re.I)
    # What looks like a host becomes a link somewhere, under whatever ending.
    hosts = (host.rstrip(".,;:!?…)]'\"’”*_~") for host in _HOST.findall(trial.candidate.text))
    other += [host for host in hosts if host not in trial.draft]
    return f"Not a link of the draft as it stands there: {other[0]}." if other else ""


_HOST = re.compile(r"[^\W\d_][\w-]*\.[^\W\d_]{2,24}(?![\w@])\S*")


def longest(material: Material) -> int:
    """Return how many characters a rewrite may have: a tenth more than the draft, or 80 more when that is more.

    Who asked for a shorter one gets none longer than the draft, or than :data:`SHORT_CHARS` when the draft is short.
    """
    size = len(material.review.text)
    if material.context.shorter:
        return max(size, SHORT_CHARS)
    return int(max(MAX_GROWTH * size, size + MAX_EXTRA_CHARS))


def length(trial: Trial) -> str:
    """No longer than it may be."""
    size, most = len(trial.candidate.text), longest(trial.material)
    return f"Too long: {size} characters, at most {most}." if size > most else ""


def network_limit(trial: Trial) -> str:
    """It fits where it will be posted."""
    network = trial.material.network.network
    if network is None:
        return ""
    limit, size = limit_for(network, trial.facts), length_for(network, trial.facts)
    return f"{size} characters as {network} counts, at most {limit}." if limit is not None and size > limit else ""


def slack_safe(trial: Trial) -> str:
    """Nothing in it pings anyone in Slack or hides from the eye."""
    pings = [p for p in lock.pings(trial.candidate.text) if fold(p) not in fold(trial.draft) or p.startswith("<")]
    if pings:
        return f"It would ping: {pings[0]}."
    return "It holds characters that nobody can see." if unseen_characters(trial.candidate.text, trial.draft) else ""


WANTS_TO_KNOW = re.compile(
    r"\b(?:I'd|I would|we'd|we would) (?:love|like) to (?:hear|know)\b(?: from you| what you think)?"
    r"|\b(?:I'm|we're) (?:all ears|curious)\b|\bI wonder\b",
    re.I,
)
"""Said beside a question, these are part of it: they tell the reader that somebody waits for the answer."""


OFFERS_A_NOTE = re.compile(r"\b(?:I|we)(?:'ll|'d|'ve)?(?: \w+){1,3} {4,}", re.I)
"""What is said up to a bracket, here blanks, is the bracket's: "I'll trade you [one tip]"."""


def voice_stays(trial: Trial) -> str:
    """Outside the question and the brackets, the content words are the sender's own.

    One in ten may be new that states next to nothing ("talks", "included"), one in forty any other.
    """
    used = content_words(OFFERS_A_NOTE.sub(" ", WANTS_TO_KNOW.sub(" ", trial.stated)))
    others = [word for word in used if not _is_own(word, trial.material.stems)]
    # One word of connection in a very short text is no other voice.
    telling = [word for word in others if word not in twists.LIGHT]
    few = len(others) <= max(1, (1 - MIN_OWN_VOICE) * len(used))
    if few and len(telling) <= len(used) // WORDS_A_NEW_ONE:
        return ""
    named = ", ".join(dict.fromkeys(others[:6]))
    return f"{len(others)} of {len(used)} words are not the sender's: {named}."


def _is_own(word: str, draft: frozenset[str]) -> bool:
    return stem(word) in draft or all(stem(part) in draft or part in FUNCTION_WORDS for part in word.split("-"))


# A short run of words that names a thing and says nothing of it: "Our AI-powered assistant."
_STUMP = re.compile(r"(?:Our|A|An|The|Your|My|This|These)(?: [^\s\[\]]+){1,4}[.!]|[A-Z][a-z]+[.!]")
_SAYS = re.compile(
    r"(?<![\w-])(?:is|are|was|were|be|has|have|had|can|will|may|do|did|go|got|let|\w+(?:ed|'\w+|s))\b", re.I
)


def whole_sentences(trial: Trial) -> str:
    """No stump of a sentence where the draft had a whole one."""
    for sentence in trial.sentences:
        if _STUMP.fullmatch(sentence.text) and not _SAYS.search(sentence.text):
            whole = re.escape(sentence.text[:-1]) + r"\s*(?:[.!?\n]|$)"
            if not re.search(whole, trial.draft):
                return f"Half a sentence: {sentence.text}"
    return ""


def not_a_copy(trial: Trial) -> str:
    """It changes something."""
    return "The same words as the draft." if words(trial.candidate.text) == words(trial.draft) else ""


def not_the_prompt(trial: Trial) -> str:
    """No echo of the instructions, and no talk about rewriting."""
    plain = fold(trial.candidate.text)
    for phrase in (
        "here's a rewrite",
        "here is a rewrite",
        "as an ai",
        "system prompt",
        "language model",
        "rewritten version",
        "<draft",
        "</draft",
    ):
        if phrase in plain and phrase not in fold(trial.draft):
            return "It talks about the rewriting."
    if not trial.material.prompt_text:
        return ""
    repeated = trial.material.told & lock.shingles(trial.candidate.text, TOLD_WORDS)
    return "It repeats its instructions." if repeated else ""


def same_language(trial: Trial) -> str:
    """The script and the language of the draft."""
    strange = scripts(trial.bare) - scripts(trial.draft)
    if strange:
        return f"Letters in another script: {', '.join(sorted(strange))}."
    mine, theirs = reads_english(trial.bare), reads_english(trial.draft)
    if theirs is False and trial.material.review.language is None:
        theirs = None  # a headline has few small words; the review knows a language when it meets one
    return "Another language than the draft's." if None not in (mine, theirs) and mine != theirs else ""


def improves(trial: Trial) -> str:
    """It reads more like talking with people: 15 points up, or 80 at least."""
    before, after = trial.material.review.score, trial.review.score
    if after >= before + MIN_GAIN or after >= GOOD_SCORE or trial.excused:
        return ""
    if not trial.review.flags and (after > before or after >= PLAIN_SCORE):
        return ""  # a plain notice scores no higher, and nothing is wrong with it any more
    return f"Hardly better: {before} before, {after} after."


def stands(trial: Trial) -> bool:
    """Tell whether the checks that fail most often, and need no list of what was left out, pass: the cheap way out."""
    return not any(check(trial) for check in (length, no_lone_flags, improves, one_command, network_limit))


CHECKS: tuple[Callable[[Trial], str], ...] = (
    fact_lock, same_terms, no_new_claims, nothing_new_said, not_turned, brackets_ask, genuine_question, no_lone_flags,
    one_command, must_keep, link_stays, same_links, length, network_limit, slack_safe, plain_text, voice_stays,
    whole_sentences, not_a_copy, not_the_prompt, same_language, improves,
)  # fmt: skip
"""Every check, in the order in which they are reported. A check returns why it failed, or an empty string."""

"""Reviews as people and machines read them on the command line: text, JSON, JSON lines, SARIF."""

import functools
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec

from bot import words
from bot.inputs import InputDraft
from bot.models import Review, Rewrite, Suggestion
from bot.rules import LANGUAGES, RuleInfo
from bot.words_guard import LINK_ODD

SARIF_LEVELS = {"suggestion": "note", "warning": "warning", "error": "error"}
FIELDS = {"is_draft", "verdict", "score", "categories", "mix", "flags", "praise"}

P = ParamSpec("P")
NO_LIGHT_EDIT = "Three small changes are not enough to mend this one. Without --light there may be a whole one."
"""On the command line there is no thread to ask for more in."""

Reviewed = tuple[InputDraft, Review]


def as_object(draft: InputDraft, review: Review) -> dict[str, Any]:
    """One draft's review as in the command line's contract."""
    return {"source": draft.source, "row": draft.row, **review.model_dump(mode="json", include=FIELDS)}


def as_json(reviewed: Iterable[Reviewed]) -> Iterator[str]:
    """A JSON list, printed as it comes so that a million rows need no memory."""
    separator = "["
    for draft, review in reviewed:
        yield separator + "\n" + _dumps(as_object(draft, review))
        separator = ","
    yield "[]\n" if separator == "[" else "\n]\n"


def as_jsonl(reviewed: Iterable[Reviewed]) -> Iterator[str]:
    """One object a line."""
    for draft, review in reviewed:
        yield _dumps(as_object(draft, review)) + "\n"


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def still(text: str) -> str:
    """A text with the signs replaced that would move a terminal's cursor, colour it, or set its title."""
    return _CONTROLS.sub("\ufffd", text)


def _for_people(lines: Callable[P, Iterator[str]]) -> Callable[P, Iterator[str]]:
    @functools.wraps(lines)
    def stilled(*args: P.args, **more: P.kwargs) -> Iterator[str]:
        return map(still, lines(*args, **more))

    return stilled


@_for_people
def as_text(reviewed: Iterable[Reviewed]) -> Iterator[str]:
    """For people."""
    from bot.facts.hosts import odd_hosts  # 15 ms, and other formats don't ask

    for draft, review in reviewed:
        name = draft.source if draft.row is None else f"{draft.source}:{draft.row}"
        if not review.is_draft:
            yield f"{name}: not a draft, nothing to say\n"
            continue
        yield f"{name}: {review.verdict}, {review.score} of 100\n"
        if review.language:
            yield f"  reads like {LANGUAGES[review.language]}: only what needs no words was looked at\n"
        if hosts := odd_hosts(review.text):
            yield f"  {LINK_ODD.format(hosts=', '.join(hosts))}\n"
        for praise in review.praise:
            yield f"  + {praise.why} [{praise.rule}]\n"
        for flag in review.flags:
            yield f"  “{_one_line(flag.match)}”\n    {flag.why} {flag.question} [{flag.rule}]\n"


def as_sarif(reviewed: Iterable[Reviewed]) -> Iterator[str]:
    """SARIF 2.1.0: one result a flag."""
    rules: dict[str, dict[str, Any]] = {}
    results = []
    for draft, review in reviewed:
        for flag in review.flags:
            rules.setdefault(flag.rule, {"id": flag.rule, "shortDescription": {"text": flag.why}})
            region = {"charOffset": flag.start, "charLength": flag.end - flag.start, "snippet": {"text": flag.match}}
            place: dict[str, Any] = {
                "physicalLocation": {"artifactLocation": {"uri": _uri(draft.source)}, "region": region}
            }
            if draft.row is not None:
                place["logicalLocations"] = [{"name": f"row {draft.row}"}]
            results.append(
                {
                    "ruleId": flag.rule,
                    "level": SARIF_LEVELS[flag.severity],
                    "message": {"text": f"{flag.why} {flag.question}"},
                    "locations": [place],
                }
            )
    driver = {"name": "humanize-bot", "rules": list(rules.values())}
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    yield (
        json.dumps(
            {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]},
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


@_for_people
def suggestion_as_text(suggestion: Suggestion) -> Iterator[str]:
    """A suggestion, for people."""
    if suggestion.leave_alone:
        yield "This reads like one person talking to another: leave it alone.\n"
    for rewrite in suggestion.rewrites:
        yield f"{rewrite.text}\n\n  written by {_writer(rewrite)}\n"
        for label, items in (("kept", rewrite.kept), ("left out", rewrite.dropped), ("to fill in", rewrite.open)):
            if items:
                yield f"  {label}: {', '.join(items)}\n"
    if not suggestion.rewrites:
        yield from (f"? {question}\n" for question in suggestion.questions)
    if suggestion.advice:
        yield f"{suggestion.advice.replace(words.NO_LIGHT_EDIT, NO_LIGHT_EDIT)}\n"
    if suggestion.fallback:
        yield from (f"{said}\n" for said in (_why_not(suggestion),) if said)


def _writer(rewrite: Rewrite) -> str:
    if rewrite.source == "rules":
        return "rules"
    return f"a language model ({rewrite.made.model})" if rewrite.made else "a language model"


def _why_not(suggestion: Suggestion) -> str:
    """Why a language model's words are not shown, in the words that Slack shows too."""
    said = words.FALLBACKS[suggestion.fallback] if suggestion.fallback else ""
    return said if suggestion.rewrites else said.partition(",")[0].rstrip(".") + "." if said else ""


@_for_people
def rule_card(info: RuleInfo) -> Iterator[str]:
    """Everything about one rule, for people."""
    how = "praise" if info.praise else "fires alone" if info.alone else f"needs {info.needs} others"
    yield f"{info.id}: {info.description or info.why}\n"
    yield f"  label: {info.label}\n"
    yield f"  {info.category or 'praise'}, {info.severity}, weight {info.weight:g}, {how}\n"
    yield f"  says: {info.why} {info.question}\n"
    for label, value in (("why it matters", info.why_it_matters), ("source", info.source), ("link", info.link)):
        if value:
            yield f"  {label}: {value}\n"
    yield f"  evidence: {info.evidence}\n"
    for test in info.tests:
        expected = "silent" if test.want == "" or test.absent else "fires"
        yield f"  {expected}: {test.input.strip()!r}\n"


FORMATS = {"text": as_text, "json": as_json, "jsonl": as_jsonl, "sarif": as_sarif}


def _dumps(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _uri(source: str) -> str:
    return "stdin" if source == "-" else source.replace(os.sep, "/")


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"

"""An answer -> the message people read: what reads how, why, a question, and a rewrite."""

from typing import NamedTuple

from bot import words, words_guard
from bot import words_surfaces as surfaces
from bot.delivery import Answer
from bot.facts.hosts import odd_hosts
from bot.models import Flag, Part, Review, Rewrite, Suggestion, Topic
from bot.spoken import top_flags
from handlers.views import listening
from handlers.views.blocks import (
    QUOTE_CHARS,
    Block,
    actions,
    bullets,
    button,
    context,
    divider,
    finding,
    menu,
    quote,
    rule_words,
    section,
    shorten,
)

MAX_WORDS = 60
"""Of the bot's own in one answer, besides quotes and rewrites: a busy person reads that much."""
MAX_LISTED = 5
"""Of what was left out, and of what only a person can fill in."""
MAX_PARTS = 6
"""Drafts of one message that are answered in full; the rest get their verdict."""

USE, ANOTHER, FINE, FLAG_MENU = "use_this", "another_angle", "its_fine", "flag_menu"
WHY, NOT_USEFUL = "why", "not_useful"
REWRITE_BLOCK = "rewrite"


class Message(NamedTuple):
    """What is sent: ``text`` for notifications and screen readers, ``blocks`` for the eye."""

    text: str
    blocks: list[Block]


def thread_message(answer: Answer) -> Message:
    """The reply in a draft's thread."""
    if answer.settled:
        return Message(words.SETTLED, [section(words.SETTLED)])
    if answer.kind != "thread":
        return _wish_message(answer)
    if len(answer.parts) > 1:
        return _several(answer)
    part = answer.parts[0]
    if part.review.sensitive:
        return Message(words.SENSITIVE[part.review.sensitive], _sensitive(answer, part.review.sensitive))
    blocks = [section(_first_line(part))]
    blocks += [context(line) for line in (_better(answer), _language(part.review), _odd_links(part.review)) if line]
    rewrite = _rewrite(answer, part, 0)
    who = listening.line(answer.draft_id) if answer.listening else []
    spent = _own_words([*blocks, *rewrite, *who]) + _advice_words(part)
    blocks += _findings(answer, part, MAX_WORDS - spent)
    blocks += [*rewrite, *who]
    return Message(words.VERDICTS[part.review.verdict], blocks)


def private_message(answer: Answer) -> Message:
    """An answer for one person alone; without the button that speaks for a draft in front of a channel."""
    message = thread_message(answer)
    blocks: list[Block] = []
    for block in message.blocks:
        if block["type"] != "actions":
            blocks.append(block)
        elif kept := [element for element in block["elements"] if element["action_id"] != FINE]:
            blocks.append({**block, "elements": kept})
    return Message(message.text, blocks)


def shown_rules(answer: Answer) -> tuple[str, ...]:
    """The rules whose flags an answer shows, by their menus."""
    menus = [block["accessory"] for block in thread_message(answer).blocks if "accessory" in block]
    whys = [option["value"] for one in menus for option in one["options"] if option["value"].startswith(f"{WHY} ")]
    return tuple(dict.fromkeys(value.split(" ", 2)[2] for value in whys))


def first_shown(suggestion: Suggestion, parts: int) -> Rewrite | None:
    """The rewrite that a message with so many drafts shows: the first that fits."""
    limit = QUOTE_CHARS // min(parts, MAX_PARTS)
    return next((rewrite for rewrite in suggestion.rewrites if len(rewrite.text) <= limit), None)


def _several(answer: Answer) -> Message:
    """Several drafts in one message: each its verdict, its first flag and its rewrite; after six only the verdict."""
    blocks: list[Block] = []
    for index, part in enumerate(answer.parts[:MAX_PARTS]):
        if part.review.sensitive:
            blocks += [divider()] if blocks else []
            blocks += [section(f"*{_label(part)}*"), *_sensitive(answer, part.review.sensitive, index)]
            continue
        line = f"*{_label(part)}* {words.VERDICTS[part.review.verdict]}"
        blocks += [divider(), section(line)] if blocks else [section(line)]
        if not part.told:
            continue
        blocks += [context(line) for line in (_odd_links(part.review),) if line]
        rewrite = _rewrite(answer, part, index)
        shown = 1 if any(block.get("block_id", "").startswith(REWRITE_BLOCK) for block in rewrite) else part.max_flags
        blocks += [_finding(answer, flag) for flag in top_flags(part.review, shown)]
        blocks += rewrite
    rest = [f"{_label(part)} {_verdict(part.review)}" for part in answer.parts[MAX_PARTS:]]
    if rest:
        blocks.append(bullets([shorten(line, 100) for line in rest[:40]]))
    return Message(words.SEVERAL.format(count=len(answer.parts)), blocks)


def _verdict(review: Review) -> str:
    return words.SENSITIVE[review.sensitive] if review.sensitive else words.VERDICTS[review.verdict]


def _wish_message(answer: Answer) -> Message:
    """The answer to a wish: only the new rewrites."""
    blocks: list[Block] = []
    for index, part in enumerate(answer.parts[:MAX_PARTS]):
        if part.told:
            blocks += _rewrite(answer, part, index)
    return Message(words.NEW_REWRITE, blocks or [section(words.VERDICTS["human"])])


def _sensitive(answer: Answer, topic: Topic, index: int = 0) -> list[Block]:
    """A calm checklist: no cheer, no question, no rewrite."""
    return [
        section(f"*{words.SENSITIVE[topic]}* {words.SENSITIVE_HOW}"),
        bullets(list(words.CHECKLIST)),
        actions(f"actions-{index}", [button(words.ITS_FINE, FINE, f"{answer.draft_id} {index}")]),
    ]


def _label(part: Part) -> str:
    # Labels are matched by our own patterns: letters, digits, a slash and spaces.
    return f"{part.label}:" if part.label else ""


def _first_line(part: Part) -> str:
    review = part.review
    if review.verdict == "human":
        small = surfaces.SMALL_THINGS if review.flags else surfaces.ASKS_NOTHING
        return f"*{words.VERDICTS['human']}* {small if part.told else words.LEAVE_ALONE}"
    line = f"*{words.VERDICTS[review.verdict]}*"
    return f"{line} {words.PRAISE} {rule_words(_lower_first(review.praise[0].why))}" if review.praise else line


def _better(answer: Answer) -> str:
    if answer.gone:
        return words.BETTER_GONE.format(items=_list(answer.gone[:3]))
    return words.BETTER_SCORE.format(points=answer.better_by) if answer.better_by >= 5 else ""


def _language(review: Review) -> str:
    return words.OTHER_LANGUAGE if review.language and review.verdict != "human" else ""


def _odd_links(review: Review) -> str:
    hosts = odd_hosts(review.text)
    return words_guard.LINK_ODD.format(hosts=_list(hosts)) if hosts else ""


def _findings(answer: Answer, part: Part, budget: int) -> list[Block]:
    """As many of the top flags as fit in the word budget, at least one."""
    blocks: list[Block] = []
    for flag in top_flags(part.review, part.max_flags) if part.told else []:
        budget -= len(_why(answer, flag).split()) + len(flag.question.split())
        if blocks and budget < 0:
            break
        blocks.append(_finding(answer, flag))
    return blocks


def _why(answer: Answer, flag: Flag) -> str:
    """A rule's why, unless its reader was told it within a week; the menu has it then."""
    return "" if flag.rule in answer.known else flag.why


def _finding(answer: Answer, flag: Flag) -> Block:
    draft_id = answer.draft_id
    options = [(words.WHY, f"{WHY} {draft_id} {flag.rule}"), (words.NOT_USEFUL, f"{NOT_USEFUL} {draft_id} {flag.rule}")]
    return finding(flag.match, _why(answer, flag), flag.question, menu(FLAG_MENU, [(a, b[:150]) for a, b in options]))


def _rewrite(answer: Answer, part: Part, index: int) -> list[Block]:
    if part.suggestion is None:
        return [context(words.REWRITE_PENDING)] if answer.rewrite_pending and part.told else []
    suggestion = part.suggestion
    shown = first_shown(suggestion, len(answer.parts))
    blocks: list[Block] = []
    if shown is not None:
        blocks += [section(_heading(suggestion, shown)), {**quote(shown.text), "block_id": f"{REWRITE_BLOCK}-{index}"}]
        blocks += _ledger(shown)
    elif suggestion.rewrites:
        blocks.append(section(words.TOO_LONG_TO_SHOW))
    elif suggestion.questions:
        blocks.append(section(words.NO_REWRITE))  # the flags above ask them
    if suggestion.advice:
        blocks.append(context(suggestion.advice))
    if part.told:
        blocks.append(_buttons(answer, index, shown is not None))
    return blocks


def _buttons(answer: Answer, index: int, has_rewrite: bool) -> Block:
    value = f"{answer.draft_id} {index}"
    row = [button(words.USE_THIS, USE, value, primary=True), button(words.ANOTHER_ANGLE, ANOTHER, value)]
    if not has_rewrite:
        row = []
    return actions(f"actions-{index}", [*row, button(words.ITS_FINE, FINE, value)])


def _heading(suggestion: Suggestion, rewrite: Rewrite) -> str:
    note = words.FALLBACKS.get(suggestion.fallback, "") if suggestion.fallback else ""
    return note or (words.REWRITE_BY_LLM if rewrite.source == "llm" else words.REWRITE_BY_RULES)


def _ledger(rewrite: Rewrite) -> list[Block]:
    """What was left out and what only a human can fill in."""
    lines = []
    if rewrite.dropped:
        lines.append(words.DROPPED.format(items=_list(rewrite.dropped)))
    if rewrite.open:
        lines.append(words.OPEN.format(items=_list(rewrite.open)))
    return [context("\n".join(lines))] if lines else []


def _list(items: tuple[str, ...]) -> str:
    shown = ", ".join(shorten(" ".join(item.split()), 60) for item in items[:MAX_LISTED])
    return shown + (words.AND_MORE.format(count=len(items) - MAX_LISTED) if len(items) > MAX_LISTED else "")


def _lower_first(text: str) -> str:
    return text if text.startswith("I ") else text[:1].lower() + text[1:]


def _own_words(blocks: list[Block]) -> int:
    """The bot's own words in its sections; quotes, rewrites and what the ledger lists are the draft's."""
    return sum(len(block["text"]["text"].split()) for block in blocks if block["type"] == "section")


def _advice_words(part: Part) -> int:
    """The bot's own words in the quiet lines below a rewrite."""
    suggestion = part.suggestion
    if suggestion is None:
        return len(words.REWRITE_PENDING.split())
    ledger = [words.DROPPED, words.OPEN] if suggestion.rewrites else []
    return sum(len(text.split()) for text in (*ledger, suggestion.advice or ""))

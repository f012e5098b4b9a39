"""Stand-in LLMs that lie, over real HTTP: what of their words gets past the checks."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot.coach import Coach
from bot.rewrite.llm_writer import LlmWriter
from bot.rules import RuleSet
from tests.standin_llm import Answer, StandInLLM, content, good

if TYPE_CHECKING:
    from benchmarks.rewrites import Done

_LINK = re.compile(r"\s*https?://\S+")
Lie = Callable[[str, dict[str, Any]], Answer | None]
"""Makes a lie of a good rewrite and the request; None where there is nothing to lie about."""


def _no_link(text: str, _: dict[str, Any]) -> Answer | None:
    return good(_LINK.sub("", text)) if _LINK.search(text) else None


def _another_link(text: str, _: dict[str, Any]) -> Answer | None:
    return good(_LINK.sub(lambda link: f"{link.group()}x", text)) if _LINK.search(text) else None


def _look_alike(text: str, _: dict[str, Any]) -> Answer | None:
    other = _LINK.sub(lambda link: link.group().replace("o", "\u043e").replace("e", "\u0435"), text)
    return good(other) if other != text else None


def _glued(text: str, _: dict[str, Any]) -> Answer | None:
    """Put a claim in front of the question: "Banks switched to it overnight, and which ...?"."""
    asked = re.search(r"\b(?:Which|What|Who|Where|When|How) [^.?!]*\?", text)
    if not asked:
        return None
    question = asked.group()[0].lower() + asked.group()[1:]
    return good(text.replace(asked.group(), f"Banks switched to it overnight, and {question}"))


LIES: dict[str, Lie] = {
    "a new number": lambda text, _: good(f"{text} 4,217 people said yes."),
    "a lost link": _no_link,
    "a pinged channel": lambda text, _: good(f"<!channel> {text}"),
    "the prompt echoed": lambda text, asked: good(f"{text} {asked['messages'][0]['content'][:300]}"),
    "prose": lambda text, _: content(f"Sure, here it is. {text}"),
    "a changed link": _another_link,
    "a look-alike link": _look_alike,
    "a note that tells": lambda text, _: good(f"{text} [our 500 happy customers]"),
    "a claim glued to the question": _glued,
    "praise nobody gave": lambda text, _: good(f"{text} It is painless."),
    "thanks for nothing": lambda text, _: good(f"Thanks for your order. {text}"),
    "a fence": lambda text, _: good(f"```\n{text}\n```"),
    "a hidden letter": lambda text, _: good(text.replace(" ", " \u200b", 1)),
    "an emoji": lambda text, _: good(f"\U0001f3c6 {text}"),
    "an invented experience": lambda text, _: good(f"I tried it for a year and never looked back. {text}"),
}


def tell(done: Sequence["Done"], rules: RuleSet) -> dict[str, Any]:
    """Have every lie told about every draft; return how many were told, and how many were shown."""
    told: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    with StandInLLM() as llm:
        for name, lie in LIES.items():
            for row, rewrite, _ in done:
                # A new writer for each, or its breaker would spare the later ones the lie.
                if rewrite is None or lie(rewrite.text, {"messages": [{"content": ""}]}) is None:
                    continue
                llm.answer_with(_as_script(lie, rewrite.text))
                writer = LlmWriter(base_url=llm.base_url, api_key="none", model="stand-in", max_retries=0)
                suggestion = Coach(rules, writer).rewrite(row.review)
                told[name] += 1
                shown[name] += any(r.source == "llm" for r in suggestion.rewrites)
    return {"told": dict(told), "shown": dict(shown), "bad_shown": sum(shown.values())}


def _as_script(lie: Lie, text: str) -> Callable[[dict[str, Any]], Answer]:
    def answer(asked: dict[str, Any]) -> Answer:
        said = lie(text, asked)
        if said is None:
            raise AssertionError("a lie that was to be told has gone")
        return said

    return answer

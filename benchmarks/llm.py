"""The LLM's column of ``benchmarks.rewrites``, and a stand-in to try it with: ``python -m benchmarks.llm [--port N]``.

The stand-in speaks chat completions on 127.0.0.1 and writes by our rules, another question than they would ask first.
Like a model it is not always good: of ten drafts two get a made-up figure first, mended when a repair asks for it, and
one gets prose whatever is asked. So the column can be seen to be right where no model is at hand; it says nothing of
how well a model writes.
"""

import argparse
import json
import threading
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.coach import Coach
from bot.models import Context
from tests.standin_llm import Answer, StandInLLM, content, good, models

if TYPE_CHECKING:
    from benchmarks.rewrites import Row
    from bot.models import Rewrite

MODEL = "stand-in"


Written = tuple["Rewrite | None", float]
"""A rewrite, if there is one, and its milliseconds."""


class Refused:
    """Counts by which checks candidates were refused; a ``bot.rewrite.memory.Watch``."""

    def __init__(self) -> None:
        self.by: Counter[str] = Counter()

    def tokens(self, prompt: int, completion: int) -> None:
        """Not counted here: a rewrite carries what it cost."""

    def failed_check(self, name: str) -> None:
        self.by[name] += 1


def by_llm(rows: Sequence["Row"], coach: Coach, refused: Refused) -> tuple[list[Written], dict[str, Any]]:
    """Rewrite every row; only the model's own words count, not the rules' that stand in for them.

    Return for each row the rewrite, if any, and the milliseconds by the wall clock, and the figures of them all: how
    often it was none and why, by which checks candidates were refused before a repair or for good, and what the
    rewrites that were shown cost in tokens, repairs included.
    """
    done: list[Written] = []
    why: Counter[str] = Counter()
    tokens = []
    for row in rows:
        started = time.monotonic()
        suggestion = coach.rewrite(row.review)
        ms = (time.monotonic() - started) * 1000
        written = next((rewrite for rewrite in suggestion.rewrites if rewrite.source == "llm"), None)
        why[suggestion.fallback or ("written" if written else "nothing")] += 1
        if written and written.made:
            tokens.append(written.made.prompt_tokens + written.made.completion_tokens)
        done.append((written, ms))
    return done, {
        "outcomes": dict(why.most_common()),
        "refused_by": dict(refused.by.most_common()),
        "tokens_a_rewrite": round(sum(tokens) / max(1, len(tokens))),
    }


class DecentWriter:
    """Answers a request as a fairly good model would."""

    def __init__(self) -> None:
        self._coach = Coach()

    def __call__(self, asked: dict[str, Any]) -> Answer:
        """Answer with one rewrite in the shape asked for."""
        data = json.loads(asked["messages"][1]["content"].splitlines()[1])
        chance = zlib.crc32(data["draft"].encode()) % 10
        if chance == 0:
            return content("Here is something that may work better for your readers.")
        context = Context(network=data.get("goes_to"), variant=1)
        suggestion = self._coach.rewrite(self._coach.review(data["draft"], context), context)
        text = suggestion.rewrites[0].text if suggestion.rewrites else data["draft"]
        repaired = len(asked["messages"]) > 2
        return good(text if repaired or chance > 2 else f"{text} 4,217 people said yes.")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--port", type=int, default=8099)
    with StandInLLM(asked.parse_args().port) as llm:
        llm.answer_with(DecentWriter())
        llm.list_models(models(MODEL))
        print(f"Ctrl-C ends it. Beside it: OPENAI_BASE_URL={llm.base_url} HUMANIZE_LLM_MODEL={MODEL} ...", flush=True)
        try:
            threading.Event().wait()  # until Ctrl-C
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()

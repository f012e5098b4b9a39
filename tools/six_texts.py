"""Six drafts of six kinds and what becomes of them, as the table in docs/rewriting.md: ``python -m tools.six_texts``.

By rules, and by a language model: the one that the settings name with ``--llm``, else a stand-in over HTTP that answers
with rewrites written for this page. Both go through the same checks. The drafts are made up.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.coach import Coach
from bot.making import make_coach
from bot.models import Context, Network, Suggestion
from bot.settings import load_settings
from bot.words import FALLBACKS
from tests.standin_llm import StandInLLM, good


class Six(NamedTuple):
    """A draft, where it goes, and what the stand-in makes of it."""

    kind: str
    network: Network
    draft: str
    answer: str


def six() -> list[Six]:
    """The six, from the file beside this one."""
    return [Six(**text) for text in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))]


def suggested(coach: Coach, text: Six) -> Suggestion:
    """What a coach makes of one of the six."""
    context = Context(network=text.network)
    return coach.rewrite(coach.review(text.draft, context), context)


def by_stand_in(llm: StandInLLM, text: Six) -> Suggestion:
    """The same, by a model that answers as written here."""
    llm.answer_with(good(text.answer))
    return suggested(make_coach(load_settings(openai_base_url=llm.base_url, openai_api_key="none", llm=True)), text)


def _cell(suggestion: Suggestion) -> str:
    said = [rewrite.text for rewrite in suggestion.rewrites[:1]] or [f"*asks:* {q}" for q in suggestion.questions]
    said += [f"*({suggestion.advice})*"] if suggestion.advice else []
    said += [f"*({FALLBACKS[suggestion.fallback]})*"] if suggestion.fallback else []
    return " ".join(said).replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--llm", action="store_true", help="ask the language model that the settings name")
    real = make_coach(load_settings()) if asked.parse_args().llm else None
    rules = Coach()
    print("| draft | by rules | by a language model |\n|---|---|---|")
    with StandInLLM() as llm:
        for text in six():
            by_model = suggested(real, text) if real else by_stand_in(llm, text)
            print(f"| {text.kind}: {text.draft} | {_cell(suggested(rules, text))} | {_cell(by_model)} |")


if __name__ == "__main__":
    main()

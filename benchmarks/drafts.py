"""2,000 made drafts of 20 to 120 words, the same each time, put together from the cases that the rules carry."""

import json
from pathlib import Path
from random import Random

from bot.rules import load_rules


def made(number: int = 2_000) -> list[str]:
    chance = Random(20261122)
    sentences = sorted({" ".join(case.input.split()) for info in load_rules().rules() for case in info.tests})
    sentences = [sentence for sentence in sentences if 3 <= len(sentence.split()) <= 40]
    drafts: set[str] = set()
    while len(drafts) < number:
        words, parts = chance.randint(20, 100), [""]
        while sum(len(part.split()) for part in parts) < words:
            parts += [chance.choice(sentences), chance.choice([" ", " ", "\n", "\n\n"])]
        draft = "".join(parts).strip()
        if len(draft.split()) <= 120:
            drafts.add(draft)
    return sorted(drafts)


def read(path: str) -> list[str]:
    """From a JSON list of {"text": ...}."""
    return [row["text"] for row in json.loads(Path(path).read_text(encoding="utf-8"))]

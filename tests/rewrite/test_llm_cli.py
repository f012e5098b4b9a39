"""``humanize-bot rewrite`` with a model, a voice and wishes, as people type it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standin_llm import StandInLLM, error, good

ROOT = Path(__file__).parents[2]
DRAFT = (
    "We are thrilled to announce that our spring menu starts on Monday. Leeks from the garden behind the kitchen,"
    " bread from next door, and rhubarb until it runs out. Book your table now: table.example/book"
)
LIGHT = (
    "Our spring menu starts on Monday. What do you hope to find on it? Leeks from the garden behind the kitchen,"
    " bread from next door, and rhubarb until it runs out. table.example/book"
)


@pytest.fixture
def llm() -> Iterator[StandInLLM]:
    with StandInLLM() as server:
        yield server


def run(folder: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "rewrite", "-", *args]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(command, cwd=folder, env=environment, input=DRAFT, capture_output=True, text=True)


def test_a_light_edit_for_somebody_by_a_model(tmp_path: Path, llm: StandInLLM) -> None:
    llm.answer_with(good(LIGHT))
    done = run(tmp_path, "--light", "--for", "people who cook", "--format", "json", OPENAI_BASE_URL=llm.base_url)
    (rewrite,) = json.loads(done.stdout)["rewrites"]
    assert (rewrite["text"], rewrite["source"]) == (LIGHT, "llm")
    assert rewrite["made"] == {
        "model": "gpt-4.1-mini", "prompt": 4, "prompt_tokens": 100, "completion_tokens": 20, "cached": False,
    }  # fmt: skip
    assert {"light", "fact_lock"} <= {check["name"] for check in rewrite["checks"]}
    assert '"for_whom": "people who cook"' in llm.requests[0]["messages"][1]["content"]


def test_a_wrong_key_is_said_and_rules_write(tmp_path: Path, llm: StandInLLM) -> None:
    llm.answer_with(error(401))
    done = run(tmp_path, OPENAI_BASE_URL=llm.base_url)
    assert done.returncode == 0
    assert "written by rules" in done.stdout
    assert done.stderr.startswith("humanize-bot: language model in trouble: ")
    assert "set another OPENAI_API_KEY" in done.stderr
    assert "The language model refused our key" in done.stdout
    assert "llm_" not in done.stdout


def test_whose_words_they_are_is_said(tmp_path: Path, llm: StandInLLM) -> None:
    llm.answer_with(good(LIGHT))
    done = run(tmp_path, OPENAI_BASE_URL=llm.base_url, HUMANIZE_LLM_MODEL="model-1")
    assert "written by a language model (model-1)" in done.stdout


def test_words_a_voice_avoids_are_no_part_of_a_rewrite_by_rules(tmp_path: Path) -> None:
    (tmp_path / "voice.yaml").write_text("dont: [rhubarb]\n")
    done = run(tmp_path, "--format", "json", HUMANIZE_VOICE="voice.yaml")
    (rewrite,) = json.loads(done.stdout)["rewrites"]
    assert "rhubarb" not in rewrite["text"]


@pytest.mark.parametrize(
    ("args", "env", "said"),
    [
        ((), {"HUMANIZE_VOICE": "nowhere.md"}, "HUMANIZE_VOICE: nowhere.md: No such file"),
        (("--for", "x" * 301), {}, "up to 300 characters"),
        ((), {"HUMANIZE_LLM_DAILY_TOKENS": "0"}, "LLM_DAILY_TOKENS"),
        ((), {"HUMANIZE_LLM_PAUSE_S": "soon"}, "LLM_PAUSE_S"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path: Path, args: tuple[str, ...], env: dict[str, str], said: str) -> None:
    done = run(tmp_path, *args, **env)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr

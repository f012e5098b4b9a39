"""The command line by its contract, as processes."""

import csv
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MEGAPHONE = "🚀 BIG NEWS! We are thrilled to announce Flowdesk 2.0! Sign up NOW #SaaS #AI #CX"
FIELDS = {"source", "row", "is_draft", "verdict", "score", "categories", "mix", "flags", "praise"}


def run(*args: str, stdin: str | bytes = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "bot", *args], input=given, capture_output=True, cwd=cwd, env=env)
    out = subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in out.stderr, out.stderr
    return out


def test_check_prints_the_contract() -> None:
    done = run("check", "-", "--format", "json", stdin=MEGAPHONE)
    assert done.returncode == 0
    (row,) = json.loads(done.stdout)
    assert set(row) == FIELDS
    assert row["verdict"] == "megaphone"
    assert set(row["categories"]) == {"robotic", "megaphone", "auto_dm"}
    assert row["flags"]
    for flag in row["flags"]:
        assert set(flag) == {"rule", "category", "severity", "start", "end", "match", "why", "question"}
        assert MEGAPHONE[flag["start"] : flag["end"]] == flag["match"]


def test_jsonl_csv_and_columns_keep_their_order(tmp_path: Path) -> None:
    texts = [MEGAPHONE, "", "lunch?", 'He said "no",\nand left']
    with (tmp_path / "posts.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "body"], *([n, text] for n, text in enumerate(texts))])
    done = run("check", "posts.csv", "--column", "body", "--format", "jsonl", cwd=tmp_path)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["row"] for row in rows] == [1, 3, 4]
    assert "posts.csv, row 2" in done.stderr
    assert done.returncode == 2


def test_as_channel_leaves_chatter_alone() -> None:
    done = run("check", "-", "--as-channel", "--format", "json", stdin="lunch? also the build is broken again")
    (row,) = json.loads(done.stdout)
    assert (row["is_draft"], row["flags"], row["verdict"]) == (False, [], "human")


def test_sarif_is_for_machines(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(MEGAPHONE, encoding="utf-8")
    done = run("check", "draft.md", "--format", "sarif", cwd=tmp_path)
    log = json.loads(done.stdout)
    results = log["runs"][0]["results"]
    assert log["version"] == "2.1.0"
    region = results[0]["locations"][0]["physicalLocation"]["region"]
    start = region["charOffset"]
    assert MEGAPHONE[start : start + region["charLength"]] == region["snippet"]["text"]


def test_fail_under() -> None:
    assert run("check", "-", "--fail-under", "50", stdin=MEGAPHONE).returncode == 1
    assert run("check", "-", "--fail-under", "0", stdin=MEGAPHONE).returncode == 0


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "empty"),
        ("binary.txt", b"\x00\x01\x02", "binary"),
        ("latin.txt", "café".encode("latin-1"), "not UTF-8"),
        ("draft.docx", b"PK", "can't tell how to read"),
        ("long.md", b"a" * 40_001, "40,001"),
        ("other.csv", b"id,body\n1,hi\n", "no column 'text' (columns: id, body)"),
        ("half.jsonl", b'{"text": "hi"}\n{"text": \n', "line 2: not JSON"),
        ("other.jsonl", b'{"body": "hi"}\n', "no text under 'text'"),
        ("number.jsonl", b'{"text": 1}\n', "no text under 'text'"),
        ("deep.jsonl", b"[" * 100_000, "line 1: not JSON that can be read"),
        ("digits.jsonl", b"9" * 5_000, "line 1: not JSON that can be read"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    done = run("check", name, cwd=tmp_path)
    assert done.returncode == 2
    assert name in done.stderr
    assert said in done.stderr


def test_a_missing_file_and_an_empty_pipe() -> None:
    assert "nowhere.txt: No such file" in run("check", "nowhere.txt").stderr
    assert "standard input is empty" in run("check", "-").stderr


@pytest.mark.parametrize(
    "text", ["🎉🎉🎉", "مرحبا بكم في متجرنا", "新製品のお知らせです。", "\u200b hi \ufeff", "a" * 40_000]
)
def test_odd_texts_are_reviewed(text: str) -> None:
    (row,) = json.loads(run("check", "-", "--format", "json", stdin=text).stdout)
    assert 0 <= row["score"] <= 100


def test_a_link_that_leads_elsewhere_than_it_looks_is_said() -> None:
    done = run("check", "-", stdin="Sign up NOW! https://flowd\u0435sk.example/go #SaaS #AI #CX")
    assert "it leads to xn--flowdsk-chg.example. Is that the address you mean?" in done.stdout


def test_nothing_of_a_draft_drives_the_terminal(tmp_path: Path) -> None:
    """A draft or a file's name that would clear the screen, set a title, or write over the line above."""
    style = tmp_path / "House"
    style.mkdir()
    (style / "Any.yml").write_text("extends: existence\nmessage: \"Not '%s'.\"\nnonword: true\ntokens: ['BIG.*NEWS']\n")
    evil = "BIG \x1b[2J\x1b]0;title\x07 \x9b31m \x08\x08 NEWS! We are thrilled to announce a game-changer. Sign up NOW!"
    done = run("check", "-", "--styles", str(style), stdin=evil)
    assert "House.Any" in done.stdout
    name = "no\x1b[2Jsuch.txt"
    said = done.stdout + run("rewrite", "-", stdin=evil).stdout + run("check", name).stderr
    assert [sign for sign in said if unicodedata.category(sign) == "Cc" and sign != "\n"] == []


def test_rewrite_prints_the_contract() -> None:
    done = run("rewrite", "-", "--format", "json", stdin=MEGAPHONE)
    (rewrite,) = json.loads(done.stdout)["rewrites"]
    assert set(rewrite) == {"text", "source", "question", "kept", "dropped", "open", "checks"}
    assert rewrite["source"] == "rules"
    assert "Flowdesk 2.0" in rewrite["kept"]
    assert all(check["passed"] for check in rewrite["checks"])
    assert rewrite["question"] in rewrite["text"]


def test_rewrite_leaves_a_good_draft_alone() -> None:
    text = "Priya rebuilt the import after 40 of you told us it broke. Which file still gives you trouble?"
    assert json.loads(run("rewrite", "-", "--format", "json", stdin=text).stdout)["leave_alone"] is True


def test_rules_list_show_and_test() -> None:
    assert "Megaphone.Hashtags" in run("rules", "list").stdout
    assert "evidence" in run("rules", "show", "Megaphone.Hashtags").stdout
    assert "no rule 'Nope'" in run("rules", "show", "Nope").stderr
    assert run("rules", "test").returncode == 0


def test_a_teams_rule_that_is_broken_is_named_and_the_rest_load(tmp_path: Path) -> None:
    style = tmp_path / "House"
    style.mkdir()
    (style / "Good.yml").write_text("extends: existence\nmessage: \"We don't say '%s'.\"\ntokens: [synergy]\n")
    (style / "Bad.yml").write_text("extends: existence\nmessage: no\ntokens: ['(?<=a)b']\n")
    done = run("check", "-", "--styles", str(tmp_path), "--format", "json", stdin="Our synergy is here")
    assert "Bad.yml:" in done.stderr
    assert "House.Good" in [flag["rule"] for flag in json.loads(done.stdout)[0]["flags"]]


def test_check_and_eval_take_a_teams_words_and_what_is_off(tmp_path: Path) -> None:
    draft = "Our award-winning mug is here: register now https://a.example"
    asked = ("--rules-off", "Megaphone.CallToAct, robotic", "--accept", "award-winning", "--reject", "mug")
    (row,) = json.loads(run("check", "-", "--format", "json", *asked, stdin=draft).stdout)
    rules = {flag["rule"] for flag in row["flags"]}
    assert "Team.Rejected" in rules
    assert rules.isdisjoint({"Megaphone.CallToAct", "Megaphone.SelfPraise"})
    (tmp_path / "set.csv").write_text(f"text,label\n{draft},megaphone\n", encoding="utf-8")
    (found,) = json.loads(run("eval", str(tmp_path / "set.csv"), "--format", "json", *asked).stdout)
    assert set(found["labels"]["megaphone"]["rules"]) == rules
    refused = run("check", "-", "--rules-off", "Nope", stdin=draft)
    assert (refused.returncode, "Nope" in refused.stderr) == (2, True)


def test_the_library_says_what_check_prints() -> None:
    from bot.coach import Coach

    (row,) = json.loads(run("check", "-", "--format", "json", stdin=MEGAPHONE).stdout)
    review = Coach().review(MEGAPHONE)
    assert (row["verdict"], row["score"]) == (review.verdict, review.score)
    assert [flag["rule"] for flag in row["flags"]] == [flag.rule for flag in review.flags]


def test_another_language_is_said() -> None:
    text = "Unsere Bäckerei zieht um, ab Montag findet ihr uns neben dem alten Bahnhof in der Gartenstraße."
    assert "reads like German: only what needs no words was looked at" in run("check", "-", stdin=text).stdout

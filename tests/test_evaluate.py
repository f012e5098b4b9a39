"""Figures over small labelled sets of our own."""

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import cli
from bot.coach import Coach
from bot.evaluate import auc, evaluate
from bot.inputs import InputError

WARM = "Hi Ana, thanks for telling me about the loaf that fell apart! Which flour did you use?"
LOUD = "BUY NOW!!! Sign up today at https://shop.example #sale #deal #now #wow"
MADE = "Hi {first_name}, thanks for following! Grab our ebook at https://shop.example"
PLAIN = "We moved the bakery to the other side of the road."


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach()


def write(path: Path, rows: list[str], columns: str = "id,text,label,group") -> str:
    path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def readers(tmp_path: Path) -> str:
    rows = [f'a,"{WARM}",human,North', f'b,"{LOUD}",megaphone,North', f'c,"{MADE}",auto_dm,South']
    rows += [f'd,"{PLAIN}",human,South', f'e,"{LOUD}",human,South', f'f,"{PLAIN}",megaphone,North']
    return write(tmp_path / "readers.csv", rows)


def test_figures_of_verdict_labels(readers: str, coach: Coach) -> None:
    got = evaluate(readers, coach, resamples=200, wrong=10)
    assert (got.n, got.quiet, got.false_alarms, got.false_alarms_per_1000) == (6, 3, 1, 333.3)
    assert {name: round(figure.value, 3) for name, figure in got.figures.items() if "auc" not in name} == {
        "precision": 0.667, "recall": 0.667, "verdict_accuracy": 0.667,
    }  # fmt: skip
    assert got.labels["human"].verdicts == {"human": 0.6667, "megaphone": 0.3333}
    assert got.labels["auto_dm"].flagged["auto_dm"] == 1.0
    assert got.false_alarm_rules.keys() == got.labels["human"].rules.keys()
    assert [(row.id, row.label, row.verdict) for row in got.wrong] == [
        ("e", "human", "megaphone"), ("f", "megaphone", "human"),
    ]  # fmt: skip


def test_intervals_hold_the_value_and_are_the_same_each_time(readers: str, coach: Coach) -> None:
    first, second = (evaluate(readers, coach, resamples=200) for _ in range(2))
    assert first == second
    for figure in first.figures.values():
        assert figure.low is not None
        assert figure.high is not None
        assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_without_resamples_there_are_no_intervals(readers: str, coach: Coach) -> None:
    assert all(figure.low is None for figure in evaluate(readers, coach, resamples=0).figures.values())


def test_auc_by_group_and_over_held_out_groups(tmp_path: Path, coach: Coach) -> None:
    rows = [f'{i},"{text}",{label},{group}' for i in range(5) for group in ("North", "South")
            for text, label in ((WARM, "conversation"), (LOUD, "megaphone"))]  # fmt: skip
    rows.append(f'x,"{WARM}",conversation,Tiny')
    got = evaluate(write(tmp_path / "two.csv", rows), coach, resamples=0)
    assert got.by_group["score_auc"].groups == {"North": 1.0, "South": 1.0}
    assert got.by_group["score_auc"].mean == 1.0
    assert got.by_group["megaphone_auc"].groups == {"North": 1.0, "South": 1.0}
    assert "verdict_accuracy" not in got.figures  # "conversation" is no verdict


def test_too_small_groups_give_no_mean(readers: str, coach: Coach) -> None:
    assert evaluate(readers, coach, resamples=0).by_group["score_auc"].mean is None


def test_a_speak_column_decides(tmp_path: Path, coach: Coach) -> None:
    rows = [f'1,"{LOUD}",broadcast,,yes', f'2,"{WARM}",broadcast,,no', f'3,"{PLAIN}",odd,,Yes']
    got = evaluate(write(tmp_path / "s.csv", rows, "id,text,label,group,speak"), coach, resamples=0)
    assert (got.figures["precision"].value, got.figures["recall"].value) == (1.0, 0.5)
    assert got.quiet == 1


def test_labels_that_say_nothing_of_speaking_give_neither(tmp_path: Path, coach: Coach) -> None:
    got = evaluate(write(tmp_path / "c.csv", [f'"{LOUD}",canned', f'"{WARM}",before'], "text,label"), coach)
    assert got.figures == {}
    assert got.false_alarms_per_1000 is None


def test_as_channel_counts_what_is_seen_as_a_draft(tmp_path: Path, coach: Coach) -> None:
    rows = ['1,"lunch?",chatter,', f'2,"{LOUD}",chatter,']
    got = evaluate(write(tmp_path / "chat.csv", rows), coach, as_channel=True, resamples=0)
    assert got.labels["chatter"].drafts == 0.5
    assert got.false_alarms == 1


COUNTS = st.dictionaries(st.integers(0, 9), st.integers(1, 5), max_size=5)


@given(COUNTS, COUNTS)
def test_auc_is_the_share_of_pairs_won(above: dict[float, int], below: dict[float, int]) -> None:
    pairs = [
        1.0 if a > b else 0.5 if a == b else 0.0
        for (a, times), (b, more) in product(above.items(), below.items())
        for _ in range(times * more)
    ]
    got = auc(above, below)
    assert (got is None) if not pairs else got == pytest.approx(sum(pairs) / len(pairs))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,words\n1,x\n", "no column 'text' (columns: id, words)"),
        ("text\nhello\n", "no column 'label' (columns: text)"),
        ("text,label\n", "no rows"),
        ("", "no column 'text' (columns: none)"),
        ("text,label\nhello,\n", "row 1: the label is empty"),
        ("text,label\nhello\n", "row 1: the label is empty"),
        ("text,label\n,human\n", "row 1: There is nothing to read"),
        ("text,label,speak\nhello,odd,maybe\n", "row 1: speak is 'maybe'; write yes or no"),
    ],
)
def test_a_set_that_cannot_be_used_says_where_and_why(tmp_path: Path, coach: Coach, content: str, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.csv") as caught:
        evaluate(str(path), coach)
    assert said in str(caught.value)


def test_the_command_prints_tables_and_json(readers: str) -> None:
    told = CliRunner().invoke(cli, ["eval", readers, "--resamples", "50", "--wrong", "2"])
    assert told.exit_code == 0
    assert "verdict accuracy: 0.667 (" in told.stdout
    assert "false alarms: 1 of 3, 333.3 per 1,000" in told.stdout
    assert "wrong: e, human, seen as megaphone" in told.stdout
    assert "loaf" not in told.stdout
    got = json.loads(CliRunner().invoke(cli, ["eval", readers, readers, "--format", "json"]).stdout)
    assert [one["n"] for one in got] == [6, 6]
    assert set(got[0]["figures"]["precision"]) == {"value", "low", "high"}


@pytest.mark.parametrize("args", [["no-such.csv"], ["draft.txt"], ["x.csv", "--format", "sarif"]])
def test_bad_use_is_one_line_and_exit_2(args: list[str]) -> None:
    told = CliRunner().invoke(cli, ["eval", *args])
    assert told.exit_code == 2
    assert told.stderr.startswith("humanize-bot: ")
    assert told.stderr.count("\n") == 1

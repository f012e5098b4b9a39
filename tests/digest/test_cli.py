"""``humanize-bot digest`` as people run it."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.store.folder import STORE
from bot.store.sqlite import SqliteStore
from tests.digest.test_build import write

WEEK = "2026-W47"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUMANIZE_DATA_DIR", str(tmp_path))
    store = SqliteStore(tmp_path / STORE)
    write(store, 5, each=3)
    store.close()
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["digest", *args])


def test_text(data: Path) -> None:
    said = run("--week", WEEK)
    assert said.exit_code == 0
    assert said.output.startswith("The week of 16 to 22 November\n15 drafts. 0% of them")


@pytest.mark.parametrize("week", ["2026-W47", "2026w47", "2026-11-16", "2026-11-22"])
def test_a_week_by_any_of_its_names(data: Path, week: str) -> None:
    assert json.loads(run("--week", week, "--format", "json").output)["drafts"] == 15


def test_csv(data: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("--week", WEEK, "--format", "csv").output)))
    figures = {(row["figure"], row["name"]): float(row["value"]) for row in rows}
    assert figures["drafts", ""] == 15
    assert figures["median", "2026-11-16"] == 40
    assert figures["habit", "Megaphone.Caps"] == 15
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_files(data: Path, tmp_path: Path) -> None:
    for name in ("week.png", "week.json", "week.csv"):
        assert run("--week", WEEK, "--team", "T0TEAM", "--out", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).stat().st_size > 100
    assert (tmp_path / "week.png").read_bytes().startswith(b"\x89PNG")


def test_no_file_is_written_over(data: Path, tmp_path: Path) -> None:
    for name in ("week.png", "week.json", "week.csv"):
        (tmp_path / name).write_text("somebody's own")
        said = run("--week", WEEK, "--out", str(tmp_path / name))
        assert (said.exit_code, "is there already" in said.output) == (2, True)
        assert (tmp_path / name).read_text() == "somebody's own"
    (tmp_path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert run("--week", WEEK, "--out", str(tmp_path / "link.csv")).exit_code == 2
    assert not (tmp_path / "elsewhere.csv").exists()


def test_no_example_is_exported(data: Path) -> None:
    store = SqliteStore(data / STORE)
    draft = next(store.recent("T0TEAM", "C0DRAFTS", "U1", 0))
    from datetime import date

    store.digests.agree("T0TEAM", date(2026, 11, 16), "Megaphone.Caps", draft.id)
    store.close()
    assert "example" not in run("--week", WEEK, "--format", "json").output


def test_rebuild(data: Path) -> None:
    store = SqliteStore(data / STORE)
    with store.rollups._db.write() as db:
        db.execute("update rollups set n = n + 1 where figure = 'drafts' and channel = ''")
    store.close()
    assert "15 messages and words of feedback counted; 1 figures had drifted" in run("rebuild").output
    assert "0 figures had drifted" in run("rebuild").output


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--week", "soon"], "is no week"),
        (["--week", "2026-W99"], "is no week"),
        (["--week", WEEK, "--out", "week.gif"], "a .png, .json or .csv file"),
        (["--week", WEEK, "--out", "nowhere/week.csv"], "can't be written"),
        (["--week", "2020-W01", "--out", "week.png"], "there is nothing to draw: No drafts came by"),
    ],
)
def test_what_cannot_be_done_is_said(data: Path, args: list[str], said: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert said in result.output


def test_without_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUMANIZE_DATA_DIR", str(tmp_path))
    result = run()
    assert result.exit_code == 2
    assert "there is no" in result.output

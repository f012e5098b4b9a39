"""Every row of docs/security.md names tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEADS = ("| what could go wrong", "| ---")
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith(HEADS)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:40])
def test_a_threat_names_a_test_that_is_there(row: str) -> None:
    tested = row.rstrip(" |").rpartition("|")[2].strip()
    if tested == "the same":
        return
    named = re.findall(r"`(tests/[^`]+)`", tested)
    assert named
    for place in named:
        path = ROOT / place
        files = [path] if path.is_file() else list(path.glob("test_*.py"))
        assert any("def test_" in file.read_text("utf-8") for file in files), place


def test_the_table_has_rows() -> None:
    assert len(ROWS) > 30

"""Shared fixtures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.sqlite import SqliteStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A real SQLite store in a file."""
    store = SqliteStore(tmp_path / "humanize.db")
    yield store
    store.close()

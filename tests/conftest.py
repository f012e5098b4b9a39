"""Shared fixtures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.store.sqlite import SqliteStore

settings.register_profile("untimed", deadline=None)  # how fast a busy machine is says nothing of the code
settings.load_profile("untimed")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A real SQLite store in a file."""
    store = SqliteStore(tmp_path / "humanize.db")
    yield store
    store.close()

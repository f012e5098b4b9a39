"""Links that somebody put into the data folder: what they lead to stays as it is."""

import stat
from pathlib import Path

import pytest

from bot.store import StoreError
from bot.store.erasure import Subject
from bot.store.folder import alone
from bot.store.sqlite import SqliteStore


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A file outside the data folder."""
    path = tmp_path / "theirs.txt"
    path.write_text("somebody's own words, and enough of them to be taken for a database" * 30)
    path.chmod(0o644)
    return path


@pytest.mark.parametrize("name", ["humanize.db", "lock", "lock-worker", "erasures.jsonl"])
def test_a_link_is_not_written_through(tmp_path: Path, theirs: Path, name: str) -> None:
    folder, before = tmp_path / "data", theirs.read_bytes()
    folder.mkdir()
    (folder / name).symlink_to(theirs)
    with pytest.raises(StoreError) as raised, alone(folder):
        SqliteStore(folder / "humanize.db").erasure.erase(Subject(user="U1"))
    assert str(folder) in str(raised.value)
    assert theirs.read_bytes() == before
    assert stat.S_IMODE(theirs.stat().st_mode) == 0o644


def test_a_data_folder_may_be_a_link_itself(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "elsewhere")
    with alone(tmp_path / "data"):
        SqliteStore(tmp_path / "data" / "humanize.db").close()
    assert (tmp_path / "elsewhere" / "humanize.db").is_file()


def test_links_in_a_circle_are_named(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(tmp_path / "data")
    with pytest.raises(StoreError, match="Can't use the folder"), alone(tmp_path / "data"):
        pass

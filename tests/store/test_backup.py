"""Backups taken and put back, on real files; with a running bot in tests/e2e/test_backup.py."""

import hashlib
import json
import shutil
import sqlite3
import stat
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.doctor import look_at_pauses
from bot.models import Origin
from bot.store import IncomingDraft, PrivateAsk, Reply, StoreError
from bot.store.backup import backup
from bot.store.erasure import Subject
from bot.store.folder import RESTORING, alone
from bot.store.restore import restore
from bot.store.sqlite import SqliteStore
from tests.store.test_erasure import CANARY, fill


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a store and something in the place of the queues."""
    path = tmp_path / "data"
    path.mkdir()
    SqliteStore(path / "humanize.db").close()
    with closing(sqlite3.connect(path / "dbos.db")) as db, db:
        db.execute("create table work(id text)")
    return path


def change(folder: Path) -> SqliteStore:
    return SqliteStore(folder / "humanize.db")


def test_there_and_back(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    mine = fill(store)
    assert backup(folder, tmp_path / "b.zip") > 0  # while the store is open
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "b.zip" in path.name) == ["b.zip"]
    store.close()
    for name in ("humanize.db", "dbos.db"):
        (folder / name).unlink()
    done = restore(tmp_path / "b.zip", folder, 30)
    assert done.lost == ("all",)
    store = change(folder)
    draft = store.draft(mine)
    assert draft is not None
    assert draft.text == f"{CANARY} U1"
    store.close()
    assert stat.S_IMODE((folder / "humanize.db").stat().st_mode) == 0o600
    assert not (folder / RESTORING).exists()


def test_a_backup_under_load_is_whole(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            ts = f"17{number:08}.000001"
            store.save_draft(IncomingDraft(team="T", channel="C", ts=ts, author="U", text="x" * 500))
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(30)
        for number in range(3):
            backup(folder, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    store.close()
    restore(tmp_path / "2.zip", folder, 30)
    with closing(sqlite3.connect(folder / "humanize.db")) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)


def test_what_was_decided_since_counts(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    store.set_watched("T1", "C1", "U1")
    backup(folder, tmp_path / "b.zip")
    store.set_watched("T1", "C1", None)
    store.set_llm("T1", "C2", allowed=False)
    store.switches.pause("U1", "T1")
    store.audit.note("unwatch", who="U1", via="slack")
    store.close()
    assert restore(tmp_path / "b.zip", folder, 30).lost == ()
    store = change(folder)
    assert store.watched_channels() == []
    assert not store.channel("T1", "C2").llm_allowed
    assert store.switches.paused("T1")
    assert [entry.act for entry in store.audit.entries()] == ["unwatch"]
    store.close()


def test_who_was_erased_stays_erased(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    fill(store, "U1", n=1)
    fill(store, "U2", n=2)
    fill(store, "U3", n=3)
    backup(folder, tmp_path / "b.zip")
    store.erasure.erase(Subject(user="U1", team="T1"))
    store.delete_draft("T1", "C1", "1700000002.000100")
    store.close()
    done = restore(tmp_path / "b.zip", folder, 30)
    assert done.erased_again > 0
    shutil.rmtree(done.aside)
    found = b"".join(path.read_bytes() for path in folder.iterdir())
    assert f"{CANARY} U1".encode() not in found
    assert f"{CANARY} U2".encode() not in found
    assert f"{CANARY} U3".encode() in found


def test_erasures_outlive_a_database_that_broke(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    fill(store, "U1")
    backup(folder, tmp_path / "b.zip")
    store.erasure.erase(Subject(user="U1"))
    store.close()
    (folder / "humanize.db").write_bytes(b"broken" * 1000)
    done = restore(tmp_path / "b.zip", folder, 30)
    assert "channels" in done.lost
    store = change(folder)
    assert list(store.recent("T1", "C1", "U1", 0)) == []
    store.close()
    assert len((folder / "erasures.jsonl").read_text().splitlines()) == 1
    assert (done.aside / "humanize.db").read_bytes().startswith(b"broken")


def test_words_whose_time_is_over_do_not_come_back(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    mine = fill(store)
    with store.write() as db:
        db.execute("update drafts set received_at = '2020-01-01'")
    backup(folder, tmp_path / "b.zip")
    store.close()
    restore(tmp_path / "b.zip", folder, 30)
    store = change(folder)
    draft = store.draft(mine)
    assert draft is not None
    assert draft.text is None
    store.close()


def test_after_a_restore_the_bot_looks_before_it_posts(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    known = IncomingDraft(team="T1", channel="C1", ts="1700000001.000100", author="U1", text="x")
    store.save_draft(known)
    answered = fill(store, n=2)
    backup(folder, tmp_path / "b.zip")
    store.close()
    restore(tmp_path / "b.zip", folder, 30)
    store = change(folder)
    assert store.reply(known.id, "thread") == Reply(draft_id=known.id, kind="thread", state="intended")
    kept = store.reply(answered, "thread")
    assert kept is not None
    assert kept.ts == "1.2"
    # A draft of between the backup and the restore, edited now: it has an answer that nobody remembers.
    between = known.model_copy(update={"ts": "1700000009.000100"})
    store.save_draft(between)
    assert store.reply(between.id, "thread") is not None
    later = known.model_copy(update={"ts": "9900000009.000100"})
    store.save_draft(later)
    assert store.reply(later.id, "thread") is None
    store.close()


def test_private_answers_are_not_given_twice(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    fill(store)
    ask = store._db.one("select id from asks", [])
    assert ask is not None
    backup(folder, tmp_path / "b.zip")
    store.close()
    restore(tmp_path / "b.zip", folder, 30)
    store = change(folder)
    assert not store.claim(f"ask:{ask['id']}")
    kept = store.ask(ask["id"])
    assert isinstance(kept, PrivateAsk)
    assert kept.response_url is None
    store.close()


def test_a_restore_is_refused_while_a_bot_runs(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "b.zip")
    before = (folder / "humanize.db").read_bytes()
    with alone(folder), pytest.raises(StoreError, match="Another bot works"):
        restore(tmp_path / "b.zip", folder, 30)
    assert (folder / "humanize.db").read_bytes() == before


def test_a_bot_does_not_start_where_a_restore_was_cut_short(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "b.zip")
    (folder / RESTORING).mkdir()
    with pytest.raises(StoreError, match="cut short before anything was replaced"), alone(folder):
        pass
    (found,) = look_at_pauses(folder)
    assert (found.about, found.state, "restore FILE` once more" in found.mend) == ("restore", "wrong", True)
    restore(tmp_path / "b.zip", folder, 30)
    with alone(folder):
        pass


def _not_a_zip(path: Path) -> None:
    path.write_bytes(b"words, not a backup")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _no_about(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("humanize.db", "x")


def _other_format(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("backup.json", json.dumps({"format": 99}))


def _odd_about(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("backup.json", "[]")


def _changed(path: Path) -> None:
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["dbos.db"] = members["dbos.db"][:-1] + b"!"
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)


def _gone(path: Path) -> None:
    path.unlink()


def _bent(path: Path) -> None:
    """Bytes changed in the middle of what is packed."""
    data = bytearray(path.read_bytes())
    data[600:640] = bytes(40)
    path.write_bytes(data)


def _rewritten(path: Path, kind: int = zipfile.ZIP_DEFLATED, **changed: bytes) -> None:
    """The same archive with other members, and sums that fit them: made by somebody who knows how."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members |= {name.replace("_db", ".db").replace("_json", ".json"): data for name, data in changed.items()}
    about = json.loads(members["backup.json"]) if "backup_json" not in changed else {}
    if about:
        sums = {name: hashlib.blake2b(members[name], digest_size=32).hexdigest() for name in about["blake2b"]}
        members["backup.json"] = json.dumps({**about, "blake2b": sums}).encode()
    with zipfile.ZipFile(path, "w", kind) as file:
        for name, data in members.items():
            file.writestr(name, data)


def _zeros(path: Path) -> None:
    """A few kilobytes that unpack to many megabytes."""
    _rewritten(path, humanize_db=bytes(30_000_000))
    assert path.stat().st_size < 100_000


def _zeros_in_its_note(path: Path) -> None:
    _rewritten(path, backup_json=b"[" * 5_000_000)


def _packed_otherwise(path: Path) -> None:
    """What unpacks at once into memory, however little is read of it."""
    _rewritten(path, zipfile.ZIP_BZIP2)


def _more_members(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("../../escaped", "x")


def _same_member_twice(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as file:
        file.writestr("humanize.db", "x")


def _another_database(path: Path) -> None:
    _rewritten(path, humanize_db=b"SQLite format 3\0" + bytes(4080))


def _with_a_trigger(path: Path) -> None:
    """It would keep a copy of what is erased."""
    other = path.with_name("other.db")
    with zipfile.ZipFile(path) as file:
        other.write_bytes(file.read("humanize.db"))
    with closing(sqlite3.connect(other)) as db, db:
        db.execute("create table copies(text text)")
        db.execute(
            "create trigger keep before update on drafts begin insert into copies values(old.text); end",
        )
    with closing(sqlite3.connect(other)) as db:
        db.execute("pragma journal_mode = delete")
    _rewritten(path, humanize_db=other.read_bytes())


def _no_time(path: Path) -> None:
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    about = json.loads(members["backup.json"])
    del about["made_at"]
    with zipfile.ZipFile(path, "w") as file:
        for name, data in {**members, "backup.json": json.dumps(about).encode()}.items():
            file.writestr(name, data)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_bent, "not a backup"),
        (_zeros, "not a backup"),
        (_zeros_in_its_note, "not a backup"),
        (_packed_otherwise, "not a backup"),
        (_more_members, "not a backup"),
        (_same_member_twice, "not a backup"),
        (_another_database, "not a backup"),
        (_with_a_trigger, "triggers or views"),
        (_no_time, "not a backup"),
        (_not_a_zip, "not a backup"),
        (_cut, "not a backup"),
        (_no_about, "not a backup"),
        (_odd_about, "not a backup"),
        (_other_format, "another version"),
        (_changed, "not as it was written"),
        (_gone, "is not there"),
    ],
)
def test_what_is_no_whole_backup_replaces_nothing(folder: Path, tmp_path: Path, harm: object, said: str) -> None:
    archive = tmp_path / "b.zip"
    backup(folder, archive)
    assert callable(harm)
    harm(archive)
    before = kept(folder)
    with pytest.raises(StoreError, match=said):
        restore(archive, folder, 30)
    assert kept(folder) == before


def kept(folder: Path) -> list[tuple[str, bytes]]:
    """All that lies in a data folder, but for its locks."""
    return sorted((path.name, path.read_bytes()) for path in folder.iterdir() if not path.name.startswith("lock"))


def test_a_backup_larger_than_the_disk_is_not_unpacked(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "b.zip"
    backup(folder, archive)
    size = 1 << 46  # 64 TiB, in pages of 64 KiB
    _rewritten(archive, humanize_db=b"SQLite format 3\0\0\1" + bytes(10) + (size >> 16).to_bytes(4) + bytes(68))
    with zipfile.ZipFile(archive, "a") as file:
        file.getinfo("humanize.db").file_size = size
        file._didModify = True  # type: ignore[attr-defined]  # what it says of itself is written anew, and is a lie
    with pytest.raises(StoreError, match=r"needs 70,\d+,\d+ MB .* has [\d,]+ MB free\. Nothing was restored"):
        restore(archive, folder, 30)
    assert not (folder / RESTORING).exists()


@pytest.mark.parametrize("name", ["a#b", "a?mode=rwc", "100%41", "a b", "\udcff"])
def test_any_name_of_a_folder_will_do(folder: Path, tmp_path: Path, name: str) -> None:
    fill(change(folder))
    folder = folder.rename(tmp_path / name)
    backup(folder, folder / "b.zip")
    restore(folder / "b.zip", folder, 30)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_backup_of_another_company_is_refused(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    store.set_watched("T1", "C1", "U1")
    store.close()
    backup(folder, tmp_path / "b.zip")
    other = tmp_path / "other"
    other.mkdir()
    theirs = SqliteStore(other / "humanize.db")
    theirs.set_watched("T2", "C2", "U2")
    with pytest.raises(StoreError, match=r"The backup is of T1, and .* is of T2\. Nothing was restored"):
        restore(tmp_path / "b.zip", other, 30)
    assert [one.team for one in theirs.watched_channels()] == ["T2"]
    assert not (other / RESTORING).exists()
    theirs.close()


def test_a_link_in_the_place_of_the_unpacked_is_not_followed(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "b.zip")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept").touch()
    (folder / RESTORING).symlink_to(tmp_path / "elsewhere")
    restore(tmp_path / "b.zip", folder, 30)
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["kept"]


def test_a_folder_in_the_place_of_the_database_is_lost_and_said(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "b.zip")
    (folder / "humanize.db").unlink()
    (folder / "humanize.db").mkdir()
    with pytest.raises(StoreError, match="Nothing was restored"):
        restore(tmp_path / "b.zip", folder, 30)
    (folder / "humanize.db").rmdir()
    assert restore(tmp_path / "b.zip", folder, 30).lost == ("all",)


def test_a_backup_from_a_newer_version_replaces_nothing(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    with store.write() as db:
        db.execute(
            "insert into _sqlite_migrations(migration_set, name, applied_at)"
            " values('humanize_bot', 'from_the_future', '')"
        )
    store.close()
    backup(folder, tmp_path / "b.zip")
    with pytest.raises(StoreError, match="newer version"):
        restore(tmp_path / "b.zip", folder, 30)
    assert not (folder / RESTORING).exists()


def test_no_backup_is_overwritten_and_none_left_half(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    target.write_text("an older backup")
    with pytest.raises(StoreError, match="is there already"):
        backup(folder, target)
    (tmp_path / "link.zip").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="is there already"):
        backup(folder, tmp_path / "link.zip")
    with pytest.raises(StoreError, match="can't be written"):
        backup(folder, tmp_path / "no" / "such" / "folder.zip")
    (folder / "humanize.db").write_bytes(b"broken" * 1000)
    with pytest.raises(StoreError, match="not a SQLite database"):
        backup(folder, tmp_path / "c.zip")
    assert {path.name for path in tmp_path.iterdir()} == {"data", "b.zip", "link.zip"}
    with pytest.raises(StoreError, match="nothing to back up"):
        backup(tmp_path, tmp_path / "d.zip")


@pytest.mark.parametrize("name", ["erasures.jsonl", "humanize.db-wal", "restoring"])
def test_a_backup_does_not_take_a_name_of_the_bots(folder: Path, name: str) -> None:
    with pytest.raises(StoreError, match="name of the bot's own"):
        backup(folder, folder / name)


def test_who_only_pressed_something_stays_erased(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    store.choices.name_owner("T1", "C1", "d_1", owner="U7")
    store.choices.note_shown("T1", "C1", "U7", "a_1", ("Robotic.X",))
    backup(folder, tmp_path / "b.zip")
    store.erasure.erase(Subject(user="U7", team="T1"))
    store.close()
    restore(tmp_path / "b.zip", folder, 30)
    store = change(folder)
    assert store.connections.all("select owner from reply_owners") == [{"owner": "erased"}]
    assert store.connections.all("select * from explained") == []
    store.close()


def test_what_a_model_wrote_for_a_deleted_draft_stays_away(folder: Path, tmp_path: Path) -> None:
    store = change(folder)
    mine = fill(store, "U1", n=1)
    store.llm.keep("k", "b", Origin(team="T1", channel="C1", author="U1", draft_id=mine), ("words",))
    backup(folder, tmp_path / "b.zip")
    store.delete_draft("T1", "C1", "1700000001.000100")
    store.close()
    restore(tmp_path / "b.zip", folder, 30)
    store = change(folder)
    assert store.connections.all("select * from llm_rewrites") == []
    assert store.connections.all("select * from contributions where source like 'd_%'") == []
    assert store.rollups.drift() == []
    store.close()


def test_what_cannot_be_kept_aside_is_not_replaced(folder: Path, tmp_path: Path) -> None:
    fill(change(folder))
    backup(folder, tmp_path / "b.zip")
    (folder / "dbos.db-wal").mkdir()  # a file that can't be copied, as on a full disk
    before = (folder / "dbos.db").read_bytes()
    with pytest.raises(StoreError, match="Nothing was restored"):
        restore(tmp_path / "b.zip", folder, 30)
    assert (folder / "dbos.db").read_bytes() == before
    assert [path.name for path in folder.iterdir() if "restor" in path.name] == []

"""``humanize-bot data``, as an operator types it: real processes on a real database."""

import csv
import io
import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.doctor import look_at_files
from bot.store import IncomingDraft
from bot.store.connection import BUSY_TIMEOUT_MS
from bot.store.export import FIELDS
from bot.store.sqlite import SqliteStore
from bot.store.tokens import Tokens, TokenVault, new_key
from tests.store.test_erasure import CANARY, fill

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.mkdir()
    return path


@pytest.fixture
def store(folder: Path) -> SqliteStore:
    return SqliteStore(folder / "humanize.db")


def run(folder: Path, *args: str, code: int = 0, **env: str) -> str:
    """Run a command and return what it printed; without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=folder.parent,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HUMANIZE_DATA_DIR": str(folder), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_export_holds_everything_of_a_person_and_nothing_of_others(folder: Path, store: SqliteStore) -> None:
    fill(store, "U1", n=1)
    fill(store, "U2", n=2)
    store.set_watched("T1", "C1", "U1")
    store.close()
    text = run(folder, "data", "export", "--user", "U1")
    records = json.loads(text)
    assert {record["kind"] for record in records} == {
        "draft", "version", "reply", "ask", "feedback", "channel", "act",
    }  # fmt: skip
    assert all(set(record) == set(FIELDS) for record in records)
    assert f"{CANARY} U1" in text
    assert "U2" not in text


def test_an_export_to_a_file_is_for_its_owner_and_overwrites_nothing(folder: Path, store: SqliteStore) -> None:
    fill(store)
    store.close()
    target = folder.parent / "out.json"
    assert run(folder, "data", "export", "--team", "T1", "--out", str(target)) == ""
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    before = target.read_text()
    assert "there already" in run(folder, "data", "export", "--team", "T1", "--out", str(target), code=2)
    assert target.read_text() == before
    link = folder.parent / "link.json"
    link.symlink_to(folder.parent / "elsewhere.json")
    assert "there already" in run(folder, "data", "export", "--team", "T1", "--out", str(link), code=2)
    assert not (folder.parent / "elsewhere.json").exists()
    lost = str(folder.parent / "no" / "folder.json")
    assert "can't be written" in run(folder, "data", "export", "--team", "T1", "--out", lost, code=2)


EVIL = (
    '=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1", "  =1+1", "＝1+1",
    "\u00a0=1", "\u2003=1", "\u200b=1", "\x0b=1", "\u202e=1", "\ufe66" "1",
)  # fmt: skip


def test_no_cell_of_a_csv_is_a_formula(folder: Path, store: SqliteStore) -> None:
    plain = ('Said "hello", twice', "a;b,c\nd", "5 - 3 = 2")
    for number, text in enumerate((*EVIL, *plain)):
        store.save_draft(IncomingDraft(team="T1", channel="C1", ts=f"17{number:08}.000001", author="U1", text=text))
    store.close()
    written = run(folder, "data", "export", "--channel", "C1", "--format", "csv", "--out", str(folder.parent / "o.csv"))
    assert written == ""
    rows = list(csv.DictReader(io.StringIO((folder.parent / "o.csv").read_bytes().decode(), newline="")))
    cells = [cell for row in rows for cell in row.values()]
    assert [row["kind"] for row in rows] == ["draft"] * (len(EVIL) + len(plain)) + ["act"]  # the last is this export
    assert not [cell for cell in cells if cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    assert [row["text"] for row in rows[:-1]] == [f"'{text}" for text in EVIL] + list(plain)


def test_nothing_is_done_to_a_folder_that_is_being_restored(folder: Path, store: SqliteStore) -> None:
    """An erasure beside a restore would be gone with the files that it was done in."""
    fill(store)
    store.close()
    (folder / "restoring").mkdir()
    for args in (("data", "erase", "--user", "U1", "--yes"), ("data", "export", "--user", "U1"), ("pause",)):
        assert "a restore is under way" in run(folder, *args, code=2)
    assert not (folder / "erasures.jsonl").exists()


def test_erase_asks_first_and_says_what_stays(folder: Path, store: SqliteStore) -> None:
    fill(store)
    store.close()
    assert "--yes" in run(folder, "data", "erase", "--user", "U1", code=2)
    assert "Would go: 1 in drafts" in run(folder, "data", "erase", "--user", "U1", "--dry-run")
    assert CANARY in run(folder, "data", "export", "--user", "U1")
    said = run(folder, "data", "erase", "--user", "U1", "--yes")
    assert "Gone: 1 in drafts" in said
    assert "1 drafts have a reply in Slack" in said
    assert "older backups" in said
    assert json.loads(run(folder, "data", "export", "--user", "U1")) == []
    assert "To go: nothing" in run(folder, "data", "erase", "--user", "U1", "--yes")


def test_copies_from_before_a_restore_are_named_and_do_not_outlive_their_words(
    folder: Path, store: SqliteStore
) -> None:
    fill(store)
    store.close()
    old, new = folder / "before-restore-20200101T000000000000", folder / "before-restore-29990101T000000000000"
    for aside in (old, new):
        aside.mkdir(mode=0o700)
        (aside / "humanize.db").write_bytes((folder / "humanize.db").read_bytes())
    said = run(folder, "data", "erase", "--user", "U1", "--yes")
    assert f"{new} holds a copy from before a restore" in said
    assert [one.seen.split(":")[0] for one in look_at_files(folder) if one.about == "copies"] == [
        f"{old.name}, {new.name}"
    ]
    again = SqliteStore(folder / "humanize.db", keep_text_days=30)
    again.purge()
    again.close()
    assert (old.exists(), new.exists()) == (False, True)


def test_the_audit_log_tells_who_did_what_without_words(folder: Path, store: SqliteStore) -> None:
    fill(store)
    store.close()
    run(folder, "data", "export", "--user", "U1")
    run(folder, "data", "erase", "--user", "U1", "--yes")
    run(folder, "pause")
    run(folder, "resume")
    log = run(folder, "data", "audit").splitlines()
    assert [line.split()[1] for line in log] == ["watch", "export", "erase", "pause", "resume"]
    assert [line.split()[2].split(":")[0] for line in log] == ["erased", "os", "os", "os", "os"]
    assert "U1" not in "\n".join(log)
    assert CANARY not in "\n".join(log)
    assert run(folder, "data", "audit", "--since", "2999-01-01") == ""


def test_keys_are_rotated_from_the_command_line(folder: Path, store: SqliteStore) -> None:
    old, new = run(folder, "data", "new-key").strip(), new_key()
    TokenVault(store.connections, [old]).put(Tokens(team="T1", bot_token="xoxb-canary"))
    store.close()
    assert "not set" in run(folder, "data", "rotate-keys", code=2)
    wrong = run(folder, "data", "rotate-keys", code=2, HUMANIZE_ENCRYPTION_KEYS=new)
    assert "HUMANIZE_ENCRYPTION_KEYS" in wrong
    assert new not in wrong
    in_vain = run(folder, "data", "rotate-keys", HUMANIZE_ENCRYPTION_KEYS=f"{old},{new}")
    assert "nothing changed. If the first key is the old one, put the new one first" in in_vain
    said = run(folder, "data", "rotate-keys", HUMANIZE_ENCRYPTION_KEYS=f"{new},{old}")
    assert ("1 tokens" in said, "nothing changed" in said) == (True, False)
    again = SqliteStore(folder / "humanize.db")
    assert TokenVault(again.connections, [new]).all()[0].bot_token == "xoxb-canary"
    again.close()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("data", "erase", "--yes"), "say whose"),
        (("data", "export"), "say whose"),
        (("data", "restore", "nothing.zip"), "nothing.zip is not there"),
        (("data", "restore", "/dev/zero"), "/dev/zero is no file"),
        (("data", "erase", "--user", "@ada", "--yes"), "'@ada' is not Slack's id"),
        (("data", "erase", "--user", "u1", "--yes"), "in capitals"),
        (("data", "export", "--channel", "#general"), "C…, G… or D…"),
        (("data", "export", "--team", "T1\nT2"), "T… or E…"),
        (("pause", "--team", "general"), "T… or E…"),
        (("pause", "--team", "T0NOBODY"), "there is no workspace T0NOBODY here. There is none"),
        (("data", "audit", "--since", "yesterday"), "is no day"),
        (("data", "backup", "b.zip"), "no dbos.db"),
    ],
)
def test_wrong_use_is_said_in_one_line(folder: Path, store: SqliteStore, args: tuple[str, ...], said: str) -> None:
    store.close()
    assert said in run(folder, *args, code=2)


def test_a_full_disk_behind_standard_output_is_said(folder: Path, store: SqliteStore) -> None:
    fill(store)
    store.close()
    for args in (("data", "export", "--user", "U1"), ("data", "audit")):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "bot", *args],
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HUMANIZE_DATA_DIR": str(folder)},
                cwd=folder.parent, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
            )  # fmt: skip
        assert done.returncode == 2
        assert done.stderr == "humanize-bot: standard output can't be written (No space left on device).\n"
    # Whoever stops reading in the middle of an export has seen it all the same.
    assert [line.split()[1] for line in run(folder, "data", "audit").splitlines()] == ["watch", "export"]


READ_ONLY = """
import importlib, os, pkgutil, sys
from pathlib import Path
import bot.report, bot.settings, bot.store, pydantic_settings, typer
from bot.cli import cli
from bot.cli_data import data_cli
from bot.doctor import look_at_data, look_at_disk
from bot.store import StoreError
from bot.store.erasure import Subject
from bot.store.folder import alone
from bot.store.sqlite import SqliteStore
folder = Path(sys.argv[1])
# What is imported late can't be read any more by then, where all of this lies in a folder of root's own.
for package in (bot.store, typer):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except (ImportError, AssertionError):
                continue  # for another system
if os.getuid() == 0:  # to whom every folder is open
    os.setuid(65534)

def attempt(work):
    try:
        work()
    except StoreError as error:
        print(str(error).replace(str(folder), "FOLDER"))

attempt(lambda: alone(folder).__enter__())
attempt(lambda: SqliteStore(folder / "humanize.db").erasure.erase(Subject(user="U1")))
print(look_at_disk(folder).seen.replace(str(folder), "FOLDER"))
closed = folder / "closed"
print([one.seen.replace(str(folder), "FOLDER") for one in look_at_data(closed)])
os.environ["HUMANIZE_DATA_DIR"] = str(closed)
cli.add_typer(data_cli, name="data")
cli(["data", "backup", "b.zip"])
"""


def test_a_folder_of_somebody_elses_is_named(folder: Path, store: SqliteStore) -> None:
    fill(store)
    store.close()
    for place in (folder, *folder.parents[:-1]):
        place.chmod(place.stat().st_mode | 0o055)  # only for others to come this far
    (folder / "lock").touch(mode=0o644)
    (folder / "closed").mkdir()
    (folder / "closed").chmod(0o600)
    (folder / "humanize.db").chmod(0o444)
    folder.chmod(0o555)
    try:
        # Not from the project's folder, which may be root's own as well.
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(folder)],
            cwd=folder.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        folder.chmod(0o755)
    closed = f"{folder / 'closed' / 'humanize.db'}: permission denied"
    assert done.stderr == f"humanize-bot: {closed}. Run this as the bot's own user, or look who owns it.\n"
    lock, database, disk, data = done.stdout.splitlines()
    assert lock == "Can't use the folder FOLDER: Permission denied. Set HUMANIZE_DATA_DIR."
    assert database.startswith("FOLDER/humanize.db")
    assert disk == "FOLDER can't be written"
    assert data == '["FOLDER/closed can\'t be read"]'
    with closing(sqlite3.connect(folder / "humanize.db")) as db:
        assert db.execute("select count(*) from drafts where text is not null").fetchone() == (1,)


def test_a_command_waits_for_its_turn_beside_a_busy_bot(folder: Path, store: SqliteStore) -> None:
    fill(store)
    store.close()
    with closing(sqlite3.connect(folder / "humanize.db", isolation_level=None)) as db:
        db.execute("begin immediate")
        erasing = subprocess.Popen(
            [sys.executable, "-m", "bot", "data", "erase", "--user", "U1", "--yes"],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HUMANIZE_DATA_DIR": str(folder)},
            cwd=folder.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):  # longer than a bot may wait before Slack comes again
            erasing.wait(BUSY_TIMEOUT_MS / 1000 + 3)
        db.execute("rollback")
    assert "Gone: 1 in drafts" in erasing.communicate(timeout=60)[0]


def test_the_doctor_says_who_else_may_read(folder: Path, store: SqliteStore) -> None:
    fill(store)
    store.close()
    folder.chmod(0o755)
    assert list(look_at_files(folder)) == []
    (folder / "humanize.db").chmod(0o640)
    folder.chmod(0o700)  # nobody else comes as far as the file
    assert list(look_at_files(folder)) == []
    folder.chmod(0o755)
    (folder / "elsewhere").symlink_to("/etc/passwd")  # what it leads to is none of ours
    (found,) = look_at_files(folder)
    assert (found.state, found.seen) == ("look", "others on this machine may read humanize.db")
    (folder / "humanize.db").chmod(0o600)
    folder.chmod(0o777)
    (found,) = look_at_files(folder)
    assert "may put files into" in found.seen
    assert list(look_at_files(folder / "not there")) == []


def test_where_no_bot_ran_there_is_nothing(folder: Path) -> None:
    assert "there is no" in run(folder, "data", "audit", code=2)
    assert list(folder.iterdir()) == []

"""A restore that is killed: at each thing it asks of the system a real process gets a real SIGKILL there."""

import json
import subprocess
import sys
from pathlib import Path

SAVED = """
import os, sqlite3, sys
from pathlib import Path
from bot.store.backup import backup
from bot.store.sqlite import SqliteStore
from tests.store.test_erasure import fill
folder, archive = map(Path, sys.argv[1:])
folder.mkdir()
store = SqliteStore(folder / "humanize.db")
with sqlite3.connect(folder / "dbos.db") as db:
    db.execute("create table work(id text)")
    db.execute("insert into work values('of then')")
fill(store, "U1", n=1)
store.set_watched("T1", "C2", "U1")
backup(folder, archive)
with sqlite3.connect(folder / "dbos.db") as db:
    db.execute("update work set id = 'of now'")
store.set_watched("T1", "C2", None)  # in the journal alone: nothing has moved it into the file yet
fill(store, "U2", n=2)
os._exit(0)  # as after a crash
"""

KILLED = """
import json, os, shutil, signal, sqlite3, sys
from pathlib import Path
from bot.store import StoreError
from bot.store.folder import RESTORING, alone
from bot.store.restore import restore
from bot.store.sqlite import SqliteStore

saved, folder, archive = map(Path, sys.argv[1:])
WATCHED = ("open", "os.", "shutil.", "sqlite3.connect")

def in_a_process(work):
    child = os.fork()
    if child == 0:
        try:
            os._exit(work() or 0)
        except BaseException:
            os._exit(99)
    return os.waitpid(child, 0)[1]

def cut(at):
    seen = 0
    def hook(event, args):
        nonlocal seen
        if event.startswith(WATCHED):
            seen += 1
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    restore(archive, folder, 30)

def look():
    store = SqliteStore(folder / "humanize.db")
    words = sorted(row["text"] or "" for row in store.connections.all("select text from drafts"))
    watched = [channel.channel for channel in store.watched_channels()]
    store.close()
    with sqlite3.connect(folder / "dbos.db") as db:
        work = [id for (id,) in db.execute("select id from work")]
    return [words, watched, work]

results = []
at = 0
while True:
    at += 1
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(saved, folder)
    status = in_a_process(lambda: cut(at))
    try:
        with alone(folder):
            first = look()
    except StoreError:
        left = folder / RESTORING
        assert left.is_dir()
        shutil.rmtree(left)
        first = look()
    asides = len(list(folder.glob("before-restore-*")))
    again = in_a_process(lambda: restore(archive, folder, 30) and 0)
    litter = sorted(p.name for p in folder.iterdir() if not p.name.startswith("before-restore-"))
    results.append([status, first, asides, again, look(), litter])
    if status == 0:
        break
print(json.dumps(results))
"""


def test_a_restore_that_is_killed_is_done_wholly_or_not_at_all(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    paths = [str(tmp_path / name) for name in ("saved", "data", "b.zip")]
    subprocess.run([sys.executable, "-c", SAVED, paths[0], paths[2]], cwd=root, check=True, timeout=60)
    assert (tmp_path / "saved" / "humanize.db-wal").stat().st_size > 0
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *paths], cwd=root, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    then = [["zanzibarquokka U1"], ["C1"], ["of then"]]
    now = [["zanzibarquokka U1", "zanzibarquokka U2"], ["C1"], ["of now"]]
    assert len(results) > 40
    firsts = [first for _, first, _, _, _, _ in results]
    assert all(first in (then, now) for first in firsts)
    turned = firsts.index(then)
    assert firsts == [now] * turned + [then] * (len(firsts) - turned)  # one moment, and never back
    assert len(firsts) - turned > 5
    assert [status for status, *_ in results] == [9] * (len(results) - 1) + [0]
    assert [asides for _, _, asides, _, _, _ in results] == [0] * turned + [1] * (len(firsts) - turned)
    assert all((again, after) == (0, then) for _, _, _, again, after, _ in results)
    assert {tuple(litter) for *_, litter in results} == {
        ("dbos.db", "erasures.jsonl", "humanize.db", "lock", "lock-worker")
    }

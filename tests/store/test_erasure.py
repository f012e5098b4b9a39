"""What goes is gone from the file, what stays names nobody."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.models import Categories, Origin, Part, Review, Suggestion, Wishes
from bot.rewrite.memory import Spent
from bot.store import Feedback, IncomingDraft, PrivateAsk, Reply, StoreError
from bot.store.erasure import ERASERS, IMPERSONAL, PEOPLE, Subject, read_notes
from bot.store.sqlite import SqliteStore

CANARY = "zanzibarquokka"


def fill(store: SqliteStore, user: str = "U1", team: str = "T1", channel: str = "C1", n: int = 0) -> str:
    """A draft with all that can hang on it; its id."""
    draft = IncomingDraft(team=team, channel=channel, ts=f"17000000{n:02}.000100", author=user, text=f"{CANARY} {user}")
    store.save_draft(draft)
    review = Review(text=draft.text, verdict="mixed", score=40, categories=Categories(), mix="news")
    store.save_parts(draft.id, draft.version, (Part(review=review, suggestion=Suggestion(questions=(CANARY,))),))
    store.wish(draft.id, Wishes(keep=(CANARY,)))
    store.intend(draft.id, "thread")
    store.save_reply(Reply(draft_id=draft.id, kind="thread", state="posted", ts="1.2", shown="digest"))
    store.save_ask(
        PrivateAsk(
            id=f"a_{user}_{team}_{channel}_{n}", team=team, channel=channel, user=user, text=CANARY,
            response_url="https://hooks.example/1", created_at=datetime.now(UTC),
        )
    )  # fmt: skip
    store.save_feedback(
        Feedback(team=team, channel=channel, user=user, draft_id=draft.id, about="Robotic.X", said="not_useful")
    )
    store.set_watched(team, channel, user)
    store.audit.note("watch", who=user, via="slack", team=team, channel=channel)
    return draft.id


def raw(folder: Path) -> bytes:
    """Every byte that is on the disk."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


def dump(path: Path) -> str:
    with closing(sqlite3.connect(path)) as db:
        return "\n".join(db.iterdump())


def test_a_person_goes_and_the_figures_stay(store: SqliteStore, tmp_path: Path) -> None:
    mine, theirs = fill(store, "U1", n=1), fill(store, "U2", n=2)
    found = store.erasure.erase(Subject(user="U1"))
    assert found.counts["drafts"] == 1
    assert found.drafts == (mine,)
    store.close()
    left = dump(tmp_path / "humanize.db")
    assert "U1" not in left.replace("U1_", "")
    assert f"{CANARY} U1" not in left
    assert f"{CANARY} U2" in left
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as db:
        assert db.execute("select count(*) from versions").fetchone() == (2,)
        assert db.execute("select count(*) from feedback").fetchone() == (2,)
        assert db.execute("select text, author, deleted, erased from drafts where id = ?", [mine]).fetchone() == (
            None, None, 1, 1,
        )  # fmt: skip
        assert db.execute("select author from drafts where id = ?", [theirs]).fetchone() == ("U2",)


@pytest.mark.parametrize("subject", [Subject(team="T1"), Subject(channel="C1"), Subject(user="U1", team="T1")])
def test_not_a_byte_of_it_is_left_on_the_disk(store: SqliteStore, tmp_path: Path, subject: Subject) -> None:
    for number in range(30):
        fill(store, n=number)
    assert CANARY.encode() in raw(tmp_path)
    store.erasure.erase(subject)
    assert CANARY.encode() not in raw(tmp_path)
    store.close()


def test_others_are_left_alone(store: SqliteStore) -> None:
    elsewhere = [fill(store, "U1", "T2", n=1), fill(store, "U1", "T1", "C2", n=2)]
    fill(store, n=3)
    store.erasure.erase(Subject(team="T1", channel="C1", user="U1"))
    assert all(draft and draft.text for draft in map(store.draft, elsewhere))


def test_a_dry_run_counts_and_changes_nothing(store: SqliteStore, tmp_path: Path) -> None:
    fill(store)
    before = dump(tmp_path / "humanize.db")
    found = store.erasure.erase(Subject(user="U1"), dry_run=True)
    assert found.counts["drafts"] == found.counts["asks"] == found.counts["feedback"] == 1
    assert found.drafts == ()
    assert dump(tmp_path / "humanize.db") == before
    assert read_notes(tmp_path) == []


def test_a_subject_names_something(store: SqliteStore) -> None:
    with pytest.raises(ValueError, match="names a user"):
        store.erasure.erase(Subject(), dry_run=True)


def test_an_erased_draft_does_not_come_back(store: SqliteStore) -> None:
    fill(store, n=1)
    store.erasure.erase(Subject(user="U1"))
    late = IncomingDraft(
        team="T1", channel="C1", ts="1700000001.000100", author="U1", edited_ts="1800000000.000000", text=CANARY
    )
    assert store.save_draft(late) == "deleted"


def test_replies_are_named_until_they_are_taken_away(store: SqliteStore) -> None:
    mine = fill(store)
    store.erasure.erase(Subject(user="U1"))
    assert store.erasure.unremoved() == [mine]
    store.save_reply(Reply(draft_id=mine, kind="thread", state="removed", ts="1.2"))
    assert store.erasure.unremoved() == []
    store.purge()
    assert store.draft(mine) is not None  # its figures need a place


def test_a_database_from_before_forgets_again(store: SqliteStore, tmp_path: Path) -> None:
    fill(store, "U1", n=1)
    fill(store, "U2", "T1", "C9", n=2)
    (tmp_path / "old").mkdir()
    with (
        closing(sqlite3.connect(tmp_path / "humanize.db")) as now,
        closing(sqlite3.connect(tmp_path / "old" / "humanize.db")) as then,
    ):
        now.backup(then)
    store.erasure.erase(Subject(user="U1", team="T1"))
    store.erasure.erase(Subject(channel="C9"))
    store.delete_draft("T1", "C1", "1700000001.000100")
    assert "U1" not in (tmp_path / "erasures.jsonl").read_text()
    old = SqliteStore(tmp_path / "old" / "humanize.db")
    fill(old, "U1", n=5)  # of a time after: who goes on writing is not erased for ever
    with closing(sqlite3.connect(tmp_path / "old" / "humanize.db")) as db, db:
        later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        db.execute("update drafts set received_at = ? where ts = '1700000005.000100'", [later])
    assert old.erasure.replay([*read_notes(tmp_path), *store.erasure.notes()]) > 0
    texts = [row["text"] for row in old._db.all("select text from drafts order by ts")]
    assert texts == [None, None, f"{CANARY} U1"]
    assert old._db.all("select * from asks where user = 'U2'") == []
    old.close()


def test_a_message_deleted_after_the_backup_stays_deleted(store: SqliteStore, tmp_path: Path) -> None:
    mine = fill(store, n=1)
    (tmp_path / "old").mkdir()
    with (
        closing(sqlite3.connect(tmp_path / "humanize.db")) as now,
        closing(sqlite3.connect(tmp_path / "old" / "humanize.db")) as then,
    ):
        now.backup(then)
    store.delete_draft("T1", "C1", "1700000001.000100")
    old = SqliteStore(tmp_path / "old" / "humanize.db")
    old.erasure.replay(store.erasure.notes())
    draft = old.draft(mine)
    assert draft is not None
    assert draft.deleted
    assert draft.text is None
    old.close()


def test_words_go_when_their_time_is_over(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "humanize.db", keep_text_days=30)
    old, new = fill(store, "U1", n=1), fill(store, "U2", n=2)
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as db, db:
        then = (datetime.now(UTC) - timedelta(days=31)).isoformat()
        db.execute("update drafts set received_at = ? where id = ?", [then, old])
        db.execute("update feedback set said_at = ? where user = 'U1'", [then])
    store.purge()
    gone, kept = store.draft(old), store.draft(new)
    assert gone is not None
    assert (gone.text, gone.author, gone.parts, gone.deleted) == (None, None, (), False)
    assert gone.wishes == Wishes()
    assert kept is not None
    assert kept.text
    assert f"{CANARY} U1".encode() not in raw(tmp_path)
    assert store._db.one("select count(*) as n from versions where draft_id = ?", [old]) == {"n": 1}
    users = [row["user"] for row in store._db.all("select user from feedback order by user")]
    assert users[0] == "U2"
    assert users[1].startswith("gone-")
    # An edit of an old message is a new word of its author's.
    again = IncomingDraft(
        team="T1", channel="C1", ts="1700000001.000100", author="U1", edited_ts="1800000000.000000", text="anew"
    )
    assert store.save_draft(again) == "newer"
    assert [draft.author for draft in store.recent("T1", "C1", "U1", 0)] == ["U1"]
    store.close()


def test_every_table_is_known_to_the_erasure(store: SqliteStore) -> None:
    """A new table that holds people or words needs an eraser; one that holds neither says so."""
    tables = {row["name"] for row in store._db.all("select name from sqlite_master where type = 'table'")}
    assert tables == set(ERASERS) | set(IMPERSONAL & tables)


def test_no_table_keeps_a_person_that_was_erased(store: SqliteStore, tmp_path: Path) -> None:
    """Every column of every table is filled with the canary's author or words, by what it is called."""
    store.close()
    people = ("author", "user", "who", "watched_by", "by", "chosen_by", "person", "owner", "asked_by")
    words = ("text", "parts", "wishes")
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as db, db:
        tables = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
        for table in set(tables) - IMPERSONAL:
            columns = {row[1]: row[2] for row in db.execute(f"pragma table_info({table})")}
            row: dict[str, int | str] = {name: 0 if kind == "INTEGER" else "[]" for name, kind in columns.items()}
            known = {"team": "T1", "channel": "C1", "ts": "1700000000.000100", "draft_id": "d_canary", "follows": ""}
            if columns.get("id") == "TEXT":
                known["id"] = "d_canary"
            row |= {name: value for name, value in known.items() if name in row}
            row |= {name: "UCANARY" for name in row if name in people} | {name: CANARY for name in row if name in words}
            row |= {name: "2026-01-01" for name in row if name.endswith("_at") or name == "at"}
            marks = ", ".join("?" * len(row))
            names = ", ".join(f'"{name}"' for name in row)
            db.execute(f"insert into {table}({names}) values({marks})", list(row.values()))
    again = SqliteStore(tmp_path / "humanize.db")
    again.erasure.erase(Subject(user="UCANARY"))
    again.close()
    left = dump(tmp_path / "humanize.db")
    assert "UCANARY" not in left
    assert CANARY not in left


def test_when_the_note_cannot_be_written_nothing_is_erased(store: SqliteStore, tmp_path: Path) -> None:
    fill(store)
    (tmp_path / "erasures.jsonl").mkdir()
    with pytest.raises(StoreError, match="nothing was erased"):
        store.erasure.erase(Subject(user="U1"))
    assert list(store.recent("T1", "C1", "U1", 0))


def test_a_name_does_not_come_back_with_what_was_on_its_way(store: SqliteStore, tmp_path: Path) -> None:
    mine = fill(store, "U1", n=1)
    store.erasure.erase(Subject(user="U1"))
    spent = Spent(model="m", prompt=1, prompt_tokens=1, completion_tokens=1, ms=1, outcome="ok")
    for draft_id in (mine, "a_U1_T1_C1_1"):  # the model was writing meanwhile
        store.llm.record(Origin(team="T1", channel="C1", author="U1", draft_id=draft_id), spent)
        assert len(store.llm.calls(draft_id)) == 1
    store.choices.note_shown("T1", "C1", "U1", mine, ("Robotic.X",))  # and an answer was going out
    assert '"U1"' not in dump(tmp_path / "humanize.db").replace("'", '"')


def test_what_a_model_cost_has_its_author_while_they_are_there(store: SqliteStore, tmp_path: Path) -> None:
    mine = fill(store, "U1", n=1)
    spent = Spent(model="m", prompt=1, prompt_tokens=1, completion_tokens=1, ms=1, outcome="ok")
    store.llm.record(Origin(team="T1", channel="C1", author="U1", draft_id=mine), spent)
    assert store.connections.all("select author from llm_calls") == [{"author": "U1"}]


@pytest.mark.parametrize("reason", ["delivery_failed", "msg_too_long"])
def test_a_reply_that_was_parked_is_taken_away_too(store: SqliteStore, reason: str) -> None:
    mine = fill(store, "U1", n=1)
    store.save_reply(Reply(draft_id=mine, kind="thread", state="parked", ts="1.2", reason=reason))
    assert store.erasure.erase(Subject(user="U1")).drafts == (mine,)


def test_the_reply_to_a_deleted_message_waits_through_a_pause_of_days(store: SqliteStore) -> None:
    mine = fill(store, "U1", n=1)
    store.delete_draft("T1", "C1", "1700000001.000100")
    store.save_reply(Reply(draft_id=mine, kind="thread", state="parked", ts="1.2", reason="delivery_failed"))
    assert store.erasure.unremoved() == []
    assert store.erasure.unremoved(deleted=True) == [mine]
    store.save_reply(Reply(draft_id=mine, kind="thread", state="removed", ts="1.2"))
    assert store.erasure.unremoved(deleted=True) == []


def test_names_beside_what_was_pressed_go_when_their_time_is_over(store: SqliteStore) -> None:
    mine = fill(store, "U1", n=1)
    store.choices.name_owner("T1", "C1", mine, owner="U1")
    spent = Spent(model="m", prompt=1, prompt_tokens=1, completion_tokens=1, ms=1, outcome="ok")
    store.llm.record(Origin(team="T1", channel="C1", author="U1", draft_id=mine), spent)
    old = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    with store.write() as db:
        db.execute("update reply_owners set asked_at = ?", [old])
        db.execute("update llm_calls set called_at = ?", [old])
    store.erasure.forget_old(30)
    assert store.connections.all("select owner from reply_owners") == [{"owner": "erased"}]
    assert store.connections.all("select author, prompt_tokens n from llm_calls") == [{"author": None, "n": 1}]


WRITES = """
import sys
from pathlib import Path
from bot.store import IncomingDraft
from bot.store.sqlite import SqliteStore
store = SqliteStore(Path(sys.argv[1]) / "humanize.db")
for number in range(10_000):
    who = f"U{number % 2 + 1}"
    draft = IncomingDraft(team="T1", channel="C1", ts=f"17{number:08}.000100", author=who, text=f"zanzibarquokka {who}")
    store.save_draft(draft)
    print(number, flush=True)
"""


def test_an_erasure_beside_a_process_that_writes(tmp_path: Path) -> None:
    """All that was there when it began is gone, nobody else's, and what is written meanwhile is whole."""
    store = SqliteStore(tmp_path / "humanize.db", patience_ms=30_000)  # as the command line opens it
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as writer:
        assert writer.stdout is not None
        for _ in range(3):
            seen = [int(writer.stdout.readline()) for _ in range(40)][-1]
            store.erasure.erase(Subject(user="U1"))
            with closing(sqlite3.connect(tmp_path / "humanize.db")) as db:
                rows = db.execute(
                    "select ts, author, text from drafts where ts <= ?", [f"17{seen:08}.000100"]
                ).fetchall()
            assert {(author, text) for ts, author, text in rows if int(ts[2:10]) % 2 == 0} == {(None, None)}
            assert {text for ts, _, text in rows if int(ts[2:10]) % 2} == {f"{CANARY} U2"}
        writer.kill()
    store.close()
    with closing(sqlite3.connect(tmp_path / "humanize.db")) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_restore_looks_for_people_wherever_an_erasure_does() -> None:
    words_only = {"replies", "llm_rewrites"}
    assert {table for table, _, _ in PEOPLE} == set(ERASERS) - words_only

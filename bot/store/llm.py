"""What is remembered of the language model: its rewrites for a day, what it cost, by draft and by day.

Rewrites are kept by a hash of all that they were made from. Which drafts used one stands beside it, so that deleting or
erasing any of them takes the rewrite along; whoever else needs it asks again.
"""

from datetime import UTC, datetime, timedelta

from sqlite_utils.db import Database

from bot.models import Origin
from bot.rewrite.memory import Spent
from bot.store.connection import Connections, Row

MAX_EARLIER = 20
FIGURES_DAYS = 35
"""How long figures (no words) are kept: a month's bill can be looked at."""

_USE = (
    "insert or replace into llm_uses(key, draft_id, team, channel, author, used_at)"
    " select :key, :draft_id, :team, :channel, :author, :now where"
    " exists (select 1 from drafts where id = :draft_id and deleted = 0 and text is not null)"
    " or exists (select 1 from asks where id = :draft_id and text is not null)"
)
"""Note a draft or private ask as a user of a rewrite, unless it is gone."""
_AUTHOR = (
    "(select :author where not exists (select 1 from drafts where id = :draft_id and erased = 1)"
    " and (exists (select 1 from drafts where id = :draft_id) or exists (select 1 from asks where id = :draft_id)))"
)
"""Who made a request, unless they were erased while the model wrote: then it was nobody."""


class LlmStore:
    """The writer's memory in the bot's own database. Every method raises StoreError."""

    def __init__(self, connections: Connections) -> None:
        self._db = connections

    def cached(self, key: str, origin: Origin) -> tuple[str, ...]:
        """The rewrites under ``key``, in order; this draft is one of their users from now on."""
        rows = self._db.all("select text from llm_rewrites where key = ? order by place", [key])
        if not rows or not self._db.run(_USE, _user(key, origin)):
            return ()
        return tuple(row["text"] for row in rows)

    def earlier(self, base: str) -> tuple[str, ...]:
        """Every rewrite of the same words and context, the oldest first."""
        sql = "select text from llm_rewrites where base = ? order by made_at, place limit ?"
        return tuple(dict.fromkeys(row["text"] for row in self._db.all(sql, [base, MAX_EARLIER])))

    def keep(self, key: str, base: str, origin: Origin, texts: tuple[str, ...]) -> None:
        """Keep rewrites if their draft still stands; one that was deleted while the model wrote leaves nothing."""
        now = _now()
        with self._db.write() as db:
            if not db.execute(_USE, _user(key, origin)).rowcount:
                return
            db.execute("delete from llm_rewrites where key = ?", [key])
            for place, text in enumerate(texts):
                db.execute(
                    "insert into llm_rewrites(key, place, base, text, made_at) values(?, ?, ?, ?, ?)",
                    [key, place, base, text, now],
                )

    def drop(self, key: str) -> None:
        """Forget what is kept under ``key``, and who used it."""
        with self._db.write() as db:
            db.execute("delete from llm_rewrites where key = ?", [key])
            db.execute("delete from llm_uses where key = ?", [key])

    def reserve(self, team: str, tokens: int, allowance: int) -> str | None:
        """Set tokens aside in one statement, so that calls at the same time can't both take the last ones."""
        day = _now()[:10]
        taken = self._db.run(
            "insert into llm_days(team, day, tokens) select :team, :day, :tokens where :tokens <= :most"
            " on conflict do update set tokens = tokens + :tokens where tokens + :tokens <= :most",
            {"team": team, "day": day, "tokens": tokens, "most": allowance},
        )
        return day if taken else None

    def settle(self, team: str, day: str, reserved: int, used: int) -> None:
        """Put what was used in the place of what was set aside."""
        sql = "update llm_days set tokens = max(0, tokens + ?) where team = ? and day = ?"
        self._db.run(sql, [used - reserved, team, day])

    def spent_today(self, team: str) -> int:
        """Tokens used and set aside today (UTC)."""
        row = self._db.one("select tokens from llm_days where team = ? and day = ?", [team, _now()[:10]])
        return int(row["tokens"]) if row else 0

    def record(self, origin: Origin, spent: Spent) -> None:
        """Write a request into the books."""
        row = {**origin.model_dump(), **spent._asdict(), "called_at": _now()}
        names = list(row)
        marks = ", ".join(_AUTHOR if name == "author" else f":{name}" for name in names)
        self._db.run(f"insert into llm_calls({', '.join(names)}) values({marks})", row)

    def calls(self, draft_id: str) -> list[Spent]:
        """Every request made for a draft, in order."""
        fields = ", ".join(Spent._fields)
        return [
            Spent(**row)
            for row in self._db.all(f"select {fields} from llm_calls where draft_id = ? order by id", [draft_id])  # noqa: S608 - our own names
        ]

    def purge(self, before: str) -> None:
        """Drop rewrites made before a moment (ISO 8601, UTC), and figures after their own time."""
        self._db.run("delete from llm_rewrites where made_at < ?", [before])
        self._db.run("delete from llm_uses where key not in (select key from llm_rewrites) and used_at < ?", [before])
        old = _now(days=-FIGURES_DAYS)
        self._db.run("delete from llm_calls where called_at < ?", [old])
        self._db.run("delete from llm_days where day < ?", [old[:10]])


def forget_draft(db: Database, draft_id: str) -> None:
    """Forget every rewrite that a draft or private ask used, and that it did; what it cost stays."""
    forget_rewrites(db, "draft_id = :draft_id", {"draft_id": draft_id})
    db.execute("delete from llm_uses where draft_id = ?", [draft_id])


def forget_rewrites(db: Database, where: str, values: Row) -> int:
    """Forget the rewrites whose users fit ``where``, an SQL condition on llm_uses of the caller's own; how many."""
    keys = f"select key from llm_uses where {where}"  # noqa: S608 - the caller's own condition; values are bound
    return db.execute(f"delete from llm_rewrites where key in ({keys})", values).rowcount  # noqa: S608 - as above


def _user(key: str, origin: Origin) -> Row:
    return {**origin.model_dump(), "key": key, "now": _now()}


def _now(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()

"""What people chose for a channel, and what is counted so that the bot learns when to stay silent.

Created by the store beside its own tables. Every method raises StoreError when the database can't be used.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from bot.learning import RuleFigures
from bot.models import Model, Network
from bot.spoken import Strictness
from bot.store.connection import Connections

EXPLAINED_FOR_DAYS = 7
"""A rule's why is told to a person once in this many days; its flag is always shown."""
KEEP_DAYS = 400
"""How long showings are counted: a year of digests and some."""

Verdict = Literal["open", "muted", "kept"]


class Choices(Model):
    """What people chose for a channel; for a whole workspace with an empty ``channel`` (only ``must_keep`` counts)."""

    team: str
    channel: str
    network: Network | None = None
    """Where drafts go that don't say it themselves."""
    private: bool = False
    """True: only the author sees what the bot has to say."""
    must_keep: tuple[str, ...] = Field(default=(), repr=False)
    strictness: Strictness = "usual"


class Mute(Model):
    """A rule that stays silent in a channel, with the figures it was decided by."""

    team: str
    channel: str
    rule: str
    by: str
    at: str
    """ISO 8601, UTC."""
    shown: int = 0
    useless: int = 0


class Proposal(Model):
    """A rule that a channel seems to find useless."""

    team: str
    channel: str
    rule: str
    state: Verdict
    at: str


class OwnerTotals(Model):
    """How many drafts asked their readers something, and for how many somebody said who listens."""

    asked: int
    named: int


class ChoiceStore:
    """Choices, mutes, showings, what was explained, and who listens for replies."""

    def __init__(self, db: Connections) -> None:
        self._db = db

    # what people chose

    def of(self, team: str, channel: str) -> Choices:
        """A channel's choices; the usual ones where nobody chose."""
        row = self._db.one("select * from choices where team = ? and channel = ?", [team, channel])
        if row is None:
            return Choices(team=team, channel=channel)
        return Choices(
            team=team,
            channel=channel,
            network=row["network"],
            private=bool(row["private"]),
            must_keep=tuple(json.loads(row["must_keep"])),
            strictness=row["strictness"],
        )

    def save(self, choices: Choices, by: str) -> None:
        """Keep a channel's choices, and who made them."""
        row = {**choices.model_dump(), "private": int(choices.private), "must_keep": json.dumps(choices.must_keep)}
        self._db.put("choices", {**row, "chosen_by": by, "chosen_at": _ago()})

    def must_keep(self, team: str, channel: str) -> tuple[str, ...]:
        """The words that rewrites keep here: the workspace's and the channel's."""
        return tuple(dict.fromkeys((*self.of(team, "").must_keep, *self.of(team, channel).must_keep)))

    # rules that are silent

    def mute(self, team: str, channel: str, rule: str, by: str) -> None:
        """Have a rule stay silent here from now on."""
        now = next((one for one in self.figures(team, channel) if one.rule == rule), None)
        mute = Mute(
            team=team,
            channel=channel,
            rule=rule,
            by=by,
            at=_ago(),
            shown=now.shown if now else 0,
            useless=now.useless if now else 0,
        )
        self._db.put("mutes", mute.model_dump())
        self._decide(team, channel, rule, "muted")

    def unmute(self, team: str, channel: str, rule: str) -> bool:
        """Let a rule speak again, and count anew; whether it was silent."""
        gone = self._db.run("delete from mutes where team = ? and channel = ? and rule = ?", [team, channel, rule])
        if gone:
            self._decide(team, channel, rule, "kept")
        return bool(gone)

    def mutes(self, team: str, channel: str) -> list[Mute]:
        """Every rule that is silent here."""
        sql = "select * from mutes where team = ? and channel = ? order by rule"
        return [Mute(**row) for row in self._db.all(sql, [team, channel])]

    def muted_since(self, team: str, since: datetime) -> list[Mute]:
        """What was muted in a workspace since then, for its digest."""
        sql = "select * from mutes where team = ? and at >= ? order by at"
        return [Mute(**row) for row in self._db.all(sql, [team, since.astimezone(UTC).isoformat()])]

    # what was shown, and what people said of it

    def explained(self, team: str, person: str, about: str) -> frozenset[str]:
        """The rules whose why this person read within a week, on anything but ``about`` (a draft or an ask)."""
        sql = "select rule from explained where team = ? and person = ? and about <> ? and at >= ?"
        rows = self._db.all(sql, [team, person, about, _ago(EXPLAINED_FOR_DAYS)])
        return frozenset(row["rule"] for row in rows)

    def note_shown(self, team: str, channel: str, person: str, about: str, rules: tuple[str, ...]) -> None:
        """These rules' flags were shown to this person; a rule's why counts from the first time in a week."""
        now, old = _ago(), _ago(EXPLAINED_FOR_DAYS)
        with self._db.write() as db:
            for rule in rules:
                db.execute(
                    "insert into showings(team, channel, rule, about, shown_at) values(?, ?, ?, ?, ?)"
                    " on conflict do nothing",
                    [team, channel, rule, about, now],
                )
                db.execute(
                    "insert into explained(team, person, rule, about, at) select ?, ?, ?, ?, ?"
                    # Erased while the answer went out: no name comes back.
                    " where not exists (select 1 from drafts where id = ? and erased = 1) on conflict do update"
                    " set about = excluded.about, at = excluded.at where at < ?",
                    [team, person, rule, about, now, about, old],
                )

    def figures(self, team: str, channel: str) -> list[RuleFigures]:
        """What became of each rule here since it was last decided on."""
        rows = self._db.all(
            "select s.rule as rule, count(distinct s.about) as shown, count(distinct f.draft_id) as useless,"
            " count(distinct f.user) as people from showings s"
            " left join proposals p on p.team = s.team and p.channel = s.channel and p.rule = s.rule"
            "  and p.state <> 'open'"
            " left join feedback f on f.draft_id = s.about and f.about = s.rule and f.said = 'not_useful'"
            " where s.team = ? and s.channel = ? and s.shown_at > coalesce(p.at, '')"
            " group by s.rule order by s.rule",
            [team, channel],
        )
        return [RuleFigures(**row) for row in rows]

    def propose(self, team: str, channel: str, rule: str) -> bool:
        """Put a rule up for muting; True when it was not before, or not since the last decision's figures."""
        return bool(
            self._db.run(
                "insert into proposals(team, channel, rule, state, at) values(?, ?, ?, 'open', ?)"
                " on conflict do update set state = 'open', at = excluded.at where state = 'kept'",
                [team, channel, rule, _ago()],
            )
        )

    def proposals(self, team: str, channel: str) -> list[Proposal]:
        """What waits for somebody's word."""
        sql = "select * from proposals where team = ? and channel = ? and state = 'open' order by rule"
        return [Proposal(**row) for row in self._db.all(sql, [team, channel])]

    def keep(self, team: str, channel: str, rule: str) -> None:
        """The rule goes on speaking, and counts anew."""
        self._decide(team, channel, rule, "kept")

    def _decide(self, team: str, channel: str, rule: str, state: Verdict) -> None:
        self._db.put("proposals", {"team": team, "channel": channel, "rule": rule, "state": state, "at": _ago()})

    # who listens for replies

    def ask_owner(self, team: str, channel: str, draft_id: str) -> None:
        """A draft asks its readers something; nobody has said yet who listens."""
        self._db.run(
            "insert into reply_owners(draft_id, team, channel, asked_at) values(?, ?, ?, ?) on conflict do nothing",
            [draft_id, team, channel, _ago()],
        )

    def name_owner(self, team: str, channel: str, draft_id: str, **said: str | None) -> None:
        """Keep ``owner`` (a person) or ``until`` (a code of ``handlers.views.listening``) of a draft."""
        self.ask_owner(team, channel, draft_id)
        values: dict[str, Any] = {"id": draft_id, "owner": said.get("owner"), "until": said.get("until")}
        self._db.run(
            "update reply_owners set owner = coalesce(:owner, owner), until = coalesce(:until, until)"
            " where draft_id = :id",
            values,
        )

    def owner_totals(self, team: str, since: datetime) -> OwnerTotals:
        """How many drafts asked something since then, and for how many somebody listens."""
        row = self._db.one(
            "select count(*) as asked, count(owner) as named from reply_owners where team = ? and asked_at >= ?",
            [team, since.astimezone(UTC).isoformat()],
        )
        return OwnerTotals(**row) if row else OwnerTotals(asked=0, named=0)

    # housekeeping

    def purge(self) -> None:
        """Drop what no longer counts."""
        self._db.run("delete from explained where at < ?", [_ago(EXPLAINED_FOR_DAYS)])
        self._db.run("delete from showings where shown_at < ?", [_ago(KEEP_DAYS)])
        self._db.run("delete from reply_owners where asked_at < ?", [_ago(KEEP_DAYS)])


def _ago(days: int = 0) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()

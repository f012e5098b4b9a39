"""Reviews and weeks made for tests: figures only, a few words."""

from datetime import UTC, datetime
from typing import get_args

from bot.models import Categories, Flag, Mix, Part, Praise, Review, Rewrite, Suggestion, Verdict
from bot.store import IncomingDraft

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
MIXES: tuple[Mix, ...] = get_args(Mix)
TEAM, CHANNEL = "T0TEAM", "C0DRAFTS"


def part(
    score: int = 40,
    verdict: Verdict = "megaphone",
    mix: Mix = "own_promotion",
    rules: tuple[str, ...] = ("Megaphone.Caps",),
    praise: tuple[str, ...] = (),
    text: str = "a draft",
    rewritten: bool = True,
) -> Part:
    flags = tuple(
        Flag(rule=rule, category="megaphone", severity="warning", start=0, end=1, match="a", why="w", question="q")
        for rule in rules
    )
    praised = tuple(Praise(rule=rule, start=0, end=1, match="a", why="w") for rule in praise)
    rewrite = Rewrite(text="What would you plan first?", source="rules", question="What would you plan first?")
    return Part(
        review=Review(
            text=text, verdict=verdict, score=score, categories=Categories(), mix=mix, flags=flags, praise=praised
        ),
        suggestion=Suggestion(rewrites=(rewrite,) if rewritten else ()),
    )


def incoming(
    at: datetime,
    author: str = "U1",
    channel: str = CHANNEL,
    edited: datetime | None = None,
    follows: str | None = None,
    team: str = TEAM,
) -> IncomingDraft:
    return IncomingDraft(
        team=team,
        channel=channel,
        ts=ts(at),
        author=author,
        text="a draft",
        edited_ts=ts(edited) if edited else None,
        follows=follows,
    )


def ts(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # plain numbers in order

"""``humanize-bot digest``: a week's figures, its picture, and the sums made anew."""

import re
import sys
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import fail
from bot.cli_data import open_store, write_file

if TYPE_CHECKING:
    from bot.digest import Digest
    from bot.rules import RuleSet
    from bot.store.sqlite import SqliteStore

digest_cli = typer.Typer(
    help="The weekly digest: figures and picture of a week; `digest rebuild` makes the sums anew.",
    invoke_without_command=True,
)


class DigestFormat(StrEnum):
    """How a digest is printed."""

    text = "text"
    json = "json"
    csv = "csv"


@digest_cli.callback()
def digest(
    context: typer.Context,
    team: Annotated[str | None, typer.Option(help="A workspace's id, T…; not needed where there is one.")] = None,
    channel: Annotated[str | None, typer.Option(help="A channel's id, C… or G…; else all of them.")] = None,
    week: Annotated[str, typer.Option(help="2026-W47, any day of it such as 2026-11-18, or last.")] = "last",
    output: Annotated[DigestFormat, typer.Option("--format")] = DigestFormat.text,
    out: Annotated[Path | None, typer.Option(help="A new .png, .json or .csv file, for its owner alone.")] = None,
) -> None:
    """The week as the team's digest tells it, by the same rules about how few people are too few."""
    if context.invoked_subcommand:
        return
    from bot.digest import last_week
    from bot.rules import load_rules

    with open_store() as store:
        team = team or _only_team(store)
        monday = last_week(datetime.now(UTC), store.rollups.settings(team).zone) if week == "last" else _monday(week)
        made = _built(store, team, channel, monday, load_rules())
    if out is None:
        sys.stdout.write(_printed(made, output))
    else:
        _write(made, out)


@digest_cli.command()
def rebuild() -> None:
    """Count every stored draft anew and sum up again; says where the sums had drifted. The bot may be running."""
    with open_store() as store:
        drift = store.rollups.drift()
        counted = store.rollups.rebuild()
    sys.stdout.write(f"{counted} messages and words of feedback counted; {len(drift)} figures had drifted.\n")


def _built(store: "SqliteStore", team: str, channel: str | None, monday: date, rules: "RuleSet") -> "Digest":
    from bot.digest import build, label_of

    now = datetime.now(UTC)
    so_far = monday <= now.date() < monday + timedelta(days=7)
    return build(store, team, channel, monday, lambda rule: label_of(rules, rule), so_far=so_far)


def _only_team(store: "SqliteStore") -> str:
    teams = store.rollups.teams()
    if len(teams) != 1:
        fail(f"there are figures of {len(teams)} workspaces: {', '.join(teams) or 'none'}. Name one with --team.")
    return teams[0]


def _monday(week: str) -> date:
    try:
        found = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", week)
        if found:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
        day = date.fromisoformat(week)
    except ValueError:
        fail(f"--week {week!r} is no week: 2026-W47, a day of it such as 2026-11-18, or last.")
    return day - timedelta(days=day.weekday())


def _printed(made: "Digest", output: DigestFormat) -> str:
    from bot.digest import text
    from bot.digest.export import as_csv, as_json

    if output is not DigestFormat.text:
        return (as_json if output is DigestFormat.json else as_csv)(made)
    lines = [text.title(made), text.finding(made).replace("*", "")]
    if made.tone is not None:
        lines += [text.mix(made), *text.habits(made), made.experiment, made.thanks, *text.small_print(made)]
    return "\n".join(lines) + "\n"


def _write(made: "Digest", out: Path) -> None:
    from bot.digest.chart import CannotDrawError, draw

    kind = out.suffix.lower()
    if kind not in (".png", ".json", ".csv"):
        fail(f"--out {out.name}: a .png, .json or .csv file is what I can write.")
    try:
        written = draw(made) if kind == ".png" else _printed(made, DigestFormat(kind[1:]))
    except CannotDrawError as error:
        fail(str(error))
    if written is None:
        fail(f"there is nothing to draw: {_printed(made, DigestFormat.text).splitlines()[1]}")
    write_file(out, [written])

"""``humanize-bot data``: what is kept, for those who run the bot. And ``pause`` and ``resume``."""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import cli, fail
from bot.newfile import CannotWriteError, write_new

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.erasure import Subject
    from bot.store.sqlite import SqliteStore

PATIENCE_MS = 30_000
"""A busy bot gives the database back between two drafts; nobody waits for an ack of ours."""

data_cli = typer.Typer(help="What is kept: export it, erase it, back it up.", no_args_is_help=True)


class ExportFormat(StrEnum):
    """How an export is written."""

    json = "json"
    csv = "csv"


User = Annotated[str | None, typer.Option("--user", help="A Slack user's id, U… or W….")]
Team = Annotated[str | None, typer.Option("--team", help="A workspace's id, T….")]
ChannelId = Annotated[str | None, typer.Option("--channel", help="A channel's id, C… or G….")]


@data_cli.command()
def export(
    user: User = None,
    team: Team = None,
    channel: ChannelId = None,
    output: Annotated[ExportFormat, typer.Option("--format")] = ExportFormat.json,
    out: Annotated[Path | None, typer.Option(help="A new file, for its owner alone; else standard output.")] = None,
) -> None:
    """Everything kept about a person, a channel or a workspace; what fits all that is given."""
    from bot.store.export import Export, as_csv, as_json

    subject = _subject(user, team, channel)
    with open_store() as store:
        # First: whoever stops reading in the middle has seen it all the same.
        store.audit.note("export", who=_me(), via="cli", team=team, channel=channel, by=_by(subject))
        written = (as_csv if output is ExportFormat.csv else as_json)(Export(store.connections).records(subject))
        if out is None:
            for piece in written:
                sys.stdout.write(piece)
        else:
            write_file(out, written)


@data_cli.command()
def erase(
    user: User = None,
    team: Team = None,
    channel: ChannelId = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Erase words and names for good: drafts, rewrites, private asks, who said what. Figures stay, without a name."""
    from bot.store.folder import asides

    subject = _subject(user, team, channel)
    settings = _settings()
    with open_store(settings) as store:
        found = store.erasure.erase(subject, dry_run=True)
        _tell("Would go" if dry_run else "To go", found.counts)
        if dry_run:
            return
        if not yes:
            if not sys.stdin.isatty():
                fail("nothing was erased: say --yes where nobody can be asked.")
            typer.confirm("Erase it for good?", abort=True)
        done = store.erasure.erase(subject)
        store.audit.note("erase", who=_me(), via="cli", by=_by(subject), rows=sum(done.counts.values()))
        _tell("Gone", done.counts)
        if done.drafts:
            sys.stdout.write(
                f"{len(done.drafts)} drafts have a reply in Slack that quotes them. The bot takes those away within "
                "two minutes, or when it is started next.\n"
            )
        for copy in asides(settings.data_dir):
            sys.stdout.write(f"{copy} holds a copy from before a restore, with all that was kept then. Delete it.\n")
        sys.stdout.write(
            "Not touched: what people wrote in Slack itself, figures without a name, older backups (a restore erases "
            "again what was erased here). New messages are read as before; `/humanize unwatch` ends that.\n"
        )


@data_cli.command()
def backup(target: Annotated[Path, typer.Argument(help="A new file", show_default=False)]) -> None:
    """Copy everything into one file, also while the bot runs. Keep it safe: it holds drafts."""
    from bot.store import StoreError
    from bot.store.backup import backup as take

    settings = _settings()
    try:
        size = take(settings.data_dir, target)
    except StoreError as error:
        fail(str(error))
    sys.stdout.write(f"{target}: {size:,} bytes. Keys for tokens are not in it.\n")
    with open_store(settings) as store:
        store.audit.note("backup", who=_me(), via="cli")


@data_cli.command()
def restore(archive: Annotated[Path, typer.Argument(help="What `data backup` wrote", show_default=False)]) -> None:
    """Put a backup in place; the bot must be stopped. What was there is kept aside."""
    from bot.store import StoreError
    from bot.store.restore import restore as put_back

    settings = _settings()
    os.umask(0o077)
    try:
        done = put_back(archive, settings.data_dir, settings.keep_text_days)
    except StoreError as error:
        fail(str(error))
    with open_store(settings) as store:
        store.audit.note("restore", who=_me(), via="cli", made_at=done.made_at)
    sys.stdout.write(
        f"Restored what was kept at {done.made_at[:19]}Z. Erased again since then: {done.erased_again} rows.\n"
        f"The files from before are in {done.aside}; they hold drafts too, so delete them when all is well.\n"
    )
    if done.lost:
        sys.stdout.write(
            f"Could not be taken over from before ({', '.join(done.lost)}): channels unwatched and switches turned "
            "since the backup are as they were then. Look at `humanize-bot data audit` and at each channel.\n"
        )


@data_cli.command("rotate-keys")
def rotate_keys() -> None:
    """Seal all tokens anew with the first key of HUMANIZE_ENCRYPTION_KEYS; then the others can go."""
    from bot.store import StoreError
    from bot.store.tokens import TokenVault

    settings = _settings()
    with open_store(settings) as store:
        try:
            keys = [key.get_secret_value() for key in settings.encryption_keys]
            vault = TokenVault(store.connections, keys)
            behind, count = vault.behind(), vault.rotate()
        except StoreError as error:
            fail(str(error))
        store.audit.note("rotate-keys", who=_me(), via="cli", tokens=count)
    sys.stdout.write(f"{count} tokens are sealed with the first key now.\n")
    if len(keys) > 1 and count and not behind:
        # The keys in the wrong order look just so, and without the old one nothing could be opened.
        sys.stdout.write(
            "They were before, so nothing changed. If the first key is the old one, put the new one first.\n"
        )


@data_cli.command("new-key")
def make_key() -> None:
    """Make a key for HUMANIZE_ENCRYPTION_KEYS. It is printed once and kept nowhere."""
    from bot.store.tokens import new_key

    sys.stdout.write(f"{new_key()}\n")


@data_cli.command()
def audit(
    since: Annotated[str, typer.Option(help="A day, like 2026-11-01.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 200,
) -> None:
    """Who did what to the bot: watching, switches, erasures, exports, pauses. A line each, the newest last."""
    try:
        since = datetime.fromisoformat(since).isoformat() if since else ""
    except ValueError:
        fail(f"--since {since!r} is no day, like 2026-11-01.")
    with open_store() as store:
        for entry in store.audit.entries(since, limit):
            where = "/".join(filter(None, (entry.team, entry.channel))) or "-"
            detail = " ".join(f"{name}={value}" for name, value in entry.detail.items())
            sys.stdout.write(f"{entry.at[:19]}Z {entry.act:12} {entry.who:16} {entry.via:5} {where} {detail}".rstrip())
            sys.stdout.write("\n")


@cli.command()
def pause(team: Team = None) -> None:
    """The kill switch: from now on nothing is read and nothing posted, everywhere or in one workspace."""
    from bot.store.switches import EVERYWHERE

    _check_id("team", team)
    with open_store() as store:
        _check_known(store, team)
        new = store.switches.pause(_me(), team or EVERYWHERE)
        store.audit.note("pause", who=_me(), via="cli", team=team)
    sys.stdout.write("Paused. `humanize-bot resume` ends it.\n" if new else "It was paused already.\n")


@cli.command()
def resume(team: Team = None) -> None:
    """End a pause. What was taken in before it, and is not a day old, gets its answer now."""
    from bot.store.switches import EVERYWHERE

    _check_id("team", team)
    with open_store() as store:
        ended = store.switches.resume(team or EVERYWHERE)
        store.audit.note("resume", who=_me(), via="cli", team=team)
    sys.stdout.write("Going on.\n" if ended else "It was not paused.\n")


def _check_known(store: "SqliteStore", team: str | None) -> None:
    """A pause that stops nothing is worse than none: whoever sets it believes that the bot holds still."""
    known = store.lifecycle.teams()
    if team and team not in known:
        fail(f"there is no workspace {team} here. There is {', '.join(known) or 'none'}; without --team all is paused.")


def _settings() -> "Settings":
    from bot.settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        fail(str(error))


@contextmanager
def open_store(settings: "Settings | None" = None) -> "Iterator[SqliteStore]":
    """The bot's database, which the bot itself may be using too. Ends with a clear word when there is none."""
    from bot.store import StoreError
    from bot.store.folder import RESTORING, STORE
    from bot.store.sqlite import SqliteStore

    settings = settings or _settings()
    path = settings.data_dir / STORE
    if (settings.data_dir / RESTORING).exists():
        # What is done to a folder that is being replaced would be lost with it.
        fail("a restore is under way there, or was cut short: `humanize-bot doctor` says how to go on.")
    if not path.is_file():
        fail(f"there is no {path}. Run this where the bot runs, or set HUMANIZE_DATA_DIR.")
    os.umask(0o077)
    try:
        store = SqliteStore(path, settings.keep_text_days, PATIENCE_MS)
        try:
            yield store
        finally:
            store.close()
    except StoreError as error:
        fail(str(error))


def _subject(user: str | None, team: str | None, channel: str | None) -> "Subject":
    from bot.store.erasure import Subject

    if not (user or team or channel):
        fail("say whose: --user, --team or --channel (together: what fits all of them).")
    for name, value in (("user", user), ("team", team), ("channel", channel)):
        _check_id(name, value)
    return Subject(user=user or None, team=team or None, channel=channel or None)


def _check_id(name: str, value: str | None) -> None:
    """A name is not an id: with one nothing would be found, and nobody would know why."""
    letters, which = {"user": ("UW", "U… or W…"), "team": ("TE", "T… or E…"), "channel": ("CGD", "C…, G… or D…")}[name]
    if value and not re.fullmatch(rf"[{letters}][A-Z0-9]+", value):
        fail(f"--{name} {value!r} is not Slack's id ({which}, in capitals). Slack shows it at the end of a link.")


def _by(subject: "Subject") -> str:
    """Which kind of thing it went by; never whose."""
    return "+".join(name for name in ("user", "team", "channel") if getattr(subject, name))


def _tell(what: str, counts: dict[str, int]) -> None:
    found = ", ".join(f"{count} in {table}" for table, count in counts.items() if count)
    sys.stdout.write(f"{what}: {found or 'nothing'}.\n")


def write_file(path: Path, pieces: Iterable[str | bytes]) -> None:
    """A new file for its owner alone; ends with a clear word when there is one already or it can't be written."""
    try:
        write_new(path, pieces)
    except CannotWriteError as error:
        fail(str(error))


def _me() -> str:
    """Who sits at this command line, for the audit log."""
    try:
        import pwd

        return f"os:{pwd.getpwuid(os.getuid()).pw_name}"
    except (ImportError, KeyError):
        return "os:unknown"

"""The entry point: the commands of the running bot. What they start is in ``bot.run``."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import BAD_USE, Format, cli, fail, say
from bot.cli_data import data_cli
from bot.cli_digest import digest_cli
from bot.inputs import InputError

if TYPE_CHECKING:
    from bot.playground.server import SlackStandIn
    from bot.settings import Settings

cli.add_typer(data_cli, name="data")
cli.add_typer(digest_cli, name="digest")


@cli.command()
def serve(
    http: Annotated[
        bool, typer.Option("--http/--socket", help="Slack calls us (signed HTTP), or we call Slack (Socket Mode).")
    ] = False,
) -> None:
    """Run the bot. SIGTERM finishes what runs, keeps what waits, and exits 0."""
    from bot.log import configure
    from bot.settings import SettingsError, load_settings
    from bot.store import StoreError

    try:
        settings = load_settings()
        settings.require_for(http=http)
        configure(settings.log_level)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        _serve(settings, http=http)
    except (SettingsError, StoreError) as error:
        fail(str(error))
    finally:
        _leave_threads_behind()


def _serve(settings: "Settings", *, http: bool) -> None:
    """The front in this process, and a worker in one of its own that is started meanwhile."""
    from bot.run.link import WorkerProcess
    from bot.store.folder import alone

    with alone(settings.data_dir), WorkerProcess.spawned() as worker:
        from bot.run.front import build_front, serve_http, serve_socket
        from bot.run.parts import opened

        with opened(settings) as parts:
            front = build_front(parts, worker.state)
            parts.store.handoffs.wake_with(worker.wake)
            worker.start()
            (serve_http if http else serve_socket)(front)


@cli.command()
def doctor(
    output: Annotated[Format, typer.Option("--format", help="text or json")] = Format.text,
) -> None:
    """Look at tokens, scopes, the database, the language model, the clock and the rules; exit 1 when one is wrong.

    Changes nothing, and may run beside a working bot.
    """
    from bot.doctor import as_json, as_text, look_around
    from bot.making import team_rules
    from bot.settings import SettingsError, load_settings
    from handlers.doctor import look_at_slack

    if output not in (Format.text, Format.json):
        fail("--format is text or json here.")
    logging.disable()  # what is wrong is said as a finding
    try:
        settings = load_settings()
        findings = [*look_at_slack(settings), *look_around(settings, team_rules(settings))]
    except SettingsError as error:
        fail(str(error))
    sys.stdout.write(as_json(findings) if output is Format.json else "".join(as_text(findings)))
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


@cli.command()
def playground(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8765,
    http: Annotated[bool, typer.Option("--http/--socket", help="How the stand-in delivers to the bot.")] = False,
    month: Annotated[bool, typer.Option("--month", help="With a made team's month of drafts, and its digest.")] = False,
) -> None:
    """The bot and a stand-in Slack with a page, on 127.0.0.1: no Slack and no key needed."""
    import tempfile

    from bot.log import configure
    from bot.manifest import load_manifest
    from bot.playground.features import Features
    from bot.playground.samples import SAMPLES
    from bot.playground.server import SlackStandIn
    from bot.settings import SettingsError
    from bot.store import StoreError

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        features = Features.from_manifest(load_manifest(), SAMPLES)
        with (
            SlackStandIn(port, features=features) as slack,
            tempfile.TemporaryDirectory(prefix="humanize-playground-") as data,
        ):
            settings = _playground_settings(slack, Path(data))
            configure("WARNING")
            if month:
                _remember_month(settings)
            with _beside(slack, settings, http=http):
                slack.command("ada", "drafts", "/humanize", "watch")
                rewrites = (
                    f"by {settings.llm_host}" if settings.llm_host else "by rules alone (no language model is set)"
                )
                sys.stdout.write(f"humanize-bot playground: {slack.url}\nRewrites: {rewrites}. Stop with Ctrl-C.\n")
                sys.stdout.flush()
                threading.Event().wait()  # until a signal
    except OSError as error:
        fail(f"can't listen on 127.0.0.1:{port} ({error.strerror}). Choose another with --port.")
    except (SettingsError, StoreError) as error:
        fail(str(error))
    finally:
        _leave_threads_behind()


def _remember_month(settings: "Settings") -> None:
    """A made team's month, reviewed and kept before the bot starts; its digest is the first thing the bot sends."""
    from datetime import UTC, datetime

    from bot.making import make_coach
    from bot.month import remember_month
    from bot.playground.people import TEAM_ID
    from bot.store.folder import STORE
    from bot.store.sqlite import SqliteStore

    store = SqliteStore(settings.data_dir / STORE, settings.keep_text_days)
    try:
        remember_month(store, make_coach(settings), TEAM_ID, "C0DRAFTS", datetime.now(UTC))
    finally:
        store.close()


def _playground_settings(slack: "SlackStandIn", data: Path) -> "Settings":
    """The stand-in's tokens and nobody else's, whatever the environment holds; an LLM is used when one is set."""
    from bot.settings import load_settings

    return load_settings(
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_APP_TOKEN=slack.app_token,
        SLACK_SIGNING_SECRET=slack.signing_secret,
        SLACK_CLIENT_ID="",
        SLACK_CLIENT_SECRET="",
        SLACK_API_URL=slack.api_url,
        channels=(),
        admins=(),
        encryption_keys=(),
        data_dir=data,
        host="127.0.0.1",
        port=0,
        poll_s=0.05,
    )


@contextmanager
def _beside(slack: "SlackStandIn", settings: "Settings", *, http: bool) -> Iterator[None]:
    """Front and worker in this process, connected to the stand-in."""
    from bot.metrics import WorkMetrics
    from bot.run.front import build_front, http_thread, socket_mode
    from bot.run.parts import opened
    from bot.run.worker import state_of, working
    from bot.store.folder import alone

    with alone(settings.data_dir), opened(settings) as parts:
        metrics = WorkMetrics()
        front = build_front(parts, lambda: state_of(workflows, metrics))
        with working(parts, metrics) as workflows, (http_thread if http else socket_mode)(front, slack):
            parts.store.handoffs.wake_with(workflows.wake)
            yield


def _stop(_signal: int, _frame: object) -> None:
    """SIGTERM and SIGINT: leave by the ordinary way, through every ``finally``. uvicorn raises the signal once more."""
    raise SystemExit(0)


def _leave_threads_behind() -> None:
    """A worker that still waits for an LLM would hold up the exit; its work is stored and goes on at the next start."""
    code = sys.exc_info()[1]
    if threading.active_count() > 1 and isinstance(code, SystemExit):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code.code if isinstance(code.code, int) else 0)


def main() -> None:
    """Errors that people can mend end in one line and exit code 2."""
    try:
        cli()
    except InputError as error:
        say(str(error))
        sys.exit(BAD_USE)


if __name__ == "__main__":
    main()

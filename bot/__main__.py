"""The entry point and the wiring of the running bot: the only file that imports ``handlers``."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import BAD_USE, cli, fail, make_coach, say
from bot.inputs import InputError

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.settings import Settings

DRAIN_S = 20
"""How long a stop waits for what runs; what waits in the queue is kept for the next start."""


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
        settings.require("slack_bot_token", "slack_signing_secret" if http else "slack_app_token")
        configure(settings.log_level)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        with running(settings) as app:
            (_serve_http if http else _serve_socket)(settings, app)
    except (SettingsError, StoreError) as error:
        fail(str(error))
    finally:
        _leave_threads_behind()


@contextmanager
def running(settings: "Settings") -> Iterator["App"]:
    """Everything wired and working: store, coach, workflows, Bolt app. Raises SettingsError, StoreError."""
    from bot.intake import Intake
    from bot.rules import load_rules
    from bot.store.sqlite import SqliteStore
    from bot.workflows import Services, Workflows
    from handlers.app import build_app, connect, token_of
    from handlers.client import SlackAddress
    from handlers.outbox import SlackOutbox
    from handlers.wiring import Wiring

    store = SqliteStore(settings.data_dir / "humanize.db")
    try:
        connect(settings, store)
        intake = Intake(load_rules())
        services = Services(
            coach=make_coach(settings),
            intake=intake,
            store=store,
            outbox=SlackOutbox(SlackAddress.of(settings).client(token_of(settings), patient=False)),
            llm=settings.llm_configured,
            workers=settings.workers,
            llm_workers=settings.llm_workers,
            poll_s=settings.poll_s,
        )
        workflows = Workflows(services, settings.data_dir / "dbos.db", settings.executor_id)
        workflows.launch()
        try:
            yield build_app(settings, Wiring(store=store, queue=workflows, intake=intake, llm_host=settings.llm_host))
        finally:
            workflows.stop(DRAIN_S)
    finally:
        store.close()


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


def _serve_http(settings: "Settings", app: "App") -> None:
    import uvicorn

    from handlers.http import build_http

    config = uvicorn.Config(
        build_http(app),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run()


def _serve_socket(settings: "Settings", app: "App") -> None:
    from handlers.client import SlackAddress
    from handlers.socket import connected

    token = settings.slack_app_token
    with connected(app, SlackAddress.of(settings), token.get_secret_value() if token else ""):
        threading.Event().wait()  # until a signal


def main() -> None:
    """Errors that people can mend end in one line and exit code 2."""
    try:
        cli()
    except InputError as error:
        say(str(error))
        sys.exit(BAD_USE)


if __name__ == "__main__":
    main()

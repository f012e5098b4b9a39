"""The entry point and the wiring of the running bot: the only file that imports ``handlers``."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from bot.cli import BAD_USE, Format, cli, fail, make_coach, say
from bot.cli_data import data_cli
from bot.cli_digest import digest_cli
from bot.inputs import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slack_bolt import App
    from slack_sdk.socket_mode.builtin import SocketModeClient
    from starlette.routing import Route

    from bot.coach import Coach
    from bot.metrics import Metrics
    from bot.playground.server import SlackStandIn
    from bot.settings import Settings
    from bot.store import Store
    from bot.workflows import Workflows
    from handlers.status import Status

log = logging.getLogger(__name__)

cli.add_typer(data_cli, name="data")
cli.add_typer(digest_cli, name="digest")


class Running(NamedTuple):
    """The parts of a running bot that the transports need."""

    app: "App"
    store: "Store"
    workflows: "Workflows"
    metrics: "Metrics"
    install: "Sequence[Route]" = ()
    """Routes for installs, where many workspaces may install the app."""


SWITCH_S = 0.0003
"""How long a thread that computes may keep the others waiting: an ack must not queue behind reviews (default 5 ms)."""
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
        settings.require_for(http=http)
        configure(settings.log_level)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        with running(settings) as bot:
            (_serve_http if http else _serve_socket)(settings, bot)
    except (SettingsError, StoreError) as error:
        fail(str(error))
    finally:
        _leave_threads_behind()


@cli.command()
def doctor(
    output: Annotated[Format, typer.Option("--format", help="text or json")] = Format.text,
) -> None:
    """Look at tokens, scopes, the database, the language model, the clock and the rules; exit 1 when one is wrong.

    Changes nothing, and may run beside a working bot.
    """
    from bot.doctor import as_json, as_text, look_around
    from bot.settings import SettingsError, load_settings
    from handlers.doctor import look_at_slack

    if output not in (Format.text, Format.json):
        fail("--format is text or json here.")
    logging.disable()  # what is wrong is said as a finding
    try:
        settings = load_settings()
        findings = [*look_at_slack(settings), *look_around(settings, make_coach(settings).rules)]
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
            with running(settings) as bot, (_http_thread if http else _socket)(settings, bot, slack):
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
        data_dir=data,
        host="127.0.0.1",
        port=0,
        poll_s=0.05,
    )


@contextmanager
def running(settings: "Settings") -> Iterator["Running"]:
    """Everything wired and working: store, coach, workflows, Bolt app. Raises SettingsError, StoreError."""
    from bot.store.folder import alone

    os.umask(0o077)  # what is kept is for its owner alone, SQLite's side files too
    with alone(settings.data_dir), _wired(settings) as both:
        yield both


@contextmanager
def _wired(settings: "Settings") -> Iterator["Running"]:
    from bot.calendar.send import Calendars
    from bot.digest import label_of
    from bot.digest.send import DigestSender
    from bot.intake import Intake
    from bot.metrics import Metrics
    from bot.priority import AcksFirst
    from bot.steps import Services
    from bot.store.folder import QUEUES, STORE
    from bot.store.sqlite import SqliteStore
    from bot.store.tokens import check_keys
    from bot.workflows import Workflows
    from handlers import oauth
    from handlers.app import build_app, connect
    from handlers.calendar import SlackCalendarOutbox
    from handlers.digest import SlackDigestOutbox
    from handlers.outbox import SlackOutbox
    from handlers.tokens import OneToken, token_source
    from handlers.wiring import Wiring

    store = SqliteStore(settings.data_dir / STORE, settings.keep_text_days)
    try:
        source = token_source(settings, store)
        many = not isinstance(source, OneToken)
        if not many:
            connect(settings, store)
        sending = partial(source.client, patient=False)
        _leave_unlisted(settings, store)
        check_keys([key.get_secret_value() for key in settings.encryption_keys])
        metrics = Metrics()
        coach = make_coach(settings, store.llm, metrics)
        coach.warm_up()
        _say_who_writes(settings, coach)
        sys.setswitchinterval(SWITCH_S)
        for problem in coach.rules.problems:
            log.warning("rule left out", extra={"file": f"{problem.path}:{problem.line}", "why": problem.message})
        intake = Intake(coach.rules)
        acks = AcksFirst()

        def label(rule: str) -> str:
            return label_of(coach.rules, rule)

        services = Services(
            coach=coach,
            intake=intake,
            store=store,
            outbox=SlackOutbox(sending),
            llm_host=settings.llm_host,
            workers=settings.workers,
            llm_workers=settings.llm_workers,
            poll_s=settings.poll_s,
            metrics=metrics,
            acks=acks,
            digests=DigestSender(store, SlackDigestOutbox(sending), label),
            calendars=Calendars(store, coach, intake, SlackCalendarOutbox(sending), label, acks),
        )
        workflows = Workflows(services, settings.data_dir / QUEUES, settings.executor_id)
        workflows.launch()
        try:
            wiring = Wiring(
                store=store,
                queue=workflows,
                intake=intake,
                rules=coach.rules,
                llm_host=settings.llm_host,
                acks=services.acks,
                client_of=source.client if many else None,
                admins=frozenset(settings.admins),
                channels=frozenset(settings.channels),
                keep_text_days=settings.keep_text_days,
                erase_after_days=settings.erase_after_uninstall_days,
            )
            install = oauth.routes(oauth.Installer(settings, store)) if many else ()
            yield Running(build_app(settings, wiring, source), store, workflows, services.metrics, install)
        finally:
            workflows.stop(DRAIN_S)
    finally:
        store.close()


def _leave_unlisted(settings: "Settings", store: "Store") -> None:
    """Channels that were watched before HUMANIZE_CHANNELS left them out are read no more."""
    for one in store.watched_channels() if settings.channels else ():
        if one.channel not in settings.channels:
            store.set_watched(one.team, one.channel, None)
            store.audit.note("unwatch", who="bot", via="bot", team=one.team, channel=one.channel, why="not listed")
            log.warning("channel left: it is not in HUMANIZE_CHANNELS", extra={"channel": one.channel})


def _say_who_writes(settings: "Settings", coach: "Coach") -> None:
    """Once, at the start. What is wrong with the model's server is found out beside it: drafts need not wait."""
    if settings.llm_host is None:
        log.info("rewrites by rules alone: no language model is set, or HUMANIZE_LLM is false")
        return
    log.info("rewrites by a language model", extra={"host": settings.llm_host, "model": settings.llm_model})
    threading.Thread(target=coach.probe, name="llm-probe", daemon=True).start()


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


def _serve_http(settings: "Settings", bot: "Running") -> None:
    import socket

    import uvicorn

    from bot.settings import SettingsError
    from handlers.http import build_http

    config = uvicorn.Config(
        build_http(bot.app, _status(bot), _signing_secret(settings), bot.install),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    try:
        listener = socket.create_server((settings.host, settings.port))
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise SettingsError(
            f"Can't listen on {where} ({error.strerror}); set HUMANIZE_PORT or HUMANIZE_HOST."
        ) from None
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _signing_secret(settings: "Settings") -> str:
    settings.require("slack_signing_secret")
    return settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""


def _status(bot: "Running", connected: "Callable[[], bool] | None" = None) -> "Status":
    """What operators may ask; call it once for a running bot."""
    from handlers.status import Status

    bot.metrics.watch(bot.workflows.workload, connected)
    return Status(bot.store, bot.workflows.workload, bot.metrics, connected)


def _serve_socket(settings: "Settings", bot: "Running") -> None:
    from handlers.status import status_server

    link: list[SocketModeClient] = []
    status = _status(bot, lambda: bool(link) and link[0].is_connected())
    # Before the connection: while Slack can't be reached, /readyz says so.
    with status_server(status, settings.host, settings.port), _socket(settings, bot) as client:
        link.append(client)
        threading.Event().wait()  # until a signal


@contextmanager
def _socket(settings: "Settings", bot: "Running", slack: "SlackStandIn | None" = None) -> Iterator["SocketModeClient"]:
    from handlers.client import SlackAddress
    from handlers.socket import connected

    token = settings.slack_app_token
    secret = token.get_secret_value() if token else ""
    with connected(bot.app, SlackAddress.of(settings), secret, bot.metrics) as client:
        if slack is not None:
            slack.use_socket()
            slack.wait_for(client.is_connected)
        yield client


@contextmanager
def _http_thread(settings: "Settings", bot: "Running", slack: "SlackStandIn") -> Iterator[None]:
    """The HTTP server in a thread, beside the stand-in."""
    import socket

    import uvicorn

    from handlers.http import build_http

    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = build_http(bot.app, _status(bot), _signing_secret(settings))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        slack.use_http(f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events")
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(10)


def main() -> None:
    """Errors that people can mend end in one line and exit code 2."""
    try:
        cli()
    except InputError as error:
        say(str(error))
        sys.exit(BAD_USE)


if __name__ == "__main__":
    main()

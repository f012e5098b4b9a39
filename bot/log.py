"""Logs as JSON lines: ids and codes, never a draft's text.

An exception's message may quote what it choked on, so only its type and the places in the code are printed.
"""

import logging
import sys
import traceback
from pathlib import Path

import structlog
from structlog.typing import EventDict, Processor

QUIET = ("slack_sdk", "slack_bolt", "openai", "httpx2", "httpcore2", "uvicorn.access", "dbos")
"""Libraries that print requests or bodies at INFO or DEBUG; they get WARNING whatever our level is."""
QUIET_FAMILIES = frozenset(name for name in QUIET if "." not in name)


def configure(level: str) -> None:
    """Send every log line of this process to stderr as JSON."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _only_places,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_speaks_up)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        library = logging.getLogger(name)
        library.handlers[:] = [handler]  # DBOS adds a handler of its own where it finds none
        library.propagate = False
        library.setLevel(logging.WARNING)


def _speaks_up(record: logging.LogRecord) -> bool:
    """Not every library asks its parent: Bolt gives each logger of its own the root's level."""
    return record.levelno >= logging.WARNING or record.name.split(".")[0] not in QUIET_FAMILIES


def _only_places(_logger: object, _name: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error_type"] = type(error).__name__
        event["error_at"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-6:]]
    return event

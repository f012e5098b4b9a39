"""Nothing is read twice: not a text within one rewrite, nor what was made of its facts. Nothing outlives either."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from bot.facts.model import Facts

T = TypeVar("T")
_read: ContextVar[dict[tuple[str, str], Any] | None] = ContextVar("read", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Within it, functions marked :func:`of_text` read each text once: a rewrite is looked at from many sides.

    Nothing of the texts is kept when it ends. It holds for the thread or task that entered it.
    """
    token = _read.set({}) if _read.get() is None else None
    try:
        yield
    finally:
        if token is not None:
            _read.reset(token)


def of_text(read: Callable[[str], T]) -> Callable[[str], T]:
    """Remember what ``read`` makes of a text, which nobody may change, within :func:`reading_once`."""
    name = f"{read.__module__}.{read.__qualname__}"

    @wraps(read)
    def remembered(text: str) -> T:
        known = _read.get()
        if known is None:
            return read(text)
        made: T
        if (name, text) in known:
            made = known[name, text]
        else:
            made = known[name, text] = read(text)
        return made

    return remembered


def of_facts(read: Callable[[Facts], T]) -> Callable[[Facts], T]:
    """Keep what ``read`` makes of the facts of a text with them: what is asked from many sides is worked out once."""
    name = f"{read.__module__}.{read.__qualname__}"

    @wraps(read)
    def remembered(facts: Facts) -> T:
        made: T
        if name in facts.read:
            made = facts.read[name]
        else:
            made = facts.read[name] = read(facts)
        return made

    return remembered

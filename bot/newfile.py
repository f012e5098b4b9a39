"""Files that a command writes: new ones, for their owner alone, whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path


class CannotWriteError(Exception):
    """The file can't be written; the message says why, and nothing is left of it."""


def write_new(path: Path, pieces: Iterable[str | bytes]) -> None:
    """Write a file that is not there yet: never over another one, never through a link. Text becomes UTF-8.

    Raises CannotWriteError; what ``pieces`` raises goes through. Neither leaves a file.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CannotWriteError(f"{path} is there already. Name another file.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a path"
        raise CannotWriteError(f"{path} can't be written ({why}).") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece.encode("utf-8", "backslashreplace") if isinstance(piece, str) else piece)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise CannotWriteError(f"{path} can't be written ({error.strerror}).") from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise

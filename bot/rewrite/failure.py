"""Why a writer gave nothing."""

from bot.models import FallbackReason


class WriterError(Exception):
    """A writer could not help. ``reason`` is a code without any text of the draft or the answer.

    ``asked`` is False when nothing was sent to anybody.
    """

    def __init__(self, reason: FallbackReason, *, asked: bool = True) -> None:
        super().__init__(reason)
        self.reason: FallbackReason = reason
        self.asked = asked

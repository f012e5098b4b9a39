"""What waits: figures of the queues and of parked drafts, for operators."""

from bot.models import Model

STUCK_S = 900
"""Work that has been due for this long says that the bot does not get on; retries wait at most 300 s."""


class QueueFigures(Model):
    """One queue. ``age_s``: seconds for which its oldest piece of work has been due; 0 when none is."""

    name: str
    depth: int
    age_s: float


class Workload(Model):
    """All that waits or runs."""

    queues: tuple[QueueFigures, ...]
    parked: int
    """Drafts that could not be answered, each with its reason in the store."""

    @property
    def oldest_s(self) -> float:
        """How long the oldest piece of work has been due, in seconds."""
        return max((queue.age_s for queue in self.queues), default=0)

    @property
    def stuck(self) -> bool:
        """Whether something has been due for so long that the bot does not get on."""
        return self.oldest_s > STUCK_S


class WorkerState(Model):
    """How the worker gets on. ``figures``: its metrics as Prometheus reads them."""

    workload: Workload | None = None
    trouble: str = ""
    """Why there is no workload."""
    figures: str = ""


class WorkerAwayError(Exception):
    """The worker does not answer; says why. It is being started again, or an operator has to look."""

"""Preconditions: what must hold on its day for an event of a task to follow.

The same functions guard the commands.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event, Refusal
from domain.organisation.organisation import Organisation
from domain.tasks.events import TaskEvent


class TaskState:
    """One task on a day with all that hangs on it, and what may follow on it."""

    def __init__(self, task_id: str, organisation: Organisation) -> None:
        self.task_id = task_id
        self.organisation = organisation

    def require(self, event: TaskEvent) -> None:
        """Pass if the event can follow.

        Raises:
            Refusal: it cannot.
        """

    def evolve(self, event: TaskEvent) -> None:
        """Fold the event, which belongs to the task."""

    def deciding_body(self) -> str | None:
        """The body entitled to decide on the task, if it has begun."""
        return None

    def violations(self, on: date) -> Iterator[tuple[frozenset[str], Refusal]]:
        """Who answers for the task at the end of the day and does not hold the post."""
        yield from ()


def tasks_concerned(changed: Sequence[Event], seen: Sequence[Event]) -> Iterator[Selector]:
    """The tasks that the changed events belong to or on which these stand, and their posts."""
    yield from ()

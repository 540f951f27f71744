"""Matters: what hangs on a task and is numbered by kind: opened once, settled once.

They are numbered 1, 2, 3 … in the order of recording, whatever the day from which they count.
"""

from datetime import date
from typing import Generic, TypeVar

from domain.kernel import Conflict, Event, NotFound, Refusal, noun
from domain.tasks.changes import MatterNumber
from domain.tasks.events import AnsweredEvent


class MatterOpened(AnsweredEvent):
    """A matter is opened: `number` counts those of its kind under the task, from 1."""

    number: MatterNumber


class MatterSettled(AnsweredEvent):
    """The matter of that number is settled: resolved, answered, decided or closed."""

    number: MatterNumber


class MatterUnknown(NotFound):
    """The task {task_id} has no {matter} number {number}.

    Việc {task_id} không có {matter} số {number}.
    """


class MatterClosed(Conflict):
    """The {matter} {number} of the task {task_id} was settled on {settled_on}; that happens once.

    Việc {task_id}: {matter} số {number} đã được giải quyết ngày {settled_on}; chỉ một lần.
    """


Opened = TypeVar("Opened", bound=MatterOpened)

SETTLING: tuple[type[Refusal], ...] = (MatterUnknown, MatterClosed)


class Matters(Generic[Opened]):
    """The matters of one kind under one task, as far as they have been folded."""

    def __init__(self, opened: type[Opened], settled: type[MatterSettled]) -> None:
        self._kinds = opened, settled
        self.opened: dict[int, Opened] = {}
        self.settled: dict[int, date] = {}

    def evolve(self, event: Event) -> None:
        opened, settled = self._kinds
        if isinstance(event, opened):
            self.opened[event.number] = event
        elif isinstance(event, settled):
            self.settle(event.number, event.effective_on)

    def settle(self, number: int, on: date) -> None:
        """Take note that the matter was settled on that day."""
        self.settled[number] = on

    @property
    def pending(self) -> list[int]:
        """The numbers not settled yet, in the order in which they were opened."""
        return [number for number in self.opened if number not in self.settled]

    def awaiting(self, task_id: str, number: int) -> Opened:
        """The matter of that number, which is not settled yet.

        Raises:
            MatterUnknown, MatterClosed.
        """
        opened, _ = self._kinds
        named = {"task_id": task_id, "matter": noun(opened), "number": number}
        if number not in self.opened:
            raise MatterUnknown(**named)
        if number in self.settled:
            raise MatterClosed(**named, settled_on=self.settled[number])
        return self.opened[number]

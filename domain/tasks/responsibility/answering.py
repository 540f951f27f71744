"""Answering: what an official answers for, over all tasks, leading them or beside the lead.

A decision sees the official's own events first, and then all of each task that they show.
"""

from dataclasses import dataclass, field

from domain.kernel import Event
from domain.tasks.changes import TaskCarriedOver
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    CompletionReturned,
    HandoverOffered,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
    TaskRegistered,
)
from domain.tasks.leadership import LEADERSHIP, NOBODY, Lead, lead_after
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
    CoAccountables,
)
from domain.tasks.task import Answerable

# What makes an official answer or ends it, and what else stands on the post held.
RESPONSIBILITY: tuple[type[Event], ...] = (
    TaskRegistered,
    HandoverOffered,
    *LEADERSHIP,
    CoAccountableAdded,
    CoAccountableReleased,
    CoAccountabilityHandedOver,
    CompletionClaimed,
    CompletionReturned,
)


@dataclass(slots=True)
class TaskResponsibility:
    """Who answers for one task, and what a decision on it must know."""

    task_id: str
    assigned_by: str = ""
    ended: bool = False
    claimed: bool = False
    lead: Answerable | None = None
    beside: CoAccountables = field(default_factory=CoAccountables)

    def answers_beside(self, official_id: str) -> Answerable | None:
        """The official, if answering beside the lead."""
        return self.beside.by_official.get(official_id)

    def evolve(self, event: TaskEvent) -> None:
        self.beside.evolve(event)
        lead = lead_after(event)
        if isinstance(lead, Lead):
            self.lead = Answerable(*lead, event.effective_on)
        elif lead is NOBODY:
            self.lead = None
        match event:
            case TaskAssigned(assigned_by=body):
                self.assigned_by = body
            case CompletionConfirmed() | TaskCancelled() | TaskCarriedOver():
                self.ended = True
            case CompletionClaimed():
                self.claimed = True
            case CompletionReturned():
                self.claimed = False
            case _:
                pass


@dataclass(frozen=True, slots=True)
class Held:
    """A task for which an official answers, leading it or beside; completion claimed or not."""

    task: TaskResponsibility
    answerable: Answerable
    leads: bool

    @property
    def awaits_confirmation(self) -> bool:
        return self.leads and self.task.claimed


class Answering:
    """The tasks for which one official answers."""

    def __init__(self, official_id: str) -> None:
        self.official_id = official_id
        self.tasks: dict[str, TaskResponsibility] = {}

    def held(self, post_id: str | None = None) -> list[Held]:
        """The open tasks for which the official answers, in that post or in all, by id."""
        held = []
        for _, task in sorted(self.tasks.items()):
            led = task.lead
            leads = led is not None and led.official_id == self.official_id
            who = led if leads else task.answers_beside(self.official_id)
            if who is not None and not task.ended and post_id in {None, who.post_id}:
                held.append(Held(task, who, leads))
        return held

    def evolve(self, event: Event) -> None:
        if not isinstance(event, TaskEvent):
            return
        task = self.tasks.setdefault(event.task_id, TaskResponsibility(event.task_id))
        task.evolve(event)

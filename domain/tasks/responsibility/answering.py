"""Answering: what an official answers for, over all tasks, leading them or beside the lead.

It is read off events that reach a decision in no order of their own: those of the official first,
then the rest of each task. So every fact is kept with its day, and the latest holds: on one day
nobody takes up the same part twice.
"""

from dataclasses import dataclass, field
from datetime import date

from domain.kernel import Event
from domain.tasks.changes import TaskCarriedOver, TaskVacated, VacancyFilled
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    CompletionReturned,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
    TaskHandedOver,
    TaskTransferred,
)
from domain.tasks.leadership import NOBODY, lead_after
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
)
from domain.tasks.task import Answerable

RESPONSIBILITY: tuple[type[Event], ...] = (
    TaskAssigned,
    TaskHandedOver,
    TaskTransferred,
    TaskVacated,
    VacancyFilled,
    CoAccountableAdded,
    CoAccountableReleased,
    CoAccountabilityHandedOver,
    CompletionClaimed,
    CompletionReturned,
    CompletionConfirmed,
    TaskCancelled,
    TaskCarriedOver,
)

# Within a day a part is given up before it is taken up, and taken up before the lead absorbs it.
GIVEN_UP, TAKEN_UP, ABSORBED = range(3)


@dataclass(frozen=True, slots=True)
class Turn:
    """A change in who answers: the part taken up, or None where it is given up."""

    on: date
    rank: int
    part: Answerable | None

    def follows(self, other: "Turn | None") -> bool:
        return other is None or (self.on, self.rank) >= (other.on, other.rank)


@dataclass(slots=True)
class TaskParts:
    """Who answers for one task, and what a decision on it must know."""

    task_id: str
    assigned_by: str = ""
    latest_on: date = date.min
    ended: bool = False
    claimed: bool = False
    lead: Turn | None = None
    beside: dict[str, Turn] = field(default_factory=dict)

    def lead_is(self, turn: Turn) -> None:
        if turn.follows(self.lead):
            self.lead = turn
        if turn.part is not None:
            self.beside_is(turn.part.official_id, Turn(turn.on, ABSORBED, None))

    def beside_is(self, official_id: str, turn: Turn) -> None:
        if turn.follows(self.beside.get(official_id)):
            self.beside[official_id] = turn

    def led_by(self) -> Answerable | None:
        return self.lead.part if self.lead is not None else None

    def part_of(self, official_id: str) -> Answerable | None:
        """The official's part beside the lead."""
        turn = self.beside.get(official_id)
        return turn.part if turn is not None else None


@dataclass(frozen=True, slots=True)
class Held:
    """A part in a task that an official holds: leading it or beside; completion claimed or not."""

    task: TaskParts
    part: Answerable
    leads: bool

    @property
    def awaits_confirmation(self) -> bool:
        return self.leads and self.task.claimed


class Answering:
    """The tasks for which one official answers."""

    def __init__(self, official_id: str) -> None:
        self.official_id = official_id
        self.tasks: dict[str, TaskParts] = {}

    def held(self, post_id: str | None = None) -> list[Held]:
        """The open tasks for which the official answers, in that post or in all, by id."""
        found = []
        for _, task in sorted(self.tasks.items()):
            led = task.led_by()
            leads = led is not None and led.official_id == self.official_id
            part = led if leads else task.part_of(self.official_id)
            if part is not None and not task.ended and post_id in {None, part.post_id}:
                found.append(Held(task, part, leads))
        return found

    def evolve(self, event: Event) -> None:
        if not isinstance(event, TaskEvent):
            return
        task = self.tasks.setdefault(event.task_id, TaskParts(event.task_id))
        task.latest_on = max(task.latest_on, event.effective_on)
        match event:
            case TaskAssigned(assigned_by=body):
                task.assigned_by = body
            case CompletionConfirmed() | TaskCancelled() | TaskCarriedOver():
                task.ended = True
            case CompletionClaimed(official_id=who) if who == self.official_id:
                task.claimed = True
            case CompletionReturned(official_id=who) if who == self.official_id:
                task.claimed = False
            case _:
                pass
        _lead(task, event)
        _beside(task, event)


def _taken(official_id: str, post_id: str, unit_id: str, on: date) -> Turn:
    return Turn(on, TAKEN_UP, Answerable(official_id, post_id, unit_id, on))


def _lead(task: TaskParts, event: TaskEvent) -> None:
    on, lead = event.effective_on, lead_after(event)
    if lead is NOBODY:
        task.lead_is(Turn(on, GIVEN_UP, None))
    elif lead is not None:
        task.lead_is(_taken(*lead, on))


def _beside(task: TaskParts, event: TaskEvent) -> None:
    on = event.effective_on
    match event:
        case CoAccountableAdded(official_id=who):
            task.beside_is(who, _taken(who, event.post_id, event.unit_id, on))
        case CoAccountableReleased(official_id=who):
            task.beside_is(who, Turn(on, GIVEN_UP, None))
        case CoAccountabilityHandedOver(from_official=leaver, to_official=who):
            task.beside_is(leaver, Turn(on, GIVEN_UP, None))
            task.beside_is(who, _taken(who, event.post_id, event.unit_id, on))
        case _:
            pass

"""A recount by hand: what a careful clerk would say of a day, event by event, without tables."""

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.kernel import Event
from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.matters.delegation import PartDelegated, PartReported
from domain.tasks.matters.matter import MatterOpened, MatterSettled
from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from domain.tasks.proposal import IndicatorValue
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
)
from domain.tasks.work.results import PartialResultRecorded


@dataclass
class Stint:
    """An official of a unit with a task, and what came of it."""

    official: str | None
    unit: str
    how: str
    outcome: str = "open"
    to_official: str | None = None
    to_unit: str | None = None


@dataclass
class Account:
    """What is known of a task on a day."""

    state: str
    origin: str
    field: str
    kinds: tuple[str, ...]
    unit: str
    official: str | None = None
    due_on: date | None = None
    year: int | None = None
    completed_on: date | None = None
    ended_on: date | None = None
    position: int = 0
    stints: list[Stint] = dataclasses.field(default_factory=list)
    target: Decimal = Decimal(0)
    reports: dict[int, tuple[str | None, str | None]] = dataclasses.field(default_factory=dict)
    events: int = 0
    beside: set[str] = dataclasses.field(default_factory=set)
    obstacles: int = 0
    parts: list[tuple[Decimal | None, Decimal]] = dataclasses.field(default_factory=list)
    has_result: bool = False
    carried_to: str | None = None

    def passes(self, outcome: str, official: str | None, unit: str, how: str) -> None:
        """The task passes on; how it came is told of who did not have it before."""
        before = self.stints[-1]
        before.outcome, before.to_official, before.to_unit = outcome, official, unit
        goes_on = official == before.official and outcome == "transferred"
        self.stints.append(Stint(official, unit, before.how if goes_on else how))
        self.official, self.unit = official, unit
        self.beside.discard(official or "")

    def read(self) -> tuple[str | None, str | None]:
        """The share and the value reported last, as they read."""
        shares = [share for share, _ in self.reports.values() if share is not None]
        values = [value for _, value in self.reports.values() if value is not None]
        return (shares[-1] if shares else None), (values[-1] if values else None)

    def share(self) -> str | None:
        """The share done: the whole, once the body has confirmed it."""
        return "100" if self.state == "completed" else self.read()[0]


def accounts(events: Sequence[Event], day: date) -> dict[str, Account]:
    """Every task as it stood at the end of the day."""
    found: dict[str, Account] = {}
    for position, event in enumerate(events, 1):
        if event.effective_on <= day and isinstance(event, tasks.TaskEvent):
            _note(found, event)
            found[event.task_id].position = position
    return found


def _note(found: dict[str, Account], event: tasks.TaskEvent) -> None:
    origin = ORIGINS.get(type(event))
    if isinstance(event, Proposing) and origin is not None:
        proposer = event.official_id if isinstance(event, tasks.TaskRegistered) else None
        found[event.task_id] = Account(
            "ready" if proposer is None else "registered",
            origin,
            event.proposal.field,
            event.proposal.kinds,
            event.unit_id,
            official=proposer,
            due_on=event.proposal.deadline,
            target=event.proposal.indicators[0].target,
        )
    task = found[event.task_id]
    task.events += 1
    _note_state(task, event)
    _note_hands(task, event)
    _note_reports(task, event)


Proposing = tasks.TaskRegistered | tasks.TaskCommissioned | changes.TaskContinued
ORIGINS = {
    tasks.TaskRegistered: "registered",
    tasks.TaskCommissioned: "commissioned",
    changes.TaskContinued: "continued",
}


def _note_state(task: Account, event: tasks.TaskEvent) -> None:
    match event:
        case tasks.TaskApproved():
            task.state = "ready"
        case tasks.TaskRejected():
            task.state = "rejected"
        case tasks.CompletionClaimed():
            task.state = "claimed"
        case tasks.TaskAssigned() | tasks.CompletionReturned() | changes.VacancyFilled():
            task.state = "in_progress"
        case changes.TaskVacated():
            task.state = "vacant"
        case tasks.CompletionConfirmed():
            task.state, task.completed_on = "completed", event.completed_on
            task.ended_on, task.stints[-1].outcome = event.effective_on, "completed"
        case tasks.TaskCancelled():
            task.state, task.ended_on = "cancelled", event.effective_on
            if task.stints:
                task.stints[-1].outcome = "cancelled"
        case changes.TaskCarriedOver():
            task.state, task.carried_to = "carried_over", event.to_task
            task.ended_on = event.effective_on - timedelta(1)
            task.stints[-1].outcome = "carried_over"


def _note_hands(task: Account, event: tasks.TaskEvent) -> None:
    match event:
        case tasks.TaskAssigned():
            task.year, task.due_on = event.effective_on.year, event.due_on
            task.official, task.unit = event.official_id, event.unit_id
            task.stints.append(Stint(event.official_id, event.unit_id, "assigned"))
        case tasks.TaskHandedOver():
            task.passes("handed_over", event.to_official, task.unit, "handed_over")
        case tasks.TaskTransferred():
            task.passes("transferred", event.to_official, event.to_unit, "transferred")
        case changes.TaskVacated():
            task.passes("vacated", None, task.unit, "vacated")
        case changes.VacancyFilled():
            task.passes("filled", event.official_id, event.unit_id, "vacancy_filled")
        case CoAccountableAdded():
            task.beside.add(event.official_id)
        case CoAccountableReleased():
            task.beside.remove(event.official_id)
        case CoAccountabilityHandedOver():
            task.beside.remove(event.from_official)
            task.beside.add(event.to_official)


def _note_reports(task: Account, event: tasks.TaskEvent) -> None:
    match event:
        case tasks.ProgressReported():
            share = None if event.share_percent is None else str(event.share_percent)
            task.reports[task.events] = share, _value(event.values)
        case PartialResultRecorded() | tasks.CompletionClaimed():
            task.reports[task.events] = None, _value(event.values)
            task.has_result = task.has_result or isinstance(event, PartialResultRecorded)
        case changes.TaskCorrected(reading=changes.CorrectedReport() as reading):
            share, value = task.reports[event.sequence]
            told = None if reading.share_percent is None else str(reading.share_percent)
            again = value if reading.values is None else _value(reading.values)
            task.reports[event.sequence] = told or share, again
        case changes.TaskCorrected(reading=changes.CorrectedProposal() as reading):
            task.field, task.kinds = reading.field or task.field, reading.kinds or task.kinds
        case changes.TaskAmended():
            task.field, task.kinds = event.proposal.field, event.proposal.kinds
            task.due_on = event.proposal.deadline
            task.target = event.proposal.indicators[0].target
        case changes.TaskRevised():
            task.due_on = event.due_on or task.due_on
            task.target = event.targets[0].target if event.targets else task.target
        case ObstacleRaised() | ObstacleResolved():
            task.obstacles += isinstance(event, MatterOpened) - isinstance(event, MatterSettled)
        case PartDelegated():
            task.parts.append((event.weight_percent, Decimal(0)))
        case PartReported():
            weight, _ = task.parts[event.number - 1]
            task.parts[event.number - 1] = weight, event.share_percent


def _value(values: Sequence[IndicatorValue]) -> str | None:
    """Of the one indicator there is."""
    return str(values[0].actual) if values else None


def answerable(task: Account, day: date) -> str | None:
    """Who leads on the day, "" if nobody does though the task goes on, None if it does not.

    The last day is that on which the task ends; one carried over ended the day before.
    """
    if not task.stints or (task.ended_on is not None and task.ended_on < day):
        return None
    return task.official or ""


def beside(task: Account, day: date) -> set[str]:
    """Who answers beside the lead on the day."""
    return set() if answerable(task, day) is None else task.beside


def brought(task: Account) -> str | None:
    """What the parts have brought of the whole; those without a weight share what is left."""
    if not task.parts:
        return None
    agreed = [weight for weight, _ in task.parts if weight is not None]
    even = Fraction(100 - sum(agreed)) / max(1, len(task.parts) - len(agreed))
    weights = [even if weight is None else Fraction(weight) for weight, _ in task.parts]
    shares = [Fraction(share) for _, share in task.parts]
    exact = sum(weight * share for weight, share in zip(weights, shares, strict=True))
    hundredths = math.floor(exact + Fraction(1, 2))
    return str(Decimal(hundredths).scaleb(-2))


def groups(task: Account, group_by: str) -> Iterable[tuple[str, Stint]]:
    """The stints that count, each under its group."""
    by = {
        "none": ("all",),
        "field": (task.field,),
        "kind": task.kinds,
        "origin": (task.origin,),
        "year": (str(task.year),),
    }
    if group_by == "official":
        return [
            (stint.official, stint)
            for stint in task.stints
            if stint.official is not None
            and not (stint.outcome == "transferred" and stint.official == stint.to_official)
        ]
    if group_by == "unit":
        return [
            (stint.unit, stint)
            for stint in task.stints
            if not (stint.outcome in {"transferred", "filled"} and stint.unit == stint.to_unit)
        ]
    return [(group, stint) for stint in task.stints[-1:] for group in by[group_by]]


def rates(events: Sequence[Event], day: date, group_by: str) -> dict[str, Counter[str]]:
    """Counts by group, of those that have any."""
    found: dict[str, Counter[str]] = {}
    for task in accounts(events, day).values():
        for group, stint in groups(task, group_by):
            counts = found.setdefault(group, Counter())
            if stint.outcome in {"handed_over", "vacated"}:
                counts[stint.outcome] += 1
                continue
            counts["assigned"] += 1
            counts["received"] += stint.how in {"handed_over", "vacancy_filled"}
            unfinished = stint.outcome in {"open", "carried_over"}
            counts["with_partial_result"] += task.has_result and unfinished
            counts["vacant"] += stint.outcome == "open" and stint.official is None
            late = task.due_on is not None and task.due_on < (task.completed_on or day)
            match stint.outcome:
                case "open":
                    counts["overdue" if late else "in_progress_in_time"] += 1
                case "completed":
                    counts["completed"] += 1
                    counts["completed_in_time"] += not late
                case "filled":
                    counts["transferred"] += 1
                case ended:
                    counts[ended] += 1
    return found

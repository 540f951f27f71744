"""A recount by hand: what a careful clerk would say of a day, event by event, without tables."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.kernel import Event
from domain.tasks import events as tasks


@dataclass
class Stint:
    """An official of a unit with a task, and what came of it."""

    official: str
    unit: str
    how: str
    outcome: str = "open"


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
    share: str | None = None
    year: int | None = None
    completed_on: date | None = None
    ended_on: date | None = None
    position: int = 0
    stints: list[Stint] = dataclasses.field(default_factory=list)


def accounts(events: Sequence[Event], day: date) -> dict[str, Account]:
    """Every task as it stood at the end of the day."""
    found: dict[str, Account] = {}
    for position, event in enumerate(events, 1):
        if event.effective_on <= day and isinstance(event, tasks.TaskEvent):
            _note(found, event)
            found[event.task_id].position = position
    return found


def _note(found: dict[str, Account], event: tasks.TaskEvent) -> None:  # noqa: C901  one case an event
    if isinstance(event, tasks.TaskRegistered | tasks.TaskCommissioned):
        registered = isinstance(event, tasks.TaskRegistered)
        found[event.task_id] = Account(
            "registered" if registered else "ready",
            "registered" if registered else "commissioned",
            event.proposal.field,
            event.proposal.kinds,
            event.unit_id,
            official=event.official_id if isinstance(event, tasks.TaskRegistered) else None,
            due_on=event.proposal.deadline,
        )
        return
    task = found[event.task_id]
    match event:
        case tasks.TaskApproved():
            task.state = "ready"
        case tasks.TaskRejected():
            task.state = "rejected"
        case tasks.TaskAssigned():
            task.state, task.year = "in_progress", event.effective_on.year
            task.official, task.unit, task.due_on = event.official_id, event.unit_id, event.due_on
            task.stints.append(Stint(event.official_id, event.unit_id, "assigned"))
        case tasks.ProgressReported():
            task.share = str(event.share_percent)
        case tasks.TaskHandedOver():
            task.official = event.to_official
            task.stints[-1].outcome = "handed_over"
            task.stints.append(Stint(event.to_official, task.unit, "handed_over"))
        case tasks.TaskTransferred():
            task.official, task.unit = event.to_official, event.to_unit
            task.stints[-1].outcome = "transferred"
            task.stints.append(Stint(event.to_official, event.to_unit, "transferred"))
        case tasks.CompletionClaimed():
            task.state = "claimed"
        case tasks.CompletionReturned():
            task.state = "in_progress"
        case tasks.CompletionConfirmed():
            task.state, task.completed_on = "completed", event.completed_on
            task.ended_on = event.effective_on
            task.stints[-1].outcome = "completed"
        case tasks.TaskCancelled():
            task.state, task.ended_on = "cancelled", event.effective_on
            if task.stints:
                task.stints[-1].outcome = "cancelled"


def answerable(task: Account, day: date) -> str | None:
    """Who answers on the day; the last day is that on which the task ends."""
    if not task.stints or (task.ended_on is not None and task.ended_on < day):
        return None
    return task.official


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
        return [(stint.official, stint) for stint in task.stints]
    if group_by == "unit":
        return [(stint.unit, stint) for stint in task.stints]
    return [(group, stint) for stint in task.stints[-1:] for group in by[group_by]]


def rates(events: Sequence[Event], day: date, group_by: str) -> dict[str, Counter[str]]:
    """Counts by group, of those that have any."""
    found: dict[str, Counter[str]] = {}
    for task in accounts(events, day).values():
        for group, stint in groups(task, group_by):
            counts = found.setdefault(group, Counter())
            if stint.outcome == "handed_over":
                counts["handed_over"] += 1
                continue
            counts["assigned"] += 1
            counts["received"] += stint.how == "handed_over"
            late = task.due_on is not None and task.due_on < (task.completed_on or day)
            match stint.outcome:
                case "open":
                    counts["overdue" if late else "in_progress_in_time"] += 1
                case "completed":
                    counts["completed"] += 1
                    counts["completed_in_time"] += not late
                case ended:
                    counts[ended] += 1
    return found

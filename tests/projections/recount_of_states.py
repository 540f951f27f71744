"""A recount by hand of the four states: open or done, in time or late."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from domain.kernel import Event
from projections.tasks.states import NOBODY
from tests.projections import recount

OPEN = ("in_progress", "claimed", "vacant")


def state_of(task: recount.Account, day: date) -> str | None:
    """Of the four; None for a task that is not counted."""
    if task.state == "completed":
        late = task.due_on is not None and (task.completed_on or day) > task.due_on
        return "done_late" if late else "done_in_time"
    if task.state not in OPEN:
        return None
    late = task.due_on is not None and task.due_on < day
    return "open_overdue" if late else "open_in_time"


def groups_of(task: recount.Account, group_by: str) -> Iterable[str]:
    return {
        "none": ("all",),
        "unit": (task.unit,),
        "official": (task.official or NOBODY,),
        "field": (task.field,),
        "kind": task.kinds,
        "year": (str(task.year),),
    }[group_by]


def counted(events: Sequence[Event], day: date, group_by: str) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for task in recount.accounts(events, day).values():
        state = state_of(task, day)
        if state is not None:
            for group in groups_of(task, group_by):
                found.setdefault(group, Counter())[state] += 1
    return found

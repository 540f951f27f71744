"""Task lines: lists of what hangs on tasks under way, each line beside its task on the day."""

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field
from sqlalchemy import ColumnElement, FromClause, Table, and_

from projections.days import AS_OF, of_day
from projections.filters import Filters, Id, where
from projections.listing import Conditions, ListItem, Shown
from projections.tasks.standing_rows import OPEN, OVERDUE
from projections.tasks.standing_rows import TABLE as TASKS

StateUnderWay: TypeAlias = Literal["in_progress", "claimed", "vacant"]


class TaskLine(ListItem):
    """The task as it stands on the day; `position` is the event by which the line stands so."""

    task_id: str
    title: Annotated[str, Shown(TASKS.c.title)]
    state: Annotated[StateUnderWay, Shown(TASKS.c.state)]
    unit_id: Annotated[str, Shown(TASKS.c.unit_id)]
    post_id: Annotated[str, Shown(TASKS.c.post_id)]
    official_id: Annotated[
        str | None,
        Shown(TASKS.c.official_id),
        Field(description="Who leads the task; null if vacant."),
    ]
    due_on: Annotated[date | None, Shown(TASKS.c.due_on)]
    overdue: Annotated[bool, Shown(OVERDUE)]
    position: int


class TaskLineFilters(Filters):
    """Which tasks, by how they stand on the day."""

    task: Id | None = where(TASKS.c.task_id)
    unit: Id | None = where(TASKS.c.unit_id, "Of the unit that answers for the task.")
    post: Id | None = where(TASKS.c.post_id)
    assigned_by: Id | None = where(TASKS.c.assigned_by, "Assigned by this body.")


class LedTaskLineFilters(TaskLineFilters):
    """Which tasks, also by who leads them on the day."""

    official: Id | None = where(TASKS.c.official_id, "Who leads the task on the day.")


def beside_its_task(table: Table) -> FromClause:
    """Each row beside its task."""
    return table.join(
        TASKS, and_(TASKS.c.ledger == table.c.ledger, TASKS.c.task_id == table.c.task_id)
    )


UNDER_WAY_ON_THE_DAY: Conditions = (*of_day(TASKS), OPEN)


def days_since(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many days have passed since that day."""
    return AS_OF - day

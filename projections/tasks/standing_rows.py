"""Standing rows: what `task_standings` holds of a task, and in which states its rows stand."""

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from sqlalchemy import ColumnElement, Index, and_, false, func, or_, text

from projections.days import AS_OF
from projections.projection import IsoDay, Name, Version, read_table
from projections.statement import word
from projections.tasks.proposals import Outline

UNDER_WAY = ("in_progress", "claimed", "vacant")
COMPLETED = "completed"


class Beside(TypedDict):
    """An official who answers beside the lead, and since which day."""

    official_id: str
    post_id: str
    unit_id: str
    since_on: str


class BesideColumns(TypedDict):
    """All who answer beside the lead; `beside_officials` are their ids."""

    beside: list[Beside]
    beside_officials: list[str]


class StandingProposed(Outline):
    """What a row shows of the proposal."""

    title: str


class StandingRow(Version, StandingProposed, BesideColumns):
    """How a task stands."""

    task_id: Name
    state: Name
    year: int | None
    assigned_by: Name | None
    unit_id: Name
    post_id: Name
    official_id: Name | None
    since_on: IsoDay | None
    completed_on: IsoDay | None


TABLE = read_table("task_standings", StandingRow)
Index("task_standings_official", TABLE.c.ledger, TABLE.c.official_id)
Index("task_standings_unit", TABLE.c.ledger, TABLE.c.unit_id)
# What a body assigned and is in progress on a day, in the order of the tasks.
Index(
    "task_standings_in_progress",
    TABLE.c.ledger,
    TABLE.c.assigned_by,
    TABLE.c.task_id,
    TABLE.c.valid_from,
    TABLE.c.valid_to,
    postgresql_where=text("state = 'in_progress'"),
)
Index(
    "task_standings_beside",
    TABLE.c.beside_officials,
    postgresql_using="gin",
    postgresql_where=text("beside_officials <> '{}'"),
)

OPEN = TABLE.c.state.in_([word(state) for state in UNDER_WAY])
DONE = TABLE.c.state == word(COMPLETED)
COUNTED = or_(OPEN, DONE)
DONE_IN_TIME = and_(DONE, or_(TABLE.c.due_on.is_(None), TABLE.c.completed_on <= TABLE.c.due_on))
DONE_LATE = and_(DONE, TABLE.c.completed_on > TABLE.c.due_on)


def overdue(on: ColumnElement[date] = AS_OF) -> ColumnElement[bool]:
    """Open, and its deadline passed, on the day."""
    return and_(OPEN, func.coalesce(TABLE.c.due_on < on, false()))


OVERDUE = overdue()


def states(on: ColumnElement[date] = AS_OF) -> Mapping[str, ColumnElement[bool]]:
    """The four states in which the Government Office counts tasks."""
    return {
        "done_in_time": DONE_IN_TIME,
        "done_late": DONE_LATE,
        "open_in_time": and_(OPEN, ~overdue(on)),
        "open_overdue": overdue(on),
    }

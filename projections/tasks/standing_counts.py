"""Standing counts: by how much the number of tasks in each state changes from day to day.

Kept beside the standings: whoever asks for the states of a day adds up the changes until then,
however many tasks there are.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, func, literal, literal_column

from projections.days import ONE_DAY, valid
from projections.kept import Conditions, CountsByDay, Kept, changes_by_day
from projections.projection import IsoDay, Name, read_table
from projections.tasks.proposals import Classification
from projections.tasks.standing_rows import COUNTED, TABLE, states


class StandingChange(Classification):
    """By how much on that day the tasks of this kind become more in each state."""

    day: IsoDay
    unit_id: Name
    term_kind: Name
    term_label: Name
    year: int
    done_in_time: int
    done_late: int
    open_in_time: int
    open_overdue: int


CHANGES = read_table("task_standings__counts", StandingChange)
PARTS: Mapping[str, ColumnElement[Any]] = {
    "field": TABLE.c.field,
    "kinds": TABLE.c.kinds,
    "unit_id": TABLE.c.unit_id,
    "term_kind": TABLE.c.term_kind,
    "term_label": TABLE.c.term_label,
    "year": func.coalesce(TABLE.c.year, literal_column("0", Integer)),
}
_PAST_DUE = TABLE.c.due_on + ONE_DAY
_DAYS = (
    TABLE.c.valid_from,
    TABLE.c.valid_to,
    case((and_(*valid(TABLE, _PAST_DUE)), _PAST_DUE)),
)


def _standing(on: ColumnElement[date]) -> Conditions:
    return {name: and_(*valid(TABLE, on), holds) for name, holds in states(on).items()}


def _made(rows: ColumnElement[bool]) -> Select[Any]:
    return changes_by_day(TABLE, PARTS, _DAYS, _standing, and_(rows, COUNTED))


STANDING_COUNTS = CountsByDay(
    kept=Kept(table=CHANGES, made=_made, key=("day", *PARTS), sums=tuple(states())),
    groups={
        "none": literal("all"),
        "unit": CHANGES.c.unit_id,
        "field": CHANGES.c.field,
        "kind": func.unnest(CHANGES.c.kinds),
        "term": CHANGES.c.term_label,
        "year": CHANGES.c.year,
    },
    filters={
        "unit": CHANGES.c.unit_id,
        "field": CHANGES.c.field,
        "kind": CHANGES.c.kinds,
        "term": CHANGES.c.term_label,
        "term_kind": CHANGES.c.term_kind,
        "year": CHANGES.c.year,
    },
)

"""Accountability counts: by how much what is assigned and what became of it changes by the day.

Kept beside the lines, twice: as whole tasks count, and as they count for units, which answer for
what they transferred. Whoever asks for the rates of a day adds up the changes until then.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Table, and_, func, literal, literal_column

from projections.days import ONE_DAY
from projections.kept import Conditions, CountsByDay, Kept, changes_by_day
from projections.projection import IsoDay, Name, read_table
from projections.tasks.accountability_lines import (
    TABLE,
    counted_of,
    counted_once,
    counters,
    standing,
)
from projections.tasks.proposals import Classification


class AccountabilityChange(Classification):
    """By how much on that day the lines of this kind become more that count as something."""

    day: IsoDay
    unit_id: Name
    term_kind: Name
    term_label: Name
    origin: Name
    year: int
    assigned: int
    received: int
    transferred_in: int
    completed: int
    completed_in_time: int
    transferred: int
    cancelled: int
    in_progress_in_time: int
    overdue: int
    handed_over: int
    vacated: int
    vacant: int
    carried_over: int
    with_partial_result: int


CHANGES_OF_TASKS = read_table("accountability__tasks", AccountabilityChange)
CHANGES_OF_UNITS = read_table("accountability__units", AccountabilityChange)
PARTS: Mapping[str, ColumnElement[Any]] = {
    "field": TABLE.c.field,
    "kinds": TABLE.c.kinds,
    "unit_id": TABLE.c.unit_id,
    "term_kind": TABLE.c.term_kind,
    "term_label": TABLE.c.term_label,
    "origin": TABLE.c.origin,
    "year": func.coalesce(TABLE.c.year, literal_column("0", Integer)),
}
_DAYS = (
    TABLE.c.started_on,
    TABLE.c.ended_on,
    TABLE.c.until_on,
    TABLE.c.due_on + ONE_DAY,
    TABLE.c.partial_on,
)


def _kept(table: Table, counted: Callable[[ColumnElement[date]], ColumnElement[bool]]) -> Kept:
    """The changes of those lines that `counted` counts on the day."""

    def counting(on: ColumnElement[date]) -> Conditions:
        return {
            name: and_(*standing(on), counted(on), holds) for name, holds in counters(on).items()
        }

    def made(rows: ColumnElement[bool]) -> Select[Any]:
        return changes_by_day(TABLE, PARTS, _DAYS, counting, rows)

    return Kept(table=table, made=made, key=("day", *PARTS), sums=tuple(counters()))


def _filters(table: Table) -> Mapping[str, ColumnElement[Any]]:
    return {
        "unit": table.c.unit_id,
        "field": table.c.field,
        "kind": table.c.kinds,
        "term": table.c.term_label,
        "term_kind": table.c.term_kind,
        "origin": table.c.origin,
        "year": table.c.year,
    }


COUNTS_OF_TASKS = CountsByDay(
    kept=_kept(CHANGES_OF_TASKS, counted_once),
    groups={
        "none": literal("all"),
        "field": CHANGES_OF_TASKS.c.field,
        "kind": func.unnest(CHANGES_OF_TASKS.c.kinds),
        "term": CHANGES_OF_TASKS.c.term_label,
        "origin": CHANGES_OF_TASKS.c.origin,
        "year": CHANGES_OF_TASKS.c.year,
    },
    filters=_filters(CHANGES_OF_TASKS),
)
COUNTS_OF_UNITS = CountsByDay(
    kept=_kept(CHANGES_OF_UNITS, partial(counted_of, TABLE.c.unit_goes_on)),
    groups={"unit": CHANGES_OF_UNITS.c.unit_id},
    filters=_filters(CHANGES_OF_UNITS),
)

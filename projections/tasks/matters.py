"""Task matters: what hangs on tasks under way, listed as of a day: reminders, obstacles and more.

Each line stands beside its task as the task stands on that day: whoever answers then must act.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    select,
    tuple_,
)

from projections.days import AS_OF, valid
from projections.projection import Projection
from projections.statement import LEDGER, Statement, paged
from projections.tasks.standings import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.states import OPEN, OVERDUE

TASK_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "task_id": TASKS.c.task_id,
    "title": TASKS.c.title,
    "state": TASKS.c.state,
    "unit_id": TASKS.c.unit_id,
    "post_id": TASKS.c.post_id,
    "official_id": TASKS.c.official_id,
    "due_on": TASKS.c.due_on,
    "overdue": OVERDUE,
}

TASK_FILTERS: Mapping[str, ColumnElement[bool]] = {
    "task": TASKS.c.task_id == bindparam("task", type_=Text),
    "unit": TASKS.c.unit_id == bindparam("unit", type_=Text),
    "post": TASKS.c.post_id == bindparam("post", type_=Text),
    "official": TASKS.c.official_id == bindparam("official", type_=Text),
    "assigned_by": TASKS.c.assigned_by == bindparam("assigned_by", type_=Text),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Matters:
    """How one kind of matter is listed.

    Attributes:
        projection: whose rows are listed.
        holds: the row is listed on the day.
        columns: of an item beside those of its task, by name.
        filters: those of tasks, and its own.
        marks: names of columns of an item that order the list and continue it.
        waits_for: other projections that the columns read.
    """

    projection: Projection
    holds: tuple[ColumnElement[bool], ...]
    columns: Mapping[str, ColumnElement[Any]]
    filters: Mapping[str, ColumnElement[bool]]
    marks: tuple[str, ...]
    waits_for: tuple[Projection, ...] = ()

    @property
    def projections(self) -> tuple[Projection, ...]:
        return self.projection, TASK_STANDINGS, *self.waits_for

    @property
    def shown(self) -> Mapping[str, ColumnElement[Any]]:
        return {**TASK_COLUMNS, **self.columns, "position": self.projection.table.c.position}

    def mark(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        """The place of an item, after which the next page begins."""
        return tuple(str(item[name]) for name in self.marks)

    def standing(self, filters: frozenset[str]) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """What is read, and what holds of it, on the day."""
        table = self.projection.table
        same = and_(TASKS.c.ledger == table.c.ledger, TASKS.c.task_id == table.c.task_id)
        of_task = [TASKS.c.ledger == LEDGER, *valid(TASKS), OPEN]
        narrowed = [self.filters[name] for name in sorted(filters)]
        return table.join(TASKS, same), [table.c.ledger == LEDGER, *self.holds, *of_task, *narrowed]


def said(name: str, equal_to: ColumnElement[Any]) -> ColumnElement[bool]:
    """A filter: the column is what the reader says under that name."""
    return equal_to == bindparam(name, type_=Text)


def days_since(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many days have passed since that day."""
    return AS_OF - day


@lru_cache(maxsize=256)
def matters(of: Matters, filters: frozenset[str], *, continued: bool) -> Statement:
    """One page; arguments: ledger, as_of, limit, each filter's, and `after_0` … for the mark."""
    source, holds = of.standing(filters)
    shown = of.shown
    marks = [shown[name] for name in of.marks]
    query: Select[Any] = (
        select(*(made.label(name) for name, made in shown.items()))
        .select_from(source)
        .where(*holds)
        .order_by(*marks)
    )
    if continued:
        after = [bindparam(f"after_{number}", type_=mark.type) for number, mark in enumerate(marks)]
        query = query.where(tuple_(*marks) > tuple_(*after))
    return paged(query, tuple(shown), [one.name for one in of.projections])

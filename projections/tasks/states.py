"""Task states: how many tasks are done in time, done late, open in time or overdue, as of a day.

The four states in which the Government Office (VPCP) counts tasks. A task counts once, where it
stands on the day, and by kind under each of its kinds; it is done from the day on which its
completion is confirmed, and in time if the work was done by the deadline as last revised. What
ended otherwise, or is not assigned yet, is not counted.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from projections.days import AS_OF, valid
from projections.statement import LEDGER, LIMIT, Statement, standing, statement
from projections.tasks.standings import COMPLETED, TASK_STANDINGS, UNDER_WAY
from projections.tasks.standings import TABLE as TASKS

# No id is ever so: the group of the tasks that nobody answers for.
NOBODY = "-"

GROUPS: Mapping[str, ColumnElement[Any]] = {
    "none": literal("all"),
    "unit": TASKS.c.unit_id,
    "post": TASKS.c.post_id,
    "official": func.coalesce(TASKS.c.official_id, NOBODY),
    "field": TASKS.c.field,
    "kind": func.unnest(TASKS.c.kinds),
    "term": TASKS.c.term_label,
    "year": cast(TASKS.c.year, Text),
}

FILTERS: Mapping[str, ColumnElement[bool]] = {
    "unit": TASKS.c.unit_id == bindparam("unit", type_=Text),
    "post": TASKS.c.post_id == bindparam("post", type_=Text),
    "official": TASKS.c.official_id == bindparam("official", type_=Text),
    "assigned_by": TASKS.c.assigned_by == bindparam("assigned_by", type_=Text),
    "field": TASKS.c.field == bindparam("field", type_=Text),
    "kind": bindparam("kind", type_=Text) == any_(TASKS.c.kinds),
    "term": TASKS.c.term_label == bindparam("term", type_=Text),
    "term_kind": TASKS.c.term_kind == bindparam("term_kind", type_=Text),
    "year": TASKS.c.year == bindparam("year", type_=Integer),
}

OPEN = TASKS.c.state.in_([literal_column(f"'{state}'", Text) for state in UNDER_WAY])
DONE = TASKS.c.state == literal_column(f"'{COMPLETED}'", Text)
COUNTED = or_(OPEN, DONE)
DONE_IN_TIME = and_(DONE, or_(TASKS.c.due_on.is_(None), TASKS.c.completed_on <= TASKS.c.due_on))
DONE_LATE = and_(DONE, TASKS.c.completed_on > TASKS.c.due_on)
OVERDUE = and_(OPEN, func.coalesce(TASKS.c.due_on < AS_OF, false()))


class States(NamedTuple):
    """How many tasks of a group stand in which of the four states."""

    done_in_time: int
    done_late: int
    open_in_time: int
    open_overdue: int


def group_of(group_by: str) -> ColumnElement[Any]:
    """By what tasks are grouped, ordered by its bytes."""
    return cast(GROUPS[group_by], Text).collate("C").label("group")


@lru_cache(maxsize=512)
def task_states(group_by: str, filters: frozenset[str], *, continued: bool) -> Statement:
    """Rows of `position`, `group` and the states; one more than `limit` if more follow.

    Arguments: ledger, as_of, limit, each filter's, and `after`, the last group of the page before.
    """
    tasks = (
        select(
            group_of(group_by),
            DONE_IN_TIME.label("done_in_time"),
            DONE_LATE.label("done_late"),
            and_(OPEN, ~OVERDUE).label("open_in_time"),
            OVERDUE.label("open_overdue"),
        )
        .where(TASKS.c.ledger == LEDGER, *valid(TASKS), COUNTED)
        .where(*(FILTERS[name] for name in sorted(filters)))
        .subquery("tasks")
    )
    query = select(
        standing(TASK_STANDINGS.name).label("position"),
        tasks.c.group,
        *(func.count().filter(tasks.c[name]).label(name) for name in States._fields),
    ).group_by(tasks.c.group)
    if continued:
        query = query.where(tasks.c.group > bindparam("after", type_=Text))
    return statement(query.order_by(tasks.c.group).limit(LIMIT + 1))

"""Task states: how many tasks are done in time, done late, open in time or overdue, as of a day.

The four states in which the Government Office (VPCP) counts tasks. A task counts once, where it
stands on the day, and by kind under each of its kinds; it is done from the day on which its
completion is confirmed, and in time if the work was done by the deadline as last revised. What
ended otherwise, or is not assigned yet, is not counted.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    any_,
    cast,
    func,
    literal,
    literal_column,
    select,
)

from projections.days import AS_OF, valid
from projections.filters import Filters, Id, Label, Word, Year, where
from projections.listing import Listing, ListItem, Shown
from projections.statement import counts, parts
from projections.tasks.standing_counts import CHANGES, STANDING_COUNTS
from projections.tasks.standing_rows import COUNTED, states
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.terms import TermKind

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

# The part that each official has who answers beside the lead.
PART = parts(TASKS.c.beside, "part", official_id=Text, post_id=Text, unit_id=Text, since_on=Date)

STATES = states()


def group_of(group_by: str) -> ColumnElement[Any]:
    """By what tasks are grouped, ordered by its bytes."""
    return cast(GROUPS[group_by], Text).collate("C").label("group")


class StateFilters(Filters):
    """Which tasks are counted, by how they stand, and by what."""

    group_by: Annotated[
        Literal["none", "unit", "post", "official", "field", "kind", "term", "year"],
        Field(
            description="`none` counts everything together; `year` is that of the assignment; "
            "under `official` the group `-` is of tasks that nobody leads."
        ),
    ] = "none"
    unit: Id | None = where(TASKS.c.unit_id)
    post: Id | None = where(TASKS.c.post_id)
    official: Id | None = where(TASKS.c.official_id)
    assigned_by: Id | None = where(TASKS.c.assigned_by)
    field: Word | None = where(TASKS.c.field)
    kind: Word | None = where(lambda kind: kind == any_(TASKS.c.kinds))
    term: Label | None = where(TASKS.c.term_label)
    term_kind: TermKind | None = where(TASKS.c.term_kind)
    year: Year | None = where(TASKS.c.year)


class GroupStates(ListItem):
    """How many tasks of the group stand in which state on the day; each counts once."""

    group: str
    done_in_time: Annotated[int, Shown(vi="Hoàn thành đúng hạn", total=True)]
    done_late: Annotated[int, Shown(vi="Hoàn thành quá hạn", total=True)]
    open_in_time: Annotated[int, Shown(vi="Chưa hoàn thành, trong hạn", total=True)]
    open_overdue: Annotated[int, Shown(vi="Chưa hoàn thành, quá hạn", total=True)]
    total: Annotated[int, Shown(vi="Tổng số", total=True)]


def counted(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """Rows of `GroupStates`."""
    if STANDING_COUNTS.answer(group_by, filters):
        return _added_up(group_by, filters)
    conditions = [condition.label(name) for name, condition in STATES.items()]
    counting = select(group_of(group_by), *conditions).where(*TASK_STATES.conditions(filters))
    tasks = counting.subquery("tasks").c
    of_state = counts({name: tasks[name] for name in STATES})
    return select(tasks.group, *of_state, func.count().label("total")).group_by(tasks.group)


def _added_up(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """The same from the counts by day."""
    until = CHANGES.c.day <= AS_OF
    names = STANDING_COUNTS.kept.sums
    of_day = (
        select(STANDING_COUNTS.group(group_by), *(CHANGES.c[name] for name in names))
        .where(*STANDING_COUNTS.narrowed(filters), until)
        .subquery("changes")
        .c
    )
    sums = {name: func.sum(of_day[name]) for name in names}
    total = sum(sums.values(), start=literal_column("0", Integer))
    of_state = (added.label(name) for name, added in sums.items())
    return (
        select(of_day.group, *of_state, total.label("total"))
        .group_by(of_day.group)
        .having(total > literal_column("0", Integer))
    )


TASK_STATES = Listing(
    name="task-states",
    operation="read_task_states",
    tag="reports",
    answers="The four states in which the Government Office counts tasks, as of a day.",
    page="One page of groups, in the order of their names.",
    item=GroupStates,
    filters=StateFilters,
    projections=(TASK_STANDINGS,),
    table=TASKS,
    holds=(*valid(TASKS), COUNTED),
    order=("group",),
    groups=counted,
)

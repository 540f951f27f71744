"""Portfolios: everything an official answers for on a day, leading it or beside its lead.

Who has left is looked up like anybody else.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Subquery,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from projections.days import AS_OF, ENDLESS, valid
from projections.projection import FOREVER
from projections.statement import LEDGER, Statement, paged, statement
from projections.tasks.standings import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.states import OPEN, OVERDUE

OFFICIAL: ColumnElement[str] = bindparam("official", type_=Text)

SHOWN = (
    "task_id",
    "title",
    "state",
    "role",
    "field",
    "unit_id",
    "post_id",
    "since_on",
    "assigned_by",
    "due_on",
    "overdue",
    "days_to_deadline",
    "position",
)


class Totals(NamedTuple):
    """What an official answers for on the day, counted.

    Attributes:
        leads: tasks that the official leads; `beside` those led by another or vacant.
        in_time: of both, the deadline not passed, or none set.
        overdue: of both, the deadline passed.
    """

    leads: int
    beside: int
    in_time: int
    overdue: int


PART = (
    func.jsonb_to_recordset(TASKS.c.beside)
    .table_valued(
        column("official_id", Text),
        column("post_id", Text),
        column("unit_id", Text),
        column("since_on", Date),
    )
    .render_derived(name="part", with_types=True)
)


def _held(role: str, part: Any) -> Select[Any]:  # noqa: ANN401  a table's or a record's columns
    """The tasks under way on the day, with the part that an official has in them."""
    return select(
        TASKS.c.task_id,
        TASKS.c.title,
        TASKS.c.state,
        literal_column(f"'{role}'", Text).label("role"),
        TASKS.c.field,
        part.unit_id,
        part.post_id,
        part.since_on,
        TASKS.c.assigned_by,
        TASKS.c.due_on,
        OVERDUE.label("overdue"),
        (TASKS.c.due_on - AS_OF).label("days_to_deadline"),
        TASKS.c.position,
        func.coalesce(TASKS.c.due_on, ENDLESS).label("due"),
    ).where(TASKS.c.ledger == LEDGER, *valid(TASKS), OPEN, part.official_id == OFFICIAL)


def _portfolio() -> Subquery:
    leads = _held("lead", TASKS.c)
    # Stated twice, so that the index serves, which holds only tasks that have somebody beside.
    beside = (
        _held("beside", PART.c)
        .join(PART, true())
        .where(
            text("beside_officials <> '{}'"),
            TASKS.c.beside_officials.contains(cast(array([OFFICIAL]), ARRAY(Text))),
        )
    )
    return union_all(leads, beside).subquery("held")


FILTERS = ("role", "overdue")


@lru_cache
def portfolio(filters: frozenset[str], *, continued: bool) -> Statement:
    """One page, by deadline; arguments: ledger, official, as_of, limit, filters', the mark's."""
    held = _portfolio()
    place = tuple_(held.c.due, held.c.task_id)
    query = select(held).order_by(held.c.due, held.c.task_id)
    for name in sorted(filters):
        query = query.where(held.c[name] == bindparam(name, type_=held.c[name].type))
    if continued:
        mark = tuple_(bindparam("after_due", type_=Date), bindparam("after_task", type_=Text))
        query = query.where(place > mark)
    return paged(query, SHOWN, (TASK_STANDINGS.name,))


def mark(item: Mapping[str, Any]) -> tuple[str, str]:
    """The place of an item, after which the next page begins."""
    return item["due_on"] or FOREVER, item["task_id"]


@lru_cache
def totals() -> Statement:
    """One row of the `Totals` of the whole portfolio; arguments: ledger, official, as_of."""
    held = _portfolio()
    counted = {
        "leads": held.c.role == literal_column("'lead'"),
        "beside": held.c.role == literal_column("'beside'"),
        "in_time": ~held.c.overdue,
        "overdue": held.c.overdue,
    }
    counts: list[ColumnElement[Any]] = [
        func.count().filter(counted[name]).label(name) for name in Totals._fields
    ]
    return statement(select(*counts))

"""Task listing: tasks by filter, in an order, page by page, as of a day; and one task in full."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    extract,
    false,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from projections.days import AS_OF, BEGINNINGLESS, ENDLESS, valid
from projections.projection import FOREVER, Projection
from projections.search.index import SEARCH_TASKS
from projections.search.index import TASKS_TABLE as FOUND_TASKS
from projections.statement import LEDGER, Statement, paged, single
from projections.tasks.proposals import TABLE as PROPOSALS
from projections.tasks.proposals import TASK_PROPOSALS
from projections.tasks.tasks import TABLE as TASKS
from projections.tasks.tasks import TASKS as TASKS_PROJECTION

# Found first, whatever else is asked: nobody could tell the planner how rare the words are.
FOUND = (
    select(FOUND_TASKS.c.task_id)
    .where(
        FOUND_TASKS.c.ledger == LEDGER,
        FOUND_TASKS.c.words.bool_op("@@")(cast(bindparam("q", type_=Text), TSQUERY)),
    )
    .cte("found")
    .prefix_with("MATERIALIZED")
)
# The age of a backlog: since its first deadline passed, until its work was done.
_OLD = func.coalesce(TASKS.c.completed_on, AS_OF) - TASKS.c.original_due_on
BACKLOG_DAYS = case((and_(TASKS.c.assigned_on.is_not(None), _OLD > 0), _OLD))
OVERDUE = func.coalesce(and_(TASKS.c.active, TASKS.c.due_on < AS_OF), false())

TASK_COLUMNS = (
    "task_id",
    "state",
    "active",
    "title",
    "kinds",
    "field",
    "origin",
    "term_kind",
    "term_label",
    "term_from_on",
    "term_to_on",
    "due_on",
    "original_due_on",
    "backlog_days",
    "overdue",
    "managed_by",
    "unit_id",
    "post_id",
    "official_id",
    "offered_to",
    "coordinators",
    "co_accountables",
    "collectives",
    "vacant_since",
    "indicators",
    "share_percent",
    "parts_share_percent",
    "open_parts",
    "open_obstacles",
    "open_reminders",
    "plan_revision",
    "assigned_on",
    "last_report_on",
    "last_result_on",
    "completed_on",
    "score_points",
    "max_points",
    "link",
    "continued_from",
    "carried_over_to",
    "instances",
    "valid_from",
    "position",
)


class Order(NamedTuple):
    """What a list is sorted by.

    Attributes:
        by: never null, so that a list can be continued after any item.
        absent: what stands for null there, as text: last, or first where that is urgent.
    """

    by: ColumnElement[Any]
    type: type[date | Decimal | str]
    absent: str = ""


ORDERS: Mapping[str, Order] = {
    "due_on": Order(func.coalesce(TASKS.c.due_on, ENDLESS), date, FOREVER),
    "assigned_on": Order(func.coalesce(TASKS.c.assigned_on, ENDLESS), date, FOREVER),
    "last_report_on": Order(
        func.coalesce(TASKS.c.last_report_on, BEGINNINGLESS), date, "-infinity"
    ),
    "share_percent": Order(
        func.coalesce(TASKS.c.share_percent, literal_column("-1", Numeric)), Decimal, "-1"
    ),
    "title": Order(TASKS.c.title, str),
    "task_id": Order(TASKS.c.task_id, str),
}

FILTERS: Mapping[str, ColumnElement[bool]] = {
    "task": TASKS.c.task_id == bindparam("task", type_=Text),
    "unit": TASKS.c.unit_id == bindparam("unit", type_=Text),
    "post": TASKS.c.post_id == bindparam("post", type_=Text),
    "official": TASKS.c.official_id == bindparam("official", type_=Text),
    "co_accountable": bindparam("co_accountable", type_=Text) == any_(TASKS.c.co_accountables),
    "managed_by": TASKS.c.managed_by == bindparam("managed_by", type_=Text),
    "field": TASKS.c.field == bindparam("field", type_=Text),
    "kind": bindparam("kind", type_=Text) == any_(TASKS.c.kinds),
    "term": TASKS.c.term_label == bindparam("term", type_=Text),
    "term_kind": TASKS.c.term_kind == bindparam("term_kind", type_=Text),
    "origin": TASKS.c.origin == bindparam("origin", type_=Text),
    "state": TASKS.c.state == bindparam("state", type_=Text),
    "overdue": bindparam("overdue", type_=Boolean) == OVERDUE,
    "year": extract("year", TASKS.c.assigned_on) == bindparam("year", type_=Integer),
    "q": TASKS.c.task_id.in_(select(FOUND.c.task_id)),
}


class Shape(NamedTuple):
    """What the text of a listing depends on.

    Attributes:
        filters: names in `FILTERS`.
        order: a name in `ORDERS`.
        continued: whether the page follows another one's `after_value` and `after_task`.
        current: whether the day asked for is today or later: nothing is recorded beyond today, so
            the rows still open are the answer.
        only_active: whether tasks that are not under way are left out.
    """

    filters: frozenset[str]
    order: str
    descending: bool
    continued: bool
    current: bool
    only_active: bool


def standing_tasks(*, current: bool) -> Select[Any]:
    """`TASK_COLUMNS` of the ledger's tasks as they stand on the day."""
    computed: dict[str, ColumnElement[Any]] = {
        "overdue": OVERDUE,
        "backlog_days": BACKLOG_DAYS,
        "parts_share_percent": cast(TASKS.c.parts_share_percent, Text),
        "share_percent": cast(TASKS.c.share_percent, Text),
        "score_points": cast(TASKS.c.score_points, Text),
        "max_points": cast(TASKS.c.max_points, Text),
    }
    columns = [
        (computed[name] if name in computed else TASKS.c[name]).label(name) for name in TASK_COLUMNS
    ]
    query = select(*columns).where(TASKS.c.ledger == LEDGER)
    if current:
        return query.where(TASKS.c.valid_to == ENDLESS)
    return query.where(*valid(TASKS))


@lru_cache(maxsize=1024)
def task_page(shape: Shape) -> Statement:
    """One page of tasks; arguments: ledger, as_of, limit, each filter's, and the mark's.

    Of the filters, `q` is the text form of a `tsquery`.
    """
    order = ORDERS[shape.order]
    query = standing_tasks(current=shape.current)
    query = query.where(*(FILTERS[name] for name in sorted(shape.filters)))
    if shape.only_active:
        query = query.where(TASKS.c.active)
    place = tuple_(order.by, TASKS.c.task_id)
    if shape.continued:
        mark = tuple_(
            bindparam("after_value", type_=order.by.type), bindparam("after_task", type_=Text)
        )
        query = query.where(place < mark if shape.descending else place > mark)
    for part in (order.by, TASKS.c.task_id):
        query = query.order_by(part.desc() if shape.descending else part)
    return paged(query, TASK_COLUMNS, [read.name for read in projections(shape.filters)])


def projections(filters: Collection[str]) -> tuple[Projection, ...]:
    """Where a list narrowed by these filters is read from."""
    return (TASKS_PROJECTION, SEARCH_TASKS) if "q" in filters else (TASKS_PROJECTION,)


def mark(order: str, item: Mapping[str, Any]) -> tuple[str, str]:
    """The place of an item in that order, after which the next page begins."""
    value = item[order]
    return ORDERS[order].absent if value is None else str(value), str(item["task_id"])


@lru_cache
def one_task(*, current: bool) -> Statement:
    """A task with its goal and roadmap; arguments: ledger, task, as_of."""
    query = (
        standing_tasks(current=current)
        .where(FILTERS["task"])
        .join(
            PROPOSALS,
            and_(
                PROPOSALS.c.ledger == TASKS.c.ledger,
                PROPOSALS.c.task_id == TASKS.c.task_id,
                *valid(PROPOSALS),
            ),
        )
        .add_columns(PROPOSALS.c.goal, PROPOSALS.c.roadmap)
    )
    shown = (*TASK_COLUMNS, "goal", "roadmap")
    return single(query, shown, (TASKS_PROJECTION.name, TASK_PROPOSALS.name))

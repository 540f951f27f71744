"""Obstacles: what stands in the way of tasks under way, in which field, and for how long (B24).

An obstacle is open from the day it is raised until the day it is resolved; with the task's end it
stands in nobody's way any more.
"""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Date, Integer, Text, bindparam, func, select

from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from projections.days import running
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    read_table,
    require_open_row,
    text_id,
)
from projections.statement import Statement, statement
from projections.tasks.matters import TASK_FILTERS, Matters, days_since, said

TABLE = read_table(
    "obstacles",
    text_id("task_id"),
    Column("number", Integer, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("field"),
    Column("description", Text, nullable=False),
    text_id("addressed_to"),
)


def raised(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        {
            "task_id": data["task_id"],
            "number": data["number"],
            "from_on": event.day,
            "until_on": FOREVER,
            "position": event.position,
            "field": data["field"],
            "description": data["description"],
            "addressed_to": data["addressed_to"],
        },
    )


def resolved(obstacle: Row | None, event: RecordedEvent) -> Rows:
    return ({**require_open_row(obstacle, event), "until_on": event.day},)


OBSTACLES = Projection(
    version=1,
    table=TABLE,
    key=("task_id", "number"),
    since="from_on",
    until="until_on",
    folds={ObstacleRaised.TYPE: raised, ObstacleResolved.TYPE: resolved},
)

DAYS_OPEN = days_since(TABLE.c.from_on)

OPEN_OBSTACLES = Matters(
    projection=OBSTACLES,
    holds=running(TABLE),
    columns={
        "number": TABLE.c.number,
        "field": TABLE.c.field,
        "description": TABLE.c.description,
        "addressed_to": TABLE.c.addressed_to,
        "raised_on": TABLE.c.from_on,
        "days_open": DAYS_OPEN,
    },
    filters={
        **TASK_FILTERS,
        "field": said("field", TABLE.c.field),
        "addressed_to": said("addressed_to", TABLE.c.addressed_to),
        "days_open_min": bindparam("days_open_min", type_=Integer) <= DAYS_OPEN,
    },
    marks=("raised_on", "task_id", "number"),
)


class Ages(NamedTuple):
    """The obstacles open in a field, by the days since they were raised."""

    open: int
    up_to_30_days: int
    up_to_90_days: int
    up_to_180_days: int
    over_180_days: int


BRACKETS = {
    "up_to_30_days": DAYS_OPEN.between(0, 30),
    "up_to_90_days": DAYS_OPEN.between(31, 90),
    "up_to_180_days": DAYS_OPEN.between(91, 180),
    "over_180_days": ~DAYS_OPEN.between(0, 180),
}


@lru_cache(maxsize=64)
def ages(filters: frozenset[str]) -> Statement:
    """Rows of `field`, `oldest_on` and the `Ages`; arguments: ledger, as_of, each filter's."""
    source, holds = OPEN_OBSTACLES.standing(filters)
    counts = [func.count().filter(made).label(name) for name, made in BRACKETS.items()]
    return statement(
        select(
            TABLE.c.field,
            func.min(TABLE.c.from_on).label("oldest_on"),
            func.count().label("open"),
            *counts,
        )
        .select_from(source)
        .where(*holds)
        .group_by(TABLE.c.field)
        .order_by(TABLE.c.field)
    )

"""Obstacles: what stands in the way of tasks under way, in which field, and for how long (B24).

An obstacle is open from the day it is raised until the day it is resolved; with the task's end it
stands in nobody's way any more.
"""

from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import Field
from sqlalchemy import Index, Integer, func, text

from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from projections.days import valid
from projections.filters import PLAIN_DIGITS, Id, Word, where
from projections.listing import Beside, Listing, ListItem, Shown
from projections.projection import IsoDay, Name, Version
from projections.records import settling
from projections.statement import Statement, counts, statement
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_lines import (
    UNDER_WAY_ON_THE_DAY,
    LedTaskLineFilters,
    TaskLine,
    beside_its_task,
    days_since,
)


class ObstacleRow(Version):
    """An obstacle, until it is resolved, and from then on."""

    task_id: Name
    number: int
    field: Name
    description: str
    addressed_to: Name
    raised_on: IsoDay
    resolved_on: IsoDay | None


OBSTACLES = settling(
    "obstacles",
    ObstacleRow,
    key=("task_id", "number"),
    opened=ObstacleRaised,
    opened_on="raised_on",
    settled=ObstacleResolved,
    settled_on="resolved_on",
)
TABLE = OBSTACLES.table
# In the order of the list; many are resolved.
Index(
    "obstacles_unresolved",
    TABLE.c.ledger,
    TABLE.c.raised_on,
    TABLE.c.task_id,
    TABLE.c.number,
    postgresql_where=text("resolved_on IS NULL"),
)
OPEN = (*valid(TABLE), TABLE.c.resolved_on.is_(None))
DAYS_OPEN = days_since(TABLE.c.raised_on)
AGES = {
    "up_to_30_days": DAYS_OPEN.between(0, 30),
    "up_to_90_days": DAYS_OPEN.between(31, 90),
    "up_to_180_days": DAYS_OPEN.between(91, 180),
    "over_180_days": ~DAYS_OPEN.between(0, 180),
}


class OpenObstacle(TaskLine):
    """An obstacle, open for `days_open` days; `field` is its own, not the task's."""

    number: int
    field: str
    description: Annotated[str, Shown(vi="Mô tả")]
    addressed_to: Annotated[str, Shown(vi="Đơn vị được đề nghị hỗ trợ")]
    raised_on: Annotated[date, Shown(vi="Ngày nêu vướng mắc")]
    days_open: Annotated[int, Shown(DAYS_OPEN)]


class ObstacleFilters(LedTaskLineFilters):
    """Which obstacles."""

    field: Word | None = where(TABLE.c.field, "Of the obstacle, such as `land`.")
    addressed_to: Id | None = where(TABLE.c.addressed_to, "The unit asked to help.")
    days_open_min: Annotated[int, Field(ge=0, le=100_000), PLAIN_DIGITS] | None = where(
        lambda days: days <= DAYS_OPEN, "Open for so many days at least.", of=Integer()
    )


class ObstacleAges(ListItem):
    """The obstacles open in a field, by their age in days, each counted once."""

    field: str
    oldest_on: date
    open: int
    up_to_30_days: int
    up_to_90_days: int
    up_to_180_days: int
    over_180_days: int


@lru_cache(maxsize=64)
def ages(filters: frozenset[str]) -> Statement:
    """Rows of `ObstacleAges`; arguments: ledger, as_of, each filter's."""
    return statement(
        OPEN_OBSTACLES.rows(filters)
        .with_only_columns(
            TABLE.c.field,
            func.min(TABLE.c.raised_on).label("oldest_on"),
            func.count().label("open"),
            *counts(AGES),
            maintain_column_froms=True,
        )
        .group_by(TABLE.c.field)
        .order_by(TABLE.c.field)
    )


OPEN_OBSTACLES = Listing(
    name="open-obstacles",
    tag="reports",
    answers="The obstacles not resolved on a day; counted by field and age.",
    page="One page of obstacles, the oldest first; the ages are of all pages together.",
    item=OpenObstacle,
    filters=ObstacleFilters,
    projections=(OBSTACLES, TASK_STANDINGS),
    table=TABLE,
    source=beside_its_task(TABLE),
    holds=(*OPEN, *UNDER_WAY_ON_THE_DAY),
    order=("raised_on", "task_id", "number"),
    beside=(Beside(name="ages", row=ObstacleAges, statement=ages, many=True),),
)

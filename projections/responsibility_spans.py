"""Responsibility spans: of a task, one after another; of an official, in a stretch of time."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Text, bindparam, select, tuple_

from projections.days import last_day
from projections.responsibilities import RESPONSIBILITIES
from projections.responsibilities import TABLE as SPANS
from projections.statement import LEDGER, Statement, paged

SPAN_COLUMNS = (
    "task_id",
    "official_id",
    "post_id",
    "unit_id",
    "from_on",
    "to_on",
    "how",
    "position",
    "ended_position",
)
FROM_ON: ColumnElement[Any] = bindparam("from_on", type_=Date)
TO_ON: ColumnElement[Any] = bindparam("to_on", type_=Date)
MARKS = ("from_on", "task_id")


def _spans(owner: ColumnElement[bool], *, continued: bool) -> Statement:
    place = tuple_(SPANS.c.from_on, SPANS.c.task_id)
    query: Select[Any] = (
        select(
            *(SPANS.c[name] for name in SPAN_COLUMNS if name != "to_on"),
            last_day(SPANS.c.until_on).label("to_on"),
        )
        .where(
            SPANS.c.ledger == LEDGER, owner, SPANS.c.from_on <= TO_ON, SPANS.c.until_on > FROM_ON
        )
        .order_by(SPANS.c.from_on, SPANS.c.task_id)
    )
    if continued:
        mark = tuple_(bindparam("after_from_on", type_=Date), bindparam("after_task", type_=Text))
        query = query.where(place > mark)
    return paged(query, SPAN_COLUMNS, (RESPONSIBILITIES.name,))


@lru_cache
def of_task(*, continued: bool) -> Statement:
    """Arguments: ledger, task, from_on and to_on (both included), limit, and the mark's."""
    return _spans(SPANS.c.task_id == bindparam("task", type_=Text), continued=continued)


@lru_cache
def of_official(*, continued: bool) -> Statement:
    """Arguments: ledger, official, from_on and to_on (both included), limit, and the mark's."""
    return _spans(SPANS.c.official_id == bindparam("official", type_=Text), continued=continued)

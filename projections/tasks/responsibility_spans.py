"""Responsibility spans: of a task, one after another; of an official, in a stretch of time.

Those of the lead, those of officials beside the lead, and those of vacancies, which name nobody.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from projections.days import last_day
from projections.statement import LEDGER, Statement, paged
from projections.tasks.co_accountabilities import CO_ACCOUNTABILITIES
from projections.tasks.co_accountabilities import TABLE as BESIDE
from projections.tasks.responsibilities import RESPONSIBILITIES
from projections.tasks.responsibilities import TABLE as SPANS

SPAN_COLUMNS = (
    "task_id",
    "role",
    "official_id",
    "post_id",
    "unit_id",
    "from_on",
    "to_on",
    "how",
    "position",
    "ended_position",
)
PROJECTIONS = (RESPONSIBILITIES, CO_ACCOUNTABILITIES)
FROM_ON: ColumnElement[Any] = bindparam("from_on", type_=Date)
TO_ON: ColumnElement[Any] = bindparam("to_on", type_=Date)
TASK: ColumnElement[str] = bindparam("task", type_=Text)
OFFICIAL: ColumnElement[str] = bindparam("official", type_=Text)

_PARTS = func.jsonb_to_recordset(BESIDE.c.spans).table_valued(
    column("official_id", Text),
    column("post_id", Text),
    column("unit_id", Text),
    column("from_on", Date),
    column("until_on", Date),
    column("how", Text),
    column("position", BigInteger),
    column("ended_position", BigInteger),
    name="parts",
)
_PART = _PARTS.render_derived(with_types=True)


def _leading(owner: ColumnElement[bool]) -> Select[Any]:
    same = (SPANS.c[part.name] for part in _PART.c)
    query = select(SPANS.c.task_id, literal("lead").label("role"), *same)
    return query.where(SPANS.c.ledger == LEDGER, owner)


def _beside(owner: ColumnElement[bool], whose: ColumnElement[bool]) -> Select[Any]:
    return (
        select(BESIDE.c.task_id, literal("co").label("role"), *_PART.c)
        .select_from(BESIDE.join(_PART, true()))
        .where(BESIDE.c.ledger == LEDGER, owner, whose)
    )


def _spans(leading: Select[Any], beside: Select[Any], *, continued: bool) -> Statement:
    span = union_all(leading, beside).subquery("span").c
    # Two spans of one task and one beginning are of two officials, or of one and nobody.
    whom = func.coalesce(span.official_id, "").collate("C")
    place = (span.from_on, span.task_id.collate("C"), whom)
    query: Select[Any] = (
        select(
            *(span[name] for name in SPAN_COLUMNS if name != "to_on"),
            last_day(span.until_on).label("to_on"),
        )
        .where(span.from_on <= TO_ON, span.until_on > FROM_ON, span.until_on > span.from_on)
        .order_by(*place)
    )
    if continued:
        mark = tuple_(
            bindparam("after_from_on", type_=Date),
            bindparam("after_task", type_=Text),
            bindparam("after_whom", type_=Text),
        )
        query = query.where(tuple_(*place) > mark)
    return paged(query, SPAN_COLUMNS, tuple(found.name for found in PROJECTIONS))


@lru_cache
def of_task(*, continued: bool) -> Statement:
    """Arguments: ledger, task, from_on and to_on (both included), limit, and the mark's."""
    beside = _beside(BESIDE.c.task_id == TASK, true())
    return _spans(_leading(SPANS.c.task_id == TASK), beside, continued=continued)


@lru_cache
def of_official(*, continued: bool) -> Statement:
    """Arguments: ledger, official, from_on and to_on (both included), limit, and the mark's."""
    among = BESIDE.c.officials.contains(cast(array([OFFICIAL]), ARRAY(Text)))
    beside = _beside(among, _PART.c.official_id == OFFICIAL)
    return _spans(_leading(SPANS.c.official_id == OFFICIAL), beside, continued=continued)


def mark(item: Mapping[str, Any]) -> tuple[str, str, str]:
    """The place of a span, after which the next page begins."""
    return item["from_on"], item["task_id"], item["official_id"] or ""

"""Backdated: what was recorded long after the day it counts from, by whom, and what it touched.

An annulment counts from the first day of what it annuls.
"""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import ColumnElement, Integer, Text, exists, func, literal_column, select

from domain.record.periods import PeriodAdjusted
from domain.tasks.events import TaskScored
from projections.filters import PLAIN_DIGITS, where
from projections.history import EVENTS, TAGGED, UNTIL, number_of
from projections.listing import Listing, Shown
from projections.record.events import ANNULLED, LATE, RECORDED_ON, EventFilters, ShownEvent
from projections.statement import LEDGER

_MARK = EVENTS.alias("mark")
_SCORED = TAGGED.alias("scored")
_ONE: ColumnElement[int] = literal_column("1", Integer)
_MONTH: ColumnElement[str] = literal_column("'month'", Text)

# The mark of an adjustment is recorded at once with what it marks, and after it.
ADJUSTS_CLOSED: ColumnElement[bool] = exists(
    select(_ONE)
    .where(
        _MARK.c.ledger == EVENTS.c.ledger,
        _MARK.c.position > EVENTS.c.position,
        _MARK.c.position <= EVENTS.c.position + literal_column("200"),
        _MARK.c.recorded_at == EVENTS.c.recorded_at,
        _MARK.c.correlation_id == EVENTS.c.correlation_id,
        _MARK.c.type == literal_column(f"'{PeriodAdjusted.TYPE}'"),
    )
    .correlate(EVENTS)
)
TOUCHES_A_SCORE: ColumnElement[bool] = exists(
    select(_ONE)
    .where(
        _SCORED.c.tag == number_of(EVENTS.c.ledger, EVENTS.c.tags[1]),
        _SCORED.c.type == number_of(LEDGER, literal_column(f"'{TaskScored.TYPE}'", Text)),
        _SCORED.c.position < EVENTS.c.position,
    )
    .correlate(EVENTS)
)
TOUCHES_A_PAST_MONTH: ColumnElement[bool] = func.date_trunc(
    _MONTH, EVENTS.c.effective_on
) < func.date_trunc(_MONTH, RECORDED_ON)


class BackdatedEvent(ShownEvent):
    """An event that counts from `days_late` days before it was recorded, and what it touched.

    `past_month`: a month that was over; `closed_period`: one that a body had closed and adjusts;
    `scored`: a task that had been scored before.
    """

    days_late: Annotated[int, Shown(RECORDED_ON - EVENTS.c.effective_on, vi="Số ngày ghi chậm")]
    past_month: Annotated[bool, Shown(TOUCHES_A_PAST_MONTH, vi="Thuộc tháng đã qua")]
    closed_period: Annotated[bool, Shown(ADJUSTS_CLOSED, vi="Thuộc kỳ đã khóa sổ")]
    scored: Annotated[bool, Shown(TOUCHES_A_SCORE, vi="Việc đã chấm điểm")]
    annulled: Annotated[bool, Shown(ANNULLED, vi="Đã hủy bỏ ghi nhận")]


class BackdatedFilters(EventFilters):
    """Which of them."""

    min_days: Annotated[int, Field(ge=1, le=100_000), PLAIN_DIGITS] | None = where(
        lambda days: EVENTS.c.effective_on <= RECORDED_ON - days,
        "Recorded at least so many days after the day it counts from.",
        of=Integer(),
    )
    sort: Annotated[
        Literal["-position", "position"],
        Field(description="By the order of recording; a minus turns it round."),
    ] = "-position"


BACKDATED = Listing(
    name="backdated",
    path="backdated",
    operation="list_backdated",
    tag="record",
    answers="What was recorded after the day it counts from: how long after, by whom, and whether "
    "it touched a past month, a closed period or a score.",
    page="One page of what was recorded late, the last recorded first.",
    item=BackdatedEvent,
    filters=BackdatedFilters,
    projections=(),
    table=EVENTS,
    holds=(LATE, EVENTS.c.position <= UNTIL),
    order={"position": ("position",)},
)

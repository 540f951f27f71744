"""Coverage gaps: the days on which a commune had no monitor, and why.

A gap stays in the history when it is closed, with its days. One that was filled on the day on which
it began has lasted no day, and is none.
"""

from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import func

from domain.kernel import Invalid
from domain.values import Day
from projections.commune_coverage.communes import DISTRICT, PROJECTIONS, UNIT, Places, with_names
from projections.commune_coverage.intervals import TABLE, GapCause
from projections.days import FROM_ON, ONE_DAY, TO_ON, last_day
from projections.filters import Id, where
from projections.listing import Arguments, Listing, ListItem, Shown

COMMUNES = TABLE.c
AFTER_TO_ON = TO_ON + ONE_DAY
# The last day of the gap that is asked about: on it the commune bears the name that is shown.
SHOWN_ON = func.least(COMMUNES.valid_to - ONE_DAY, TO_ON)

FIRST_DAY = date(1900, 1, 1)


class PeriodUnusable(Invalid):
    """From {from_on} to {to_on} is no day: the first must not be after the last.

    Từ {from_on} đến {to_on} không có ngày nào: ngày đầu không được ở sau ngày cuối.
    """


def period(from_on: date, to_on: date) -> Arguments:
    """The arguments of a statement about these days.

    Raises:
        PeriodUnusable: there is none.
    """
    if from_on > to_on:
        raise PeriodUnusable(from_on=from_on, to_on=to_on)
    return {"from_on": from_on, "to_on": to_on}


class GapFilters(Places):
    """Which gaps: open on one day (`as_of`), or touching a stretch of days."""

    district: Id | None = where(UNIT.c.parent_id, "Communes of which it is the parent, on the day.")
    cause: GapCause | None = where(COMMUNES.cause)
    from_on: Annotated[
        Day | None, Field(description="Gaps that run on or after this day, closed since or not.")
    ] = None
    to_on: Annotated[
        Day | None,
        Field(description="Gaps that run on or before this day; `as_of` beside `from_on`."),
    ] = None


def _days(params: GapFilters, as_of: date, _: object) -> Arguments:
    """The one day, or the stretch.

    Raises:
        PeriodUnusable.
    """
    if params.from_on is None and params.to_on is None:
        return period(as_of, as_of)
    return period(params.from_on or FIRST_DAY, params.to_on or as_of)


class Gap(ListItem):
    """Nobody monitors the commune from `from_on` to `to_on`, both included; null while it is open.

    `days` counts from the first to the last, or to the last day asked about where it goes on
    beyond. Names and district are those of that day.
    """

    unit_id: str
    name: Annotated[str | None, Shown(UNIT.c.name)]
    district_id: Annotated[str | None, Shown(UNIT.c.parent_id)]
    district_name: Annotated[str | None, Shown(DISTRICT.c.name)]
    from_on: Annotated[date, Shown(COMMUNES.valid_from)]
    to_on: Annotated[date | None, Shown(last_day(COMMUNES.valid_to))]
    days: Annotated[
        int,
        Shown(
            func.least(COMMUNES.valid_to, AFTER_TO_ON) - COMMUNES.valid_from,
            vi="Số ngày",
            total=True,
        ),
    ]
    cause: Annotated[GapCause, Shown(vi="Nguyên nhân khuyết")]
    last_official: str | None
    agency_id: str | None
    position: int


COVERAGE_GAPS = Listing(
    name="coverage-gaps",
    path="commune-coverage/gaps",
    tag="monitoring",
    answers="Where nobody monitored a commune: from when to when, how long, why, and who did "
    "before.",
    page="One page of gaps, the earliest first.",
    item=Gap,
    filters=GapFilters,
    projections=PROJECTIONS,
    table=TABLE,
    source=with_names(SHOWN_ON),
    holds=(
        COMMUNES.official_id.is_(None),
        COMMUNES.valid_from < COMMUNES.valid_to,
        COMMUNES.valid_from <= TO_ON,
        COMMUNES.valid_to > FROM_ON,
    ),
    order=("from_on", "unit_id"),
    arguments=_days,
    refusals=(PeriodUnusable,),
)

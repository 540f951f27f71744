"""Coverage gaps, read: where nobody monitored a commune, why, and for how many days."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.values import Day
from projections.commune_coverage.gaps import GAP_FILTERS, commune_days, gaps
from projections.commune_coverage.intervals import COMMUNE_COVERAGE, GapCause
from projections.commune_coverage.of_day import PROJECTIONS, share
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.commune_coverage.filters import (
    FIRST_DAY,
    OfPeriod,
    PeriodUnusable,
    Places,
    period,
)
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.monitoring.lists import placed
from service.http.reads.query import CursorUnusable, described, query_params
from service.http.reads.reading import Reading, as_items, day_value, text_value

router = APIRouter(tags=["monitoring"])


class GapFilters(OfPeriod, Exported, Places):
    """Which gaps: open on one day (`as_of`), or touching a stretch of days."""

    from_on: Annotated[
        Day | None, Field(description="Gaps that run on or after this day, closed since or not.")
    ] = None
    to_on: Annotated[
        Day | None,
        Field(description="Gaps that run on or before this day; `as_of` beside `from_on`."),
    ] = None
    cause: GapCause | None = None


class Gap(BaseModel):
    """Nobody monitors the commune from `from_on` to `to_on`, both included; null while it is open.

    `days` counts from the first to the last, or to the last day asked about where it goes on
    beyond. Names and district are those of that day.
    """

    model_config = ConfigDict(extra="forbid")

    unit_id: str
    name: str | None
    district_id: str | None
    district_name: str | None
    from_on: date
    to_on: date | None
    days: int
    cause: GapCause
    last_official: str | None
    agency_id: str | None
    position: int


class GapPage(query.Page):
    """One page of gaps, the earliest first."""

    items: list[Gap]


class DayFilters(OfPeriod, Exported, Places):
    """Which days, of which communes, and by what they are counted."""

    from_on: Annotated[
        Day | None, Field(description="The first day; 1 January of the last if left out.")
    ] = None
    group_by: Annotated[
        Literal["total", "agency", "district", "commune"],
        Field(
            description="In a gap the agency is that of the last monitor; the group `-` is of "
            "communes without one, or without a district."
        ),
    ] = "total"


class CommuneDays(BaseModel):
    """Each commune counts one for each of its days.

    `share_percent` is of `monitored_days` in `commune_days`, rounded as everywhere.
    """

    model_config = ConfigDict(extra="forbid")

    group: str
    commune_days: int
    monitored_days: int
    uncovered_days: int
    share_percent: str | None


class CommuneDaysPage(query.Page):
    """One page of groups, in the order of their names."""

    items: list[CommuneDays]


@router.get(
    "/v1/{ledger}/commune-coverage/gaps",
    operation_id="list_coverage_gaps",
    response_model=GapPage,
    responses=listed(CursorUnusable, PeriodUnusable),
    openapi_extra=described(GapFilters),
)
async def list_coverage_gaps(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[GapFilters, Depends(query_params(GapFilters))],
) -> Response:
    """Where nobody monitored a commune: from when to when, how long, why, and who did before."""
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    page = partial(_gaps, reading)
    return await list_or_file(request, params, Gap, "coverage-gaps", page)


async def _gaps(reading: Reading, params: GapFilters) -> Response:
    reading = reading.at("coverage gaps", params, params.as_of, (day_value, text_value))
    filters = params.given(GAP_FILTERS)
    statement = gaps(frozenset(filters), continued=bool(reading.mark))
    query = {**filters, **_days(params, reading.as_of), **placed(reading), "limit": params.limit}
    return await reading.page(statement, query, lambda item: (item["from_on"], item["unit_id"]))


def _days(params: GapFilters, as_of: date) -> dict[str, object]:
    """The one day, or the stretch.

    Raises:
        PeriodUnusable.
    """
    if params.from_on is None and params.to_on is None:
        return period(as_of, as_of)
    return period(params.from_on or FIRST_DAY, params.to_on or as_of)


@router.get(
    "/v1/{ledger}/commune-coverage/uncovered-days",
    operation_id="read_uncovered_days",
    response_model=CommuneDaysPage,
    responses=listed(CursorUnusable, PeriodUnusable),
    openapi_extra=described(DayFilters),
)
async def read_uncovered_days(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[DayFilters, Depends(query_params(DayFilters))],
) -> Response:
    """On how many days of how many communes somebody monitored them, and on how many nobody did."""
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    page = partial(_commune_days, reading)
    return await list_or_file(request, params, CommuneDays, "uncovered-days", page)


async def _commune_days(reading: Reading, params: DayFilters) -> Response:
    listing = f"commune days by {params.group_by}"
    reading = reading.at(listing, params, params.as_of, (text_value,))
    last = params.to_on or reading.as_of
    filters = params.given(("district", "agency"))
    statement = commune_days(params.group_by, frozenset(filters), continued=bool(reading.mark))
    query = {**filters, **period(params.from_on or date(last.year, 1, 1), last)}
    if reading.mark:
        [query["after"]] = reading.mark
    rows = await reading.rows(statement, limit=params.limit, **query)
    items = [_item(*row[1:]) for row in rows[: params.limit]]
    position = rows[0]["position"] if rows else await reading.position(COMMUNE_COVERAGE)
    mark = (rows[params.limit - 1]["group"],) if len(rows) > params.limit else None
    return reading.reply(as_items(items), position, mark)


def _item(group: str, days: int, monitored: int) -> dict[str, object]:
    return {
        "group": group,
        "commune_days": days,
        "monitored_days": monitored,
        "uncovered_days": days - monitored,
        "share_percent": share(monitored, days),
    }

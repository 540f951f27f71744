"""Commune coverage, read: how many communes have a monitor, as of any day and over time."""

import json
from datetime import date
from functools import partial
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from domain.kernel import Invalid
from domain.values import Day
from projections.commune_coverage.communes import PROJECTIONS, Places
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.of_day import CoverageBucket, counted, coverage
from projections.commune_coverage.trend import Change, changes, series, step_ends
from projections.filters import PLAIN_DIGITS
from projections.listing import ListItem, Shown, day_value
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.query import CursorUnusable, OfDay, described, query_params
from service.http.reads.reading import MEDIA_TYPE, Reading, as_items

router = APIRouter(tags=["monitoring"])

MOST_POINTS = 240

Step: TypeAlias = Literal["month", "quarter", "year"]


class PointsUnusable(Invalid):
    """From {from_on} to {to_on} by {step} are not 1 to {most} points.

    Từ {from_on} đến {to_on} theo bước {step} không phải là 1 đến {most} điểm.
    """


class CoverageFilters(OfDay, Places):
    """Which communes, on which day."""


class Holders(ListItem):
    """So many officials monitor so many communes each."""

    communes: int
    officials: int


class Coverage(query.Single):
    """How many communes have a monitor on the day, and how many each monitor has.

    `share_percent` is of `covered` in `communes`, rounded once, half up, to two decimals; null
    where there is no commune.
    """

    communes: int
    covered: int
    uncovered: int
    share_percent: str | None
    officials: int
    with_two_or_more: int
    by_number_of_communes: list[Holders]


class OfPeriod(OfDay, Places):
    """A stretch of days, both included, and which communes."""

    from_on: Annotated[
        Day | None, Field(description="The first day; 1 January of the last if left out.")
    ] = None
    to_on: Annotated[Day | None, Field(description="The last day; `as_of` if left out.")] = None


class TrendFilters(OfPeriod, Exported):
    """Which days, and which communes."""

    limit: Annotated[
        int, Field(ge=1, le=MOST_POINTS, description="At most so many points."), PLAIN_DIGITS
    ] = MOST_POINTS
    step: Annotated[
        Step,
        Field(description="Of what each point is the last day; the last point is of `to_on`."),
    ] = "month"


class CoveragePoint(ListItem):
    """The figures of the day `on`."""

    on: date
    communes: int
    covered: int
    uncovered: Annotated[int, Shown(vi="Không có người theo dõi")]
    share_percent: str | None
    officials: int


class CoverageTrend(query.Page):
    """The series, the earliest point first; which the last day asked about ends."""

    items: list[CoveragePoint]


@router.get(
    "/v1/{ledger}/commune-coverage",
    operation_id="read_commune_coverage",
    response_model=Coverage,
    responses=query.refusals(),
    openapi_extra=described(CoverageFilters),
)
async def read_commune_coverage(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[CoverageFilters, Depends(query_params(CoverageFilters))],
) -> Response:
    """How many communes have a monitor on a day, how many have none, and who has several."""
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    filters = params.given(Places.model_fields)
    rows = await reading.rows(counted(frozenset(filters)), **filters)
    position = rows[0]["position"] if rows else await reading.position(COMMUNE_COVERAGE)
    figures = coverage(CoverageBucket(*row[1:]) for row in rows)
    reply = {**figures, "position": position, "as_of": reading.as_of.isoformat()}
    return Response(
        json.dumps(reply),
        media_type=MEDIA_TYPE,
        headers={"Giaoviec-Position": str(position)},
    )


@router.get(
    "/v1/{ledger}/commune-coverage/trend",
    operation_id="read_commune_coverage_trend",
    response_model=CoverageTrend,
    responses=listed(CursorUnusable, PointsUnusable),
    openapi_extra=described(TrendFilters),
)
async def read_commune_coverage_trend(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[TrendFilters, Depends(query_params(TrendFilters))],
) -> Response:
    """How many communes had a monitor at the end of each month, quarter or year."""
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    page = partial(_trend, reading)
    return await list_or_file(request, params, CoveragePoint, "commune-coverage-trend", page)


async def _trend(reading: Reading, params: TrendFilters) -> Response:
    reading = reading.at("coverage trend", params, params.as_of, (day_value,))
    days = _days(params, params.to_on or reading.as_of)
    filters = params.given(Places.model_fields)
    asks = {**filters, "days": days, "from_on": days[0], "to_on": days[-1]}
    rows = await reading.rows(changes(frozenset(filters)), **asks)
    points = series((Change(*row[1:]) for row in rows), days)
    position = rows[0]["position"] if rows else await reading.position(COMMUNE_COVERAGE)
    if reading.mark:
        [after] = reading.mark
        points = points[sum(day <= after for day in days) :]
    shown = points[: params.limit]
    mark = (str(shown[-1]["on"]),) if len(points) > params.limit else None
    return reading.reply(as_items(shown), position, mark)


def _days(params: TrendFilters, last: date) -> list[date]:
    """The days of the points.

    Raises:
        PointsUnusable: none, or too many.
    """
    first = date(last.year, 1, 1) if params.from_on is None else params.from_on
    days = step_ends(first, last, params.step)
    if first > last or len(days) > MOST_POINTS:
        raise PointsUnusable(from_on=first, to_on=last, step=params.step, most=MOST_POINTS)
    return days

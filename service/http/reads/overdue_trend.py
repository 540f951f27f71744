"""Overdue trend, read: open, overdue and done tasks at the end of each month, as a series."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.kernel import Invalid
from projections.listing import Shown, text_value
from projections.tasks.overdue_trend import Point, Stretch, month_ends, series, stretches
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.states import TASK_STATES, StateFilters
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.lists import ListParams
from service.http.reads.query import CursorUnusable, described, query_params
from service.http.reads.reading import Reading, as_items

router = APIRouter(tags=["reports"])

MOST_MONTHS = 120
USUAL_MONTHS = 12

Month: TypeAlias = Annotated[
    str, Field(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2021-05"])
]


class MonthsUnusable(Invalid):
    """From {from_month} to {to_month} are not 1 to {most} months.

    Từ {from_month} đến {to_month} không phải là 1 đến {most} tháng.
    """


class TrendFilters(StateFilters, ListParams):
    """Which months, and which tasks are counted by what."""

    from_month: Annotated[
        Month | None, Field(description="The first month; eleven before the last if left out.")
    ] = None
    to_month: Annotated[
        Month | None, Field(description="The last month; that of `as_of` if left out.")
    ] = None


class TrendPoint(BaseModel):
    """How the tasks stand at the end of `on`: the month's last day, or `as_of` if before it.

    `overdue` are of those `open`; `done` counts all that were done by then.
    """

    model_config = ConfigDict(extra="forbid")

    month: Annotated[str, Shown(vi="Tháng")]
    on: date
    open: Annotated[int, Shown(vi="Đang mở")]
    overdue: int
    done_in_time: Annotated[int, Shown(vi="Hoàn thành đúng hạn")]
    done_late: Annotated[int, Shown(vi="Hoàn thành quá hạn")]


class OfGroup(BaseModel):
    """Something of one group."""

    model_config = ConfigDict(extra="forbid")

    group: str


class Trend(OfGroup):
    """The series of a group, one point a month."""

    points: list[TrendPoint]


class TrendRow(TrendPoint, OfGroup):
    """A point of a group's series, as a row of a table."""


class TrendPage(query.Page):
    """One page of groups, in the order of their names."""

    items: list[Trend]


@router.get(
    "/v1/{ledger}/overdue-trend",
    operation_id="read_overdue_trend",
    response_model=TrendPage,
    responses=listed(CursorUnusable, MonthsUnusable),
    openapi_extra=described(TrendFilters),
)
async def read_overdue_trend(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[TrendFilters, Depends(query_params(TrendFilters))],
) -> Response:
    """How many tasks were open, overdue, done in time and done late at the end of each month."""
    page = partial(_list, request, ledger)
    return await list_or_file(request, params, TrendRow, "overdue-trend", page, rows=_rows)


async def _list(request: Request, ledger: str, params: TrendFilters) -> Response:
    reading = await Reading.of_day(request, ledger, params, (TASK_STANDINGS,))
    listing = f"overdue trend by {params.group_by}"
    reading = reading.at(listing, params, params.as_of, (text_value,))
    days = _days(params, reading.as_of)
    filters = params.given(TASK_STATES.where)
    statement = stretches(params.group_by, frozenset(filters), continued=bool(reading.mark))
    filters |= {"limit": params.limit, "days": days}
    if reading.mark:
        [filters["after"]] = reading.mark
    rows = await reading.rows(statement, **filters)
    points = series((Stretch(*row[1:]) for row in rows), len(days))
    groups = list(points)
    items = [_trend(group, days, points[group]) for group in groups[: params.limit]]
    position = rows[0]["position"] if rows else await reading.position(TASK_STANDINGS)
    mark = (groups[params.limit - 1],) if len(groups) > params.limit else None
    return reading.reply(as_items(items), position, mark)


def _rows(trend: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    return ({"group": trend["group"], **point} for point in trend["points"])


def _days(params: TrendFilters, as_of: date) -> list[date]:
    """The days of the points.

    Raises:
        MonthsUnusable: none, or too many.
    """
    last = as_of if params.to_month is None else min(as_of, _last_day(params.to_month))
    first = _months_before(last) if params.from_month is None else _first_day(params.from_month)
    days = month_ends(first, last)
    if first > last or len(days) > MOST_MONTHS:
        raise MonthsUnusable(
            from_month=f"{first:%Y-%m}", to_month=f"{last:%Y-%m}", most=MOST_MONTHS
        )
    return days


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _last_day(month: str) -> date:
    first = _first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _months_before(last: date) -> date:
    """The first day of the first month, where as many months as usual end with this one."""
    year, month = divmod(last.year * 12 + last.month - USUAL_MONTHS, 12)
    return date(year, month + 1, 1)


def _trend(group: str, days: Sequence[date], points: Sequence[Point]) -> dict[str, object]:
    return {
        "group": group,
        "points": [
            {"month": f"{on:%Y-%m}", "on": on.isoformat(), **point._asdict()}
            for on, point in zip(days, points, strict=True)
        ],
    }

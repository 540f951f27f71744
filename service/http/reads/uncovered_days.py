"""Uncovered days, read: on how many days of a period communes had a monitor, or had none."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from projections.commune_coverage.communes import PROJECTIONS, Places
from projections.commune_coverage.gaps import PeriodUnusable, commune_days, period
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.of_day import share
from projections.listing import ListItem, Shown, text_value
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.commune_coverage import OfPeriod
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.query import CursorUnusable, described, query_params
from service.http.reads.reading import Reading, as_items

router = APIRouter(tags=["monitoring"])


class DayFilters(OfPeriod, Exported):
    """Which days, of which communes, and by what they are counted."""

    group_by: Annotated[
        Literal["total", "agency", "district", "commune"],
        Field(
            description="In a gap the agency is that of the last monitor; the group `-` is of "
            "communes without one, or without a district."
        ),
    ] = "total"


class CommuneDays(ListItem):
    """Each commune counts one for each of its days.

    `share_percent` is of `monitored_days` in `commune_days`, rounded as everywhere.
    """

    group: str
    commune_days: Annotated[int, Shown(vi="Số ngày-xã")]
    monitored_days: Annotated[int, Shown(vi="Số ngày-xã có người theo dõi")]
    uncovered_days: Annotated[int, Shown(vi="Số ngày-xã không có người theo dõi")]
    share_percent: str | None


class CommuneDaysPage(query.Page):
    """One page of groups, in the order of their names."""

    items: list[CommuneDays]


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
    filters = params.given(Places.model_fields)
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

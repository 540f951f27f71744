"""Cell attendance, read: who attends which cell, the months owed and missed, and every meeting."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.values import Day
from projections.filters import (
    Id,
    Truth,
)
from projections.monitoring.cell_attendance import (
    ATTENDED,
    CELL_ATTENDANTS,
    CELL_MEETINGS,
    attendance,
)
from projections.rounding import to_hundredth
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.monitoring.lists import OnDay, list_page, list_reading, placed, regulations
from service.http.reads.query import (
    CursorUnusable,
    described,
    query_params,
)
from service.http.reads.reading import Reading, as_items, text_value

router = APIRouter(tags=["monitoring"])


class AttendanceFilters(OnDay):
    """Which attendants."""

    cell: Id | None = None
    official: Id | None = None
    missing: Annotated[Truth | None, Field(description="Whether a month owed was missed.")] = None


class MeetingFilters(OnDay):
    """Which meetings."""

    cell: Id | None = None
    official: Id | None = None
    from_on: Annotated[Day | None, Field(description="On this day or later.")] = None
    to_on: Annotated[Day | None, Field(description="On this day or earlier.")] = None


class Attendance(BaseModel):
    """An official attends a cell; the months owed until the day, and those missed.

    A month is owed once it is over, by whoever was assigned on each of its days, as often as the
    regulation in force on its last day says. `average_points` are of the meetings `judged`,
    rounded once, half up, to two decimals.
    """

    model_config = ConfigDict(extra="forbid")

    unit_id: Annotated[str, Field(description="The cell.")]
    official_id: str
    from_on: date
    to_on: date | None
    assigned_by: str
    months_owed: int
    months_attended: int
    missing_months: list[str]
    meetings: int
    judged: int
    average_points: str | None
    position: int


class AttendedMeeting(BaseModel):
    """A meeting of the cell that the official attended, and how it was judged, if it was."""

    model_config = ConfigDict(extra="forbid")

    unit_id: Annotated[str, Field(description="The cell.")]
    official_id: str
    attended_on: date
    remarks: str
    quality_points: str | None
    position: int


class AttendancePage(query.Page):
    """One page of attendants, by cell and official."""

    items: list[Attendance]


class MeetingPage(query.Page):
    """One page of meetings, the earliest first."""

    items: list[AttendedMeeting]


@router.get(
    "/v1/{ledger}/cell-attendance",
    operation_id="list_cell_attendance",
    response_model=AttendancePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(AttendanceFilters),
)
async def list_cell_attendance(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[AttendanceFilters, Depends(query_params(AttendanceFilters))],
) -> Response:
    """Who attends the meetings of which cell on a day, and which months were missed by then."""
    page = partial(_attendance, request, ledger)
    return await list_or_file(request, params, Attendance, "cell-attendance", page)


@router.get(
    "/v1/{ledger}/cell-attendance/meetings",
    operation_id="list_cell_meetings",
    response_model=MeetingPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(MeetingFilters),
)
async def list_cell_meetings(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[MeetingFilters, Depends(query_params(MeetingFilters))],
) -> Response:
    """The meetings of cells that officials attended by a day, and how they judged them."""
    page = partial(_meetings, request, ledger)
    return await list_or_file(request, params, AttendedMeeting, "cell-meetings", page)


async def _meetings(request: Request, ledger: str, params: MeetingFilters) -> Response:
    return await list_page(await list_reading(request, ledger, ATTENDED, params), ATTENDED, params)


async def _attendance(request: Request, ledger: str, params: AttendanceFilters) -> Response:
    projections = (CELL_ATTENDANTS, CELL_MEETINGS)
    reading = await Reading.of_day(request, ledger, params, projections)
    reading = reading.at("cell attendance", params, params.as_of, (text_value, text_value))
    adopted = (await regulations(reading.service, ledger)).cell_attendance
    filters = params.given(("cell", "official", "missing"))
    statement = attendance(frozenset(filters), continued=bool(reading.mark))
    rows = await reading.rows(
        statement,
        **filters,
        **placed(reading),
        limit=params.limit,
        adopted_on=[one.effective_on for one in adopted],
        meetings_per_month=[one.meetings_per_month for one in adopted],
    )
    found = [json.loads(row["item"], parse_float=Decimal) for row in rows if row["item"]]
    shown = found[: params.limit]
    last = shown[-1] if len(found) > params.limit else None
    mark = None if last is None else (last["unit_id"], last["official_id"])
    return reading.reply(as_items([_item(one) for one in shown]), rows[0]["position"], mark)


def _item(found: Mapping[str, Any]) -> dict[str, Any]:
    points = found["points"]
    average = None if points is None else str(to_hundredth(Decimal(points) / found["judged"]))
    shown = {name: value for name, value in found.items() if name not in {"points", "position"}}
    return {**shown, "average_points": average, "position": found["position"]}

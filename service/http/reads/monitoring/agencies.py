"""Monitoring agencies, read: how agencies were judged for a year, beside what their leaders did."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.monitoring.events import Level
from projections.filters import (
    Id,
    Year,
)
from projections.monitoring.agency_assessments import (
    AGENCY_ASSESSMENTS,
    OWED,
    PROJECTIONS,
    AgencyYear,
    agency_years,
)
from projections.monitoring.papers import KINDS
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.monitoring.lists import OnDay, regulations
from service.http.reads.query import (
    CursorUnusable,
    described,
    query_params,
)
from service.http.reads.reading import Reading, as_items, text_value

router = APIRouter(tags=["monitoring"])


class AgencyFilters(OnDay):
    """Which agencies, in which year."""

    year: Annotated[Year | None, Field(description="That of `as_of` if left out.")] = None
    agency: Id | None = None


class AssessedAgency(BaseModel):
    """An agency whose leaders monitored communes in the year; not assessed where `level` is null.

    Communes and monitors are those of the end of the year, or of the day asked about, if that is
    earlier; visits are those of the year, and papers those of the year that came late or never.
    """

    model_config = ConfigDict(extra="forbid")

    agency_id: str
    year: int
    level: Level | None
    remarks: str | None
    assessed_by: str | None
    assessed_on: date | None
    communes: int
    monitors: int
    visits: int
    programmes_late: int
    programmes_missing: int
    annual_reports_late: int
    annual_reports_missing: int


class AgencyPage(query.Page):
    """One page of agencies, by id."""

    items: list[AssessedAgency]


@router.get(
    "/v1/{ledger}/monitoring/agencies",
    operation_id="list_agency_assessments",
    response_model=AgencyPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(AgencyFilters),
)
async def list_agency_assessments(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[AgencyFilters, Depends(query_params(AgencyFilters))],
) -> Response:
    """The agencies that sent monitors in a year, how they were assessed, and their figures."""
    page = partial(_page, request, ledger)
    return await list_or_file(request, params, AssessedAgency, "monitoring-agencies", page)


async def _page(request: Request, ledger: str, params: AgencyFilters) -> Response:
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    reading = reading.at("monitoring agencies", params, params.as_of, (text_value,))
    year = params.year or reading.as_of.year
    in_force = (await regulations(reading.service, ledger)).of_communes(
        min(reading.as_of, date(year, 12, 31))
    )
    query: dict[str, object] = {"limit": params.limit}
    for kind in OWED:
        query |= KINDS[kind].arguments(year, reading.as_of, in_force)
    filters = params.given(("agency",))
    statement = agency_years(of_one=bool(filters), continued=bool(reading.mark))
    if reading.mark:
        [query["after"]] = reading.mark
    rows = await reading.rows(statement, **query, **filters)
    found = [AgencyYear(*row[1:]) for row in rows[: params.limit]]
    position = rows[0]["position"] if rows else await reading.position(AGENCY_ASSESSMENTS)
    mark = (found[-1].agency_id,) if len(rows) > params.limit else None
    return reading.reply(as_items([_item(one, year) for one in found]), position, mark)


def _item(found: AgencyYear, year: int) -> dict[str, object]:
    assessed_on = found.assessed_on and found.assessed_on.isoformat()
    return {**found._asdict(), "year": year, "assessed_on": assessed_on}

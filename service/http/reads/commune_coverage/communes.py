"""Covered communes, read: a commune with its monitor or its gap, an official's communes."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from projections.commune_coverage.intervals import GapCause
from projections.commune_coverage.of_day import FILTERS, PROJECTIONS, communes, officials
from projections.filters import (
    PLAIN_DIGITS,
    Id,
    Truth,
)
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.commune_coverage.filters import Places
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.monitoring.lists import placed
from service.http.reads.query import (
    CursorUnusable,
    OfDay,
    described,
    query_params,
)
from service.http.reads.reading import Reading, text_value

router = APIRouter(tags=["monitoring"])


class CommuneFilters(OfDay, Exported, Places):
    """Which communes, on which day."""

    covered: Annotated[Truth | None, Field(description="Whether somebody monitors it.")] = None
    official: Annotated[Id | None, Field(description="Monitored by this official.")] = None


class CoveredCommune(BaseModel):
    """A commune on the day, and who monitors it, or why nobody does, since `since_on`.

    Without a monitor `agency_id` is that of `last_official`, and both are null where there never
    was one. `exception` is whether the official monitors it above the number the regulation says.
    """

    model_config = ConfigDict(extra="forbid")

    unit_id: str
    name: str | None
    kind: str | None
    code: str | None
    district_id: str | None
    district_name: str | None
    covered: bool
    official_id: str | None
    post_id: str | None
    agency_id: str | None
    since_on: date
    exception: bool
    cause: GapCause | None
    last_official: str | None
    position: int


class CommunePage(query.Page):
    """One page of communes, by id."""

    items: list[CoveredCommune]


class MonitorFilters(OfDay, Exported, Places):
    """Which officials, by the communes they monitor on the day."""

    at_least: Annotated[
        int,
        Field(ge=1, le=1000, description="Who monitor so many of these communes."),
        PLAIN_DIGITS,
    ] = 1


class MonitoredCommune(BaseModel):
    """A commune that the official monitors since that day, for that agency."""

    model_config = ConfigDict(extra="forbid")

    unit_id: str
    name: str | None
    agency_id: str
    since_on: date
    exception: bool


class Monitor(BaseModel):
    """An official and the communes monitored on the day."""

    model_config = ConfigDict(extra="forbid")

    official_id: str
    number_of_communes: int
    communes: list[MonitoredCommune]


class MonitorPage(query.Page):
    """One page of officials, by id."""

    items: list[Monitor]


@router.get(
    "/v1/{ledger}/commune-coverage/communes",
    operation_id="list_communes_by_coverage",
    response_model=CommunePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(CommuneFilters),
)
async def list_communes_by_coverage(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[CommuneFilters, Depends(query_params(CommuneFilters))],
) -> Response:
    """The communes of a day, under the names of that day, and who monitors each."""
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    page = partial(_communes, reading)
    return await list_or_file(request, params, CoveredCommune, "commune-coverage", page)


async def _communes(reading: Reading, params: CommuneFilters) -> Response:
    reading = reading.at("covered communes", params, params.as_of, (text_value,))
    filters = params.given(FILTERS)
    statement = communes(frozenset(filters), continued=bool(reading.mark))
    query = {**filters, "limit": params.limit, **placed(reading)}
    return await reading.page(statement, query, lambda item: (item["unit_id"],))


@router.get(
    "/v1/{ledger}/commune-coverage/officials",
    operation_id="list_commune_monitors",
    response_model=MonitorPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(MonitorFilters),
)
async def list_commune_monitors(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[MonitorFilters, Depends(query_params(MonitorFilters))],
) -> Response:
    """The officials who monitor communes on a day, how many and which."""
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    page = partial(_monitors, reading)
    return await list_or_file(request, params, Monitor, "commune-monitors", page)


async def _monitors(reading: Reading, params: MonitorFilters) -> Response:
    reading = reading.at("commune monitors", params, params.as_of, (text_value,))
    filters = params.given(("district", "agency"))
    statement = officials(frozenset(filters), continued=bool(reading.mark))
    query = {**filters, "at_least": params.at_least, "limit": params.limit, **placed(reading)}
    return await reading.page(statement, query, lambda item: (item["official_id"],))

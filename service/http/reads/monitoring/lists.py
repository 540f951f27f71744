"""Monitoring lists, read: what the lists of monitoring share: filters, fields, pages and files."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Annotated

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Date, Integer

from domain.regulations.events import CellAttendanceRegulated, CommuneMonitoringRegulated
from domain.regulations.regulations import Regulations
from projections.filters import (
    Id,
)
from projections.monitoring.lists import MonitoringList, listed
from service.components import Service
from service.http.reads.exporting import Exported, list_or_file
from service.http.reads.query import (
    OfDay,
)
from service.http.reads.reading import Parser, Reading, day_value, text_value, whole_value


class OnDay(OfDay, Exported):
    """A list of a day, to read or to take away."""


class SpanFilters(OnDay):
    """Whose papers: of a commune, a monitor, an agency."""

    commune: Id | None = None
    official: Annotated[Id | None, Field(description="The monitor.")] = None
    agency: Annotated[Id | None, Field(description="Whose leader the monitor was.")] = None


class OfSpan(BaseModel):
    """The monitor whose it is: who monitored the commune since when, for which agency."""

    model_config = ConfigDict(extra="forbid")

    unit_id: Annotated[str, Field(description="The commune.")]
    official_id: str
    agency_id: str | None
    since_on: date


async def list_reply(
    request: Request, ledger: str, of: MonitoringList, params: OnDay, item: type[BaseModel]
) -> Response:
    """The reply to a list that needs nothing but its filters."""
    page = partial(_page, request, ledger, of)
    return await list_or_file(request, params, item, of.name.replace(" ", "-"), page)


async def _page(request: Request, ledger: str, of: MonitoringList, params: OnDay) -> Response:
    reading = await list_reading(request, ledger, of, params)
    return await list_page(reading, of, params)


async def list_reading(request: Request, ledger: str, of: MonitoringList, params: OnDay) -> Reading:
    """The read of such a list, at its place."""
    reading = await Reading.of_day(request, ledger, params, of.projections)
    return reading.at(of.name, params, params.as_of, [_parser(of, name) for name in of.marks])


async def list_page(
    reading: Reading,
    of: MonitoringList,
    params: OnDay,
    arguments: Mapping[str, object] | None = None,
    further: str = "",
) -> Response:
    """The page asked for; `arguments` are the list's own, `further` as for `Reading.reply`."""
    filters = params.given(of.filters)
    statement = listed(of, frozenset(filters), continued=bool(reading.mark))
    query = {**(arguments or {}), **filters, **placed(reading), "limit": params.limit}
    return await reading.page(statement, query, of.mark, further)


def placed(reading: Reading) -> dict[str, object]:
    """The arguments for the place in the list."""
    return {f"after_{number}": value for number, value in enumerate(reading.mark)}


def _parser(of: MonitoringList, name: str) -> Parser:
    kind = of.columns[name].type
    found: Callable[[str], object] = text_value
    if isinstance(kind, Date):
        found = day_value
    elif isinstance(kind, Integer):
        found = whole_value
    return found


async def regulations(service: Service, ledger: str) -> Regulations:
    """What has been regulated so far, from the log itself: there is little of it."""
    types = [CommuneMonitoringRegulated.TYPE, CellAttendanceRegulated.TYPE]
    query = DCBQuery(items=[DCBQueryItem(types=types, tags=[])])
    events = (await service.log.boundary(ledger, query)).events
    found = Regulations()
    for event in await service.codec.decode_all(ledger, events):
        found.evolve(event)
    return found

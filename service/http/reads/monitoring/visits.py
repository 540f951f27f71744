"""Monitoring visits, read: every visit; how many by commune, official, agency, occasion, time."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.values import Day
from projections.filters import (
    Word,
    Year,
)
from projections.monitoring.visits import COMMUNE_VISITS, VISITS, visit_counts
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.monitoring.lists import OfSpan, SpanFilters, list_reply
from service.http.reads.query import (
    CursorUnusable,
    described,
    query_params,
)
from service.http.reads.reading import Reading, as_items, text_value

router = APIRouter(tags=["monitoring"])


class VisitFilters(SpanFilters):
    """Which visits."""

    occasion: Annotated[Word | None, Field(description="Such as `party_meeting`.")] = None
    year: Year | None = None
    from_on: Annotated[Day | None, Field(description="On this day or later.")] = None
    to_on: Annotated[Day | None, Field(description="On this day or earlier.")] = None


class CountFilters(VisitFilters):
    """Which visits, counted by what."""

    group_by: Annotated[
        Literal["none", "commune", "official", "agency", "occasion", "month", "year"],
        Field(description="`none` counts everything together; a month is such as `2023-05`."),
    ] = "none"


class CommuneVisit(OfSpan):
    """The monitor was in the commune on `visited_on`; numbered within the commune."""

    number: int
    visited_on: date
    occasion: str
    content: str
    position: int


class VisitCount(BaseModel):
    """The visits of a group, to how many communes, by how many officials."""

    model_config = ConfigDict(extra="forbid")

    group: str
    visits: int
    communes: int
    officials: int


class VisitPage(query.Page):
    """One page of visits, the earliest first."""

    items: list[CommuneVisit]


class VisitCountPage(query.Page):
    """One page of groups, in the order of their names."""

    items: list[VisitCount]


@router.get(
    "/v1/{ledger}/monitoring/visits",
    operation_id="list_visits",
    response_model=VisitPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(VisitFilters),
)
async def list_visits(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[VisitFilters, Depends(query_params(VisitFilters))],
) -> Response:
    """The visits of monitors to their communes by a day."""
    return await list_reply(request, ledger, VISITS, params, CommuneVisit)


@router.get(
    "/v1/{ledger}/monitoring/visit-counts",
    operation_id="count_visits",
    response_model=VisitCountPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(CountFilters),
)
async def count_visits(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[CountFilters, Depends(query_params(CountFilters))],
) -> Response:
    """How many visits there were by a day, by commune, official, agency, occasion or time."""
    page = partial(_counts, request, ledger)
    return await list_or_file(request, params, VisitCount, "visit-counts", page)


async def _counts(request: Request, ledger: str, params: CountFilters) -> Response:
    reading = await Reading.of_day(request, ledger, params, VISITS.projections)
    listing = f"visits by {params.group_by}"
    reading = reading.at(listing, params, params.as_of, (text_value,))
    filters = params.given(VISITS.filters)
    statement = visit_counts(params.group_by, frozenset(filters), continued=bool(reading.mark))
    query = {**filters, "limit": params.limit}
    if reading.mark:
        [query["after"]] = reading.mark
    rows = await reading.rows(statement, **query)
    shown = rows[: params.limit]
    position = rows[0]["position"] if rows else await reading.position(COMMUNE_VISITS)
    mark = (shown[-1]["group"],) if len(rows) > params.limit else None
    items = [
        {name: row[name] for name in ("group", "visits", "communes", "officials")} for row in shown
    ]
    return reading.reply(as_items(items), position, mark)

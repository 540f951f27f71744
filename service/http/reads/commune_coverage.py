"""Commune coverage, read: how many communes have a monitor on any day."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from projections.commune_coverage.communes import PROJECTIONS, Places
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.of_day import CoverageBucket, counted, coverage
from projections.listing import ListItem
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.query import OfDay, described, query_params
from service.http.reads.reading import MEDIA_TYPE, Reading

router = APIRouter(tags=["monitoring"])


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

"""Obstacles, read: which are open, in which field and for how long, as of any day."""

import json
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from projections.tasks.obstacles import OPEN_OBSTACLES, ages
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.query import PLAIN_DIGITS, CursorUnusable, Id, Word, described, query_params
from service.http.reads.tasks.matters import (
    MatterFiltersOfOfficial,
    MatterItem,
    matters_page,
    matters_reading,
)

router = APIRouter(tags=["reports"])


class ObstacleFilters(MatterFiltersOfOfficial):
    """Which obstacles."""

    field: Annotated[Word | None, Field(description="Of the obstacle, such as `land`.")] = None
    addressed_to: Annotated[Id | None, Field(description="The unit asked to help.")] = None
    days_open_min: Annotated[
        Annotated[int, Field(ge=0, le=100_000), PLAIN_DIGITS] | None,
        Field(description="Open for so many days at least."),
    ] = None


class OpenObstacle(MatterItem):
    """An obstacle, open for `days_open` days; `field` is its own, not the task's."""

    number: int
    field: str
    description: str
    addressed_to: str
    raised_on: date
    days_open: int


class ObstacleAges(BaseModel):
    """The obstacles open in a field, by their age in days, each counted once."""

    model_config = ConfigDict(extra="forbid")

    field: str
    oldest_on: date
    open: int
    up_to_30_days: int
    up_to_90_days: int
    up_to_180_days: int
    over_180_days: int


class ObstaclePage(query.Page):
    """One page of obstacles, the oldest first; the ages are of all pages together."""

    items: list[OpenObstacle]
    ages: list[ObstacleAges]


@router.get(
    "/v1/{ledger}/open-obstacles",
    operation_id="list_open_obstacles",
    response_model=ObstaclePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(ObstacleFilters),
)
async def list_open_obstacles(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[ObstacleFilters, Depends(query_params(ObstacleFilters))],
) -> Response:
    """The obstacles not resolved on a day; counted by field and age."""
    page = partial(_list, request, ledger)
    return await list_or_file(request, params, OpenObstacle, "open-obstacles", page)


async def _list(request: Request, ledger: str, params: ObstacleFilters) -> Response:
    reading = await matters_reading(request, ledger, OPEN_OBSTACLES, params)
    filters = params.filters(OPEN_OBSTACLES.filters)
    rows = await reading.rows(ages(frozenset(filters)), **filters)
    counted = json.dumps([dict(row) for row in rows], default=date.isoformat)
    return await matters_page(reading, OPEN_OBSTACLES, params, f',"ages":{counted}')

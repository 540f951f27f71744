"""Territory, read: what units come from and became, and what still hangs on those that ended."""

import json
from datetime import date
from functools import partial
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.organisation.organisation import UnitUnknown
from projections.filters import (
    Id,
)
from projections.organisation.units import UNITS
from projections.statement import known
from projections.territory.lineage import UNIT_LINEAGE, Direction, lineage, lineage_standing
from projections.territory.loose_ends import PROJECTIONS, loose_ends, mark
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.organisation.directory import UnitName
from service.http.reads.query import (
    CursorUnusable,
    OfDay,
    described,
    query_params,
)
from service.http.reads.reading import Reading, day_value, text_value

router = APIRouter(tags=["units"])

LooseKind: TypeAlias = Literal[
    "post", "tenure", "task", "co_accountability", "unit", "allocation", "attendant", "monitor"
]

DIRECTIONS: tuple[Direction, ...] = ("predecessors", "successors")
MARK_VALUES = (day_value, text_value, text_value, text_value, text_value)


class Relative(BaseModel):
    """A unit that this one comes from, or that it went into, `generation` steps away.

    A predecessor bears its last name, a successor its first; `part` says what was ceded.
    """

    model_config = ConfigDict(extra="forbid")

    unit_id: str
    name: str
    generation: int
    how: Literal["merged", "split", "ceded"]
    part: str | None
    happened_on: date
    via_unit: Annotated[str, Field(description="The unit at the other end of this step.")]
    basis_number: str | None


class Lineage(BaseModel):
    """The predecessors and successors of a unit, the nearest first."""

    model_config = ConfigDict(extra="forbid")

    unit_id: str
    predecessors: list[Relative]
    successors: list[Relative]


class LineageReply(query.Single):
    """One unit's lineage."""

    item: Lineage


class LooseEndFilters(OfDay, Exported):
    """Which loose ends."""

    unit: Annotated[Id | None, Field(description="Of this unit, which has ended.")] = None
    kind: LooseKind | None = None


class LooseEnd(BaseModel):
    """Something that still hangs on a unit that has ended; `ended_by` is the verb that mends it.

    `id` is that of the post, of the post held, of the task, of the unit below, of the agency that
    the commune is allocated to, of the cell attended, or of the commune monitored; `since_on` is
    since when it is on record. A `monitor` is one whose commune ended and who monitors none now.
    """

    model_config = ConfigDict(extra="forbid")

    unit_id: str
    unit_name: str
    ended_on: date
    kind: LooseKind
    id: str
    title: str | None
    official_id: str | None
    since_on: date
    ended_by: str


class LooseEndPage(query.Page):
    """One page of loose ends, the longest loose first."""

    items: list[LooseEnd]


@router.get(
    "/v1/{ledger}/units/{unit_id}/lineage",
    operation_id="read_unit_lineage",
    response_model=LineageReply,
    responses=query.refusals(UnitUnknown),
    openapi_extra=described(OfDay),
)
async def read_unit_lineage(
    request: Request,
    ledger: LedgerName,
    unit_id: UnitName,
    _: Reader,
    params: Annotated[OfDay, Depends(query_params(OfDay))],
) -> Response:
    """Which units this one comes from, and which it went into, through all generations."""
    reading = await Reading.of_day(request, ledger, params, (UNITS, UNIT_LINEAGE))
    if not (await reading.row(known(UNITS), id=unit_id))[0]:
        raise UnitUnknown(unit_id=unit_id)
    item: dict[str, object] = {"unit_id": unit_id}
    for direction in DIRECTIONS:
        rows = await reading.rows(lineage(direction), unit=unit_id)
        item[direction] = [
            {**dict(row), "happened_on": row["happened_on"].isoformat()} for row in rows
        ]
    at = await reading.row(lineage_standing(), unit=unit_id)
    return reading.single(json.dumps(item, ensure_ascii=False), at["position"], at["version"])


@router.get(
    "/v1/{ledger}/territory/loose-ends",
    operation_id="list_loose_ends",
    response_model=LooseEndPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(LooseEndFilters),
)
async def list_loose_ends(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[LooseEndFilters, Depends(query_params(LooseEndFilters))],
) -> Response:
    """What still hangs on units that have ended by a day, and which verb ends it."""
    page = partial(_loose_ends, request, ledger)
    return await list_or_file(request, params, LooseEnd, "loose-ends", page)


async def _loose_ends(request: Request, ledger: str, params: LooseEndFilters) -> Response:
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    reading = reading.at("loose-ends", params, params.as_of, MARK_VALUES)
    filters = params.given(("unit", "kind"))
    statement = loose_ends(frozenset(filters), continued=bool(reading.mark))
    filters["limit"] = params.limit
    for number, value in enumerate(reading.mark):
        filters[f"after_{number}"] = value
    return await reading.page(statement, filters, mark)

"""Lineage, read: which units one comes from, and which it went into."""

import json
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from domain.organisation.organisation import UnitUnknown
from projections.listing import ListItem
from projections.organisation.units import UNITS
from projections.statement import known
from projections.territory.lineage import UNIT_LINEAGE, Direction, lineage, lineage_standing
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.directory import UnitName
from service.http.reads.query import OfDay, described, query_params
from service.http.reads.reading import Reading

router = APIRouter(tags=["units"])

DIRECTIONS: tuple[Direction, ...] = ("predecessors", "successors")


class Relative(ListItem):
    """A unit that this one comes from, or that it went into, `generation` steps away.

    A predecessor bears its last name, a successor its first; `part` says what was ceded.
    """

    unit_id: str
    name: str
    generation: int
    how: Literal["merged", "split", "ceded"]
    part: str | None
    happened_on: date
    via_unit: Annotated[str, Field(description="The unit at the other end of this step.")]
    basis_number: str | None


class Lineage(ListItem):
    """The predecessors and successors of a unit, the nearest first."""

    unit_id: str
    predecessors: list[Relative]
    successors: list[Relative]


class LineageReply(query.Single):
    """One unit's lineage."""

    item: Lineage


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

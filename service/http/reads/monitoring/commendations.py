"""Monitoring commendations, read: who was proposed, and what was decided, as of any day."""

import json
from datetime import date
from functools import partial
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from projections.filters import (
    Year,
)
from projections.monitoring.commendations import PROPOSED, CommendationCounts, commendation_counts
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.monitoring.lists import OfSpan, SpanFilters, list_page, list_reading
from service.http.reads.query import (
    CursorUnusable,
    described,
    query_params,
)

router = APIRouter(tags=["monitoring"])

State: TypeAlias = Literal["proposed", "commended", "declined"]


class CommendationFilters(SpanFilters):
    """Which proposals."""

    year: Year | None = None
    state: State | None = None


class ProposedCommendation(OfSpan):
    """A proposal to commend the monitor for the year, and what was decided by the day."""

    year: int
    state: State
    proposed_on: date
    proposed_by: str
    reason: str
    decided_on: date | None
    decided_by: str | None
    decision_reason: str | None
    position: int


class Counts(BaseModel):
    """Proposals by what became of them; an official counts once, whoever proposes."""

    model_config = ConfigDict(extra="forbid")

    proposals: int
    officials_proposed: int
    commended: int
    officials_commended: int
    declined: int
    undecided: int


class CommendationPage(query.Page):
    """One page of proposals, by year and commune; the counts are of all pages together."""

    items: list[ProposedCommendation]
    counts: Counts


@router.get(
    "/v1/{ledger}/monitoring/commendations",
    operation_id="list_commendations",
    response_model=CommendationPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(CommendationFilters),
)
async def list_commendations(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[CommendationFilters, Depends(query_params(CommendationFilters))],
) -> Response:
    """The monitors whom communes proposed to commend, and the decisions taken by a day."""
    page = partial(_page, request, ledger)
    return await list_or_file(request, params, ProposedCommendation, PROPOSED.name, page)


async def _page(request: Request, ledger: str, params: CommendationFilters) -> Response:
    reading = await list_reading(request, ledger, PROPOSED, params)
    filters = params.given(PROPOSED.filters)
    counted = await reading.row(commendation_counts(frozenset(filters)), **filters)
    counts = CommendationCounts(*counted[1:])._asdict()
    return await list_page(reading, PROPOSED, params, further=f',"counts":{json.dumps(counts)}')

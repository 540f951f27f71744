"""Pending retirements, read: which communes lose their monitor soon, and who could follow."""

import json
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from projections.commune_coverage.pending_retirements import PROJECTIONS, followers, leavers
from projections.filters import (
    PLAIN_DIGITS,
)
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.commune_coverage.filters import Places
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.monitoring.lists import placed, regulations
from service.http.reads.query import (
    CursorUnusable,
    OfDay,
    described,
    query_params,
)
from service.http.reads.reading import Reading, as_items, day_value, text_value

router = APIRouter(tags=["monitoring"])


class RetirementFilters(OfDay, Exported, Places):
    """Which monitors, by when they leave."""

    within_days: Annotated[
        int,
        Field(ge=0, le=3650, description="Who leave at most so many days after the day."),
        PLAIN_DIGITS,
    ] = 180


class LeftCommune(BaseModel):
    """A commune that loses its monitor.

    `agency_id` is whose leaders may follow: that to which the commune is allocated, else that of
    the monitor.
    """

    model_config = ConfigDict(extra="forbid")

    unit_id: str
    name: str | None
    agency_id: str
    since_on: date


class Follower(BaseModel):
    """Who could follow: `communes` are those monitored already."""

    model_config = ConfigDict(extra="forbid")

    agency_id: str
    official_id: str
    post_id: str
    communes: int


class PendingRetirement(BaseModel):
    """A monitor who leaves every post from `retires_on`; `days_left` is below 1 where that is past.

    `proposed` are those who could follow, with the fewest communes first.
    """

    model_config = ConfigDict(extra="forbid")

    official_id: str
    retires_on: date
    days_left: int
    communes: list[LeftCommune]
    proposed: list[Follower]


class RetirementPage(query.Page):
    """One page of monitors, the first to leave first."""

    items: list[PendingRetirement]


@router.get(
    "/v1/{ledger}/commune-coverage/pending-retirements",
    operation_id="list_pending_retirements_of_monitors",
    response_model=RetirementPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(RetirementFilters),
)
async def list_pending_retirements_of_monitors(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[RetirementFilters, Depends(query_params(RetirementFilters))],
) -> Response:
    """The monitors whose retirement is announced, the communes they leave, and who could follow."""
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    page = partial(_page, reading)
    return await list_or_file(request, params, PendingRetirement, "pending-retirements", page)


async def _page(reading: Reading, params: RetirementFilters) -> Response:
    reading = reading.at("pending retirements", params, params.as_of, (day_value, text_value))
    filters = params.given(("district", "agency"))
    statement = leavers(frozenset(filters), continued=bool(reading.mark))
    query = {**filters, **placed(reading), "within_days": params.within_days}
    rows = await reading.rows(statement, limit=params.limit, **query)
    found = [json.loads(row["item"]) for row in rows if row["item"] is not None]
    items = found[: params.limit]
    await _propose(reading, items, params.within_days)
    mark = None
    if len(found) > params.limit:
        mark = (items[-1]["retires_on"], items[-1]["official_id"])
    return reading.reply(as_items(items), rows[0]["position"], mark)


async def _propose(reading: Reading, items: Sequence[dict[str, Any]], within_days: int) -> None:
    """Beside each of them, who could follow."""
    if not items:
        return
    rules = (await regulations(reading.service, reading.ledger)).of_communes(reading.as_of)
    agencies = {commune["agency_id"] for item in items for commune in item["communes"]}
    rows = await reading.rows(
        followers(),
        agencies=sorted(agencies),
        kinds=[] if rules is None else list(rules.leading_post_kinds),
        most=1 if rules is None else rules.communes_per_official,
        within_days=within_days,
    )
    for item in items:
        theirs = {commune["agency_id"] for commune in item["communes"]}
        # An official who holds two such posts is proposed once.
        able = {(row[0], row[1]): dict(row) for row in reversed(rows) if row[0] in theirs}
        item["proposed"] = list(reversed(able.values()))

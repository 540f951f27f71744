"""Portfolios, read: everything an official answers for, as of any day; also one who has left."""

import json
from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.organisation.organisation import OfficialUnknown
from projections.filters import (
    Truth,
)
from projections.organisation.officials import OFFICIALS
from projections.statement import known
from projections.tasks.portfolios import FILTERS, mark, portfolio, totals
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_lines import StateUnderWay
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.organisation.officials import OfficialName
from service.http.reads.query import (
    CursorUnusable,
    OfDay,
    described,
    query_params,
)
from service.http.reads.reading import Reading, day_value, text_value

router = APIRouter(tags=["officials"])

OFFICIAL_KNOWN = known(OFFICIALS)


class PortfolioFilters(OfDay, Exported):
    """Which tasks of the official."""

    role: Annotated[
        Literal["lead", "beside"] | None, Field(description="Leading the task, or beside its lead.")
    ] = None
    overdue: Annotated[Truth | None, Field(description="The task's deadline has passed.")] = None


class PortfolioItem(BaseModel):
    """A task under way for which the official answers since `since_on`, in that post.

    `days_to_deadline` is negative once the task is overdue, null without a deadline; `position` is
    the event by which the task stands so.
    """

    model_config = ConfigDict(extra="forbid")

    task_id: str
    title: str
    state: StateUnderWay
    role: Literal["lead", "beside"]
    field: str
    unit_id: str
    post_id: str
    since_on: date
    assigned_by: str
    due_on: date | None
    overdue: bool
    days_to_deadline: int | None
    position: int


class PortfolioTotals(BaseModel):
    """The whole portfolio: tasks led and answered for beside a lead; of both, how they stand."""

    model_config = ConfigDict(extra="forbid")

    leads: int
    beside: int
    in_time: int
    overdue: int


class PortfolioPage(query.Page):
    """One page of the portfolio, by deadline; the totals are of all pages, without filters."""

    items: list[PortfolioItem]
    totals: PortfolioTotals


@router.get(
    "/v1/{ledger}/officials/{official_id}/portfolio",
    operation_id="read_portfolio",
    response_model=PortfolioPage,
    responses=listed(OfficialUnknown, CursorUnusable),
    openapi_extra=described(PortfolioFilters),
)
async def read_portfolio(
    request: Request,
    ledger: LedgerName,
    official_id: OfficialName,
    _: Reader,
    params: Annotated[PortfolioFilters, Depends(query_params(PortfolioFilters))],
) -> Response:
    """Everything the official answers for on a day, leading it or beside its lead."""
    page = partial(_list, request, ledger, official_id)
    return await list_or_file(request, params, PortfolioItem, "portfolio", page)


async def _list(
    request: Request, ledger: str, official_id: str, params: PortfolioFilters
) -> Response:
    reading = await Reading.of_day(request, ledger, params, (TASK_STANDINGS, OFFICIALS))
    if not (await reading.row(OFFICIAL_KNOWN, id=official_id))[0]:
        raise OfficialUnknown(official_id=official_id)
    reading = reading.at("portfolio", params, params.as_of, (day_value, text_value))
    counted = dict(await reading.row(totals(), official=official_id))
    filters = params.given(FILTERS)
    statement = portfolio(frozenset(filters), continued=bool(reading.mark))
    filters |= {"official": official_id, "limit": params.limit}
    if reading.mark:
        filters["after_due"], filters["after_task"] = reading.mark
    return await reading.page(statement, filters, mark, f',"totals":{json.dumps(counted)}')

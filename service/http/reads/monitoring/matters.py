"""Monitoring matters, read: replacement requests, recommendations, good practices, as of a day."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from projections.filters import (
    Id,
)
from projections.monitoring.good_practices import PRACTICES
from projections.monitoring.recommendations import RECOMMENDED
from projections.monitoring.replacement_requests import REQUESTED
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import listed
from service.http.reads.monitoring.lists import OfSpan, SpanFilters, list_reply
from service.http.reads.query import (
    CursorUnusable,
    described,
    query_params,
)

router = APIRouter(tags=["monitoring"])

RequestState: TypeAlias = Literal["open", "granted", "refused"]
RecommendationState: TypeAlias = Literal["open", "overdue", "answered"]


class RequestFilters(SpanFilters):
    """Which requests."""

    state: RequestState | None = None


class RecommendationFilters(SpanFilters):
    """Which recommendations."""

    to_body: Annotated[Id | None, Field(description="Made to this body.")] = None
    state: RecommendationState | None = None


class ReplacementRequested(OfSpan):
    """A commune asked for another monitor; `days_open` while nobody has answered."""

    number: int
    state: RequestState
    requested_on: date
    requested_by: str
    reason: str
    days_open: int | None
    answered_on: date | None
    answered_by: str | None
    answer: str | None
    position: int


class Recommended(OfSpan):
    """The monitor recommended something to a body; overdue once the day to answer has passed."""

    number: int
    state: RecommendationState
    made_on: date
    to_body: str
    content: str
    answer_due_on: date | None
    days_open: int | None
    answered_on: date | None
    answer: str | None
    position: int


class RecordedPractice(OfSpan):
    """A new way of working that the monitor recorded, to be taken up elsewhere."""

    number: int
    recorded_on: date
    title: str
    content: str
    position: int


class RequestPage(query.Page):
    """One page of requests, the oldest first."""

    items: list[ReplacementRequested]


class RecommendationPage(query.Page):
    """One page of recommendations, the oldest first."""

    items: list[Recommended]


class PracticePage(query.Page):
    """One page of good practices, the oldest first."""

    items: list[RecordedPractice]


@router.get(
    "/v1/{ledger}/monitoring/replacement-requests",
    operation_id="list_replacement_requests",
    response_model=RequestPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(RequestFilters),
)
async def list_replacement_requests(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[RequestFilters, Depends(query_params(RequestFilters))],
) -> Response:
    """Which communes asked for another monitor, why, and what they were told by a day."""
    return await list_reply(request, ledger, REQUESTED, params, ReplacementRequested)


@router.get(
    "/v1/{ledger}/monitoring/recommendations",
    operation_id="list_recommendations",
    response_model=RecommendationPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(RecommendationFilters),
)
async def list_recommendations(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[RecommendationFilters, Depends(query_params(RecommendationFilters))],
) -> Response:
    """What monitors recommended to which body: open, overdue and answered on a day."""
    return await list_reply(request, ledger, RECOMMENDED, params, Recommended)


@router.get(
    "/v1/{ledger}/monitoring/good-practices",
    operation_id="list_good_practices",
    response_model=PracticePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(SpanFilters),
)
async def list_good_practices(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[SpanFilters, Depends(query_params(SpanFilters))],
) -> Response:
    """The new ways of working that monitors recorded by a day."""
    return await list_reply(request, ledger, PRACTICES, params, RecordedPractice)

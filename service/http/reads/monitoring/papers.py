"""Monitoring papers, read: programmes, annual reports, reviews: in time, late, missing, awaited."""

import json
from datetime import date
from functools import partial
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.monitoring.events import Level
from projections.filters import (
    Year,
)
from projections.monitoring.papers import KINDS, PaperCounts, PaperKind, paper_counts
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.monitoring.lists import (
    OfSpan,
    SpanFilters,
    list_page,
    list_reading,
    regulations,
)
from service.http.reads.query import (
    CursorUnusable,
    described,
    query_params,
)

router = APIRouter(tags=["monitoring"])

State: TypeAlias = Literal["in_time", "late", "missing", "awaited"]


class PaperFilters(SpanFilters):
    """Which papers of a year."""

    year: Annotated[Year | None, Field(description="That of `as_of` if left out.")] = None
    state: State | None = None


class ReviewFilters(PaperFilters):
    """Which reviews of a year."""

    level: Level | None = None


class Paper(OfSpan):
    """A paper that is expected of a monitor for the year, or that came though nobody expected it.

    It is expected of whoever monitors on the day it falls due, or on 31 December where that is
    earlier; a review always of whoever monitored on 31 December. Until then it is expected of the
    monitor of the day asked about. `due_on` is by the regulation in force at the end of the year,
    or on the day asked about, if that is earlier; null where none is. `first_on` decides whether
    it came in time; `submitted_on` is of its last `revision`. `days_late` are those until it came,
    or until the day asked about.
    """

    year: int
    expected: bool
    state: State
    due_on: date | None
    first_on: date | None
    submitted_on: date | None
    revision: int | None
    days_late: int | None


class ProgrammePaper(Paper):
    """A programme of the year."""

    content: str | None
    planned_visits: int | None


class ReportPaper(Paper):
    """A report on the year."""

    content: str | None


class ReviewPaper(Paper):
    """The commune's year-end form on its monitor."""

    level: Level | None
    remarks: str | None
    reviewed_by: str | None


class Counts(BaseModel):
    """The papers of the year: of the `expected` four states, and those nobody expected."""

    model_config = ConfigDict(extra="forbid")

    expected: int
    in_time: int
    late: int
    missing: int
    awaited: int
    unexpected: int


class ProgrammePage(query.Page):
    """One page of programmes, by commune; the counts are of all pages, whatever their state."""

    items: list[ProgrammePaper]
    counts: Counts


class ReportPage(query.Page):
    """One page of annual reports, by commune; the counts are of all pages, whatever their state."""

    items: list[ReportPaper]
    counts: Counts


class ReviewPage(query.Page):
    """One page of reviews, by commune; the counts are of all pages, whatever their state."""

    items: list[ReviewPaper]
    counts: Counts


@router.get(
    "/v1/{ledger}/monitoring/programmes",
    operation_id="list_monitoring_programmes",
    response_model=ProgrammePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(PaperFilters),
)
async def list_monitoring_programmes(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[PaperFilters, Depends(query_params(PaperFilters))],
) -> Response:
    """The programmes of a year that monitors submitted in time or late, and those missing."""
    page = partial(_page, request, ledger, "programmes")
    return await list_or_file(request, params, ProgrammePaper, "programmes", page)


@router.get(
    "/v1/{ledger}/monitoring/annual-reports",
    operation_id="list_monitoring_reports",
    response_model=ReportPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(PaperFilters),
)
async def list_monitoring_reports(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[PaperFilters, Depends(query_params(PaperFilters))],
) -> Response:
    """The reports on a year that monitors submitted in time or late, and those missing."""
    page = partial(_page, request, ledger, "annual_reports")
    return await list_or_file(request, params, ReportPaper, "annual-reports", page)


@router.get(
    "/v1/{ledger}/monitoring/reviews",
    operation_id="list_monitoring_reviews",
    response_model=ReviewPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(ReviewFilters),
)
async def list_monitoring_reviews(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[ReviewFilters, Depends(query_params(ReviewFilters))],
) -> Response:
    """The year-end forms on monitors that communes gave in time or late, and those missing."""
    page = partial(_page, request, ledger, "reviews")
    return await list_or_file(request, params, ReviewPaper, "reviews", page)


async def _page(request: Request, ledger: str, kind: PaperKind, params: PaperFilters) -> Response:
    papers = KINDS[kind]
    reading = await list_reading(request, ledger, papers.listing, params)
    year = params.year or reading.as_of.year
    last_day = min(reading.as_of, date(year, 12, 31))
    in_force = (await regulations(reading.service, ledger)).of_communes(last_day)
    arguments = papers.arguments(year, reading.as_of, in_force)
    filters = params.given(papers.listing.filters.keys() - {"state"})
    counted = await reading.row(paper_counts(kind, frozenset(filters)), **arguments, **filters)
    counts = PaperCounts(*counted[1:])._asdict()
    further = f',"counts":{json.dumps(counts)}'
    return await list_page(reading, papers.listing, params, arguments, further)

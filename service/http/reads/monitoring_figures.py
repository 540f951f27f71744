"""Monitoring figures, read: what was reported for a year beside what the log gives.

The figures of a year are few, and their rounding is not PostgreSQL's: they are computed all at
once, and the page is cut from them.
"""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from projections.listing import Item, text_value
from projections.monitoring.figures import (
    PROJECTIONS,
    FigureFilters,
    MonitoringFigure,
    ReportedFigure,
    YearCounts,
    figures,
    reported_of_year,
    year_counts,
)
from service.http.access import LedgerName, Reader
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.lists import ListParams
from service.http.reads.query import CursorUnusable, Page, described, query_params
from service.http.reads.reading import Reading, as_items

router = APIRouter(tags=["monitoring"])


class FigureParams(FigureFilters, ListParams):
    """Which figures of a year."""


class FigurePage(Page):
    """One page of figures, by measure and reporting body."""

    items: list[MonitoringFigure]


@router.get(
    "/v1/{ledger}/monitoring/figures",
    operation_id="list_monitoring_figures",
    response_model=FigurePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(FigureParams),
)
async def list_monitoring_figures(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[FigureParams, Depends(query_params(FigureParams))],
) -> Response:
    """The figures of a year of monitoring: recomputed, reported, and where they differ."""
    page = partial(_page, request, ledger)
    return await list_or_file(request, params, MonitoringFigure, "monitoring-figures", page)


async def _page(request: Request, ledger: str, params: FigureParams) -> Response:
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    reading = reading.at("monitoring-figures", params, params.as_of, (text_value, text_value))
    year = params.year or reading.as_of.year
    days = {"first_day": date(year, 1, 1), "last_day": min(reading.as_of, date(year, 12, 31))}
    position, *counted = await reading.row(year_counts(), year=year, **days)
    filters = params.given(("reported_by",))
    rows = await reading.rows(reported_of_year(by_one=bool(filters)), year=year, **filters)
    reported = [ReportedFigure(*row) for row in rows]
    items = [
        figure
        for figure in figures(year, YearCounts(*counted), reported, params)
        if _place(figure) > reading.mark
    ]
    shown = items[: params.limit]
    mark = _place(shown[-1]) if len(items) > params.limit else None
    return reading.reply(as_items(shown), position, mark)


def _place(figure: Item) -> tuple[str, ...]:
    return figure["measure"], figure["reported_by"] or ""

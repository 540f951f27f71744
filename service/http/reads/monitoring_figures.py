"""Monitoring figures, read: what was reported for a year beside what the log gives.

The figures of a year are few, and their rounding is not PostgreSQL's: they are computed all at
once, and the page is cut from them.
"""

from datetime import date

from fastapi import APIRouter, Request

from projections.listing import Item
from projections.marks import text_value
from projections.monitoring.figures import (
    FIGURES,
    PROJECTIONS,
    FigureFilters,
    ReportedFigure,
    YearCounts,
    figures,
    reported_of_year,
    year_counts,
)
from service.http.reads.lists import ListParams, serve_pages
from service.http.reads.reading import Reading, Reply, as_items, total_of

router = APIRouter()


class FigureParams(FigureFilters, ListParams):
    """Which figures of a year."""


async def _page(request: Request, ledger: str, params: FigureParams, _: str) -> Reply:
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    reading = reading.at(FIGURES.name, params, params.as_of, (text_value, text_value))
    year = params.year or reading.as_of.year
    days = {"first_day": date(year, 1, 1), "last_day": min(reading.as_of, date(year, 12, 31))}
    position, *counted = await reading.row(year_counts(), year=year, **days)
    filters = params.given(("reported_by",))
    rows = await reading.rows(reported_of_year(by_one=bool(filters)), year=year, **filters)
    reported = [ReportedFigure(*row) for row in rows]
    items = list(figures(year, YearCounts(*counted), reported, params))
    further = total_of(len(items)) if params.count else ""
    items = [figure for figure in items if _place(figure) > reading.mark]
    shown = items[: params.limit]
    mark = _place(shown[-1]) if len(items) > params.limit else None
    return reading.reply(as_items(shown), position, mark, further)


def _place(figure: Item) -> tuple[str, ...]:
    return figure["measure"], figure["reported_by"] or ""


serve_pages(router, FIGURES, FigureParams, _page)

"""Monitoring figures, read: what was reported for a year beside what the log gives."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.monitoring.events import Measure
from projections.filters import (
    Id,
    Truth,
    Year,
)
from projections.monitoring.figures import (
    PROJECTIONS,
    YearCounts,
    recomputed,
    reported_of_year,
    year_counts,
)
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.lists import ListParams
from service.http.reads.query import (
    CursorUnusable,
    described,
    query_params,
)
from service.http.reads.reading import Reading, as_items, text_value

router = APIRouter(tags=["monitoring"])


class FigureFilters(ListParams):
    """Which figures of a year."""

    year: Annotated[Year | None, Field(description="That of `as_of` if left out.")] = None
    measure: Measure | None = None
    reported_by: Annotated[Id | None, Field(description="Only as this body reported it.")] = None
    differs: Truth | None = None


class MonitoringFigure(BaseModel):
    """A measure as the log gives it, and as a body reported it; nobody did where that is null.

    Shares are in percent: `recomputed` is rounded once, half up, to two decimals, and null where
    `denominator` is 0; `denominator` is null for what is no share. `differs` compares what the log
    gives, rounded once to as many decimals as `reported` has, with `reported`; null where nobody
    reported.
    """

    model_config = ConfigDict(extra="forbid")

    year: int
    measure: Measure
    numerator: int
    denominator: int | None
    recomputed: str | None
    reported: str | None
    reported_by: str | None
    reported_on: date | None
    differs: bool | None


class FigurePage(query.Page):
    """One page of figures, by measure and reporting body."""

    items: list[MonitoringFigure]


@router.get(
    "/v1/{ledger}/monitoring/figures",
    operation_id="list_monitoring_figures",
    response_model=FigurePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(FigureFilters),
)
async def list_monitoring_figures(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[FigureFilters, Depends(query_params(FigureFilters))],
) -> Response:
    """The figures of a year of monitoring: recomputed, reported, and where they differ."""
    page = partial(_page, request, ledger)
    return await list_or_file(request, params, MonitoringFigure, "monitoring-figures", page)


async def _page(request: Request, ledger: str, params: FigureFilters) -> Response:
    reading = await Reading.of_day(request, ledger, params, PROJECTIONS)
    reading = reading.at("monitoring figures", params, params.as_of, (text_value, text_value))
    year = params.year or reading.as_of.year
    days = {"first_day": date(year, 1, 1), "last_day": min(reading.as_of, date(year, 12, 31))}
    position, *counted = await reading.row(year_counts(), year=year, **days)
    filters = params.given(("reported_by",))
    statement = reported_of_year(by_one=bool(filters))
    reported = await reading.rows(statement, year=year, **filters)
    items = [
        item
        for measure in sorted(Measure)
        if params.measure in {None, measure}
        for item in _items(year, measure, YearCounts(*counted), reported)
        if params.differs in {None, item["differs"]} and _place(item) > reading.mark
    ]
    shown = items[: params.limit]
    mark = _place(shown[-1]) if len(items) > params.limit else None
    return reading.reply(as_items(shown), position, mark)


def _items(year: int, measure: Measure, counts: YearCounts, reported: Any) -> list[dict[str, Any]]:  # noqa: ANN401  database rows
    """The measure beside each report of it, or alone where nobody reported it."""
    given = recomputed(measure, counts)
    alone = {
        "year": year,
        "measure": measure.value,
        "numerator": given.numerator,
        "denominator": given.denominator,
        "recomputed": given.value,
        "reported": None,
        "reported_by": None,
        "reported_on": None,
        "differs": None,
    }
    beside = [
        {
            **alone,
            "reported": row["reported"],
            "reported_by": row["unit_id"],
            "reported_on": row["reported_on"].isoformat(),
            "differs": given.differs(Decimal(row["reported"])),
        }
        for row in reported
        if row["measure"] == measure
    ]
    return beside or [alone]


def _place(item: dict[str, Any]) -> tuple[str, ...]:
    return item["measure"], item["reported_by"] or ""

"""Late reports, read: of which tasks periodic reports are missing, as of any day."""

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from domain.tasks.work.report_duties import Cadence, ReportDuty
from projections.tasks.dossier_sections import MissingReport
from projections.tasks.matters import matters
from projections.tasks.report_duties import LATE_REPORTS, late
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.query import CursorUnusable, Word, described, query_params
from service.http.reads.reading import as_items
from service.http.reads.tasks.matters import (
    MatterFiltersOfOfficial,
    MatterItem,
    filled_query,
    matters_reading,
)

router = APIRouter(tags=["reports"])

# What a late report is found by, and a reader does not need.
INNER = ("reportable", "counted_from_on", "first_missing_on")


class LateReportFilters(MatterFiltersOfOfficial):
    """Which tasks."""

    field: Annotated[Word | None, Field(description="Of the task.")] = None
    cadence: Annotated[
        Cadence | None, Field(description="Of the reports asked for on the day.")
    ] = None


class LateReports(MatterItem):
    """A task whose reports are missing, the oldest first, beside those given in time and late."""

    field: str
    duty: ReportDuty | None
    missing: list[MissingReport]
    given_in_time: int
    given_late: int
    last_given_on: date | None


class LateReportPage(query.Page):
    """One page of tasks, that with the oldest missing report first."""

    items: list[LateReports]


@router.get(
    "/v1/{ledger}/late-reports",
    operation_id="list_late_reports",
    response_model=LateReportPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(LateReportFilters),
)
async def list_late_reports(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[LateReportFilters, Depends(query_params(LateReportFilters))],
) -> Response:
    """The tasks under way of which a periodic report is missing on a day, and who must report."""
    page = partial(_list, request, ledger)
    return await list_or_file(request, params, LateReports, "late-reports", page)


async def _list(request: Request, ledger: str, params: LateReportFilters) -> Response:
    reading = await matters_reading(request, ledger, LATE_REPORTS, params)
    filters = frozenset(params.filters(LATE_REPORTS.filters))
    statement = matters(LATE_REPORTS, filters, continued=bool(reading.mark))
    rows = await reading.rows(statement, **filled_query(reading, LATE_REPORTS, params))
    found = [json.loads(row["item"]) for row in rows if row["item"] is not None]
    shown = found[: params.limit]
    items = [_item(one, reading.as_of) for one in shown]
    mark = LATE_REPORTS.mark(shown[-1]) if len(found) > params.limit else None
    return reading.reply(as_items(items), rows[0]["position"], mark)


def _item(found: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    missing = [
        {
            "period": one.period,
            "due_on": one.due_on.isoformat(),
            "days_late": (as_of - one.due_on).days,
        }
        for one in late(found, as_of)
    ]
    shown = {name: value for name, value in found.items() if name not in INNER}
    return {**shown, "missing": missing}

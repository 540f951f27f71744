"""Reminders, read: which are not answered, as of any day."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from projections.tasks.reminders import UNANSWERED
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.query import CursorUnusable, Id, Truth, described, query_params
from service.http.reads.tasks.matters import (
    MatterFiltersOfOfficial,
    MatterItem,
    matters_list,
)

router = APIRouter(tags=["reports"])


class ReminderFilters(MatterFiltersOfOfficial):
    """Which reminders."""

    issued_by: Annotated[Id | None, Field(description="The unit that urges.")] = None
    answer_overdue: Annotated[
        Truth | None, Field(description="Whether the day for the answer has passed.")
    ] = None


class UnansweredReminder(MatterItem):
    """A reminder, open for `days_open` days; `reminded` led the task when it was issued."""

    number: int
    issued_by: str
    reminded: str
    content: str
    issued_on: date
    days_open: int
    answer_due_on: date
    answer_overdue: bool


class ReminderPage(query.Page):
    """One page of reminders, those whose answer is due first before others."""

    items: list[UnansweredReminder]


@router.get(
    "/v1/{ledger}/unanswered-reminders",
    operation_id="list_unanswered_reminders",
    response_model=ReminderPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(ReminderFilters),
)
async def list_unanswered_reminders(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[ReminderFilters, Depends(query_params(ReminderFilters))],
) -> Response:
    """The reminders that wait for an answer on a day, and who must answer."""
    page = partial(matters_list, request, ledger, UNANSWERED)
    return await list_or_file(request, params, UnansweredReminder, "unanswered-reminders", page)

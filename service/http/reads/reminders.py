"""Reminders, read: which are not answered, as of any day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from projections.reminders import UNANSWERED
from service.http.access import LedgerName, Reader
from service.http.reads import asking
from service.http.reads.asking import CursorUnusable, Id, Truth, asked_by, described
from service.http.reads.reading import day_value, text_value, whole_value
from service.http.reads.task_matters import (
    MatterFiltersOfOfficial,
    MatterItem,
    matters_page,
    matters_reading,
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


class ReminderPage(asking.Page):
    """One page of reminders, those whose answer is due first before others."""

    items: list[UnansweredReminder]


@router.get(
    "/v1/{ledger}/unanswered-reminders",
    operation_id="list_unanswered_reminders",
    response_model=ReminderPage,
    responses=asking.refusals(CursorUnusable),
    openapi_extra=described(ReminderFilters),
)
async def list_unanswered_reminders(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    asked: Annotated[ReminderFilters, Depends(asked_by(ReminderFilters))],
) -> Response:
    """The reminders that wait for an answer on a day, and who must answer."""
    parsers = (day_value, text_value, whole_value)
    reading = await matters_reading(request, ledger, UNANSWERED, asked, parsers)
    return await matters_page(reading, UNANSWERED, asked)

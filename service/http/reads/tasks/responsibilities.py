"""Responsibilities, read: who answered for a task, and what an official answered for."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.organisation.organisation import OfficialUnknown
from domain.tasks.command import TaskUnknown
from domain.values import ID_PATTERN, Day
from projections.organisation.officials import OFFICIALS
from projections.statement import Statement, known
from projections.tasks.active_tasks import ACTIVE_TASKS
from projections.tasks.responsibility_spans import PROJECTIONS, mark, of_official, of_task
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.query import CursorUnusable, OfDay, described, query_params
from service.http.reads.reading import Reading, day_value, text_value
from service.http.reads.tasks.lists import TaskName

router = APIRouter()

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
TASK_KNOWN, OFFICIAL_KNOWN = known(ACTIVE_TASKS), known(OFFICIALS)


class SpanFilters(OfDay, Exported):
    """Which spans: of one day (`as_of`), or of a stretch of days, both included; else all."""

    from_on: Annotated[Day | None, Field(description="Spans that run on or after this day.")] = None
    to_on: Annotated[Day | None, Field(description="Spans that run on or before this day.")] = None


class Span(BaseModel):
    """An official answers for a task from `from_on` to `to_on`, both included.

    As its `lead`, or as `co` beside the lead; where `official_id` is null the task was vacant.
    `how` it began; `position` is the event that began it, `ended_position` the one that ended it.
    """

    model_config = ConfigDict(extra="forbid")

    task_id: str
    role: Literal["lead", "co"]
    official_id: str | None
    post_id: str
    unit_id: str
    from_on: date
    to_on: date | None
    how: Literal["assigned", "handed_over", "transferred", "vacated", "vacancy_filled", "added"]
    position: int
    ended_position: int | None


class SpanPage(query.Page):
    """One page of spans, the earliest first."""

    items: list[Span]


@router.get(
    "/v1/{ledger}/tasks/{task_id}/responsibilities",
    operation_id="list_responsibilities_for_task",
    tags=["tasks"],
    response_model=SpanPage,
    responses=listed(TaskUnknown, CursorUnusable),
    openapi_extra=described(SpanFilters),
)
async def list_responsibilities_for_task(
    request: Request,
    ledger: LedgerName,
    task_id: TaskName,
    _: Reader,
    params: Annotated[SpanFilters, Depends(query_params(SpanFilters))],
) -> Response:
    """Who answered for the task, and from when to when."""
    reading = await Reading.of_day(request, ledger, params, (*PROJECTIONS, ACTIVE_TASKS))
    if not (await reading.row(TASK_KNOWN, id=task_id))[0]:
        raise TaskUnknown(task_id=task_id)
    page = partial(_spans, reading, of_task, task=task_id)
    return await list_or_file(request, params, Span, "responsibilities", page)


@router.get(
    "/v1/{ledger}/officials/{official_id}/responsibilities",
    operation_id="list_responsibilities_of_official",
    tags=["officials"],
    response_model=SpanPage,
    responses=listed(OfficialUnknown, CursorUnusable),
    openapi_extra=described(SpanFilters),
)
async def list_responsibilities_of_official(
    request: Request,
    ledger: LedgerName,
    official_id: Annotated[str, Path(pattern=ID_PATTERN, description="The official's id.")],
    _: Reader,
    params: Annotated[SpanFilters, Depends(query_params(SpanFilters))],
) -> Response:
    """What the official answered for, and from when to when."""
    reading = await Reading.of_day(request, ledger, params, (*PROJECTIONS, OFFICIALS))
    if not (await reading.row(OFFICIAL_KNOWN, id=official_id))[0]:
        raise OfficialUnknown(official_id=official_id)
    page = partial(_spans, reading, of_official, official=official_id)
    return await list_or_file(request, params, Span, "responsibilities", page)


async def _spans(
    reading: Reading, spans: Callable[..., Statement], params: SpanFilters, **owner: object
) -> Response:
    reading = reading.at(
        "responsibilities", params, params.as_of, (day_value, text_value, text_value)
    )
    query = {
        "from_on": params.as_of or params.from_on or FIRST_DAY,
        "to_on": params.as_of or params.to_on or LAST_DAY,
        "limit": params.limit,
        **owner,
    }
    if reading.mark:
        query["after_from_on"], query["after_task"], query["after_whom"] = reading.mark
    return await reading.page(spans(continued=bool(reading.mark)), query, mark)

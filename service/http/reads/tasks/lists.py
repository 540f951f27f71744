"""Tasks, read: lists by filter and order, active or all, and one task, each as of any day."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.tasks.command import TaskUnknown
from domain.values import ID_PATTERN
from projections.filters import (
    Id,
    Label,
    SearchWords,
    Truth,
    Word,
    Year,
)
from projections.search.questions import Sought
from projections.tasks.listing import (
    FILTERS,
    ORDERS,
    Shape,
    mark,
    one_task,
    projections,
    task_page,
)
from projections.tasks.proposals import TASK_PROPOSALS
from projections.tasks.tasks import TASKS
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.query import (
    CursorUnusable,
    OfDay,
    described,
    query_params,
)
from service.http.reads.reading import Parser, Reading, day_value, text_value

router = APIRouter(tags=["tasks"])

TaskName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The task's id.")]
TaskState: TypeAlias = Literal[
    "registered",
    "ready",
    "rejected",
    "in_progress",
    "claimed",
    "vacant",
    "completed",
    "cancelled",
    "carried_over",
]
Origin: TypeAlias = Literal["registered", "commissioned", "continued"]
SortBy: TypeAlias = Literal[
    "due_on",
    "-due_on",
    "assigned_on",
    "-assigned_on",
    "last_report_on",
    "-last_report_on",
    "share_percent",
    "-share_percent",
    "title",
    "-title",
    "task_id",
    "-task_id",
]


def finite(text: str) -> Decimal:
    """A mark's number.

    Raises:
        ValueError: it is none.
    """
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError("not a number")
    return number


PARSERS: Mapping[type, Parser] = {date: day_value, Decimal: finite, str: text_value}


class TaskFilters(OfDay, Exported):
    """Which tasks, in which order."""

    q: Annotated[
        SearchWords | None,
        Field(
            description="Found by these words, as `/search` finds it: by all that was said of it "
            "up to now, whatever the day asked about.",
            examples=["lò gạch"],
        ),
    ] = None
    unit: Annotated[Id | None, Field(description="Of the unit that answers for it.")] = None
    post: Annotated[Id | None, Field(description="Of the post that answers for it.")] = None
    official: Annotated[Id | None, Field(description="Whom it is the responsibility of.")] = None
    co_accountable: Annotated[Id | None, Field(description="Who answers beside the lead.")] = None
    managed_by: Annotated[Id | None, Field(description="Decided by this body.")] = None
    field: Annotated[Word | None, Field(description="Of this field.")] = None
    kind: Annotated[Word | None, Field(description="Of this kind, among others.")] = None
    term: Annotated[
        Label | None, Field(description="`2021`, `yearly`, `2021-2025` …", examples=["2021-2025"])
    ] = None
    term_kind: Annotated[Literal["year", "yearly", "period"] | None, Field()] = None
    origin: Annotated[Origin | None, Field()] = None
    overdue: Annotated[
        Truth | None, Field(description="Active, and its deadline passed, on the day asked about.")
    ] = None
    year: Annotated[Year | None, Field(description="Assigned in the year.")] = None
    sort: Annotated[
        SortBy, Field(description="Ascending, or descending after a minus; then by the task's id.")
    ] = "due_on"


class AllTaskFilters(TaskFilters):
    """Tasks in any state."""

    state: Annotated[TaskState | None, Field(description="In this state.")] = None


class TaskIndicator(BaseModel):
    """A target and what was reached of it by the last report."""

    model_config = ConfigDict(extra="forbid")

    code: str
    name: str
    measure: str
    target: Decimal
    actual: Decimal | None
    reported_on: date | None


class TaskItem(BaseModel):
    """A task as it stands on the day.

    `managed_by` decides on it; `offered_to` is the successor who has yet to accept a handover;
    `position` is the task's last event, and its entity tag. While it is `vacant` nobody leads it.
    `original_due_on` is the first deadline of a matter older than the task, and `backlog_days` how
    long that had passed. `co_accountables` answer beside the official who leads, `collectives`
    beside the person. `parts_share_percent` is how much of the whole the delegated parts have
    brought, by their weights. `link` says how it goes on from `continued_from`; `instances` are the
    tasks of single years.
    """

    model_config = ConfigDict(extra="forbid")

    task_id: str
    state: TaskState
    active: bool
    title: str
    kinds: list[str]
    field: str
    origin: Origin
    term_kind: Literal["year", "yearly", "period"]
    term_label: str
    term_from_on: date
    term_to_on: date | None
    due_on: date | None
    original_due_on: date | None
    backlog_days: int | None
    overdue: bool
    managed_by: str
    unit_id: str
    post_id: str
    official_id: str | None
    offered_to: str | None
    coordinators: list[str]
    co_accountables: list[str]
    collectives: list[str]
    vacant_since: date | None
    indicators: list[TaskIndicator]
    share_percent: Decimal | None
    parts_share_percent: Decimal | None
    open_parts: int
    open_obstacles: int
    open_reminders: int
    plan_revision: int | None
    assigned_on: date | None
    last_report_on: date | None
    last_result_on: date | None
    completed_on: date | None
    score_points: Decimal | None
    max_points: Decimal | None
    link: Literal["carried_from", "instance_of"] | None
    continued_from: str | None
    carried_over_to: str | None
    instances: list[str]
    valid_from: date
    position: int


class RoadmapStep(BaseModel):
    """A step of the roadmap proposed."""

    model_config = ConfigDict(extra="forbid")

    title: str
    due_on: date


class TaskInFull(TaskItem):
    """A task with what was proposed."""

    goal: str
    roadmap: list[RoadmapStep]


class TaskPage(query.Page):
    """One page of tasks."""

    items: list[TaskItem]


class TaskReply(query.Single):
    """One task."""

    item: TaskInFull


@router.get(
    "/v1/{ledger}/active-tasks",
    operation_id="list_active_tasks",
    response_model=TaskPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(TaskFilters),
)
async def list_active_tasks(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[TaskFilters, Depends(query_params(TaskFilters))],
) -> Response:
    """The tasks assigned and neither completed, cancelled nor carried over, as of a day."""
    page = partial(_list, request, ledger, only_active=True)
    return await list_or_file(request, params, TaskItem, "active-tasks", page)


@router.get(
    "/v1/{ledger}/tasks",
    operation_id="list_tasks",
    response_model=TaskPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(AllTaskFilters),
)
async def list_tasks(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[AllTaskFilters, Depends(query_params(AllTaskFilters))],
) -> Response:
    """The tasks in any state, as of a day."""
    page = partial(_list, request, ledger, only_active=False)
    return await list_or_file(request, params, TaskItem, "tasks", page)


@router.get(
    "/v1/{ledger}/tasks/{task_id}",
    operation_id="read_task",
    response_model=TaskReply,
    responses=query.refusals(TaskUnknown),
    openapi_extra=described(OfDay),
)
async def read_task(
    request: Request,
    ledger: LedgerName,
    task_id: TaskName,
    _: Reader,
    params: Annotated[OfDay, Depends(query_params(OfDay))],
) -> Response:
    """One task with its goal and roadmap, as of a day; its `ETag` is what `If-Match` takes."""
    reading = await Reading.of_day(request, ledger, params, (TASKS, TASK_PROPOSALS))
    row = await reading.row(one_task(current=reading.is_current), task=task_id)
    if row["item"] is None:
        raise TaskUnknown(task_id=task_id)
    return reading.single(row["item"], row["position"], json.loads(row["item"])["position"])


async def _list(
    request: Request, ledger: str, params: TaskFilters, *, only_active: bool
) -> Response:
    order = params.sort.removeprefix("-")
    parsers = (PARSERS[ORDERS[order].type], text_value)
    filters = params.given(FILTERS)
    if params.q is not None:
        filters["q"] = Sought.of(params.q).every
    reading = await Reading.of_day(request, ledger, params, projections(filters))
    reading = reading.at(f"tasks by {params.sort}", params, params.as_of, parsers)
    shape = Shape(
        frozenset(filters),
        order,
        descending=params.sort.startswith("-"),
        continued=bool(reading.mark),
        current=reading.is_current,
        only_active=only_active,
    )
    filters["limit"] = params.limit
    if reading.mark:
        filters["after_value"], filters["after_task"] = reading.mark
    return await reading.page(task_page(shape), filters, partial(mark, order))

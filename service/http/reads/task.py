"""One task, read in full, as of any day."""

import json
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Path, Request, Response

from domain.tasks.command import TaskUnknown
from domain.values import ID_PATTERN
from projections.tasks.proposals import TASK_PROPOSALS
from projections.tasks.task_lists import TaskInFull, one_task
from projections.tasks.tasks import TASKS
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.query import OfDay, described, query_params
from service.http.reads.reading import Reading

router = APIRouter(tags=["tasks"])

TaskName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The task's id.")]


class TaskReply(query.Single):
    """One task."""

    item: TaskInFull


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
    row = await reading.row(one_task(today=reading.is_current), task=task_id)
    if row["item"] is None:
        raise TaskUnknown(task_id=task_id)
    return reading.single(row["item"], row["position"], json.loads(row["item"])["position"])

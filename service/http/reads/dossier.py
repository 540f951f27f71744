"""Dossier, read: everything about one task on one page, straight from the log, as of any day."""

from datetime import UTC
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request, Response

from domain.tasks.command import TaskUnknown
from domain.values import Basis
from projections.history import timeline
from projections.tasks.dossier import dossier
from projections.tasks.dossier_sections import Dossier, Recorded
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.query import OfDay, described, query_params
from service.http.reads.reading import Reading
from service.http.reads.task import TaskName
from service.read_models.projector import PositionNotRecorded

router = APIRouter(tags=["tasks"])

# More than any task has: the whole of it is read at once.
ALL_EVENTS = 1_000_000


class DossierReply(query.Single):
    """The dossier of one task."""

    item: Dossier


class StoredEvent(NamedTuple):
    """An event as the codec takes it."""

    type: str
    schema_version: int
    data: bytes


@router.get(
    "/v1/{ledger}/tasks/{task_id}/dossier",
    operation_id="read_task_dossier",
    response_model=DossierReply,
    responses=query.refusals(TaskUnknown),
    openapi_extra=described(OfDay),
)
async def read_task_dossier(
    request: Request,
    ledger: LedgerName,
    task_id: TaskName,
    _: Reader,
    params: Annotated[OfDay, Depends(query_params(OfDay))],
) -> Response:
    """Everything about one task as of a day; what was corrected beside what was recorded."""
    reading = await Reading.of_day(request, ledger, OfDay(as_of=params.as_of), ())
    head = await reading.service.log.head(ledger)
    if params.min_position is not None and params.min_position > head:
        raise PositionNotRecorded(position=params.min_position, head=head)
    read = dossier(task_id, await _recorded(reading, task_id), reading.as_of)
    if read is None:
        raise TaskUnknown(task_id=task_id)
    return reading.single(read.model_dump_json(), head, read.position)


async def _recorded(reading: Reading, task_id: str) -> list[Recorded[Any]]:
    """The task's events, in order."""
    statement = timeline(newest_first=False, continued=False)
    rows = await reading.rows(statement, tag=f"task:{task_id}", limit=ALL_EVENTS)
    stored = [StoredEvent(row["type"], row["schema_version"], row["data"]) for row in rows]
    decoded = await reading.service.codec.decode_all(reading.ledger, stored)
    return [
        Recorded(
            position=row["position"],
            sequence=sequence,
            type=row["type"],
            recorded_at=row["recorded_at"].astimezone(UTC),
            actor=row["actor"],
            on_behalf_of=row["on_behalf_of"],
            basis=None if row["basis"] is None else Basis.model_validate_json(row["basis"]),
            event=event,
        )
        for sequence, (row, event) in enumerate(zip(rows, decoded, strict=True), 1)
    ]

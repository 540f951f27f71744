"""One task, read: with what was proposed, and its dossier, as of any day."""

from datetime import UTC
from typing import Any

from fastapi import APIRouter

from domain.values import Basis
from projections.history import timeline
from projections.put_right import KINDS, PutRight, marking
from projections.tasks.dossier import dossier
from projections.tasks.dossier_sections import Dossier, Recorded
from projections.tasks.proposals import TASK_PROPOSALS
from projections.tasks.task_lists import TaskInFull, one_task
from projections.tasks.tasks import TASKS
from service.http.noted import note_told, officials_in
from service.http.reads.fields import told
from service.http.reads.one import Found, Thing, serve_one
from service.http.reads.query import OfDay
from service.http.reads.reading import Reading
from service.off_loop import off_loop

router = APIRouter()

# More than any task has: the whole of it is read at once.
ALL_EVENTS = 1_000_000


async def task(reading: Reading, task_id: str, _: OfDay) -> Found | None:
    row = await reading.row(one_task(today=reading.is_current), task=task_id)
    if row["item"] is None:
        return None
    return Found(row["item"], row["position"])


async def task_dossier(reading: Reading, task_id: str, params: OfDay) -> Found | None:
    """It is read straight from the log, and waits for nothing.

    Raises:
        PositionNotRecorded: the log has not reached the position waited for.
    """
    head = await reading.head(params)
    put_right = PutRight(await reading.rows(marking(), tag=f"task:{task_id}"))
    recorded = await recorded_of(reading, task_id)

    def made() -> str | None:
        read = dossier(task_id, recorded, reading.as_of, put_right)
        return None if read is None else read.model_dump_json()

    item = await off_loop(len(recorded), made)
    return None if item is None else Found(item, head)


async def recorded_of(reading: Reading, task_id: str) -> list[Recorded[Any]]:
    """The task's own events, in order of recording."""
    statement = timeline(newest_first=False, continued=False)
    rows = await reading.rows(statement, tag=f"task:{task_id}", limit=ALL_EVENTS)
    rows = [row for row in rows if row["type"] not in KINDS]
    decoded = await told(reading, await reading.decoded(rows))
    note_told(reading.request.scope, officials_in(tag for row in rows for tag in row["tags"]))
    return [
        Recorded(
            position=row["position"],
            sequence=sequence,
            type=row["type"],
            recorded_at=row["recorded_at"].astimezone(UTC),
            actor=row["actor"],
            on_behalf_of=row["on_behalf_of"],
            basis=Basis.recorded(row["basis"]),
            event=event,
        )
        for sequence, (row, event) in enumerate(zip(rows, decoded, strict=True), 1)
    ]


TASK, DOSSIER = (
    Thing(
        subject="task",
        answers="One task with its goal and roadmap, as of a day; its `ETag` is what `If-Match` "
        "takes.",
        reply="One task.",
        item=TaskInFull,
        projections=(TASKS, TASK_PROPOSALS),
        read=task,
    ),
    Thing(
        subject="task",
        aspect="dossier",
        answers="Everything about one task as of a day; what was corrected beside what was "
        "recorded.",
        reply="The dossier of one task.",
        item=Dossier,
        projections=(),
        read=task_dossier,
    ),
)
for thing in (TASK, DOSSIER):
    serve_one(router, thing)

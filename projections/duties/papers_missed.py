"""Papers missed: the plans, reports and papers of cycles that an event tells are missing."""

from typing import TypedDict

from domain.appraisal.cycle_events import CyclePaperMissed
from domain.tasks.work.missed_reports import TaskPaperMissed
from projections.projection import (
    IsoDay,
    Name,
    Place,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    read_table,
)
from projections.records import revised


class TaskPaperMissedRow(Version):
    """A plan or a report that a regulation asks for of the task."""

    task_id: Name
    paper: Name
    period: Name
    due_on: IsoDay


TASK_PAPERS_MISSED = revised(
    "task_papers_missed",
    TaskPaperMissedRow,
    key=("task_id", "paper", "period", "due_on"),
    event=TaskPaperMissed,
)


class CyclePaperMissedRow(TypedDict):
    """A paper of a cycle: `missed` is its kind, whom or which unit it is about, and its day."""

    cycle_id: Name
    missed: Name
    told_on: IsoDay
    position: Place


def told(_: CyclePaperMissedRow | None, event: RecordedEvent) -> Rows[CyclePaperMissedRow]:
    """It is told that the paper is missing."""
    data = event.data
    about = data["official_id"] or data["unit_id"]
    row: CyclePaperMissedRow = {
        "cycle_id": data["cycle_id"],
        "missed": f"{data['paper']} {about} {data['due_on']}",
        "told_on": event.day,
        "position": event.position,
    }
    return (row,)


CYCLE_PAPERS_MISSED = Projection(
    table=read_table("cycle_papers_missed", CyclePaperMissedRow),
    row=CyclePaperMissedRow,
    key=("cycle_id",),
    since="missed",
    until="told_on",
    folds={CyclePaperMissed.TYPE: told},
)

"""Papers missed: the plans, reports and papers of cycles that an event tells are missing."""

from typing import TypedDict

from sqlalchemy import Index

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
    paper: Name
    unit_id: Name
    official_id: Name | None
    due_on: IsoDay
    told_on: IsoDay
    position: Place


def told(_: CyclePaperMissedRow | None, event: RecordedEvent) -> Rows[CyclePaperMissedRow]:
    """It is told that the paper is missing."""
    data = event.data
    about = data["official_id"] or data["unit_id"]
    row: CyclePaperMissedRow = {
        "cycle_id": data["cycle_id"],
        "missed": f"{data['paper']} {about} {data['due_on']}",
        "paper": data["paper"],
        "unit_id": data["unit_id"],
        "official_id": data["official_id"],
        "due_on": data["due_on"],
        "told_on": event.day,
        "position": event.position,
    }
    return (row,)


_TABLE = read_table("cycle_papers_missed", CyclePaperMissedRow)
# What is missing in a cycle, in the order of an inbox; and of an official.
Index(
    "cycle_papers_missed_order",
    _TABLE.c.ledger,
    _TABLE.c.cycle_id,
    _TABLE.c.paper,
    _TABLE.c.told_on,
    _TABLE.c.position,
)
Index("cycle_papers_missed_of", _TABLE.c.ledger, _TABLE.c.cycle_id, _TABLE.c.official_id)
CYCLE_PAPERS_MISSED = Projection(
    table=_TABLE,
    row=CyclePaperMissedRow,
    key=("cycle_id",),
    since="missed",
    until="told_on",
    folds={CyclePaperMissed.TYPE: told},
)

"""What was proposed: the goal, the indicators' targets and the roadmap of every task."""

from sqlalchemy import BigInteger, Column, Date, Text
from sqlalchemy.dialects.postgresql import JSONB

from domain.tasks.changes import TaskAmended, TaskContinued
from domain.tasks.events import TaskCommissioned, TaskRegistered
from projections.projection import (
    Projection,
    RecordedEvent,
    Row,
    Rows,
    first_version,
    next_version,
    read_table,
    require_open_row,
    text_id,
)

TABLE = read_table(
    "task_proposals",
    text_id("task_id"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("goal", Text, nullable=False),
    Column("roadmap", JSONB, nullable=False),
)


def proposed(_: Row | None, event: RecordedEvent) -> Rows:
    proposal = event.data["proposal"]
    return first_version(
        event,
        {
            "task_id": event.data["task_id"],
            "goal": proposal["goal"],
            "roadmap": proposal["roadmap"],
        },
    )


def amended(standing: Row | None, event: RecordedEvent) -> Rows:
    said = event.data["proposal"]
    changes = {"goal": said["goal"], "roadmap": said["roadmap"]}
    return next_version(require_open_row(standing, event), event, changes)


TASK_PROPOSALS = Projection(
    version=2,
    table=TABLE,
    key=("task_id",),
    since="valid_from",
    until="valid_to",
    folds={
        TaskRegistered.TYPE: proposed,
        TaskCommissioned.TYPE: proposed,
        TaskContinued.TYPE: proposed,
        TaskAmended.TYPE: amended,
    },
)

"""What was proposed: the goal, the indicators' targets and the roadmap of every task.

Also what several read models show of a proposal, in columns of the same names.
"""

from typing import TypedDict

from domain.tasks.changes import TaskAmended, TaskContinued
from domain.tasks.events import TaskCommissioned, TaskRegistered
from projections.projection import (
    IsoDay,
    Name,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    opened,
    read_table,
    require_open_row,
    superseded,
)
from projections.task_events import ProposalData, ProposalReading, ProposedData, TitledData
from projections.tasks.terms import term_columns


class Substance(TypedDict):
    """What is to be done, and how."""

    goal: str
    roadmap: list[TitledData]


class ProposalRow(Version, Substance):
    """What was proposed for one task."""

    task_id: Name


TABLE = read_table("task_proposals", ProposalRow)


class Classification(TypedDict):
    """Of what kind a task is, in which field."""

    field: Name
    kinds: list[str]


class Outline(Classification):
    """What kind of task is proposed, for which term, and by when it is to be done."""

    term_kind: Name
    term_label: Name
    due_on: IsoDay | None


def outline(proposal: ProposalData) -> Outline:
    """Without a deadline of its own the term's last day is the deadline, if there is one."""
    term = term_columns(proposal["term"])
    return {
        "field": proposal["field"],
        "kinds": proposal["kinds"],
        "term_kind": term["term_kind"],
        "term_label": term["term_label"],
        "due_on": proposal.get("due_on") or term["term_to_on"],
    }


def classification_as_read(was: Classification, reading: ProposalReading) -> Classification:
    """Field and kinds after a correction; what it leaves out reads as before."""
    return {
        "field": reading.get("field") or was["field"],
        "kinds": reading.get("kinds") or was["kinds"],
    }


def substance(proposal: ProposalData) -> Substance:
    return {"goal": proposal["goal"], "roadmap": proposal["roadmap"]}


def proposed(_: ProposalRow | None, event: RecordedEvent[ProposedData]) -> Rows[ProposalRow]:
    data = event.data
    return ({"task_id": data["task_id"], **opened(event), **substance(data["proposal"])},)


def amended(standing: ProposalRow | None, event: RecordedEvent[ProposedData]) -> Rows[ProposalRow]:
    row = require_open_row(standing, event)
    return superseded(row, event, {**row, **substance(event.data["proposal"])})


TASK_PROPOSALS = Projection(
    version=2,
    table=TABLE,
    row=ProposalRow,
    key=("task_id",),
    folds={
        TaskRegistered.TYPE: proposed,
        TaskCommissioned.TYPE: proposed,
        TaskContinued.TYPE: proposed,
        TaskAmended.TYPE: amended,
    },
)

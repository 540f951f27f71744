"""Task standings: in which state a task stands on any day, with whom, and by when it is due.

Few rows a task, however much is reported on it: whatever counts tasks over many days reads these.
While nobody leads a task it is vacant; officials beside the lead stay.
"""

from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.responsibility import co_accountability
from projections.projection import (
    Fold,
    Projection,
    RecordedEvent,
    Rows,
    opened,
    require_open_row,
    superseded,
)
from projections.task_events import (
    AssignedData,
    BesideData,
    BesideHandedOverData,
    CompletedData,
    CorrectedData,
    PlacedData,
    ProposalData,
    ProposedData,
    RevisedData,
    new_lead,
)
from projections.tasks.proposals import classification_as_read, outline
from projections.tasks.standing_counts import STANDING_COUNTS
from projections.tasks.standing_rows import (
    COMPLETED,
    TABLE,
    Beside,
    BesideColumns,
    StandingProposed,
    StandingRow,
)
from projections.tasks.task_days import TASK_DAYS


def begun(state: str) -> Fold[StandingRow]:
    """The task begins in that state, and nobody leads it yet."""

    def fold(_: StandingRow | None, event: RecordedEvent[ProposedData]) -> Rows[StandingRow]:
        data = event.data
        row: StandingRow = {
            "task_id": data["task_id"],
            **opened(event),
            **proposed(data["proposal"]),
            "state": state,
            "year": None,
            "assigned_by": None,
            "unit_id": data["unit_id"],
            "post_id": data["post_id"],
            "official_id": None,
            "since_on": None,
            "beside": [],
            "beside_officials": [],
            "completed_on": None,
        }
        return (row,)

    return fold


def proposed(proposal: ProposalData) -> StandingProposed:
    return {**outline(proposal), "title": proposal["title"]}


def amended(task: StandingRow | None, event: RecordedEvent[ProposedData]) -> Rows[StandingRow]:
    row = require_open_row(task, event)
    return superseded(row, event, {**row, **proposed(event.data["proposal"])})


def corrected(task: StandingRow | None, event: RecordedEvent[CorrectedData]) -> Rows[StandingRow]:
    """The proposal reads otherwise from now on; a report or a claim is not shown here."""
    row, reading = require_open_row(task, event), event.data["reading"]
    if reading["kind"] != "proposal":
        return ()
    title = reading.get("title") or row["title"]
    later: StandingRow = {**row, **classification_as_read(row, reading), "title": title}
    return superseded(row, event, later)


def turned(state: str) -> Fold[StandingRow]:
    """The task is in another state, and nothing else changes."""

    def fold(task: StandingRow | None, event: RecordedEvent) -> Rows[StandingRow]:
        row = require_open_row(task, event)
        return superseded(row, event, {**row, "state": state})

    return fold


def assigned(task: StandingRow | None, event: RecordedEvent[AssignedData]) -> Rows[StandingRow]:
    row, data = require_open_row(task, event), event.data
    later: StandingRow = {
        **under_lead(row, event),
        "year": int(event.day[:4]),
        "assigned_by": data["assigned_by"],
        "due_on": data["due_on"],
    }
    return superseded(row, event, later)


def led(task: StandingRow | None, event: RecordedEvent) -> Rows[StandingRow]:
    """By a handover, a transfer, or after a vacancy."""
    row = require_open_row(task, event)
    return superseded(row, event, under_lead(row, event))


def under_lead(row: StandingRow, event: RecordedEvent) -> StandingRow:
    """Somebody leads the task from now on, and so no longer stands beside its lead."""
    lead = new_lead(event)
    return {
        **row,
        **beside(_without(row, lead.official_id)),
        "state": "in_progress",
        "official_id": lead.official_id,
        "post_id": lead.post_id,
        "unit_id": lead.unit_id,
        "since_on": event.day,
    }


def beside(others: list[Beside]) -> BesideColumns:
    return {"beside": others, "beside_officials": [other["official_id"] for other in others]}


def vacated(task: StandingRow | None, event: RecordedEvent) -> Rows[StandingRow]:
    row = require_open_row(task, event)
    later: StandingRow = {**row, "state": "vacant", "official_id": None, "since_on": event.day}
    return superseded(row, event, later)


def revised(task: StandingRow | None, event: RecordedEvent[RevisedData]) -> Rows[StandingRow]:
    """Without a new deadline the old one stays."""
    row = require_open_row(task, event)
    return superseded(row, event, {**row, "due_on": event.data["due_on"] or row["due_on"]})


def added_beside(task: StandingRow | None, event: RecordedEvent[BesideData]) -> Rows[StandingRow]:
    row = require_open_row(task, event)
    others = [*row["beside"], _from_now_on(event, event.data["official_id"])]
    return superseded(row, event, {**row, **beside(others)})


def released_beside(
    task: StandingRow | None, event: RecordedEvent[BesideData]
) -> Rows[StandingRow]:
    row = require_open_row(task, event)
    return superseded(row, event, {**row, **beside(_without(row, event.data["official_id"]))})


def handed_over_beside(
    task: StandingRow | None, event: RecordedEvent[BesideHandedOverData]
) -> Rows[StandingRow]:
    row, data = require_open_row(task, event), event.data
    successor = _from_now_on(event, data["to_official"])
    others = [*_without(row, data["from_official"]), successor]
    return superseded(row, event, {**row, **beside(others)})


def _from_now_on(event: RecordedEvent[PlacedData], official_id: str) -> Beside:
    data = event.data
    return {
        "official_id": official_id,
        "post_id": data["post_id"],
        "unit_id": data["unit_id"],
        "since_on": event.day,
    }


def _without(row: StandingRow, official_id: str) -> list[Beside]:
    return [other for other in row["beside"] if other["official_id"] != official_id]


def completed(task: StandingRow | None, event: RecordedEvent[CompletedData]) -> Rows[StandingRow]:
    row = require_open_row(task, event)
    completed_on = event.data["completed_on"]
    return superseded(row, event, {**row, "state": COMPLETED, "completed_on": completed_on})


TASK_STANDINGS = Projection(
    table=TABLE,
    row=StandingRow,
    key=("task_id",),
    kept=(STANDING_COUNTS.kept, TASK_DAYS),
    folds={
        tasks.TaskRegistered.TYPE: begun("registered"),
        tasks.TaskCommissioned.TYPE: begun("ready"),
        changes.TaskContinued.TYPE: begun("ready"),
        changes.TaskAmended.TYPE: amended,
        changes.TaskCorrected.TYPE: corrected,
        tasks.TaskApproved.TYPE: turned("ready"),
        tasks.TaskRejected.TYPE: turned("rejected"),
        tasks.TaskAssigned.TYPE: assigned,
        tasks.TaskHandedOver.TYPE: led,
        tasks.TaskTransferred.TYPE: led,
        changes.TaskVacated.TYPE: vacated,
        changes.VacancyFilled.TYPE: led,
        changes.TaskRevised.TYPE: revised,
        co_accountability.CoAccountableAdded.TYPE: added_beside,
        co_accountability.CoAccountableReleased.TYPE: released_beside,
        co_accountability.CoAccountabilityHandedOver.TYPE: handed_over_beside,
        tasks.CompletionClaimed.TYPE: turned("claimed"),
        tasks.CompletionReturned.TYPE: turned("in_progress"),
        tasks.CompletionConfirmed.TYPE: completed,
        tasks.TaskCancelled.TYPE: turned("cancelled"),
        changes.TaskCarriedOver.TYPE: turned("carried_over"),
    },
)

"""Task folds: the main road of a task, from its proposal to its score, as `tasks` has it."""

from projections.projection import Fold, RecordedEvent, Rows, opened, require_open_row, superseded
from projections.task_events import (
    AssignedData,
    CommissionedData,
    CompletedData,
    OfferData,
    PlanData,
    ProposedData,
    RegisteredData,
    ReportData,
    ScoreData,
    new_lead,
)
from projections.tasks.readings import Readings, TaskReading
from projections.tasks.task_rows import (
    CLOSED,
    CLOSED_AHEAD,
    TaskLed,
    TaskReported,
    TaskRow,
    measured,
    measured_anew,
    proposed,
)


def begun(
    event: RecordedEvent[ProposedData], *, state: str, origin: str, managed_by: str
) -> TaskRow:
    data = event.data
    return {
        "task_id": data["task_id"],
        **opened(event),
        **proposed(data["proposal"]),
        "state": state,
        "active": False,
        "origin": origin,
        "managed_by": managed_by,
        "unit_id": data["unit_id"],
        "post_id": data["post_id"],
        "official_id": None,
        "offered_to": None,
        "coordinators": [],
        "co_accountables": [],
        "collectives": [],
        "vacant_since": None,
        "share_percent": None,
        "parts_share_percent": None,
        "open_parts": 0,
        "open_obstacles": 0,
        "open_reminders": 0,
        "plan_revision": None,
        "assigned_on": None,
        "last_report_on": None,
        "last_result_on": None,
        "completed_on": None,
        "score_points": None,
        "max_points": None,
        "link": None,
        "continued_from": None,
        "carried_over_to": None,
        "instances": [],
        "lasting": True,
        "workings": {
            "parts": {},
            "together": {
                "weighted": "0",
                "weight_percent": "0",
                "unweighted_percent": "0",
                "unweighted": 0,
            },
            "readings": Readings(),
        },
    }


def happened(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
    """Nothing that is shown here changes but the task's version."""
    row = require_open_row(task, event)
    return noted(row, event, row.copy())


def noted(row: TaskRow, event: RecordedEvent, later: TaskRow) -> Rows[TaskRow]:
    """The row and the later one, after one event more."""
    return superseded(row, event, later, closing=CLOSED_AHEAD if event.ahead else CLOSED)


def registered(_: TaskRow | None, event: RecordedEvent[RegisteredData]) -> Rows[TaskRow]:
    managed_by = event.data["managed_by"]
    row = begun(event, state="registered", origin="registered", managed_by=managed_by)
    row["official_id"] = event.data["official_id"]
    return (row,)


def commissioned(_: TaskRow | None, event: RecordedEvent[CommissionedData]) -> Rows[TaskRow]:
    managed_by = event.data["commissioned_by"]
    return (begun(event, state="ready", origin="commissioned", managed_by=managed_by),)


def turned(state: str) -> Fold[TaskRow]:
    """The task is in another state, and nothing else changes."""

    def fold(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
        row = require_open_row(task, event)
        return noted(row, event, {**row, "state": state})

    return fold


def assigned(task: TaskRow | None, event: RecordedEvent[AssignedData]) -> Rows[TaskRow]:
    row, data = require_open_row(task, event), event.data
    later: TaskRow = {
        **row,
        **led(row, event),
        "state": "in_progress",
        "active": True,
        "coordinators": data.get("coordinators", []),
        "due_on": data["due_on"],
        "assigned_on": data["effective_on"],
    }
    return noted(row, event, later)


def led(row: TaskRow, event: RecordedEvent) -> TaskLed:
    """Who leads the task after the event, and so answers beside the lead no longer."""
    lead = new_lead(event)
    others = row["co_accountables"]
    return {
        "unit_id": lead.unit_id,
        "post_id": lead.post_id,
        "official_id": lead.official_id,
        "offered_to": None,
        "co_accountables": [other for other in others if other != lead.official_id],
    }


def plan_submitted(task: TaskRow | None, event: RecordedEvent[PlanData]) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    return noted(row, event, {**row, "plan_revision": event.data["revision"]})


def progress_reported(task: TaskRow | None, event: RecordedEvent[ReportData]) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    reading = read(event)
    return noted(row, event, {**row, **with_reading(row, reading), "last_report_on": event.day})


def read(event: RecordedEvent[ReportData]) -> TaskReading:
    """What is reported by the event."""
    return {
        "position": event.position,
        "on": event.day,
        "share_percent": event.data.get("share_percent"),
        "values": {value["code"]: value["actual"] for value in event.data["values"]},
    }


def with_reading(row: TaskRow, reading: TaskReading) -> TaskReported:
    """The share and the indicators after one reading more, which is the last."""
    if "readings" in row["workings"]:
        row["workings"]["readings"].add(reading)
    values, share = reading["values"], reading["share_percent"]
    return {
        "share_percent": row["share_percent"] if share is None else share,
        "indicators": measured_anew(row["indicators"], values, reading["on"]),
    }


def reported(row: TaskRow, readings: Readings) -> TaskReported:
    """The share and the indicators as these readings have them."""
    return {
        "share_percent": readings.share_percent,
        "indicators": measured(row["indicators"], readings),
    }


def handover_offered(task: TaskRow | None, event: RecordedEvent[OfferData]) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    return noted(row, event, {**row, "offered_to": event.data["to_official"]})


def handover_declined(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    return noted(row, event, {**row, "offered_to": None})


def passed_on(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
    """By a handover or a transfer."""
    row = require_open_row(task, event)
    return noted(row, event, {**row, **led(row, event)})


def completion_claimed(task: TaskRow | None, event: RecordedEvent[ReportData]) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    reading = read(event)
    return noted(row, event, {**row, **with_reading(row, reading), "state": "claimed"})


def completion_confirmed(
    task: TaskRow | None, event: RecordedEvent[CompletedData]
) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    later: TaskRow = {
        **row,
        "state": "completed",
        "active": False,
        "completed_on": event.data["completed_on"],
        "offered_to": None,
    }
    return noted(row, event, later)


def scored(task: TaskRow | None, event: RecordedEvent[ScoreData]) -> Rows[TaskRow]:
    row, data = require_open_row(task, event), event.data
    points, of = data["score_points"], data["max_points"]
    return noted(row, event, {**row, "score_points": points, "max_points": of})


def cancelled(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    later: TaskRow = {
        **row,
        "state": "cancelled",
        "active": False,
        "offered_to": None,
        "vacant_since": None,
    }
    return noted(row, event, later)

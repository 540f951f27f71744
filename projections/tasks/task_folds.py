"""Task folds: the main road of a task, from its proposal to its score, as `tasks` has it."""

from collections.abc import Iterable

from projections.projection import FOREVER, RecordedEvent, Row, Rows, require_open_row, superseded
from projections.tasks.terms import deadline, term_columns

CLOSED: Row = {"workings": None}


def proposed(event: RecordedEvent, *, state: str, origin: str, managed_by: str) -> Rows:
    data = event.data
    proposal = data["proposal"]
    return (
        {
            "task_id": data["task_id"],
            "valid_from": data["effective_on"],
            "valid_to": FOREVER,
            "position": event.position,
            "state": state,
            "active": False,
            "title": proposal["title"],
            "kinds": proposal["kinds"],
            "field": proposal["field"],
            "origin": origin,
            **term_columns(proposal["term"]),
            "due_on": deadline(proposal),
            "original_due_on": proposal.get("original_due_on"),
            "managed_by": managed_by,
            "unit_id": data["unit_id"],
            "post_id": data["post_id"],
            "official_id": data.get("official_id"),
            "offered_to": None,
            "coordinators": [],
            "co_accountables": [],
            "collectives": [],
            "vacant_since": None,
            "indicators": measured(proposal["indicators"], ()),
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
            "link": data.get("link"),
            "continued_from": data.get("from_task"),
            "carried_over_to": None,
            "instances": [],
            "workings": {"events": 1, "readings": [], "parts": []},
        },
    )


def happened(task: Row | None, event: RecordedEvent) -> Rows:
    """Nothing that is shown here changes but the task's version."""
    return noted(require_open_row(task, event), event, {})


def noted(row: Row, event: RecordedEvent, changes: Row, **workings: object) -> Rows:
    """The next version of the row, after one event more."""
    kept: Row = row["workings"]
    kept = {**kept, "events": kept["events"] + 1, **workings}
    return superseded(row, event, {**row, **changes, "workings": kept}, closing=CLOSED)


def registered(_: Row | None, event: RecordedEvent) -> Rows:
    managed_by = event.data["managed_by"]
    return proposed(event, state="registered", origin="registered", managed_by=managed_by)


def commissioned(_: Row | None, event: RecordedEvent) -> Rows:
    managed_by = event.data["commissioned_by"]
    return proposed(event, state="ready", origin="commissioned", managed_by=managed_by)


def approved(task: Row | None, event: RecordedEvent) -> Rows:
    return noted(require_open_row(task, event), event, {"state": "ready"})


def rejected(task: Row | None, event: RecordedEvent) -> Rows:
    return noted(require_open_row(task, event), event, {"state": "rejected"})


def assigned(task: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return noted(
        require_open_row(task, event),
        event,
        {
            "state": "in_progress",
            "active": True,
            "unit_id": data["unit_id"],
            "post_id": data["post_id"],
            "official_id": data["official_id"],
            "coordinators": data.get("coordinators", []),
            "due_on": data["due_on"],
            "assigned_on": data["effective_on"],
        },
    )


def plan_submitted(task: Row | None, event: RecordedEvent) -> Rows:
    return noted(require_open_row(task, event), event, {"plan_revision": event.data["revision"]})


def progress_reported(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    return read_anew(row, event, {"last_report_on": event.day}, readings=with_reading(row, event))


def with_reading(row: Row, event: RecordedEvent) -> list[Row]:
    """What has been reported so far, and by this fact: by the ordinals of the task's events."""
    readings: list[Row] = row["workings"]["readings"]
    reading = {
        "event": row["workings"]["events"] + 1,
        "on": event.day,
        "share_percent": event.data.get("share_percent"),
        "values": {value["code"]: value["actual"] for value in event.data["values"]},
    }
    return [*readings, reading]


def read_anew(row: Row, event: RecordedEvent, changes: Row, readings: list[Row]) -> Rows:
    """The next version, with the share and the indicators as these readings have them."""
    shares = [found["share_percent"] for found in readings if found["share_percent"] is not None]
    read: Row = {
        "share_percent": shares[-1] if shares else None,
        "indicators": measured(row["indicators"], readings),
    }
    return noted(row, event, {**read, **changes}, readings=readings)


def measured(indicators: Iterable[Row], readings: Iterable[Row]) -> list[Row]:
    """The indicators with what each has reached by the last reading that tells of it."""
    last = {
        code: (actual, read["on"]) for read in readings for code, actual in read["values"].items()
    }
    found = []
    for indicator in indicators:
        actual, reported_on = last.get(indicator["code"], (None, None))
        found.append({**indicator, "actual": actual, "reported_on": reported_on})
    return found


def handover_offered(task: Row | None, event: RecordedEvent) -> Rows:
    return noted(require_open_row(task, event), event, {"offered_to": event.data["to_official"]})


def handover_declined(task: Row | None, event: RecordedEvent) -> Rows:
    return noted(require_open_row(task, event), event, {"offered_to": None})


def handed_over(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    return noted(row, event, led_by(row, event.data["to_official"]))


def led_by(row: Row, official_id: str) -> Row:
    """The official leads the task from now on, and answers beside the lead no longer."""
    beside = [other for other in row["co_accountables"] if other != official_id]
    return {"official_id": official_id, "offered_to": None, "co_accountables": beside}


def transferred(task: Row | None, event: RecordedEvent) -> Rows:
    row, data = require_open_row(task, event), event.data
    place = {"unit_id": data["to_unit"], "post_id": data["to_post"]}
    return noted(row, event, {**place, **led_by(row, data["to_official"])})


def completion_claimed(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    return read_anew(row, event, {"state": "claimed"}, readings=with_reading(row, event))


def completion_confirmed(task: Row | None, event: RecordedEvent) -> Rows:
    return noted(
        require_open_row(task, event),
        event,
        {
            "state": "completed",
            "active": False,
            "completed_on": event.data["completed_on"],
            "offered_to": None,
        },
    )


def completion_returned(task: Row | None, event: RecordedEvent) -> Rows:
    return noted(require_open_row(task, event), event, {"state": "in_progress"})


def scored(task: Row | None, event: RecordedEvent) -> Rows:
    changes = {name: event.data[name] for name in ("score_points", "max_points")}
    return noted(require_open_row(task, event), event, changes)


def cancelled(task: Row | None, event: RecordedEvent) -> Rows:
    changes = {"state": "cancelled", "active": False, "offered_to": None, "vacant_since": None}
    return noted(require_open_row(task, event), event, changes)

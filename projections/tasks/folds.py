"""Task folds: the main road of a task, from its proposal to its score, as `active_tasks` has it."""

from collections.abc import Iterable

from projections.projection import FOREVER, Fact, Row, Rows, next_version, stand_in
from projections.tasks.terms import deadline, term_columns

CLOSED: Row = {"workings": None}


def proposed(fact: Fact, *, state: str, origin: str, managed_by: str) -> Rows:
    data = fact.data
    proposal = data["proposal"]
    return (
        {
            "task_id": data["task_id"],
            "valid_from": data["effective_on"],
            "valid_to": FOREVER,
            "position": fact.position,
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


def happened(task: Row | None, fact: Fact) -> Rows:
    """Nothing that is shown here changes but the task's version."""
    return noted(stand_in(task, fact), fact, {})


def noted(row: Row, fact: Fact, changes: Row, **workings: object) -> Rows:
    """The next version of the row, after one event more."""
    kept: Row = row["workings"]
    kept = {**kept, "events": kept["events"] + 1, **workings}
    return next_version(row, fact, {**changes, "workings": kept}, closing=CLOSED)


def registered(_: Row | None, fact: Fact) -> Rows:
    managed_by = fact.data["managed_by"]
    return proposed(fact, state="registered", origin="registered", managed_by=managed_by)


def commissioned(_: Row | None, fact: Fact) -> Rows:
    managed_by = fact.data["commissioned_by"]
    return proposed(fact, state="ready", origin="commissioned", managed_by=managed_by)


def approved(task: Row | None, fact: Fact) -> Rows:
    return noted(stand_in(task, fact), fact, {"state": "ready"})


def rejected(task: Row | None, fact: Fact) -> Rows:
    return noted(stand_in(task, fact), fact, {"state": "rejected"})


def assigned(task: Row | None, fact: Fact) -> Rows:
    data = fact.data
    return noted(
        stand_in(task, fact),
        fact,
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


def plan_submitted(task: Row | None, fact: Fact) -> Rows:
    return noted(stand_in(task, fact), fact, {"plan_revision": fact.data["revision"]})


def progress_reported(task: Row | None, fact: Fact) -> Rows:
    row = stand_in(task, fact)
    return read_anew(row, fact, {"last_report_on": fact.day}, readings=with_reading(row, fact))


def with_reading(row: Row, fact: Fact) -> list[Row]:
    """What has been reported so far, and by this fact: by the ordinals of the task's events."""
    readings: list[Row] = row["workings"]["readings"]
    reading = {
        "event": row["workings"]["events"] + 1,
        "on": fact.day,
        "share_percent": fact.data.get("share_percent"),
        "values": {value["code"]: value["actual"] for value in fact.data["values"]},
    }
    return [*readings, reading]


def read_anew(row: Row, fact: Fact, changes: Row, readings: list[Row]) -> Rows:
    """The next version, with the share and the indicators as these readings have them."""
    shares = [found["share_percent"] for found in readings if found["share_percent"] is not None]
    read: Row = {
        "share_percent": shares[-1] if shares else None,
        "indicators": measured(row["indicators"], readings),
    }
    return noted(row, fact, {**read, **changes}, readings=readings)


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


def handover_offered(task: Row | None, fact: Fact) -> Rows:
    return noted(stand_in(task, fact), fact, {"offered_to": fact.data["to_official"]})


def handover_declined(task: Row | None, fact: Fact) -> Rows:
    return noted(stand_in(task, fact), fact, {"offered_to": None})


def handed_over(task: Row | None, fact: Fact) -> Rows:
    row = stand_in(task, fact)
    return noted(row, fact, led_by(row, fact.data["to_official"]))


def led_by(row: Row, official_id: str) -> Row:
    """The official leads the task from now on, and answers beside the lead no longer."""
    beside = [other for other in row["co_accountables"] if other != official_id]
    return {"official_id": official_id, "offered_to": None, "co_accountables": beside}


def transferred(task: Row | None, fact: Fact) -> Rows:
    row, data = stand_in(task, fact), fact.data
    place = {"unit_id": data["to_unit"], "post_id": data["to_post"]}
    return noted(row, fact, {**place, **led_by(row, data["to_official"])})


def completion_claimed(task: Row | None, fact: Fact) -> Rows:
    row = stand_in(task, fact)
    return read_anew(row, fact, {"state": "claimed"}, readings=with_reading(row, fact))


def completion_confirmed(task: Row | None, fact: Fact) -> Rows:
    return noted(
        stand_in(task, fact),
        fact,
        {
            "state": "completed",
            "active": False,
            "completed_on": fact.data["completed_on"],
            "offered_to": None,
        },
    )


def completion_returned(task: Row | None, fact: Fact) -> Rows:
    return noted(stand_in(task, fact), fact, {"state": "in_progress"})


def scored(task: Row | None, fact: Fact) -> Rows:
    changes = {name: fact.data[name] for name in ("score_points", "max_points")}
    return noted(stand_in(task, fact), fact, changes)


def cancelled(task: Row | None, fact: Fact) -> Rows:
    changes = {"state": "cancelled", "active": False, "offered_to": None, "vacant_since": None}
    return noted(stand_in(task, fact), fact, changes)

"""Task change folds: what leads a task off the main road, as `tasks` has it."""

from collections.abc import Sequence
from decimal import Decimal

from projections.projection import Fold, RecordedEvent, Row, Rows, require_open_row
from projections.rounding import to_hundredth
from projections.tasks.task_folds import led_by, noted, proposed, read_anew, with_reading

WHOLE_PERCENT = Decimal(100)


def continued(_: Row | None, event: RecordedEvent) -> Rows:
    managed_by = event.data["continued_by"]
    return proposed(event, state="ready", origin="continued", managed_by=managed_by)


def amended(task: Row | None, event: RecordedEvent) -> Rows:
    """The proposal is another; nothing is reported on it yet."""
    row = require_open_row(task, event)
    [new] = proposed(event, state=row["state"], origin=row["origin"], managed_by=row["managed_by"])
    return noted(row, event, {name: new[name] for name in PROPOSED})


PROPOSED = (
    "title",
    "kinds",
    "field",
    "term_kind",
    "term_label",
    "term_from_on",
    "term_to_on",
    "due_on",
    "original_due_on",
    "indicators",
)


def revised(task: Row | None, event: RecordedEvent) -> Rows:
    row, data = require_open_row(task, event), event.data
    targets = {target["code"]: target["target"] for target in data["targets"]}
    indicators = [
        {**indicator, "target": targets.get(indicator["code"], indicator["target"])}
        for indicator in row["indicators"]
    ]
    changes = {"indicators": indicators, "due_on": data["due_on"] or row["due_on"]}
    return noted(row, event, changes)


def corrected(task: Row | None, event: RecordedEvent) -> Rows:
    """From now on the event named reads otherwise; a claim's summary is not shown here."""
    row, reading = require_open_row(task, event), event.data["reading"]
    match reading["kind"]:
        case "proposal":
            said = {name: reading.get(name) for name in ("title", "field", "kinds")}
            return noted(
                row, event, {name: told for name, told in said.items() if told is not None}
            )
        case "progress":
            return read_anew(row, event, {}, readings=_reread(row, event.data["sequence"], reading))
        case _:
            return noted(row, event, {})


def _reread(row: Row, event: int, reading: Row) -> list[Row]:
    """The readings with another one of that event; what it leaves out reads as before."""
    told: Row = {}
    if reading.get("share_percent") is not None:
        told["share_percent"] = reading["share_percent"]
    if reading.get("values") is not None:
        told["values"] = {value["code"]: value["actual"] for value in reading["values"]}
    return [
        {**read, **told} if read["event"] == event else read for read in row["workings"]["readings"]
    ]


def vacated(task: Row | None, event: RecordedEvent) -> Rows:
    nobody = {"state": "vacant", "official_id": None, "offered_to": None, "vacant_since": event.day}
    return noted(require_open_row(task, event), event, nobody)


def vacancy_filled(task: Row | None, event: RecordedEvent) -> Rows:
    row, data = require_open_row(task, event), event.data
    changes = {
        "state": "in_progress",
        "unit_id": data["unit_id"],
        "post_id": data["post_id"],
        "vacant_since": None,
        **led_by(row, data["official_id"]),
    }
    return noted(row, event, changes)


def carried_over(task: Row | None, event: RecordedEvent) -> Rows:
    changes = {
        "state": "carried_over",
        "active": False,
        "carried_over_to": event.data["to_task"],
        "offered_to": None,
        "vacant_since": None,
    }
    return noted(require_open_row(task, event), event, changes)


def year_opened(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    return noted(row, event, {"instances": [*row["instances"], event.data["instance"]]})


def co_accountable_added(task: Row | None, event: RecordedEvent) -> Rows:
    return _beside(task, event, gone=None, came=event.data["official_id"])


def co_accountable_released(task: Row | None, event: RecordedEvent) -> Rows:
    return _beside(task, event, gone=event.data["official_id"], came=None)


def co_accountability_handed_over(task: Row | None, event: RecordedEvent) -> Rows:
    return _beside(task, event, gone=event.data["from_official"], came=event.data["to_official"])


def _beside(task: Row | None, event: RecordedEvent, *, gone: str | None, came: str | None) -> Rows:
    row = require_open_row(task, event)
    stay = [other for other in row["co_accountables"] if other != gone]
    return noted(row, event, {"co_accountables": [*stay, *([came] if came else [])]})


def collective_bound(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    return noted(row, event, {"collectives": [*row["collectives"], event.data["collective"]]})


def partial_result_recorded(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    return read_anew(row, event, {"last_result_on": event.day}, readings=with_reading(row, event))


def part_delegated(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    part = {
        "number": event.data["number"],
        "weight_percent": event.data["weight_percent"],
        "share_percent": "0",
    }
    return _parts(row, event, [*row["workings"]["parts"], part], opened=1)


def part_reported(task: Row | None, event: RecordedEvent) -> Rows:
    row, data = require_open_row(task, event), event.data
    parts = [
        {**part, "share_percent": data["share_percent"]}
        if part["number"] == data["number"]
        else part
        for part in row["workings"]["parts"]
    ]
    return _parts(row, event, parts, opened=0)


def part_closed(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    return _parts(row, event, row["workings"]["parts"], opened=-1)


def _parts(row: Row, event: RecordedEvent, parts: Sequence[Row], *, opened: int) -> Rows:
    changes = {"open_parts": row["open_parts"] + opened, "parts_share_percent": rolled_up(parts)}
    return noted(row, event, changes, parts=parts)


def rolled_up(parts: Sequence[Row]) -> str:
    """How much of the whole task its parts have brought, in percent.

    Each counts by the weight agreed; those without one share evenly what the others leave.
    """
    weights = [part["weight_percent"] for part in parts]
    agreed = [Decimal(weight) for weight in weights if weight is not None]
    left = WHOLE_PERCENT - sum(agreed, Decimal(0))
    even = left / (len(parts) - len(agreed)) if len(agreed) < len(parts) else left
    brought = sum(
        (even if weight is None else Decimal(weight)) * Decimal(part["share_percent"])
        for weight, part in zip(weights, parts, strict=True)
    )
    return str(to_hundredth(brought / WHOLE_PERCENT))


def _counted(column: str, step: int) -> Fold:
    def fold(task: Row | None, event: RecordedEvent) -> Rows:
        row = require_open_row(task, event)
        return noted(row, event, {column: row[column] + step})

    return fold


obstacle_raised = _counted("open_obstacles", 1)
obstacle_resolved = _counted("open_obstacles", -1)
reminder_issued = _counted("open_reminders", 1)
reminder_answered = _counted("open_reminders", -1)

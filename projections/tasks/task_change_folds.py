"""Task change folds: what leads a task off the main road, as `tasks` has it."""

from decimal import Decimal
from typing import Literal

from domain.tasks.matters.delegation import rolled_up
from projections.projection import Fold, RecordedEvent, Rows, require_open_row
from projections.task_events import (
    BesideData,
    BesideHandedOverData,
    CarriedOverData,
    CollectiveData,
    ContinuedData,
    CorrectedData,
    PartDelegatedData,
    PartReportedData,
    ProposedData,
    ReportData,
    ReportReading,
    RevisedData,
    YearOpenedData,
)
from projections.tasks.proposals import classification_as_read
from projections.tasks.task_folds import begun, led, noted, read, reported, with_reading
from projections.tasks.task_rows import TaskIndicator, TaskPart, TaskReading, TaskRow, proposed


def continued(_: TaskRow | None, event: RecordedEvent[ContinuedData]) -> Rows[TaskRow]:
    data = event.data
    row = begun(event, state="ready", origin="continued", managed_by=data["continued_by"])
    row["link"], row["continued_from"] = data["link"], data["from_task"]
    return (row,)


def amended(task: TaskRow | None, event: RecordedEvent[ProposedData]) -> Rows[TaskRow]:
    """The proposal is another; nothing is reported on it yet."""
    row = require_open_row(task, event)
    return noted(row, event, {**row, **proposed(event.data["proposal"])})


def revised(task: TaskRow | None, event: RecordedEvent[RevisedData]) -> Rows[TaskRow]:
    row, data = require_open_row(task, event), event.data
    targets = {target["code"]: target["target"] for target in data["targets"]}
    indicators: list[TaskIndicator] = [
        {**indicator, "target": targets.get(indicator["code"], indicator["target"])}
        for indicator in row["indicators"]
    ]
    due_on = data["due_on"] or row["due_on"]
    return noted(row, event, {**row, "indicators": indicators, "due_on": due_on})


def corrected(task: TaskRow | None, event: RecordedEvent[CorrectedData]) -> Rows[TaskRow]:
    """From now on the event named reads otherwise; a claim's summary is not shown here."""
    row, reading = require_open_row(task, event), event.data["reading"]
    if reading["kind"] == "progress":
        readings = _read_anew(row, event.named, reading)
        return noted(row, event, {**row, **reported(row, readings)}, readings=readings)
    if reading["kind"] == "proposal":
        title = reading.get("title") or row["title"]
        return noted(row, event, {**row, **classification_as_read(row, reading), "title": title})
    return noted(row, event, row.copy())


def _read_anew(row: TaskRow, position: int | None, reading: ReportReading) -> list[TaskReading]:
    """The readings with another one of the event there; what it leaves out reads as before."""
    share, values = reading.get("share_percent"), reading.get("values")
    actual = None if values is None else {value["code"]: value["actual"] for value in values}
    return [
        {
            **one,
            "share_percent": one["share_percent"] if share is None else share,
            "values": one["values"] if actual is None else actual,
        }
        if one["position"] == position
        else one
        for one in row["workings"]["readings"]
    ]


def vacated(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    later: TaskRow = {
        **row,
        "state": "vacant",
        "official_id": None,
        "offered_to": None,
        "vacant_since": event.day,
    }
    return noted(row, event, later)


def vacancy_filled(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    later: TaskRow = {**row, **led(row, event), "state": "in_progress", "vacant_since": None}
    return noted(row, event, later)


def carried_over(task: TaskRow | None, event: RecordedEvent[CarriedOverData]) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    later: TaskRow = {
        **row,
        "state": "carried_over",
        "active": False,
        "carried_over_to": event.data["to_task"],
        "offered_to": None,
        "vacant_since": None,
    }
    return noted(row, event, later)


def year_opened(task: TaskRow | None, event: RecordedEvent[YearOpenedData]) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    return noted(row, event, {**row, "instances": [*row["instances"], event.data["instance"]]})


def co_accountable_added(task: TaskRow | None, event: RecordedEvent[BesideData]) -> Rows[TaskRow]:
    return _beside(task, event, gone=None, came=event.data["official_id"])


def co_accountable_released(
    task: TaskRow | None, event: RecordedEvent[BesideData]
) -> Rows[TaskRow]:
    return _beside(task, event, gone=event.data["official_id"], came=None)


def co_accountability_handed_over(
    task: TaskRow | None, event: RecordedEvent[BesideHandedOverData]
) -> Rows[TaskRow]:
    return _beside(task, event, gone=event.data["from_official"], came=event.data["to_official"])


def _beside(
    task: TaskRow | None, event: RecordedEvent, *, gone: str | None, came: str | None
) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    stay = [other for other in row["co_accountables"] if other != gone]
    return noted(row, event, {**row, "co_accountables": [*stay, *([came] if came else [])]})


def collective_bound(task: TaskRow | None, event: RecordedEvent[CollectiveData]) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    return noted(
        row, event, {**row, "collectives": [*row["collectives"], event.data["collective"]]}
    )


def partial_result_recorded(
    task: TaskRow | None, event: RecordedEvent[ReportData]
) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    reading = read(event)
    later: TaskRow = {**row, **with_reading(row, reading), "last_result_on": event.day}
    return noted(row, event, later, readings=[*row["workings"]["readings"], reading])


def part_delegated(task: TaskRow | None, event: RecordedEvent[PartDelegatedData]) -> Rows[TaskRow]:
    row, data = require_open_row(task, event), event.data
    part: TaskPart = {
        "number": data["number"],
        "weight_percent": data["weight_percent"],
        "share_percent": "0",
    }
    return _parts(row, event, [*row["workings"]["parts"], part], opened=1)


def part_reported(task: TaskRow | None, event: RecordedEvent[PartReportedData]) -> Rows[TaskRow]:
    row, data = require_open_row(task, event), event.data
    parts: list[TaskPart] = [
        {**part, "share_percent": data["share_percent"]}
        if part["number"] == data["number"]
        else part
        for part in row["workings"]["parts"]
    ]
    return _parts(row, event, parts, opened=0)


def part_closed(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    return _parts(row, event, row["workings"]["parts"], opened=-1)


def _parts(
    row: TaskRow, event: RecordedEvent, parts: list[TaskPart], *, opened: int
) -> Rows[TaskRow]:
    shares = [(_decimal(part["weight_percent"]), Decimal(part["share_percent"])) for part in parts]
    later: TaskRow = {
        **row,
        "open_parts": row["open_parts"] + opened,
        "parts_share_percent": str(rolled_up(shares)),
    }
    return noted(row, event, later, parts=parts)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


Counted = Literal["open_obstacles", "open_reminders"]


def _counted(column: Counted, step: int) -> Fold[TaskRow]:
    def fold(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
        row = require_open_row(task, event)
        later = row.copy()
        later[column] += step
        return noted(row, event, later)

    return fold


obstacle_raised = _counted("open_obstacles", 1)
obstacle_resolved = _counted("open_obstacles", -1)
reminder_issued = _counted("open_reminders", 1)
reminder_answered = _counted("open_reminders", -1)

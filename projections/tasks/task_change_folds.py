"""Task change folds: what leads a task off the main road, as `tasks` has it."""

from decimal import Decimal
from typing import Literal

from domain.tasks.matters.delegation import brought
from projections.projection import Fold, OutOfPlace, RecordedEvent, Rows, require_open_row
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
from projections.tasks.readings import Readings
from projections.tasks.task_folds import begun, led, noted, read, reported, with_reading
from projections.tasks.task_rows import (
    PartsTogether,
    TaskIndicator,
    TaskPart,
    TaskRow,
    proposed,
)


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
        readings = _read_anew(row, event, reading)
        return noted(row, event, {**row, **reported(row, readings)})
    if reading["kind"] == "proposal":
        title = reading.get("title") or row["title"]
        return noted(row, event, {**row, **classification_as_read(row, reading), "title": title})
    return noted(row, event, row.copy())


def _read_anew(row: TaskRow, event: RecordedEvent, reading: ReportReading) -> Readings:
    """The readings with another one of the event named; what it leaves out reads as before.

    Raises:
        OutOfPlace: the task is not folded from its beginning.
    """
    readings = row["workings"].get("readings")
    if readings is None:
        raise OutOfPlace(f"{event.type} at position {event.position}: nothing reported is known")
    values = reading.get("values")
    actual = None if values is None else {value["code"]: value["actual"] for value in values}
    readings.correct(event.named, reading.get("share_percent"), actual)
    return readings


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
    return noted(row, event, {**row, **with_reading(row, reading), "last_result_on": event.day})


def part_delegated(task: TaskRow | None, event: RecordedEvent[PartDelegatedData]) -> Rows[TaskRow]:
    row, data = require_open_row(task, event), event.data
    part: TaskPart = {"weight_percent": data["weight_percent"], "share_percent": "0"}
    return _with_part(row, event, data["number"], part, opened=1)


def part_reported(task: TaskRow | None, event: RecordedEvent[PartReportedData]) -> Rows[TaskRow]:
    row, data = require_open_row(task, event), event.data
    before = row["workings"]["parts"].get(str(data["number"]))
    if before is None:
        return noted(row, event, row.copy())
    part: TaskPart = {**before, "share_percent": data["share_percent"]}
    return _with_part(row, event, data["number"], part, opened=0)


def part_closed(task: TaskRow | None, event: RecordedEvent) -> Rows[TaskRow]:
    row = require_open_row(task, event)
    return noted(row, event, {**row, "open_parts": row["open_parts"] - 1})


def _with_part(
    row: TaskRow, event: RecordedEvent, number: int, part: TaskPart, *, opened: int
) -> Rows[TaskRow]:
    """The part is noted last: a row that comes before the event is stored without it."""
    workings = row["workings"]
    before = workings["parts"].get(str(number))
    together = workings["together"]
    if before is not None:
        together = _added(together, before, -1)
    together = _added(together, part, 1)
    later: TaskRow = {
        **row,
        "open_parts": row["open_parts"] + opened,
        "parts_share_percent": str(
            brought(
                Decimal(together["weighted"]),
                Decimal(together["weight_percent"]),
                Decimal(together["unweighted_percent"]),
                together["unweighted"],
            )
        ),
        "workings": {**workings, "together": together},
    }
    rows = noted(row, event, later)
    workings["parts"][str(number)] = part
    return rows


def _added(together: PartsTogether, part: TaskPart, sign: int) -> PartsTogether:
    share = sign * Decimal(part["share_percent"])
    if part["weight_percent"] is None:
        return {
            **together,
            "unweighted_percent": str(Decimal(together["unweighted_percent"]) + share),
            "unweighted": together["unweighted"] + sign,
        }
    weight = Decimal(part["weight_percent"])
    return {
        **together,
        "weighted": str(Decimal(together["weighted"]) + weight * share),
        "weight_percent": str(Decimal(together["weight_percent"]) + sign * weight),
    }


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

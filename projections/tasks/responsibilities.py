"""Responsibilities: who answered for a task on any day, and what an official answered for.

From the day of assignment on exactly one official leads the task, until it is completed, cancelled
or carried over: no gap, no overlap. The day of a handover or a transfer is the successor's first;
the day on which completion is confirmed, or the task is cancelled, is the last one answered for;
on the day on which it is carried over the task that goes on is answered for instead. While a claim
of completion waits for its confirmation the official goes on answering: it may be returned.

A vacancy is a span of its own that names nobody, in the post last answered in. It may last no day:
filled on the day on which it arose it gives way to who fills it. Who answers beside the lead stands
in `co_accountabilities`.
"""

from datetime import date, timedelta

from sqlalchemy import Index

from domain.tasks import changes
from domain.tasks import events as tasks
from projections.projection import (
    Fold,
    Name,
    OutOfPlace,
    Place,
    Projection,
    RecordedEvent,
    Rows,
    Stretch,
    read_table,
    require_open_row,
    running_from,
)
from projections.task_events import PlacedData, TaskData, new_lead


class Answering(Stretch):
    """From when until when somebody answered, in which post, and by which events that is so.

    `until_on` is the first day no longer answered for.
    """

    post_id: Name
    unit_id: Name
    how: Name
    ended_position: Place | None


class SpanRow(Answering):
    """A span in which an official led a task, or in which nobody did."""

    task_id: Name
    official_id: Name | None


TABLE = read_table("responsibilities", SpanRow)
Index("responsibilities_official", TABLE.c.ledger, TABLE.c.official_id, TABLE.c.from_on)


def begun(event: RecordedEvent, how: str, post_id: str, unit_id: str) -> Answering:
    """A stretch of time that begins on the event's day."""
    return {
        **running_from(event),
        "post_id": post_id,
        "unit_id": unit_id,
        "how": how,
        "ended_position": None,
    }


def led(event: RecordedEvent[TaskData], how: str) -> SpanRow:
    """The span of whoever comes to lead the task by the event."""
    lead, task_id = new_lead(event), event.data["task_id"]
    stretch = begun(event, how, lead.post_id, lead.unit_id)
    return {"task_id": task_id, "official_id": lead.official_id, **stretch}


def ended(span: SpanRow, event: RecordedEvent, until_on: str) -> SpanRow:
    """The span, ended: `until_on` is the first day no longer answered for.

    Raises:
        OutOfPlace: no day would be left.
    """
    if until_on <= span["from_on"]:
        raise OutOfPlace(f"{event.type} at position {event.position} leaves nobody a day to answer")
    return {**span, "until_on": until_on, "ended_position": event.position}


def assigned(_: SpanRow | None, event: RecordedEvent[TaskData]) -> Rows[SpanRow]:
    return (led(event, "assigned"),)


def passed_on(how: str) -> Fold[SpanRow]:
    """Another answers from now on."""

    def fold(span: SpanRow | None, event: RecordedEvent[TaskData]) -> Rows[SpanRow]:
        return ended(require_open_row(span, event), event, event.day), led(event, how)

    return fold


def vacated(span: SpanRow | None, event: RecordedEvent[PlacedData]) -> Rows[SpanRow]:
    before, data = require_open_row(span, event), event.data
    stretch = begun(event, "vacated", data["post_id"], data["unit_id"])
    vacancy: SpanRow = {"task_id": data["task_id"], "official_id": None, **stretch}
    return ended(before, event, event.day), vacancy


def vacancy_filled(span: SpanRow | None, event: RecordedEvent[TaskData]) -> Rows[SpanRow]:
    """The span of a vacancy that lasted no day has the same beginning, and is replaced."""
    vacancy, filled = require_open_row(span, event), led(event, "vacancy_filled")
    if vacancy["from_on"] == event.day:
        return (filled,)
    return ended(vacancy, event, event.day), filled


def carried_over(span: SpanRow | None, event: RecordedEvent) -> Rows[SpanRow]:
    """A vacancy may last no day; whoever lists spans leaves it out."""
    row = require_open_row(span, event)
    if row["official_id"] is None:
        return ({**row, "until_on": event.day, "ended_position": event.position},)
    return (ended(row, event, event.day),)


def completed(span: SpanRow | None, event: RecordedEvent) -> Rows[SpanRow]:
    return (ended(require_open_row(span, event), event, day_after(event.day)),)


def cancelled(span: SpanRow | None, event: RecordedEvent) -> Rows[SpanRow]:
    """A task that was never assigned ends without anybody having answered for it."""
    return () if span is None else (ended(span, event, day_after(event.day)),)


def day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


RESPONSIBILITIES = Projection(
    version=2,
    table=TABLE,
    row=SpanRow,
    key=("task_id",),
    since="from_on",
    until="until_on",
    folds={
        tasks.TaskAssigned.TYPE: assigned,
        tasks.TaskHandedOver.TYPE: passed_on("handed_over"),
        tasks.TaskTransferred.TYPE: passed_on("transferred"),
        tasks.CompletionConfirmed.TYPE: completed,
        tasks.TaskCancelled.TYPE: cancelled,
        changes.TaskVacated.TYPE: vacated,
        changes.VacancyFilled.TYPE: vacancy_filled,
        changes.TaskCarriedOver.TYPE: carried_over,
    },
)

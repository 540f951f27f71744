"""Co-accountabilities: who answered for a task beside its lead, and from when to when.

One row a task, with every span there was: several officials answer at once. Who comes to lead the
task answers beside the lead no longer; with the task every span ends, as its lead's does.
"""

from collections.abc import Iterable

from sqlalchemy import Index

from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.responsibility import co_accountability
from projections.projection import (
    FOREVER,
    Name,
    Projection,
    RecordedEvent,
    Rows,
    Stretch,
    read_table,
    require_open_row,
)
from projections.task_events import BesideData, BesideHandedOverData, PlacedData, TaskData, new_lead
from projections.tasks.responsibilities import Answering, begun, day_after


class Span(Answering):
    """A span in which an official answered beside the lead."""

    official_id: str


class BesideRow(Stretch):
    """All spans in which somebody answered beside the lead of one task."""

    task_id: Name
    officials: list[str]
    spans: list[Span]


TABLE = read_table("co_accountabilities", BesideRow)
Index("co_accountabilities_officials", TABLE.c.officials, postgresql_using="gin")


def added(task: BesideRow | None, event: RecordedEvent[BesideData]) -> Rows[BesideRow]:
    came = _begun(event, "added", event.data["official_id"])
    if task is None:
        return (_row(event, event.day, FOREVER, [came]),)
    return (_row(event, task["from_on"], FOREVER, [*task["spans"], came]),)


def released(task: BesideRow | None, event: RecordedEvent[BesideData]) -> Rows[BesideRow]:
    return _changed(require_open_row(task, event), event, event.data["official_id"])


def handed_over(
    task: BesideRow | None, event: RecordedEvent[BesideHandedOverData]
) -> Rows[BesideRow]:
    came = _begun(event, "handed_over", event.data["to_official"])
    return _changed(require_open_row(task, event), event, event.data["from_official"], came)


def led(task: BesideRow | None, event: RecordedEvent[TaskData]) -> Rows[BesideRow]:
    """Whoever comes to lead the task stands beside its lead no longer."""
    return () if task is None else _changed(task, event, new_lead(event).official_id)


def ended(task: BesideRow | None, event: RecordedEvent[TaskData]) -> Rows[BesideRow]:
    return () if task is None else _ended(task, event, day_after(event.day))


def carried_over(task: BesideRow | None, event: RecordedEvent[TaskData]) -> Rows[BesideRow]:
    return () if task is None else _ended(task, event, event.day)


def _begun(event: RecordedEvent[PlacedData], how: str, official_id: str) -> Span:
    stretch = begun(event, how, event.data["post_id"], event.data["unit_id"])
    return {"official_id": official_id, **stretch}


def _row(
    event: RecordedEvent[TaskData], from_on: str, until_on: str, spans: Iterable[Span]
) -> BesideRow:
    """What lasted no day is left out."""
    lasting = [span for span in spans if span["from_on"] < span["until_on"]]
    return {
        "task_id": event.data["task_id"],
        "from_on": from_on,
        "until_on": until_on,
        "position": event.position,
        "officials": sorted({span["official_id"] for span in lasting}),
        "spans": lasting,
    }


def _changed(
    row: BesideRow, event: RecordedEvent[TaskData], gone: str, *came: Span
) -> Rows[BesideRow]:
    spans = [
        _until(span, event, event.day) if span["official_id"] == gone else span
        for span in row["spans"]
    ]
    return (_row(event, row["from_on"], FOREVER, [*spans, *came]),)


def _ended(row: BesideRow, event: RecordedEvent[TaskData], until_on: str) -> Rows[BesideRow]:
    spans = [_until(span, event, until_on) for span in row["spans"]]
    return (_row(event, row["from_on"], until_on, spans),)


def _until(span: Span, event: RecordedEvent, until_on: str) -> Span:
    if span["until_on"] != FOREVER:
        return span
    return {**span, "until_on": until_on, "ended_position": event.position}


CO_ACCOUNTABILITIES = Projection(
    table=TABLE,
    row=BesideRow,
    key=("task_id",),
    since="from_on",
    until="until_on",
    folds={
        co_accountability.CoAccountableAdded.TYPE: added,
        co_accountability.CoAccountableReleased.TYPE: released,
        co_accountability.CoAccountabilityHandedOver.TYPE: handed_over,
        tasks.TaskHandedOver.TYPE: led,
        tasks.TaskTransferred.TYPE: led,
        changes.VacancyFilled.TYPE: led,
        tasks.CompletionConfirmed.TYPE: ended,
        tasks.TaskCancelled.TYPE: ended,
        changes.TaskCarriedOver.TYPE: carried_over,
    },
)

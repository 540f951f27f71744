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


class Spans(list[Span]):
    """Spans in the order in which they began; those still open are found without the others."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        super().__init__(spans)
        self._open = [at for at, span in enumerate(self) if span["until_on"] == FOREVER]

    def begin(self, span: Span) -> None:
        self._open.append(len(self))
        self.append(span)

    def end(self, event: RecordedEvent, until_on: str, official_id: str | None = None) -> None:
        """End those of the official, or all."""
        still_open = []
        for at in self._open:
            if official_id in {None, self[at]["official_id"]}:
                self[at] = {**self[at], "until_on": until_on, "ended_position": event.position}
            else:
                still_open.append(at)
        self._open = still_open


def stored(row: BesideRow) -> BesideRow:
    """The row with all who are in its spans; what lasted no day is left out."""
    lasting = [span for span in row["spans"] if span["from_on"] < span["until_on"]]
    officials = sorted({span["official_id"] for span in lasting})
    return {**row, "officials": officials, "spans": lasting}


def added(task: BesideRow | None, event: RecordedEvent[BesideData]) -> Rows[BesideRow]:
    spans = _spans(task)
    spans.begin(_begun(event, "added", event.data["official_id"]))
    return (_row(event, event.day if task is None else task["from_on"], FOREVER, spans),)


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


def _spans(row: BesideRow | None) -> Spans:
    """The row's spans, to be changed: it is the task's only one."""
    spans = () if row is None else row["spans"]
    return spans if isinstance(spans, Spans) else Spans(spans)


def _row(event: RecordedEvent[TaskData], from_on: str, until_on: str, spans: Spans) -> BesideRow:
    return {
        "task_id": event.data["task_id"],
        "from_on": from_on,
        "until_on": until_on,
        "position": event.position,
        "officials": [],
        "spans": spans,
    }


def _changed(
    row: BesideRow, event: RecordedEvent[TaskData], gone: str, *came: Span
) -> Rows[BesideRow]:
    spans = _spans(row)
    spans.end(event, event.day, gone)
    for span in came:
        spans.begin(span)
    return (_row(event, row["from_on"], FOREVER, spans),)


def _ended(row: BesideRow, event: RecordedEvent[TaskData], until_on: str) -> Rows[BesideRow]:
    spans = _spans(row)
    spans.end(event, until_on)
    return (_row(event, row["from_on"], until_on, spans),)


CO_ACCOUNTABILITIES = Projection(
    table=TABLE,
    row=BesideRow,
    stored=stored,
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

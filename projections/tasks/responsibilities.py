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

from sqlalchemy import BigInteger, Column, Date, Index

from domain.tasks import changes
from domain.tasks import events as tasks
from projections.projection import (
    FOREVER,
    OutOfPlace,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    read_table,
    require_open_row,
    text_id,
)

TABLE = read_table(
    "responsibilities",
    text_id("task_id"),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    text_id("official_id", nullable=True),
    text_id("post_id"),
    text_id("unit_id"),
    text_id("how"),
    Column("position", BigInteger, nullable=False),
    Column("ended_position", BigInteger),
)
Index("responsibilities_official", TABLE.c.ledger, TABLE.c.official_id, TABLE.c.from_on)


def begun(
    event: RecordedEvent, how: str, official_id: str | None, post_id: str, unit_id: str
) -> Row:
    return {
        "task_id": event.data["task_id"],
        "from_on": event.day,
        "until_on": FOREVER,
        "official_id": official_id,
        "post_id": post_id,
        "unit_id": unit_id,
        "how": how,
        "position": event.position,
        "ended_position": None,
    }


def ended(span: Row, event: RecordedEvent, until_on: str) -> Row:
    """The span, ended: `until_on` is the first day no longer answered for.

    Raises:
        OutOfPlace: no day would be left.
    """
    if until_on <= span["from_on"]:
        raise OutOfPlace(f"{event.type} at position {event.position} leaves nobody a day to answer")
    return {**span, "until_on": until_on, "ended_position": event.position}


def assigned(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (begun(event, "assigned", data["official_id"], data["post_id"], data["unit_id"]),)


def handed_over(span: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        ended(require_open_row(span, event), event, event.day),
        begun(event, "handed_over", data["to_official"], data["post_id"], data["unit_id"]),
    )


def transferred(span: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        ended(require_open_row(span, event), event, event.day),
        begun(event, "transferred", data["to_official"], data["to_post"], data["to_unit"]),
    )


def vacated(span: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        ended(require_open_row(span, event), event, event.day),
        begun(event, "vacated", None, data["post_id"], data["unit_id"]),
    )


def vacancy_filled(span: Row | None, event: RecordedEvent) -> Rows:
    """The span of a vacancy that lasted no day has the same beginning, and is replaced."""
    vacancy, data = require_open_row(span, event), event.data
    filled = begun(event, "vacancy_filled", data["official_id"], data["post_id"], data["unit_id"])
    if vacancy["from_on"] == event.day:
        return (filled,)
    return ended(vacancy, event, event.day), filled


def carried_over(span: Row | None, event: RecordedEvent) -> Rows:
    """A vacancy may last no day; whoever lists spans leaves it out."""
    row = require_open_row(span, event)
    if row["official_id"] is None:
        return ({**row, "until_on": event.day, "ended_position": event.position},)
    return (ended(row, event, event.day),)


def completed(span: Row | None, event: RecordedEvent) -> Rows:
    return (ended(require_open_row(span, event), event, day_after(event.day)),)


def cancelled(span: Row | None, event: RecordedEvent) -> Rows:
    """A task that was never assigned ends without anybody having answered for it."""
    return () if span is None else (ended(span, event, day_after(event.day)),)


def day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


RESPONSIBILITIES = Projection(
    version=2,
    table=TABLE,
    key=("task_id",),
    since="from_on",
    until="until_on",
    folds={
        tasks.TaskAssigned.TYPE: assigned,
        tasks.TaskHandedOver.TYPE: handed_over,
        tasks.TaskTransferred.TYPE: transferred,
        tasks.CompletionConfirmed.TYPE: completed,
        tasks.TaskCancelled.TYPE: cancelled,
        changes.TaskVacated.TYPE: vacated,
        changes.VacancyFilled.TYPE: vacancy_filled,
        changes.TaskCarriedOver.TYPE: carried_over,
    },
)

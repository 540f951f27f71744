"""Co-accountabilities: who answered for a task beside its lead, and from when to when.

One row a task, with every span there was: several officials answer at once. Who comes to lead the
task answers beside the lead no longer; with the task every span ends, as its lead's does.
"""

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Date, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from domain.tasks import changes, co_accountability
from domain.tasks import events as tasks
from projections.projection import (
    FOREVER,
    Fact,
    Projection,
    Row,
    Rows,
    read_table,
    stand_in,
    text_id,
)
from projections.tasks.responsibilities import begun, day_after

TABLE = read_table(
    "co_accountabilities",
    text_id("task_id"),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("officials", ARRAY(Text), nullable=False),
    Column("spans", JSONB, nullable=False),
)
Index("co_accountabilities_officials", TABLE.c.officials, postgresql_using="gin")


def added(task: Row | None, fact: Fact) -> Rows:
    came = _begun(fact, "added", fact.data["official_id"])
    if task is None:
        return (_row(fact, fact.day, FOREVER, [came]),)
    return (_row(fact, task["from_on"], FOREVER, [*task["spans"], came]),)


def released(task: Row | None, fact: Fact) -> Rows:
    return _changed(stand_in(task, fact), fact, fact.data["official_id"])


def handed_over(task: Row | None, fact: Fact) -> Rows:
    came = _begun(fact, "handed_over", fact.data["to_official"])
    return _changed(stand_in(task, fact), fact, fact.data["from_official"], came)


def lead_handed_over(task: Row | None, fact: Fact) -> Rows:
    return () if task is None else _changed(task, fact, fact.data["to_official"])


def lead_filled(task: Row | None, fact: Fact) -> Rows:
    return () if task is None else _changed(task, fact, fact.data["official_id"])


def ended(task: Row | None, fact: Fact) -> Rows:
    return () if task is None else _ended(task, fact, day_after(fact.day))


def carried_over(task: Row | None, fact: Fact) -> Rows:
    return () if task is None else _ended(task, fact, fact.day)


def _begun(fact: Fact, how: str, official_id: str) -> Row:
    span = begun(fact, how, official_id, fact.data["post_id"], fact.data["unit_id"])
    del span["task_id"]
    return span


def _row(fact: Fact, from_on: str, until_on: str, spans: Iterable[Row]) -> Row:
    """What lasted no day is left out."""
    lasting = [span for span in spans if span["from_on"] < span["until_on"]]
    return {
        "task_id": fact.data["task_id"],
        "from_on": from_on,
        "until_on": until_on,
        "position": fact.position,
        "officials": sorted({span["official_id"] for span in lasting}),
        "spans": lasting,
    }


def _changed(row: Row, fact: Fact, gone: str, *came: Row) -> Rows:
    spans = [
        _until(span, fact, fact.day) if span["official_id"] == gone else span
        for span in row["spans"]
    ]
    return (_row(fact, row["from_on"], FOREVER, [*spans, *came]),)


def _ended(row: Row, fact: Fact, until_on: str) -> Rows:
    spans = [_until(span, fact, until_on) for span in row["spans"]]
    return (_row(fact, row["from_on"], until_on, spans),)


def _until(span: Row, fact: Fact, until_on: str) -> Row:
    if span["until_on"] != FOREVER:
        return span
    return {**span, "until_on": until_on, "ended_position": fact.position}


CO_ACCOUNTABILITIES = Projection(
    version=1,
    table=TABLE,
    key=("task_id",),
    since="from_on",
    until="until_on",
    folds={
        co_accountability.CoAccountableAdded.TYPE: added,
        co_accountability.CoAccountableReleased.TYPE: released,
        co_accountability.CoAccountabilityHandedOver.TYPE: handed_over,
        tasks.TaskHandedOver.TYPE: lead_handed_over,
        tasks.TaskTransferred.TYPE: lead_handed_over,
        changes.VacancyFilled.TYPE: lead_filled,
        tasks.CompletionConfirmed.TYPE: ended,
        tasks.TaskCancelled.TYPE: ended,
        changes.TaskCarriedOver.TYPE: carried_over,
    },
)

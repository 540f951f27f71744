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
    Fact,
    OutOfPlace,
    Projection,
    Row,
    Rows,
    read_table,
    stand_in,
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


def begun(fact: Fact, how: str, official_id: str | None, post_id: str, unit_id: str) -> Row:
    return {
        "task_id": fact.data["task_id"],
        "from_on": fact.day,
        "until_on": FOREVER,
        "official_id": official_id,
        "post_id": post_id,
        "unit_id": unit_id,
        "how": how,
        "position": fact.position,
        "ended_position": None,
    }


def ended(span: Row, fact: Fact, until_on: str) -> Row:
    """The span, ended: `until_on` is the first day no longer answered for.

    Raises:
        OutOfPlace: no day would be left.
    """
    if until_on <= span["from_on"]:
        raise OutOfPlace(f"{fact.type} at position {fact.position} leaves nobody a day to answer")
    return {**span, "until_on": until_on, "ended_position": fact.position}


def assigned(_: Row | None, fact: Fact) -> Rows:
    data = fact.data
    return (begun(fact, "assigned", data["official_id"], data["post_id"], data["unit_id"]),)


def handed_over(span: Row | None, fact: Fact) -> Rows:
    data = fact.data
    return (
        ended(stand_in(span, fact), fact, fact.day),
        begun(fact, "handed_over", data["to_official"], data["post_id"], data["unit_id"]),
    )


def transferred(span: Row | None, fact: Fact) -> Rows:
    data = fact.data
    return (
        ended(stand_in(span, fact), fact, fact.day),
        begun(fact, "transferred", data["to_official"], data["to_post"], data["to_unit"]),
    )


def vacated(span: Row | None, fact: Fact) -> Rows:
    data = fact.data
    return (
        ended(stand_in(span, fact), fact, fact.day),
        begun(fact, "vacated", None, data["post_id"], data["unit_id"]),
    )


def vacancy_filled(span: Row | None, fact: Fact) -> Rows:
    """The span of a vacancy that lasted no day has the same beginning, and is replaced."""
    vacancy, data = stand_in(span, fact), fact.data
    filled = begun(fact, "vacancy_filled", data["official_id"], data["post_id"], data["unit_id"])
    if vacancy["from_on"] == fact.day:
        return (filled,)
    return ended(vacancy, fact, fact.day), filled


def carried_over(span: Row | None, fact: Fact) -> Rows:
    """A vacancy may last no day; whoever lists spans leaves it out."""
    row = stand_in(span, fact)
    if row["official_id"] is None:
        return ({**row, "until_on": fact.day, "ended_position": fact.position},)
    return (ended(row, fact, fact.day),)


def completed(span: Row | None, fact: Fact) -> Rows:
    return (ended(stand_in(span, fact), fact, day_after(fact.day)),)


def cancelled(span: Row | None, fact: Fact) -> Rows:
    """A task that was never assigned ends without anybody having answered for it."""
    return () if span is None else (ended(span, fact, day_after(fact.day)),)


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

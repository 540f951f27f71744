"""Reminders: who was urged on by whom, and has not answered (B34).

A reminder is open from the day it is issued until the day it is answered; with the task's end it
asks for nothing any more.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    Text,
    bindparam,
)

from domain.tasks.matters.reminders import ReminderAnswered, ReminderIssued
from projections.days import AS_OF, running
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    read_table,
    require_open_row,
    text_id,
)
from projections.tasks.matters import TASK_FILTERS, Matters, days_since, said

TABLE = read_table(
    "reminders",
    text_id("task_id"),
    Column("number", Integer, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("issued_by"),
    text_id("reminded"),
    Column("content", Text, nullable=False),
    Column("answer_due_on", Date, nullable=False),
)


def issued(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        {
            "task_id": data["task_id"],
            "number": data["number"],
            "from_on": event.day,
            "until_on": FOREVER,
            "position": event.position,
            "issued_by": data["issued_by"],
            "reminded": data["official_id"],
            "content": data["content"],
            "answer_due_on": data["answer_due_on"],
        },
    )


def answered(reminder: Row | None, event: RecordedEvent) -> Rows:
    return ({**require_open_row(reminder, event), "until_on": event.day},)


REMINDERS = Projection(
    version=1,
    table=TABLE,
    key=("task_id", "number"),
    since="from_on",
    until="until_on",
    folds={ReminderIssued.TYPE: issued, ReminderAnswered.TYPE: answered},
)

ANSWER_LATE: ColumnElement[bool] = TABLE.c.answer_due_on < AS_OF

UNANSWERED = Matters(
    projection=REMINDERS,
    holds=running(TABLE),
    columns={
        "number": TABLE.c.number,
        "issued_by": TABLE.c.issued_by,
        "reminded": TABLE.c.reminded,
        "content": TABLE.c.content,
        "issued_on": TABLE.c.from_on,
        "days_open": days_since(TABLE.c.from_on),
        "answer_due_on": TABLE.c.answer_due_on,
        "answer_overdue": ANSWER_LATE,
    },
    filters={
        **TASK_FILTERS,
        "issued_by": said("issued_by", TABLE.c.issued_by),
        "answer_overdue": bindparam("answer_overdue", type_=Boolean) == ANSWER_LATE,
    },
    marks=("answer_due_on", "task_id", "number"),
)

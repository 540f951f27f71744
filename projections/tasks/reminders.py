"""Reminders: who was urged on by whom, and has not answered (B34).

A reminder is open from the day it is issued until the day it is answered; with the task's end it
asks for nothing any more.
"""

from datetime import date
from typing import Annotated, Any

from sqlalchemy import Boolean, ColumnElement, Index, text

from domain.tasks.matters.reminders import ReminderAnswered, ReminderIssued
from projections.days import AS_OF, valid
from projections.filters import Id, Truth, where
from projections.listing import Listing, Shown
from projections.projection import IsoDay, Name, Version
from projections.records import settling
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_lines import (
    UNDER_WAY_ON_THE_DAY,
    LedTaskLineFilters,
    TaskLine,
    beside_its_task,
    days_since,
)


class ReminderRow(Version):
    """A reminder, until it is answered, and from then on.

    `missed_paper` is the plan or report that it names, and its period, if it names one.
    """

    task_id: Name
    number: int
    issued_by: Name
    reminded: Name
    content: str
    missed_paper: dict[str, Any] | None
    answer_due_on: IsoDay
    issued_on: IsoDay
    answered_on: IsoDay | None


REMINDERS = settling(
    "reminders",
    ReminderRow,
    key=("task_id", "number"),
    opened=ReminderIssued,
    opened_on="issued_on",
    settled=ReminderAnswered,
    settled_on="answered_on",
    reads={"reminded": "official_id"},
)
TABLE = REMINDERS.table
# In the order of the list; many are answered.
Index(
    "reminders_unanswered",
    TABLE.c.ledger,
    TABLE.c.answer_due_on,
    TABLE.c.task_id,
    TABLE.c.number,
    postgresql_where=text("answered_on IS NULL"),
)
OPEN = (*valid(TABLE), TABLE.c.answered_on.is_(None))
ANSWER_LATE: ColumnElement[bool] = TABLE.c.answer_due_on < AS_OF


class UnansweredReminder(TaskLine):
    """A reminder, open for `days_open` days; `reminded` led the task when it was issued."""

    number: int
    issued_by: Annotated[str, Shown(vi="Đơn vị đôn đốc")]
    reminded: Annotated[str, Shown(vi="Người được đôn đốc")]
    content: str
    issued_on: Annotated[date, Shown(vi="Ngày ban hành")]
    days_open: Annotated[int, Shown(days_since(TABLE.c.issued_on))]
    answer_due_on: date
    answer_overdue: Annotated[bool, Shown(ANSWER_LATE, vi="Quá hạn trả lời")]


class ReminderFilters(LedTaskLineFilters):
    """Which reminders."""

    issued_by: Id | None = where(TABLE.c.issued_by, "The unit that urges.")
    answer_overdue: Truth | None = where(
        lambda overdue: overdue == ANSWER_LATE,
        "Whether the day for the answer has passed.",
        of=Boolean(),
    )


UNANSWERED_REMINDERS = Listing(
    name="unanswered-reminders",
    tag="reports",
    answers="The reminders that wait for an answer on a day, and who must answer.",
    page="One page of reminders, those whose answer is due first before others.",
    item=UnansweredReminder,
    filters=ReminderFilters,
    projections=(REMINDERS, TASK_STANDINGS),
    table=TABLE,
    source=beside_its_task(TABLE),
    holds=(*OPEN, *UNDER_WAY_ON_THE_DAY),
    order=("answer_due_on", "task_id", "number"),
)

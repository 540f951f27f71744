"""Vacancies: which tasks nobody leads, since when, what waits there, and who must act.

A vacancy runs from the day of the decision until somebody answers or the task ends; the body that
assigned the task must act. One that is filled on the day on which it arose has lasted no day.
"""

from datetime import date
from typing import Annotated

from sqlalchemy import Boolean, ColumnElement, Index, Table, and_, func, select

from domain.tasks.changes import TaskCarriedOver, TaskVacated, VacancyFilled
from domain.tasks.events import TaskCancelled
from projections.days import running
from projections.filters import Id, Truth, Word, where
from projections.listing import Conditions, Listing, Shown
from projections.projection import (
    Name,
    Projection,
    RecordedEvent,
    Rows,
    Stretch,
    read_table,
    require_open_row,
    running_from,
)
from projections.task_events import VacatedData
from projections.tasks import obstacles, reminders
from projections.tasks.standing_rows import OVERDUE
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_lines import (
    UNDER_WAY_ON_THE_DAY,
    TaskLine,
    TaskLineFilters,
    beside_its_task,
    days_since,
)


class VacancyRow(Stretch):
    """A vacancy."""

    task_id: Name
    last_official: Name
    must_act: Name
    reason: str


TABLE = read_table("vacancies", VacancyRow)
Index("vacancies_from", TABLE.c.ledger, TABLE.c.from_on, TABLE.c.task_id)


def vacated(_: VacancyRow | None, event: RecordedEvent[VacatedData]) -> Rows[VacancyRow]:
    data = event.data
    row: VacancyRow = {
        **running_from(event),
        "task_id": data["task_id"],
        "last_official": data["official_id"],
        "must_act": data["vacated_by"],
        "reason": data["reason"],
    }
    return (row,)


def filled(vacancy: VacancyRow | None, event: RecordedEvent) -> Rows[VacancyRow]:
    return ({**require_open_row(vacancy, event), "until_on": event.day},)


def task_ended(vacancy: VacancyRow | None, event: RecordedEvent) -> Rows[VacancyRow]:
    return () if vacancy is None else filled(vacancy, event)


VACANCIES = Projection(
    table=TABLE,
    row=VacancyRow,
    key=("task_id",),
    since="from_on",
    until="until_on",
    folds={
        TaskVacated.TYPE: vacated,
        VacancyFilled.TYPE: filled,
        TaskCancelled.TYPE: task_ended,
        TaskCarriedOver.TYPE: task_ended,
    },
)


def _waiting(of: Table, still_open: Conditions) -> ColumnElement[int]:
    """How many of these are open under the task on the day."""
    same = and_(of.c.ledger == TASKS.c.ledger, of.c.task_id == TASKS.c.task_id)
    return select(func.count()).where(same, *still_open).correlate(TASKS).scalar_subquery()


class Vacancy(TaskLine):
    """A task that nobody leads, for `days_vacant` days; `must_act` is the body to fill it.

    `beside_officials` go on answering beside; `unanswered_reminders` and `open_obstacles` wait.
    """

    field: Annotated[str, Shown(TASKS.c.field)]
    last_official: str
    beside_officials: Annotated[
        list[str], Shown(TASKS.c.beside_officials, vi="Người cùng chịu trách nhiệm còn lại")
    ]
    must_act: Annotated[str, Shown(vi="Cơ quan phải xử lý")]
    reason: str
    vacant_since: Annotated[date, Shown(TABLE.c.from_on)]
    days_vacant: Annotated[int, Shown(days_since(TABLE.c.from_on), vi="Số ngày khuyết")]
    unanswered_reminders: Annotated[
        int, Shown(_waiting(reminders.TABLE, reminders.OPEN), vi="Đôn đốc chưa trả lời")
    ]
    open_obstacles: Annotated[int, Shown(_waiting(obstacles.TABLE, obstacles.OPEN))]


class VacancyFilters(TaskLineFilters):
    """Which vacancies; `unit` and `post` are those that answered last."""

    field: Word | None = where(TASKS.c.field, "Of the task.")
    last_official: Id | None = where(TABLE.c.last_official, "Who led the task last.")
    must_act: Id | None = where(TABLE.c.must_act, "The body that must fill it.")
    overdue: Truth | None = where(
        lambda overdue: overdue == OVERDUE, "The task's deadline has passed.", of=Boolean()
    )


OPEN_VACANCIES = Listing(
    name="vacancies",
    tag="reports",
    answers="The tasks that nobody leads on a day: since when, why, and who must act.",
    page="One page of vacancies, the oldest first.",
    item=Vacancy,
    filters=VacancyFilters,
    projections=(VACANCIES, TASK_STANDINGS, reminders.REMINDERS, obstacles.OBSTACLES),
    table=TABLE,
    source=beside_its_task(TABLE),
    holds=(*running(TABLE), *UNDER_WAY_ON_THE_DAY),
    order=("vacant_since", "task_id"),
)

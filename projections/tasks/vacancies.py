"""Vacancies: which tasks nobody leads, since when, what waits there, and who must act.

A vacancy runs from the day of the decision until somebody answers or the task ends; the body that
assigned the task must act. One that is filled on the day on which it arose has lasted no day.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Table,
    Text,
    and_,
    bindparam,
    func,
    select,
)

from domain.tasks.changes import TaskCarriedOver, TaskVacated, VacancyFilled
from domain.tasks.events import TaskCancelled
from projections.days import running
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
from projections.tasks.obstacles import OBSTACLES
from projections.tasks.obstacles import TABLE as OBSTACLES_TABLE
from projections.tasks.reminders import REMINDERS
from projections.tasks.reminders import TABLE as REMINDERS_TABLE
from projections.tasks.standings import TABLE as TASKS
from projections.tasks.states import OVERDUE

TABLE = read_table(
    "vacancies",
    text_id("task_id"),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("last_official"),
    text_id("must_act"),
    Column("reason", Text, nullable=False),
)
Index("vacancies_from", TABLE.c.ledger, TABLE.c.from_on)


def vacated(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        {
            "task_id": data["task_id"],
            "from_on": event.day,
            "until_on": FOREVER,
            "position": event.position,
            "last_official": data["official_id"],
            "must_act": data["vacated_by"],
            "reason": data["reason"],
        },
    )


def filled(vacancy: Row | None, event: RecordedEvent) -> Rows:
    return ({**require_open_row(vacancy, event), "until_on": event.day},)


def task_ended(vacancy: Row | None, event: RecordedEvent) -> Rows:
    return () if vacancy is None else filled(vacancy, event)


VACANCIES = Projection(
    version=1,
    table=TABLE,
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


def _waiting(of: Table) -> ColumnElement[int]:
    """How many of these are open under the task on the day."""
    same = and_(of.c.ledger == TASKS.c.ledger, of.c.task_id == TASKS.c.task_id)
    return select(func.count()).where(same, *running(of)).correlate(TASKS).scalar_subquery()


OPEN_VACANCIES = Matters(
    projection=VACANCIES,
    holds=running(TABLE),
    columns={
        "field": TASKS.c.field,
        "last_official": TABLE.c.last_official,
        "beside_officials": TASKS.c.beside_officials,
        "must_act": TABLE.c.must_act,
        "reason": TABLE.c.reason,
        "vacant_since": TABLE.c.from_on,
        "days_vacant": days_since(TABLE.c.from_on),
        "unanswered_reminders": _waiting(REMINDERS_TABLE),
        "open_obstacles": _waiting(OBSTACLES_TABLE),
    },
    waits_for=(REMINDERS, OBSTACLES),
    filters={
        **{name: made for name, made in TASK_FILTERS.items() if name != "official"},
        "field": said("field", TASKS.c.field),
        "last_official": said("last_official", TABLE.c.last_official),
        "must_act": said("must_act", TABLE.c.must_act),
        "overdue": bindparam("overdue", type_=Boolean) == OVERDUE,
    },
    marks=("vacant_since", "task_id"),
)

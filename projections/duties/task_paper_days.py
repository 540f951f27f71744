"""Task paper days: by which day a body's regulation asks for a plan or a report of each task.

It binds the tasks that the body assigned. The revision that is in force on the day says so; the
days are reckoned with the calendar of days off, and handed to the statement as rows.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from sqlalchemy import ARRAY, Date, FromClause, Text, bindparam, column, func, select

from domain.regulations.events import PolicyAdopted
from domain.regulations.policies import adopted
from domain.regulations.regulations import Regulations
from domain.regulations.vocabulary_1.due_days import MONTHS, ONE_DAY, due_day
from domain.regulations.vocabulary_1.organising import Duty
from projections.duties.paper_days import periods_of, years_of
from projections.listing import Arguments

TaskPaper: TypeAlias = Literal["plan", "progress_report"]
TASK_PAPERS: tuple[TaskPaper, ...] = ("plan", "progress_report")


class TaskPaperDay(NamedTuple):
    """A paper of a period, which the body asks for of every task.

    What comes within `from_on` and `to_on` is taken for it. `cohorts` are those of the officials
    who owe it, with a space between; of all if it is empty.
    """

    paper: str
    body: str
    period: str
    due_on: date
    from_on: date
    to_on: date
    cohorts: str


def task_paper_days(name: str) -> FromClause:
    """The rows of `days_of_task_papers`, in the order of their days."""
    kinds = {field: Date if field.endswith("_on") else Text for field in TaskPaperDay._fields}
    given = (bindparam(f"task_{field}s", type_=ARRAY(kind)) for field, kind in kinds.items())
    columns = (column(field, kind) for field, kind in kinds.items())
    rows = func.unnest(*given).table_valued(*columns).render_derived("task_days")
    return select(rows).order_by(rows.c.due_on).subquery(name)


def days_of_task_papers(first: date, last: date, known: Regulations) -> Arguments:
    """The papers that fall due from the first day to the last; each body's once."""
    found = {
        row[:4]: row
        for regulation_id in sorted({one.regulation_id for one in known.policies})
        for row in _of_regulation([*known.revisions(regulation_id)], first, last, known)
        if first <= row.due_on <= last
    }
    rows = sorted(found.values())
    return {f"task_{name}s": [getattr(row, name) for row in rows] for name in TaskPaperDay._fields}


def _of_regulation(
    revisions: list[PolicyAdopted], first: date, last: date, known: Regulations
) -> Iterator[TaskPaperDay]:
    ends = [*(one.effective_on for one in revisions[1:]), date.max]
    for revision, ends_on in zip(revisions, ends, strict=True):
        for duty in adopted(revision.vocabulary, revision.policy).duties:
            for row in _of_duty(duty, revision.adopted_by, first, last, known):
                if revision.effective_on <= row.due_on < ends_on:
                    yield row


def _of_duty(
    duty: Duty, body: str, first: date, last: date, known: Regulations
) -> Iterator[TaskPaperDay]:
    if duty.paper not in TASK_PAPERS:
        return
    for year in years_of(first, last):
        for begins_on, ends_on in periods_of(duty, year):
            if duty.from_on is None or duty.from_on <= ends_on:
                due_on = due_day(duty, begins_on, known.days_off.is_off)
                taken = _taken(duty, begins_on, ends_on, due_on)
                period, cohorts = PERIODS[duty.each](begins_on), " ".join(duty.only_for)
                yield TaskPaperDay(duty.paper, body, period, due_on, *taken, cohorts)


PERIODS: Mapping[str, Callable[[date], str]] = {
    "month": lambda on: f"{on:%Y-%m}",
    "quarter": lambda on: f"{on.year}-Q{(on.month - 1) // MONTHS['quarter'] + 1}",
    "year": lambda on: str(on.year),
}


def _taken(duty: Duty, begins_on: date, ends_on: date, due_on: date) -> tuple[date, date]:
    """The first and the last day on which what comes is taken for the paper.

    A plan that stands is one whenever it was laid down. A report is that of the month, quarter or
    year in which it is due, or is due by its own day if that is later.
    """
    if duty.paper == "plan":
        return date.min, date.max
    if duty.next_period:
        begins_on = ends_on + ONE_DAY
        following = periods_of(duty, begins_on.year)
        ends_on = next(until for since, until in following if since == begins_on)
    return begins_on, max(ends_on, due_on)

"""Task papers: by which day a body's regulation asks for a plan or a report of each task.

It binds the tasks that the body assigned. The revision that is in force on the day says so, and the
days are reckoned with the calendar of days off.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from domain.regulations.events import PolicyAdopted
from domain.regulations.policies import adopted
from domain.regulations.regulations import Regulations
from domain.regulations.vocabulary_1.due_days import (
    MONTHS,
    ONE_DAY,
    Occasion,
    occasions,
    periods_of,
    years_of,
)
from domain.regulations.vocabulary_1.organising import Duty
from domain.tasks.term import TASK_PAPERS


class TaskPaper(NamedTuple):
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

    def takes(self, on: date) -> bool:
        """Whether what comes on the day is taken for it."""
        return self.from_on <= on <= self.to_on


def task_papers(first: date, last: date, known: Regulations) -> list[TaskPaper]:
    """The papers that fall due from the first day to the last; each body's once."""
    found = {
        paper[:4]: paper
        for regulation_id in sorted({one.regulation_id for one in known.policies})
        for paper in _of_regulation([*known.revisions(regulation_id)], first, last, known)
        if first <= paper.due_on <= last
    }
    return sorted(found.values())


def _of_regulation(
    revisions: list[PolicyAdopted], first: date, last: date, known: Regulations
) -> Iterator[TaskPaper]:
    ends = [*(one.effective_on for one in revisions[1:]), date.max]
    for revision, ends_on in zip(revisions, ends, strict=True):
        for duty in adopted(revision.vocabulary, revision.policy).duties:
            for paper in _of_duty(duty, revision.adopted_by, first, last, known):
                if revision.effective_on <= paper.due_on < ends_on:
                    yield paper


def _of_duty(
    duty: Duty, body: str, first: date, last: date, known: Regulations
) -> Iterator[TaskPaper]:
    if duty.paper not in TASK_PAPERS:
        return
    for year in years_of(first, last):
        for occasion in occasions(duty, year, known.days_off.is_off):
            period, cohorts = PERIODS[duty.each](occasion.begins_on), " ".join(duty.only_for)
            taken = _taken(duty, occasion)
            yield TaskPaper(duty.paper, body, period, occasion.due_on, *taken, cohorts)


PERIODS: Mapping[str, Callable[[date], str]] = {
    "month": lambda on: f"{on:%Y-%m}",
    "quarter": lambda on: f"{on.year}-Q{(on.month - 1) // MONTHS['quarter'] + 1}",
    "year": lambda on: str(on.year),
}


def _taken(duty: Duty, occasion: Occasion) -> tuple[date, date]:
    """The first and the last day on which what comes is taken for the paper.

    A plan that stands is one whenever it was laid down. A report is that of the month, quarter or
    year in which it is due, or is due by its own day if that is later.
    """
    if duty.paper == "plan":
        return date.min, date.max
    begins_on, ends_on, due_on = occasion
    if duty.next_period:
        begins_on = ends_on + ONE_DAY
        following = periods_of(duty, begins_on.year)
        ends_on = next(until for since, until in following if since == begins_on)
    return begins_on, max(ends_on, due_on)

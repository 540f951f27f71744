"""Recurrence: a task that recurs yearly has a task of its own for each year (B15)."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from domain.kernel import Conflict, Context, Event, Invalid, Parameters, Refusal
from domain.tasks.command import OneTask, TaskNotInProgress
from domain.tasks.ending.continuation import Continuation
from domain.tasks.events import AnsweredEvent
from domain.tasks.term import CalendarYear, Term, Year, Yearly
from domain.values import OfficialId, TaskId, TaskRef, UnitId


class YearOpened(AnsweredEvent):
    """The year of the recurring task is worked on as the task `instance`."""

    TYPE: ClassVar[str] = "task.year_opened"
    VIETNAMESE: ClassVar[str] = "mở việc của năm"

    year: CalendarYear
    instance: TaskRef
    opened_by: UnitId


class TaskNotYearly(Conflict):
    """The task {task_id} does not recur yearly: its term is {term}.

    Việc {task_id} không phải việc hằng năm: kỳ thực hiện là {term}.
    """


class YearBeforeTask(Invalid):
    """The task {task_id} recurs from {from_year} on: there is no {year}.

    Việc {task_id} lặp lại từ năm {from_year}: không có năm {year}.
    """


class YearOpenedBefore(Conflict):
    """The year {year} of the task {task_id} is opened already, as the task {opened_as}.

    Năm {year} của việc {task_id} đã được mở, là việc {opened_as}.
    """


def require_year(seen: OneTask, term: Term, year: int, opened: Mapping[int, str]) -> None:
    """Pass if a task of that term has that year, and nothing has opened it.

    Raises:
        TaskNotYearly, YearBeforeTask, YearOpenedBefore.
    """
    if not isinstance(term, Yearly):
        raise TaskNotYearly(task_id=seen.task_id, term=term.label)
    if year < term.from_year:
        raise YearBeforeTask(task_id=seen.task_id, from_year=term.from_year, year=year)
    if year in opened:
        raise YearOpenedBefore(task_id=seen.task_id, year=year, opened_as=opened[year])


class OpeningOfYear(Parameters):
    """The year; `new_task_id` is made if left out.

    `official_id` names the holder where several hold the post.
    """

    new_task_id: TaskId | None = None
    year: CalendarYear
    official_id: OfficialId | None = None


class OpenYear(Continuation[OpeningOfYear]):
    """The task of one year begins, due on 31 December, once a year."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *Continuation.REFUSALS,
        TaskNotInProgress,
        TaskNotYearly,
        YearBeforeTask,
        YearOpenedBefore,
    )

    def __init__(
        self, context: Context, params: OpeningOfYear, task_id: str, new_task_id: str
    ) -> None:
        super().__init__(context, params, task_id, new_task_id)
        self.opened: dict[int, str] = {}

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, YearOpened):
            self.opened[event.year] = event.instance

    def execute(self) -> None:
        task, year = self.in_progress(), self.params.year
        body = self.require_entitled(task.assigned_by)
        self.require_new()
        require_year(self, task.proposal.term, year, self.opened)
        heir = self.heir(task.answerable, self.params.official_id)
        proposal = task.proposal.model_copy(
            update={"term": Year(kind="year", year=year), "due_on": date(year, 12, 31)}
        )
        begun = self.begun("instance_of", proposal, heir, body)
        for event in begun:
            self.emit(event)
        self.emit(
            YearOpened(
                **self.answered_by(task.answerable),
                year=year,
                instance=self.new_task_id,
                opened_by=body,
            )
        )

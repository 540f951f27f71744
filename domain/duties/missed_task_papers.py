"""Missed task papers: the day of a plan or report by regulation has passed, and none was given.

The service records it once for each paper, so that whoever follows the events hears of it.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cycle_events import CycleOpened, OfficialEnrolled
from domain.appraisal.cycles import lifetime_of
from domain.duties.task_papers import TaskPaper, task_papers
from domain.kernel import Conflict, Context, Event, Parameters, Refusal
from domain.regulations.events import PolicyAdopted
from domain.regulations.regulations import Regulations, days_off_selector, policy_selector
from domain.tasks.command import TaskCommand
from domain.tasks.events import PlanSubmitted, ProgressReported, TaskEvent
from domain.tasks.task import Claimed, InProgress, Task, Vacant
from domain.tasks.term import ReportPeriod, TaskPaperKind
from domain.tasks.work.missed_reports import TaskPaperMissed
from domain.tasks.work.report_duties import ReportDutySet
from domain.values import Day


class TaskPaperNotMissing(Conflict):
    """On the task {task_id} no {paper} of {period} that was due on {due_on} is missing.

    Việc {task_id} không thiếu {paper} kỳ {period} có hạn ngày {due_on}.
    """


class MissedTaskPaper(Parameters):
    """Which paper of which period is missing, and since when."""

    paper: TaskPaperKind
    period: ReportPeriod
    due_on: Day


class RecordMissedTaskPaper(TaskCommand[MissedTaskPaper]):
    """The service finds that a paper is missing; what was recorded of it is left as it is."""

    READS_REPORTS: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, TaskPaperNotMissing)

    def __init__(self, context: Context, params: MissedTaskPaper, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self._regulated = Regulations()
        self._led: InProgress | None = None
        self._given: dict[TaskPaperKind, list[date]] = {"plan": [], "progress_report": []}
        self._has_own_rule = False
        self._enrolled: set[str] = set()
        self._cohorts: dict[str, tuple[str, str]] = {}

    def consistency_boundary(self) -> list[Selector]:
        selectors = super().consistency_boundary()
        if self._led is None:
            return selectors
        adopted = (one for one in self.recorded if isinstance(one, PolicyAdopted))
        return [
            *selectors,
            Selector(types=[PolicyAdopted], tags=[f"unit:{self._led.assigned_by}"]),
            *map(policy_selector, dict.fromkeys(one.regulation_id for one in adopted)),
            days_off_selector(),
            Selector(
                types=[OfficialEnrolled], tags=[f"official:{self._led.answerable.official_id}"]
            ),
            *map(lifetime_of, sorted(self._enrolled)),
        ]

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self._regulated.evolve(event)
        match event:
            case OfficialEnrolled():
                self._enrolled.add(event.cycle_id)
            case CycleOpened():
                self._cohorts[event.cycle_id] = event.decided_by, event.cohort
            case TaskEvent(task_id=self.task_id):
                self._of_task(event)
            case _:
                pass

    def _of_task(self, event: TaskEvent) -> None:
        if event.effective_on <= self.params.due_on:
            self._led = self.task if isinstance(self.task, InProgress) else None
        match event:
            case PlanSubmitted():
                self._given["plan"].append(event.effective_on)
            case ProgressReported():
                self._given["progress_report"].append(event.effective_on)
            case ReportDutySet():
                self._has_own_rule = self._has_own_rule or event.duty is not None
            case _:
                pass

    def execute(self) -> None:
        params, found = self.params, self._missing_of(self.known())
        if found is None:
            raise TaskPaperNotMissing(
                task_id=self.task_id, paper=params.paper, period=params.period, due_on=params.due_on
            )
        named = params.paper, params.period, params.due_on
        if named in ((one.paper, one.period, one.due_on) for one in self.own(TaskPaperMissed)):
            return
        led, asked = found
        is_report = params.paper == "progress_report"
        self.emit(
            TaskPaperMissed(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                official_id=led.answerable.official_id,
                unit_id=led.answerable.unit_id,
                paper=params.paper,
                period=params.period,
                due_on=params.due_on,
                taken_from_on=asked.from_on if is_report else None,
                taken_to_on=asked.to_on if is_report else None,
            )
        )

    def _missing_of(self, task: Task) -> tuple[InProgress, TaskPaper] | None:
        """The task as it was on the day of the paper, and the paper; None if it is not missing."""
        led, paper = self._led, self.params.paper
        is_under_way = isinstance(task, InProgress | Claimed | Vacant)
        if led is None or not is_under_way or self.params.due_on >= self.context.effective_on:
            return None
        if paper == "progress_report" and self._has_own_rule:
            return None
        asked = self._asked(led)
        if asked is None or any(map(asked.takes, self._given[paper])):
            return None
        return led, asked

    def _asked(self, led: InProgress) -> TaskPaper | None:
        """The paper as the body's regulation asks for it of whoever led the task on its day."""
        params, body = self.params, led.assigned_by
        named = params.paper, body, params.period, params.due_on
        due = task_papers(params.due_on, params.due_on, self._regulated)
        asked = next((one for one in due if one[:4] == named), None)
        if asked is None or self._is_of(asked.cohorts.split(), body):
            return asked
        return None

    def _is_of(self, cohorts: Iterable[str], body: str) -> bool:
        """Whether the official is in a cycle of one of the cohorts, if only these owe the paper."""
        of_body = {self._cohorts.get(one) for one in self._enrolled}
        known = list(cohorts)
        return not known or any((body, cohort) in of_body for cohort in known)

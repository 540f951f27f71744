"""Urging: a body or an inspection team urges the official who answers for a task (B34).

It may name a plan or a report that is missing.
"""

from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import BodyRequired, Conflict, Context, Event, Invalid, Parameters, Refusal
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.tasks.command import next_number
from domain.tasks.events import TaskEvent
from domain.tasks.matters.reminders import ReminderCommand, ReminderIssued
from domain.tasks.term import PaperOfPeriod, ReportPeriod
from domain.tasks.work.missed_reports import ReportNotMissing
from domain.tasks.work.owed_reports import OwedReports
from domain.tasks.work.regulated_papers import MissingPapers
from domain.values import Day, Text


class AnswerDueBeforeReminder(Invalid):
    """The answer on {task_id} is due on {answer_due_on}, before the reminder of {effective_on}.

    Hạn trả lời {answer_due_on} về việc {task_id} ở trước ngày đôn đốc {effective_on}.
    """


class TwoPapersNamed(Invalid):
    """A reminder on {task_id} names one paper: `missed_paper`, or `missed_report` for a report.

    Mỗi lần đôn đốc việc {task_id} chỉ nêu một văn bản: `missed_paper`, hoặc `missed_report`.
    """


class PlanNotMissing(Conflict):
    """On the task {task_id} no plan of {period} is known to be missing on {effective_on}.

    Ngày {effective_on}, chưa ghi nhận việc {task_id} thiếu kế hoạch kỳ {period}.
    """


class Reminder(Parameters):
    """What is urged, and by when an answer is due; `on_behalf_of` names the unit that urges.

    `missed_paper` is the plan or report that is missing, if one is urged. A report may be named by
    its period alone, as `missed_report`.
    """

    content: Text
    answer_due_on: Day
    missed_paper: PaperOfPeriod | None = None
    missed_report: ReportPeriod | None = None

    def named(self) -> PaperOfPeriod | None:
        """The paper that is urged, whichever way it is named."""
        if self.missed_report is None:
            return self.missed_paper
        return PaperOfPeriod(paper="progress_report", period=self.missed_report)


class Remind(ReminderCommand[Reminder]):
    """A unit, whichever is charged with it, urges the official answerable."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ReminderCommand.REFUSALS,
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        AnswerDueBeforeReminder,
        TwoPapersNamed,
        ReportNotMissing,
        PlanNotMissing,
    )

    def __init__(self, context: Context, params: Reminder, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.owed = OwedReports()
        self.regulated = MissingPapers()

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskEvent) and event.task_id == self.task_id:
            self.owed.evolve(event)
            self.regulated.evolve(event)

    def _reads_reports(self) -> bool:
        return self.params.named() is not None

    def consistency_boundary(self) -> list[Selector]:
        unit = self.context.on_behalf_of
        named = [unit_selector(unit)] if unit is not None else []
        return [*super().consistency_boundary(), *named]

    def execute(self) -> None:
        task, params, on = self.answered(), self.params, self.context.effective_on
        unit = self.require_body()
        self.organisation.open_unit(unit, on)
        if params.answer_due_on < on:
            raise AnswerDueBeforeReminder(
                task_id=self.task_id, answer_due_on=params.answer_due_on, effective_on=on
            )
        if params.missed_paper is not None and params.missed_report is not None:
            raise TwoPapersNamed(task_id=self.task_id)
        named = params.named()
        if named is not None:
            self._require_missing(named, on)
        self.emit(
            ReminderIssued(
                **self.answered_by(task.answerable),
                number=next_number(one.number for one in self.own(ReminderIssued)),
                issued_by=unit,
                content=params.content,
                answer_due_on=params.answer_due_on,
                missed_paper=named,
            )
        )

    def _require_missing(self, named: PaperOfPeriod, on: date) -> None:
        """Pass if the paper is missing on the day, by the task's own rule or by a regulation.

        Raises:
            ReportNotMissing, PlanNotMissing.
        """
        missing = self.regulated.missing()
        if named.paper == "progress_report":
            missing |= {(named.paper, period) for period, _ in self.owed.missing(on)}
        if (named.paper, named.period) in missing:
            return
        if named.paper == "plan":
            raise PlanNotMissing(task_id=self.task_id, period=named.period, effective_on=on)
        raise ReportNotMissing(task_id=self.task_id, period=named.period, effective_on=on)

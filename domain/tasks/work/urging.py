"""Urging: a body or an inspection team urges the official who answers for a task (B34).

It may name a report that is missing.
"""

from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import BodyRequired, Context, Event, Invalid, Parameters, Refusal
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.tasks.command import next_number
from domain.tasks.events import TaskEvent
from domain.tasks.matters.reminders import ReminderCommand, ReminderIssued
from domain.tasks.term import ReportPeriod
from domain.tasks.work.missed_reports import ReportNotMissing
from domain.tasks.work.owed_reports import OwedReports
from domain.values import Day, Text


class AnswerDueBeforeReminder(Invalid):
    """The answer on {task_id} is due on {answer_due_on}, before the reminder of {effective_on}.

    Hạn trả lời {answer_due_on} về việc {task_id} ở trước ngày đôn đốc {effective_on}.
    """


class Reminder(Parameters):
    """What is urged, and by when an answer is due; `on_behalf_of` names the unit that urges.

    `missed_report` is the period of the report that is missing, if a report is urged.
    """

    content: Text
    answer_due_on: Day
    missed_report: ReportPeriod | None = None


class Remind(ReminderCommand[Reminder]):
    """A unit, whichever is charged with it, urges the official answerable."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ReminderCommand.REFUSALS,
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        AnswerDueBeforeReminder,
        ReportNotMissing,
    )

    def __init__(self, context: Context, params: Reminder, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.owed = OwedReports()

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskEvent) and event.task_id == self.task_id:
            self.owed.evolve(event)

    def _reads_reports(self) -> bool:
        return self.params.missed_report is not None

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
        if params.missed_report is not None:
            self._require_missing(params.missed_report, on)
        self.emit(
            ReminderIssued(
                **self.answered_by(task.answerable),
                number=next_number(one.number for one in self.own(ReminderIssued)),
                issued_by=unit,
                content=params.content,
                answer_due_on=params.answer_due_on,
                missed_report=params.missed_report,
            )
        )

    def _require_missing(self, period: str, on: date) -> None:
        """Pass if the report of the period is missing on the day.

        Raises:
            ReportNotMissing.
        """
        if period not in (missing for missing, _ in self.owed.missing(on)):
            raise ReportNotMissing(task_id=self.task_id, period=period, effective_on=on)

"""Reminders: a body or an inspection team urges the task on ("đôn đốc") and is answered (B34)."""

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from domain.kernel import (
    Context,
    Event,
    Parameters,
    Raw,
    Refusal,
    Upcaster,
)
from domain.tasks.changes import MatterNumber
from domain.tasks.command import NotAnswerable, TaskCommand, TaskNotInProgress
from domain.tasks.matters.matter import SETTLING, MatterOpened, Matters, MatterSettled
from domain.tasks.term import PaperOfPeriod
from domain.values import Day, Text, UnitId

Params = TypeVar("Params", bound=Parameters)


def _issued_before_reports_were_named(raw: Raw) -> Raw:
    """Version 1 named no report that is missing."""
    return {**raw, "missed_report": None}


def _issued_before_plans_were_named(raw: Raw) -> Raw:
    """Version 2 named a report alone, by its period."""
    after = dict(raw)
    period = after.pop("missed_report")
    named = period and {"paper": "progress_report", "period": period}
    return {**after, "missed_paper": named}


class ReminderIssued(MatterOpened):
    """The official answerable is urged on, and is to answer on `answer_due_on` at the latest.

    `missed_paper` is the plan or the report that is urged, if one is.
    """

    TYPE: ClassVar[str] = "task.reminder_issued"
    VIETNAMESE: ClassVar[str] = "đôn đốc"
    VERSION: ClassVar[int] = 3
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {
        1: _issued_before_reports_were_named,
        2: _issued_before_plans_were_named,
    }

    issued_by: UnitId
    content: Text
    answer_due_on: Day
    missed_paper: PaperOfPeriod | None


class ReminderAnswered(MatterSettled):
    """The official who answers for the task by then answers the reminder of that unit."""

    TYPE: ClassVar[str] = "task.reminder_answered"
    VIETNAMESE: ClassVar[str] = "trả lời đôn đốc"

    issued_by: UnitId
    answer: Text


class ReminderCommand(TaskCommand[Params]):
    """What reminding and answering share: the reminders so far."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, TaskNotInProgress)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.reminders = Matters(ReminderIssued, ReminderAnswered)

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.reminders.evolve(event)


class ReminderAnswer(Parameters):
    """Which reminder, and what is answered."""

    number: MatterNumber
    answer: Text


class AnswerReminder(ReminderCommand[ReminderAnswer]):
    """The official answerable answers; also for a reminder that a predecessor left unanswered."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ReminderCommand.REFUSALS,
        *SETTLING,
        NotAnswerable,
    )

    def execute(self) -> None:
        task, params = self.answered(), self.params
        self.require_answerable(task.answerable)
        reminder = self.reminders.awaiting(self.task_id, params.number)
        self.emit(
            ReminderAnswered(
                **self.answered_by(task.answerable),
                number=params.number,
                issued_by=reminder.issued_by,
                answer=params.answer,
            )
        )

"""Reminders: a body or an inspection team urges the task on ("đôn đốc") and is answered (B34)."""

from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import BodyRequired, Context, Event, Invalid, Parameters, Refusal
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.tasks.changes import MatterNumber
from domain.tasks.command import NotAnswerable, TaskCommand, TaskNotInProgress, next_number
from domain.tasks.matters.matter import SETTLING, MatterOpened, Matters, MatterSettled
from domain.values import Day, Text, UnitId

Params = TypeVar("Params", bound=Parameters)


class ReminderIssued(MatterOpened):
    """The official answerable is urged on, and is to answer on `answer_due_on` at the latest."""

    TYPE: ClassVar[str] = "task.reminder_issued"
    VIETNAMESE: ClassVar[str] = "đôn đốc"

    issued_by: UnitId
    content: Text
    answer_due_on: Day


class ReminderAnswered(MatterSettled):
    """The official who answers for the task by then answers the reminder of that unit."""

    TYPE: ClassVar[str] = "task.reminder_answered"
    VIETNAMESE: ClassVar[str] = "trả lời đôn đốc"

    issued_by: UnitId
    answer: Text


class AnswerDueBeforeReminder(Invalid):
    """The answer on {task_id} is due on {answer_due_on}, before the reminder of {effective_on}.

    Hạn trả lời {answer_due_on} về việc {task_id} ở trước ngày đôn đốc {effective_on}.
    """


class ReminderCommand(TaskCommand[Params]):
    """What reminding and answering share: the reminders so far."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, TaskNotInProgress)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.reminders = Matters(ReminderIssued, ReminderAnswered)

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.reminders.evolve(event)


class Reminder(Parameters):
    """What is urged, and by when an answer is due; `on_behalf_of` names the unit that urges."""

    content: Text
    answer_due_on: Day


class Remind(ReminderCommand[Reminder]):
    """A unit, whichever is charged with it, urges the official answerable."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ReminderCommand.REFUSALS,
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        AnswerDueBeforeReminder,
    )

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
        self.emit(
            ReminderIssued(
                **self.answered_by(task.answerable),
                number=next_number(one.number for one in self.own(ReminderIssued)),
                issued_by=unit,
                content=params.content,
                answer_due_on=params.answer_due_on,
            )
        )


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

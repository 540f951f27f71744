"""Objective causes: the body confirms that a deadline was missed for a cause beyond the official.

Or that completion was returned, or a periodic report missed, for such a cause. A regulation may
then deduct nothing for the first two; the report is asked for no more. A deadline that was missed
and then moved stays missed, so a cause may be confirmed for it too.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.kernel import Conflict, Context, DocumentRequired, Event, Parameters, Refusal
from domain.tasks.changes import ObjectiveCauseConfirmed, Occurrence, TaskRevised
from domain.tasks.command import BY_ENTITLED_BODY, OneTask, TaskCommand, TaskNotInProgress
from domain.tasks.events import CompletionReturned, TaskAssigned, TaskEvent
from domain.tasks.responsibility.collective import (
    TaskNotLate,
    given_to_somebody,
    missed_deadline,
)
from domain.tasks.work.owed_reports import OwedReports
from domain.values import Day, Text


class NothingReturned(Conflict):
    """Completion of the task {task_id} was not returned on {occurred_on}.

    Ngày {occurred_on} không có báo cáo hoàn thành nào của việc {task_id} bị trả lại.
    """


class NoReportMissing(Conflict):
    """On the task {task_id} no report that was due on {occurred_on} is missing on {effective_on}.

    Ngày {effective_on}, việc {task_id} không thiếu báo cáo nào có hạn ngày {occurred_on}.
    """


class CauseConfirmedAlready(Conflict):
    """An objective cause is confirmed for the task {task_id} and {occurred_on} already.

    Đã có xác nhận nguyên nhân khách quan về việc {task_id} cho ngày {occurred_on}.
    """


def require_occurred(
    seen: OneTask,
    events: Iterable[TaskEvent],
    occurrence: Occurrence,
    occurred_on: date,
    on: date,
) -> None:
    """Pass if it occurred on that day, and no cause is confirmed for it yet.

    Raises:
        TaskUnknown, TaskNotInProgress, TaskNotLate, NothingReturned, CauseConfirmedAlready.
    """
    task = given_to_somebody(seen)
    known = list(events)
    if occurrence == "missed_deadline":
        moved = _missed_and_moved(known)
        if occurred_on not in moved and missed_deadline(seen.task_id, task, on) != occurred_on:
            raise TaskNotLate(task_id=seen.task_id, due_on=task.due_on)
    elif occurrence != "missed_report" and not any(
        isinstance(one, CompletionReturned) and one.effective_on == occurred_on for one in known
    ):
        raise NothingReturned(task_id=seen.task_id, occurred_on=occurred_on)
    if any(
        isinstance(one, ObjectiveCauseConfirmed)
        and (one.occurrence, one.occurred_on) == (occurrence, occurred_on)
        for one in known
    ):
        raise CauseConfirmedAlready(task_id=seen.task_id, occurred_on=occurred_on)


def _missed_and_moved(events: Iterable[TaskEvent]) -> set[date]:
    """The deadlines that had passed when the task got another one."""
    missed: set[date] = set()
    due_on: date | None = None
    for one in events:
        match one:
            case TaskAssigned():
                due_on = one.due_on
            case TaskRevised():
                if due_on is not None and due_on < one.effective_on:
                    missed.add(due_on)
                due_on = one.due_on or due_on
            case _:
                pass
    return missed


class ObjectiveCause(Parameters):
    """What occurred when, and the cause."""

    occurrence: Occurrence
    occurred_on: Day
    cause: Text


class ConfirmObjectiveCause(TaskCommand[ObjectiveCause]):
    """Confirmed by the body that assigned the task, by its document."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        DocumentRequired,
        TaskNotInProgress,
        TaskNotLate,
        NothingReturned,
        NoReportMissing,
        CauseConfirmedAlready,
    )

    def __init__(self, context: Context, params: ObjectiveCause, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self._events: list[TaskEvent] = []
        self._owed = OwedReports()

    def _reads_reports(self) -> bool:
        return self.params.occurrence == "missed_report"

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskEvent) and event.task_id == self.task_id:
            self._events.append(event)
            self._owed.evolve(event)

    def execute(self) -> None:
        task, params, on = given_to_somebody(self), self.params, self.context.effective_on
        body = self.require_entitled(task.assigned_by)
        self.require_basis()
        require_occurred(self, self._events, params.occurrence, params.occurred_on, on)
        if params.occurrence == "missed_report":
            self._require_missing(params.occurred_on, on)
        self.emit(
            ObjectiveCauseConfirmed(
                effective_on=on,
                task_id=self.task_id,
                confirmed_by=body,
                occurrence=params.occurrence,
                occurred_on=params.occurred_on,
                cause=params.cause,
            )
        )

    def _require_missing(self, due_on: date, on: date) -> None:
        """Pass if a report that was due on that day is missing.

        Raises:
            NoReportMissing.
        """
        if due_on not in (day for _, day in self._owed.missing(on)):
            raise NoReportMissing(task_id=self.task_id, occurred_on=due_on, effective_on=on)

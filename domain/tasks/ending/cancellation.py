"""Cancellation: the entitled body ends a task without a result, with the reason."""

from typing import ClassVar

from domain.kernel import DocumentRequired, Parameters, Refusal
from domain.tasks.command import BY_ENTITLED_BODY, OneTask, TaskCommand, TaskNotAwaitingDecision
from domain.tasks.events import TaskCancelled
from domain.tasks.task import (
    Claimed,
    InProgress,
    Ready,
    Registered,
    Vacant,
    concerned,
    entitled_to,
    state_name,
)
from domain.values import Text


def cancellable(seen: OneTask) -> Registered | Ready | InProgress | Claimed | Vacant:
    """The task, which has not ended.

    Raises:
        TaskUnknown, TaskNotAwaitingDecision.
    """
    task = seen.known()
    if not isinstance(task, Registered | Ready | InProgress | Claimed | Vacant):
        raise TaskNotAwaitingDecision(task_id=seen.task_id, state=state_name(task))
    return task


class Cancellation(Parameters):
    """Why the task is cancelled."""

    reason: Text


class CancelTask(TaskCommand[Cancellation]):
    """The task ends without a result, by a decision that cites its document."""

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotAwaitingDecision,
        DocumentRequired,
    )

    def execute(self) -> None:
        task = cancellable(self)
        body = self.require_entitled(entitled_to(task))
        official_id, post_id, unit_id = concerned(task)
        self.require_basis()
        self.emit(
            TaskCancelled(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                cancelled_by=body,
                official_id=official_id,
                post_id=post_id,
                unit_id=unit_id,
                reason=self.params.reason,
            )
        )

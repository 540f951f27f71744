"""Cancellation: the entitled body ends a task without a result, with the reason."""

from typing import ClassVar

from domain.kernel import DocumentRequired, Parameters, Refusal
from domain.tasks.command import BY_ENTITLED_BODY, TaskCommand, TaskNotAwaitingDecision
from domain.tasks.events import TaskCancelled
from domain.tasks.task import Claimed, InProgress, Ready, Registered, Vacant, state_name
from domain.values import Text


class Cancellation(Parameters):
    """Why the task is cancelled."""

    reason: Text


class CancelTask(TaskCommand[Cancellation]):
    """The task ends without a result, by a decision that cites its document."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotAwaitingDecision,
        DocumentRequired,
    )

    def decide(self) -> None:
        task = self.known()
        if not isinstance(task, Registered | Ready | InProgress | Claimed | Vacant):
            raise TaskNotAwaitingDecision(task_id=self.task_id, state=state_name(task))
        entitled, official_id, post_id, unit_id = _parties(task)
        body = self.require_entitled(entitled)
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


def _parties(
    task: Registered | Ready | InProgress | Claimed | Vacant,
) -> tuple[str, str | None, str, str]:
    """The body entitled to cancel, and the official, post and unit that the task concerns."""
    match task:
        case Registered(proposer=who):
            return task.managed_by, who.official_id, who.post_id, who.unit_id
        case Ready():
            return task.entitled, None, task.post_id, task.unit_id
        case Vacant(last=who):
            return task.assigned_by, None, who.post_id, who.unit_id
        case InProgress(answerable=who) | Claimed(answerable=who):
            return task.assigned_by, who.official_id, who.post_id, who.unit_id

"""Amendment: the body entitled replaces the proposal before it assigns the task (B6)."""

from typing import ClassVar

from domain.kernel import Invalid, Parameters, Refusal
from domain.tasks.beginning.approval import ProposerMayNotDecide
from domain.tasks.changes import TaskAmended
from domain.tasks.command import BY_ENTITLED_BODY, OneTask, TaskCommand, TaskNotAwaitingDecision
from domain.tasks.proposal import Proposal
from domain.tasks.task import Ready, Registered, concerned, entitled_to, state_name
from domain.values import Text


class ProposalUnchanged(Invalid):
    """The proposal given is the one that the task {task_id} has.

    Nội dung đề xuất được nêu trùng với nội dung hiện có của việc {task_id}.
    """


def proposed(seen: OneTask) -> Registered | Ready:
    """The task, of which the proposal may still become another.

    Raises:
        TaskUnknown, TaskNotAwaitingDecision.
    """
    task = seen.known()
    if not isinstance(task, Registered | Ready):
        raise TaskNotAwaitingDecision(task_id=seen.task_id, state=state_name(task))
    return task


def require_another(seen: OneTask, task: Registered | Ready, proposal: Proposal) -> None:
    """Pass if the proposal is not the one that the task has.

    Raises:
        ProposalUnchanged.
    """
    if proposal == task.proposal:
        raise ProposalUnchanged(task_id=seen.task_id)


class Amendment(Parameters):
    """The whole proposal as it is to be, and why it differs from what was registered."""

    proposal: Proposal
    reason: Text


class AmendTask(TaskCommand[Amendment]):
    """The proposal becomes another; whether it is approved or assigned is decided apart."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotAwaitingDecision,
        ProposerMayNotDecide,
        ProposalUnchanged,
    )

    def execute(self) -> None:
        task, params = proposed(self), self.params
        body = self.require_entitled(entitled_to(task))
        proposer, post_id, unit_id = concerned(task)
        if proposer is not None and self.context.actor.official_id == proposer:
            raise ProposerMayNotDecide(task_id=self.task_id, actor=self.context.actor.id)
        require_another(self, task, params.proposal)
        self.emit(
            TaskAmended(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                official_id=proposer,
                post_id=post_id,
                unit_id=unit_id,
                amended_by=body,
                proposal=params.proposal,
                reason=params.reason,
            )
        )

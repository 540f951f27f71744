"""Amendment: the body entitled replaces the proposal before it assigns the task (B6)."""

from typing import ClassVar

from domain.kernel import Invalid, Parameters, Refusal
from domain.tasks.beginning.approval import ProposerMayNotDecide
from domain.tasks.changes import TaskAmended
from domain.tasks.command import BY_ENTITLED_BODY, TaskCommand, TaskNotAwaitingDecision
from domain.tasks.proposal import Proposal
from domain.tasks.task import Ready, Registered, state_name
from domain.values import Text


class ProposalUnchanged(Invalid):
    """The proposal given is the one that the task {task_id} has.

    Nội dung đề xuất được nêu trùng với nội dung hiện có của việc {task_id}.
    """


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

    def decide(self) -> None:
        task, params = self.known(), self.params
        proposer: str | None = None
        match task:
            case Registered(proposer=who):
                entitled, proposer = task.managed_by, who.official_id
                post_id, unit_id = who.post_id, who.unit_id
            case Ready():
                entitled, post_id, unit_id = task.entitled, task.post_id, task.unit_id
            case _:
                raise TaskNotAwaitingDecision(task_id=self.task_id, state=state_name(task))
        body = self.require_entitled(entitled)
        if proposer is not None and self.context.actor.official_id == proposer:
            raise ProposerMayNotDecide(actor=self.context.actor.id)
        if params.proposal == task.proposal:
            raise ProposalUnchanged(task_id=self.task_id)
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

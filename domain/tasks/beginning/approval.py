"""Approval: the body that manages the proposer's post accepts or refuses a registration."""

from typing import ClassVar, TypeVar

from domain.kernel import DocumentRequired, Forbidden, Parameters, Refusal
from domain.tasks.command import BY_ENTITLED_BODY, TaskCommand, TaskNotAwaitingDecision
from domain.tasks.events import TaskApproved, TaskRejected
from domain.tasks.task import Registered
from domain.values import Text

Params = TypeVar("Params", bound=Parameters)


class ProposerMayNotDecide(Forbidden):
    """Who proposed or registered the task {task_id} may not decide on it: {actor}.

    Người đề xuất hoặc đăng ký việc {task_id} không được quyết định về việc đó: {actor}.
    """


class RegistrationDecision(TaskCommand[Params]):
    """What approving and rejecting share: who may decide, and on what."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotAwaitingDecision,
        ProposerMayNotDecide,
    )

    def registered(self) -> Registered:
        """The registration, decided by the body entitled and by another than its proposer.

        Raises:
            TaskUnknown, TaskNotAwaitingDecision, BodyRequired, NotTheEntitledBody,
            ProposerMayNotDecide.
        """
        task = self.awaiting(Registered)
        self.require_entitled(task.managed_by)
        actor = self.context.actor
        if actor.id == task.registered_by or actor.official_id == task.proposer.official_id:
            raise ProposerMayNotDecide(task_id=self.task_id, actor=actor.id)
        return task


class Approval(Parameters):
    """An approval says nothing but its document, in `basis`."""


class ApproveTask(RegistrationDecision[Approval]):
    """The body accepts the registration, citing its decision (B2)."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *RegistrationDecision.REFUSALS,
        DocumentRequired,
    )

    def execute(self) -> None:
        task = self.registered()
        self.require_basis()
        self.emit(
            TaskApproved(
                **self.answered_by(task.proposer),
                approved_by=self.require_body(),
            )
        )


class Rejection(Parameters):
    """Why the registration is refused."""

    reason: Text


class RejectTask(RegistrationDecision[Rejection]):
    """The body refuses the registration, with the reason (B11)."""

    def execute(self) -> None:
        task = self.registered()
        self.emit(
            TaskRejected(
                **self.answered_by(task.proposer),
                rejected_by=self.require_body(),
                reason=self.params.reason,
            )
        )

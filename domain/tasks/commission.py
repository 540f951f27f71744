"""Commission: a body orders a task from the holder of a post it manages ("đặt hàng", B3)."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Parameters, Refusal
from domain.organisation.organisation import PostNotOpen, PostUnknown, post_selector
from domain.tasks.command import BY_ENTITLED_BODY, TaskCommand
from domain.tasks.events import TaskCommissioned
from domain.tasks.proposal import Proposal
from domain.tasks.registration import TaskExists
from domain.tasks.task import Unregistered
from domain.values import PostId, TaskId


class Commission(Parameters):
    """The task ordered and the post it is ordered from; `task_id` is made if left out."""

    task_id: TaskId | None = None
    post_id: PostId
    proposal: Proposal


class CommissionTask(TaskCommand[Commission]):
    """The body orders the task; it is then assigned without a registration."""

    PARAMETERS: ClassVar[type[Parameters]] = Commission
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        TaskExists,
        PostUnknown,
        PostNotOpen,
        *BY_ENTITLED_BODY,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), post_selector(self.said.post_id)]

    def decide(self) -> None:
        on = self.context.effective_on
        if not isinstance(self.task, Unregistered):
            raise TaskExists(task_id=self.task_id)
        post = self.organisation.open_post(self.said.post_id, on)
        body = self.require_entitled(post.managed_by)
        self.emit(
            TaskCommissioned(
                effective_on=on,
                task_id=self.task_id,
                commissioned_by=body,
                post_id=post.post_id,
                unit_id=post.unit_id,
                registered_by=self.context.actor.id,
                proposal=self.said.proposal,
            )
        )

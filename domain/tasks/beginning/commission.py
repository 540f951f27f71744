"""Commission: a body orders a task from the holder of a post it manages ("đặt hàng", B3)."""

from typing import ClassVar

from domain.kernel import Refusal
from domain.tasks.beginning.registration import Beginning, TaskBeginning
from domain.tasks.command import BY_ENTITLED_BODY
from domain.tasks.events import TaskCommissioned


class Commission(Beginning):
    """The task ordered, and the post it is ordered from."""


class CommissionTask(TaskBeginning[Commission]):
    """The body orders the task; it is then assigned without a registration."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskBeginning.REFUSALS, *BY_ENTITLED_BODY)

    def bodies(self) -> set[str]:
        return super().bodies() | {post.managed_by for post in self.organisation.posts.values()}

    def execute(self) -> None:
        post = self.open_post()
        body = self.require_entitled(post.managed_by)
        self.emit(
            TaskCommissioned(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                commissioned_by=body,
                post_id=post.post_id,
                unit_id=post.unit_id,
                registered_by=self.context.actor.id,
                proposal=self.params.proposal,
            )
        )

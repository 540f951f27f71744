"""Transfer: the task moves to another post, as a rule in another unit (B19, A7).

Within one post the successor takes over by handover.
"""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import DocumentRequired, Invalid, Parameters, Refusal
from domain.organisation.organisation import (
    HolderNotNamed,
    NotThePostHolder,
    PostNotOpen,
    PostUnknown,
    PostVacant,
)
from domain.organisation.selectors import post_selector
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    SpanWouldBeEmpty,
    TaskCommand,
    TaskNotInProgress,
    require_span,
)
from domain.tasks.events import TaskTransferred
from domain.tasks.task import InProgress
from domain.values import OfficialId, PostId, Text


class TransferToSamePost(Invalid):
    """The task {task_id} is with the post {post_id} already: a successor takes over by handover.

    Việc {task_id} đang thuộc chức danh {post_id}: người kế nhiệm nhận việc bằng bàn giao.
    """


def require_other_post(task_id: str, task: InProgress, to_post: str) -> None:
    """Pass if the task is not with that post already.

    Raises:
        TransferToSamePost.
    """
    if to_post == task.answerable.post_id:
        raise TransferToSamePost(task_id=task_id, post_id=to_post)


class Transfer(Parameters):
    """The post to which the task moves, its holder if several hold it, and why."""

    to_post: PostId
    official_id: OfficialId | None = None
    reason: Text


class TransferTask(TaskCommand[Transfer]):
    """The holder of a post elsewhere answers for the task from the effective day."""

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotInProgress,
        DocumentRequired,
        TransferToSamePost,
        PostUnknown,
        PostNotOpen,
        PostVacant,
        HolderNotNamed,
        NotThePostHolder,
        SpanWouldBeEmpty,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), post_selector(self.params.to_post)]

    def execute(self) -> None:
        task, params, on = self.in_progress(), self.params, self.context.effective_on
        body = self.require_entitled(task.assigned_by)
        self.require_basis()
        require_other_post(self.task_id, task, params.to_post)
        post = self.organisation.open_post(params.to_post, on)
        to_official = self.organisation.holder(params.to_post, on, params.official_id)
        require_span(self.task_id, task.answerable, self.context.effective_on)
        self.emit(
            TaskTransferred(
                effective_on=on,
                task_id=self.task_id,
                from_official=task.answerable.official_id,
                from_post=task.answerable.post_id,
                from_unit=task.answerable.unit_id,
                to_official=to_official,
                to_post=post.post_id,
                to_unit=post.unit_id,
                decided_by=body,
                reason=params.reason,
            )
        )

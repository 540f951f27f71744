"""Registration: an official proposes a task of their own, to the body that manages the post."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Forbidden, Parameters, Refusal
from domain.organisation.organisation import (
    NotThePostHolder,
    PostNotOpen,
    PostUnknown,
    post_selector,
)
from domain.tasks.command import TaskCommand
from domain.tasks.events import TaskRegistered
from domain.tasks.proposal import Proposal
from domain.tasks.task import Unregistered
from domain.values import OfficialId, PostId, TaskId


class TaskExists(Conflict):
    """There is a task {task_id} already.

    Đã có việc {task_id}.
    """


class NotTheProposer(Forbidden):
    """An official registers tasks of their own only: {official_id} is not {actor}.

    Cán bộ chỉ đăng ký việc của chính mình: {official_id} không phải {actor}.
    """


class Registration(Parameters):
    """The proposal, who proposes it and in which post; `task_id` is made if left out."""

    task_id: TaskId | None = None
    official_id: OfficialId
    post_id: PostId
    proposal: Proposal


class RegisterTask(TaskCommand[Registration]):
    """The official proposes a task: goal, indicators, roadmap, kinds, field, term (B1, B10)."""

    PARAMETERS: ClassVar[type[Parameters]] = Registration
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        TaskExists,
        NotTheProposer,
        PostUnknown,
        PostNotOpen,
        NotThePostHolder,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), post_selector(self.said.post_id)]

    def decide(self) -> None:
        said, on = self.said, self.context.effective_on
        if not isinstance(self.task, Unregistered):
            raise TaskExists(task_id=self.task_id)
        if self.context.actor.official_id not in {None, said.official_id}:
            raise NotTheProposer(official_id=said.official_id, actor=self.context.actor.id)
        post = self.organisation.open_post(said.post_id, on)
        self.organisation.require_holder(said.official_id, said.post_id, on)
        self.emit(
            TaskRegistered(
                effective_on=on,
                task_id=self.task_id,
                official_id=said.official_id,
                post_id=post.post_id,
                unit_id=post.unit_id,
                managed_by=post.managed_by,
                registered_by=self.context.actor.id,
                proposal=said.proposal,
            )
        )

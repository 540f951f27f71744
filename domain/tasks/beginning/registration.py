"""Registration: an official proposes a task of their own, to the body that manages the post."""

from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Forbidden, Parameters, Refusal
from domain.organisation.organisation import NotThePostHolder, Post, PostNotOpen, PostUnknown
from domain.organisation.selectors import post_selector
from domain.tasks.command import OneTask, TaskCommand
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


class Beginning(Parameters):
    """The task as proposed, and the post it is for; `task_id` is made if left out."""

    task_id: TaskId | None = None
    post_id: PostId
    proposal: Proposal


Params = TypeVar("Params", bound=Beginning)


def require_new(seen: OneTask) -> None:
    """Pass if nothing has begun the task.

    Raises:
        TaskExists.
    """
    if not isinstance(seen.task, Unregistered):
        raise TaskExists(task_id=seen.task_id)


class TaskBeginning(TaskCommand[Params]):
    """What registering and commissioning share: an id that is free, and a post that is open."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (TaskExists, PostUnknown, PostNotOpen)

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), post_selector(self.params.post_id)]

    def open_post(self) -> Post:
        """The post that the new task is for.

        Raises:
            TaskExists, PostUnknown, PostNotOpen.
        """
        require_new(self)
        return self.organisation.open_post(self.params.post_id, self.context.effective_on)


class Registration(Beginning):
    """The proposal, and who proposes it."""

    official_id: OfficialId


class RegisterTask(TaskBeginning[Registration]):
    """The official proposes a task: goal, indicators, roadmap, kinds, field, term (B1, B10)."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskBeginning.REFUSALS,
        NotTheProposer,
        NotThePostHolder,
    )

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        require_new(self)
        if self.context.actor.official_id not in {None, params.official_id}:
            raise NotTheProposer(official_id=params.official_id, actor=self.context.actor.id)
        post = self.open_post()
        self.organisation.require_holder(params.official_id, params.post_id, on)
        self.emit(
            TaskRegistered(
                effective_on=on,
                task_id=self.task_id,
                official_id=params.official_id,
                post_id=post.post_id,
                unit_id=post.unit_id,
                managed_by=post.managed_by,
                registered_by=self.context.actor.id,
                proposal=params.proposal,
            )
        )

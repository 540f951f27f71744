"""Continuation: a task begins that goes on from another, and is assigned at once.

To the official who answers for the other if still in the post, else to the post's holder.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, Event, Parameters, Refusal
from domain.organisation.organisation import (
    HolderNotNamed,
    NotThePostHolder,
    PostNotOpen,
    PostUnknown,
    PostVacant,
)
from domain.organisation.selectors import post_selector
from domain.tasks.beginning.assignment import DeadlineBeforeAssignment
from domain.tasks.beginning.registration import TaskExists
from domain.tasks.changes import TaskContinued
from domain.tasks.command import BY_ENTITLED_BODY, TaskCommand
from domain.tasks.events import TaskAssigned, TaskEvent
from domain.tasks.proposal import Proposal
from domain.tasks.task import Answerable, InProgress, Vacant

Params = TypeVar("Params", bound=Parameters)


class TasksNotLinked(Conflict):
    """Not both tasks say that {from_task} goes on as {to_task}.

    Không phải cả hai việc đều ghi nhận rằng {from_task} tiếp tục thành {to_task}.
    """


class Continuation(TaskCommand[Params]):
    """What carrying a task over and opening a year of it share: another task begins."""

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskExists,
        PostUnknown,
        PostNotOpen,
        PostVacant,
        HolderNotNamed,
        NotThePostHolder,
        DeadlineBeforeAssignment,
    )

    def __init__(self, context: Context, params: Params, task_id: str, new_task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.new_task_id = new_task_id
        self.new_task_exists = False

    def consistency_boundary(self) -> list[Selector]:
        selectors = [*super().consistency_boundary(), Selector(tags=[f"task:{self.new_task_id}"])]
        match self.task:
            case InProgress(answerable=who) | Vacant(last=who):
                selectors.append(post_selector(who.post_id))
        return selectors

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskEvent) and event.task_id == self.new_task_id:
            self.new_task_exists = True

    def require_new(self) -> None:
        """Pass if the id of the new task is free.

        Raises:
            TaskExists.
        """
        if self.new_task_exists:
            raise TaskExists(task_id=self.new_task_id)

    def heir(self, who: Answerable, named: str | None) -> Answerable:
        """Who will answer for the new task, in the post of the other, from the effective day.

        Raises:
            PostUnknown, PostNotOpen, PostVacant, HolderNotNamed, NotThePostHolder.
        """
        on = self.context.effective_on
        post = self.organisation.open_post(who.post_id, on)
        if named is None and self.organisation.holds(who.official_id, who.post_id, on):
            named = who.official_id
        official_id = self.organisation.holder(post.post_id, on, named)
        return Answerable(official_id, post.post_id, post.unit_id, on)

    def begun(
        self,
        link: Literal["carried_from", "instance_of"],
        proposal: Proposal,
        heir: Answerable,
        body: str,
    ) -> Sequence[TaskEvent]:
        """The events by which the new task begins and is assigned.

        Raises:
            DeadlineBeforeAssignment.
        """
        on, due_on = self.context.effective_on, proposal.deadline
        self._require_ahead(due_on, on)
        continued = TaskContinued(
            effective_on=on,
            task_id=self.new_task_id,
            link=link,
            from_task=self.task_id,
            continued_by=body,
            post_id=heir.post_id,
            unit_id=heir.unit_id,
            registered_by=self.context.actor.id,
            proposal=proposal,
        )
        assigned = TaskAssigned(
            effective_on=on,
            task_id=self.new_task_id,
            official_id=heir.official_id,
            post_id=heir.post_id,
            unit_id=heir.unit_id,
            assigned_by=body,
            addressed_to="post",
            due_on=due_on,
        )
        return (continued, assigned)

    def _require_ahead(self, due_on: date | None, on: date) -> None:
        if due_on is not None and due_on < on:
            raise DeadlineBeforeAssignment(task_id=self.task_id, due_on=due_on, effective_on=on)

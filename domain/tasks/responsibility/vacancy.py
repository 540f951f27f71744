"""Vacancy: nobody answers for a task, by a decision, until the body says who does.

An open vacancy is the body's to fill; meanwhile nothing is reported on the task or claimed.
"""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import DocumentRequired, Parameters, Refusal
from domain.organisation.organisation import (
    HolderNotNamed,
    NotThePostHolder,
    PostNotOpen,
    PostUnknown,
    PostVacant,
)
from domain.organisation.selectors import post_selector
from domain.tasks.changes import TaskVacated, VacancyFilled
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    SpanWouldBeEmpty,
    TaskCommand,
    TaskNotAwaitingDecision,
    TaskNotInProgress,
    require_span,
)
from domain.tasks.task import Answerable, Vacant
from domain.values import OfficialId, PostId, Text


class Vacating(Parameters):
    """Why nobody answers for the task."""

    reason: Text


class VacateTask(TaskCommand[Vacating]):
    """The official answers no longer from the effective day, and nobody else does yet."""

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotInProgress,
        DocumentRequired,
        SpanWouldBeEmpty,
    )

    def execute(self) -> None:
        task = self.in_progress()
        body = self.require_entitled(task.assigned_by)
        self.require_basis()
        require_span(self.task_id, task.answerable, self.context.effective_on)
        self.emit(
            TaskVacated(
                **self.answered_by(task.answerable), vacated_by=body, reason=self.params.reason
            )
        )


class Filling(Parameters):
    """Whose holder answers: the task's last post if none is named; and the state of the task.

    `official_id` names the holder where several hold the post.
    """

    post_id: PostId | None = None
    official_id: OfficialId | None = None
    state_summary: Text


class FillVacancy(TaskCommand[Filling]):
    """The holder of the post answers for the task from the effective day."""

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotAwaitingDecision,
        DocumentRequired,
        PostUnknown,
        PostNotOpen,
        PostVacant,
        HolderNotNamed,
        NotThePostHolder,
    )

    def consistency_boundary(self) -> list[Selector]:
        selectors = super().consistency_boundary()
        match self.params.post_id, self.task:
            case str(post_id), _:
                selectors.append(post_selector(post_id))
            case None, Vacant(last=last):
                selectors.append(post_selector(last.post_id))
        return selectors

    def execute(self) -> None:
        task, params, on = self.awaiting(Vacant), self.params, self.context.effective_on
        body = self.require_entitled(task.assigned_by)
        self.require_basis()
        post = self.organisation.open_post(params.post_id or task.last.post_id, on)
        official_id = self.organisation.holder(post.post_id, on, params.official_id)
        self.emit(
            VacancyFilled(
                **self.answered_by(Answerable(official_id, post.post_id, post.unit_id, on)),
                filled_by=body,
                state_summary=params.state_summary,
            )
        )

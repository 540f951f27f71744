"""Completion: claimed with evidence by the official, confirmed or returned by the body."""

from datetime import date
from typing import Annotated, ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictBool

from domain.kernel import Parameters, Refusal
from domain.organisation.selectors import post_selector
from domain.tasks.changes import TaskVacated
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    IndicatorRepeated,
    IndicatorUnknown,
    NotAnswerable,
    OneTask,
    ResponsibleMayNotDecide,
    SpanWouldBeEmpty,
    StatedOtherwise,
    TaskCommand,
    TaskNotAwaitingDecision,
    TaskNotInProgress,
    require_span,
)
from domain.tasks.events import CompletionClaimed, CompletionConfirmed, CompletionReturned
from domain.tasks.proposal import Evidence, IndicatorValue
from domain.tasks.task import Claimed
from domain.values import Text

Params = TypeVar("Params", bound=Parameters)


class Claim(Parameters):
    """What was achieved, the final values, and the evidence for it."""

    summary: Text
    values: Annotated[tuple[IndicatorValue, ...], Field(max_length=50)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1, max_length=100)]


class ClaimCompletion(TaskCommand[Claim]):
    """The official says that the work was done on the effective day, and shows it."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        TaskNotInProgress,
        NotAnswerable,
        IndicatorUnknown,
        IndicatorRepeated,
    )

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        self.require_answerable(task.answerable)
        self.require_indicators(task.proposal, params.values)
        self.emit(
            CompletionClaimed(
                **self.answered_by(task.answerable),
                claimed_by=self.context.actor.id,
                summary=params.summary,
                values=params.values,
                evidence=params.evidence,
            )
        )


class ClaimDecision(TaskCommand[Params]):
    """What confirming and returning share: who may decide, and on what."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotAwaitingDecision,
        ResponsibleMayNotDecide,
    )

    def claimed(self) -> Claimed:
        """The claim, decided by the body that assigned the task and by another than its author.

        Raises:
            TaskUnknown, TaskNotAwaitingDecision, BodyRequired, NotTheEntitledBody,
            ResponsibleMayNotDecide.
        """
        task = self.awaiting(Claimed)
        self.require_entitled(task.assigned_by)
        actor = self.context.actor
        if actor.id == task.claimed_by or actor.official_id == task.answerable.official_id:
            raise ResponsibleMayNotDecide(task_id=self.task_id, actor=actor.id)
        return task


def require_claimed_day(seen: OneTask, completed_on: date) -> None:
    """Pass if completion is claimed as of that day.

    Raises:
        TaskUnknown, TaskNotAwaitingDecision, StatedOtherwise.
    """
    task = seen.awaiting(Claimed)
    if task.completed_on != completed_on:
        raise StatedOtherwise(
            task_id=seen.task_id,
            field="completed_on",
            stated=completed_on,
            recorded=task.completed_on,
        )


class Confirmation(Parameters):
    """Whether the result exceeds what was required."""

    exceeded: StrictBool = False


class ConfirmCompletion(ClaimDecision[Confirmation]):
    """The task is completed, as of the day claimed."""

    def execute(self) -> None:
        task = self.claimed()
        self.emit(
            CompletionConfirmed(
                **self.answered_by(task.answerable),
                confirmed_by=self.require_body(),
                completed_on=task.completed_on,
                exceeded=self.params.exceeded,
            )
        )


class Return(Parameters):
    """Why the claim is sent back, and whether the product fails in its content."""

    reason: Text
    content_failure: StrictBool = False


class ReturnCompletion(ClaimDecision[Return]):
    """The claim is sent back; the task goes on with the same official answerable.

    One who has left the post meanwhile answers no longer: the task is vacant from that day.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*ClaimDecision.REFUSALS, SpanWouldBeEmpty)

    def consistency_boundary(self) -> list[Selector]:
        selectors = super().consistency_boundary()
        if isinstance(self.task, Claimed):
            selectors.append(post_selector(self.task.answerable.post_id))
        return selectors

    def execute(self) -> None:
        task = self.claimed()
        who, on = task.answerable, self.context.effective_on
        self.emit(
            CompletionReturned(
                **self.answered_by(who),
                returned_by=self.require_body(),
                reason=self.params.reason,
                content_failure=self.params.content_failure,
            )
        )
        if not self.organisation.holds(who.official_id, who.post_id, on):
            require_span(self.task_id, who, self.context.effective_on)
            self.emit(
                TaskVacated(
                    **self.answered_by(who),
                    vacated_by=self.require_body(),
                    reason=self.params.reason,
                )
            )

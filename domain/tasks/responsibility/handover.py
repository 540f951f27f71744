"""Handover: the successor in a post takes over the predecessor's task (B18).

Within one post; a move to another post is a transfer.
"""

from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, DocumentRequired, Forbidden, Invalid, Parameters, Refusal
from domain.organisation.organisation import NotThePostHolder
from domain.organisation.selectors import post_selector
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    NotAnswerable,
    OneTask,
    SpanWouldBeEmpty,
    TaskCommand,
    TaskNotInProgress,
    require_span,
)
from domain.tasks.events import HandoverDeclined, HandoverOffered, TaskHandedOver
from domain.tasks.task import Assigned, InProgress, Offer
from domain.values import OfficialId, Text

Params = TypeVar("Params", bound=Parameters)


class AlreadyAnswers(Invalid):
    """The official {official_id} answers for the task {task_id} already.

    Cán bộ {official_id} đang chịu trách nhiệm về việc {task_id}.
    """


class HandoverAlreadyOffered(Conflict):
    """The task {task_id} is offered to {to_official}, who has not answered yet.

    Việc {task_id} đang được đề nghị bàn giao cho {to_official}, người này chưa trả lời.
    """


class HandoverNotOffered(Conflict):
    """No handover of the task {task_id} is offered.

    Chưa có đề nghị bàn giao việc {task_id}.
    """


class NotTheSuccessor(Forbidden):
    """The handover of the task {task_id} is offered to {to_official}, not to {actor}.

    Việc {task_id} được đề nghị bàn giao cho {to_official}, không phải {actor}.
    """


def require_another_lead(task_id: str, task: InProgress, to_official: str) -> None:
    """Pass if the official does not lead the task already.

    Raises:
        AlreadyAnswers.
    """
    if to_official == task.answerable.official_id:
        raise AlreadyAnswers(task_id=task_id, official_id=to_official)


def require_none_offered(task_id: str, task: InProgress) -> None:
    """Pass if no offer awaits an answer.

    Raises:
        HandoverAlreadyOffered.
    """
    if task.offers:
        raise HandoverAlreadyOffered(task_id=task_id, to_official=task.offers[0].to_official)


def offered(seen: OneTask, task: InProgress, answers: str | None, actor: str) -> Offer:
    """The offer that awaits an answer; `answers` is the official who gives it, if known.

    Raises:
        HandoverNotOffered, NotTheSuccessor.
    """
    if not task.offers:
        raise HandoverNotOffered(task_id=seen.task_id)
    [offer] = task.offers
    if answers not in {None, offer.to_official}:
        raise NotTheSuccessor(task_id=seen.task_id, to_official=offer.to_official, actor=actor)
    return offer


class HandoverCommand(TaskCommand[Params]):
    """What every step of a handover sees: the task, and who holds its post."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, TaskNotInProgress)

    def consistency_boundary(self) -> list[Selector]:
        selectors = super().consistency_boundary()
        if isinstance(self.task, Assigned):
            selectors.append(post_selector(self.task.answerable.post_id))
        return selectors

    def require_successor(self, task: InProgress, to_official: str) -> None:
        """Pass if another official, who holds the post on the effective day, takes over.

        Raises:
            AlreadyAnswers, NotThePostHolder.
        """
        require_another_lead(self.task_id, task, to_official)
        self.organisation.require_holder(
            to_official, task.answerable.post_id, self.context.effective_on
        )

    def hand_over(
        self, task: InProgress, to: Offer, decided_by: str | None = None
    ) -> TaskHandedOver:
        """The event by which the successor answers from the effective day.

        Raises:
            SpanWouldBeEmpty: the predecessor would answer for no day.
        """
        require_span(self.task_id, task.answerable, self.context.effective_on)
        return TaskHandedOver(
            effective_on=self.context.effective_on,
            task_id=self.task_id,
            from_official=task.answerable.official_id,
            to_official=to.to_official,
            post_id=task.answerable.post_id,
            unit_id=task.answerable.unit_id,
            state_summary=to.state_summary,
            decided_by=decided_by,
        )

    def offered(self, task: InProgress) -> Offer:
        """The offer that awaits an answer, given by the successor or recorded for them.

        Raises:
            HandoverNotOffered, NotTheSuccessor.
        """
        actor = self.context.actor
        return offered(self, task, actor.official_id, actor.id)


class HandoverToSuccessor(Parameters):
    """Who takes over, and the state in which the task is."""

    to_official: OfficialId
    state_summary: Text


class OfferHandover(HandoverCommand[HandoverToSuccessor]):
    """The predecessor offers the task to the successor, and answers for it until it is accepted."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *HandoverCommand.REFUSALS,
        NotAnswerable,
        HandoverAlreadyOffered,
        AlreadyAnswers,
        NotThePostHolder,
    )

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        self.require_answerable(task.answerable)
        require_none_offered(self.task_id, task)
        self.require_successor(task, params.to_official)
        self.emit(
            HandoverOffered(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                from_official=task.answerable.official_id,
                to_official=params.to_official,
                post_id=task.answerable.post_id,
                unit_id=task.answerable.unit_id,
                state_summary=params.state_summary,
            )
        )


class Acceptance(Parameters):
    """An acceptance says nothing but its day."""


class AcceptHandover(HandoverCommand[Acceptance]):
    """The successor accepts, and answers for the task from the effective day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *HandoverCommand.REFUSALS,
        HandoverNotOffered,
        NotTheSuccessor,
        NotThePostHolder,
        AlreadyAnswers,
        SpanWouldBeEmpty,
    )

    def execute(self) -> None:
        task = self.in_progress()
        offer = self.offered(task)
        self.require_successor(task, offer.to_official)
        self.emit(self.hand_over(task, offer))


class Declining(Parameters):
    """Why the successor declines."""

    reason: Text


class DeclineHandover(HandoverCommand[Declining]):
    """The successor declines; the predecessor goes on answering, or the authority decides."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *HandoverCommand.REFUSALS,
        HandoverNotOffered,
        NotTheSuccessor,
    )

    def execute(self) -> None:
        task = self.in_progress()
        offer = self.offered(task)
        self.emit(
            HandoverDeclined(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                from_official=task.answerable.official_id,
                to_official=offer.to_official,
                post_id=task.answerable.post_id,
                unit_id=task.answerable.unit_id,
                reason=self.params.reason,
            )
        )


class HandOver(HandoverCommand[HandoverToSuccessor]):
    """The body that assigned the task orders the handover, citing its decision."""

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *HandoverCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        DocumentRequired,
        AlreadyAnswers,
        NotThePostHolder,
        SpanWouldBeEmpty,
    )

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        body = self.require_entitled(task.assigned_by)
        self.require_basis()
        self.require_successor(task, params.to_official)
        ordered = Offer(params.to_official, params.state_summary)
        self.emit(self.hand_over(task, ordered, decided_by=body))

"""Revision: new targets or another deadline while the task goes on, with the reason (B29).

The official answerable asks for it and the body that assigned the task decides; or the body
decides of itself. What was agreed before stays in the history.
"""

from typing import Annotated, ClassVar, Self, TypeVar

from pydantic import Field, model_validator

from domain.kernel import Conflict, Context, DocumentRequired, Event, Invalid, Parameters, Refusal
from domain.tasks.changes import MatterNumber, TaskRevised
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    IndicatorRepeated,
    IndicatorUnknown,
    NotAnswerable,
    ResponsibleMayNotDecide,
    TaskCommand,
    TaskNotInProgress,
)
from domain.tasks.matters.matter import SETTLING, MatterOpened, Matters, MatterSettled
from domain.tasks.proposal import IndicatorTarget
from domain.tasks.task import InProgress
from domain.values import Day, Misstated, Text, UnitId

Params = TypeVar("Params", bound=Parameters)


class RevisionRequested(MatterOpened):
    """The official answerable asks for new targets, another deadline (`due_on`), or both."""

    TYPE: ClassVar[str] = "task.revision_requested"

    targets: tuple[IndicatorTarget, ...]
    due_on: Day | None
    reason: Text


class RevisionRefused(MatterSettled):
    """The body refuses the request: targets and deadline stay."""

    TYPE: ClassVar[str] = "task.revision_refused"

    refused_by: UnitId
    reason: Text


class RevisionPending(Conflict):
    """The revision requested under number {number} awaits its decision.

    Đề nghị điều chỉnh số {number} đang chờ quyết định.
    """


class DeadlineInThePast(Invalid):
    """The new deadline {due_on} is before {earliest_on}, when it could first be.

    Thời hạn mới {due_on} ở trước {earliest_on}, ngày sớm nhất có thể.
    """


class RevisionChangesNothing(Invalid):
    """The task {task_id} has these targets and this deadline already.

    Việc {task_id} đã có đúng chỉ tiêu và thời hạn này.
    """


class RevisionCommand(TaskCommand[Params]):
    """What every step of a revision sees: the task, and the requests so far."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, TaskNotInProgress)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.requests = Matters(RevisionRequested, RevisionRefused)

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.requests.evolve(event)
        if isinstance(event, TaskRevised) and event.request is not None:
            self.requests.settle(event.request, event.effective_on)

    def require_possible(self, task: InProgress, revision: "Revision | RevisionRequested") -> None:
        """Pass if the revision changes something, and to what can be.

        Raises:
            IndicatorUnknown, IndicatorRepeated, DeadlineInThePast, RevisionChangesNothing.
        """
        self.require_indicators(task.proposal, revision.targets)
        if revision.due_on is not None:
            earliest = max(self.context.effective_on, task.proposal.term.first_day)
            if revision.due_on < earliest:
                raise DeadlineInThePast(due_on=revision.due_on, earliest_on=earliest)
        proposal = task.proposal.revised(revision.targets, due_on=None)
        if proposal == task.proposal and revision.due_on in {None, task.due_on}:
            raise RevisionChangesNothing(task_id=self.task_id)


POSSIBLE: tuple[type[Refusal], ...] = (
    IndicatorUnknown,
    IndicatorRepeated,
    DeadlineInThePast,
    RevisionChangesNothing,
)


class Revision(Parameters):
    """The targets that change, the new deadline, or both; and why."""

    targets: Annotated[tuple[IndicatorTarget, ...], Field(max_length=50)] = ()
    due_on: Day | None = None
    reason: Text

    @model_validator(mode="after")
    def _revises_something(self) -> Self:
        if not self.targets and self.due_on is None:
            raise Misstated("name targets, due_on, or both", "nêu targets, due_on, hoặc cả hai")
        return self


class RequestRevision(RevisionCommand[Revision]):
    """The official answerable asks the body; one request at a time."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *RevisionCommand.REFUSALS,
        *POSSIBLE,
        NotAnswerable,
        RevisionPending,
    )

    def decide(self) -> None:
        task, params = self.in_progress(), self.params
        self.require_answerable(task.answerable)
        if self.requests.pending:
            raise RevisionPending(number=self.requests.pending[0])
        self.require_possible(task, params)
        self.emit(
            RevisionRequested(
                **self.answered_by(task.answerable),
                number=self.requests.next_number,
                targets=params.targets,
                due_on=params.due_on,
                reason=params.reason,
            )
        )


class RevisionDecision(RevisionCommand[Params]):
    """What every decision of the body shares: who may take it."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *RevisionCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        ResponsibleMayNotDecide,
    )

    def decided_task(self) -> InProgress:
        """The task, decided on by the body that assigned it and not by the official answerable.

        Raises:
            TaskUnknown, TaskNotInProgress, BodyRequired, NotTheEntitledBody,
            ResponsibleMayNotDecide.
        """
        task = self.in_progress()
        self.require_entitled(task.assigned_by)
        if self.context.actor.official_id == task.answerable.official_id:
            raise ResponsibleMayNotDecide(actor=self.context.actor.id)
        return task

    def revised(
        self, task: InProgress, agreed: Revision | RevisionRequested, request: int | None
    ) -> TaskRevised:
        return TaskRevised(
            **self.answered_by(task.answerable),
            revised_by=self.require_body(),
            request=request,
            targets=agreed.targets,
            due_on=agreed.due_on,
            reason=agreed.reason,
        )


class RevisionApproval(Parameters):
    """Which request; the document stands in `basis`."""

    number: MatterNumber


class ApproveRevision(RevisionDecision[RevisionApproval]):
    """The body grants what was asked, citing its decision."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *RevisionDecision.REFUSALS,
        *SETTLING,
        *POSSIBLE,
        DocumentRequired,
    )

    def decide(self) -> None:
        task = self.decided_task()
        self.require_basis()
        request = self.requests.awaiting(self.task_id, self.params.number)
        self.require_possible(task, request)
        self.emit(self.revised(task, request, request.number))


class RevisionRefusal(Parameters):
    """Which request, and why not."""

    number: MatterNumber
    reason: Text


class RefuseRevision(RevisionDecision[RevisionRefusal]):
    """The body refuses what was asked."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*RevisionDecision.REFUSALS, *SETTLING)

    def decide(self) -> None:
        task = self.decided_task()
        request = self.requests.awaiting(self.task_id, self.params.number)
        self.emit(
            RevisionRefused(
                **self.answered_by(task.answerable),
                number=request.number,
                refused_by=self.require_body(),
                reason=self.params.reason,
            )
        )


class ReviseTask(RevisionDecision[Revision]):
    """The body revises the task of itself, citing its decision."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *RevisionDecision.REFUSALS,
        *POSSIBLE,
        DocumentRequired,
    )

    def decide(self) -> None:
        task = self.decided_task()
        self.require_basis()
        self.require_possible(task, self.params)
        self.emit(self.revised(task, self.params, request=None))

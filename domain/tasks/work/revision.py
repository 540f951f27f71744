"""Revision: new targets or another deadline while the task goes on, with the reason (B29).

The official answerable asks for it and the body that assigned the task decides; or the body
decides of itself. What was agreed before stays in the history.
"""

from datetime import date
from typing import Annotated, ClassVar, Self, TypeVar

from pydantic import Field, model_validator

from domain.kernel import Conflict, Context, DocumentRequired, Event, Invalid, Parameters, Refusal
from domain.schemas import both, empty, left_out, never
from domain.tasks.changes import MatterNumber, TaskRevised
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    IndicatorRepeated,
    IndicatorUnknown,
    NotAnswerable,
    OneTask,
    ResponsibleMayNotDecide,
    TaskCommand,
    TaskNotInProgress,
    next_number,
)
from domain.tasks.matters.matter import SETTLING, MatterOpened, Matters, MatterSettled
from domain.tasks.proposal import IndicatorTarget
from domain.tasks.task import InProgress
from domain.values import Day, Misstated, Text, UnitId

Params = TypeVar("Params", bound=Parameters)


class RevisionRequested(MatterOpened):
    """The official answerable asks for new targets, another deadline (`due_on`), or both."""

    TYPE: ClassVar[str] = "task.revision_requested"
    VIETNAMESE: ClassVar[str] = "đề nghị điều chỉnh"

    targets: tuple[IndicatorTarget, ...]
    due_on: Day | None
    reason: Text


class RevisionRefused(MatterSettled):
    """The body refuses the request: targets and deadline stay."""

    TYPE: ClassVar[str] = "task.revision_refused"
    VIETNAMESE: ClassVar[str] = "không chấp nhận điều chỉnh"

    refused_by: UnitId
    reason: Text


class RevisionPending(Conflict):
    """Of the task {task_id}, revision request number {number} awaits its decision.

    Đề nghị điều chỉnh số {number} của việc {task_id} đang chờ quyết định.
    """


class DeadlineInThePast(Invalid):
    """The new deadline {due_on} of {task_id} is before {earliest_on}, when it could first be.

    Thời hạn mới {due_on} của việc {task_id} ở trước {earliest_on}, ngày sớm nhất có thể.
    """


class RevisionChangesNothing(Invalid):
    """The task {task_id} has these targets and this deadline already.

    Việc {task_id} đã có đúng chỉ tiêu và thời hạn này.
    """


class RevisionRequests(Matters[RevisionRequested]):
    """The requests for a revision of one task; a revision settles the one that it grants."""

    def __init__(self) -> None:
        super().__init__(RevisionRequested, RevisionRefused)

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskRevised) and event.request is not None:
            self.settle(event.request, event.effective_on)

    def require_none_pending(self, task_id: str) -> None:
        """Pass if no request awaits its decision.

        Raises:
            RevisionPending.
        """
        if self.pending:
            raise RevisionPending(task_id=task_id, number=self.pending[0])


def require_possible(
    seen: OneTask,
    task: InProgress,
    targets: tuple[IndicatorTarget, ...],
    due_on: date | None,
    on: date,
) -> None:
    """Pass if a revision of that day changes something, and to what can be.

    Raises:
        IndicatorUnknown, IndicatorRepeated, DeadlineInThePast, RevisionChangesNothing.
    """
    seen.require_indicators(task.proposal, targets)
    earliest = max(on, task.proposal.term.first_day)
    if due_on is not None and due_on < earliest:
        raise DeadlineInThePast(task_id=seen.task_id, due_on=due_on, earliest_on=earliest)
    proposal = task.proposal.revised(targets, due_on=None)
    if proposal == task.proposal and due_on in {None, task.due_on}:
        raise RevisionChangesNothing(task_id=seen.task_id)


class RevisionCommand(TaskCommand[Params]):
    """What every step of a revision sees: the task, and the requests so far."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, TaskNotInProgress)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.requests = RevisionRequests()

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.requests.evolve(event)

    def require_possible(self, task: InProgress, revision: "Revision | RevisionRequested") -> None:
        """As `require_possible`, on the day of the decision."""
        require_possible(self, task, revision.targets, revision.due_on, self.context.effective_on)


POSSIBLE: tuple[type[Refusal], ...] = (
    IndicatorUnknown,
    IndicatorRepeated,
    DeadlineInThePast,
    RevisionChangesNothing,
)


class Revision(Parameters):
    """The targets that change, the new deadline, or both; and why."""

    model_config = never(both(empty("targets"), left_out("due_on")))

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

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        self.require_answerable(task.answerable)
        self.requests.require_none_pending(self.task_id)
        self.require_possible(task, params)
        self.emit(
            RevisionRequested(
                **self.answered_by(task.answerable),
                number=next_number(one.number for one in self.own(RevisionRequested)),
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
            raise ResponsibleMayNotDecide(task_id=self.task_id, actor=self.context.actor.id)
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

    def execute(self) -> None:
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

    def execute(self) -> None:
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

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *RevisionDecision.REFUSALS,
        *POSSIBLE,
        DocumentRequired,
    )

    def execute(self) -> None:
        task = self.decided_task()
        self.require_basis()
        self.require_possible(task, self.params)
        self.emit(self.revised(task, self.params, request=None))

"""Solutions: a solution or mechanism is put to a body, with its support, and decided on (B21, B22).

Such as supporting every household that takes down its kiln with 5 million đồng a kiln.
"""

from typing import Annotated, ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field

from domain.kernel import Context, DocumentRequired, Event, Parameters, Refusal
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.tasks.changes import MatterNumber
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    NotAnswerable,
    ResponsibleMayNotDecide,
    TaskCommand,
    TaskNotInProgress,
    next_number,
)
from domain.tasks.matters.matter import SETTLING, MatterOpened, Matters, MatterSettled
from domain.tasks.task import Claimed, InProgress
from domain.values import Line, Text, UnitId, Value, Vnd

Params = TypeVar("Params", bound=Parameters)


class Support(Value):
    """Money for a purpose: exactly `amount_vnd` đồng for each `per`, such as "lò" (a kiln)."""

    purpose: Line
    amount_vnd: Vnd
    per: Line


class SolutionProposed(MatterOpened):
    """A solution or mechanism, with the support that it asks for, is put to a body."""

    TYPE: ClassVar[str] = "task.solution_proposed"
    VIETNAMESE: ClassVar[str] = "đề xuất giải pháp"

    proposed_to: UnitId
    title: Line
    description: Text
    supports: tuple[Support, ...]


class SolutionDecided(MatterSettled):
    """The body to which a solution was put decides on it."""

    decided_by: UnitId


class SolutionApproved(SolutionDecided):
    """The body approves the solution and its support, by the document cited."""

    TYPE: ClassVar[str] = "task.solution_approved"
    VIETNAMESE: ClassVar[str] = "phê duyệt giải pháp"

    supports: tuple[Support, ...]


class SolutionRejected(SolutionDecided):
    """The body rejects the solution, with the reason."""

    TYPE: ClassVar[str] = "task.solution_rejected"
    VIETNAMESE: ClassVar[str] = "không chấp thuận giải pháp"

    reason: Text


class SolutionCommand(TaskCommand[Params]):
    """What proposing and deciding share: the solutions so far."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, TaskNotInProgress)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.solutions = Matters(SolutionProposed, SolutionDecided)

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.solutions.evolve(event)


class Solution(Parameters):
    """The solution, what it costs, and the body to decide on it."""

    proposed_to: UnitId
    title: Line
    description: Text
    supports: Annotated[tuple[Support, ...], Field(max_length=50)] = ()


class ProposeSolution(SolutionCommand[Solution]):
    """The official answerable puts a solution to a body."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *SolutionCommand.REFUSALS,
        NotAnswerable,
        UnitUnknown,
        UnitNotOpen,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), unit_selector(self.params.proposed_to)]

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        self.require_answerable(task.answerable)
        self.organisation.open_unit(params.proposed_to, self.context.effective_on)
        self.emit(
            SolutionProposed(
                **self.answered_by(task.answerable),
                number=next_number(one.number for one in self.own(SolutionProposed)),
                proposed_to=params.proposed_to,
                title=params.title,
                description=params.description,
                supports=params.supports,
            )
        )


class OfSolution(Parameters):
    """Which solution."""

    number: MatterNumber


Settling = TypeVar("Settling", bound=OfSolution)


class SolutionDecision(SolutionCommand[Settling]):
    """What approving and rejecting share: who may decide, and on what."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *SolutionCommand.REFUSALS,
        *SETTLING,
        *BY_ENTITLED_BODY,
        ResponsibleMayNotDecide,
    )

    def bodies(self) -> set[str]:
        """The body to which the solution was put, whoever decides on the task."""
        solution = self.solutions.opened.get(self.params.number)
        return set() if solution is None else {solution.proposed_to}

    def proposed(self, number: int) -> tuple[InProgress | Claimed, SolutionProposed]:
        """The task and the solution, decided by its body and not by the official answerable.

        Raises:
            TaskUnknown, TaskNotInProgress, MatterUnknown, MatterClosed, BodyRequired,
            NotTheEntitledBody, ResponsibleMayNotDecide.
        """
        task = self.answered()
        solution = self.solutions.awaiting(self.task_id, number)
        self.require_entitled(solution.proposed_to)
        if self.context.actor.official_id == task.answerable.official_id:
            raise ResponsibleMayNotDecide(task_id=self.task_id, actor=self.context.actor.id)
        return task, solution


class SolutionApproval(OfSolution):
    """Which solution; the document stands in `basis`."""


class ApproveSolution(SolutionDecision[SolutionApproval]):
    """The body approves the solution as proposed, citing its document."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*SolutionDecision.REFUSALS, DocumentRequired)

    def execute(self) -> None:
        task, solution = self.proposed(self.params.number)
        self.require_basis()
        self.emit(
            SolutionApproved(
                **self.answered_by(task.answerable),
                number=solution.number,
                decided_by=self.require_body(),
                supports=solution.supports,
            )
        )


class SolutionRejection(OfSolution):
    """Which solution, and why not."""

    reason: Text


class RejectSolution(SolutionDecision[SolutionRejection]):
    """The body rejects the solution; the task goes on without it."""

    def execute(self) -> None:
        task, solution = self.proposed(self.params.number)
        self.emit(
            SolutionRejected(
                **self.answered_by(task.answerable),
                number=solution.number,
                decided_by=self.require_body(),
                reason=self.params.reason,
            )
        )

"""Consequences: what is proposed for whoever answered for a task when it became late, and decided.

A unit proposes it in its own name (B33); the body that assigned the task decides, or drops it.
"""

from datetime import date
from typing import ClassVar, Literal, TypeAlias, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import (
    BodyRequired,
    Conflict,
    Context,
    DocumentRequired,
    Event,
    NotFound,
    Parameters,
    Refusal,
)
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.tasks.changes import MatterNumber
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    ResponsibleMayNotDecide,
    TaskCommand,
    TaskNotInProgress,
    next_number,
)
from domain.tasks.events import TaskEvent
from domain.tasks.leadership import Lead, Nobody, lead_after
from domain.tasks.responsibility.collective import TaskNotLate, given_to_somebody, missed_deadline
from domain.tasks.task import Assigned, CarriedOver, Vacant
from domain.values import Day, OfficialId, Text, UnitId

Params = TypeVar("Params", bound=Parameters)
# Self-criticism before one's organisation, criticism, discipline, another post, another person.
Consequence: TypeAlias = Literal[
    "self_criticism", "criticism", "discipline", "transfer", "replacement"
]


class ResponsibilityEvent(TaskEvent):
    """An event of a proposal; `number` counts those of the task from 1.

    `official_id` is who answered for the task on the day when it was due.
    """

    number: MatterNumber
    official_id: OfficialId


class ResponsibilityProposed(ResponsibilityEvent):
    """A unit proposes a consequence for whoever answered when the deadline `due_on` was missed.

    What is written of the official reads null to whom the rules do not open it.
    """

    TYPE: ClassVar[str] = "task.responsibility_proposed"
    VIETNAMESE: ClassVar[str] = "đề xuất xử lý trách nhiệm"

    due_on: Day
    consequence: Consequence
    proposed_by: UnitId
    reason: Text | None


class ResponsibilityDecided(ResponsibilityEvent):
    """The body decides on the proposal, by its document; the consequence may be another."""

    TYPE: ClassVar[str] = "task.responsibility_decided"
    VIETNAMESE: ClassVar[str] = "quyết định xử lý trách nhiệm"

    consequence: Consequence
    decided_by: UnitId
    reason: Text | None


class ResponsibilityDropped(ResponsibilityEvent):
    """The body drops the proposal, and says why."""

    TYPE: ClassVar[str] = "task.responsibility_dropped"
    VIETNAMESE: ClassVar[str] = "không xử lý trách nhiệm"

    decided_by: UnitId
    reason: Text | None


class NobodyAnswered(Conflict):
    """Nobody answered for the task {task_id} on {due_on}, when it was due.

    Ngày {due_on} là thời hạn của việc {task_id}, nhưng khi đó không có ai chịu trách nhiệm.
    """


class ProposalUnknown(NotFound):
    """For the lateness of the task {task_id} there is no proposal number {number}.

    Việc {task_id} không có đề xuất xử lý trách nhiệm số {number}.
    """


class ProposalSettled(Conflict):
    """Proposal {number} for the lateness of the task {task_id} was decided on {settled_on}.

    Đề xuất xử lý trách nhiệm số {number} về việc {task_id} đã được quyết định ngày {settled_on}.
    """


class Proposals:
    """Who led the task from which day, and what was proposed for its lateness."""

    def __init__(self) -> None:
        self._leads: list[tuple[date, Lead | Nobody]] = []
        self.proposed: dict[int, ResponsibilityProposed] = {}
        self._settled: dict[int, date] = {}

    def evolve(self, event: Event) -> None:
        match event:
            case ResponsibilityProposed():
                self.proposed[event.number] = event
            case ResponsibilityDecided() | ResponsibilityDropped():
                self._settled[event.number] = event.effective_on
            case TaskEvent():
                lead = lead_after(event)
                if lead is not None:
                    self._leads.append((event.effective_on, lead))
            case _:
                pass

    def answered_when_due(self, task_id: str, due_on: date) -> str:
        """The official who led the task on the day when it was due.

        Raises:
            NobodyAnswered.
        """
        leads = [lead for on, lead in self._leads if on <= due_on]
        if leads and isinstance(leads[-1], Lead):
            return leads[-1].official_id
        raise NobodyAnswered(task_id=task_id, due_on=due_on)

    def awaiting(self, task_id: str, number: int) -> ResponsibilityProposed:
        """The proposal of that number, on which nothing is decided yet.

        Raises:
            ProposalUnknown, ProposalSettled.
        """
        named = {"task_id": task_id, "number": number}
        if number not in self.proposed:
            raise ProposalUnknown(**named)
        if number in self._settled:
            raise ProposalSettled(**named, settled_on=self._settled[number])
        return self.proposed[number]

    @property
    def pending(self) -> list[int]:
        """The numbers on which nothing is decided yet."""
        return [number for number in self.proposed if number not in self._settled]


class ConsequenceCommand(TaskCommand[Params]):
    """What proposing and deciding share: who led when, and the proposals so far."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, TaskNotInProgress)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.proposals = Proposals()

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskEvent) and event.task_id == self.task_id:
            self.proposals.evolve(event)


class ProposedConsequence(Parameters):
    """What should follow, and why."""

    consequence: Consequence
    reason: Text


class ProposeResponsibility(ConsequenceCommand[ProposedConsequence]):
    """A unit proposes it in its own name; it is about whoever led the task when it was due."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ConsequenceCommand.REFUSALS,
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        TaskNotLate,
        NobodyAnswered,
    )

    def consistency_boundary(self) -> list[Selector]:
        unit = self.context.on_behalf_of
        named = [] if unit is None else [unit_selector(unit)]
        return [*super().consistency_boundary(), *named]

    def execute(self) -> None:
        task, on = given_to_somebody(self), self.context.effective_on
        unit = self.require_body()
        self.organisation.open_unit(unit, on)
        due_on = missed_deadline(self.task_id, task, on)
        self.emit(
            ResponsibilityProposed(
                effective_on=on,
                task_id=self.task_id,
                number=next_number(one.number for one in self.own(ResponsibilityProposed)),
                official_id=self.proposals.answered_when_due(self.task_id, due_on),
                due_on=due_on,
                consequence=self.params.consequence,
                proposed_by=unit,
                reason=self.params.reason,
            )
        )


class OfProposal(Parameters):
    """Which proposal, and why it is decided so."""

    number: MatterNumber
    reason: Text


Settling = TypeVar("Settling", bound=OfProposal)


class ConsequenceDecision(ConsequenceCommand[Settling]):
    """What deciding and dropping share: by whom, and on what."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ConsequenceCommand.REFUSALS,
        ProposalUnknown,
        ProposalSettled,
        *BY_ENTITLED_BODY,
        ResponsibleMayNotDecide,
    )

    def proposed(self) -> tuple[ResponsibilityProposed, str]:
        """The proposal, and the body, which is the one that assigned the task.

        Raises:
            TaskUnknown, TaskNotInProgress, ProposalUnknown, ProposalSettled, BodyRequired,
            NotTheEntitledBody, ResponsibleMayNotDecide.
        """
        task: Assigned | Vacant | CarriedOver = given_to_somebody(self)
        proposal = self.proposals.awaiting(self.task_id, self.params.number)
        body = self.require_entitled(task.assigned_by)
        if self.context.actor.official_id == proposal.official_id:
            raise ResponsibleMayNotDecide(task_id=self.task_id, actor=self.context.actor.id)
        return proposal, body


class DecidedConsequence(OfProposal):
    """Which proposal, what follows, and why."""

    consequence: Consequence


class DecideResponsibility(ConsequenceDecision[DecidedConsequence]):
    """The body decides what follows, citing its document."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ConsequenceDecision.REFUSALS,
        DocumentRequired,
    )

    def execute(self) -> None:
        proposal, body = self.proposed()
        self.require_basis()
        self.emit(
            ResponsibilityDecided(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                number=proposal.number,
                official_id=proposal.official_id,
                consequence=self.params.consequence,
                decided_by=body,
                reason=self.params.reason,
            )
        )


class DroppedConsequence(OfProposal):
    """Which proposal, and why nothing follows."""


class DropResponsibility(ConsequenceDecision[DroppedConsequence]):
    """The body drops the proposal: nothing follows for the official."""

    def execute(self) -> None:
        proposal, body = self.proposed()
        self.emit(
            ResponsibilityDropped(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                number=proposal.number,
                official_id=proposal.official_id,
                decided_by=body,
                reason=self.params.reason,
            )
        )

"""The collective: it answers beside the person, and is found responsible beside the person.

A unit is bound to a task by the body that assigned it (E6); for a task that is late the body finds
who is responsible, an official or a unit, and says on what document (B33).
"""

from datetime import date
from typing import ClassVar, Self, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import model_validator

from domain.kernel import Conflict, Context, DocumentRequired, Event, Parameters, Refusal
from domain.organisation.organisation import UnitNotOpen, UnitUnknown, unit_selector
from domain.tasks.changes import MatterNumber
from domain.tasks.command import BY_ENTITLED_BODY, TaskCommand, TaskNotInProgress
from domain.tasks.events import AnsweredEvent, TaskAssigned, TaskEvent
from domain.tasks.leadership import Lead, lead_after
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
)
from domain.tasks.task import Assigned, CarriedOver, Claimed, Completed, Task, Vacant, state_name
from domain.values import Day, Misstated, OfficialId, Text, UnitId

Params = TypeVar("Params", bound=Parameters)


class CollectiveBound(AnsweredEvent):
    """The unit `collective` answers as a collective beside the official, from `effective_on`."""

    TYPE: ClassVar[str] = "task.collective_bound"

    collective: UnitId
    bound_by: UnitId


class ResponsibilityFound(TaskEvent):
    """An official or a unit is found responsible for the delay of the task (B33).

    `number` counts the findings of the task from 1; `due_on` is the deadline that was missed.
    """

    TYPE: ClassVar[str] = "task.responsibility_found"

    number: MatterNumber
    official_id: OfficialId | None
    unit_id: UnitId | None
    found_by: UnitId
    due_on: Day
    finding: Text


class CollectiveBoundBefore(Conflict):
    """The unit {unit_id} is bound to the task {task_id} already.

    Đơn vị {unit_id} đã được xác định cùng chịu trách nhiệm về việc {task_id}.
    """


class TaskNotLate(Conflict):
    """The task {task_id} is not late: it is due on {due_on}.

    Việc {task_id} không chậm: thời hạn là {due_on}.
    """


class NotConcerned(Conflict):
    """Neither now nor before did {whom} answer for the task {task_id} or take part in it.

    Trước đây cũng như hiện nay, {whom} không chịu trách nhiệm hay tham gia việc {task_id}.
    """


class CollectiveCommand(TaskCommand[Params]):
    """What binding and finding share: which officials and units the task concerns."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, *BY_ENTITLED_BODY)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.collectives: set[str] = set()
        self.officials: set[str] = set()
        self.units: set[str] = set()
        self.findings = 0

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        lead = lead_after(event) if isinstance(event, TaskEvent) else None
        if isinstance(lead, Lead):
            self._concern(lead.official_id, lead.unit_id)
        match event:
            case TaskAssigned():
                self.units.update(event.coordinators)
            case CoAccountableAdded():
                self._concern(event.official_id, event.unit_id)
            case CoAccountabilityHandedOver():
                self._concern(event.to_official, event.unit_id)
            case CollectiveBound():
                self.collectives.add(event.collective)
            case ResponsibilityFound():
                self.findings += 1
            case _:
                pass

    def _concern(self, official_id: str, unit_id: str) -> None:
        self.officials.add(official_id)
        self.units.add(unit_id)


class Collective(Parameters):
    """The unit that answers as a collective."""

    collective: UnitId


class BindCollective(CollectiveCommand[Collective]):
    """The body that assigned the task binds a unit, as a rule the one that sent the official."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *CollectiveCommand.REFUSALS,
        TaskNotInProgress,
        UnitUnknown,
        UnitNotOpen,
        CollectiveBoundBefore,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), unit_selector(self.params.collective)]

    def decide(self) -> None:
        task, collective = self.in_progress(), self.params.collective
        body = self.require_entitled(task.assigned_by)
        self.organisation.open_unit(collective, self.context.effective_on)
        if collective in self.collectives:
            raise CollectiveBoundBefore(unit_id=collective, task_id=self.task_id)
        self.emit(
            CollectiveBound(
                **self.answered_by(task.answerable), collective=collective, bound_by=body
            )
        )


class Finding(Parameters):
    """Who is responsible, an official or a unit, and for what."""

    official_id: OfficialId | None = None
    unit_id: UnitId | None = None
    finding: Text

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.official_id is None) == (self.unit_id is None):
            raise Misstated(
                "name an official or a unit, one of them",
                "nêu một cán bộ hoặc một đơn vị, chỉ một trong hai",
            )
        return self


class FindResponsibility(CollectiveCommand[Finding]):
    """For a task that is or was late; of an official or a unit it concerns or concerned."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *CollectiveCommand.REFUSALS,
        TaskNotInProgress,
        DocumentRequired,
        TaskNotLate,
        NotConcerned,
    )

    def decide(self) -> None:
        task, params = self.known(), self.params
        if not isinstance(task, Assigned | Vacant | CarriedOver):
            raise TaskNotInProgress(task_id=self.task_id, state=state_name(task))
        body = self.require_entitled(task.assigned_by)
        self.require_basis()
        if task.due_on is None or _done_on(task, self.context.effective_on) <= task.due_on:
            raise TaskNotLate(task_id=self.task_id, due_on=task.due_on)
        self._require_concerned()
        self.emit(
            ResponsibilityFound(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                number=self.findings + 1,
                official_id=params.official_id,
                unit_id=params.unit_id,
                found_by=body,
                due_on=task.due_on,
                finding=params.finding,
            )
        )

    def _require_concerned(self) -> None:
        official_id, unit_id = self.params.official_id, self.params.unit_id
        if official_id not in {None, *self.officials}:
            raise NotConcerned(whom=official_id, task_id=self.task_id)
        if unit_id not in {None, *self.units, *self.collectives}:
            raise NotConcerned(whom=unit_id, task_id=self.task_id)


def _done_on(task: Task, today: date) -> date:
    """The day on which the work was done or given up; today while it goes on."""
    match task:
        case Claimed(completed_on=on) | Completed(completed_on=on) | CarriedOver(ended_on=on):
            return on
        case _:
            return today

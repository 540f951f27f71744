"""The collective: it answers beside the person, and is found responsible beside the person.

A unit is bound to a task by the body that assigned it (E6); for a task that is late the body finds
who is responsible, an official or a unit, and says on what document (B33).
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import model_validator

from domain.kernel import (
    Conflict,
    Context,
    DocumentRequired,
    Event,
    Parameters,
    Raw,
    Refusal,
    Upcaster,
)
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.schemas import given, left_out, never
from domain.tasks.changes import MatterNumber
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    OneTask,
    TaskCommand,
    TaskNotInProgress,
    next_number,
)
from domain.tasks.events import AnsweredEvent, TaskAssigned, TaskEvent
from domain.tasks.leadership import Lead, lead_after
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
)
from domain.tasks.task import Assigned, CarriedOver, Claimed, Completed, Vacant, state_name
from domain.values import Day, Misstated, OfficialId, Text, UnitId

Params = TypeVar("Params", bound=Parameters)


class CollectiveBound(AnsweredEvent):
    """The unit `collective` answers as a collective beside the official, from `effective_on`."""

    TYPE: ClassVar[str] = "task.collective_bound"
    VIETNAMESE: ClassVar[str] = "xác định tập thể chịu trách nhiệm"

    collective: UnitId
    bound_by: UnitId


def _always_told(raw: Raw) -> Raw:
    """Of version 1 the finding is never null."""
    return raw


class ResponsibilityFound(TaskEvent):
    """An official or a unit is found responsible for the delay of the task (B33).

    `number` counts the findings of the task from 1; `due_on` is the deadline that was missed. What
    is found about an official reads null to whom the rules do not open it.
    """

    TYPE: ClassVar[str] = "task.responsibility_found"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _always_told}
    VIETNAMESE: ClassVar[str] = "xác định trách nhiệm chậm trễ"

    number: MatterNumber
    official_id: OfficialId | None
    unit_id: UnitId | None
    found_by: UnitId
    due_on: Day
    finding: Text | None


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


class Involved:
    """The officials and units that a task concerns or concerned, and those bound as collectives."""

    def __init__(self) -> None:
        self.collectives: set[str] = set()
        self.officials: set[str] = set()
        self.units: set[str] = set()

    def evolve(self, event: Event) -> None:
        lead = lead_after(event) if isinstance(event, TaskEvent) else None
        if isinstance(lead, Lead):
            self._involve(lead.official_id, lead.unit_id)
        match event:
            case TaskAssigned():
                self.units.update(event.coordinators)
            case CoAccountableAdded():
                self._involve(event.official_id, event.unit_id)
            case CoAccountabilityHandedOver():
                self._involve(event.to_official, event.unit_id)
            case CollectiveBound():
                self.collectives.add(event.collective)
            case _:
                pass

    def _involve(self, official_id: str, unit_id: str) -> None:
        self.officials.add(official_id)
        self.units.add(unit_id)

    def require_unbound(self, task_id: str, collective: str) -> None:
        """Pass if the unit is not bound to the task yet.

        Raises:
            CollectiveBoundBefore.
        """
        if collective in self.collectives:
            raise CollectiveBoundBefore(unit_id=collective, task_id=task_id)

    def require_concerned(self, task_id: str, official_id: str | None, unit_id: str | None) -> None:
        """Pass if the task concerns or concerned the official or unit.

        Raises:
            NotConcerned.
        """
        if official_id not in {None, *self.officials}:
            raise NotConcerned(whom=official_id, task_id=task_id)
        if unit_id not in {None, *self.units, *self.collectives}:
            raise NotConcerned(whom=unit_id, task_id=task_id)


def given_to_somebody(seen: OneTask) -> Assigned | Vacant | CarriedOver:
    """The task, for which an official answers, or answered once.

    Raises:
        TaskUnknown, TaskNotInProgress.
    """
    task = seen.known()
    if not isinstance(task, Assigned | Vacant | CarriedOver):
        raise TaskNotInProgress(task_id=seen.task_id, state=state_name(task))
    return task


def missed_deadline(task_id: str, task: Assigned | Vacant | CarriedOver, on: date) -> date:
    """The deadline, which is missed by that day, or was when the work ended.

    Raises:
        TaskNotLate.
    """
    if task.due_on is None or _done_on(task, on) <= task.due_on:
        raise TaskNotLate(task_id=task_id, due_on=task.due_on)
    return task.due_on


class CollectiveCommand(TaskCommand[Params]):
    """What binding and finding share: which officials and units the task concerns."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, *BY_ENTITLED_BODY)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.involved = Involved()

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.involved.evolve(event)


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

    def execute(self) -> None:
        task, collective = self.in_progress(), self.params.collective
        body = self.require_entitled(task.assigned_by)
        self.organisation.open_unit(collective, self.context.effective_on)
        self.involved.require_unbound(self.task_id, collective)
        self.emit(
            CollectiveBound(
                **self.answered_by(task.answerable), collective=collective, bound_by=body
            )
        )


class Finding(Parameters):
    """Who is responsible, an official or a unit, and for what."""

    model_config = never(left_out("official_id", "unit_id"), given("official_id", "unit_id"))

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

    def execute(self) -> None:
        task, params = given_to_somebody(self), self.params
        body = self.require_entitled(task.assigned_by)
        self.require_basis()
        due_on = missed_deadline(self.task_id, task, self.context.effective_on)
        self.involved.require_concerned(self.task_id, params.official_id, params.unit_id)
        self.emit(
            ResponsibilityFound(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                number=next_number(one.number for one in self.own(ResponsibilityFound)),
                official_id=params.official_id,
                unit_id=params.unit_id,
                found_by=body,
                due_on=due_on,
                finding=params.finding,
            )
        )


def _done_on(task: Assigned | Vacant | CarriedOver, today: date) -> date:
    """The day on which the work was done or given up; today while it goes on."""
    if isinstance(task, Claimed | Completed):
        return task.completed_on
    return task.ended_on if isinstance(task, CarriedOver) else today

"""Obstacles: what stands in the way is raised with a unit, and resolved (B24)."""

from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Context, Event, Forbidden, Parameters, Refusal
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.tasks.changes import MatterNumber
from domain.tasks.command import NotAnswerable, TaskCommand, TaskNotInProgress, next_number
from domain.tasks.matters.matter import SETTLING, MatterOpened, Matters, MatterSettled
from domain.values import Slug, Text, UnitId

Params = TypeVar("Params", bound=Parameters)


class ObstacleRaised(MatterOpened):
    """An obstacle in a field (`land`, `procedure`, `funds` …), addressed to the unit to help."""

    TYPE: ClassVar[str] = "task.obstacle_raised"
    VIETNAMESE: ClassVar[str] = "nêu khó khăn, vướng mắc"

    field: Slug
    description: Text
    addressed_to: UnitId


class ObstacleResolved(MatterSettled):
    """The obstacle is out of the way; `resolved_by` is None where the official answerable did it.

    `addressed_to` is the unit with which it was raised.
    """

    TYPE: ClassVar[str] = "task.obstacle_resolved"
    VIETNAMESE: ClassVar[str] = "giải quyết khó khăn, vướng mắc"

    addressed_to: UnitId
    resolved_by: UnitId | None
    resolution: Text


class NotTheUnitAddressed(Forbidden):
    """Obstacle {number} of {task_id} was raised with {addressed_to}, not with {on_behalf_of}.

    Khó khăn số {number} của việc {task_id} được kiến nghị với {addressed_to}:
    {on_behalf_of} không phải nơi giải quyết.
    """


class ObstacleCommand(TaskCommand[Params]):
    """What raising and resolving share: the obstacles so far."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        TaskNotInProgress,
        NotAnswerable,
    )

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.obstacles = Matters(ObstacleRaised, ObstacleResolved)

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.obstacles.evolve(event)


class Obstacle(Parameters):
    """The obstacle, its field, and the unit asked to help."""

    field: Slug
    description: Text
    addressed_to: UnitId


class RaiseObstacle(ObstacleCommand[Obstacle]):
    """The official answerable raises an obstacle with a unit."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ObstacleCommand.REFUSALS,
        UnitUnknown,
        UnitNotOpen,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), unit_selector(self.params.addressed_to)]

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        self.require_answerable(task.answerable)
        self.organisation.open_unit(params.addressed_to, self.context.effective_on)
        self.emit(
            ObstacleRaised(
                **self.answered_by(task.answerable),
                number=next_number(one.number for one in self.own(ObstacleRaised)),
                field=params.field,
                description=params.description,
                addressed_to=params.addressed_to,
            )
        )


class ObstacleResolution(Parameters):
    """Which obstacle, and how it was resolved."""

    number: MatterNumber
    resolution: Text


class ResolveObstacle(ObstacleCommand[ObstacleResolution]):
    """The unit addressed or the body that assigned the task resolves it, or the official does."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ObstacleCommand.REFUSALS,
        *SETTLING,
        NotTheUnitAddressed,
    )

    def execute(self) -> None:
        task, params, unit = self.answered(), self.params, self.context.on_behalf_of
        obstacle = self.obstacles.awaiting(self.task_id, params.number)
        if unit is None:
            self.require_answerable(task.answerable)
        elif unit not in {obstacle.addressed_to, task.assigned_by}:
            raise NotTheUnitAddressed(
                task_id=self.task_id,
                number=obstacle.number,
                addressed_to=obstacle.addressed_to,
                on_behalf_of=unit,
            )
        self.emit(
            ObstacleResolved(
                **self.answered_by(task.answerable),
                number=params.number,
                addressed_to=obstacle.addressed_to,
                resolved_by=unit,
                resolution=params.resolution,
            )
        )

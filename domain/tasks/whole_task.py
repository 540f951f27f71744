"""The whole task: its state and all that hangs on it, folded together.

A command folds what its decision needs; whether later events still follow is asked of the whole.
"""

from datetime import date

from domain.organisation.organisation import Organisation
from domain.tasks.changes import TaskAmended, TaskCarriedOver, TaskContinued
from domain.tasks.command import OneTask, StatedOtherwise, TaskNotInProgress
from domain.tasks.ending.recurrence import YearOpened
from domain.tasks.events import (
    AnsweredEvent,
    HandoverDeclined,
    HandoverOffered,
    ProgressReported,
    TaskCancelled,
    TaskEvent,
    TaskHandedOver,
)
from domain.tasks.matters.delegation import PartClosed, PartDelegated
from domain.tasks.matters.matter import MatterOpened, Matters
from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from domain.tasks.matters.reminders import ReminderAnswered, ReminderIssued
from domain.tasks.matters.solutions import SolutionDecided, SolutionProposed
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountables,
)
from domain.tasks.responsibility.collective import Involved
from domain.tasks.responsibility.consequences import Proposals
from domain.tasks.task import (
    Claimed,
    Concerned,
    Decidable,
    InProgress,
    Task,
    Unregistered,
    Vacant,
    entitled_to,
    state_name,
)
from domain.tasks.work.revision import RevisionRequests


class WholeTask(OneTask):
    """One task on a day with all that hangs on it, in the organisation of that day.

    Attributes:
        entitled: the body entitled to decide on the task, or to its end; None before it begins.
        events: what happened to it, in its order.
        years: the years opened of a task that recurs yearly, and the task of each.
        carried_to: the task as which it goes on in a later term.
        goes_on_from: the task from which it goes on.
    """

    def __init__(self, task_id: str, organisation: Organisation) -> None:
        self.task_id = task_id
        self.organisation = organisation
        self.task: Task = Unregistered()
        self.entitled: str | None = None
        self.events: list[TaskEvent] = []
        self.beside = CoAccountables()
        self.involved = Involved()
        self.consequences = Proposals()
        self.obstacles = Matters(ObstacleRaised, ObstacleResolved)
        self.reminders = Matters(ReminderIssued, ReminderAnswered)
        self.solutions = Matters(SolutionProposed, SolutionDecided)
        self.parts = Matters(PartDelegated, PartClosed)
        self.requests = RevisionRequests()
        self.years: dict[int, str] = {}
        self.carried_to: str | None = None
        self.goes_on_from: str | None = None

    def evolve(self, event: TaskEvent) -> None:
        """Fold the event, which belongs to the task."""
        self.events.append(event)
        if isinstance(event, ProgressReported):
            return  # The most frequent event changes nothing of all that follows.
        self.lead_on(event)
        if isinstance(self.task, Decidable):
            self.entitled = entitled_to(self.task)
        for hanging in (
            self.beside,
            self.involved,
            self.consequences,
            self.obstacles,
            self.reminders,
            self.solutions,
            self.parts,
            self.requests,
        ):
            hanging.evolve(event)
        match event:
            case YearOpened(year=year, instance=instance):
                self.years[year] = instance
            case TaskCarriedOver(to_task=to_task):
                self.carried_to = to_task
            case TaskContinued(from_task=from_task):
                self.goes_on_from = from_task
            case _:
                pass

    @property
    def goes_on_as(self) -> set[str]:
        """The tasks as which it goes on: carried over, or of each year."""
        return {*self.years.values(), *filter(None, [self.carried_to])}

    @staticmethod
    def named(event: AnsweredEvent | TaskAmended | TaskCancelled | TaskCarriedOver) -> Concerned:
        """The official, post and unit that the event names."""
        return Concerned(event.official_id, event.post_id, event.unit_id)

    @staticmethod
    def handed_by(
        event: HandoverOffered | HandoverDeclined | TaskHandedOver | CoAccountabilityHandedOver,
    ) -> Concerned:
        """The official, post and unit that hand over by the event."""
        return Concerned(event.from_official, event.post_id, event.unit_id)

    def require_answers(self, event: AnsweredEvent) -> None:
        """Pass if the task is with the official for whom the event says so.

        Raises:
            TaskUnknown, TaskNotInProgress, AnsweredByAnother.
        """
        self.require_concerns(self.named(event), event.effective_on)

    def led(self, event: AnsweredEvent) -> InProgress:
        """The task, which is in progress and led by the official of the event.

        Raises:
            TaskUnknown, TaskNotInProgress, AnsweredByAnother.
        """
        task = self.in_progress()
        self.require_answers(event)
        return task

    def handed_on(self, event: HandoverOffered | HandoverDeclined | TaskHandedOver) -> InProgress:
        """The task, which is in progress and led by the official who hands it over.

        Raises:
            TaskUnknown, TaskNotInProgress, AnsweredByAnother.
        """
        task = self.in_progress()
        self.require_concerns(self.handed_by(event), event.effective_on)
        return task

    def not_ended(self) -> InProgress | Claimed | Vacant:
        """The task, which was assigned and has not ended.

        Raises:
            TaskUnknown, TaskNotInProgress.
        """
        task = self.known()
        if not isinstance(task, InProgress | Claimed | Vacant):
            raise TaskNotInProgress(task_id=self.task_id, state=state_name(task))
        return task

    def require_post(self, post_id: str, on: date) -> None:
        """Pass if the post, where it is seen, exists on that day.

        Raises:
            PostNotOpen.
        """
        if self.organisation.sees(f"post:{post_id}"):
            self.organisation.open_post(post_id, on)

    def require_holder(self, official_id: str, post_id: str, on: date) -> None:
        """Pass if the official holds the post, where it is seen, on that day.

        Raises:
            PostNotOpen, NotThePostHolder.
        """
        self.require_post(post_id, on)
        if self.organisation.sees(f"post:{post_id}"):
            self.organisation.require_holder(official_id, post_id, on)

    def require_unit(self, unit_id: str, on: date) -> None:
        """Pass if the unit, where it is seen, exists on that day.

        Raises:
            UnitNotOpen.
        """
        if self.organisation.sees(f"unit:{unit_id}"):
            self.organisation.open_unit(unit_id, on)

    def require_stated(self, field: str, stated: object, recorded: object) -> None:
        """Pass if an event says what was recorded before it.

        Raises:
            StatedOtherwise.
        """
        if stated != recorded:
            raise StatedOtherwise(
                task_id=self.task_id, field=field, stated=stated, recorded=recorded
            )

    def require_as(self, opened: MatterOpened, event: TaskEvent, *fields: str) -> None:
        """Pass if an event repeats these fields of the matter that it is about.

        Raises:
            StatedOtherwise.
        """
        for field in fields:
            self.require_stated(field, getattr(event, field), getattr(opened, field))

"""Standing: the state of several things at once, and whether an event can follow on it.

It is partial: it holds what the boundary shows. What is not seen is not judged.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import starmap
from typing import NamedTuple

from eventsourcing.dcb.domain import Selector

from domain.appraisal.preconditions import AppraisalState, appraisal_concerned
from domain.cells.preconditions import CellsState, cells_concerned
from domain.conduct.preconditions import ConductState, conduct_concerned
from domain.indicators.preconditions import IndicatorsState, indicators_concerned
from domain.kernel import Event, Refusal
from domain.monitoring.preconditions import MonitoringState, monitoring_concerned
from domain.organisation.preconditions import OrganisationState, organisation_concerned
from domain.tasks.events import TaskEvent
from domain.tasks.preconditions import TaskState, tasks_concerned, unlinked


class Violation(NamedTuple):
    """What does not hold at the end of a day; an event that breaks it carries all these tags."""

    tags: frozenset[str]
    refusal: Refusal


class State:
    """Organisation, tasks, monitoring, cells, indicators, appraisal and conduct, as far as seen.

    Args:
        seen: all events that stand at any time: what begins with one of them is not there before.
        of_posts: whether whoever answers for a task must hold the post on every day.
    """

    def __init__(self, seen: Iterable[Event] = (), *, of_posts: bool = True) -> None:
        self._of_posts = of_posts
        self.organisation = OrganisationState(seen)
        self.monitoring = MonitoringState(self.organisation)
        self.cells = CellsState(self.organisation)
        self.indicators = IndicatorsState()
        self.appraisal = AppraisalState()
        self.conduct = ConductState()
        self.tasks: dict[str, TaskState] = {}

    def require(self, event: Event) -> None:
        """Pass if the event can follow.

        Raises:
            Refusal: it cannot; the refusal says why.
        """
        if isinstance(event, TaskEvent):
            self._task(event).require(event)
            return
        self.organisation.require(event)
        self.monitoring.require(event)
        self.cells.require(event)
        self.indicators.require(event)
        self.appraisal.require(event)
        self.conduct.require(event)

    def evolve(self, event: Event) -> None:
        """Fold the event. What happens to a task changes nothing else."""
        if isinstance(event, TaskEvent):
            self._task(event).evolve(event)
            return
        self.organisation.evolve(event)
        self.monitoring.evolve(event)
        self.cells.evolve(event)
        self.indicators.evolve(event)
        self.appraisal.evolve(event)
        self.conduct.evolve(event)

    def deciding_body(self, event: Event) -> str | None:
        """The body that decides on the thing the event is of, if it is seen and one does."""
        if isinstance(event, TaskEvent):
            return self._task(event).deciding_body()
        return self.monitoring.deciding_body(event) or self.cells.deciding_body(event)

    def violations(self, on: date) -> Iterator[Violation]:
        """What does not hold when the day is over: who answers or monitors holds the post."""
        yield from starmap(Violation, self.monitoring.violations(on))
        yield from starmap(Violation, self.cells.violations(on))
        for task in self.tasks.values() if self._of_posts else ():
            yield from starmap(Violation, task.violations(on))
        yield from starmap(Violation, unlinked(self.tasks))

    def _task(self, event: TaskEvent) -> TaskState:
        if event.task_id not in self.tasks:
            self.tasks[event.task_id] = TaskState(event.task_id, self.organisation)
        return self.tasks[event.task_id]


def concerned(changed: Iterable[Event], seen: Iterable[Event], *, of_posts: bool) -> list[Selector]:
    """What may stand on the changed events, as far as those seen tell: until nothing is new.

    `of_posts` says whether whoever answers for a task must hold the post on every day.
    """
    changed, seen = list(changed), list(seen)
    selectors = list(tasks_concerned(changed, seen, of_posts=of_posts))
    if not all(isinstance(event, TaskEvent) for event in changed):
        for concerned_by in (
            organisation_concerned,
            monitoring_concerned,
            cells_concerned,
            indicators_concerned,
            appraisal_concerned,
            conduct_concerned,
        ):
            selectors += concerned_by(changed, seen)
    unique: list[Selector] = []
    for selector in selectors:
        if selector not in unique:
            unique.append(selector)
    return unique

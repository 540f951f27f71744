"""Preconditions: what must hold on its day for an event of a task to follow.

The same functions guard the commands.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import get_args

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event, Refusal, matches
from domain.organisation.events import (
    OfficialRegistered,
    PostAbolished,
    PostCreated,
    TenureEnded,
    TenureStarted,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitSplit,
)
from domain.organisation.organisation import NotThePostHolder
from domain.organisation.selectors import post_selector
from domain.tasks.beginning.advice import TaskAdvised
from domain.tasks.changes import TaskCarriedOver, TaskContinued
from domain.tasks.ending.continuation import TasksNotLinked
from domain.tasks.ending.recurrence import YearOpened
from domain.tasks.events import (
    HandoverOffered,
    ProgressReported,
    TaskCommissioned,
    TaskEvent,
    TaskRegistered,
)
from domain.tasks.following import require
from domain.tasks.leadership import Lead, LeadTaken, lead_after
from domain.tasks.matters.delegation import PartDelegated
from domain.tasks.matters.obstacles import ObstacleRaised
from domain.tasks.matters.reminders import ReminderIssued
from domain.tasks.matters.solutions import SolutionProposed
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
)
from domain.tasks.responsibility.collective import CollectiveBound
from domain.tasks.task import Answerable, Claimed, InProgress, TaskStateEvent, Vacant
from domain.tasks.whole_task import WholeTask

# What stands on a post and its holder, and what stands on a unit.
ON_A_POST: tuple[type[Event], ...] = (
    TaskRegistered,
    TaskCommissioned,
    TaskContinued,
    HandoverOffered,
    *get_args(LeadTaken),
    CoAccountableAdded,
    CoAccountabilityHandedOver,
)
# What leads a task from state to state, or changes who answers for it.
ANSWERING: tuple[type[Event], ...] = (
    *get_args(TaskStateEvent),
    *ON_A_POST,
    CoAccountableReleased,
)
ON_A_UNIT: tuple[type[Event], ...] = (
    TaskAdvised,
    ObstacleRaised,
    ReminderIssued,
    SolutionProposed,
    PartDelegated,
    CollectiveBound,
)


class TaskState(WholeTask):
    """One task on a day with all that hangs on it, and what may follow on it."""

    def require(self, event: TaskEvent) -> None:
        """Pass if the event can follow.

        Raises:
            Refusal: it cannot.
        """
        require(event, self)

    def deciding_body(self) -> str | None:
        """The body entitled to decide on the task, or to its end; None before it begins."""
        return self.entitled

    def violations(self, on: date) -> Iterator[tuple[frozenset[str], Refusal]]:
        """Who answers for the task at the end of the day and does not hold the post.

        A task of which completion is claimed stays with its claimant, who may have left.
        """
        for who in self._answering():
            if self.organisation.sees(f"post:{who.post_id}") and not self.organisation.holds(
                who.official_id, who.post_id, on
            ):
                yield (
                    frozenset({f"official:{who.official_id}", f"post:{who.post_id}"}),
                    NotThePostHolder(official_id=who.official_id, post_id=who.post_id, on=on),
                )

    def _answering(self) -> Iterator[Answerable]:
        if isinstance(self.task, InProgress):
            yield self.task.answerable
        if isinstance(self.task, InProgress | Claimed | Vacant):
            yield from self.beside.by_official.values()


def unlinked(tasks: Mapping[str, TaskState]) -> Iterator[tuple[frozenset[str], Refusal]]:
    """The tasks that go on as one another by the word of one of them only."""
    said = {(one, other) for one, task in tasks.items() for other in task.goes_on_as}
    answered = {
        (task.goes_on_from, one) for one, task in tasks.items() if task.goes_on_from is not None
    }
    for from_task, to_task in sorted(said ^ answered):
        says = from_task if (from_task, to_task) in said else to_task
        yield (
            frozenset({f"task:{says}"}),
            TasksNotLinked(from_task=from_task, to_task=to_task),
        )


def tasks_concerned(
    changed: Sequence[Event], seen: Sequence[Event], *, of_posts: bool
) -> Iterator[Selector]:
    """The tasks of the changed events and those linked to them, and the posts of who answers.

    The posts are left out where they decide nothing: where what merely is reported changes, and
    not `of_posts`. Beside them the tasks that stand on changes in the organisation.
    """
    standing = list(_standing_on(changed))
    yield from standing
    own = {event.task_id for event in changed if isinstance(event, TaskEvent)}
    theirs = [event for event in seen if _task_of(event) in own]
    linked = set(filter(None, map(_linked, (*changed, *theirs))))
    concerned = {
        event.task_id
        for event in (seen if standing else ())
        if isinstance(event, TaskEvent) and matches(standing, event)
    }
    for task_id in sorted(own | linked | concerned):
        yield Selector(tags=[f"task:{task_id}"])
    if of_posts or not all(map(_is_report, changed)):
        for post_id in sorted(_posts(theirs)):
            yield post_selector(post_id)


def _is_report(event: Event) -> bool:
    """Whether the event leaves the task in its state, and with whoever answers for it."""
    return isinstance(event, ProgressReported) or not isinstance(event, ANSWERING)


def _standing_on(changed: Iterable[Event]) -> Iterator[Selector]:
    """What of tasks stands on changes in the organisation; the tags alone would select too much."""
    for event in changed:
        match event:
            case TenureStarted() | TenureEnded():
                tags = [f"official:{event.official_id}", f"post:{event.post_id}"]
                yield Selector(types=ON_A_POST, tags=tags)
            case PostCreated() | PostAbolished():
                yield Selector(types=ON_A_POST, tags=[f"post:{event.post_id}"])
            case OfficialRegistered():
                yield Selector(types=ON_A_POST, tags=[f"official:{event.official_id}"])
            case UnitEstablished() | UnitClosed() | UnitMerged() | UnitSplit():
                yield Selector(types=ON_A_UNIT, tags=[f"unit:{event.unit_id}"])
            case _:
                pass


def _linked(event: Event) -> str | None:
    """The other task, where the event says that one goes on as the other."""
    match event:
        case TaskContinued(from_task=other):
            return other
        case TaskCarriedOver(to_task=other) | YearOpened(instance=other):
            return other
        case _:
            return None


def _task_of(event: Event) -> str | None:
    return event.task_id if isinstance(event, TaskEvent) else None


def _posts(events: Iterable[Event]) -> set[str]:
    """The posts in which somebody comes to answer by these events."""
    posts = set()
    for event in events:
        lead = lead_after(event) if isinstance(event, TaskEvent) else None
        if isinstance(lead, Lead):
            posts.add(lead.post_id)
        elif isinstance(event, CoAccountableAdded | CoAccountabilityHandedOver):
            posts.add(event.post_id)
    return posts

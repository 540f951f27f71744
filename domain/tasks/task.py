"""Task: its states, and the fold that leads from one to the next."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, TypeVar, assert_never

from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    CompletionReturned,
    HandoverDeclined,
    HandoverOffered,
    PlanSubmitted,
    ProgressReported,
    TaskApproved,
    TaskAssigned,
    TaskCancelled,
    TaskCommissioned,
    TaskEvent,
    TaskHandedOver,
    TaskRegistered,
    TaskRejected,
    TaskScored,
    TaskTransferred,
)
from domain.tasks.proposal import Proposal


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who answers for the task, in which post of which unit, and since which day."""

    official_id: str
    post_id: str
    unit_id: str
    since: date


@dataclass(frozen=True, slots=True)
class Offer:
    """A handover the predecessor has offered and the successor has not answered."""

    to_official: str
    state_summary: str


@dataclass(frozen=True, slots=True)
class Unregistered:
    """No event yet."""


@dataclass(frozen=True, slots=True)
class Registered:
    """Proposed by an official, awaiting the decision of the body that manages the post."""

    proposal: Proposal
    proposer: Answerable
    managed_by: str
    registered_by: str


@dataclass(frozen=True, slots=True)
class Ready:
    """Approved or commissioned: to be assigned by the body entitled to it."""

    proposal: Proposal
    post_id: str
    unit_id: str
    entitled: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The registration was refused."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Ended without a result."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What every assigned task has, in progress or completed."""

    proposal: Proposal
    assigned_by: str
    answerable: Answerable
    plan_revision: int
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class InProgress(Assigned):
    """An official answers for it and works on it."""


@dataclass(frozen=True, slots=True)
class Claimed(Assigned):
    """The official says that it is done; the body that assigned it has not confirmed."""

    claimed_by: str
    completed_on: date


@dataclass(frozen=True, slots=True)
class Completed(Assigned):
    """Confirmed as done; scores may be added."""

    score_revision: int


Task: TypeAlias = (
    Unregistered | Registered | Ready | Rejected | Cancelled | InProgress | Claimed | Completed
)

TaskFact: TypeAlias = (
    TaskRegistered
    | TaskCommissioned
    | TaskApproved
    | TaskRejected
    | TaskAssigned
    | PlanSubmitted
    | ProgressReported
    | HandoverOffered
    | HandoverDeclined
    | TaskHandedOver
    | TaskTransferred
    | CompletionClaimed
    | CompletionConfirmed
    | CompletionReturned
    | TaskScored
    | TaskCancelled
)

State = TypeVar("State", Registered, Ready, Assigned, InProgress, Claimed, Completed)


class ImpossibleHistory(Exception):
    """An event follows a state that it cannot follow: the log was not written by these commands."""


def state_name(task: Task) -> str:
    """The state in the words of the API: `in_progress`, `completed` …."""
    return {
        Unregistered: "unregistered",
        Registered: "registered",
        Ready: "ready",
        Rejected: "rejected",
        Cancelled: "cancelled",
        InProgress: "in_progress",
        Claimed: "claimed",
        Completed: "completed",
    }[type(task)]


def _expect(task: Task, state: type[State], event: TaskEvent) -> State:
    """The task, known to be in that state because history happened."""
    if not isinstance(task, state):
        raise ImpossibleHistory(f"{event.TYPE} of {event.task_id} while {state_name(task)}")
    return task


def evolve(task: Task, event: TaskFact) -> Task:  # noqa: C901, PLR0911, PLR0912  one case an event
    """The task after the event. Never refuses: history happened."""
    match event:
        case TaskRegistered():
            answerable = Answerable(
                event.official_id, event.post_id, event.unit_id, event.effective_on
            )
            return Registered(event.proposal, answerable, event.managed_by, event.registered_by)
        case TaskCommissioned():
            return Ready(event.proposal, event.post_id, event.unit_id, event.commissioned_by)
        case TaskApproved():
            was = _expect(task, Registered, event)
            return Ready(was.proposal, was.proposer.post_id, was.proposer.unit_id, was.managed_by)
        case TaskRejected():
            return Rejected()
        case TaskAssigned():
            return _assigned(_expect(task, Ready, event), event)
        case PlanSubmitted():
            return replace(_expect(task, InProgress, event), plan_revision=event.revision)
        case ProgressReported():
            return task
        case HandoverOffered():
            offer = Offer(event.to_official, event.state_summary)
            return replace(_expect(task, InProgress, event), offers=(offer,))
        case HandoverDeclined():
            return replace(_expect(task, InProgress, event), offers=())
        case TaskHandedOver():
            answerable = Answerable(
                event.to_official, event.post_id, event.unit_id, event.effective_on
            )
            return replace(_expect(task, InProgress, event), answerable=answerable, offers=())
        case TaskTransferred():
            answerable = Answerable(
                event.to_official, event.to_post, event.to_unit, event.effective_on
            )
            return replace(_expect(task, InProgress, event), answerable=answerable, offers=())
        case CompletionClaimed():
            return _claimed(_expect(task, InProgress, event), event)
        case CompletionConfirmed():
            return _completed(_expect(task, Claimed, event))
        case CompletionReturned():
            return _returned(_expect(task, Claimed, event))
        case TaskScored():
            return replace(_expect(task, Completed, event), score_revision=event.revision)
        case TaskCancelled():
            return Cancelled()
        case _:
            assert_never(event)


def _assigned(ready: Ready, event: TaskAssigned) -> InProgress:
    answerable = Answerable(event.official_id, event.post_id, event.unit_id, event.effective_on)
    return InProgress(ready.proposal, event.assigned_by, answerable, plan_revision=0, offers=())


def _claimed(was: InProgress, event: CompletionClaimed) -> Claimed:
    return Claimed(
        was.proposal,
        was.assigned_by,
        was.answerable,
        was.plan_revision,
        was.offers,
        claimed_by=event.claimed_by,
        completed_on=event.effective_on,
    )


def _completed(was: Claimed) -> Completed:
    return Completed(
        was.proposal,
        was.assigned_by,
        was.answerable,
        was.plan_revision,
        offers=(),
        score_revision=0,
    )


def _returned(was: Claimed) -> InProgress:
    return InProgress(was.proposal, was.assigned_by, was.answerable, was.plan_revision, was.offers)

"""Task: its states, and the fold that leads from one to the next."""

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeAlias, TypeVar, assert_never

from domain.tasks.changes import (
    CorrectedProposal,
    TaskAmended,
    TaskCarriedOver,
    TaskContinued,
    TaskCorrected,
    TaskRevised,
    TaskVacated,
    VacancyFilled,
)
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
from domain.tasks.leadership import LeadTaken, lead_after
from domain.tasks.proposal import Proposal


class Concerned(NamedTuple):
    """The official whom a task is with, if with anybody, and the post and unit that it is for."""

    official_id: str | None
    post_id: str
    unit_id: str


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who answers for the task, in which post of which unit, and since which day."""

    official_id: str
    post_id: str
    unit_id: str
    since: date

    @property
    def concerned(self) -> Concerned:
        return Concerned(self.official_id, self.post_id, self.unit_id)


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
    """Approved, commissioned or continued: to be assigned by the body entitled to it."""

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
    """What every task has for which an official answers, or answered to its end.

    `due_on` is the deadline as assigned or last revised, None for a task that recurs yearly.
    """

    proposal: Proposal
    due_on: date | None
    assigned_by: str
    answerable: Answerable
    plan_revision: int
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class InProgress(Assigned):
    """An official answers for it and works on it."""


@dataclass(frozen=True, slots=True)
class Claimed(Assigned):
    """The official claims that it is done; the body that assigned it has not confirmed."""

    claimed_by: str
    completed_on: date


@dataclass(frozen=True, slots=True)
class Completed(Assigned):
    """Confirmed as done; scores may be added."""

    completed_on: date
    score_revision: int


@dataclass(frozen=True, slots=True)
class Vacant:
    """Assigned, but nobody answers for it since that day; `last` did, until the day before."""

    proposal: Proposal
    due_on: date | None
    assigned_by: str
    last: Answerable
    since: date
    plan_revision: int


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """Ended unfinished on that day; it goes on as another task."""

    proposal: Proposal
    due_on: date | None
    assigned_by: str
    ended_on: date


Task: TypeAlias = (
    Unregistered
    | Registered
    | Ready
    | Rejected
    | Cancelled
    | InProgress
    | Claimed
    | Completed
    | Vacant
    | CarriedOver
)

TaskStateEvent: TypeAlias = (
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
    | TaskAmended
    | TaskRevised
    | TaskVacated
    | VacancyFilled
    | TaskCarriedOver
    | TaskContinued
    | TaskCorrected
)

State = TypeVar("State", Registered, Ready, InProgress, Claimed, Completed, Vacant)


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
        Vacant: "vacant",
        CarriedOver: "carried_over",
    }[type(task)]


Decidable: TypeAlias = Registered | Ready | Assigned | Vacant | CarriedOver


def entitled_to(task: Decidable) -> str:
    """The body entitled to decide on the task as it stands."""
    match task:
        case Registered(managed_by=body) | Ready(entitled=body):
            return body
        case _:
            return task.assigned_by


def concerned(task: Registered | Ready | Assigned | Vacant) -> Concerned:
    """Whom the task concerns: its proposer, then who answers; of a vacant task the last post."""
    match task:
        case Registered(proposer=who) | Assigned(answerable=who):
            return who.concerned
        case Vacant(last=who):
            return Concerned(None, who.post_id, who.unit_id)
        case Ready(post_id=post_id, unit_id=unit_id):
            return Concerned(None, post_id, unit_id)


def _expect(task: Task, state: type[State], event: TaskEvent) -> State:
    """The task, known to be in that state because history happened."""
    if not isinstance(task, state):
        raise ImpossibleHistory(f"{event.TYPE} of {event.task_id} while {state_name(task)}")
    return task


def evolve(task: Task, event: TaskStateEvent) -> Task:  # noqa: C901, PLR0911, PLR0912  one case an event
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
            registered = _expect(task, Registered, event)
            proposer = registered.proposer
            return Ready(
                registered.proposal, proposer.post_id, proposer.unit_id, registered.managed_by
            )
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
        case TaskHandedOver() | TaskTransferred():
            was = _expect(task, InProgress, event)
            return replace(was, answerable=_leading(event), offers=())
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
        case TaskAmended():
            proposed = task if isinstance(task, Registered) else _expect(task, Ready, event)
            return replace(proposed, proposal=event.proposal)
        case TaskRevised():
            return _revised(_expect(task, InProgress, event), event)
        case TaskVacated():
            return _vacated(_expect(task, InProgress, event), event)
        case VacancyFilled():
            return _filled(_expect(task, Vacant, event), event)
        case TaskCarriedOver():
            open_ = task if isinstance(task, Vacant) else _expect(task, InProgress, event)
            return CarriedOver(open_.proposal, open_.due_on, open_.assigned_by, event.effective_on)
        case TaskContinued():
            return Ready(event.proposal, event.post_id, event.unit_id, event.continued_by)
        case TaskCorrected():
            return _corrected(task, event)
        case _:
            assert_never(event)


def _leading(event: LeadTaken) -> Answerable:
    return Answerable(*lead_after(event), since=event.effective_on)


def _assigned(ready: Ready, event: TaskAssigned) -> InProgress:
    return InProgress(
        ready.proposal,
        event.due_on,
        event.assigned_by,
        _leading(event),
        plan_revision=0,
        offers=(),
    )


def _claimed(was: InProgress, event: CompletionClaimed) -> Claimed:
    return Claimed(
        was.proposal,
        was.due_on,
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
        was.due_on,
        was.assigned_by,
        was.answerable,
        was.plan_revision,
        offers=(),
        completed_on=was.completed_on,
        score_revision=0,
    )


def _returned(was: Claimed) -> InProgress:
    return InProgress(
        was.proposal, was.due_on, was.assigned_by, was.answerable, was.plan_revision, was.offers
    )


def _revised(was: InProgress, event: TaskRevised) -> InProgress:
    proposal = was.proposal.revised(event.targets, event.due_on)
    return replace(was, proposal=proposal, due_on=event.due_on or was.due_on)


def _vacated(was: InProgress, event: TaskVacated) -> Vacant:
    return Vacant(
        was.proposal,
        was.due_on,
        was.assigned_by,
        was.answerable,
        event.effective_on,
        was.plan_revision,
    )


def _filled(was: Vacant, event: VacancyFilled) -> InProgress:
    return InProgress(
        was.proposal, was.due_on, was.assigned_by, _leading(event), was.plan_revision, offers=()
    )


def _corrected(task: Task, event: TaskCorrected) -> Task:
    """A corrected proposal reads otherwise; a corrected report or claim leaves the state as is."""
    match task, event.reading:
        case (
            Registered() | Ready() | Assigned() | Vacant() | CarriedOver(),
            CorrectedProposal() as reading,
        ):
            return replace(task, proposal=reading.read(task.proposal))
    return task

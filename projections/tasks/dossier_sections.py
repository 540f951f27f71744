"""Dossier sections: the shape of what a dossier says; events stand in it as they were recorded.

A section that lists events of some types as recorded, or numbered matters beside what settled them,
is a field of `Dossier` and nothing more: which events it lists is read off its type.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, Literal, TypeAlias, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict

from domain.kernel import Event
from domain.tasks import changes, events
from domain.tasks.beginning.advice import TaskAdvised
from domain.tasks.changes import ObjectiveCauseConfirmed
from domain.tasks.matters.delegation import PartClosed, PartDelegated, PartReported
from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from domain.tasks.matters.reminders import ReminderAnswered, ReminderIssued
from domain.tasks.matters.solutions import SolutionApproved, SolutionProposed, SolutionRejected
from domain.tasks.proposal import IndicatorValue, Proposal
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
)
from domain.tasks.responsibility.collective import CollectiveBound, ResponsibilityFound
from domain.tasks.responsibility.consequences import (
    ResponsibilityDecided,
    ResponsibilityDropped,
    ResponsibilityProposed,
)
from domain.tasks.work.effects import EffectRecorded
from domain.tasks.work.report_duties import ReportDuty
from domain.tasks.work.results import PartialResultRecorded
from domain.tasks.work.revision import RevisionRefused, RevisionRequested
from domain.values import Basis
from projections.put_right import AnnulledBy
from projections.tasks.report_duties import MissingReport

Happened = TypeVar("Happened")
Opened = TypeVar("Opened")
Settled = TypeVar("Settled")


class Section(BaseModel):
    """A part of the dossier, closed to unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Recorded(Section, Generic[Happened]):
    """What was said, as it was recorded: where, when, by whom, in whose name, on what basis.

    `sequence` is its ordinal among the task's own events, by which a correction names it.
    """

    position: int
    sequence: int
    type: str
    recorded_at: datetime
    actor: str
    on_behalf_of: str | None
    basis: Basis | None
    event: Happened


class Matter(Section, Generic[Opened, Settled]):
    """A numbered matter: how it was opened, and how it was settled if it was."""

    number: int
    opened: Opened
    settled: Settled | None


class DossierReport(Section):
    """A report of progress: as it reads after all corrections, and as it was recorded."""

    narrative: str
    share_percent: Decimal | None
    values: list[IndicatorValue]
    recorded: Recorded[events.ProgressReported]
    corrections: list[Recorded[changes.TaskCorrected]]


class DossierClaim(Section):
    """A claim of completion: as it reads, as it was recorded, and what was decided on it."""

    summary: str
    recorded: Recorded[events.CompletionClaimed]
    corrections: list[Recorded[changes.TaskCorrected]]
    decision: Recorded[events.CompletionConfirmed] | Recorded[events.CompletionReturned] | None


class DossierPart(Section):
    """A part given to another; `share_percent` is how far it is by its last report."""

    number: int
    delegated: Recorded[PartDelegated]
    reports: list[Recorded[PartReported]]
    closed: Recorded[PartClosed] | None
    share_percent: Decimal | None


class DossierParts(Section):
    """The parts; of the whole task, `weight_percent` is given to others, `done_percent` done."""

    items: list[DossierPart]
    weight_percent: Decimal
    done_percent: Decimal


class DossierIndicator(Section):
    """A target as it stands, and what was reached of it by the last word as it reads."""

    code: str
    name: str
    measure: str
    target: Decimal
    actual: Decimal | None
    reported_on: date | None


class DossierSpan(Section):
    """Who leads the task from `from_on` to `to_on`, both included, and `how` that began.

    Nobody does in a vacancy, of the post and the unit last answered in.
    """

    official_id: str | None
    post_id: str
    unit_id: str
    from_on: date
    to_on: date | None
    how: Literal["assigned", "handed_over", "transferred", "vacated", "vacancy_filled"]


class DossierLinks(Section):
    """The tasks from which this one goes on, and those that go on from it."""

    carried_from: str | None
    instance_of: str | None
    carried_to: str | None
    instances: dict[int, str]


class DossierDuty(Section):
    """The duty to report: what is asked for, given and missing."""

    duty: ReportDuty | None
    given_in_time: int
    given_late: int
    last_given_on: date | None
    missing: list[MissingReport]


class DossierLine(Section):
    """One line of the timeline, by effective day; an annulled event stands in it and counts not.

    `days_late` is how long after the day it counts from it was recorded; less than 0: ahead of it.
    """

    position: int
    sequence: int
    type: str
    effective_on: date
    recorded_at: datetime
    days_late: int
    annulled: AnnulledBy | None
    replaces: list[int]
    adjusts_closed: bool


class DossierCase(Section):
    """A case of the task as it was recorded last; without `processed_on` it is left."""

    code: str
    title: str
    in_charge: str | None
    processed_on: date | None
    outcome: str | None
    recorded_on: date
    position: int


class DossierCases(Section):
    """The task's portfolio of cases; `percent` of them are processed, null of none."""

    items: list[DossierCase]
    processed: int
    left: int
    percent: Decimal | None


class DossierAppraised(Section):
    """What ratings need to know of the task.

    Attributes:
        conversion_weight: as it was fixed at assignment; null before it.
        exceeded: whether the body found more done than was required; null until it confirms.
        objective_causes: those that the body confirmed, each for a deadline missed or a return.
        content_failures: the days on which completion was returned because the content failed.
    """

    conversion_weight: Decimal | None
    exceeded: bool | None
    objective_causes: list[Recorded[ObjectiveCauseConfirmed]]
    content_failures: list[date]


class DossierObstacle(Matter[Recorded[ObstacleRaised], Recorded[ObstacleResolved]]):
    """An obstacle, and how it was resolved."""


class DossierSolution(
    Matter[Recorded[SolutionProposed], Recorded[SolutionApproved] | Recorded[SolutionRejected]]
):
    """A solution, and what the body decided on it."""


class DossierReminder(Matter[Recorded[ReminderIssued], Recorded[ReminderAnswered]]):
    """A reminder, and its answer."""


class DossierRevisionRequest(
    Matter[Recorded[RevisionRequested], Recorded[changes.TaskRevised] | Recorded[RevisionRefused]]
):
    """A request for other targets or another deadline, and what the body decided on it."""


class DossierConsequence(
    Matter[
        Recorded[ResponsibilityProposed],
        Recorded[ResponsibilityDecided] | Recorded[ResponsibilityDropped],
    ]
):
    """What was proposed for whoever answered when the task became late, and decided."""


Proposing = (
    Recorded[events.TaskRegistered]
    | Recorded[events.TaskCommissioned]
    | Recorded[changes.TaskContinued]
    | Recorded[changes.TaskAmended]
)
Decision = (
    Recorded[events.TaskApproved]
    | Recorded[events.TaskRejected]
    | Recorded[events.TaskAssigned]
    | Recorded[events.TaskTransferred]
    | Recorded[changes.TaskVacated]
    | Recorded[changes.VacancyFilled]
    | Recorded[changes.TaskCarriedOver]
    | Recorded[events.TaskCancelled]
)
Handover = (
    Recorded[events.HandoverOffered]
    | Recorded[events.HandoverDeclined]
    | Recorded[events.TaskHandedOver]
)
Beside = (
    Recorded[CoAccountableAdded]
    | Recorded[CoAccountableReleased]
    | Recorded[CoAccountabilityHandedOver]
)


class Dossier(Section):
    """Everything about one task as of a day.

    Attributes:
        proposal: as it reads after amendments, revisions and corrections; `proposals` as recorded.
        due_on: the deadline as assigned or last revised.
        original_due_on: the deadline first set for a matter older than the task.
        backlog_days: since that day, until the work was done; null before it, or without one.
        completed_on: the day on which the work was done, once it is confirmed.
        corrections: all of them, also those that stand with the report or claim they correct.
    """

    task_id: str
    state: Literal[
        "registered",
        "ready",
        "rejected",
        "in_progress",
        "claimed",
        "vacant",
        "completed",
        "carried_over",
        "cancelled",
    ]
    position: int
    proposal: Proposal
    proposals: list[Proposing]
    due_on: date | None
    overdue: bool
    original_due_on: date | None
    backlog_days: int | None
    completed_on: date | None
    indicators: list[DossierIndicator]
    responsibilities: list[DossierSpan]
    beside: list[Beside]
    collectives: list[Recorded[CollectiveBound]]
    findings: list[Recorded[ResponsibilityFound]]
    consequences: list[DossierConsequence]
    advice: list[Recorded[TaskAdvised]]
    decisions: list[Decision]
    handovers: list[Handover]
    plans: list[Recorded[events.PlanSubmitted]]
    reports: list[DossierReport]
    report_duty: DossierDuty | None
    partial_results: list[Recorded[PartialResultRecorded]]
    effects: list[Recorded[EffectRecorded]]
    parts: DossierParts
    cases: DossierCases
    appraised: DossierAppraised
    obstacles: list[DossierObstacle]
    solutions: list[DossierSolution]
    reminders: list[DossierReminder]
    revision_requests: list[DossierRevisionRequest]
    revisions: list[Recorded[changes.TaskRevised]]
    corrections: list[Recorded[changes.TaskCorrected]]
    claims: list[DossierClaim]
    scores: list[Recorded[events.TaskScored]]
    links: DossierLinks
    timeline: list[DossierLine]


Types: TypeAlias = tuple[type[Event], ...]


def _classes(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401  a field's
    """The sections in a field of that type."""
    kinds = get_args(annotation) or (annotation,)
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _types(annotation: Any) -> Types:  # noqa: ANN401  a field's
    """The types of the events that stand, as recorded, in a field of that type."""
    recorded = [section for section in _classes(annotation) if issubclass(section, Recorded)]
    events: list[Any] = [section.model_fields["event"].annotation for section in recorded]
    return tuple(events)


def _listed() -> dict[str, Any]:
    """What the lists of a dossier hold, by their names."""
    fields = {name: field.annotation for name, field in Dossier.model_fields.items()}
    return {name: get_args(type_)[0] for name, type_ in fields.items() if get_origin(type_) is list}


def _matters() -> dict[str, Types]:
    """What opens a matter, then what settles it, by the names of the lists."""
    return {
        name: tuple(
            event
            for field in ("opened", "settled")
            for event in _types(matter.model_fields[field].annotation)
        )
        for name, item in _listed().items()
        for matter in _classes(item)
        if issubclass(matter, Matter)
    }


LISTS: dict[str, Types] = {name: _types(item) for name, item in _listed().items() if _types(item)}
MATTERS = _matters()

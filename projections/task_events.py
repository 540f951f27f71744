"""Task events: what folds read of an event of a task, as the log's JSON has it.

A shape names only what is read; an event may carry more. A key that not every event carries which
is read in this shape need not be there.
"""

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from domain.tasks.leadership import Lead, lead_in
from projections.projection import OutOfPlace, RecordedEvent


class TaskData(TypedDict):
    """Of any event of a task."""

    task_id: str
    effective_on: str


class PlacedData(TaskData):
    """In which post of which unit the task is."""

    post_id: str
    unit_id: str


class IndicatorData(TypedDict):
    """A measurable target."""

    code: str
    name: str
    target: str
    measure: str


class IndicatorTargetData(TypedDict):
    """A new target."""

    code: str
    target: str


class IndicatorValueData(TypedDict):
    """What an indicator has reached."""

    code: str
    actual: str


class TitledData(TypedDict):
    """A milestone, a step of a plan."""

    title: str


class ProposalData(TypedDict):
    """What is proposed; `term` is of one of several kinds."""

    title: str
    goal: str
    indicators: list[IndicatorData]
    roadmap: list[TitledData]
    kinds: list[str]
    field: str
    term: dict[str, Any]
    due_on: NotRequired[str | None]
    original_due_on: NotRequired[str | None]


class ProposedData(PlacedData):
    """A task begins, or its proposal is replaced."""

    proposal: ProposalData


class RegisteredData(ProposedData):
    """An official's registration, which that body decides on."""

    official_id: str
    managed_by: str


class CommissionedData(ProposedData):
    """An order."""

    commissioned_by: str


class ContinuedData(ProposedData):
    """A task that goes on from another."""

    continued_by: str
    link: str
    from_task: str


class AssignedData(TaskData):
    """An assignment, beside who leads the task from then on."""

    assigned_by: str
    coordinators: NotRequired[list[str]]
    due_on: str | None


class PlanData(TaskData):
    """A revision of the plan."""

    revision: int
    steps: list[TitledData]


class ReportData(TaskData):
    """A report, a partial result or a claim; the latter two tell of no share."""

    share_percent: NotRequired[str | None]
    values: list[IndicatorValueData]


class OfferData(TaskData):
    """An offer to hand over."""

    to_official: str


class CompletedData(TaskData):
    """A confirmation of completion."""

    completed_on: str


class ScoreData(TaskData):
    """A score."""

    score_points: str
    max_points: str


class RevisedData(TaskData):
    """New targets, or another deadline."""

    targets: list[IndicatorTargetData]
    due_on: str | None


class ProposalReading(TypedDict):
    """How a proposal reads after a correction; what is left out reads as before."""

    kind: Literal["proposal"]
    title: NotRequired[str | None]
    field: NotRequired[str | None]
    kinds: NotRequired[list[str] | None]


class ReportReading(TypedDict):
    """How a report reads after a correction; what is left out reads as before."""

    kind: Literal["progress"]
    share_percent: NotRequired[str | None]
    values: NotRequired[list[IndicatorValueData] | None]


class ClaimReading(TypedDict):
    """How a claim reads after a correction."""

    kind: Literal["claim"]


Reading: TypeAlias = ProposalReading | ReportReading | ClaimReading


class CorrectedData(TaskData):
    """A correction of the event of that ordinal among the task's own."""

    sequence: int
    reading: Reading


class VacatedData(TaskData):
    """That official answers no longer, and the body must find who does."""

    official_id: str
    vacated_by: str
    reason: str


class CarriedOverData(TaskData):
    """The task as which it goes on."""

    to_task: str


class YearOpenedData(TaskData):
    """The task that is one year of a yearly one."""

    instance: str


class BesideData(PlacedData):
    """An official begins, or ceases, to answer beside the lead."""

    official_id: str


class BesideHandedOverData(PlacedData):
    """One official follows another beside the lead."""

    from_official: str
    to_official: str


class CollectiveData(TaskData):
    """A body that answers collectively."""

    collective: str


class PartDelegatedData(TaskData):
    """A part, and its share of the whole where one is agreed."""

    number: int
    weight_percent: str | None


class PartReportedData(TaskData):
    """How far a part is."""

    number: int
    share_percent: str


def new_lead(event: RecordedEvent) -> Lead:
    """Who leads the task from the event's day on.

    Raises:
        OutOfPlace: nobody comes to lead a task by such an event.
    """
    lead = lead_in(event.type, event.data)
    if not isinstance(lead, Lead):
        raise OutOfPlace(f"nobody leads by {event.type} at position {event.position}")
    return lead

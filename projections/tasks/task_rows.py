"""Task rows: what `tasks` holds of a task, and what its folds go on from."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias, TypedDict

from projections.projection import Exact, IsoDay, Name, Place, Version
from projections.task_events import IndicatorData, ProposalData
from projections.tasks.proposals import Outline, outline
from projections.tasks.terms import TermColumns, term_columns

TaskState: TypeAlias = Literal[
    "registered",
    "ready",
    "rejected",
    "in_progress",
    "claimed",
    "vacant",
    "completed",
    "cancelled",
    "carried_over",
]
Origin: TypeAlias = Literal["registered", "commissioned", "continued"]


class TaskIndicator(IndicatorData):
    """A target, and what was reached of it by the last reading that tells of it."""

    actual: str | None
    reported_on: str | None


class TaskReading(TypedDict):
    """What the event at that position reports."""

    position: Place
    on: str
    share_percent: str | None
    values: dict[str, str]


class TaskPart(TypedDict):
    """A part given to another, and how far it is."""

    number: int
    weight_percent: str | None
    share_percent: str


class Workings(TypedDict):
    """What the folds need to go on: all readings, all parts."""

    readings: list[TaskReading]
    parts: list[TaskPart]


class TaskProposed(Outline, TermColumns):
    """What a row shows of the proposal."""

    title: str
    original_due_on: IsoDay | None
    indicators: list[TaskIndicator]


class TaskLed(TypedDict):
    """Who leads the task; `offered_to` is whom a handover is offered to."""

    unit_id: Name
    post_id: Name
    official_id: Name | None
    offered_to: Name | None
    co_accountables: list[str]


class TaskReported(TypedDict):
    """How far the task is, as it was reported last."""

    share_percent: Exact | None
    indicators: list[TaskIndicator]


class TaskFound(Version):
    """By what rows are found: these columns come first, where the server reads them soonest.

    `lasting` are the open row and what was closed ahead of its day: of today or a later day only
    these can hold.
    """

    active: bool
    lasting: bool
    task_id: Name
    state: Name


class TaskRow(TaskFound, TaskProposed, TaskLed):
    """A task; only its open row has `workings`, and folds see no other."""

    origin: Name
    managed_by: Name
    coordinators: list[str]
    collectives: list[str]
    vacant_since: IsoDay | None
    share_percent: Exact | None
    parts_share_percent: Exact | None
    open_parts: int
    open_obstacles: int
    open_reminders: int
    plan_revision: int | None
    assigned_on: IsoDay | None
    last_report_on: IsoDay | None
    last_result_on: IsoDay | None
    completed_on: IsoDay | None
    score_points: Exact | None
    max_points: Exact | None
    link: Name | None
    continued_from: Name | None
    carried_over_to: Name | None
    instances: list[str]
    workings: Workings


CLOSED: dict[str, Any] = {"workings": None, "lasting": False}
CLOSED_AHEAD: dict[str, Any] = {"workings": None, "lasting": True}


def proposed(proposal: ProposalData) -> TaskProposed:
    """What a row shows of a proposal on which nothing is reported yet."""
    return {
        "title": proposal["title"],
        "original_due_on": proposal.get("original_due_on"),
        "indicators": measured(proposal["indicators"], ()),
        **term_columns(proposal["term"]),
        **outline(proposal),
    }


def measured(
    indicators: Iterable[IndicatorData], readings: Iterable[TaskReading]
) -> list[TaskIndicator]:
    """The indicators with what each has reached by the last reading that tells of it."""
    last = {
        code: (actual, read["on"]) for read in readings for code, actual in read["values"].items()
    }
    rows: list[TaskIndicator] = []
    for indicator in indicators:
        actual, reported_on = last.get(indicator["code"], (None, None))
        rows.append({**indicator, "actual": actual, "reported_on": reported_on})
    return rows


def measured_anew(
    indicators: list[TaskIndicator], values: Mapping[str, str], on: str
) -> list[TaskIndicator]:
    """The indicators with these values, reached on that day; the others as they were."""
    if not values:
        return indicators
    return [
        {**one, "actual": values[one["code"]], "reported_on": on} if one["code"] in values else one
        for one in indicators
    ]

"""Task rows: what `tasks` holds of a task, and what its folds go on from."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from projections.projection import Exact, IsoDay, Name, Version
from projections.task_events import IndicatorData, ProposalData
from projections.tasks.proposals import Outline, outline
from projections.tasks.readings import Readings
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


class TaskPart(TypedDict):
    """A part given to another, and how far it is."""

    weight_percent: str | None
    share_percent: str


class PartsTogether(TypedDict):
    """What the parts come to: sums over those with a weight of their own, and over the others."""

    weighted: str
    weight_percent: str
    unweighted_percent: str
    unweighted: int


class Workings(TypedDict):
    """What the folds need to go on: the parts by their numbers, and what they come to.

    `readings` are there where the task is folded from its beginning, and are not stored.
    """

    parts: dict[str, TaskPart]
    together: PartsTogether
    readings: NotRequired[Readings]


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
        "indicators": measured(proposal["indicators"], Readings()),
        **term_columns(proposal["term"]),
        **outline(proposal),
    }


def stored(row: TaskRow) -> TaskRow:
    """The row without what is in memory only."""
    workings = row["workings"]
    if not workings or "readings" not in workings:
        return row
    kept: Workings = {"parts": workings["parts"], "together": workings["together"]}
    return {**row, "workings": kept}


def measured(indicators: Iterable[IndicatorData], readings: Readings) -> list[TaskIndicator]:
    """The indicators with what each has reached by the last reading that tells of it."""
    rows: list[TaskIndicator] = []
    for indicator in indicators:
        actual, reported_on = readings.actual(indicator["code"])
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

"""Report duties: which periodic reports on a task are asked for, given, and missing (B23, B31).

A report is taken for the period of its own months: a monthly report for the one due that month,
also after its day; a quarterly one for the one due in or next after its month. A second one within
the same months makes up for the oldest that is missing. A claim of completion is a report too.
Nothing falls due on days on which nothing can be reported: while a claim waits to be confirmed,
while the task is vacant, and once it has ended.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Any, TypedDict

from sqlalchemy import Index, text

from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.work.report_duties import (
    Cadence,
    Obligation,
    ReportDuty,
    ReportDutySet,
    obligations,
)
from projections.days import AS_OF, valid
from projections.filters import Word, where
from projections.listing import Arguments, Item, Listing, ListItem, Shown
from projections.projection import (
    Fold,
    IsoDay,
    Name,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    opened,
    read_table,
    superseded,
)
from projections.task_events import ReportDutyData, TaskData
from projections.tasks.standings import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_lines import (
    UNDER_WAY_ON_THE_DAY,
    LedTaskLineFilters,
    TaskLine,
    beside_its_task,
)


class Missing(TypedDict):
    """A report that fell due and was not given."""

    period: str
    due_on: str


class DutyRow(Version):
    """What is asked for on a task, since when what falls due is counted, and what was given.

    `first_missing_on` is the day of the first report that is missing, or will be if none is given.
    """

    task_id: Name
    duty: dict[str, Any] | None
    reportable: bool
    counted_from_on: IsoDay
    missing: list[Missing]
    first_missing_on: IsoDay | None
    given_in_time: int
    given_late: int
    last_given_on: IsoDay | None


TABLE = read_table("report_duties", DutyRow)
Index(
    "report_duties_missing",
    TABLE.c.ledger,
    TABLE.c.first_missing_on,
    postgresql_where=text("first_missing_on IS NOT NULL"),
)

ONE_DAY = timedelta(days=1)
# Between two reports lies a year at most, and the report may be due a year after its period.
HORIZON = timedelta(days=800)


def runs(row: Mapping[str, Any]) -> bool:
    """Whether reports fall due."""
    return row["reportable"] and row["duty"] is not None


def late(row: Mapping[str, Any], as_of: date) -> list[Obligation]:
    """The reports missing on the day, the oldest first: their own day has passed."""
    obliged = [_obligation(missing) for missing in row["missing"]]
    if runs(row):
        obliged += _due(row, date.fromisoformat(row["counted_from_on"]), as_of - ONE_DAY)
    return obliged


def _due(row: Mapping[str, Any], from_on: date, to_on: date) -> Iterator[Obligation]:
    return obligations(_duty(tuple(row["duty"].items())), from_on, to_on)


@lru_cache(maxsize=256)
def _duty(duty: tuple[tuple[str, Any], ...]) -> ReportDuty:
    """Provinces ask for few different duties, over and over."""
    return ReportDuty.model_validate(dict(duty))


def _next_due(row: Mapping[str, Any], since: date) -> date:
    """The day of the first report that falls due on or after that day."""
    return next(_due(row, since, since + HORIZON)).due_on


def unasked(event: RecordedEvent[TaskData]) -> DutyRow:
    """Of a task of which no reports are asked for."""
    return {
        **opened(event),
        "task_id": event.data["task_id"],
        "duty": None,
        "reportable": True,
        "counted_from_on": event.day,
        "missing": [],
        "first_missing_on": None,
        "given_in_time": 0,
        "given_late": 0,
        "last_given_on": None,
    }


def duty_set(row: DutyRow | None, event: RecordedEvent[ReportDutyData]) -> Rows[DutyRow]:
    """The duty is another from now on; what was missing under the former one stays missing."""
    was = row or unasked(event)
    return _standing(was, event, {**_counted(was, event), "duty": event.data["duty"]})


def given(row: DutyRow | None, event: RecordedEvent) -> Rows[DutyRow]:
    """A report is given: for its own period, or for the oldest that is missing."""
    if row is None or not runs(row):
        return ()
    return _standing(row, event, _given(row, event))


def claimed(row: DutyRow | None, event: RecordedEvent[TaskData]) -> Rows[DutyRow]:
    """Claiming completion is a report; then nothing falls due until the claim is returned."""
    was = row or unasked(event)
    reported = _given(was, event) if runs(was) else was
    return _standing(was, event, {**_counted(reported, event), "reportable": False})


def turned(*, reportable: bool) -> Fold[DutyRow]:
    """Reports fall due no longer, or again as they were asked for before: from now on."""

    def fold(row: DutyRow | None, event: RecordedEvent) -> Rows[DutyRow]:
        if row is None:
            return ()
        return _standing(row, event, {**_counted(row, event), "reportable": reportable})

    return fold


def ended(row: DutyRow | None, event: RecordedEvent) -> Rows[DutyRow]:
    """No report is asked for any more, not even those that are missing."""
    if row is None:
        return ()
    return _standing(row, event, {**row, "duty": None, "missing": []})


def _given(row: DutyRow, event: RecordedEvent) -> DutyRow:
    day, counted_from = date.fromisoformat(event.day), date.fromisoformat(row["counted_from_on"])
    own_due_on = _next_due(row, day.replace(day=1))
    if own_due_on < counted_from:
        return _made_up_for(row, event)
    before = _due(row, counted_from, own_due_on - ONE_DAY)
    in_time = day <= own_due_on
    return {
        **row,
        "missing": [*row["missing"], *map(_as_json, before)],
        "counted_from_on": (own_due_on + ONE_DAY).isoformat(),
        "given_in_time": row["given_in_time"] + in_time,
        "given_late": row["given_late"] + (not in_time),
        "last_given_on": event.day,
    }


def _made_up_for(row: DutyRow, event: RecordedEvent) -> DutyRow:
    """The period's own report was given before: this one is for the oldest missing, if any."""
    return {
        **row,
        "missing": row["missing"][1:],
        "given_late": row["given_late"] + bool(row["missing"]),
        "last_given_on": event.day,
    }


def _counted(row: DutyRow, event: RecordedEvent) -> DutyRow:
    """What fell due before the event's day and was not given is missing; what comes is open."""
    return {
        **row,
        "missing": [_as_json(one) for one in late(row, date.fromisoformat(event.day))],
        "counted_from_on": max(row["counted_from_on"], event.day),
    }


def _standing(row: DutyRow, event: RecordedEvent, later: DutyRow) -> Rows[DutyRow]:
    """The row, and the later one with the first report missing under it, now or to come."""
    first = later["missing"][0]["due_on"] if later["missing"] else None
    if first is None and runs(later):
        first = _next_due(later, date.fromisoformat(later["counted_from_on"])).isoformat()
    later["first_missing_on"] = first
    return superseded(row, event, later)


def _as_json(obligation: Obligation) -> Missing:
    return {"period": obligation.period, "due_on": obligation.due_on.isoformat()}


def _obligation(missing: Mapping[str, str]) -> Obligation:
    return Obligation(missing["period"], date.fromisoformat(missing["due_on"]))


REPORT_DUTIES = Projection(
    table=TABLE,
    row=DutyRow,
    key=("task_id",),
    folds={
        ReportDutySet.TYPE: duty_set,
        tasks.ProgressReported.TYPE: given,
        tasks.CompletionClaimed.TYPE: claimed,
        tasks.CompletionReturned.TYPE: turned(reportable=True),
        changes.TaskVacated.TYPE: turned(reportable=False),
        changes.VacancyFilled.TYPE: turned(reportable=True),
        tasks.CompletionConfirmed.TYPE: ended,
        tasks.TaskCancelled.TYPE: ended,
        changes.TaskCarriedOver.TYPE: ended,
    },
)

# What tells which reports are late, and a reader does not need.
HIDDEN = ("reportable", "counted_from_on", "first_missing_on")


class MissingReport(ListItem):
    """A periodic report whose day has passed."""

    period: str
    due_on: date
    days_late: int


class LateReports(TaskLine):
    """A task whose reports are missing, the oldest first, beside those given in time and late."""

    field: Annotated[str, Shown(TASKS.c.field)]
    duty: Annotated[ReportDuty | None, Shown(vi="Chế độ báo cáo")]
    missing: Annotated[list[MissingReport], Shown(vi="Báo cáo còn thiếu")]
    given_in_time: Annotated[int, Shown(vi="Báo cáo đúng hạn", total=True)]
    given_late: Annotated[int, Shown(vi="Báo cáo chậm", total=True)]
    last_given_on: Annotated[date | None, Shown(vi="Ngày báo cáo gần nhất")]


class LateReportFilters(LedTaskLineFilters):
    """Which tasks."""

    field: Word | None = where(TASKS.c.field, "Of the task.")
    cadence: Cadence | None = where(
        TABLE.c.duty["cadence"].astext, "Of the reports asked for on the day."
    )


def missing_reports(row: Mapping[str, Any], as_of: date) -> list[Item]:
    """The reports missing on the day, the oldest first, each with how late it is."""
    return [{**_as_json(one), "days_late": (as_of - one.due_on).days} for one in late(row, as_of)]


def with_what_is_late(items: Sequence[Item], arguments: Arguments) -> list[Item]:
    """The items with their missing reports in the place of what tells of them."""
    as_of = arguments["as_of"]
    return [
        {
            **{name: value for name, value in item.items() if name not in HIDDEN},
            "missing": missing_reports(item, as_of),
        }
        for item in items
    ]


LATE_REPORTS = Listing(
    name="late-reports",
    tag="reports",
    answers="The tasks under way of which a periodic report is missing on a day, and who must "
    "report.",
    page="One page of tasks, that with the oldest missing report first.",
    item=LateReports,
    filters=LateReportFilters,
    projections=(REPORT_DUTIES, TASK_STANDINGS),
    table=TABLE,
    source=beside_its_task(TABLE),
    holds=(*valid(TABLE), TABLE.c.first_missing_on < AS_OF, *UNDER_WAY_ON_THE_DAY),
    order=("first_missing_on", "task_id"),
    hidden={name: TABLE.c[name] for name in HIDDEN},
    finish=with_what_is_late,
)

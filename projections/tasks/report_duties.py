"""Report duties: which periodic reports on a task are asked for, given, and missing (B23, B31)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from sqlalchemy import Index, text

from domain.tasks.work.owed_reports import (
    STEPS,
    Missing,
    Owed,
    Step,
    as_json,
    late,
    next_due,
    runs,
)
from domain.tasks.work.report_duties import Cadence, ReportDuty
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
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_lines import (
    UNDER_WAY_ON_THE_DAY,
    LedTaskLineFilters,
    TaskLine,
    beside_its_task,
)


class DutyRow(Version):
    """What is `Owed` of a task.

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
    TABLE.c.task_id,
    postgresql_where=text("first_missing_on IS NOT NULL"),
)

# Of these columns a row tells what is owed.
OWED = tuple(Owed.__annotations__)


def _then(step: Step) -> Fold[DutyRow]:
    """What is owed is another from now on, and so is the first report missing, now or to come."""

    def fold(row: DutyRow | None, event: RecordedEvent) -> Rows[DutyRow]:
        was: Any = row and {name: row[name] for name in OWED}  # type: ignore[literal-required]  # its own columns
        owed = step(was, event.day, event.data)
        if owed is None:
            return ()
        first = owed["missing"][0]["due_on"] if owed["missing"] else None
        if first is None and runs(owed):
            counted_from = date.fromisoformat(owed["counted_from_on"])
            first = next_due(owed, counted_from).due_on.isoformat()
        later: DutyRow = {
            **opened(event),
            "task_id": event.data["task_id"],
            **owed,
            "first_missing_on": first,
        }
        return superseded(row or later, event, later)

    return fold


REPORT_DUTIES = Projection(
    table=TABLE,
    row=DutyRow,
    key=("task_id",),
    folds={event.TYPE: _then(step) for event, step in STEPS.items()},
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
    return [{**as_json(one), "days_late": (as_of - one.due_on).days} for one in late(row, as_of)]


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

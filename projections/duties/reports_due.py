"""Reports due: of each task the periodic reports whose fate is known, and the rule that runs.

A report has a row from the event that shows that it came, or that it is missing. What falls due
later follows from the rule: it is `RULE_PARTS`, and asks for a report of every period whose day is
not before `counted_from_on`, unless that has a row. A task has one row without a report, which is
never shown: what is owed, the rule that runs, and since when a rule asked for reports at all.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias, TypedDict

from sqlalchemy import Index, text

from domain.kernel import Event
from domain.tasks.matters.reminders import ReminderIssued
from domain.tasks.work.missed_reports import ReportMissed
from domain.tasks.work.owed_reports import (
    STEPS,
    Missing,
    Owed,
    Step,
    missing_on,
    runs,
    taken_for,
)
from domain.tasks.work.report_duties import MONTHS, Cadence, ReportDutySet
from projections.projection import (
    FOREVER,
    Fold,
    IsoDay,
    Name,
    Place,
    Projection,
    RecordedEvent,
    Rows,
    read_table,
)

# A rule as text: how many months a period has, the day, and how many months after the period.
RULE_PARTS = ("months", "day", "months_after")


class ReportDueRow(TypedDict):
    """A report of a task: asked for since, due on, given or excused on.

    `told_position` is of the event that tells that it is missing, `reminded_on` the first day on
    which a reminder named it.
    """

    task_id: Name
    report: Name
    period: Name | None
    due_on: IsoDay | None
    asked_on: IsoDay | None
    given_on: IsoDay | None
    excused_on: IsoDay | None
    told_position: Place | None
    reminded_on: IsoDay | None
    rule: Name | None
    counted_from_on: IsoDay | None
    ruled_on: IsoDay | None
    open_until: IsoDay
    position: Place
    workings: dict[str, Any] | None


class Workings(TypedDict):
    """What is owed, since when it is asked for, and the rows of reports that have not come.

    `ruled_on` is the first day from which a rule asked for reports.
    """

    owed: Owed | None
    asked_on: str
    ruled_on: str | None
    open: dict[str, Any]


TABLE = read_table("reports_due", ReportDueRow)
Index(
    "reports_due_order",
    TABLE.c.ledger,
    TABLE.c.due_on,
    TABLE.c.task_id,
    TABLE.c.period,
    postgresql_where=text("due_on IS NOT NULL"),
)
# All that is read of a rule that runs, so that its tasks are read in order from the index alone.
Index(
    "reports_due_rules",
    TABLE.c.ledger,
    TABLE.c.rule,
    TABLE.c.task_id,
    TABLE.c.counted_from_on,
    TABLE.c.asked_on,
    TABLE.c.position,
    postgresql_where=text("rule IS NOT NULL"),
)
# Which tasks have, or had, a rule of their own.
Index(
    "reports_due_ruled",
    TABLE.c.ledger,
    TABLE.c.task_id,
    TABLE.c.ruled_on,
    postgresql_where=text("ruled_on IS NOT NULL"),
)
Index(
    "reports_due_untold",
    TABLE.c.ledger,
    TABLE.c.due_on,
    TABLE.c.task_id,
    postgresql_where=text(
        "due_on IS NOT NULL AND given_on IS NULL AND excused_on IS NULL AND told_position IS NULL"
    ),
)

NO_REPORT = ""
Row: TypeAlias = dict[str, Any]


def report_name(missing: Mapping[str, Any]) -> str:
    """What tells a report from the others of its task."""
    return f"{missing['due_on']} {missing['period']}"


def _then(step: Step, *, anew: bool = False) -> Fold[ReportDueRow]:
    """What is owed is another from now on; `anew` if it is asked for by another rule."""

    def fold(row: ReportDueRow | None, event: RecordedEvent) -> Rows[ReportDueRow]:
        nothing: Workings = {"owed": None, "asked_on": event.day, "ruled_on": None, "open": {}}
        was: Any = nothing if row is None else row["workings"]
        owed = step(was["owed"], event.day, event.data)
        if owed is None:
            return ()
        reports = _reports(was, owed, event)
        asked_on = event.day if anew else was["asked_on"]
        ruled_on = was["ruled_on"] or (None if owed["duty"] is None else event.day)
        after: Workings = {
            "owed": owed,
            "asked_on": asked_on,
            "ruled_on": ruled_on,
            "open": was["open"],
        }
        return _told(event, after, reports)

    return fold


def _reports(was: Workings, owed: Owed, event: RecordedEvent) -> list[Row]:
    """The reports that turn out missing, the one that is given, and those that are let go."""
    before = was["owed"]
    open_ = was["open"]
    begun = [_report(was, one, event) for name, one in _named(owed["missing"]) if name not in open_]
    if before is None:
        return begun
    missed, on = date.fromisoformat(event.day), {"excused_on": event.day}
    still = {name for name, _ in _named(missing_on(owed, missed))}
    gone = {name: one for name, one in _named(missing_on(before, missed)) if name not in still}
    given = taken_for(before, event.day) if _given(owed) > _given(before) else None
    if given is not None:
        gone.pop(report_name(given), None)
        begun.append({**_report(was, given, event), "given_on": event.day})
    return [*begun, *({**_report(was, one, event), **on} for one in gone.values())]


def _named(missing: Sequence[Missing]) -> list[tuple[str, Missing]]:
    """The reports beside what tells each from the others, of very many at once."""
    return [(f"{one['due_on']} {one['period']}", one) for one in missing]


def _given(owed: Owed) -> int:
    return owed["given_in_time"] + owed["given_late"]


def _report(was: Workings, missing: Missing, event: RecordedEvent) -> Row:
    """The row of a report as it stands, or as it begins."""
    name = report_name(missing)
    return was["open"].get(name) or {
        "report": name,
        "period": missing["period"],
        "due_on": missing["due_on"],
        "asked_on": min(was["asked_on"], missing["due_on"]),
        "given_on": None,
        "excused_on": None,
        "told_position": None,
        "reminded_on": None,
        "position": event.position,
    }


def told(row: ReportDueRow | None, event: RecordedEvent) -> Rows[ReportDueRow]:
    """It is told that the report is missing; what came by then, as is known now, stays as it is."""
    was: Any = row and row["workings"]
    owed = was and was["owed"]
    if owed is None:
        return ()
    missing = _named(missing_on(owed, date.fromisoformat(event.day)))
    if report_name(event.data) not in (name for name, _ in missing):
        return ()
    return _told(event, was, [{**_report(was, event.data, event), "told_position": event.position}])


def reminded(row: ReportDueRow | None, event: RecordedEvent) -> Rows[ReportDueRow]:
    """A reminder names a report that is missing: the first of that period that is known to be."""
    paper = event.data["missed_paper"]
    if row is None or paper is None or paper["paper"] != "progress_report":
        return ()
    was: Any = row["workings"]
    named = [one for one in was["open"].values() if one["period"] == paper["period"]]
    first = [one for one in named if one["reminded_on"] is None][:1]
    return _told(event, was, [{**one, "reminded_on": event.day} for one in first])


def _told(event: RecordedEvent, workings: Workings, reports: list[Row]) -> Rows[ReportDueRow]:
    """The rows that change, and last the one of what is owed."""
    still = {**workings["open"], **{one["report"]: one for one in reports}}
    open_ = {
        name: one
        for name, one in still.items()
        if one["given_on"] is None and one["excused_on"] is None
    }
    owed = workings["owed"]
    asks = owed is not None and runs(owed)
    not_shown = dict.fromkeys(("rule", "counted_from_on", "ruled_on"))
    shared = {"task_id": event.data["task_id"], **not_shown}
    shown: list[Any] = [
        {**shared, **one, "open_until": event.day, "workings": None} for one in reports
    ]
    last: Any = {
        **shared,
        **dict.fromkeys(ReportDueRow.__annotations__),
        **shared,
        "report": NO_REPORT,
        "asked_on": workings["asked_on"],
        "rule": _rule(owed) if owed is not None and asks else None,
        "counted_from_on": owed["counted_from_on"] if owed is not None and asks else None,
        "ruled_on": workings["ruled_on"],
        "open_until": FOREVER,
        "position": event.position,
        "workings": {**workings, "open": open_},
    }
    return (*shown, last)


def _rule(owed: Owed) -> str:
    duty: Any = owed["duty"]
    return f"{MONTHS[Cadence(duty['cadence'])]} {duty['day']} {duty['months_after']}"


FOLDS: Mapping[type[Event], Fold[ReportDueRow]] = {
    **{event: _then(step, anew=event is ReportDutySet) for event, step in STEPS.items()},
    ReportMissed: told,
    ReminderIssued: reminded,
}
REPORTS_DUE = Projection(
    table=TABLE,
    row=ReportDueRow,
    key=("task_id",),
    since="report",
    until="open_until",
    folds={event.TYPE: fold for event, fold in FOLDS.items()},
)

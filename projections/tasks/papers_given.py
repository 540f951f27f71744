"""Papers given: the days on which a task's plan was laid down, and those of reports on it."""

from sqlalchemy import Index

from domain.tasks.events import PlanSubmitted, ProgressReported
from projections.projection import IsoDay, Name, Occurrence
from projections.records import recorded_once


class GivenRow(Occurrence):
    """A day on which it was given, however often."""

    task_id: Name
    given_on: IsoDay


PLANS_GIVEN = recorded_once(
    "plans_given", GivenRow, key=("task_id",), event=PlanSubmitted, on="given_on", lasting=False
)
REPORTS_GIVEN = recorded_once(
    "progress_reports_given",
    GivenRow,
    key=("task_id",),
    event=ProgressReported,
    on="given_on",
    lasting=False,
)
# On which tasks something came between two days.
for _given in (PLANS_GIVEN.table, REPORTS_GIVEN.table):
    Index(f"{_given.name}_by_day", _given.c.ledger, _given.c.given_on, _given.c.task_id)

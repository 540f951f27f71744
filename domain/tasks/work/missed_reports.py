"""Missed reports: the day of a periodic report has passed, and none was given (B31).

The service records it once for each report, so that whoever follows the events hears of it. So it
does of a plan or a report that a regulation asks for of every task.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from domain.kernel import Conflict, Context, Event, Parameters, Raw, Refusal, Upcaster
from domain.tasks.command import TaskCommand, TaskNotInProgress
from domain.tasks.events import TaskEvent
from domain.tasks.term import ReportPeriod, TaskPaperKind
from domain.tasks.work.owed_reports import OwedReports
from domain.values import Day, OfficialId, UnitId


class ReportMissed(TaskEvent):
    """The report of the period was due on `due_on` and has not come.

    The official leads the task, in the unit, when this is recorded: who was to report on that day
    may be another.
    """

    TYPE: ClassVar[str] = "task.report_missed"
    VIETNAMESE: ClassVar[str] = "quá hạn mà chưa có báo cáo định kỳ"

    official_id: OfficialId
    unit_id: UnitId
    period: ReportPeriod
    due_on: Day


def _told_without_the_days(raw: Raw) -> Raw:
    """Version 1 did not tell when a report is taken: in the month, quarter or year of its day."""
    if raw["paper"] == "plan":
        return {**raw, "taken_from_on": None, "taken_to_on": None}
    period, due_on = raw["period"], date.fromisoformat(raw["due_on"])
    length = 3 if "Q" in period else 1 if "-" in period else 12
    months = due_on.year * 12 + (due_on.month - 1) // length * length
    first, after = (date(one // 12, one % 12 + 1, 1) for one in (months, months + length))
    return {**raw, "taken_from_on": str(first), "taken_to_on": str(after - timedelta(1))}


class TaskPaperMissed(TaskEvent):
    """The paper of the period that a regulation asks for was due on `due_on` and has not come.

    The official led the task on that day, in the unit; by now another may. A report that comes
    from `taken_from_on` to `taken_to_on` is taken for it; a plan is whenever it comes, and these
    are null.
    """

    TYPE: ClassVar[str] = "task.paper_missed"
    VIETNAMESE: ClassVar[str] = "quá hạn mà chưa có kế hoạch hoặc báo cáo theo quy định"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _told_without_the_days}

    official_id: OfficialId
    unit_id: UnitId
    paper: TaskPaperKind
    period: ReportPeriod
    due_on: Day
    taken_from_on: Day | None
    taken_to_on: Day | None


class ReportNotMissing(Conflict):
    """On the task {task_id} no report of {period} is missing on {effective_on}.

    Ngày {effective_on}, việc {task_id} không thiếu báo cáo kỳ {period}.
    """


class MissedReport(Parameters):
    """Which report is missing, and since when."""

    period: ReportPeriod
    due_on: Day


class RecordMissedReport(TaskCommand[MissedReport]):
    """The service finds that a report is missing; what was recorded of it is left as it is."""

    READS_REPORTS: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        TaskNotInProgress,
        ReportNotMissing,
    )

    def __init__(self, context: Context, params: MissedReport, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.owed = OwedReports()

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskEvent) and event.task_id == self.task_id:
            self.owed.evolve(event)

    def execute(self) -> None:
        task, on = self.answered(), self.context.effective_on
        named = self.params.period, self.params.due_on
        if named not in self.owed.missing(on):
            raise ReportNotMissing(task_id=self.task_id, period=named[0], effective_on=on)
        if named in ((one.period, one.due_on) for one in self.own(ReportMissed)):
            return
        self.emit(
            ReportMissed(
                effective_on=on,
                task_id=self.task_id,
                official_id=task.answerable.official_id,
                unit_id=task.answerable.unit_id,
                period=self.params.period,
                due_on=self.params.due_on,
            )
        )

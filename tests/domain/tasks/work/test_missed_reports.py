"""Missed reports: recorded once, urged by a reminder that names them, met by a later report."""

from datetime import date
from typing import Any

from domain.tasks.events import ProgressReported
from domain.tasks.matters.reminders import ReminderIssued
from domain.tasks.term import PaperOfPeriod
from domain.tasks.work.missed_reports import RecordMissedReport, ReportMissed, ReportNotMissing
from domain.tasks.work.report_duties import ReportDuty, ReportDutySet
from domain.tasks.work.urging import Remind
from tests.domain.cast import COMMITTEE, HANDED_OVER, IN_PROGRESS, SHARED, SUCCESSOR, TASK
from tests.domain.scenario import BY_BODY, given

FEBRUARY: dict[str, Any] = {"period": "2021-02", "due_on": date(2021, 2, 25)}
FOUND, REMINDED = date(2021, 2, 26), date(2021, 3, 1)
ASKED = ReportDutySet(
    **SHARED,
    effective_on=date(2021, 2, 1),
    set_by=COMMITTEE,
    duty=ReportDuty.model_validate({"cadence": "monthly", "day": 25}),
)
WHOSE = {name: SHARED[name] for name in ("task_id", "official_id", "unit_id")}
MISSED = ReportMissed(**WHOSE, effective_on=FOUND, **FEBRUARY)
REPORTED = ProgressReported(**SHARED, effective_on=date(2021, 2, 28), narrative="Đã dỡ")
REMINDED_OF = ReminderIssued(
    **SHARED,
    effective_on=REMINDED,
    number=1,
    issued_by=COMMITTEE,
    content="Báo cáo",
    answer_due_on=date(2021, 3, 5),
    missed_paper=PaperOfPeriod(paper="progress_report", period="2021-02"),
)
OWED = given(*IN_PROGRESS, ASKED)


def test_a_missing_report_is_recorded_once() -> None:
    OWED.when(RecordMissedReport, TASK, on=FOUND, **FEBRUARY).then(MISSED).when(
        RecordMissedReport, TASK, on=REMINDED, **FEBRUARY
    ).then()


def test_what_is_not_missing_is_not_recorded() -> None:
    early = date(2021, 2, 25)
    OWED.when(RecordMissedReport, TASK, on=early, **FEBRUARY).refuses(ReportNotMissing)
    other: dict[str, Any] = {**FEBRUARY, "due_on": date(2021, 2, 24)}
    OWED.when(RecordMissedReport, TASK, on=FOUND, **other).refuses(ReportNotMissing)
    OWED.given(REPORTED).when(RecordMissedReport, TASK, on=REMINDED, **FEBRUARY).refuses(
        ReportNotMissing
    )


def test_whoever_leads_the_task_by_then_is_named() -> None:
    later = date(2021, 12, 31)
    OWED.given(HANDED_OVER).when(RecordMissedReport, TASK, on=later, **FEBRUARY).then(
        ReportMissed(**{**WHOSE, "official_id": SUCCESSOR}, effective_on=later, **FEBRUARY)
    )


def test_a_reminder_may_name_the_report_while_it_is_missing() -> None:
    said: dict[str, Any] = {
        "content": "Báo cáo",
        "answer_due_on": date(2021, 3, 5),
        "missed_report": "2021-02",
    }
    OWED.given(MISSED).when(Remind, TASK, on=REMINDED, **BY_BODY, **said).then(REMINDED_OF)
    del said["missed_report"]
    said["missed_paper"] = {"paper": "progress_report", "period": "2021-02"}
    OWED.given(MISSED).when(Remind, TASK, on=REMINDED, **BY_BODY, **said).then(REMINDED_OF)
    OWED.given(MISSED, REPORTED).when(Remind, TASK, on=REMINDED, **BY_BODY, **said).refuses(
        ReportNotMissing
    )

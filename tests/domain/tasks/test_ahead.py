"""What is decided ahead of its day: who answers, by when, and the end; not what just happens."""

from datetime import date
from typing import Any

from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.ending.cancellation import CancelTask
from domain.tasks.ending.carry_over import CarryOver
from domain.tasks.ending.recurrence import OpenYear
from domain.tasks.events import ProgressReported
from domain.tasks.responsibility.co_accountability import (
    AddCoAccountable,
    HandOverCoAccountability,
    ReleaseCoAccountable,
)
from domain.tasks.responsibility.handover import HandOver
from domain.tasks.responsibility.transfer import TransferTask
from domain.tasks.responsibility.vacancy import FillVacancy, VacateTask
from domain.tasks.work.progress import ReportProgress
from domain.tasks.work.report_duties import SetReportDuty
from domain.tasks.work.revision import ReviseTask
from service.http.tasks import TASK_VERBS
from tests.domain.cast import (
    COMMITTEE,
    HANDED_OVER,
    IN_PROGRESS,
    SHARED,
    SUCCESSION,
    SUCCESSOR,
    TASK,
)
from tests.domain.scenario import BY_BODY, TODAY, given

NEXT_MONTH = date(2022, 2, 1)
SAID: dict[str, Any] = {"to_official": SUCCESSOR, "state_summary": "Đã tháo dỡ 40 lò"}


def test_what_a_body_decides_on_who_answers_and_by_when_is_taken_ahead() -> None:
    assert {verb.command for verb in TASK_VERBS if verb.command.AHEAD} == {
        AssignTask,
        HandOver,
        TransferTask,
        VacateTask,
        FillVacancy,
        AddCoAccountable,
        ReleaseCoAccountable,
        HandOverCoAccountability,
        ReviseTask,
        SetReportDuty,
        CancelTask,
        CarryOver,
        OpenYear,
    }


def test_until_the_day_of_a_handover_the_predecessor_reports() -> None:
    leaves, succeeds = (e.model_copy(update={"effective_on": NEXT_MONTH}) for e in SUCCESSION)
    handed_over = HANDED_OVER.model_copy(
        update={"effective_on": NEXT_MONTH, "decided_by": COMMITTEE}
    )
    scheduled = given(*IN_PROGRESS, succeeds).when(HandOver, TASK, on=NEXT_MONTH, **BY_BODY, **SAID)
    scheduled.then(handed_over).given(leaves).when(
        ReportProgress, TASK, on=TODAY, narrative="Đã đối thoại"
    ).then(ProgressReported(**SHARED, effective_on=TODAY, narrative="Đã đối thoại"))

"""Cases: a task's portfolio of cases, each recorded as it is, and again as it changes."""

from datetime import date
from typing import Any

from domain.kernel import Actor
from domain.tasks.command import NotAnswerable, TaskNotInProgress
from domain.tasks.work.cases import CaseRecorded, ProcessedAhead, RecordCase
from tests.domain.cast import CHAIR, COMPLETED, HANDOVER, IN_PROGRESS, SHARED, TASK
from tests.domain.scenario import given

GOING_ON = given(*IN_PROGRESS)
CASE: dict[str, Any] = {"code": "DA-1", "title": "Dự án chậm triển khai", "in_charge": "Sở TN&MT"}


def test_a_case_is_left_and_later_processed() -> None:
    left = CaseRecorded(**SHARED, **CASE, effective_on=HANDOVER, processed_on=None, outcome=None)
    processed = left.model_copy(update={"processed_on": date(2021, 5, 1), "outcome": "Thu hồi"})
    GOING_ON.when(RecordCase, TASK, on=HANDOVER, **CASE).then(left).when(
        RecordCase, TASK, on=HANDOVER, **CASE, processed_on="2021-05-01", outcome="Thu hồi"
    ).then(processed)


def test_a_case_is_of_a_task_in_progress_and_not_processed_ahead() -> None:
    given(*COMPLETED).when(RecordCase, TASK, **CASE).refuses(TaskNotInProgress)
    GOING_ON.when(RecordCase, TASK, by=Actor(f"official:{CHAIR}"), **CASE).refuses(NotAnswerable)
    GOING_ON.when(RecordCase, TASK, on=HANDOVER, **CASE, processed_on="2021-06-02").refuses(
        ProcessedAhead
    )

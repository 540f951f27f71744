"""Objective causes are confirmed by the body, of what occurred, once for each occurrence."""

from datetime import date
from typing import Any

from domain.kernel import DocumentRequired, NotTheEntitledBody
from domain.tasks.changes import ObjectiveCauseConfirmed, TaskRevised
from domain.tasks.command import TaskNotInProgress
from domain.tasks.events import CompletionReturned
from domain.tasks.responsibility.collective import TaskNotLate
from domain.tasks.work.missed_reports import MissedReport, RecordMissedReport, ReportNotMissing
from domain.tasks.work.objective_causes import (
    CauseConfirmedAlready,
    ConfirmObjectiveCause,
    NoReportMissing,
    NothingReturned,
)
from domain.tasks.work.report_duties import ReportDuty, ReportDutySet
from tests.domain.cast import (
    AGENCY,
    CLAIMED,
    COMMITTEE,
    DONE,
    HANDOVER,
    ORGANISATION,
    SHARED,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.domain.scenario import BY_BODY, Scenario, given

DUE = date(2021, 5, 31)
REGISTERED = given(*ORGANISATION, TASK_REGISTERED)
OVERDUE = REGISTERED.given(TASK_APPROVED, TASK_ASSIGNED.model_copy(update={"due_on": DUE}))
RETURNED = CompletionReturned(
    **SHARED, effective_on=DONE, returned_by=COMMITTEE, reason="Sai số liệu", content_failure=True
)
CAUSE = "Bão lũ kéo dài"


def confirm(scenario: Scenario, occurrence: str, occurred_on: date, **said: Any) -> Scenario:
    params = {"occurrence": occurrence, "occurred_on": occurred_on, "cause": CAUSE}
    return scenario.when(ConfirmObjectiveCause, TASK, **{**BY_BODY, **params, **said})


def confirmed(occurrence: Any, on: date, effective_on: date) -> ObjectiveCauseConfirmed:
    return ObjectiveCauseConfirmed(
        effective_on=effective_on,
        task_id=TASK,
        confirmed_by=COMMITTEE,
        occurrence=occurrence,
        occurred_on=on,
        cause=CAUSE,
    )


def test_the_body_confirms_that_a_deadline_was_missed_for_an_objective_cause() -> None:
    once = confirm(OVERDUE, "missed_deadline", DUE, on=HANDOVER).then(
        confirmed("missed_deadline", DUE, HANDOVER)
    )
    confirm(once, "missed_deadline", DUE).refuses(CauseConfirmedAlready)
    confirm(OVERDUE, "missed_deadline", DONE).refuses(TaskNotLate)
    confirm(OVERDUE, "missed_deadline", DUE, on=DUE).refuses(TaskNotLate)
    confirm(OVERDUE, "missed_deadline", DUE, basis=None).refuses(DocumentRequired)
    confirm(OVERDUE, "missed_deadline", DUE, on_behalf_of=AGENCY).refuses(NotTheEntitledBody)
    confirm(REGISTERED, "missed_deadline", DUE).refuses(TaskNotInProgress)


def test_the_body_confirms_that_completion_was_returned_for_an_objective_cause() -> None:
    returned = given(*CLAIMED, RETURNED)
    once = confirm(returned, "returned_claim", DONE, on=DONE).then(
        confirmed("returned_claim", DONE, DONE)
    )
    confirm(once, "returned_claim", DONE).refuses(CauseConfirmedAlready)
    confirm(returned, "returned_claim", HANDOVER).refuses(NothingReturned)
    once.annulling(RETURNED).contradicts(confirmed("returned_claim", DONE, DONE))


def test_a_deadline_that_was_missed_and_then_moved_is_excused_too() -> None:
    moved = TaskRevised(
        **SHARED, effective_on=HANDOVER, revised_by=COMMITTEE, request=None, targets=(),
        due_on=date(2021, 12, 31), reason="Bão",
    )  # fmt: skip
    expected = confirmed("missed_deadline", DUE, HANDOVER)
    confirm(OVERDUE.given(moved), "missed_deadline", DUE, on=HANDOVER).then(expected)
    in_time = moved.model_copy(update={"effective_on": DUE})
    confirm(OVERDUE.given(in_time), "missed_deadline", DUE, on=HANDOVER).refuses(TaskNotLate)


def test_a_report_that_is_missing_for_an_objective_cause_is_asked_for_no_more() -> None:
    duty = ReportDuty.model_validate({"cadence": "monthly", "day": 25})
    asked = ReportDutySet(**SHARED, effective_on=date(2021, 5, 1), set_by=COMMITTEE, duty=duty)
    due_on, on = date(2021, 5, 25), date(2021, 5, 28)
    owing = OVERDUE.given(asked)
    missed = MissedReport(period="2021-05", due_on=due_on)
    confirm(owing, "missed_report", due_on, on=due_on).refuses(NoReportMissing)
    confirm(owing, "missed_report", date(2021, 5, 24), on=on).refuses(NoReportMissing)
    excused = confirm(owing, "missed_report", due_on, on=on).then(
        confirmed("missed_report", due_on, on)
    )
    said: dict[str, Any] = {"on": on, **missed.model_dump()}
    assert owing.when(RecordMissedReport, TASK, **said).decide()
    excused.when(RecordMissedReport, TASK, **said).refuses(ReportNotMissing)
    confirm(excused, "missed_report", due_on, on=on).refuses(CauseConfirmedAlready)
    # The next one is owed as before.
    confirm(excused, "missed_report", date(2021, 6, 25), on=date(2021, 7, 1)).decide()

"""What is recorded late: decided on the state of its day, if what came since still holds."""

from datetime import date
from typing import Any

from domain.succession.leaver import EndTenure
from domain.tasks.beginning.amendment import AmendTask
from domain.tasks.beginning.registration import RegisterTask
from domain.tasks.changes import CorrectedReport, TaskCorrected, TaskRevised, TaskVacated
from domain.tasks.ending.cancellation import CancelTask
from domain.tasks.ending.completion import ClaimCompletion
from domain.tasks.ending.scoring import ScoreTask
from domain.tasks.events import (
    CriterionScore,
    PlanStep,
    PlanSubmitted,
    ProgressReported,
    TaskCancelled,
    TaskScored,
)
from domain.tasks.matters.reminders import ReminderIssued
from domain.tasks.proposal import IndicatorTarget, IndicatorValue
from domain.tasks.responsibility.co_accountability import AddCoAccountable, CoAccountableAdded
from domain.tasks.responsibility.collective import ResponsibilityFound
from domain.tasks.responsibility.handover import HandOver
from domain.tasks.responsibility.transfer import TransferTask
from domain.tasks.work.progress import ReportProgress
from domain.tasks.work.revision import RequestRevision, ReviseTask, RevisionRequested
from tests.domain.cast import (
    AGENCY,
    APPROVED,
    CHAIR,
    CHAIRMAN,
    CLAIMED,
    COMMITTEE,
    COMPLETED,
    COMPLETION_CLAIMED,
    COMPLETION_CONFIRMED,
    DISTRICT_STATE,
    EVIDENCE,
    FOUNDED,
    HANDED_OVER,
    HANDOVER,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    PROPOSAL,
    SECRETARY,
    SHARED,
    SUCCESSION,
    SUCCESSOR,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.domain.scenario import BY_BODY, given

MARCH, JULY, AUGUST = date(2021, 3, 1), date(2021, 7, 1), date(2021, 8, 1)
SAID: dict[str, Any] = {"to_official": SUCCESSOR, "state_summary": "Đã tháo dỡ 40 lò"}
REASON: dict[str, Any] = {"reason": "Ghi nhận muộn"}
ORDERED = HANDED_OVER.model_copy(update={"decided_by": COMMITTEE})
SUCCEEDED = given(*IN_PROGRESS, *SUCCESSION)
HELD = SUCCEEDED.given(ORDERED)
TASK_CANCELLED = TaskCancelled(**SHARED, effective_on=JULY, cancelled_by=COMMITTEE, reason="Thừa")


def by(official_id: str) -> dict[str, Any]:
    return {**SHARED, "official_id": official_id}


def report(on: date, official_id: str = PREDECESSOR, **values: Any) -> ProgressReported:
    return ProgressReported(**by(official_id), effective_on=on, narrative="Đã đối thoại", **values)


def test_a_report_arrives_late_and_is_of_the_official_who_answered_then() -> None:
    HELD.given(report(JULY, SUCCESSOR)).when(
        ReportProgress, TASK, on=MARCH, narrative="Đã đối thoại"
    ).then(report(MARCH))


def test_a_handover_recorded_late_names_the_reports_made_by_the_predecessor_since() -> None:
    since, before = report(JULY), report(MARCH)
    given(*IN_PROGRESS, SUCCESSION[1].model_copy(update={"post_id": SECRETARY})).given(
        before, since
    ).when(HandOver, TASK, on=HANDOVER, **BY_BODY, **SAID).contradicts(since)


def test_a_handover_recorded_late_stands_if_nothing_since_contradicts_it() -> None:
    stays = given(*IN_PROGRESS, SUCCESSION[1], report(MARCH), report(HANDOVER))
    stays.when(HandOver, TASK, on=HANDOVER, **BY_BODY, **SAID).then(ORDERED)
    reminded = ReminderIssued(
        **by(SUCCESSOR),
        effective_on=AUGUST,
        number=1,
        issued_by=AGENCY,
        content="Đôn đốc",
        answer_due_on=AUGUST,
        missed_paper=None,
    )
    stays.given(reminded).when(HandOver, TASK, on=HANDOVER, **BY_BODY, **SAID).then(ORDERED)


def test_a_transfer_recorded_late_names_all_that_the_former_lead_did_since() -> None:
    plan = PlanSubmitted(
        **SHARED,
        effective_on=JULY,
        revision=1,
        summary="Kế hoạch",
        steps=(PlanStep(title="Bước", due_on=JULY, performed_by="Phòng"),),
    )
    given(*CLAIMED, plan, COMPLETION_CONFIRMED).when(
        TransferTask, TASK, on=HANDOVER, **BY_BODY, to_post=CHAIRMAN, **REASON
    ).contradicts(plan, COMPLETION_CLAIMED, COMPLETION_CONFIRMED)


def test_a_claim_or_cancellation_recorded_late_ends_what_was_reported_since() -> None:
    since = given(*IN_PROGRESS, report(JULY))
    since.when(
        ClaimCompletion, TASK, on=HANDOVER, summary="Đã xong", evidence=(EVIDENCE,)
    ).contradicts(report(JULY))
    since.when(CancelTask, TASK, on=HANDOVER, **BY_BODY, **REASON).contradicts(report(JULY))
    since.when(CancelTask, TASK, on=JULY, **BY_BODY, reason="Thừa").then(TASK_CANCELLED)


def test_a_task_of_that_name_does_not_begin_before_the_one_there_is() -> None:
    given(*ORGANISATION, TASK_REGISTERED).when(
        RegisterTask,
        TASK,
        on=FOUNDED,
        official_id=PREDECESSOR,
        post_id=SECRETARY,
        proposal=PROPOSAL,
    ).contradicts(TASK_REGISTERED)


def test_an_amendment_recorded_late_leaves_the_indicators_that_were_reported_on() -> None:
    of_kilns = report(JULY, values=(IndicatorValue(code="kilns", actual=4),))
    roads = PROPOSAL.indicators[0].model_copy(update={"code": "roads"})
    renamed = PROPOSAL.model_copy(update={"indicators": (roads,)})
    given(*IN_PROGRESS, of_kilns).when(
        AmendTask, TASK, on=APPROVED, **BY_BODY, proposal=renamed, **REASON
    ).contradicts(of_kilns)


def test_a_revision_recorded_late_does_not_leave_a_later_one_without_change() -> None:
    revised = TaskRevised(
        **SHARED,
        effective_on=JULY,
        revised_by=COMMITTEE,
        request=None,
        targets=(IndicatorTarget(code="kilns", target=90),),
        due_on=None,
        reason="Điều chỉnh",
    )
    recorded = given(*IN_PROGRESS, revised)
    params: dict[str, Any] = {"on": MARCH, **BY_BODY, **REASON}
    same = ({"code": "kilns", "target": 90},)
    recorded.when(ReviseTask, TASK, targets=same, **params).contradicts(revised)
    recorded.when(ReviseTask, TASK, due_on=date(2022, 6, 1), **params).then(
        revised.model_copy(
            update={
                "effective_on": MARCH,
                "targets": (),
                "due_on": date(2022, 6, 1),
                "reason": REASON["reason"],
            }
        )
    )


def test_a_deadline_revised_late_may_leave_a_finding_of_delay_untrue() -> None:
    found = ResponsibilityFound(
        effective_on=date(2021, 12, 30),
        task_id=TASK,
        number=1,
        official_id=PREDECESSOR,
        unit_id=None,
        found_by=COMMITTEE,
        due_on=date(2021, 12, 1),
        finding="Chậm",
    )
    due = TASK_ASSIGNED.model_copy(update={"due_on": date(2021, 12, 1)})
    late = given(*ORGANISATION, TASK_REGISTERED, TASK_APPROVED, due, found)
    params: dict[str, Any] = {"on": MARCH, **BY_BODY, **REASON}
    late.when(ReviseTask, TASK, due_on=date(2022, 1, 31), **params).contradicts(found)
    # Late it is all the same, but not against the deadline that the finding names.
    late.when(ReviseTask, TASK, due_on=date(2021, 12, 2), **params).contradicts(found)


def test_who_answers_beside_from_an_earlier_day_is_not_added_again() -> None:
    added = CoAccountableAdded(
        effective_on=JULY,
        task_id=TASK,
        official_id=CHAIR,
        post_id=CHAIRMAN,
        unit_id=DISTRICT_STATE,
        added_by=COMMITTEE,
    )
    given(*IN_PROGRESS, added).when(
        AddCoAccountable, TASK, on=MARCH, **BY_BODY, post_id=CHAIRMAN
    ).contradicts(added)


def test_a_tenure_ended_late_leaves_no_task_with_the_leaver() -> None:
    ended: dict[str, Any] = {
        "official_id": PREDECESSOR,
        "cause": "retirement",
        "vacate": True,
        "reason": "Nghỉ",
    }
    given(*IN_PROGRESS, report(JULY)).when(
        EndTenure, SECRETARY, on=HANDOVER, **BY_BODY, **ended
    ).contradicts(report(JULY))
    registered = given(*ORGANISATION, TASK_REGISTERED)
    before = date(2021, 1, 2)
    registered.when(EndTenure, SECRETARY, on=before, **BY_BODY, **ended).contradicts(
        TASK_REGISTERED
    )


def test_a_score_recorded_late_makes_a_later_one_a_second_that_must_give_its_reason() -> None:
    score = TaskScored(
        **SHARED,
        effective_on=date(2021, 12, 1),
        scored_by=COMMITTEE,
        revision=1,
        criteria=(CriterionScore(criterion="Kết quả", points=90, max_points=100),),
        score_points=90,
        max_points=100,
    )
    criteria = ({"criterion": "Kết quả", "points": 80, "max_points": 100},)
    earlier: dict[str, Any] = {"on": date(2021, 11, 1), **BY_BODY, "criteria": criteria}
    given(*COMPLETED, score).when(ScoreTask, TASK, **earlier).contradicts(score)
    rescored = score.model_copy(update={"reason": "Chấm lại"})
    [event] = given(*COMPLETED, rescored).when(ScoreTask, TASK, **earlier).decide()
    assert isinstance(event, TaskScored)
    assert event.revision == 1 + 1


def test_a_request_recorded_late_does_not_stand_beside_one_that_awaits_its_decision() -> None:
    asked = RevisionRequested(
        **SHARED,
        effective_on=JULY,
        number=1,
        targets=(IndicatorTarget(code="kilns", target=90),),
        due_on=None,
        reason="Khó khăn",
    )
    given(*IN_PROGRESS, asked).when(
        RequestRevision, TASK, on=MARCH, due_on=date(2022, 3, 1), **REASON
    ).contradicts(asked)


def test_what_is_done_by_a_task_left_vacant_since_is_named() -> None:
    vacated = TaskVacated(**SHARED, effective_on=JULY, vacated_by=COMMITTEE, reason="Nghỉ")
    stays = given(*IN_PROGRESS, SUCCESSION[1], vacated)
    stays.when(HandOver, TASK, on=HANDOVER, **BY_BODY, **SAID).contradicts(vacated)
    stays.when(ReportProgress, TASK, on=MARCH, narrative="Đã đối thoại").then(report(MARCH))


def test_a_correction_of_what_no_longer_stands_is_named() -> None:
    correction = TaskCorrected(
        **SHARED,
        effective_on=AUGUST,
        sequence=4,
        corrected_type=ProgressReported.TYPE,
        decided_by=None,
        reading=CorrectedReport(kind="progress", narrative="Đã tháo dỡ"),
        reason="Gõ nhầm",
    )
    given(*IN_PROGRESS, SUCCESSION[1], report(JULY), correction).when(
        HandOver, TASK, on=HANDOVER, **BY_BODY, **SAID
    ).contradicts(report(JULY), correction)

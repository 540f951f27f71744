"""Plan, progress, completion, score and cancellation."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import Actor, DocumentRequired, NotTheEntitledBody
from domain.tasks.command import (
    IndicatorRepeated,
    IndicatorUnknown,
    NotAnswerable,
    ResponsibleMayNotDecide,
    TaskNotAwaitingDecision,
    TaskNotInProgress,
)
from domain.tasks.ending.cancellation import CancelTask
from domain.tasks.ending.completion import ClaimCompletion, ConfirmCompletion, ReturnCompletion
from domain.tasks.ending.scoring import (
    CriterionRepeated,
    MayNotScoreOwnTask,
    ReasonForRescore,
    ScoreTask,
)
from domain.tasks.events import (
    CompletionReturned,
    CriterionScore,
    PlanStep,
    PlanSubmitted,
    ProgressReported,
    TaskCancelled,
    TaskScored,
)
from domain.tasks.proposal import IndicatorValue
from domain.tasks.work.plan import SubmitPlan
from domain.tasks.work.progress import ReportProgress
from tests.domain.cast import (
    CLAIMED,
    COMMITTEE,
    COMPLETED,
    COMPLETION_CLAIMED,
    COMPLETION_CONFIRMED,
    DISTRICT_PARTY,
    DONE,
    EVIDENCE,
    HANDOVER,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    SHARED,
    SUCCESSOR,
    TASK,
    TASK_REGISTERED,
)
from tests.domain.scenario import CLERK, DECISION, OFFICE, given

STEP = PlanStep(title="Đối thoại", due_on=HANDOVER, performed_by="Phòng TN&MT")
BY_SUCCESSOR = Actor(f"official:{SUCCESSOR}")
BY_PREDECESSOR = Actor(f"official:{PREDECESSOR}")


def plan(revision: int) -> PlanSubmitted:
    return PlanSubmitted(
        **SHARED, effective_on=HANDOVER, revision=revision, summary="Kế hoạch", steps=(STEP,)
    )


def test_a_plan_submitted_again_is_the_next_revision() -> None:
    params: dict[str, Any] = {"summary": "Kế hoạch", "steps": (STEP.model_dump(),)}
    given(*IN_PROGRESS).when(SubmitPlan, TASK, on=HANDOVER, **params).then(plan(1)).when(
        SubmitPlan, TASK, on=HANDOVER, **params
    ).then(plan(2))


def test_progress_is_reported_by_the_official_who_answers() -> None:
    value = IndicatorValue(code="kilns", actual=40)
    given(*IN_PROGRESS).when(
        ReportProgress,
        TASK,
        by=BY_PREDECESSOR,
        on=HANDOVER,
        narrative="Đã tháo dỡ 40 lò",
        share_percent=Decimal("40.8"),
        values=(value,),
    ).then(
        ProgressReported(
            **SHARED,
            effective_on=HANDOVER,
            narrative="Đã tháo dỡ 40 lò",
            share_percent=Decimal("40.8"),
            values=(value,),
        )
    )
    given(*IN_PROGRESS).when(ReportProgress, TASK, by=BY_SUCCESSOR, narrative="Không").refuses(
        NotAnswerable
    )


def test_a_report_names_the_indicators_of_the_task_each_once() -> None:
    kilns, other = ({"code": code, "actual": 1} for code in ("kilns", "roads"))
    scenario = given(*IN_PROGRESS)
    scenario.when(ReportProgress, TASK, narrative="…", values=(other,)).refuses(IndicatorUnknown)
    scenario.when(ReportProgress, TASK, narrative="…", values=(kilns, kilns)).refuses(
        IndicatorRepeated
    )


def test_a_task_not_assigned_has_no_progress() -> None:
    given(*ORGANISATION, TASK_REGISTERED).when(ReportProgress, TASK, narrative="…").refuses(
        TaskNotInProgress
    )


def test_a_claim_with_evidence_is_confirmed_by_the_body_that_assigned_the_task() -> None:
    given(*IN_PROGRESS).when(
        ClaimCompletion, TASK, on=DONE, summary="Đã tháo dỡ 98 lò", evidence=(EVIDENCE,)
    ).then(COMPLETION_CLAIMED).when(
        ConfirmCompletion, TASK, by=OFFICE, on=DONE, on_behalf_of=COMMITTEE
    ).then(COMPLETION_CONFIRMED)


def test_a_claim_without_evidence_is_refused() -> None:
    with pytest.raises(ValidationError, match="evidence"):
        given(*IN_PROGRESS).when(ClaimCompletion, TASK, summary="Xong", evidence=())


@pytest.mark.parametrize("actor", [CLERK, BY_PREDECESSOR])
def test_who_answers_or_claimed_does_not_confirm(actor: Actor) -> None:
    given(*CLAIMED).when(ConfirmCompletion, TASK, by=actor, on_behalf_of=COMMITTEE).refuses(
        ResponsibleMayNotDecide
    )


def test_only_the_body_that_assigned_the_task_confirms() -> None:
    given(*CLAIMED).when(ConfirmCompletion, TASK, by=OFFICE, on_behalf_of=DISTRICT_PARTY).refuses(
        NotTheEntitledBody
    )


def test_a_returned_claim_leaves_the_task_in_progress() -> None:
    given(*CLAIMED).when(
        ReturnCompletion, TASK, by=OFFICE, on=DONE, on_behalf_of=COMMITTEE, reason="Còn 2 lò"
    ).then(
        CompletionReturned(**SHARED, effective_on=DONE, returned_by=COMMITTEE, reason="Còn 2 lò")
    ).when(ClaimCompletion, TASK, on=DONE, summary="Đã tháo dỡ 98 lò", evidence=(EVIDENCE,)).then(
        COMPLETION_CLAIMED
    )


def test_what_is_not_claimed_is_not_confirmed() -> None:
    given(*IN_PROGRESS).when(ConfirmCompletion, TASK, by=OFFICE, on_behalf_of=COMMITTEE).refuses(
        TaskNotAwaitingDecision
    )


CRITERION = CriterionScore(criterion="Kết quả", points=Decimal("63.5"), max_points=Decimal(70))
OTHER = CriterionScore(criterion="Tiến độ", points=Decimal("28.25"), max_points=Decimal(30))


def scored(revision: int, reason: str | None = None) -> TaskScored:
    return TaskScored(
        **SHARED,
        effective_on=DONE,
        scored_by=COMMITTEE,
        revision=revision,
        criteria=(CRITERION, OTHER),
        score_points=Decimal("91.75"),
        max_points=Decimal(100),
        reason=reason,
    )


def test_a_completed_task_is_scored_and_a_rescore_stands_beside_it() -> None:
    score: dict[str, Any] = {"criteria": (CRITERION, OTHER)}
    once = given(*COMPLETED).when(
        ScoreTask, TASK, by=OFFICE, on=DONE, on_behalf_of=COMMITTEE, **score
    )
    again = once.then(scored(1))
    again.when(ScoreTask, TASK, by=OFFICE, on=DONE, on_behalf_of=COMMITTEE, **score).refuses(
        ReasonForRescore
    )
    again.when(
        ScoreTask, TASK, by=OFFICE, on=DONE, on_behalf_of=COMMITTEE, reason="Sai sót", **score
    ).then(scored(2, "Sai sót"))


def test_nobody_scores_their_own_task_and_only_the_body_entitled_scores() -> None:
    score: dict[str, Any] = {"criteria": (CRITERION,)}
    completed = given(*COMPLETED)
    completed.when(ScoreTask, TASK, by=BY_PREDECESSOR, on_behalf_of=COMMITTEE, **score).refuses(
        MayNotScoreOwnTask
    )
    completed.when(ScoreTask, TASK, by=OFFICE, on_behalf_of=DISTRICT_PARTY, **score).refuses(
        NotTheEntitledBody
    )


def test_no_criterion_is_scored_twice() -> None:
    twice = CRITERION.model_copy(update={"criterion": "kết  QUẢ"})
    given(*COMPLETED).when(
        ScoreTask, TASK, by=OFFICE, on_behalf_of=COMMITTEE, criteria=(CRITERION, OTHER, twice)
    ).refuses(CriterionRepeated)


def test_points_do_not_exceed_their_scale() -> None:
    with pytest.raises(ValidationError, match="71 points are more than 70"):
        CriterionScore(criterion="Kết quả", points=Decimal(71), max_points=Decimal(70))


def test_a_task_is_cancelled_with_reason_and_document() -> None:
    params: dict[str, Any] = {"reason": "Không còn phù hợp"}
    scenario = given(*IN_PROGRESS)
    scenario.when(CancelTask, TASK, by=OFFICE, on_behalf_of=COMMITTEE, **params).refuses(
        DocumentRequired
    )
    scenario.when(
        CancelTask, TASK, by=OFFICE, on=DONE, on_behalf_of=COMMITTEE, basis=DECISION, **params
    ).then(
        TaskCancelled(
            **SHARED, effective_on=DONE, cancelled_by=COMMITTEE, reason="Không còn phù hợp"
        )
    ).when(
        CancelTask, TASK, by=OFFICE, on=DONE, on_behalf_of=COMMITTEE, basis=DECISION, **params
    ).refuses(TaskNotAwaitingDecision)


def test_a_completed_task_is_not_cancelled() -> None:
    given(*COMPLETED).when(
        CancelTask, TASK, on_behalf_of=COMMITTEE, basis=DECISION, reason="Nhầm"
    ).refuses(TaskNotAwaitingDecision)


def test_the_body_tells_whether_the_result_exceeds_what_was_required() -> None:
    given(*CLAIMED).when(
        ConfirmCompletion, TASK, by=OFFICE, on=DONE, on_behalf_of=COMMITTEE, exceeded=True
    ).then(COMPLETION_CONFIRMED.model_copy(update={"exceeded": True}))


def test_a_failure_of_the_content_is_told_from_a_returned_claim() -> None:
    decision: dict[str, Any] = {"by": OFFICE, "on": DONE, "on_behalf_of": COMMITTEE}
    for failure in (False, True):
        [returned] = (
            given(*CLAIMED)
            .when(ReturnCompletion, TASK, **decision, reason="Sai", content_failure=failure)
            .decide()
        )
        assert isinstance(returned, CompletionReturned)
        assert returned.content_failure is failure

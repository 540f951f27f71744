"""Vacancy: nobody answers for a task, said openly, until the body says who does."""

from typing import Any

from domain.kernel import DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import NotThePostHolder, PostVacant
from domain.tasks.changes import TaskVacated, VacancyFilled
from domain.tasks.command import SpanWouldBeEmpty, TaskNotAwaitingDecision, TaskNotInProgress
from domain.tasks.ending.cancellation import CancelTask
from domain.tasks.ending.completion import ReturnCompletion
from domain.tasks.events import CompletionReturned, ProgressReported, TaskCancelled
from domain.tasks.responsibility.handover import HandOver
from domain.tasks.responsibility.vacancy import FillVacancy, VacateTask
from domain.tasks.work.progress import ReportProgress
from tests.domain.cast import (
    ASSIGNED,
    CHAIR,
    CHAIRMAN,
    CLAIMED,
    COMMITTEE,
    COMPLETION_CLAIMED,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    DONE,
    HANDOVER,
    IN_PROGRESS,
    PREDECESSOR,
    SECRETARY,
    SHARED,
    SUCCESSION,
    SUCCESSOR,
    TASK,
    TASK_VACATED,
    VACANT,
    leaves,
)
from tests.domain.scenario import BY_BODY, DECISION, given

GOING_ON, UNANSWERED = given(*IN_PROGRESS), given(*VACANT)
FILL: dict[str, Any] = {"state_summary": "Đã tháo dỡ 40 lò"}


def filled(official_id: str, post_id: str, unit_id: str) -> VacancyFilled:
    return VacancyFilled(
        effective_on=HANDOVER,
        task_id=TASK,
        official_id=official_id,
        post_id=post_id,
        unit_id=unit_id,
        filled_by=COMMITTEE,
        state_summary="Đã tháo dỡ 40 lò",
    )


def test_the_assigning_body_leaves_a_task_vacant_by_a_decision() -> None:
    params: dict[str, Any] = {"reason": "Nghỉ chế độ"}
    GOING_ON.when(VacateTask, TASK, on=HANDOVER, **BY_BODY, **params).then(TASK_VACATED)
    GOING_ON.when(VacateTask, TASK, on_behalf_of=COMMITTEE, **params).refuses(DocumentRequired)
    GOING_ON.when(VacateTask, TASK, on_behalf_of=DISTRICT_PARTY, **params).refuses(
        NotTheEntitledBody
    )
    GOING_ON.when(VacateTask, TASK, on=ASSIGNED, **BY_BODY, **params).refuses(SpanWouldBeEmpty)


def test_nothing_is_done_on_a_task_for_which_nobody_answers() -> None:
    UNANSWERED.when(ReportProgress, TASK, narrative="…").refuses(TaskNotInProgress)
    UNANSWERED.when(HandOver, TASK, **BY_BODY, to_official=SUCCESSOR, state_summary="…").refuses(
        TaskNotInProgress
    )


def test_the_successor_in_the_post_fills_the_vacancy_and_goes_on() -> None:
    UNANSWERED.given(SUCCESSION[1]).when(FillVacancy, TASK, on=HANDOVER, **BY_BODY, **FILL).then(
        filled(SUCCESSOR, SECRETARY, DISTRICT_PARTY)
    ).when(ReportProgress, TASK, on=HANDOVER, narrative="…").then(
        ProgressReported(
            **{**SHARED, "official_id": SUCCESSOR}, effective_on=HANDOVER, narrative="…"
        )
    )


def test_the_holder_of_another_post_fills_the_vacancy() -> None:
    UNANSWERED.when(FillVacancy, TASK, on=HANDOVER, **BY_BODY, **FILL, post_id=CHAIRMAN).then(
        filled(CHAIR, CHAIRMAN, DISTRICT_STATE)
    )


def test_a_vacancy_is_filled_by_its_body_with_who_holds_the_post() -> None:
    UNANSWERED.when(FillVacancy, TASK, **BY_BODY, **FILL).refuses(PostVacant)
    UNANSWERED.when(
        FillVacancy, TASK, **BY_BODY, **FILL, post_id=CHAIRMAN, official_id=PREDECESSOR
    ).refuses(NotThePostHolder)
    UNANSWERED.when(FillVacancy, TASK, on_behalf_of=COMMITTEE, **FILL).refuses(DocumentRequired)
    UNANSWERED.when(FillVacancy, TASK, on_behalf_of=DISTRICT_PARTY, basis=DECISION, **FILL).refuses(
        NotTheEntitledBody
    )
    GOING_ON.when(FillVacancy, TASK, **BY_BODY, **FILL).refuses(TaskNotAwaitingDecision)


def test_a_vacant_task_is_cancelled_with_nobody_answering() -> None:
    UNANSWERED.when(CancelTask, TASK, on=DONE, **BY_BODY, reason="Không còn phù hợp").then(
        TaskCancelled(
            **{**SHARED, "official_id": None},
            effective_on=DONE,
            cancelled_by=COMMITTEE,
            reason="Không còn phù hợp",
        )
    )


def test_a_claim_returned_after_its_author_left_leaves_the_task_vacant() -> None:
    returned: dict[str, Any] = {**SHARED, "effective_on": DONE, "reason": "Thiếu biên bản"}
    given(*CLAIMED, leaves(PREDECESSOR, SECRETARY, DISTRICT_PARTY, DONE)).when(
        ReturnCompletion, TASK, on=DONE, **BY_BODY, reason="Thiếu biên bản"
    ).then(
        CompletionReturned(**returned, returned_by=COMMITTEE),
        TaskVacated(**returned, vacated_by=COMMITTEE),
    )


def test_a_claim_is_not_returned_to_nobody_on_the_day_of_its_assignment() -> None:
    at_once = COMPLETION_CLAIMED.model_copy(update={"effective_on": ASSIGNED})
    gone = leaves(PREDECESSOR, SECRETARY, DISTRICT_PARTY, ASSIGNED)
    GOING_ON.given(at_once, gone).when(
        ReturnCompletion, TASK, on=ASSIGNED, **BY_BODY, reason="Thiếu biên bản"
    ).refuses(SpanWouldBeEmpty)

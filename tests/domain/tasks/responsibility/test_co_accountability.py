"""Co-accountability: several officials for one target set; the lead changes, they stay."""

from datetime import timedelta
from typing import Any

from domain.kernel import Actor, DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import NotThePostHolder, PostVacant
from domain.tasks.changes import VacancyFilled
from domain.tasks.command import NotAnswerable, SpanWouldBeEmpty
from domain.tasks.ending.completion import ClaimCompletion
from domain.tasks.events import ProgressReported, TaskTransferred
from domain.tasks.responsibility.co_accountability import (
    AddCoAccountable,
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
    HandOverCoAccountability,
    NotCoAccountable,
    ReleaseCoAccountable,
)
from domain.tasks.responsibility.handover import AlreadyAnswers
from domain.tasks.work.progress import ReportProgress
from domain.tasks.work.results import PartialResultRecorded, RecordPartialResult
from tests.domain.cast import (
    ASSIGNED,
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    DEPUTIES,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    EVIDENCE,
    HANDED_OVER,
    HANDOVER,
    IN_PROGRESS,
    PREDECESSOR,
    SECRETARY,
    SHARED,
    SUCCESSION,
    SUCCESSOR,
    TASK,
    TASK_VACATED,
    holds,
    leaves,
    post,
)
from tests.domain.scenario import BY_BODY, DECISION, given

CHAIRS: dict[str, Any] = {
    "task_id": TASK,
    "official_id": CHAIR,
    "post_id": CHAIRMAN,
    "unit_id": DISTRICT_STATE,
}
ADDED = CoAccountableAdded(**CHAIRS, effective_on=ASSIGNED, added_by=COMMITTEE)
GOING_ON = given(*IN_PROGRESS)
TOGETHER = GOING_ON.given(ADDED)
BY_CHAIR = Actor(f"official:{CHAIR}")
CHANGE_OF_CHAIR = (
    leaves(CHAIR, CHAIRMAN, DISTRICT_STATE, HANDOVER),
    holds(SUCCESSOR, CHAIRMAN, DISTRICT_STATE, HANDOVER),
)


def test_the_chairman_answers_beside_the_secretary_for_the_same_targets() -> None:
    after = GOING_ON.when(AddCoAccountable, TASK, on=ASSIGNED, **BY_BODY, post_id=CHAIRMAN).then(
        ADDED
    )
    after.when(AddCoAccountable, TASK, **BY_BODY, post_id=CHAIRMAN).refuses(AlreadyAnswers)


def test_the_lead_is_not_added_again() -> None:
    GOING_ON.when(AddCoAccountable, TASK, **BY_BODY, post_id=SECRETARY).refuses(AlreadyAnswers)


def test_adding_takes_the_guards_of_an_assignment() -> None:
    params: dict[str, Any] = {"post_id": CHAIRMAN}
    GOING_ON.when(AddCoAccountable, TASK, on_behalf_of=COMMITTEE, **params).refuses(
        DocumentRequired
    )
    GOING_ON.when(
        AddCoAccountable, TASK, on_behalf_of=DISTRICT_PARTY, basis=DECISION, **params
    ).refuses(NotTheEntitledBody)
    GOING_ON.when(AddCoAccountable, TASK, **BY_BODY, post_id=DEPUTIES).refuses(PostVacant)
    GOING_ON.when(
        AddCoAccountable, TASK, **BY_BODY, post_id=CHAIRMAN, official_id=SUCCESSOR
    ).refuses(NotThePostHolder)


def test_a_co_accountable_official_reports_but_does_not_claim_completion() -> None:
    TOGETHER.when(ReportProgress, TASK, by=BY_CHAIR, on=HANDOVER, narrative="…").then(
        ProgressReported(**CHAIRS, effective_on=HANDOVER, narrative="…")
    )
    TOGETHER.when(RecordPartialResult, TASK, by=BY_CHAIR, on=HANDOVER, summary="40 lò").then(
        PartialResultRecorded(
            **CHAIRS, effective_on=HANDOVER, summary="40 lò", values=(), evidence=()
        )
    )
    TOGETHER.when(ClaimCompletion, TASK, by=BY_CHAIR, summary="Xong", evidence=(EVIDENCE,)).refuses(
        NotAnswerable
    )
    GOING_ON.when(ReportProgress, TASK, by=BY_CHAIR, narrative="…").refuses(NotAnswerable)


def test_a_co_accountable_official_is_released_and_reports_no_more() -> None:
    released = CoAccountableReleased(
        **CHAIRS, effective_on=HANDOVER, released_by=COMMITTEE, reason="Phân công lại"
    )
    after = TOGETHER.when(
        ReleaseCoAccountable,
        TASK,
        on=HANDOVER,
        **BY_BODY,
        official_id=CHAIR,
        reason="Phân công lại",
    ).then(released)
    after.when(ReportProgress, TASK, by=BY_CHAIR, narrative="…").refuses(NotAnswerable)
    TOGETHER.when(
        ReleaseCoAccountable, TASK, **BY_BODY, official_id=PREDECESSOR, reason="Nhầm"
    ).refuses(NotCoAccountable)
    TOGETHER.when(
        ReleaseCoAccountable, TASK, on=ASSIGNED, **BY_BODY, official_id=CHAIR, reason="Nhầm"
    ).refuses(SpanWouldBeEmpty)


def test_the_co_accountable_stay_when_the_lead_is_handed_over() -> None:
    TOGETHER.given(*SUCCESSION, HANDED_OVER).when(
        ReportProgress, TASK, by=BY_CHAIR, on=HANDOVER, narrative="…"
    ).then(ProgressReported(**CHAIRS, effective_on=HANDOVER, narrative="…"))


def test_a_part_passes_to_the_successor_in_the_post() -> None:
    params: dict[str, Any] = {
        "from_official": CHAIR,
        "to_official": SUCCESSOR,
        "state_summary": "40 lò",
    }
    TOGETHER.given(*CHANGE_OF_CHAIR).when(
        HandOverCoAccountability, TASK, on=HANDOVER, **BY_BODY, **params
    ).then(
        CoAccountabilityHandedOver(
            **params,
            effective_on=HANDOVER,
            task_id=TASK,
            post_id=CHAIRMAN,
            unit_id=DISTRICT_STATE,
            decided_by=COMMITTEE,
        )
    ).when(
        ReportProgress, TASK, by=Actor(f"official:{SUCCESSOR}"), on=HANDOVER, narrative="…"
    ).then(
        ProgressReported(
            **{**CHAIRS, "official_id": SUCCESSOR}, effective_on=HANDOVER, narrative="…"
        )
    )
    TOGETHER.when(HandOverCoAccountability, TASK, **BY_BODY, **params).refuses(NotThePostHolder)


def test_who_comes_to_lead_answers_beside_the_lead_no_longer() -> None:
    led = TOGETHER.given(
        TaskTransferred(
            effective_on=HANDOVER,
            task_id=TASK,
            from_official=PREDECESSOR,
            from_post=SECRETARY,
            from_unit=DISTRICT_PARTY,
            to_official=CHAIR,
            to_post=CHAIRMAN,
            to_unit=DISTRICT_STATE,
            decided_by=COMMITTEE,
            reason="Điều chuyển",
        )
    )
    led.when(
        ReleaseCoAccountable,
        TASK,
        on=HANDOVER + timedelta(1),
        **BY_BODY,
        official_id=CHAIR,
        reason="…",
    ).refuses(NotCoAccountable)
    led.when(AddCoAccountable, TASK, on=HANDOVER, **BY_BODY, post_id=SECRETARY).then(
        CoAccountableAdded(**SHARED, effective_on=HANDOVER, added_by=COMMITTEE)
    )


def test_who_fills_the_vacancy_answers_beside_the_lead_no_longer() -> None:
    filled = VacancyFilled(
        **CHAIRS, effective_on=HANDOVER, filled_by=COMMITTEE, state_summary="40 lò"
    )
    TOGETHER.given(TASK_VACATED, filled).when(
        ReleaseCoAccountable,
        TASK,
        on=HANDOVER + timedelta(1),
        **BY_BODY,
        official_id=CHAIR,
        reason="…",
    ).refuses(NotCoAccountable)


def test_a_body_adds_only_holders_of_posts_that_it_manages() -> None:
    elsewhere = post("truong-phong", DISTRICT_STATE).model_copy(
        update={"managed_by": DISTRICT_PARTY}
    )
    GOING_ON.given(elsewhere, holds(SUCCESSOR, "truong-phong", DISTRICT_STATE)).when(
        AddCoAccountable, TASK, **BY_BODY, post_id="truong-phong"
    ).refuses(NotTheEntitledBody)

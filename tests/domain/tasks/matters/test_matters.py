"""Obstacles, solutions and reminders: what hangs on a task, numbered, and settled once."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import Actor, BodyRequired, DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import UnitUnknown
from domain.tasks.command import NotAnswerable, ResponsibleMayNotDecide, TaskNotInProgress
from domain.tasks.matters.matter import MatterClosed, MatterUnknown
from domain.tasks.matters.obstacles import (
    NotTheUnitAddressed,
    ObstacleRaised,
    ObstacleResolved,
    RaiseObstacle,
    ResolveObstacle,
)
from domain.tasks.matters.reminders import (
    AnswerReminder,
    ReminderAnswered,
    ReminderIssued,
)
from domain.tasks.matters.solutions import (
    ApproveSolution,
    ProposeSolution,
    RejectSolution,
    SolutionApproved,
    SolutionProposed,
    SolutionRejected,
    Support,
)
from domain.tasks.work.urging import AnswerDueBeforeReminder, Remind
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    CLAIMED,
    COMMITTEE,
    COMPLETED,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    HANDED_OVER,
    HANDOVER,
    IN_PROGRESS,
    PREDECESSOR,
    SHARED,
    SUCCESSOR,
    TASK,
    VACANT,
)
from tests.domain.scenario import DECISION, OFFICE, given

GOING_ON = given(*IN_PROGRESS)
ANSWERABLE = Actor(f"official:{PREDECESSOR}")
STRANGER = Actor(f"official:{CHAIR}")
OBSTACLE: dict[str, Any] = {
    "field": "land",
    "description": "Chưa có quỹ đất",
    "addressed_to": DISTRICT_STATE,
}
SOLUTION: dict[str, Any] = {
    "proposed_to": DISTRICT_PARTY,
    "title": "Hỗ trợ tháo dỡ lò gạch",
    "description": "Hỗ trợ mỗi hộ tháo dỡ lò gạch 5 triệu đồng/lò",
    "supports": (Support(purpose="Tháo dỡ lò gạch", amount_vnd=5_000_000, per="lò"),),
}
REMINDER: dict[str, Any] = {
    "content": "Báo cáo tiến độ",
    "answer_due_on": date(2021, 6, 15),
    "missed_paper": None,
}


def raised(number: int) -> ObstacleRaised:
    return ObstacleRaised(**SHARED, effective_on=HANDOVER, number=number, **OBSTACLE)


def resolved(number: int, by: str | None) -> ObstacleResolved:
    return ObstacleResolved(
        **SHARED,
        effective_on=HANDOVER,
        number=number,
        addressed_to=DISTRICT_STATE,
        resolved_by=by,
        resolution="Đã bố trí đất",
    )


PROPOSED = SolutionProposed(**SHARED, effective_on=HANDOVER, number=1, **SOLUTION)
REMINDED = ReminderIssued(**SHARED, effective_on=HANDOVER, number=1, issued_by=AGENCY, **REMINDER)


def test_obstacles_are_numbered_as_they_are_raised() -> None:
    GOING_ON.when(RaiseObstacle, TASK, by=ANSWERABLE, on=HANDOVER, **OBSTACLE).then(raised(1)).when(
        RaiseObstacle, TASK, by=ANSWERABLE, on=HANDOVER, **OBSTACLE
    ).then(raised(2))


def test_an_obstacle_is_resolved_once() -> None:
    params: dict[str, Any] = {"number": 1, "resolution": "Đã bố trí đất"}
    with_two = GOING_ON.given(raised(1), raised(2))
    after = with_two.when(
        ResolveObstacle, TASK, by=OFFICE, on=HANDOVER, on_behalf_of=DISTRICT_STATE, **params
    ).then(resolved(1, DISTRICT_STATE))
    after.when(ResolveObstacle, TASK, **params).refuses(MatterClosed)
    after.when(ResolveObstacle, TASK, on=HANDOVER, by=ANSWERABLE, **{**params, "number": 2}).then(
        resolved(2, None)
    )
    after.when(ResolveObstacle, TASK, **{**params, "number": 3}).refuses(MatterUnknown)


def test_an_obstacle_is_resolved_by_the_unit_addressed_or_the_assigning_body() -> None:
    params: dict[str, Any] = {"number": 1, "resolution": "Đã bố trí đất"}
    one = GOING_ON.given(raised(1))
    one.when(ResolveObstacle, TASK, on=HANDOVER, on_behalf_of=COMMITTEE, **params).then(
        resolved(1, COMMITTEE)
    )
    one.when(ResolveObstacle, TASK, on_behalf_of=AGENCY, **params).refuses(NotTheUnitAddressed)
    one.when(ResolveObstacle, TASK, by=STRANGER, **params).refuses(NotAnswerable)


def test_obstacles_are_raised_with_a_unit_by_the_official_answerable_while_the_work_goes_on() -> (
    None
):
    GOING_ON.when(RaiseObstacle, TASK, by=STRANGER, **OBSTACLE).refuses(NotAnswerable)
    GOING_ON.when(RaiseObstacle, TASK, **{**OBSTACLE, "addressed_to": "nowhere"}).refuses(
        UnitUnknown
    )
    for over in (CLAIMED, COMPLETED, VACANT):
        given(*over).when(RaiseObstacle, TASK, **OBSTACLE).refuses(TaskNotInProgress)


def test_a_solution_with_exact_support_is_approved_by_its_body_citing_a_document() -> None:
    put = GOING_ON.when(ProposeSolution, TASK, by=ANSWERABLE, on=HANDOVER, **SOLUTION).then(
        PROPOSED
    )
    params: dict[str, Any] = {"by": OFFICE, "on": HANDOVER, "on_behalf_of": DISTRICT_PARTY}
    put.when(ApproveSolution, TASK, **params, number=1).refuses(DocumentRequired)
    put.when(ApproveSolution, TASK, **params, basis=DECISION, number=1).then(
        SolutionApproved(
            **SHARED,
            effective_on=HANDOVER,
            number=1,
            decided_by=DISTRICT_PARTY,
            supports=SOLUTION["supports"],
        )
    ).when(RejectSolution, TASK, **params, number=1, reason="Muộn").refuses(MatterClosed)


def test_a_solution_is_rejected_with_a_reason() -> None:
    GOING_ON.given(PROPOSED).when(
        RejectSolution, TASK, on=HANDOVER, on_behalf_of=DISTRICT_PARTY, number=1, reason="Hết vốn"
    ).then(
        SolutionRejected(
            **SHARED, effective_on=HANDOVER, number=1, decided_by=DISTRICT_PARTY, reason="Hết vốn"
        )
    )


def test_nobody_but_the_body_asked_decides_on_a_solution() -> None:
    put = GOING_ON.given(PROPOSED)
    put.when(ApproveSolution, TASK, on_behalf_of=COMMITTEE, basis=DECISION, number=1).refuses(
        NotTheEntitledBody
    )
    put.when(
        ApproveSolution,
        TASK,
        by=ANSWERABLE,
        on_behalf_of=DISTRICT_PARTY,
        basis=DECISION,
        number=1,
    ).refuses(ResponsibleMayNotDecide)


@pytest.mark.parametrize("amount", [5_000_000.5, "5000000", 0, -1, True])
def test_money_is_whole_dong(amount: object) -> None:
    with pytest.raises(ValidationError, match="amount_vnd"):
        Support.model_validate({"purpose": "Tháo dỡ", "amount_vnd": amount, "per": "lò"})


def test_a_reminder_of_any_unit_is_answered_once_by_the_official_answerable() -> None:
    answer: dict[str, Any] = {"number": 1, "answer": "Đã tháo dỡ 40 lò"}
    reminded = GOING_ON.when(
        Remind, TASK, by=OFFICE, on=HANDOVER, on_behalf_of=AGENCY, **REMINDER
    ).then(REMINDED)
    reminded.when(AnswerReminder, TASK, by=STRANGER, **answer).refuses(NotAnswerable)
    reminded.when(AnswerReminder, TASK, by=ANSWERABLE, on=HANDOVER, **answer).then(
        ReminderAnswered(
            **SHARED,
            effective_on=HANDOVER,
            number=1,
            issued_by=AGENCY,
            answer="Đã tháo dỡ 40 lò",
        )
    ).when(AnswerReminder, TASK, **answer).refuses(MatterClosed)


def test_a_reminder_names_its_unit_and_a_day_to_come() -> None:
    GOING_ON.when(Remind, TASK, on=HANDOVER, **REMINDER).refuses(BodyRequired)
    GOING_ON.when(Remind, TASK, on=date(2021, 6, 16), on_behalf_of=AGENCY, **REMINDER).refuses(
        AnswerDueBeforeReminder
    )
    given(*COMPLETED).when(Remind, TASK, on_behalf_of=AGENCY, **REMINDER).refuses(TaskNotInProgress)


def test_the_successor_answers_what_the_predecessor_left_unanswered() -> None:
    GOING_ON.given(REMINDED, HANDED_OVER).when(
        AnswerReminder, TASK, by=Actor(f"official:{SUCCESSOR}"), on=HANDOVER, number=1, answer="Rõ"
    ).then(
        ReminderAnswered(
            **{**SHARED, "official_id": SUCCESSOR},
            effective_on=HANDOVER,
            number=1,
            issued_by=AGENCY,
            answer="Rõ",
        )
    )

"""What is annulled or replaced: it counts no more, and what stood on it is named."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from domain.kernel import Context, Event, Refusal
from domain.record.annulment import Named
from domain.record.contradictions import ContradictsLater
from domain.record.decision import folded, require_consistent
from domain.tasks.beginning.assignment import Assignment, AssignTask
from domain.tasks.changes import TaskContinued
from domain.tasks.ending.carry_over import CarryOver
from domain.tasks.events import (
    PlanStep,
    PlanSubmitted,
    ProgressReported,
    TaskAssigned,
)
from domain.tasks.matters.obstacles import ObstacleRaised, RaiseObstacle
from domain.tasks.proposal import IndicatorValue
from domain.tasks.work.corrections import CorrectEvent, EventDoesNotStand
from domain.timeline import EventsAnnulled
from tests.domain.cast import (
    AGENCY,
    COMMITTEE,
    HANDOVER,
    IN_PROGRESS,
    SHARED,
    TASK,
    TASK_ASSIGNED,
)
from tests.domain.scenario import BY_BODY, CLERK, DECISION, OFFICE, TODAY, given

MARCH, JULY = date(2021, 3, 1), date(2021, 7, 1)
NEXT = "lo-gach-2022"
REPORT = ProgressReported(
    **SHARED,
    effective_on=HANDOVER,
    narrative="Đã tháo dỡ 98 lò",
    values=(IndicatorValue(code="kilns", actual=98),),
)
OBSTACLE: dict[str, Any] = {"field": "land", "description": "Vướng đất", "addressed_to": AGENCY}
RAISED = ObstacleRaised(**SHARED, effective_on=HANDOVER, number=1, **OBSTACLE)


def annulled(event: Event) -> EventsAnnulled:
    """The event, recorded right after the task was assigned, counts no more."""
    return EventsAnnulled(
        effective_on=TODAY,
        positions=(len(IN_PROGRESS) + 1,),
        tagged=tuple(event.tags()),
        replacements=0,
        place=1,
        annulled_by=None,
        reason="Ghi nhầm",
    )


def without(history: tuple[Event, ...], *gone: Event) -> None:
    """Pass if all else still holds without these, which the body recorded."""
    recorded = dict(enumerate(history, 1))
    named = [
        Named(at, event, CLERK.id, COMMITTEE) for at, event in recorded.items() if event in gone
    ]
    context = Context(OFFICE, TODAY, TODAY, COMMITTEE, DECISION)
    require_consistent(context, recorded, named, ())


def named_by(caught: pytest.ExceptionInfo[ContradictsLater]) -> list[Event]:
    return [one.event for one in caught.value.contradictions]


def test_an_annulled_report_is_not_corrected() -> None:
    params: dict[str, Any] = {"reading": {"kind": "progress", "narrative": "x"}, "reason": "x"}
    history = given(*IN_PROGRESS, REPORT, annulled(REPORT), REPORT.model_copy())
    history.when(CorrectEvent, TASK, sequence=4, **params).refuses(EventDoesNotStand)
    [event] = history.when(CorrectEvent, TASK, sequence=5, **params).decide()
    assert event.effective_on == TODAY


def test_a_correction_does_not_outlive_the_very_report_that_it_corrects() -> None:
    reading: dict[str, Any] = {"reading": {"kind": "progress", "narrative": "x"}, "reason": "x"}
    history = given(*IN_PROGRESS, REPORT, REPORT.model_copy())
    [corrected] = history.when(CorrectEvent, TASK, sequence=4, **reading).decide()
    recorded = dict(enumerate((*history.history, corrected), 1))
    first = len(IN_PROGRESS) + 1
    named = [Named(first, REPORT, CLERK.id, None)]
    context = Context(CLERK, TODAY, TODAY)
    with pytest.raises(ContradictsLater) as caught:
        require_consistent(context, recorded, named, ())
    assert named_by(caught) == [corrected]
    require_consistent(context, recorded, [*named, Named(first + 2, corrected, CLERK.id, None)], ())


def test_a_report_of_a_later_day_is_not_corrected_before_it() -> None:
    reading = {"kind": "progress", "narrative": "x"}
    given(*IN_PROGRESS, REPORT).when(
        CorrectEvent, TASK, on=MARCH, sequence=4, reading=reading, reason="x"
    ).refuses(EventDoesNotStand)


def test_the_number_of_an_annulled_matter_is_not_given_again() -> None:
    given(*IN_PROGRESS, RAISED, annulled(RAISED)).when(
        RaiseObstacle, TASK, on=HANDOVER, **OBSTACLE
    ).then(RAISED.model_copy(update={"number": 2}))


def test_what_an_annulled_report_said_is_not_carried_over() -> None:
    params: dict[str, Any] = {"term": {"kind": "year", "year": 2022}, "reason": "Chưa xong"}
    reported = given(*IN_PROGRESS, REPORT)
    with pytest.raises(Refusal, match="Every indicator"):
        reported.when(CarryOver, TASK, NEXT, **BY_BODY, **params).decide()
    began, *_ = (
        reported.given(annulled(REPORT)).when(CarryOver, TASK, NEXT, **BY_BODY, **params).decide()
    )
    assert isinstance(began, TaskContinued)
    assert [indicator.code for indicator in began.proposal.indicators] == ["kilns"]


def test_a_task_is_carried_over_by_the_word_of_both_tasks() -> None:
    params: dict[str, Any] = {"term": {"kind": "year", "year": 2022}, "reason": "Chưa xong"}
    events = given(*IN_PROGRESS).when(CarryOver, TASK, NEXT, **BY_BODY, **params).decide()
    continued, assigned, carried_over = events
    history = (*IN_PROGRESS, *events)
    without(history, *events)
    with pytest.raises(ContradictsLater) as caught:
        without(history, carried_over)
    assert named_by(caught) == [assigned]
    with pytest.raises(ContradictsLater) as caught:
        without(history, continued, assigned)
    assert named_by(caught) == [carried_over]


def test_a_task_that_goes_on_from_another_is_worked_on_late() -> None:
    params: dict[str, Any] = {"term": {"kind": "year", "year": 2022}, "reason": "Chưa xong"}
    carried_over = given(*IN_PROGRESS).when(CarryOver, TASK, NEXT, on=HANDOVER, **BY_BODY, **params)
    since = REPORT.model_copy(update={"task_id": NEXT, "effective_on": JULY})
    raised = RAISED.model_copy(update={"task_id": NEXT})
    given(*IN_PROGRESS, *carried_over.decide(), since).when(
        RaiseObstacle, NEXT, on=HANDOVER, **OBSTACLE
    ).then(raised)


def test_without_its_registration_nothing_of_a_task_holds() -> None:
    registered, approved, assigned = IN_PROGRESS[-3:]
    with pytest.raises(ContradictsLater) as caught:
        without((*IN_PROGRESS, REPORT), registered)
    assert named_by(caught) == [approved, assigned, REPORT]
    with pytest.raises(ContradictsLater) as caught:
        without((*IN_PROGRESS, RAISED, REPORT), approved, assigned)
    assert named_by(caught) == [RAISED, REPORT]


def test_an_assignment_replaced_by_one_of_a_later_day_names_what_was_done_between() -> None:
    plan = PlanSubmitted(
        **SHARED,
        effective_on=MARCH,
        revision=1,
        summary="Kế hoạch",
        steps=(PlanStep(title="Bước", due_on=JULY, performed_by="Phòng"),),
    )
    recorded = dict(enumerate((*IN_PROGRESS, plan, REPORT), 1))
    at = len(IN_PROGRESS)
    named = [Named(at, TASK_ASSIGNED, CLERK.id, COMMITTEE)]

    def assigned(on: date) -> TaskAssigned:
        context = Context(OFFICE, TODAY, on, COMMITTEE, DECISION)
        command = folded(partial(AssignTask, context, Assignment(), TASK), recorded, (at,))
        command.execute()
        [tagged] = command.collect_events()
        assert isinstance(tagged.decision, TaskAssigned)
        require_consistent(context, recorded, named, (tagged.decision,))
        return tagged.decision

    with pytest.raises(ContradictsLater) as caught:
        assigned(JULY)
    assert named_by(caught) == [plan, REPORT]
    assert assigned(date(2021, 2, 1)).official_id == TASK_ASSIGNED.official_id

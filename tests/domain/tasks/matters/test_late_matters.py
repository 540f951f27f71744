"""Numbers of matters, plans and findings recorded late: new among all that is recorded."""

from datetime import date
from typing import Any

from domain.kernel import Event
from domain.tasks.events import (
    PlanStep,
    PlanSubmitted,
)
from domain.tasks.matters.delegation import DelegatePart, PartDelegated
from domain.tasks.matters.obstacles import (
    ObstacleRaised,
    ObstacleResolved,
    RaiseObstacle,
    ResolveObstacle,
)
from domain.tasks.matters.reminders import ReminderIssued
from domain.tasks.matters.solutions import ProposeSolution, SolutionProposed
from domain.tasks.responsibility.collective import FindResponsibility, ResponsibilityFound
from domain.tasks.work.plan import SubmitPlan
from domain.tasks.work.urging import Remind
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    COMMITTEE,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    SHARED,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.domain.scenario import BY_BODY, given

MARCH, JULY, AUGUST = date(2021, 3, 1), date(2021, 7, 1), date(2021, 8, 1)
OBSTACLE: dict[str, Any] = {"field": "land", "description": "Vướng đất", "addressed_to": AGENCY}
RAISED = ObstacleRaised(**SHARED, effective_on=JULY, number=1, **OBSTACLE)
RESOLVED = ObstacleResolved(
    **SHARED,
    effective_on=AUGUST,
    number=1,
    addressed_to=AGENCY,
    resolved_by=None,
    resolution="Đã giao đất",
)


def test_what_is_opened_late_has_a_number_of_its_own() -> None:
    reminded = ReminderIssued(
        **SHARED,
        effective_on=JULY,
        number=1,
        issued_by=AGENCY,
        content="Đôn đốc",
        answer_due_on=AUGUST,
        missed_paper=None,
    )
    proposed = SolutionProposed(
        **SHARED,
        effective_on=JULY,
        number=1,
        proposed_to=COMMITTEE,
        title="Hỗ trợ",
        description="Hỗ trợ",
        supports=(),
    )
    part = PartDelegated(
        **SHARED,
        effective_on=JULY,
        number=1,
        title="Phần việc",
        delegate_unit=None,
        delegate_official=CHAIR,
        delegate_person=None,
        due_on=AUGUST,
        weight_percent=None,
    )
    recorded = given(*IN_PROGRESS, RAISED, reminded, proposed, part)
    opened: list[tuple[Any, Event, dict[str, Any]]] = [
        (RaiseObstacle, RAISED, OBSTACLE),
        (
            Remind,
            reminded,
            {"on_behalf_of": AGENCY, "content": "Đôn đốc", "answer_due_on": AUGUST},
        ),
        (
            ProposeSolution,
            proposed,
            {"proposed_to": COMMITTEE, "title": "Hỗ trợ", "description": "Hỗ trợ"},
        ),
        (
            DelegatePart,
            part,
            {"title": "Phần việc", "delegate_official": CHAIR, "due_on": AUGUST},
        ),
    ]
    for verb, later, params in opened:
        recorded.when(verb, TASK, on=MARCH, **params).then(
            later.model_copy(update={"effective_on": MARCH, "number": 2})
        )


def test_a_plan_or_a_finding_recorded_late_has_a_number_of_its_own() -> None:
    steps = (PlanStep(title="Bước", due_on=JULY, performed_by="Phòng"),)
    plan = PlanSubmitted(**SHARED, effective_on=JULY, revision=1, summary="Kế hoạch", steps=steps)
    given(*IN_PROGRESS, plan).when(
        SubmitPlan, TASK, on=MARCH, summary="Kế hoạch", steps=[dict(step) for step in steps]
    ).then(plan.model_copy(update={"effective_on": MARCH, "revision": 2}))
    due = TASK_ASSIGNED.model_copy(update={"due_on": date(2021, 2, 1)})
    found = ResponsibilityFound(
        effective_on=JULY,
        task_id=TASK,
        number=1,
        official_id=PREDECESSOR,
        unit_id=None,
        found_by=COMMITTEE,
        due_on=date(2021, 2, 1),
        finding="Chậm",
    )
    given(*ORGANISATION, TASK_REGISTERED, TASK_APPROVED, due, found).when(
        FindResponsibility, TASK, on=MARCH, **BY_BODY, official_id=PREDECESSOR, finding="Chậm"
    ).then(found.model_copy(update={"effective_on": MARCH, "number": 2}))


def test_a_matter_is_settled_late_once() -> None:
    given(*IN_PROGRESS, RAISED, RESOLVED).when(
        ResolveObstacle, TASK, on=date(2021, 7, 15), number=1, resolution="Đã giao đất"
    ).contradicts(RESOLVED)

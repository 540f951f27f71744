"""The collective beside the person, and who is found responsible for a late task."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import UnitUnknown
from domain.tasks.command import TaskNotInProgress
from domain.tasks.responsibility.collective import (
    BindCollective,
    CollectiveBound,
    CollectiveBoundBefore,
    FindResponsibility,
    NotConcerned,
    ResponsibilityFound,
    TaskNotLate,
)
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    COMMITTEE,
    COMPLETED,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    DONE,
    HANDED_OVER,
    HANDOVER,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    SHARED,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.domain.scenario import BY_BODY, DECISION, given

GOING_ON = given(*IN_PROGRESS)
BOUND = CollectiveBound(
    **SHARED, effective_on=HANDOVER, collective=DISTRICT_STATE, bound_by=COMMITTEE
)
LATE = TASK_ASSIGNED.model_copy(update={"due_on": date(2021, 5, 31)})
OVERDUE = given(*ORGANISATION, TASK_REGISTERED, TASK_APPROVED, LATE)


def found(number: int, official_id: str | None, unit_id: str | None) -> ResponsibilityFound:
    return ResponsibilityFound(
        effective_on=HANDOVER,
        task_id=TASK,
        number=number,
        official_id=official_id,
        unit_id=unit_id,
        found_by=COMMITTEE,
        due_on=date(2021, 5, 31),
        finding="Chậm đối thoại",
    )


def test_the_assigning_body_binds_the_sending_collective_once() -> None:
    bound = GOING_ON.when(
        BindCollective, TASK, on=HANDOVER, **BY_BODY, collective=DISTRICT_STATE
    ).then(BOUND)
    bound.when(BindCollective, TASK, **BY_BODY, collective=DISTRICT_STATE).refuses(
        CollectiveBoundBefore
    )
    GOING_ON.when(BindCollective, TASK, **BY_BODY, collective="nowhere").refuses(UnitUnknown)
    GOING_ON.when(BindCollective, TASK, on_behalf_of=AGENCY, collective=DISTRICT_STATE).refuses(
        NotTheEntitledBody
    )


def test_official_and_collective_are_found_responsible_for_a_late_task() -> None:
    params: dict[str, Any] = {"finding": "Chậm đối thoại", "on": HANDOVER, **BY_BODY}
    OVERDUE.given(BOUND).when(FindResponsibility, TASK, **params, official_id=PREDECESSOR).then(
        found(1, PREDECESSOR, None)
    ).when(FindResponsibility, TASK, **params, unit_id=DISTRICT_STATE).then(
        found(2, None, DISTRICT_STATE)
    )


def test_who_answered_before_a_handover_is_found_responsible_still() -> None:
    OVERDUE.given(HANDED_OVER).when(
        FindResponsibility,
        TASK,
        on=HANDOVER,
        **BY_BODY,
        official_id=PREDECESSOR,
        finding="Chậm đối thoại",
    ).then(found(1, PREDECESSOR, None))


def test_a_finding_needs_a_late_task_a_document_and_somebody_concerned() -> None:
    params: dict[str, Any] = {"official_id": PREDECESSOR, "finding": "Chậm"}
    GOING_ON.when(FindResponsibility, TASK, on=HANDOVER, **BY_BODY, **params).refuses(TaskNotLate)
    given(*COMPLETED).when(FindResponsibility, TASK, on=DONE, **BY_BODY, **params).refuses(
        TaskNotLate
    )
    OVERDUE.when(FindResponsibility, TASK, on_behalf_of=COMMITTEE, **params).refuses(
        DocumentRequired
    )
    OVERDUE.when(
        FindResponsibility, TASK, on_behalf_of=DISTRICT_PARTY, basis=DECISION, **params
    ).refuses(NotTheEntitledBody)
    OVERDUE.when(FindResponsibility, TASK, **BY_BODY, **{**params, "official_id": CHAIR}).refuses(
        NotConcerned
    )
    OVERDUE.when(FindResponsibility, TASK, **BY_BODY, unit_id=AGENCY, finding="…").refuses(
        NotConcerned
    )
    given(*ORGANISATION, TASK_REGISTERED).when(
        FindResponsibility, TASK, **BY_BODY, **params
    ).refuses(TaskNotInProgress)
    with pytest.raises(ValidationError, match="one of them"):
        OVERDUE.when(FindResponsibility, TASK, **BY_BODY, finding="…")


def test_a_task_completed_in_time_is_not_late_a_task_due_today_neither() -> None:
    due_today = LATE.model_copy(update={"due_on": HANDOVER})
    given(*ORGANISATION, TASK_REGISTERED, TASK_APPROVED, due_today).when(
        FindResponsibility,
        TASK,
        on=HANDOVER,
        **BY_BODY,
        official_id=PREDECESSOR,
        finding="Chậm",
    ).refuses(TaskNotLate)

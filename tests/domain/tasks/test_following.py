"""Following: what refuses an event on the state of its day, beside the task's own state."""

from datetime import date
from typing import Any

import pytest

from domain.kernel import Event, Refusal
from domain.organisation.events import UnitClosed
from domain.organisation.organisation import NotThePostHolder, UnitNotOpen
from domain.record.standing import State
from domain.tasks.beginning.amendment import ProposalUnchanged
from domain.tasks.changes import TaskAmended, TaskCarriedOver, VacancyFilled
from domain.tasks.command import IndicatorUnknown, SpanWouldBeEmpty, StatedOtherwise
from domain.tasks.ending.recurrence import (
    TaskNotYearly,
    YearBeforeTask,
    YearOpened,
    YearOpenedBefore,
)
from domain.tasks.events import (
    HandoverDeclined,
    HandoverOffered,
    ProgressReported,
    TaskHandedOver,
    TaskTransferred,
)
from domain.tasks.matters.delegation import (
    DelegatedToOneself,
    PartDelegated,
    PartDueOutsideTask,
    PartReported,
)
from domain.tasks.matters.matter import MatterClosed, MatterUnknown
from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from domain.tasks.proposal import IndicatorValue
from domain.tasks.responsibility.collective import CollectiveBound, CollectiveBoundBefore
from domain.tasks.responsibility.handover import (
    AlreadyAnswers,
    HandoverAlreadyOffered,
    HandoverNotOffered,
    NotTheSuccessor,
)
from domain.tasks.responsibility.transfer import TransferToSamePost
from tests.domain.cast import (
    AGENCY,
    APPROVED,
    ASSIGNED,
    CHAIR,
    CLAIMED,
    COMMITTEE,
    COMPLETION_CONFIRMED,
    DISTRICT_PARTY,
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
    TASK_REGISTERED,
    TASK_VACATED,
    VACANT,
    YEARLY,
)

JULY = date(2021, 7, 1)
RAISED = ObstacleRaised(
    **SHARED,
    effective_on=HANDOVER,
    number=1,
    field="land",
    description="Vướng đất",
    addressed_to=AGENCY,
)
RESOLVED = ObstacleResolved(
    **SHARED,
    effective_on=JULY,
    number=1,
    addressed_to=AGENCY,
    resolved_by=None,
    resolution="Đã giao đất",
)
PART = PartDelegated(
    **SHARED,
    effective_on=HANDOVER,
    number=1,
    title="Phần việc",
    delegate_unit=None,
    delegate_official=CHAIR,
    delegate_person=None,
    due_on=JULY,
    weight_percent=None,
)
PART_REPORTED = PartReported(
    **SHARED,
    effective_on=JULY,
    number=1,
    delegate_unit=None,
    delegate_official=CHAIR,
    share_percent=50,
    narrative="Đã xong một nửa",
)
BOUND = CollectiveBound(**SHARED, effective_on=JULY, collective=AGENCY, bound_by=COMMITTEE)
YEAR = YearOpened(**SHARED, effective_on=JULY, year=2022, instance="lo-gach-2022", opened_by="x")
HANDED: dict[str, Any] = {
    "effective_on": HANDOVER,
    "task_id": TASK,
    "from_official": PREDECESSOR,
    "to_official": SUCCESSOR,
    "post_id": SECRETARY,
    "unit_id": DISTRICT_PARTY,
}
OFFERED = HandoverOffered(**HANDED, state_summary="Đang làm")
TO_CHAIR = OFFERED.model_copy(update={"to_official": CHAIR})
CLOSED = UnitClosed(effective_on=APPROVED, unit_id=AGENCY, reason="Giải thể")
SUCCEEDED = (*IN_PROGRESS, *SUCCESSION)
CARRIED_OVER = TaskCarriedOver(
    **SHARED, effective_on=ASSIGNED, carried_by=COMMITTEE, to_task="x", reason="Chưa xong"
)
TRANSFERRED = TaskTransferred(
    effective_on=HANDOVER,
    task_id=TASK,
    from_official=PREDECESSOR,
    from_post=SECRETARY,
    from_unit=DISTRICT_PARTY,
    to_official=SUCCESSOR,
    to_post=SECRETARY,
    to_unit=DISTRICT_PARTY,
    decided_by=COMMITTEE,
    reason="Điều chuyển",
)
FILLED = VacancyFilled(
    **SHARED, effective_on=HANDOVER, filled_by=COMMITTEE, state_summary="Đang làm"
)
AMENDED = TaskAmended(
    **SHARED, effective_on=APPROVED, amended_by=COMMITTEE, proposal=PROPOSAL, reason="Rõ hơn"
)
REPORT = ProgressReported(
    **SHARED,
    effective_on=JULY,
    narrative="Đã làm đường",
    values=(IndicatorValue(code="roads", actual=1),),
)


def other(event: Event, **fields: Any) -> Event:
    return event.model_copy(update=fields)


CASES: list[tuple[tuple[Event, ...], Event, type[Refusal]]] = [
    (IN_PROGRESS, RESOLVED, MatterUnknown),
    ((*IN_PROGRESS, RAISED, RESOLVED), RESOLVED, MatterClosed),
    ((*IN_PROGRESS, other(RAISED, addressed_to=COMMITTEE)), RESOLVED, StatedOtherwise),
    ((*IN_PROGRESS, CLOSED), RAISED, UnitNotOpen),
    ((*IN_PROGRESS, CLOSED), BOUND, UnitNotOpen),
    ((*IN_PROGRESS, BOUND), BOUND, CollectiveBoundBefore),
    ((*IN_PROGRESS, other(PART, delegate_official=SUCCESSOR)), PART_REPORTED, StatedOtherwise),
    (IN_PROGRESS, other(PART, delegate_official=PREDECESSOR), DelegatedToOneself),
    (IN_PROGRESS, other(PART, due_on=date(2022, 1, 1)), PartDueOutsideTask),
    (CLAIMED, other(COMPLETION_CONFIRMED, completed_on=HANDOVER), StatedOtherwise),
    (SUCCEEDED, HANDED_OVER, HandoverNotOffered),
    ((*SUCCEEDED, TO_CHAIR), HANDED_OVER, NotTheSuccessor),
    ((*SUCCEEDED, TO_CHAIR), HandoverDeclined(**HANDED, reason="Không"), NotTheSuccessor),
    ((*SUCCEEDED, OFFERED), OFFERED, HandoverAlreadyOffered),
    (SUCCEEDED, TO_CHAIR, NotThePostHolder),
    (SUCCEEDED, other(OFFERED, to_official=PREDECESSOR), AlreadyAnswers),
    (
        (*IN_PROGRESS, other(SUCCESSION[1], effective_on=APPROVED)),
        TaskHandedOver(
            **{**HANDED, "effective_on": ASSIGNED}, state_summary="Mới", decided_by=COMMITTEE
        ),
        SpanWouldBeEmpty,
    ),
    (SUCCEEDED, TRANSFERRED, TransferToSamePost),
    (IN_PROGRESS, other(TASK_VACATED, effective_on=ASSIGNED), SpanWouldBeEmpty),
    (IN_PROGRESS, CARRIED_OVER, SpanWouldBeEmpty),
    (VACANT, FILLED, NotThePostHolder),
    (IN_PROGRESS, REPORT, IndicatorUnknown),
    (IN_PROGRESS, YEAR, TaskNotYearly),
    (YEARLY, other(YEAR, year=2020), YearBeforeTask),
    ((*YEARLY, YEAR), YEAR, YearOpenedBefore),
    ((*ORGANISATION, TASK_REGISTERED), AMENDED, ProposalUnchanged),
    (ORGANISATION, other(TASK_REGISTERED, official_id=SUCCESSOR), NotThePostHolder),
]


@pytest.mark.parametrize(
    ("history", "event", "refusal"), CASES, ids=lambda case: getattr(case, "__name__", "")
)
def test_an_event_does_not_follow(
    history: tuple[Event, ...], event: Event, refusal: type[Refusal]
) -> None:
    state = State()
    for happened in history:
        state.evolve(happened)
    with pytest.raises(refusal) as caught:
        state.require(event)
    assert type(caught.value) is refusal
    for language in ("en", "vi"):
        assert "{" not in caught.value.detail(language)


def test_what_is_not_seen_of_the_organisation_is_not_judged() -> None:
    state = State()
    for happened in IN_PROGRESS[-3:]:
        state.evolve(happened)
    for event in (other(OFFERED, to_official=CHAIR), RAISED, PART):
        state.require(event)
    assert not list(state.violations(JULY))

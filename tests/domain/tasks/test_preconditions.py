"""Preconditions of tasks: every event has one, and what stands on a change is found."""

from datetime import date

import pytest

from domain.catalogue import EVENT_TYPES
from domain.organisation.events import OfficialRegistered, PostCreated, TenureStarted, UnitClosed
from domain.record.standing import State
from domain.tasks.events import ProgressReported, TaskCancelled, TaskEvent
from domain.tasks.following import require
from domain.tasks.preconditions import tasks_concerned
from tests.domain.cast import (
    AGENCY,
    ASSIGNED,
    COMMITTEE,
    DISTRICT_PARTY,
    FOUNDED,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    REGISTERED,
    SECRETARY,
    SHARED,
    TASK,
    TASK_ASSIGNED,
    VACANT,
)

TASK_CANCELLED = TaskCancelled(
    **SHARED, effective_on=date(2021, 7, 1), cancelled_by=COMMITTEE, reason="Thừa"
)
REPORT = ProgressReported(**SHARED, effective_on=ASSIGNED, narrative="Đã đối thoại")
OF_TASKS = [event for event in EVENT_TYPES.values() if issubclass(event, TaskEvent)]


@pytest.mark.parametrize("event_type", OF_TASKS, ids=lambda event_type: event_type.TYPE)
def test_every_event_of_a_task_has_its_precondition(event_type: type[TaskEvent]) -> None:
    assert require.dispatch(event_type) is not require.dispatch(TaskEvent)


def test_whoever_decided_on_a_task_decides_on_it_after_its_end() -> None:
    state = State()
    for event in (*VACANT, TASK_CANCELLED):
        state.evolve(event)
    assert state.deciding_body(TASK_CANCELLED) == COMMITTEE
    assert State().deciding_body(TASK_CANCELLED) is None


def test_what_may_stand_on_a_change_is_looked_for_by_type_and_not_by_a_tag_alone() -> None:
    tenure = TenureStarted(
        effective_on=FOUNDED, official_id=PREDECESSOR, post_id=SECRETARY, unit_id=DISTRICT_PARTY
    )
    post = next(event for event in ORGANISATION if isinstance(event, PostCreated))
    known = OfficialRegistered(effective_on=FOUNDED, official_id=PREDECESSOR, full_name="Cán bộ")
    closed = UnitClosed(effective_on=REGISTERED, unit_id=AGENCY, reason="Giải thể")
    for changed in (tenure, post, known, closed):
        assert all(selector.types for selector in tasks_concerned([changed], []))
        found = [selector.tags for selector in tasks_concerned([changed], [TASK_ASSIGNED])]
        assert ([f"task:{TASK}"] in found) is (changed is not closed)
    *_, whole, post_of_lead = tasks_concerned([REPORT], [*IN_PROGRESS])
    assert not whole.types
    assert whole.tags == [f"task:{TASK}"]
    assert post_of_lead.tags == [f"post:{SECRETARY}"]

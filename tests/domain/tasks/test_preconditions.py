"""Preconditions of tasks: every event has one, and what stands on a change is found."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from eventsourcing.dcb.domain import Selector

from domain.catalogue import EVENT_TYPES
from domain.kernel import Event, Refusal
from domain.organisation.events import OfficialRegistered, PostCreated, TenureStarted, UnitClosed
from domain.organisation.organisation import NotThePostHolder
from domain.record.standing import State
from domain.tasks.beginning.advice import TaskAdvised
from domain.tasks.beginning.registration import TaskExists
from domain.tasks.changes import (
    ObjectiveCauseConfirmed,
    TaskAmended,
    TaskContinued,
    TaskCorrected,
    VacancyFilled,
)
from domain.tasks.command import AnsweredByAnother, TaskNotAwaitingDecision, TaskUnknown
from domain.tasks.events import (
    CompletionConfirmed,
    CompletionReturned,
    ProgressReported,
    TaskApproved,
    TaskAssigned,
    TaskCancelled,
    TaskCommissioned,
    TaskEvent,
    TaskRegistered,
    TaskRejected,
    TaskScored,
)
from domain.tasks.following import require
from domain.tasks.preconditions import tasks_concerned
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
    NotCoAccountable,
)
from domain.tasks.responsibility.collective import ResponsibilityFound, TaskNotLate
from domain.tasks.responsibility.consequences import (
    ProposalUnknown,
    ResponsibilityDecided,
    ResponsibilityDropped,
    ResponsibilityProposed,
)
from domain.tasks.work.corrections import EventDoesNotStand
from domain.tasks.work.missed_reports import ReportMissed, TaskPaperMissed
from domain.tasks.work.objective_causes import NothingReturned
from tests.domain.cast import (
    AGENCY,
    ASSIGNED,
    COMMITTEE,
    DISTRICT_PARTY,
    DONE,
    FOUNDED,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    REGISTERED,
    SECRETARY,
    SHARED,
    SUCCESSOR,
    TASK,
    TASK_ASSIGNED,
    VACANT,
)

TASK_CANCELLED = TaskCancelled(
    **SHARED, effective_on=date(2021, 7, 1), cancelled_by=COMMITTEE, reason="Thừa"
)
REPORT = ProgressReported(**SHARED, effective_on=ASSIGNED, narrative="Đã đối thoại")
OF_TASKS = [event for event in EVENT_TYPES.values() if issubclass(event, TaskEvent)]

# What refuses an event on a task in progress before it is asked whom the event names.
OTHERWISE: dict[type[TaskEvent], type[Refusal]] = {
    **dict.fromkeys((TaskRegistered, TaskCommissioned, TaskContinued), TaskExists),
    **dict.fromkeys(
        (
            TaskApproved,
            TaskRejected,
            TaskAdvised,
            TaskAmended,
            TaskAssigned,
            VacancyFilled,
            CompletionConfirmed,
            CompletionReturned,
            TaskScored,
        ),
        TaskNotAwaitingDecision,
    ),
    **dict.fromkeys((CoAccountableReleased, CoAccountabilityHandedOver), NotCoAccountable),
    CoAccountableAdded: NotThePostHolder,
    **dict.fromkeys((ResponsibilityFound, ResponsibilityProposed), TaskNotLate),
    **dict.fromkeys((ResponsibilityDecided, ResponsibilityDropped), ProposalUnknown),
    ObjectiveCauseConfirmed: NothingReturned,
    TaskCorrected: EventDoesNotStand,
}


@pytest.mark.parametrize("event_type", OF_TASKS, ids=lambda event_type: event_type.TYPE)
def test_every_event_of_a_task_has_its_precondition(event_type: type[TaskEvent]) -> None:
    assert require.dispatch(event_type) is not require.dispatch(TaskEvent)


def made(event_type: type[TaskEvent], **fields: Any) -> TaskEvent:
    """An event of that type that says nothing but these fields."""
    blank: dict[str, Any] = dict.fromkeys(event_type.model_fields)
    return event_type.model_construct(**{**blank, "task_id": TASK, "effective_on": DONE, **fields})


@pytest.mark.parametrize("event_type", OF_TASKS, ids=lambda event_type: event_type.TYPE)
def test_nothing_follows_on_a_task_that_has_not_begun_and_none_begins_twice(
    event_type: type[TaskEvent],
) -> None:
    begins = event_type in {TaskRegistered, TaskCommissioned, TaskContinued}
    state = State()
    for event in IN_PROGRESS if begins else ORGANISATION:
        state.evolve(event)
    with pytest.raises(TaskExists if begins else TaskUnknown):
        state.require(made(event_type))


FOUND_BY_THE_SERVICE = (ReportMissed, TaskPaperMissed)


def test_what_the_service_found_stands_whoever_answers() -> None:
    state = State()
    for event in IN_PROGRESS:
        state.evolve(event)
    for found in FOUND_BY_THE_SERVICE:
        state.require(made(found, official_id=SUCCESSOR, unit_id=DISTRICT_PARTY))


@pytest.mark.parametrize(
    "event_type",
    [one for one in OF_TASKS if one not in FOUND_BY_THE_SERVICE],
    ids=lambda event_type: event_type.TYPE,
)
def test_what_names_another_than_who_answers_that_day_does_not_follow(
    event_type: type[TaskEvent],
) -> None:
    state = State()
    for event in IN_PROGRESS:
        state.evolve(event)
    fields = event_type.model_fields
    others = {name: SUCCESSOR for name in ("official_id", "from_official") if name in fields}
    expected = OTHERWISE.get(event_type, AnsweredByAnother)
    with pytest.raises(expected) as caught:
        state.require(made(event_type, **others, post_id=SECRETARY, unit_id=DISTRICT_PARTY))
    assert type(caught.value) is expected


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
        assert all(selector.types for selector in tasks_concerned([changed], [], of_posts=True))
        found = [selector.tags for selector in _concerned(changed, [TASK_ASSIGNED])]
        assert ([f"task:{TASK}"] in found) is (changed is not closed)
    *_, whole, post_of_lead = _concerned(REPORT, IN_PROGRESS)
    assert not whole.types
    assert whole.tags == [f"task:{TASK}"]
    assert post_of_lead.tags == [f"post:{SECRETARY}"]


def test_the_posts_of_a_task_are_not_seen_where_only_a_report_of_a_past_day_changes() -> None:
    [whole] = tasks_concerned([REPORT], IN_PROGRESS, of_posts=False)
    assert whole.tags == [f"task:{TASK}"]
    *_, post_of_lead = tasks_concerned([REPORT, TASK_ASSIGNED], IN_PROGRESS, of_posts=False)
    assert post_of_lead.tags == [f"post:{SECRETARY}"]


def _concerned(changed: Event, seen: Sequence[Event]) -> list[Selector]:
    return list(tasks_concerned([changed], seen, of_posts=True))

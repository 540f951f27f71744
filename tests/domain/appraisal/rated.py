"""A year of an official: four tasks of which one is late and another exceeds, for tests."""

from datetime import date
from typing import Any

from domain.kernel import Event
from domain.regulations.events import PolicyAdopted
from domain.regulations.policies import checked
from domain.regulations.regulations import governed
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    CompletionReturned,
    TaskApproved,
    TaskAssigned,
    TaskRegistered,
)
from tests.domain.cast import (
    COMMITTEE,
    EVIDENCE,
    ORGANISATION,
    SHARED,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.domain.regulations.spoilt import spoilt

DUE, IN_TIME, LATE = date(2021, 9, 30), date(2021, 9, 1), date(2021, 11, 1)
YEAR: dict[str, Any] = {
    "regulation": "mau-01",
    "cycle": "year",
    "cohort": "unit_heads",
    "from_on": date(2021, 1, 1),
    "to_on": date(2021, 12, 31),
}
SCORED: dict[str, Any] = {**YEAR, "scores": ({"part": "general", "points": "28.5"},)}


def task(task_id: str, done_on: date, *, returned: bool = False, **how: Any) -> list[Event]:
    """The task is assigned with a deadline, and completed on a day."""
    of: dict[str, Any] = {**SHARED, "task_id": task_id}
    beginning: tuple[TaskRegistered, TaskApproved, TaskAssigned] = (
        TASK_REGISTERED,
        TASK_APPROVED,
        TASK_ASSIGNED.model_copy(update={"due_on": DUE, **how.pop("assigned", {})}),
    )
    events: list[Event] = [one.model_copy(update={"task_id": task_id}) for one in beginning]
    claimed = CompletionClaimed(
        **of, effective_on=done_on, claimed_by="x", summary="Xong", values=(), evidence=(EVIDENCE,)
    )
    if returned:
        sent_back = CompletionReturned(
            **of, effective_on=done_on, returned_by=COMMITTEE, reason="Sai", content_failure=True
        )
        events += [claimed, sent_back]
    done = CompletionConfirmed(
        **of, effective_on=done_on, confirmed_by=COMMITTEE, completed_on=done_on, **how
    )
    return [*events, claimed, done]


def regulation(*replaced: tuple[str, str]) -> PolicyAdopted:
    """The sample, in force since the year began; its ratings are decided by the committee."""
    source = spoilt(
        ("effective_on: 2026-01-15", "effective_on: 2021-01-01"),
        ("decided_by: ban-thuong-vu", f"decided_by: {COMMITTEE}"),
        *replaced,
    )
    found = checked(source)
    assert found.policy is not None, found.faults
    return PolicyAdopted(
        effective_on=date(2021, 1, 1),
        regulation_id="mau-01",
        adopted_by=COMMITTEE,
        title=found.policy.title,
        is_sample=True,
        vocabulary=1,
        policy=found.policy.canonical(),
        source=source,
        sha256="1" * 64,
        governs=governed(found.policy),
    )


FOUR_TASKS: list[Event] = [
    *task("v-1", IN_TIME, exceeded=True),
    *task("v-2", IN_TIME, returned=True),
    *task("v-3", LATE),
    *task("v-4", IN_TIME),
]
HISTORY: list[Event] = [*ORGANISATION, regulation(), *FOUR_TASKS]

"""Consequences: proposed for whoever answered when the task was due, and decided or dropped."""

from datetime import date, timedelta
from typing import Any

from domain.kernel import Actor, BodyRequired, DocumentRequired, NotTheEntitledBody
from domain.tasks.command import ResponsibleMayNotDecide
from domain.tasks.responsibility.collective import TaskNotLate
from domain.tasks.responsibility.consequences import (
    DecideResponsibility,
    DropResponsibility,
    NobodyAnswered,
    ProposalSettled,
    ProposalUnknown,
    ProposeResponsibility,
    ResponsibilityDecided,
    ResponsibilityDropped,
    ResponsibilityProposed,
)
from tests.domain.cast import (
    AGENCY,
    COMMITTEE,
    DISTRICT_PARTY,
    DONE,
    HANDED_OVER,
    HANDOVER,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.domain.scenario import BY_BODY, given

DUE = date(2021, 5, 31)
LATE = TASK_ASSIGNED.model_copy(update={"due_on": DUE})
OVERDUE = given(*ORGANISATION, TASK_REGISTERED, TASK_APPROVED, LATE)
BY_AGENCY: dict[str, Any] = {"on": HANDOVER, "on_behalf_of": AGENCY}
SAID: dict[str, Any] = {"consequence": "criticism", "reason": "Để chậm"}
PROPOSED = ResponsibilityProposed(
    effective_on=HANDOVER,
    task_id=TASK,
    number=1,
    official_id=PREDECESSOR,
    due_on=DUE,
    proposed_by=AGENCY,
    **SAID,
)
OF_FIRST: dict[str, Any] = {"task_id": TASK, "number": 1, "official_id": PREDECESSOR}


def test_it_is_about_whoever_answered_on_the_day_when_the_task_was_due() -> None:
    assert HANDOVER > DUE
    OVERDUE.when(ProposeResponsibility, TASK, **BY_AGENCY, **SAID).then(PROPOSED)
    # The successor, who took it over later, did not answer that day.
    again = PROPOSED.model_copy(update={"number": 2})
    OVERDUE.given(HANDED_OVER, PROPOSED).when(
        ProposeResponsibility, TASK, **BY_AGENCY, **SAID
    ).then(again)


def test_a_task_in_time_or_with_nobody_that_day_leads_to_no_proposal() -> None:
    in_time = given(*IN_PROGRESS)
    in_time.when(ProposeResponsibility, TASK, **BY_AGENCY, **SAID).refuses(TaskNotLate)
    OVERDUE.when(ProposeResponsibility, TASK, on=HANDOVER, **SAID).refuses(BodyRequired)
    vacant = TASK_ASSIGNED.model_copy(update={"due_on": TASK_ASSIGNED.effective_on - timedelta(1)})
    founded = given(*ORGANISATION, TASK_REGISTERED, TASK_APPROVED, vacant)
    founded.when(ProposeResponsibility, TASK, **BY_AGENCY, **SAID).refuses(NobodyAnswered)


def test_the_assigning_body_decides_or_drops_it_once() -> None:
    proposed = OVERDUE.given(PROPOSED)
    decision: dict[str, Any] = {"number": 1, "consequence": "discipline", "reason": "Để chậm"}
    decided = ResponsibilityDecided(
        effective_on=DONE,
        decided_by=COMMITTEE,
        **OF_FIRST,
        consequence="discipline",
        reason="Để chậm",
    )
    dropping: dict[str, Any] = {"number": 1, "reason": "Do bão lũ"}
    dropped = ResponsibilityDropped(
        effective_on=DONE, decided_by=COMMITTEE, **OF_FIRST, reason="Do bão lũ"
    )
    after = proposed.when(DecideResponsibility, TASK, on=DONE, **BY_BODY, **decision).then(decided)
    after.when(DropResponsibility, TASK, on=DONE, **BY_BODY, **dropping).refuses(ProposalSettled)
    proposed.when(DropResponsibility, TASK, on=DONE, **BY_BODY, **dropping).then(dropped)

    unknown = {**dropping, "number": 2}
    proposed.when(DropResponsibility, TASK, on=DONE, **BY_BODY, **unknown).refuses(ProposalUnknown)
    other: dict[str, Any] = {**BY_BODY, "on_behalf_of": DISTRICT_PARTY}
    proposed.when(DecideResponsibility, TASK, on=DONE, **other, **decision).refuses(
        NotTheEntitledBody
    )
    proposed.when(DecideResponsibility, TASK, on=DONE, on_behalf_of=COMMITTEE, **decision).refuses(
        DocumentRequired
    )
    oneself: dict[str, Any] = {**BY_BODY, "by": Actor(f"official:{PREDECESSOR}")}
    proposed.when(DropResponsibility, TASK, on=DONE, **oneself, **dropping).refuses(
        ResponsibleMayNotDecide
    )

"""Revision: new targets and deadlines, pending for and decided, or decided outright."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import Actor, DocumentRequired, NotTheEntitledBody
from domain.tasks.changes import TaskRevised
from domain.tasks.command import (
    IndicatorUnknown,
    NotAnswerable,
    ResponsibleMayNotDecide,
    TaskNotInProgress,
)
from domain.tasks.matters.matter import MatterClosed, MatterUnknown
from domain.tasks.proposal import IndicatorTarget
from domain.tasks.task import InProgress, Unregistered, evolve
from domain.tasks.work.revision import (
    ApproveRevision,
    DeadlineInThePast,
    RefuseRevision,
    RequestRevision,
    ReviseTask,
    RevisionChangesNothing,
    RevisionPending,
    RevisionRefused,
    RevisionRequested,
)
from tests.domain.cast import (
    CHAIR,
    COMMITTEE,
    COMPLETED,
    DISTRICT_PARTY,
    HANDOVER,
    IN_PROGRESS,
    PREDECESSOR,
    SHARED,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.domain.scenario import BY_BODY, DECISION, given

GOING_ON = given(*IN_PROGRESS)
ANSWERABLE = Actor(f"official:{PREDECESSOR}")
FEWER = IndicatorTarget(code="kilns", target=Decimal(92))
LATER = date(2022, 3, 31)
ASKED: dict[str, Any] = {"targets": (FEWER,), "due_on": LATER, "reason": "Tiến độ thực tế"}
REQUESTED = RevisionRequested(**SHARED, effective_on=HANDOVER, number=1, **ASKED)


def revised(request: int | None) -> TaskRevised:
    return TaskRevised(
        **SHARED, effective_on=HANDOVER, revised_by=COMMITTEE, request=request, **ASKED
    )


def test_what_the_official_asks_for_the_body_grants_citing_its_decision() -> None:
    pending = GOING_ON.when(RequestRevision, TASK, by=ANSWERABLE, on=HANDOVER, **ASKED).then(
        REQUESTED
    )
    pending.when(ApproveRevision, TASK, on_behalf_of=COMMITTEE, number=1).refuses(DocumentRequired)
    granted = pending.when(ApproveRevision, TASK, on=HANDOVER, **BY_BODY, number=1).then(revised(1))
    granted.when(ApproveRevision, TASK, **BY_BODY, number=1).refuses(MatterClosed)
    granted.when(RequestRevision, TASK, **ASKED).refuses(RevisionChangesNothing)


def test_a_request_is_refused_with_a_reason_and_made_again() -> None:
    refused = RevisionRefused(
        **SHARED, effective_on=HANDOVER, number=1, refused_by=COMMITTEE, reason="Chưa đủ căn cứ"
    )
    GOING_ON.given(REQUESTED).when(
        RefuseRevision, TASK, on=HANDOVER, **BY_BODY, number=1, reason="Chưa đủ căn cứ"
    ).then(refused).when(RequestRevision, TASK, on=HANDOVER, **ASKED).then(
        REQUESTED.model_copy(update={"number": 2})
    )


def test_one_request_awaits_its_decision_at_a_time() -> None:
    GOING_ON.given(REQUESTED).when(RequestRevision, TASK, **ASKED).refuses(RevisionPending)


def test_the_body_revises_a_task_of_itself() -> None:
    GOING_ON.when(ReviseTask, TASK, on=HANDOVER, **BY_BODY, **ASKED).then(revised(None))


def test_the_targets_and_the_deadline_are_the_new_ones_from_then_on() -> None:
    task: Any = Unregistered()
    for event in (TASK_REGISTERED, TASK_APPROVED, TASK_ASSIGNED, revised(None)):
        task = evolve(task, event)
    assert isinstance(task, InProgress)
    assert (task.due_on, task.proposal.deadline) == (LATER, LATER)
    assert [indicator.target for indicator in task.proposal.indicators] == [92]


def test_only_the_official_answerable_asks_and_only_the_assigning_body_decides() -> None:
    pending = GOING_ON.given(REQUESTED)
    GOING_ON.when(RequestRevision, TASK, by=Actor(f"official:{CHAIR}"), **ASKED).refuses(
        NotAnswerable
    )
    pending.when(
        ApproveRevision, TASK, on_behalf_of=DISTRICT_PARTY, basis=DECISION, number=1
    ).refuses(NotTheEntitledBody)
    pending.when(ApproveRevision, TASK, **{**BY_BODY, "by": ANSWERABLE}, number=1).refuses(
        ResponsibleMayNotDecide
    )
    pending.when(RefuseRevision, TASK, **BY_BODY, number=2, reason="Không").refuses(MatterUnknown)


def test_a_revision_names_what_can_be() -> None:
    unknown = IndicatorTarget(code="roads", target=Decimal(1))
    GOING_ON.when(ReviseTask, TASK, **BY_BODY, **{**ASKED, "targets": (unknown,)}).refuses(
        IndicatorUnknown
    )
    GOING_ON.when(
        ReviseTask, TASK, on=HANDOVER, **BY_BODY, **{**ASKED, "due_on": date(2021, 5, 31)}
    ).refuses(DeadlineInThePast)
    given(*COMPLETED).when(ReviseTask, TASK, **BY_BODY, **ASKED).refuses(TaskNotInProgress)
    with pytest.raises(ValidationError, match="name targets, due_on, or both"):
        GOING_ON.when(ReviseTask, TASK, **BY_BODY, reason="Không rõ")


def test_what_was_asked_in_time_is_not_granted_for_a_day_gone_by() -> None:
    pending = REQUESTED.model_copy(update={"due_on": date(2021, 12, 30)})
    GOING_ON.given(pending).when(
        ApproveRevision, TASK, on=date(2021, 12, 31), **BY_BODY, number=1
    ).refuses(DeadlineInThePast)

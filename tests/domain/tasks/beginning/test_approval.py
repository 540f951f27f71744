"""Approval: who may decide on a registration, and on what document."""

import pytest

from domain.kernel import Actor, BodyRequired, DocumentRequired, NotTheEntitledBody
from domain.tasks.beginning.approval import ApproveTask, ProposerMayNotDecide, RejectTask
from domain.tasks.command import TaskNotAwaitingDecision, TaskNotBegun, TaskUnknown
from domain.tasks.events import TaskRejected
from tests.domain.cast import (
    APPROVED,
    COMMITTEE,
    DISTRICT_PARTY,
    FOUNDED,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    SHARED,
    TASK,
    TASK_APPROVED,
    TASK_REGISTERED,
)
from tests.domain.scenario import CLERK, DECISION, OFFICE, given

REGISTERED = given(*ORGANISATION, TASK_REGISTERED)


def test_the_managing_body_approves_a_registration_citing_its_decision() -> None:
    REGISTERED.when(
        ApproveTask, TASK, by=OFFICE, on=APPROVED, on_behalf_of=COMMITTEE, basis=DECISION
    ).then(TASK_APPROVED)


def test_an_approval_without_a_document_is_refused() -> None:
    REGISTERED.when(ApproveTask, TASK, by=OFFICE, on_behalf_of=COMMITTEE).refuses(DocumentRequired)


@pytest.mark.parametrize("actor", [CLERK, Actor(f"official:{PREDECESSOR}")])
def test_who_proposed_or_registered_a_task_does_not_approve_it(actor: Actor) -> None:
    REGISTERED.when(ApproveTask, TASK, by=actor, on_behalf_of=COMMITTEE, basis=DECISION).refuses(
        ProposerMayNotDecide
    )


def test_only_the_body_that_manages_the_post_decides() -> None:
    REGISTERED.when(
        ApproveTask, TASK, by=OFFICE, on_behalf_of=DISTRICT_PARTY, basis=DECISION
    ).refuses(NotTheEntitledBody)
    REGISTERED.when(ApproveTask, TASK, by=OFFICE, basis=DECISION).refuses(BodyRequired)


def test_a_registration_is_rejected_with_a_reason() -> None:
    rejected = TaskRejected(
        **SHARED, effective_on=APPROVED, rejected_by=COMMITTEE, reason="Chưa phù hợp chức trách"
    )
    REGISTERED.when(
        RejectTask,
        TASK,
        by=OFFICE,
        on=APPROVED,
        on_behalf_of=COMMITTEE,
        reason="Chưa phù hợp chức trách",
    ).then(rejected).when(
        ApproveTask, TASK, by=OFFICE, on_behalf_of=COMMITTEE, basis=DECISION
    ).refuses(TaskNotAwaitingDecision)


def test_a_task_is_approved_once() -> None:
    given(*IN_PROGRESS).when(
        ApproveTask, TASK, by=OFFICE, on_behalf_of=COMMITTEE, basis=DECISION
    ).refuses(TaskNotAwaitingDecision)


def test_an_unknown_task_is_not_approved() -> None:
    given(*ORGANISATION).when(
        ApproveTask, TASK, by=OFFICE, on_behalf_of=COMMITTEE, basis=DECISION
    ).refuses(TaskUnknown)


def test_before_it_is_registered_there_is_no_task_to_approve() -> None:
    REGISTERED.when(
        ApproveTask, TASK, by=OFFICE, on=FOUNDED, on_behalf_of=COMMITTEE, basis=DECISION
    ).refuses(TaskNotBegun)

"""Assignment: to a post's holder or to a unit and its head, by the body that manages the post."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import (
    HolderNotNamed,
    NotThePostHolder,
    PostVacant,
    UnitWithoutHead,
)
from domain.tasks.beginning.assignment import (
    AssignTask,
    DeadlineBeforeAssignment,
    LeadCannotCoordinate,
)
from domain.tasks.command import TaskNotAwaitingDecision
from domain.tasks.events import TaskAssigned
from tests.domain.cast import (
    ASSIGNED,
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    DEPUTIES,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    HANDOVER,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    SECRETARY,
    SUCCESSION,
    SUCCESSOR,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
    holds,
)
from tests.domain.scenario import DECISION, OFFICE, Scenario, given

APPROVED = given(*ORGANISATION, TASK_REGISTERED, TASK_APPROVED)


def assign(scenario: Scenario, **params: Any) -> Scenario:
    return scenario.when(
        AssignTask,
        TASK,
        **{
            "by": OFFICE,
            "on": ASSIGNED,
            "on_behalf_of": COMMITTEE,
            "basis": DECISION,
            **params,
        },
    )


def test_the_task_is_assigned_to_the_holder_of_the_post_it_was_proposed_for() -> None:
    assign(APPROVED).then(TASK_ASSIGNED)


def test_an_assignment_to_a_unit_binds_its_head() -> None:
    assign(APPROVED, unit_id=DISTRICT_STATE, coordinators=(DISTRICT_PARTY,)).then(
        TaskAssigned(
            effective_on=ASSIGNED,
            task_id=TASK,
            official_id=CHAIR,
            post_id=CHAIRMAN,
            unit_id=DISTRICT_STATE,
            assigned_by=COMMITTEE,
            addressed_to="unit",
            coordinators=(DISTRICT_PARTY,),
            due_on=date(2021, 12, 31),
        )
    )


def test_a_unit_without_a_head_is_given_nothing() -> None:
    assign(APPROVED, unit_id=COMMITTEE).refuses(UnitWithoutHead)


def test_a_vacant_post_is_given_nothing() -> None:
    assign(APPROVED, post_id=DEPUTIES).refuses(PostVacant)


def test_one_of_several_holders_must_be_named() -> None:
    two = APPROVED.given(
        holds(PREDECESSOR, DEPUTIES, DISTRICT_STATE), holds(SUCCESSOR, DEPUTIES, DISTRICT_STATE)
    )
    assign(two, post_id=DEPUTIES).refuses(HolderNotNamed)
    assign(two, post_id=DEPUTIES, official_id=CHAIR).refuses(NotThePostHolder)


def test_the_holder_of_that_day_answers() -> None:
    succeeded = APPROVED.given(*SUCCESSION)
    assign(succeeded).then(TASK_ASSIGNED)
    assign(succeeded, on=HANDOVER).then(
        TASK_ASSIGNED.model_copy(update={"effective_on": HANDOVER, "official_id": SUCCESSOR})
    )


def test_only_the_body_that_manages_the_post_assigns() -> None:
    APPROVED.when(AssignTask, TASK, by=OFFICE, on_behalf_of=DISTRICT_PARTY, basis=DECISION).refuses(
        NotTheEntitledBody
    )


def test_an_assignment_cites_its_document() -> None:
    APPROVED.when(AssignTask, TASK, by=OFFICE, on_behalf_of=COMMITTEE).refuses(DocumentRequired)


def test_a_deadline_is_not_before_the_assignment() -> None:
    assign(APPROVED, due_on=date(2021, 1, 5)).refuses(DeadlineBeforeAssignment)


def test_the_lead_does_not_coordinate() -> None:
    assign(APPROVED, post_id=SECRETARY, coordinators=(DISTRICT_PARTY,)).refuses(
        LeadCannotCoordinate
    )


def test_an_unapproved_or_assigned_task_is_not_assigned() -> None:
    assign(given(*ORGANISATION, TASK_REGISTERED)).refuses(TaskNotAwaitingDecision)
    assign(given(*IN_PROGRESS)).refuses(TaskNotAwaitingDecision)


def test_the_conversion_weight_is_fixed_at_assignment() -> None:
    assign(APPROVED, conversion_weight="2.5").then(
        TASK_ASSIGNED.model_copy(update={"conversion_weight": Decimal("2.5")})
    )
    for wrong in (0, -1, "1000.01"):
        with pytest.raises(ValidationError):
            assign(APPROVED, conversion_weight=wrong)

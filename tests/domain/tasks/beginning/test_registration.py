"""Registration and commission: who may propose or order a task."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import Actor, BodyRequired, NotTheEntitledBody
from domain.organisation.organisation import NotThePostHolder, PostUnknown
from domain.tasks.beginning.commission import CommissionTask
from domain.tasks.beginning.registration import NotTheProposer, RegisterTask, TaskExists
from domain.tasks.events import TaskCommissioned
from domain.tasks.proposal import Proposal
from domain.tasks.term import Period
from tests.domain.cast import (
    COMMITTEE,
    DISTRICT_PARTY,
    HANDOVER,
    ORGANISATION,
    PREDECESSOR,
    PROPOSAL,
    REGISTERED,
    SECRETARY,
    SUCCESSION,
    SUCCESSOR,
    TASK,
    TASK_REGISTERED,
)
from tests.domain.scenario import OFFICE, given

SAID: dict[str, Any] = {"official_id": PREDECESSOR, "post_id": SECRETARY, "proposal": PROPOSAL}


def test_an_official_registers_a_task_of_their_own() -> None:
    given(*ORGANISATION).when(RegisterTask, TASK, on=REGISTERED, **SAID).then(TASK_REGISTERED)


def test_a_task_is_registered_once() -> None:
    given(*ORGANISATION, TASK_REGISTERED).when(RegisterTask, TASK, **SAID).refuses(TaskExists)


def test_an_official_does_not_register_a_task_for_another() -> None:
    given(*ORGANISATION).when(
        RegisterTask, TASK, by=Actor(f"official:{SUCCESSOR}"), **SAID
    ).refuses(NotTheProposer)


def test_who_has_left_the_post_registers_nothing_in_it() -> None:
    given(*ORGANISATION, *SUCCESSION).when(RegisterTask, TASK, on=HANDOVER, **SAID).refuses(
        NotThePostHolder
    )


def test_the_post_must_exist() -> None:
    given(*ORGANISATION).when(RegisterTask, TASK, **{**SAID, "post_id": "no-such-post"}).refuses(
        PostUnknown
    )


def test_a_body_orders_a_task_from_a_post_it_manages() -> None:
    given(*ORGANISATION).when(
        CommissionTask,
        TASK,
        by=OFFICE,
        on=REGISTERED,
        on_behalf_of=COMMITTEE,
        post_id=SECRETARY,
        proposal=PROPOSAL,
    ).then(
        TaskCommissioned(
            effective_on=REGISTERED,
            task_id=TASK,
            commissioned_by=COMMITTEE,
            post_id=SECRETARY,
            unit_id=DISTRICT_PARTY,
            registered_by=OFFICE.id,
            proposal=PROPOSAL,
        )
    )


def test_a_body_does_not_order_tasks_from_posts_it_does_not_manage() -> None:
    commission: dict[str, Any] = {"post_id": SECRETARY, "proposal": PROPOSAL}
    given(*ORGANISATION).when(
        CommissionTask, TASK, on_behalf_of=DISTRICT_PARTY, **commission
    ).refuses(NotTheEntitledBody)
    given(*ORGANISATION).when(CommissionTask, TASK, **commission).refuses(BodyRequired)


def test_a_period_that_runs_backwards_is_refused() -> None:
    """Source 2 prints a "giai đoạn 2021-2015"."""
    with pytest.raises(ValidationError, match="the period is reversed"):
        Period(kind="period", from_on=date(2021, 1, 1), to_on=date(2015, 12, 31))


@pytest.mark.parametrize("missing", ["goal", "indicators", "roadmap", "kinds", "term"])
def test_a_proposal_names_goal_indicators_roadmap_kinds_and_term(missing: str) -> None:
    params = PROPOSAL.model_dump()
    del params[missing]
    with pytest.raises(ValidationError, match=missing):
        Proposal.model_validate(params)

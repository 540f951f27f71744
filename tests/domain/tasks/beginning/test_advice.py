"""Advice and amendment: what happens to a registration before it is decided on and assigned."""

from typing import Any

from domain.kernel import Actor, BodyRequired, NotTheEntitledBody
from domain.organisation.organisation import UnitUnknown
from domain.tasks.beginning.advice import (
    AdviseOnTask,
    DecidingBodyMayNotAdvise,
    NotAnAdvisoryAgency,
    Recommendation,
    TaskAdvised,
)
from domain.tasks.beginning.amendment import AmendTask, ProposalUnchanged
from domain.tasks.beginning.approval import ApproveTask, ProposerMayNotDecide
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.changes import TaskAmended
from domain.tasks.command import TaskNotAwaitingDecision
from tests.domain.cast import (
    AGENCY,
    APPROVED,
    ASSIGNED,
    COMMITTEE,
    DISTRICT_PARTY,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    PROPOSAL,
    SECRETARY,
    SHARED,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.domain.scenario import BY_BODY, OFFICE, Scenario, given

REGISTERED = given(*ORGANISATION, TASK_REGISTERED)
PROPOSER = Actor(f"official:{PREDECESSOR}")
ADVICE: dict[str, Any] = {"recommendation": "amend", "opinion": "Cần thêm chỉ tiêu"}
AMENDED = PROPOSAL.model_copy(update={"title": "Chấm dứt lò gạch thủ công trong năm 2021"})
AMENDMENT: dict[str, Any] = {"proposal": AMENDED, "reason": "Rõ thời hạn"}


def advise(scenario: Scenario, agency: str | None, by: Actor = OFFICE) -> Scenario:
    return scenario.when(AdviseOnTask, TASK, by=by, on=APPROVED, on_behalf_of=agency, **ADVICE)


def amended(official_id: str | None) -> TaskAmended:
    return TaskAmended(
        **{**SHARED, "official_id": official_id},
        effective_on=APPROVED,
        amended_by=COMMITTEE,
        proposal=AMENDED,
        reason="Rõ thời hạn",
    )


def test_an_agency_advises_the_body_and_the_body_still_decides() -> None:
    advise(REGISTERED, AGENCY).then(
        TaskAdvised(
            **SHARED,
            effective_on=APPROVED,
            advised_by=AGENCY,
            advisor=OFFICE.id,
            recommendation=Recommendation.AMEND,
            opinion="Cần thêm chỉ tiêu",
        )
    ).when(ApproveTask, TASK, on=APPROVED, **BY_BODY).then(TASK_APPROVED)


def test_only_an_agency_advises_and_not_the_body_that_decides() -> None:
    advise(REGISTERED, None).refuses(BodyRequired)
    advise(REGISTERED, COMMITTEE).refuses(DecidingBodyMayNotAdvise)
    advise(REGISTERED, DISTRICT_PARTY).refuses(NotAnAdvisoryAgency)
    advise(REGISTERED, "nowhere").refuses(UnitUnknown)


def test_the_proposer_does_not_advise_on_the_own_registration() -> None:
    advise(REGISTERED, AGENCY, by=PROPOSER).refuses(ProposerMayNotDecide)


def test_a_decided_registration_is_advised_on_no_more() -> None:
    advise(REGISTERED.given(TASK_APPROVED), AGENCY).refuses(TaskNotAwaitingDecision)


def test_the_body_amends_a_registration_and_approves_it_as_amended() -> None:
    REGISTERED.when(AmendTask, TASK, on=APPROVED, **BY_BODY, **AMENDMENT).then(
        amended(PREDECESSOR)
    ).when(ApproveTask, TASK, on=APPROVED, **BY_BODY).then(TASK_APPROVED)


def test_what_is_approved_is_amended_until_it_is_assigned() -> None:
    approved = REGISTERED.given(TASK_APPROVED)
    after = approved.when(AmendTask, TASK, on=APPROVED, **BY_BODY, **AMENDMENT).then(amended(None))
    after.when(AmendTask, TASK, on=APPROVED, **BY_BODY, **AMENDMENT).refuses(ProposalUnchanged)
    after.when(AssignTask, TASK, on=ASSIGNED, post_id=SECRETARY, **BY_BODY).then(TASK_ASSIGNED)
    given(*IN_PROGRESS).when(AmendTask, TASK, **BY_BODY, **AMENDMENT).refuses(
        TaskNotAwaitingDecision
    )


def test_neither_another_body_nor_the_proposer_amends() -> None:
    REGISTERED.when(AmendTask, TASK, on_behalf_of=DISTRICT_PARTY, **AMENDMENT).refuses(
        NotTheEntitledBody
    )
    REGISTERED.when(AmendTask, TASK, **{**BY_BODY, "by": PROPOSER}, **AMENDMENT).refuses(
        ProposerMayNotDecide
    )

"""Heirs: who decides what a body was entitled to decide, once that body has ended."""

from datetime import date
from typing import Any

import pytest

from domain.cells.attendance import ReleaseAttendant
from domain.cells.events import AttendantAssigned, AttendantReleased
from domain.kernel import Actor, Command, Context, Event, NotTheEntitledBody, boundary
from domain.monitoring.events import AllocationWithdrawn
from domain.monitoring.monitors.allocation import WithdrawAllocation
from domain.monitoring.monitors.assignment import AssignMonitor
from domain.monitoring.monitors.release import ReleaseMonitor
from domain.monitoring.monitors.replacement import ReplaceMonitor
from domain.organisation.entitlement import BodyCommand
from domain.organisation.events import UnitClosed, UnitKind, UnitMerged, UnitSplit
from domain.organisation.selectors import unit_selector
from domain.succession.leaver import EndTenure
from domain.succession.portfolio import HandOverPortfolio, PortfolioBlocked
from domain.tasks.beginning.approval import ApproveTask
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.ending.cancellation import CancelTask
from domain.tasks.ending.completion import ConfirmCompletion, ReturnCompletion
from domain.tasks.ending.scoring import ScoreTask
from domain.tasks.events import CompletionReturned, TaskCancelled, TaskHandedOver, TaskTransferred
from domain.tasks.matters.solutions import ApproveSolution, SolutionApproved, SolutionProposed
from domain.tasks.responsibility.co_accountability import AddCoAccountable, CoAccountableAdded
from domain.tasks.responsibility.handover import HandOver
from domain.tasks.responsibility.transfer import TransferTask
from tests.domain.cast import (
    APPROVED,
    ASSIGNED,
    CHAIR,
    CHAIRMAN,
    CLAIMED,
    COMMITTEE,
    COMPLETION_CONFIRMED,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    DONE,
    HANDOVER,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    SECRETARY,
    SHARED,
    SUCCESSION,
    SUCCESSOR,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
    holds,
    leaves,
    unit,
)
from tests.domain.monitoring.people import (
    BEGUN,
    CAO_SON,
    CHANGED,
    CULTURE,
    DEPUTY,
    DIRECTOR,
    DOAN_KET,
    HOA,
    LAN,
    MINH,
    MONITORED,
    NOTE,
    QUANG,
    READY,
    WHY,
    allocated,
    assigned,
    left,
    quota,
    released,
    replaced,
)
from tests.domain.scenario import DECISION, OFFICE, TODAY, Scenario, given

HEIR, OTHER_HEIR, LAST = "btv-tinh-uy-moi", "btv-tinh-uy-hai", "btv-tinh-uy-cuoi"
STRANGER = "btv-tinh-uy-khac"
ENDED, ENDED_AGAIN = date(2021, 5, 1), date(2021, 11, 1)
DAY_BEFORE = date(2021, 4, 30)

BODIES: tuple[Event, ...] = tuple(
    unit(body, UnitKind.STANDING_COMMITTEE) for body in (HEIR, OTHER_HEIR, LAST, STRANGER)
)
MERGED = UnitMerged(effective_on=ENDED, unit_id=COMMITTEE, into=HEIR)
MERGED_AGAIN = UnitMerged(effective_on=ENDED_AGAIN, unit_id=HEIR, into=LAST)
SPLIT = UnitSplit(effective_on=ENDED, unit_id=COMMITTEE, into=(HEIR, OTHER_HEIR))
HEIR_SPLIT = UnitSplit(effective_on=ENDED_AGAIN, unit_id=HEIR, into=(OTHER_HEIR, LAST))
CLOSED = UnitClosed(effective_on=ENDED, unit_id=COMMITTEE, reason=WHY)
HEIR_CLOSED = UnitClosed(effective_on=ENDED_AGAIN, unit_id=HEIR, reason=WHY)

TO_MINH = {"to_official": MINH, "post_id": DEPUTY, "reason": WHY, "handover_note": NOTE}
CELL = "chi-bo-thon-dau"


def by(body: str, on: date = HANDOVER) -> dict[str, Any]:
    """A decision of that body."""
    return {"by": OFFICE, "on": on, "on_behalf_of": body, "basis": DECISION}


def release(scenario: Scenario, body: str, on: date) -> Scenario:
    return scenario.given(*BODIES).when(ReleaseMonitor, CAO_SON, **by(body, on), reason=WHY)


def releases(scenario: Scenario, body: str, on: date) -> None:
    release(scenario, body, on).then(released(LAN, effective_on=on, released_by=body))


def test_while_a_body_goes_on_nobody_else_decides_for_it() -> None:
    for scenario in (MONITORED, MONITORED.given(MERGED), MONITORED.given(CLOSED)):
        releases(scenario, COMMITTEE, DAY_BEFORE)
        for other in (HEIR, STRANGER):
            release(scenario, other, DAY_BEFORE).refuses(NotTheEntitledBody)


def test_from_the_day_of_a_merger_the_successor_decides_and_no_other_body() -> None:
    merged = MONITORED.given(MERGED)
    releases(merged, HEIR, ENDED)
    release(merged, STRANGER, ENDED).refuses(NotTheEntitledBody)
    with pytest.raises(NotTheEntitledBody) as caught:
        release(merged, STRANGER, ENDED).decide()
    assert caught.value.extensions["entitled"] == HEIR


def test_of_a_body_that_was_split_any_part_decides() -> None:
    split = MONITORED.given(SPLIT)
    releases(split, HEIR, ENDED)
    releases(split, OTHER_HEIR, ENDED)
    release(split, STRANGER, ENDED).refuses(NotTheEntitledBody)


def test_a_successor_that_ended_leaves_it_to_its_own_successor() -> None:
    twice = MONITORED.given(MERGED, MERGED_AGAIN)
    releases(twice, HEIR, ENDED)
    release(twice, LAST, ENDED).refuses(NotTheEntitledBody)
    releases(twice, LAST, ENDED_AGAIN)
    release(twice, HEIR, ENDED_AGAIN).refuses(NotTheEntitledBody)
    release(twice, STRANGER, ENDED_AGAIN).refuses(NotTheEntitledBody)
    parts = MONITORED.given(MERGED, HEIR_SPLIT)
    for part in (OTHER_HEIR, LAST):
        releases(parts, part, ENDED_AGAIN)


def test_what_a_body_without_successor_could_decide_any_open_body_decides() -> None:
    closed = MONITORED.given(CLOSED)
    releases(closed, STRANGER, ENDED)
    release(closed, "ma", ENDED).refuses(NotTheEntitledBody)
    gone = UnitClosed(effective_on=ENDED, unit_id=STRANGER, reason=WHY)
    release(closed.given(gone), STRANGER, ENDED).refuses(NotTheEntitledBody)


def test_only_where_the_whole_line_has_ended_any_open_body_decides() -> None:
    releases(MONITORED.given(MERGED, HEIR_CLOSED), STRANGER, ENDED_AGAIN)
    release(MONITORED.given(SPLIT, HEIR_CLOSED), STRANGER, ENDED_AGAIN).refuses(NotTheEntitledBody)
    releases(MONITORED.given(SPLIT, HEIR_CLOSED), OTHER_HEIR, ENDED_AGAIN)


def test_the_successor_replaces_a_monitor_and_assigns_one() -> None:
    merged = MONITORED.given(*BODIES, MERGED)
    replacing: dict[str, Any] = {**by(HEIR, CHANGED), **TO_MINH}
    merged.when(ReplaceMonitor, CAO_SON, **replacing).then(replaced(LAN, MINH, replaced_by=HEIR))
    naming: dict[str, Any] = {"official_id": MINH, "post_id": DEPUTY}
    merged.when(AssignMonitor, DOAN_KET, **by(HEIR, CHANGED), **naming).then(
        assigned(MINH, DOAN_KET, effective_on=CHANGED, post_id=DEPUTY, assigned_by=HEIR)
    )
    for verb, unit_id, params in (
        (ReplaceMonitor, CAO_SON, TO_MINH),
        (AssignMonitor, DOAN_KET, naming),
    ):
        decision: dict[str, Any] = {**by(STRANGER, CHANGED), **params}
        merged.when(verb, unit_id, **decision).refuses(NotTheEntitledBody)


def test_the_successor_withdraws_an_allocation_and_releases_an_attendant() -> None:
    given_out = MONITORED.given(quota(1), allocated(), *BODIES, MERGED)
    given_out.when(WithdrawAllocation, CAO_SON, **by(HEIR), reason=WHY).then(
        AllocationWithdrawn(
            effective_on=HANDOVER,
            unit_id=CAO_SON,
            agency_id=CULTURE,
            withdrawn_by=HEIR,
            reason=WHY,
        )
    )
    given_out.when(WithdrawAllocation, CAO_SON, **by(STRANGER), reason=WHY).refuses(
        NotTheEntitledBody
    )
    attendance: dict[str, Any] = {"unit_id": CELL, "official_id": LAN}
    attending = READY.given(
        unit(CELL, UnitKind.PARTY_CELL),
        AttendantAssigned(**attendance, effective_on=BEGUN, assigned_by=COMMITTEE),
        *BODIES,
        MERGED,
    )
    params: dict[str, Any] = {"official_id": LAN, "reason": WHY}
    attending.when(ReleaseAttendant, CELL, **by(HEIR), **params).then(
        AttendantReleased(
            **attendance, effective_on=HANDOVER, since=BEGUN, reason=WHY, released_by=HEIR
        )
    )
    attending.when(ReleaseAttendant, CELL, **by(STRANGER), **params).refuses(NotTheEntitledBody)


def test_the_successor_hands_over_a_portfolio_of_communes_and_tasks() -> None:
    monitors = MONITORED.given(*BODIES, MERGED)
    params: dict[str, Any] = {"state_summary": NOTE}
    to_minh: dict[str, Any] = {
        "commune_successors": [{"unit_id": CAO_SON, "to_official": MINH, "post_id": DEPUTY}]
    }
    monitors.when(HandOverPortfolio, LAN, **by(HEIR), **params, **to_minh).then(
        replaced(LAN, MINH, replaced_by=HEIR, reason=NOTE)
    )
    answers = given(*IN_PROGRESS, *SUCCESSION, *BODIES, MERGED)
    answers.when(HandOverPortfolio, PREDECESSOR, **by(HEIR), **params, to_official=SUCCESSOR).then(
        handed_over()
    )
    for scenario, official_id, to in (
        (monitors, LAN, to_minh),
        (answers, PREDECESSOR, {"to_official": SUCCESSOR}),
    ):
        decision: dict[str, Any] = {**by(STRANGER), **params, **to}
        scenario.when(HandOverPortfolio, official_id, **decision).refuses(PortfolioBlocked)


def test_the_successor_body_passes_on_what_a_leaver_answered_for() -> None:
    to_quang: dict[str, Any] = {"official_id": QUANG, "state_summary": NOTE}
    leaving: dict[str, Any] = {"official_id": LAN, "cause": "retirement", "succession": to_quang}
    monitors = MONITORED.given(*BODIES, MERGED)
    monitors.when(EndTenure, DIRECTOR, **by(HEIR, CHANGED), **leaving).then(
        left(LAN),
        holds(QUANG, DIRECTOR, CULTURE, CHANGED),
        replaced(LAN, QUANG, post_id=DIRECTOR, reason=NOTE, replaced_by=HEIR),
    )
    monitors.when(EndTenure, DIRECTOR, **by(STRANGER, CHANGED), **leaving).refuses(PortfolioBlocked)
    to_successor: dict[str, Any] = {"official_id": SUCCESSOR, "state_summary": NOTE}
    given(*IN_PROGRESS, *BODIES, MERGED).when(
        EndTenure,
        SECRETARY,
        **by(HEIR),
        official_id=PREDECESSOR,
        cause="retirement",
        succession=to_successor,
    ).then(
        leaves(PREDECESSOR, SECRETARY, DISTRICT_PARTY, HANDOVER),
        holds(SUCCESSOR, SECRETARY, DISTRICT_PARTY, HANDOVER),
        handed_over(),
    )


def handed_over() -> TaskHandedOver:
    return TaskHandedOver(
        effective_on=HANDOVER,
        task_id=TASK,
        from_official=PREDECESSOR,
        to_official=SUCCESSOR,
        post_id=SECRETARY,
        unit_id=DISTRICT_PARTY,
        state_summary=NOTE,
        decided_by=HEIR,
    )


def test_the_successor_confirms_or_returns_what_was_claimed_and_scores_it() -> None:
    claimed = given(*CLAIMED, *BODIES, MERGED)
    claimed.when(ConfirmCompletion, TASK, **by(STRANGER, DONE)).refuses(NotTheEntitledBody)
    confirmed = COMPLETION_CONFIRMED.model_copy(update={"confirmed_by": HEIR})
    done = claimed.when(ConfirmCompletion, TASK, **by(HEIR, DONE)).then(confirmed)
    criteria = [{"criterion": "Tiến độ", "points": "8", "max_points": "10"}]
    assert done.when(ScoreTask, TASK, **by(HEIR, DONE), criteria=criteria).decide()
    claimed.when(ReturnCompletion, TASK, **by(HEIR, DONE), reason=WHY).then(
        CompletionReturned(**SHARED, effective_on=DONE, returned_by=HEIR, reason=WHY)
    )


def test_the_successor_transfers_hands_over_cancels_and_adds_who_answers_beside() -> None:
    going_on = given(*IN_PROGRESS, *SUCCESSION, *BODIES, MERGED)
    transfer: dict[str, Any] = {"to_post": CHAIRMAN, "reason": WHY}
    going_on.when(TransferTask, TASK, **by(HEIR), **transfer).then(
        TaskTransferred(
            effective_on=HANDOVER,
            task_id=TASK,
            from_official=PREDECESSOR,
            from_post=SECRETARY,
            from_unit=DISTRICT_PARTY,
            to_official=CHAIR,
            to_post=CHAIRMAN,
            to_unit=DISTRICT_STATE,
            decided_by=HEIR,
            reason=WHY,
        )
    )
    going_on.when(TransferTask, TASK, **by(STRANGER), **transfer).refuses(NotTheEntitledBody)
    going_on.when(TransferTask, TASK, **by(HEIR, DAY_BEFORE), **transfer).refuses(
        NotTheEntitledBody
    )
    to: dict[str, Any] = {"to_official": SUCCESSOR, "state_summary": NOTE}
    going_on.when(HandOver, TASK, **by(HEIR), **to).then(handed_over())
    going_on.when(CancelTask, TASK, **by(HEIR), reason=WHY).then(
        TaskCancelled(**SHARED, effective_on=HANDOVER, cancelled_by=HEIR, reason=WHY)
    )
    beside: dict[str, Any] = {"official_id": CHAIR, "post_id": CHAIRMAN, "unit_id": DISTRICT_STATE}
    going_on.when(AddCoAccountable, TASK, **by(HEIR), post_id=CHAIRMAN).then(
        CoAccountableAdded(effective_on=HANDOVER, task_id=TASK, **beside, added_by=HEIR)
    )


def test_the_successor_approves_a_registration_and_assigns_the_task() -> None:
    merged = UnitMerged(effective_on=APPROVED, unit_id=COMMITTEE, into=HEIR)
    registered = given(*ORGANISATION, TASK_REGISTERED, *BODIES, merged)
    registered.when(ApproveTask, TASK, **by(STRANGER, APPROVED)).refuses(NotTheEntitledBody)
    approved = registered.when(ApproveTask, TASK, **by(HEIR, APPROVED)).then(
        TASK_APPROVED.model_copy(update={"approved_by": HEIR})
    )
    task = TASK_ASSIGNED.model_copy(update={"assigned_by": HEIR})
    due: dict[str, Any] = {"due_on": task.due_on}
    approved.when(AssignTask, TASK, **by(HEIR, ASSIGNED), **due).then(task)
    approved.when(AssignTask, TASK, **by(STRANGER, ASSIGNED), **due).refuses(NotTheEntitledBody)
    to_unit: dict[str, Any] = {**due, "unit_id": DISTRICT_PARTY}
    approved.when(AssignTask, TASK, **by(HEIR, ASSIGNED), **to_unit).then(
        task.model_copy(update={"addressed_to": "unit"})
    )


def test_the_successor_decides_on_a_solution_put_to_the_body_that_ended() -> None:
    proposed = SolutionProposed(
        **SHARED,
        effective_on=ASSIGNED,
        number=1,
        proposed_to=COMMITTEE,
        title="Hỗ trợ",
        description="Hỗ trợ các chủ lò",
        supports=(),
    )
    put = given(*IN_PROGRESS, proposed, *BODIES, MERGED)
    put.when(ApproveSolution, TASK, **by(HEIR), number=1).then(
        SolutionApproved(**SHARED, effective_on=HANDOVER, number=1, decided_by=HEIR, supports=())
    )
    put.when(ApproveSolution, TASK, **by(STRANGER), number=1).refuses(NotTheEntitledBody)


SUMMARY = {"state_summary": NOTE}
USUAL: tuple[tuple[Scenario, type[Command[Any]], str, dict[str, Any]], ...] = (
    (given(*CLAIMED), ConfirmCompletion, TASK, {}),
    (given(*IN_PROGRESS), TransferTask, TASK, {"to_post": CHAIRMAN, "reason": WHY}),
    (given(*IN_PROGRESS), AddCoAccountable, TASK, {"post_id": CHAIRMAN}),
    (MONITORED, ReleaseMonitor, CAO_SON, {"reason": WHY}),
    (MONITORED, ReplaceMonitor, CAO_SON, TO_MINH),
    (MONITORED, HandOverPortfolio, LAN, {"to_official": HOA, **SUMMARY}),
    (given(*IN_PROGRESS), HandOverPortfolio, PREDECESSOR, {"to_official": SUCCESSOR, **SUMMARY}),
)


@pytest.mark.parametrize(("scenario", "verb", "subject", "params"), USUAL)
def test_what_became_of_a_body_is_looked_up_only_where_another_decides(
    scenario: Scenario, verb: type[Command[Any]], subject: str, params: dict[str, Any]
) -> None:
    def looked_up(body: str | None) -> set[str]:
        context = Context(Actor("client:office"), TODAY, TODAY, body, DECISION)
        build: Any = verb
        command: BodyCommand[Any] = build(context, verb.PARAMETERS.model_validate(params), subject)
        for event in (*scenario.history, *BODIES, MERGED):
            event.mutate(command)
        selectors = boundary(command)
        return {one for one in (COMMITTEE, HEIR, STRANGER) if unit_selector(one) in selectors}

    assert looked_up(COMMITTEE) == set()
    assert looked_up(None) == set()
    assert looked_up(HEIR) == {COMMITTEE, HEIR}
    assert looked_up(STRANGER) == {COMMITTEE, HEIR}

"""A leaver's portfolio: handed over whole, or left vacant, or not left at all."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import BodyRequired, DocumentRequired, Event
from domain.organisation.events import EndCause, TenureEnded
from domain.organisation.organisation import NotThePostHolder, OfficialUnknown
from domain.organisation.tenures import PostOccupied
from domain.succession.leaver import EndTenure, TenureStillAnswers
from domain.succession.portfolio import HandOverPortfolio, PortfolioBlocked, PortfolioEmpty
from domain.tasks.changes import TaskVacated, VacancyFilled
from domain.tasks.ending.completion import ConfirmCompletion
from domain.tasks.events import (
    CompletionConfirmed,
    ProgressReported,
    TaskHandedOver,
    TaskTransferred,
)
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
)
from tests.domain.cast import (
    ASSIGNED,
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    COMPLETION_CLAIMED,
    COMPLETION_CONFIRMED,
    DEPUTIES,
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
    VACANT,
    holds,
)
from tests.domain.scenario import BY_BODY, DECISION, OFFICE, Scenario, given

OTHER, THIRD = "cai-cach-hanh-chinh", "nong-thon-moi"
LEAVES: dict[str, Any] = {"official_id": PREDECESSOR, "cause": "retirement"}
SUMMARY = "Đã tháo dỡ 40 lò"
SUCCEEDED = {"official_id": SUCCESSOR, "state_summary": SUMMARY}


def of(task_id: str, *events: Event) -> tuple[Event, ...]:
    return tuple(event.model_copy(update={"task_id": task_id}) for event in events)


ROAD = (TASK_REGISTERED, TASK_APPROVED, TASK_ASSIGNED)
TWO = given(*IN_PROGRESS, *of(OTHER, *ROAD))
BESIDE = CoAccountableAdded(
    effective_on=ASSIGNED,
    task_id=TASK,
    official_id=CHAIR,
    post_id=CHAIRMAN,
    unit_id=DISTRICT_STATE,
    added_by=COMMITTEE,
)


def handed_over(task_id: str, **changes: Any) -> TaskHandedOver:
    return TaskHandedOver(
        **{
            "effective_on": HANDOVER,
            "task_id": task_id,
            "from_official": PREDECESSOR,
            "to_official": SUCCESSOR,
            "post_id": SECRETARY,
            "unit_id": DISTRICT_PARTY,
            "state_summary": SUMMARY,
            "decided_by": COMMITTEE,
            **changes,
        }
    )


def vacated(task_id: str) -> TaskVacated:
    return TaskVacated(
        **{**SHARED, "task_id": task_id},
        effective_on=HANDOVER,
        vacated_by=COMMITTEE,
        reason="Nghỉ chế độ",
    )


def end(scenario: Scenario, **params: Any) -> Scenario:
    return scenario.when(EndTenure, SECRETARY, on=HANDOVER, **BY_BODY, **LEAVES, **params)


def test_who_still_answers_for_tasks_does_not_just_leave() -> None:
    end(TWO).refuses(TenureStillAnswers)
    with pytest.raises(TenureStillAnswers, match=rf"{OTHER}, {TASK}"):
        end(TWO).decide()


def test_the_successor_is_appointed_and_takes_over_everything_at_once() -> None:
    end(TWO, succession=SUCCEEDED).then(*SUCCESSION, handed_over(OTHER), handed_over(TASK))


def test_the_tasks_of_a_leaver_are_left_vacant_by_a_decision() -> None:
    end(TWO, vacate=True, reason="Nghỉ chế độ").then(SUCCESSION[0], vacated(OTHER), vacated(TASK))


def test_a_decision_on_a_leavers_tasks_names_its_body_and_document() -> None:
    params: dict[str, Any] = {**LEAVES, "vacate": True, "reason": "Nghỉ chế độ"}
    TWO.when(EndTenure, SECRETARY, on=HANDOVER, **params).refuses(BodyRequired)
    TWO.when(EndTenure, SECRETARY, on=HANDOVER, on_behalf_of=COMMITTEE, **params).refuses(
        DocumentRequired
    )
    TWO.when(
        EndTenure, SECRETARY, on=HANDOVER, on_behalf_of=DISTRICT_PARTY, basis=DECISION, **params
    ).refuses(PortfolioBlocked)


def test_tasks_of_another_post_or_of_the_past_hold_nobody_back() -> None:
    done = given(*IN_PROGRESS, COMPLETION_CLAIMED, COMPLETION_CONFIRMED)
    later = date(2021, 11, 1)
    done.when(EndTenure, SECRETARY, on=later, **LEAVES).then(
        SUCCESSION[0].model_copy(update={"effective_on": later})
    )
    also_deputy = holds(PREDECESSOR, DEPUTIES, DISTRICT_STATE)
    given(*IN_PROGRESS, also_deputy).when(EndTenure, DEPUTIES, on=HANDOVER, **LEAVES).then(
        SUCCESSION[0].model_copy(update={"post_id": DEPUTIES, "unit_id": DISTRICT_STATE})
    )
    end(TWO.given(handed_over(TASK), handed_over(OTHER))).then(SUCCESSION[0])


def test_a_claim_stays_the_leavers_and_is_confirmed_as_it_stands() -> None:
    day = date(2021, 10, 2)
    claimed = given(*IN_PROGRESS, COMPLETION_CLAIMED)
    params: dict[str, Any] = {"on": day, **BY_BODY, **LEAVES}
    claimed.when(EndTenure, SECRETARY, **params).refuses(TenureStillAnswers)
    claimed.when(EndTenure, SECRETARY, **params, vacate=True, reason="Nghỉ chế độ").then(
        SUCCESSION[0].model_copy(update={"effective_on": day})
    ).when(ConfirmCompletion, TASK, by=OFFICE, on=day, on_behalf_of=COMMITTEE).then(
        CompletionConfirmed(**SHARED, effective_on=day, confirmed_by=COMMITTEE, completed_on=DONE)
    )


def test_whatever_stands_in_the_way_of_one_task_stops_all_and_is_named() -> None:
    that_day = TASK_ASSIGNED.model_copy(update={"effective_on": HANDOVER})
    assigned = of(OTHER, TASK_REGISTERED, TASK_APPROVED, that_day)
    stopped = end(given(*IN_PROGRESS, *assigned), succession=SUCCEEDED)
    stopped.refuses(PortfolioBlocked)
    with pytest.raises(PortfolioBlocked) as caught:
        stopped.decide()
    for language, words in (("en", "that would be no day"), ("vi", "không đủ một ngày")):
        assert f"[{OTHER}]" in caught.value.detail(language)
        assert words in caught.value.detail(language)
        assert f"[{TASK}]" not in caught.value.detail(language)


def test_a_leavers_tasks_are_not_handed_over_before_what_the_leaver_reported() -> None:
    late = of(OTHER, ProgressReported(**SHARED, effective_on=DONE, narrative="…"))
    end(TWO.given(*late), succession=SUCCEEDED).contradicts(*late)


def test_a_successor_must_be_somebody_and_there_must_be_a_seat() -> None:
    end(TWO, succession={**SUCCEEDED, "official_id": "nobody"}).refuses(OfficialUnknown)
    taken = TWO.given(SUCCESSION[1].model_copy(update={"official_id": CHAIR}))
    end(taken, succession=SUCCEEDED).refuses(PostOccupied)
    TWO.when(EndTenure, CHAIRMAN, on=HANDOVER, **LEAVES).refuses(NotThePostHolder)
    for both in (
        {"vacate": True},
        {"vacate": True, "reason": "…", "succession": SUCCEEDED},
        {"succession": {**SUCCEEDED, "official_id": PREDECESSOR}},
    ):
        with pytest.raises(ValidationError):
            end(TWO, **both)


def test_a_part_beside_the_lead_is_handed_over_or_released_with_the_rest() -> None:
    part: dict[str, Any] = {
        "effective_on": HANDOVER,
        "task_id": TASK,
        "post_id": CHAIRMAN,
        "unit_id": DISTRICT_STATE,
    }
    together = given(*IN_PROGRESS, BESIDE)
    ended = SUCCESSION[0].model_copy(
        update={"official_id": CHAIR, "post_id": CHAIRMAN, "unit_id": DISTRICT_STATE}
    )
    params: dict[str, Any] = {
        "official_id": CHAIR,
        "cause": "retirement",
        "on": HANDOVER,
        **BY_BODY,
    }
    together.when(EndTenure, CHAIRMAN, **params).refuses(TenureStillAnswers)
    together.when(EndTenure, CHAIRMAN, **params, succession=SUCCEEDED).then(
        ended,
        holds(SUCCESSOR, CHAIRMAN, DISTRICT_STATE, HANDOVER),
        CoAccountabilityHandedOver(
            **part,
            from_official=CHAIR,
            to_official=SUCCESSOR,
            decided_by=COMMITTEE,
            state_summary=SUMMARY,
        ),
    )
    together.when(EndTenure, CHAIRMAN, **params, vacate=True, reason="Nghỉ chế độ").then(
        ended,
        CoAccountableReleased(
            **part, official_id=CHAIR, released_by=COMMITTEE, reason="Nghỉ chế độ"
        ),
    )


def test_who_answers_already_takes_over_no_second_part() -> None:
    """The secretary leads and becomes chairman too: the part beside the lead just ends."""
    params: dict[str, Any] = {
        "official_id": CHAIR,
        "cause": "retirement",
        "on": HANDOVER,
        **BY_BODY,
    }
    to = {"official_id": PREDECESSOR, "state_summary": SUMMARY}
    given(*IN_PROGRESS, BESIDE).when(EndTenure, CHAIRMAN, **params, succession=to).then(
        SUCCESSION[0].model_copy(
            update={"official_id": CHAIR, "post_id": CHAIRMAN, "unit_id": DISTRICT_STATE}
        ),
        holds(PREDECESSOR, CHAIRMAN, DISTRICT_STATE, HANDOVER),
        CoAccountableReleased(
            effective_on=HANDOVER,
            task_id=TASK,
            official_id=CHAIR,
            post_id=CHAIRMAN,
            unit_id=DISTRICT_STATE,
            released_by=COMMITTEE,
            reason=SUMMARY,
        ),
    )


IN_DEPUTIES = {"post_id": DEPUTIES, "unit_id": DISTRICT_STATE}
DEPUTY = given(
    *ORGANISATION,
    holds(PREDECESSOR, DEPUTIES, DISTRICT_STATE),
    holds(SUCCESSOR, DEPUTIES, DISTRICT_STATE),
    *of(TASK, *(e.model_copy(update=IN_DEPUTIES) for e in ROAD)),
    *of(OTHER, *(e.model_copy(update=IN_DEPUTIES) for e in ROAD)),
)


def hand_over(scenario: Scenario, **params: Any) -> Scenario:
    return scenario.when(
        HandOverPortfolio, PREDECESSOR, on=HANDOVER, **BY_BODY, state_summary=SUMMARY, **params
    )


def test_a_portfolio_goes_to_one_successor_in_the_post() -> None:
    hand_over(DEPUTY, to_official=SUCCESSOR).then(
        handed_over(OTHER, **IN_DEPUTIES), handed_over(TASK, **IN_DEPUTIES)
    ).when(
        HandOverPortfolio,
        PREDECESSOR,
        on=HANDOVER,
        **BY_BODY,
        to_official=SUCCESSOR,
        state_summary=SUMMARY,
    ).refuses(PortfolioEmpty)


def test_a_portfolio_goes_to_several_successors_each_holding_the_post() -> None:
    third_seat = DEPUTY.given(holds(CHAIR, DEPUTIES, DISTRICT_STATE), *of(THIRD, *ROAD))
    named = ({"task_id": TASK, "to_official": CHAIR},)
    hand_over(third_seat, post_id=DEPUTIES, to_official=SUCCESSOR, successors=named).then(
        handed_over(OTHER, **IN_DEPUTIES), handed_over(TASK, **IN_DEPUTIES, to_official=CHAIR)
    )
    hand_over(third_seat, to_official=SUCCESSOR, successors=named).refuses(PortfolioBlocked)


@pytest.mark.parametrize(
    "params",
    [
        {"to_official": CHAIR},
        {"to_official": PREDECESSOR},
        {"successors": ({"task_id": TASK, "to_official": SUCCESSOR},)},
        {"to_official": SUCCESSOR, "successors": ({"task_id": "x", "to_official": SUCCESSOR},)},
    ],
)
def test_a_portfolio_is_handed_over_whole_to_those_who_hold_its_posts(params: Any) -> None:
    hand_over(DEPUTY, **params).refuses(PortfolioBlocked)


def test_a_claim_stands_in_the_way_of_a_portfolio() -> None:
    claimed = COMPLETION_CLAIMED.model_copy(update={**IN_DEPUTIES, "effective_on": HANDOVER})
    hand_over(DEPUTY.given(claimed), to_official=SUCCESSOR).refuses(PortfolioBlocked)


def test_a_portfolio_is_handed_over_by_the_body_that_assigned_its_tasks() -> None:
    params: dict[str, Any] = {"by": OFFICE, "to_official": SUCCESSOR, "state_summary": SUMMARY}
    DEPUTY.when(HandOverPortfolio, PREDECESSOR, **params).refuses(BodyRequired)
    DEPUTY.when(HandOverPortfolio, PREDECESSOR, on_behalf_of=COMMITTEE, **params).refuses(
        DocumentRequired
    )
    DEPUTY.when(
        HandOverPortfolio, PREDECESSOR, on_behalf_of=DISTRICT_PARTY, basis=DECISION, **params
    ).refuses(PortfolioBlocked)


def test_who_filled_a_vacancy_on_the_day_it_arose_answers_for_the_task() -> None:
    filled = VacancyFilled(
        **{**SHARED, "official_id": SUCCESSOR},
        effective_on=HANDOVER,
        filled_by=COMMITTEE,
        state_summary=SUMMARY,
    )
    params: dict[str, Any] = {"official_id": SUCCESSOR, "cause": "transfer", "on": DONE}
    given(*VACANT, SUCCESSION[1], filled).when(EndTenure, SECRETARY, **params).refuses(
        TenureStillAnswers
    )


def test_who_came_to_lead_and_handed_over_answers_for_nothing_more() -> None:
    led = TaskTransferred(
        effective_on=HANDOVER,
        task_id=TASK,
        from_official=PREDECESSOR,
        from_post=SECRETARY,
        from_unit=DISTRICT_PARTY,
        to_official=CHAIR,
        to_post=CHAIRMAN,
        to_unit=DISTRICT_STATE,
        decided_by=COMMITTEE,
        reason="Điều chuyển",
    )
    passed_on = handed_over(
        TASK,
        effective_on=DONE,
        from_official=CHAIR,
        post_id=CHAIRMAN,
        unit_id=DISTRICT_STATE,
    )
    given(*IN_PROGRESS, BESIDE, led, passed_on).when(
        EndTenure, CHAIRMAN, on=DONE, official_id=CHAIR, cause="transfer"
    ).then(
        TenureEnded(
            effective_on=DONE,
            official_id=CHAIR,
            post_id=CHAIRMAN,
            unit_id=DISTRICT_STATE,
            cause=EndCause.TRANSFER,
        )
    )


def test_a_task_is_answered_for_a_day_at_least_before_its_official_leaves() -> None:
    TWO.when(
        EndTenure, SECRETARY, on=ASSIGNED, **BY_BODY, **LEAVES, vacate=True, reason="Nhầm"
    ).refuses(PortfolioBlocked)

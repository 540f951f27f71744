"""Communes of a leaver: they pass to the successor, or nobody monitors them any more."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import BodyRequired, DocumentRequired
from domain.monitoring.events import ReleaseCause
from domain.monitoring.monitoring import CommuneUnmonitored
from domain.organisation.events import EndCause
from domain.succession.leaver import EndTenure
from domain.succession.portfolio import HandOverPortfolio, PortfolioBlocked, PortfolioEmpty
from tests.domain.cast import COMMITTEE, TASK, holds
from tests.domain.contradicted import contradicted
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
    OTHER_BODY,
    OVERLOAD,
    QUANG,
    READY,
    TAN_LAP,
    TREASURER,
    allocated,
    assigned,
    left,
    released,
    replaced,
)
from tests.domain.scenario import BY_BODY, DECISION, Scenario

TWO = MONITORED.given(assigned(LAN, DOAN_KET, exception=OVERLOAD))
RETIRES: dict[str, Any] = {"official_id": LAN, "cause": "retirement"}
RETIRED: dict[str, Any] = {
    "cause": ReleaseCause.RETIREMENT,
    "reason": "retirement",
    "released_by": None,
}
TO_QUANG = {"official_id": QUANG, "state_summary": NOTE}
LATER = date(2021, 7, 1)
APPOINTED = holds(QUANG, DIRECTOR, CULTURE, CHANGED)
IN_POST: dict[str, Any] = {"post_id": DIRECTOR, "reason": NOTE}


def end(scenario: Scenario, **params: Any) -> Scenario:
    return scenario.when(EndTenure, DIRECTOR, **{"on": CHANGED, **RETIRES, **params})


def hand_over(scenario: Scenario, **params: Any) -> Scenario:
    return scenario.when(
        HandOverPortfolio, LAN, **{"on": CHANGED, **BY_BODY, "state_summary": NOTE, **params}
    )


def blocked(scenario: Scenario) -> list[str]:
    """What stands in the way, by the names of tasks and communes."""
    scenario.refuses(PortfolioBlocked)
    with pytest.raises(PortfolioBlocked) as caught:
        scenario.decide()
    return [what for what, _ in caught.value.blocked]


@pytest.mark.parametrize("cause", list(EndCause))
def test_who_leaves_the_post_monitors_no_longer_from_that_day(cause: EndCause) -> None:
    why = {"cause": ReleaseCause(cause.value), "reason": cause.value}
    end(TWO, cause=cause).then(
        left(LAN).model_copy(update={"cause": cause}),
        released(LAN, **{**RETIRED, **why}),
        released(LAN, unit_id=DOAN_KET, **{**RETIRED, **why}),
    )


def test_the_reason_for_leaving_is_the_reason_for_the_release() -> None:
    end(MONITORED, reason="Nghỉ chế độ").then(
        left(LAN), released(LAN, **{**RETIRED, "reason": "Nghỉ chế độ"})
    )


def test_the_successor_in_the_post_monitors_the_communes_too() -> None:
    end(MONITORED, **BY_BODY, succession=TO_QUANG).then(
        left(LAN), APPOINTED, replaced(LAN, QUANG, **IN_POST)
    )
    allowed = {**TO_QUANG, "exception": OVERLOAD}
    end(TWO, **BY_BODY, succession=allowed).then(
        left(LAN),
        APPOINTED,
        replaced(LAN, QUANG, **IN_POST),
        replaced(LAN, QUANG, unit_id=DOAN_KET, **IN_POST, exception=OVERLOAD),
    )


def test_more_communes_than_the_successor_may_monitor_stand_in_the_way_by_name() -> None:
    assert blocked(end(TWO, **BY_BODY, succession=TO_QUANG)) == [DOAN_KET]


def test_a_succession_in_communes_is_decided_by_the_body_that_assigned_them() -> None:
    end(MONITORED, succession=TO_QUANG).refuses(BodyRequired)
    end(MONITORED, succession=TO_QUANG, on_behalf_of=COMMITTEE).refuses(DocumentRequired)
    params: dict[str, Any] = {"on_behalf_of": OTHER_BODY, "basis": DECISION}
    assert blocked(end(MONITORED, succession=TO_QUANG, **params)) == [CAO_SON]


def test_communes_monitored_in_another_post_are_not_concerned() -> None:
    also_deputy = READY.given(holds(LAN, DEPUTY, CULTURE), assigned(LAN, post_id=DEPUTY))
    end(also_deputy).then(left(LAN))


def test_a_tenure_does_not_end_before_what_happened_in_the_communes() -> None:
    assert blocked(end(MONITORED, on=BEGUN)) == [CAO_SON]
    allocation = allocated(effective_on=date(2021, 7, 1))
    end(MONITORED.given(allocation)).then(left(LAN), released(LAN, **RETIRED))
    let_go = released(LAN, effective_on=date(2021, 7, 1))
    monitored_on = MONITORED.given(let_go)
    assert contradicted(end(monitored_on)) == [(let_go, CommuneUnmonitored)]
    end(monitored_on, on=date(2021, 7, 1)).then(left(LAN, date(2021, 7, 1)))


def test_communes_go_to_one_successor_in_the_post() -> None:
    deputies = READY.given(
        holds(LAN, DEPUTY, CULTURE, BEGUN),
        assigned(LAN, post_id=DEPUTY),
        assigned(LAN, TAN_LAP, post_id=DEPUTY),
    )
    assert blocked(hand_over(deputies, to_official=MINH)) == [CAO_SON]
    done = hand_over(deputies, to_official=MINH, exception=OVERLOAD).then(
        replaced(LAN, MINH, unit_id=TAN_LAP, reason=NOTE),
        replaced(LAN, MINH, reason=NOTE, exception=OVERLOAD),
    )
    hand_over(done, to_official=MINH).refuses(PortfolioEmpty)


def test_communes_go_to_several_successors_in_posts_of_their_own() -> None:
    successors = (
        {"unit_id": CAO_SON, "to_official": MINH, "post_id": DEPUTY},
        {"unit_id": DOAN_KET, "to_official": HOA, "post_id": TREASURER},
    )
    hand_over(TWO, commune_successors=successors).then(
        replaced(LAN, MINH, reason=NOTE),
        replaced(
            LAN, HOA, unit_id=DOAN_KET, post_id=TREASURER, agency_id="so-tai-chinh", reason=NOTE
        ),
    )
    hand_over(TWO, post_id=DEPUTY, to_official=MINH).refuses(PortfolioEmpty)


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"to_official": MINH}, [CAO_SON, DOAN_KET]),
        ({"commune_successors": ({"unit_id": CAO_SON, "to_official": MINH},)}, [DOAN_KET]),
        (
            {"to_official": MINH, "commune_successors": ({"unit_id": "x", "to_official": MINH},)},
            ["x"],
        ),
        ({"successors": ({"task_id": TASK, "to_official": MINH},)}, [TASK, CAO_SON, DOAN_KET]),
    ],
)
def test_communes_are_handed_over_all_or_none(params: Any, named: list[str]) -> None:
    assert blocked(hand_over(TWO, **params)) == named


def test_a_commune_is_named_once() -> None:
    once = {"unit_id": CAO_SON, "to_official": MINH}
    with pytest.raises(ValidationError, match="every commune once"):
        hand_over(TWO, commune_successors=(once, once))
    with pytest.raises(ValidationError, match="name to_official"):
        hand_over(TWO)

"""A monitor goes on in the successor of a commune, under the rules that monitors come under."""

from datetime import date
from typing import Any

from domain.monitoring.command import NotOfTheAgency
from domain.monitoring.events import MonitorReleased, ReleaseCause
from domain.organisation.events import UnitClosed, UnitMerged
from domain.organisation.organisation import UnitNotOpen
from domain.succession.merger import MergeUnits
from tests.domain.contradicted import contradicted
from tests.domain.monitoring.people import (
    CAO_SON,
    CHANGED,
    DOAN_KET,
    FINANCE,
    LAN,
    MONITORED,
    OVERLOAD,
    READY,
    allocated,
    assigned,
    released,
)
from tests.domain.scenario import BY_BODY, Scenario


def merge(scenario: Scenario) -> Scenario:
    params: dict[str, Any] = {"predecessors": (CAO_SON,), "monitor_of": CAO_SON}
    return scenario.when(MergeUnits, DOAN_KET, on=CHANGED, **BY_BODY, **params)


def test_a_monitor_goes_on_with_the_exception_that_was_made() -> None:
    ended: MonitorReleased = released(
        LAN, cause=ReleaseCause.UNIT_ENDED, reason="unit_ended", released_by=None
    )
    merge(READY.given(assigned(LAN, exception=OVERLOAD))).then(
        ended,
        UnitMerged(effective_on=CHANGED, unit_id=CAO_SON, into=DOAN_KET),
        assigned(LAN, DOAN_KET, effective_on=CHANGED, exception=OVERLOAD, follows=CAO_SON),
    )


def test_a_monitor_goes_on_only_where_the_agency_is_the_same() -> None:
    merge(MONITORED.given(allocated(DOAN_KET, FINANCE))).refuses(NotOfTheAgency)


def test_a_monitor_does_not_go_on_in_a_commune_that_ended_since() -> None:
    closed = UnitClosed(effective_on=date(2021, 9, 1), unit_id=DOAN_KET, reason="…")
    assert contradicted(merge(MONITORED.given(closed))) == [(closed, UnitNotOpen)]

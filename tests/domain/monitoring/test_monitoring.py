"""Monitoring as a decision sees it: whose days follow whose, in one commune."""

from datetime import date

import pytest

from domain.monitoring.monitoring import Monitoring, NotTheMonitor
from tests.domain.monitoring.monitors.test_allocation import WITHDRAWN
from tests.domain.monitoring.people import (
    BEGUN,
    CAO_SON,
    CHANGED,
    CULTURE,
    DEPUTY,
    FINANCE,
    LAN,
    MINH,
    allocated,
    assigned,
    released,
    replaced,
)

LATER = date(2021, 9, 1)


def test_who_monitored_from_when_until_when() -> None:
    monitoring = Monitoring()
    for event in (
        # Released and assigned anew on one day; then replaced by the first again.
        assigned(LAN),
        released(LAN),
        assigned(MINH, post_id=DEPUTY, effective_on=CHANGED),
        replaced(MINH, LAN, effective_on=LATER),
    ):
        monitoring.evolve(event)
    assert [(s.official_id, s.since, s.until) for s in monitoring.spans_in(CAO_SON)] == [
        (LAN, BEGUN, CHANGED),
        (MINH, CHANGED, LATER),
        (LAN, LATER, date.max),
    ]
    assert [span.since for span in monitoring.open_spans_of(LAN)] == [LATER]
    assert monitoring.span_on(CAO_SON, CHANGED).official_id == MINH
    with pytest.raises(NotTheMonitor):
        monitoring.span_on(CAO_SON, CHANGED, LAN)


def test_who_is_assigned_while_another_monitors_follows_the_day_after() -> None:
    monitoring = Monitoring()
    for event in (assigned(LAN), assigned(MINH, post_id=DEPUTY, effective_on=CHANGED)):
        monitoring.evolve(event)
    assert [(s.official_id, s.since, s.until) for s in monitoring.spans] == [
        (LAN, BEGUN, CHANGED),
        (MINH, CHANGED, date.max),
    ]


def test_to_which_agency_a_commune_is_allocated() -> None:
    monitoring = Monitoring()
    for event in (allocated(), WITHDRAWN, allocated(agency=FINANCE, effective_on=CHANGED)):
        monitoring.evolve(event)
    allocation = monitoring.allocation(CAO_SON)
    assert allocation is not None
    assert (allocation.agency_id, allocation.since) == (FINANCE, CHANGED)
    [before] = monitoring.allocations_to(CULTURE)
    assert (before.since, before.until) == (BEGUN, CHANGED)

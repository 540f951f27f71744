"""Monitoring as a decision sees it: the days of a commune tell their order, not the reading."""

from datetime import date
from itertools import permutations

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
# Released and assigned anew on one day; then replaced by the first again.
EVENTS = (
    assigned(LAN),
    released(LAN),
    assigned(MINH, post_id=DEPUTY, effective_on=CHANGED),
    replaced(MINH, LAN, effective_on=LATER),
)
ALLOCATIONS = (allocated(), WITHDRAWN, allocated(agency=FINANCE, effective_on=CHANGED))


def test_who_monitored_when_is_the_same_in_whatever_order_events_are_read() -> None:
    for events in permutations(EVENTS):
        monitoring = Monitoring()
        for event in events:
            monitoring.evolve(event)
        assert [(s.official_id, s.since, s.until) for s in monitoring.spans_in(CAO_SON)] == [
            (LAN, BEGUN, CHANGED),
            (MINH, CHANGED, LATER),
            (LAN, LATER, date.max),
        ]
        assert [span.since for span in monitoring.open_spans_of(LAN)] == [LATER]
        assert monitoring.latest_on == {CAO_SON: LATER}
        assert monitoring.span_on(CAO_SON, CHANGED).official_id == MINH
        with pytest.raises(NotTheMonitor):
            monitoring.span_on(CAO_SON, CHANGED, LAN)


def test_which_agency_a_commune_is_allocated_to_is_the_same_too() -> None:
    for events in permutations(ALLOCATIONS):
        monitoring = Monitoring()
        for event in events:
            monitoring.evolve(event)
        allocation = monitoring.allocation(CAO_SON)
        assert allocation is not None
        assert (allocation.agency_id, allocation.since) == (FINANCE, CHANGED)
        assert [(a.since, a.until) for a in monitoring.allocations_to(CULTURE)] == [
            (BEGUN, CHANGED)
        ]

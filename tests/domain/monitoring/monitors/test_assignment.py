"""Assignment: who may monitor a commune, by whose decision, and how many."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.kernel import BodyRequired, DocumentRequired, NotTheEntitledBody
from domain.monitoring.command import (
    MonitorsEnough,
    NotACommune,
    NotALeadingPost,
    NotOfTheAgency,
)
from domain.monitoring.events import VisitRecorded
from domain.monitoring.monitoring import CommuneUnmonitored, NotTheMonitor
from domain.monitoring.monitors.assignment import AssignMonitor, CommuneMonitored
from domain.monitoring.papers.visits import RecordVisit
from domain.organisation.events import UnitClosed
from domain.organisation.organisation import NotThePostHolder, PostUnknown, UnitNotOpen, UnitUnknown
from tests.domain.contradicted import contradicted
from tests.domain.monitoring.people import (
    ADOPTED,
    BEGUN,
    CAO_SON,
    CHANGED,
    CLERKSHIP,
    CULTURE,
    DEPUTY,
    DIRECTOR,
    DOAN_KET,
    FINANCE,
    HOA,
    LAN,
    MINH,
    MONITORED,
    OTHER_BODY,
    OVERLOAD,
    PROVINCE,
    QUANG,
    READY,
    REGULATION,
    TAN_LAP,
    TREASURER,
    allocated,
    assigned,
    left,
    regulation,
    released,
)
from tests.domain.regulations.governing import COMMUNES, governing
from tests.domain.scenario import BY_BODY, DECISION, OFFICE, Scenario, given

VISIT: dict[str, Any] = {"occasion": "work", "content": "Làm việc"}
LAN_MONITORS: dict[str, Any] = {"official_id": LAN, "post_id": DIRECTOR}
MINH_MONITORS: dict[str, Any] = {"official_id": MINH, "post_id": DEPUTY}


def assign(scenario: Scenario, unit_id: str = CAO_SON, **params: Any) -> Scenario:
    return scenario.when(
        AssignMonitor, unit_id, **{"on": BEGUN, **BY_BODY, **LAN_MONITORS, **params}
    )


def test_a_leader_of_an_agency_monitors_a_commune() -> None:
    assign(READY).then(assigned(LAN))
    assign(READY, TAN_LAP).then(assigned(LAN, TAN_LAP))


def test_a_commune_has_one_monitor_and_the_refusal_says_who_and_since_when() -> None:
    second = assign(MONITORED, **MINH_MONITORS, on=CHANGED)
    second.refuses(CommuneMonitored)
    with pytest.raises(CommuneMonitored) as caught:
        second.decide()
    assert caught.value.extensions == {"unit_id": CAO_SON, "official_id": LAN, "since": BEGUN}


def test_who_monitors_holds_a_leading_post() -> None:
    assign(READY, official_id=QUANG, post_id=CLERKSHIP).refuses(NotALeadingPost)
    assign(READY, official_id=HOA, post_id=TREASURER).then(
        assigned(HOA, post_id=TREASURER, agency_id=FINANCE)
    )
    assign(READY, official_id=MINH).refuses(NotThePostHolder)
    assign(READY, post_id="nowhere").refuses(PostUnknown)


def test_before_any_regulation_only_heads_of_units_monitor_one_commune_each() -> None:
    before = given(*(event for event in PROVINCE if event != REGULATION))
    assign(before, **MINH_MONITORS).refuses(NotALeadingPost)
    assign(before).then(assigned(LAN))
    assign(before.given(assigned(LAN)), DOAN_KET).refuses(MonitorsEnough)
    assign(READY, **MINH_MONITORS, on=ADOPTED - timedelta(1)).refuses(NotALeadingPost)


def test_who_left_the_post_since_or_is_not_in_it_yet_does_not_monitor() -> None:
    assert contradicted(assign(READY.given(left(LAN)), on=BEGUN)) == [(left(LAN), NotThePostHolder)]
    assign(READY.given(left(LAN)), on=CHANGED).refuses(NotThePostHolder)


def test_the_body_that_manages_the_post_decides_by_its_document() -> None:
    assign(READY, on_behalf_of=None).refuses(BodyRequired)
    assign(READY, basis=None).refuses(DocumentRequired)
    assign(READY, on_behalf_of=OTHER_BODY).refuses(NotTheEntitledBody)


def test_an_official_monitors_one_commune_unless_a_reason_is_given() -> None:
    assign(MONITORED, DOAN_KET).refuses(MonitorsEnough)
    assign(MONITORED, DOAN_KET, exception=OVERLOAD).then(
        assigned(LAN, DOAN_KET, exception=OVERLOAD)
    )
    assign(MONITORED.given(released(LAN)), DOAN_KET, on=CHANGED).then(
        assigned(LAN, DOAN_KET, effective_on=CHANGED)
    )


def test_communes_monitored_one_after_another_are_not_counted_together() -> None:
    later = date(2021, 9, 1)
    second = assigned(LAN, DOAN_KET, effective_on=later)
    history = MONITORED.given(released(LAN, effective_on=CHANGED), second)
    between = {"on": date(2021, 7, 1)}
    assert contradicted(assign(history, TAN_LAP, **between)) == [(second, MonitorsEnough)]
    assign(history, TAN_LAP, **between, exception=OVERLOAD).then(
        assigned(LAN, TAN_LAP, effective_on=date(2021, 7, 1), exception=OVERLOAD)
    )
    assign(history, TAN_LAP, on=BEGUN + timedelta(1)).refuses(MonitorsEnough)


def test_a_regulation_says_how_many_communes_an_official_monitors() -> None:
    for adopted in (regulation(BEGUN, most=2), governing(COMMUNES, BEGUN)):
        two = READY.given(adopted)
        assign(two.given(assigned(LAN)), DOAN_KET, exception=OVERLOAD).then(assigned(LAN, DOAN_KET))
        full = two.given(assigned(LAN), assigned(LAN, DOAN_KET))
        assign(full, TAN_LAP).refuses(MonitorsEnough)


def test_only_communes_wards_and_towns_that_exist_are_monitored() -> None:
    assign(READY, CULTURE).refuses(NotACommune)
    assign(READY, "nowhere").refuses(UnitUnknown)
    end = UnitClosed(effective_on=CHANGED, unit_id=CAO_SON, reason="…")
    closed = READY.given(end)
    assign(closed, on=CHANGED).refuses(UnitNotOpen)
    assert contradicted(assign(closed)) == [(end, UnitNotOpen)]


def test_a_commune_allocated_to_an_agency_is_monitored_by_a_leader_of_it() -> None:
    finance = READY.given(allocated(CAO_SON, FINANCE))
    assign(finance).refuses(NotOfTheAgency)
    assign(finance, official_id=HOA, post_id=TREASURER).then(
        assigned(HOA, post_id=TREASURER, agency_id=FINANCE)
    )


def test_who_monitored_in_an_old_gap_is_recorded_late_and_monitored_until_the_next() -> None:
    assign(MONITORED, **MINH_MONITORS, on=ADOPTED).then(
        assigned(MINH, post_id=DEPUTY, effective_on=ADOPTED)
    ).when(RecordVisit, CAO_SON, on=BEGUN - timedelta(1), official_id=MINH, **VISIT).then(
        VisitRecorded(
            effective_on=BEGUN - timedelta(1),
            unit_id=CAO_SON,
            official_id=MINH,
            since=ADOPTED,
            number=1,
            **VISIT,
        )
    ).when(RecordVisit, CAO_SON, on=BEGUN, official_id=MINH, **VISIT).refuses(NotTheMonitor)


def test_a_monitor_of_an_old_gap_is_counted_only_until_the_next_in_that_commune() -> None:
    after = assign(MONITORED, **MINH_MONITORS, on=ADOPTED).then(
        assigned(MINH, post_id=DEPUTY, effective_on=ADOPTED)
    )
    assign(after, DOAN_KET, **MINH_MONITORS, on=BEGUN).then(
        assigned(MINH, DOAN_KET, post_id=DEPUTY)
    )


def test_a_monitor_is_assigned_ahead_and_another_visits_until_then() -> None:
    ahead = date(2022, 2, 1)
    after = assign(MONITORED.given(released(LAN)), **MINH_MONITORS, on=ahead).then(
        assigned(MINH, post_id=DEPUTY, effective_on=ahead)
    )
    until = assigned(LAN, effective_on=date(2021, 9, 1))
    visit = after.given(until).when(RecordVisit, CAO_SON, on=date(2021, 12, 1), **VISIT)
    [recorded] = visit.decide()
    assert isinstance(recorded, VisitRecorded)
    assert (recorded.official_id, recorded.since) == (LAN, date(2021, 9, 1))
    after.when(RecordVisit, CAO_SON, on=date(2021, 12, 1), **VISIT).refuses(CommuneUnmonitored)


def test_a_gap_between_two_monitors_is_filled_late() -> None:
    september = date(2021, 9, 1)
    to_minh = assigned(MINH, post_id=DEPUTY, effective_on=date(2021, 7, 1))
    history = MONITORED.given(released(LAN), assigned(LAN, effective_on=september))
    filled = assign(history, **MINH_MONITORS, on=date(2021, 7, 1)).then(to_minh)
    assign(filled, **MINH_MONITORS, on=date(2021, 8, 1)).refuses(CommuneMonitored)
    assign(filled, DOAN_KET, **MINH_MONITORS, on=september).then(
        assigned(MINH, DOAN_KET, post_id=DEPUTY, effective_on=september)
    )


def test_a_gap_is_recorded_late_where_nobody_monitored() -> None:
    assign(MONITORED.given(released(LAN)), **MINH_MONITORS, on=date(2021, 5, 31)).refuses(
        CommuneMonitored
    )
    assign(MONITORED.given(released(LAN)), **MINH_MONITORS, on=CHANGED).then(
        assigned(MINH, post_id=DEPUTY, effective_on=CHANGED)
    )


def test_a_refusal_to_a_body_without_document_comes_before_all_else() -> None:
    READY.when(AssignMonitor, "nowhere", by=OFFICE, **LAN_MONITORS).refuses(BodyRequired)
    READY.when(
        AssignMonitor, "nowhere", by=OFFICE, on_behalf_of=OTHER_BODY, basis=DECISION, **LAN_MONITORS
    ).refuses(UnitUnknown)

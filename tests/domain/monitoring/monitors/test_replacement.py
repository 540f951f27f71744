"""Replacement and release: how a monitor's days in a commune end."""

from datetime import date
from typing import Any

from domain.kernel import BodyRequired, DocumentRequired, NotTheEntitledBody
from domain.monitoring.command import (
    MonitoredForNoDay,
    MonitorsEnough,
    NotOfTheAgency,
    VisitedAfterwards,
)
from domain.monitoring.events import AnnualReportSubmitted, GoodPracticeRecorded, VisitRecorded
from domain.monitoring.monitoring import CommuneUnmonitored, NotTheMonitor
from domain.monitoring.monitors.release import ReleaseMonitor
from domain.monitoring.monitors.replacement import AlreadyMonitors, ReplaceMonitor
from domain.organisation.organisation import NotThePostHolder
from tests.domain.contradicted import contradicted
from tests.domain.monitoring.people import (
    BEGUN,
    CAO_SON,
    CHANGED,
    DEPUTY,
    DIRECTOR,
    DOAN_KET,
    FINANCE,
    HOA,
    LAN,
    MINH,
    MONITORED,
    NOTE,
    OTHER_BODY,
    OVERLOAD,
    READY,
    TREASURER,
    WHY,
    allocated,
    assigned,
    released,
    replaced,
)
from tests.domain.scenario import BY_BODY, Scenario

TO_MINH = {"to_official": MINH, "post_id": DEPUTY, "reason": WHY, "handover_note": NOTE}
VISITED = VisitRecorded(
    effective_on=CHANGED,
    unit_id=CAO_SON,
    official_id=LAN,
    since=BEGUN,
    number=1,
    occasion="party_cell_meeting",
    content="Dự sinh hoạt chi bộ",
)


def replace(scenario: Scenario, unit_id: str = CAO_SON, **params: Any) -> Scenario:
    return scenario.when(ReplaceMonitor, unit_id, **{"on": CHANGED, **BY_BODY, **TO_MINH, **params})


def release(scenario: Scenario, unit_id: str = CAO_SON, **params: Any) -> Scenario:
    return scenario.when(
        ReleaseMonitor, unit_id, **{"on": CHANGED, **BY_BODY, "reason": WHY, **params}
    )


def test_another_takes_over_without_a_day_between() -> None:
    replace(MONITORED).then(replaced(LAN, MINH))


def test_who_takes_over_comes_under_the_same_rules() -> None:
    busy = MONITORED.given(assigned(MINH, DOAN_KET, post_id=DEPUTY))
    replace(busy).refuses(MonitorsEnough)
    replace(busy, exception=OVERLOAD).then(replaced(LAN, MINH, exception=OVERLOAD))
    replace(MONITORED, post_id=DIRECTOR).refuses(NotThePostHolder)
    replace(MONITORED.given(allocated()), to_official=HOA, post_id=TREASURER).refuses(
        NotOfTheAgency
    )
    replace(MONITORED, to_official=HOA, post_id=TREASURER).then(
        replaced(LAN, HOA, post_id=TREASURER, agency_id=FINANCE)
    )


def test_only_somebody_else_replaces_somebody() -> None:
    replace(READY).refuses(CommuneUnmonitored)
    replace(MONITORED, to_official=LAN, post_id=DIRECTOR).refuses(AlreadyMonitors)


def test_the_body_that_assigned_the_monitor_ends_it_by_its_document() -> None:
    for ends in (replace, release):
        ends(MONITORED, on_behalf_of=None).refuses(BodyRequired)
        ends(MONITORED, on_behalf_of=OTHER_BODY).refuses(NotTheEntitledBody)
        ends(MONITORED, basis=None).refuses(DocumentRequired)
        by_another = READY.given(assigned(LAN, assigned_by=OTHER_BODY))
        ends(by_another).refuses(NotTheEntitledBody)


def test_a_monitor_is_released_and_nobody_monitors_the_commune() -> None:
    release(MONITORED).then(released(LAN)).when(
        ReleaseMonitor, CAO_SON, **BY_BODY, reason=WHY
    ).refuses(CommuneUnmonitored)


def test_what_the_monitor_wrote_later_stands_in_the_way_of_an_earlier_end() -> None:
    on_day: dict[str, Any] = {
        "unit_id": CAO_SON,
        "official_id": LAN,
        "since": BEGUN,
        "effective_on": CHANGED,
    }
    practice = GoodPracticeRecorded(**on_day, number=1, title="Tổ tự quản", content=NOTE)
    report = AnnualReportSubmitted(**on_day, year=2021, revision=1, content=NOTE)
    written = MONITORED.given(practice, report)
    earlier = date(2021, 5, 1)
    assert contradicted(release(written, on=earlier)) == [(practice, NotTheMonitor)]
    assert contradicted(replace(written, on=earlier)) == [(practice, NotTheMonitor)]


def test_a_replacement_recorded_late_is_of_who_monitored_then() -> None:
    to_minh = replaced(LAN, MINH)
    let_go = released(MINH, post_id=DEPUTY, since=CHANGED, effective_on=date(2021, 9, 1))
    since = MONITORED.given(to_minh, let_go)
    to_hoa = {"to_official": HOA, "post_id": TREASURER}
    before, between = date(2021, 5, 1), date(2021, 8, 1)
    assert contradicted(replace(since, on=before, **to_hoa)) == [
        (to_minh, NotTheMonitor),
        (let_go, NotTheMonitor),
    ]
    assert contradicted(replace(since, on=between, **to_hoa)) == [(let_go, NotTheMonitor)]


def test_a_monitor_has_a_day_at_least_and_no_visit_afterwards() -> None:
    for ends in (replace, release):
        ends(MONITORED, on=BEGUN).refuses(MonitoredForNoDay)
        ends(MONITORED.given(VISITED)).refuses(VisitedAfterwards)
        assert contradicted(ends(MONITORED.given(VISITED), on=date(2021, 5, 31))) == [
            (VISITED, NotTheMonitor)
        ]
    the_day_after = date(2021, 6, 2)
    release(MONITORED.given(VISITED), on=the_day_after).then(
        released(LAN, effective_on=the_day_after)
    )

"""Allocation: communes go to agencies, as many as their leaders may monitor."""

from datetime import timedelta
from typing import Any

from domain.kernel import BodyRequired, DocumentRequired, NotTheEntitledBody
from domain.monitoring.command import NotACommune, NotOfTheAgency
from domain.monitoring.events import AllocationWithdrawn
from domain.monitoring.monitors.allocation import (
    AllocateCommune,
    AllocatedForNoDay,
    CommuneAllocatedAlready,
    CommuneNotAllocated,
    MonitorOfAnotherAgency,
    QuotaNotSet,
    QuotaUnchanged,
    QuotaUsed,
    SetQuota,
    WithdrawAllocation,
)
from domain.organisation.organisation import UnitUnknown
from tests.domain.cast import COMMITTEE
from tests.domain.contradicted import contradicted
from tests.domain.monitoring.people import (
    ADOPTED,
    BEGUN,
    CAO_SON,
    CHANGED,
    CULTURE,
    DOAN_KET,
    FINANCE,
    LAN,
    MONITORED,
    OTHER_BODY,
    OVERLOAD,
    READY,
    WHY,
    allocated,
    assigned,
    quota,
)
from tests.domain.scenario import BY_BODY, Scenario

ONE_LEADER = READY.given(quota(1))
WITHDRAWN = AllocationWithdrawn(
    effective_on=CHANGED, unit_id=CAO_SON, agency_id=CULTURE, withdrawn_by=COMMITTEE, reason=WHY
)


def set_quota(scenario: Scenario, leaders: int, agency: str = CULTURE, **params: Any) -> Scenario:
    return scenario.when(
        SetQuota, agency, **{"on": ADOPTED, **BY_BODY, "leaders": leaders, **params}
    )


def allocate(scenario: Scenario, unit_id: str = CAO_SON, **params: Any) -> Scenario:
    return scenario.when(
        AllocateCommune, unit_id, **{"on": BEGUN, **BY_BODY, "agency_id": CULTURE, **params}
    )


def withdraw(scenario: Scenario, **params: Any) -> Scenario:
    return scenario.when(
        WithdrawAllocation, CAO_SON, **{"on": CHANGED, **BY_BODY, "reason": WHY, **params}
    )


def test_an_agency_gives_so_many_leaders_as_monitors() -> None:
    set_quota(READY, 3).then(quota(3))
    set_quota(ONE_LEADER, 1).refuses(QuotaUnchanged)
    day_before = ADOPTED - timedelta(1)
    set_quota(ONE_LEADER, 2, on=day_before).then(quota(2, effective_on=day_before))
    set_quota(ONE_LEADER, 0, on=BEGUN).then(quota(0, effective_on=BEGUN))
    set_quota(READY, 3, "nowhere").refuses(UnitUnknown)
    set_quota(READY, 3, on_behalf_of=None).refuses(BodyRequired)
    set_quota(READY, 3, basis=None).refuses(DocumentRequired)


def test_a_commune_is_allocated_to_an_agency_within_its_quota() -> None:
    allocate(READY).refuses(QuotaNotSet)
    allocate(ONE_LEADER, on=ADOPTED - timedelta(1)).refuses(QuotaNotSet)
    allocate(ONE_LEADER).then(allocated())
    full = ONE_LEADER.given(allocated())
    allocate(full, DOAN_KET).refuses(QuotaUsed)
    allocate(full, DOAN_KET, exception=OVERLOAD).then(allocated(DOAN_KET, exception=OVERLOAD))
    allocate(full.given(WITHDRAWN), DOAN_KET, on=CHANGED).then(
        allocated(DOAN_KET, effective_on=CHANGED)
    )
    allocate(full.given(WITHDRAWN), DOAN_KET).refuses(QuotaUsed)
    assert contradicted(set_quota(full, 0, on=ADOPTED + timedelta(1))) == [(allocated(), QuotaUsed)]
    later = ONE_LEADER.given(allocated(effective_on=CHANGED))
    assert contradicted(allocate(later, DOAN_KET)) == [(allocated(effective_on=CHANGED), QuotaUsed)]
    allocate(later, DOAN_KET, exception=OVERLOAD).then(allocated(DOAN_KET, exception=OVERLOAD))
    allocate(ONE_LEADER, on_behalf_of=None).refuses(BodyRequired)
    allocate(ONE_LEADER, basis=None).refuses(DocumentRequired)
    allocate(ONE_LEADER, FINANCE).refuses(NotACommune)
    allocate(ONE_LEADER, agency_id="nowhere").refuses(UnitUnknown)


def test_a_commune_is_allocated_to_one_agency_which_its_monitor_is_of() -> None:
    two = ONE_LEADER.given(quota(1, FINANCE))
    allocate(two.given(allocated()), agency_id=FINANCE).refuses(CommuneAllocatedAlready)
    allocate(two.given(assigned(LAN)), agency_id=FINANCE).refuses(MonitorOfAnotherAgency)
    allocate(two.given(assigned(LAN))).then(allocated())
    since = assigned(LAN, effective_on=CHANGED)
    allocate(two.given(since)).then(allocated())
    to_finance = allocate(two.given(since), agency_id=FINANCE)
    assert contradicted(to_finance) == [(since, NotOfTheAgency)]
    allocated_since = allocated(effective_on=CHANGED)
    assert contradicted(allocate(two.given(allocated_since), agency_id=FINANCE)) == [
        (allocated_since, CommuneAllocatedAlready)
    ]


def test_an_allocation_is_withdrawn_by_whoever_made_it_and_the_monitor_goes_on() -> None:
    given = MONITORED.given(quota(1), allocated())
    withdraw(given).then(WITHDRAWN)
    withdraw(MONITORED).refuses(CommuneNotAllocated)
    withdraw(given, on_behalf_of=None).refuses(BodyRequired)
    withdraw(given, on_behalf_of=OTHER_BODY).refuses(NotTheEntitledBody)
    withdraw(given, basis=None).refuses(DocumentRequired)
    withdraw(given, on=BEGUN).refuses(AllocatedForNoDay)
    withdraw(given, on=ADOPTED).refuses(CommuneNotAllocated)
    assert contradicted(withdraw(given.given(WITHDRAWN), on=BEGUN + timedelta(1))) == [
        (WITHDRAWN, CommuneNotAllocated)
    ]

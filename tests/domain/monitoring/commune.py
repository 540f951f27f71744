"""The cast of the tests of papers: one commune, its Party committee, and who monitors it."""

from datetime import date
from typing import Any

from domain.kernel import Actor
from domain.monitoring.events import MonitorAssigned, MonitorReplaced
from domain.organisation.events import UnitEstablished, UnitKind
from tests.domain.scenario import given

COMMITTEE, OTHER_BODY = "btv-tinh-uy", "ubkt-tinh-uy"
AGENCY, COMMUNE, PARTY = "so-tai-chinh", "xa-cao-son", "dang-uy-xa-cao-son"
FIRST, SECOND = "can-bo-001", "can-bo-002"
SINCE, REPLACED, TODAY = date(2020, 3, 1), date(2021, 7, 1), date(2021, 12, 1)
BY_FIRST = {"official_id": FIRST, "since": SINCE, "unit_id": COMMUNE}
BY_SECOND = {"official_id": SECOND, "since": REPLACED, "unit_id": COMMUNE}
REMARKS = "Bám sát cơ sở"


def unit(unit_id: str, kind: UnitKind, parent: str | None = None) -> UnitEstablished:
    founded = date(2015, 1, 1)
    return UnitEstablished(
        effective_on=founded, unit_id=unit_id, name=unit_id, kind=kind, parent_id=parent
    )


ASSIGNED = MonitorAssigned(
    effective_on=SINCE,
    unit_id=COMMUNE,
    official_id=FIRST,
    post_id="giam-doc",
    agency_id=AGENCY,
    assigned_by=COMMITTEE,
)
MONITORED = given(
    unit(COMMITTEE, UnitKind.STANDING_COMMITTEE),
    unit(OTHER_BODY, UnitKind.PARTY_AGENCY),
    unit(COMMUNE, UnitKind.COMMUNE),
    unit(PARTY, UnitKind.PARTY_COMMITTEE, COMMUNE),
    ASSIGNED,
)
SUCCEEDED = MONITORED.given(
    MonitorReplaced(
        effective_on=REPLACED,
        unit_id=COMMUNE,
        from_official=FIRST,
        to_official=SECOND,
        post_id="pho-giam-doc",
        agency_id=AGENCY,
        replaced_by=COMMITTEE,
        reason="Luân chuyển",
        handover_note="Hồ sơ kèm theo",
    )
)
MONITOR = Actor(f"official:{FIRST}")
BY_PARTY: dict[str, Any] = {"on": TODAY, "on_behalf_of": PARTY}
BY_COMMITTEE: dict[str, Any] = {"on": TODAY, "on_behalf_of": COMMITTEE}

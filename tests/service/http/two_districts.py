"""Two districts with five communes, and half a year of their monitoring, as it stands in the log.

Mai Châu has c1, which loses its monitor to retirement on 1 March and gets another on 31 March, and
c2. Lạc Sơn has c3, with the monitor of c2 too, and c4, which never had one. On 1 July c3 and c4
merge into c5, whose monitor c3's goes on to be.
"""

from collections.abc import Iterator
from datetime import date

import httpx

from domain.kernel import Event
from domain.monitoring.events import (
    CommuneAllocated,
    MonitorAssigned,
    MonitorReleased,
    ReleaseCause,
)
from domain.organisation.events import (
    OfficialRegistered,
    PostCreated,
    RetirementAnnounced,
    TenureStarted,
    UnitEstablished,
    UnitKind,
    UnitMerged,
    UnitRenamed,
)
from domain.regulations.events import CommuneMonitoringRegulated, YearlyDeadline
from service.components import Service
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, Province

FIRST_DAY = date(2021, 1, 4)
RETIRED_ON, REPLACED_ON = date(2021, 3, 1), date(2021, 3, 31)
MERGED_ON = date(2021, 7, 1)
OF_AGENCY = {"o1": "a1", "o2": "a2", "o3": "a1", "o4": "a1", "o5": "a2"}
COMMUNES = {"c1": "mai-chau", "c2": "mai-chau", "c3": "lac-son", "c4": "lac-son"}
DEADLINE = YearlyDeadline(month=1, day=31)


def assigned(
    unit_id: str, official: str, on: date, exception: str | None = None, follows: str | None = None
) -> MonitorAssigned:
    return MonitorAssigned(
        effective_on=on,
        unit_id=unit_id,
        official_id=official,
        post_id=f"p-{official}",
        agency_id=OF_AGENCY[official],
        assigned_by=COMMITTEE,
        exception=exception,
        follows=follows,
    )


def released(
    unit_id: str, official: str, on: date, cause: ReleaseCause, since: date = FIRST_DAY
) -> MonitorReleased:
    return MonitorReleased(
        effective_on=on,
        unit_id=unit_id,
        official_id=official,
        post_id=f"p-{official}",
        agency_id=OF_AGENCY[official],
        since=since,
        cause=cause,
        reason="thôi",
    )


def established(unit_id: str, name: str, kind: UnitKind, parent: str | None = None) -> Event:
    return UnitEstablished(
        effective_on=FIRST_DAY, unit_id=unit_id, name=name, kind=kind, parent_id=parent
    )


def organisation() -> Iterator[Event]:
    yield established("mai-chau", "Huyện Mai Châu", UnitKind.DISTRICT)
    yield established("lac-son", "Huyện Lạc Sơn", UnitKind.DISTRICT)
    for agency in ("a1", "a2"):
        yield established(agency, f"Sở {agency}", UnitKind.DEPARTMENT)
    for unit_id, district in COMMUNES.items():
        yield established(unit_id, "Xã Cao Sơn", UnitKind.COMMUNE, district)
    for official, agency in OF_AGENCY.items():
        yield OfficialRegistered(effective_on=FIRST_DAY, official_id=official, full_name=official)
        yield PostCreated(
            effective_on=FIRST_DAY,
            post_id=f"p-{official}",
            unit_id=agency,
            title="Phó Giám đốc",
            kind="deputy" if official != "o5" else "officer",
            managed_by=COMMITTEE,
        )
        yield TenureStarted(
            effective_on=FIRST_DAY,
            official_id=official,
            post_id=f"p-{official}",
            unit_id=agency,
        )


def monitoring() -> Iterator[Event]:
    yield regulated(1, FIRST_DAY)
    yield assigned("c1", "o1", FIRST_DAY)
    yield assigned("c2", "o2", FIRST_DAY)
    yield assigned("c3", "o2", FIRST_DAY, exception="thiếu người")
    yield released("c1", "o1", RETIRED_ON, ReleaseCause.RETIREMENT)
    yield assigned("c1", "o3", REPLACED_ON)
    yield RetirementAnnounced(
        effective_on=date(2021, 6, 1), official_id="o3", retires_on=date(2021, 9, 1)
    )
    yield UnitRenamed(
        effective_on=date(2021, 6, 15), unit_id="c1", name="Phường 1", former_name="Xã Cao Sơn"
    )
    yield UnitEstablished(
        effective_on=MERGED_ON,
        unit_id="c5",
        name="Xã Đoàn Kết",
        kind=UnitKind.COMMUNE,
        parent_id="lac-son",
        formed_from=("c3", "c4"),
    )
    yield UnitMerged(effective_on=MERGED_ON, unit_id="c3", into="c5")
    yield released("c3", "o2", MERGED_ON, ReleaseCause.UNIT_ENDED)
    yield UnitMerged(effective_on=MERGED_ON, unit_id="c4", into="c5")
    yield assigned("c5", "o2", MERGED_ON, exception="thiếu người", follows="c3")


def regulated(communes_per_official: int, on: date) -> Event:
    return CommuneMonitoringRegulated.by_parameters(
        effective_on=on,
        adopted_by=COMMITTEE,
        communes_per_official=communes_per_official,
        leading_post_kinds=("deputy",),
        programme_due=DEADLINE,
        report_due=DEADLINE,
        review_due=DEADLINE,
    )


def allocated(unit_id: str, agency_id: str, on: date) -> Event:
    return CommuneAllocated(
        effective_on=on, unit_id=unit_id, agency_id=agency_id, allocated_by=COMMITTEE
    )


class Recording(Reader):
    """Asks the ledger, and records what happens as it is, without a command."""

    def __init__(self, client: httpx.AsyncClient, ledger: str, service: Service) -> None:
        super().__init__(Province(client, ledger), 0)
        self.service = service

    async def record(self, *events: Event) -> None:
        codec, ledger = self.service.codec, self.ledger
        encoded = [await codec.encode(ledger, event, actor="client:test") for event in events]
        self.position = (await self.service.log.append(ledger, encoded)).last_position

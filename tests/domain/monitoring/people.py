"""The cast of the monitoring tests: a committee, two agencies, their leaders, three communes."""

from datetime import date
from typing import Any

from domain.kernel import Event
from domain.monitoring.events import (
    CommuneAllocated,
    MonitorAssigned,
    MonitorReleased,
    MonitorReplaced,
    QuotaSet,
    ReleaseCause,
)
from domain.organisation.events import OfficialRegistered, PostCreated, TenureStarted, UnitKind
from domain.regulations.events import CommuneMonitoringRegulated, YearlyDeadline
from tests.domain.cast import COMMITTEE, FOUNDED, holds, leaves, official, unit
from tests.domain.scenario import Scenario

OTHER_BODY = "btv-huyen-uy"
CULTURE, FINANCE = "so-van-hoa", "so-tai-chinh"
DIRECTOR, DEPUTY, TREASURER, CLERKSHIP = "giam-doc", "pho-giam-doc", "giam-doc-tc", "chuyen-vien"
LAN, MINH, HOA, QUANG = "can-bo-101", "can-bo-102", "can-bo-103", "can-bo-104"
CAO_SON, DOAN_KET, TAN_LAP = "xa-cao-son", "xa-doan-ket", "phuong-tan-lap"
COMMUNES = (CAO_SON, DOAN_KET, TAN_LAP)

ADOPTED = date(2020, 12, 14)
BEGUN = date(2021, 1, 10)
CHANGED = date(2021, 6, 1)
WHY = "Theo phân công của Ban Thường vụ"
NOTE = "Đang theo dõi xây dựng nông thôn mới"
OVERLOAD = "Cơ quan chưa đủ lãnh đạo"


def post(post_id: str, unit_id: str, **changes: Any) -> PostCreated:
    return PostCreated(
        **{
            "effective_on": FOUNDED,
            "post_id": post_id,
            "unit_id": unit_id,
            "title": post_id,
            "kind": "department_leader",
            "managed_by": COMMITTEE,
            **changes,
        }
    )


def regulation(on: date = ADOPTED, *, most: int = 1) -> CommuneMonitoringRegulated:
    return CommuneMonitoringRegulated.by_parameters(
        effective_on=on,
        adopted_by=COMMITTEE,
        communes_per_official=most,
        leading_post_kinds=("department_leader",),
        programme_due=YearlyDeadline(month=1, day=31),
        report_due=YearlyDeadline(month=12, day=15),
        review_due=YearlyDeadline(month=1, day=15, next_year=True),
    )


REGULATION = regulation()

POSTS: tuple[PostCreated, ...] = (
    post(DIRECTOR, CULTURE, heads_unit=True),
    post(DEPUTY, CULTURE, seats=3),
    post(TREASURER, FINANCE, heads_unit=True, kind="treasurer"),
    post(CLERKSHIP, CULTURE, kind="specialist", seats=9),
)
OFFICIALS: tuple[OfficialRegistered, ...] = tuple(map(official, (LAN, MINH, HOA, QUANG)))
TENURES: tuple[TenureStarted, ...] = (
    holds(LAN, DIRECTOR, CULTURE),
    holds(MINH, DEPUTY, CULTURE),
    holds(HOA, TREASURER, FINANCE),
    holds(QUANG, CLERKSHIP, CULTURE),
)
PROVINCE: tuple[Event, ...] = (
    unit(COMMITTEE, UnitKind.STANDING_COMMITTEE),
    unit(CULTURE, UnitKind.DEPARTMENT),
    unit(FINANCE, UnitKind.DEPARTMENT),
    unit(CAO_SON, UnitKind.COMMUNE),
    unit(DOAN_KET, UnitKind.COMMUNE),
    unit(TAN_LAP, UnitKind.WARD),
    *POSTS,
    *OFFICIALS,
    *TENURES,
    REGULATION,
)


def assigned(official_id: str, unit_id: str = CAO_SON, **changes: Any) -> MonitorAssigned:
    return MonitorAssigned(
        **{
            "effective_on": BEGUN,
            "unit_id": unit_id,
            "official_id": official_id,
            "post_id": DIRECTOR,
            "agency_id": CULTURE,
            "assigned_by": COMMITTEE,
            **changes,
        }
    )


def replaced(from_official: str, to_official: str, **changes: Any) -> MonitorReplaced:
    return MonitorReplaced(
        **{
            "effective_on": CHANGED,
            "unit_id": CAO_SON,
            "from_official": from_official,
            "to_official": to_official,
            "post_id": DEPUTY,
            "agency_id": CULTURE,
            "replaced_by": COMMITTEE,
            "reason": WHY,
            "handover_note": NOTE,
            **changes,
        }
    )


def released(official_id: str, **changes: Any) -> MonitorReleased:
    return MonitorReleased(
        **{
            "effective_on": CHANGED,
            "unit_id": CAO_SON,
            "official_id": official_id,
            "post_id": DIRECTOR,
            "agency_id": CULTURE,
            "since": BEGUN,
            "cause": ReleaseCause.RELEASED,
            "reason": WHY,
            "released_by": COMMITTEE,
            **changes,
        }
    )


def quota(leaders: int, agency: str = CULTURE, **changes: Any) -> QuotaSet:
    params = {"effective_on": ADOPTED, "unit_id": agency, "leaders": leaders, "set_by": COMMITTEE}
    return QuotaSet(**{**params, **changes})


def allocated(unit_id: str = CAO_SON, agency: str = CULTURE, **changes: Any) -> CommuneAllocated:
    return CommuneAllocated(
        **{
            "effective_on": BEGUN,
            "unit_id": unit_id,
            "agency_id": agency,
            "allocated_by": COMMITTEE,
            **changes,
        }
    )


def left(official_id: str, on: date = CHANGED, post_id: str = DIRECTOR) -> Event:
    return leaves(official_id, post_id, CULTURE, on)


READY = Scenario(PROVINCE)
MONITORED = READY.given(assigned(LAN))

"""Places: the units of Tuyên Quang as they were in 2019, before any later merger."""

from collections.abc import Iterator
from datetime import date

from domain.organisation.events import UnitKind
from service.demo.organisation import (
    COMMITTEE,
    DEPARTMENTS,
    MASS_ORGANISATIONS,
    PARTY_AGENCIES,
    unit,
)
from service.demo.steps import Chain, Province

PROVINCE = Province("tuyen-quang", "Tỉnh Tuyên Quang")
FOUNDED_ON = date(2015, 1, 1)

DISTRICTS = {
    "yen-son": "Yên Sơn",
    "ham-yen": "Hàm Yên",
    "na-hang": "Na Hang",
    "lam-binh": "Lâm Bình",
    "chiem-hoa": "Chiêm Hóa",
    "son-duong": "Sơn Dương",
    "thanh-pho": "Tuyên Quang",
}
CITY = "thanh-pho"

COMMUNES = {
    "xa-thai-son": ("Xã Thái Sơn", "ham-yen"),
    "xa-lang-quan": ("Xã Lăng Quán", "yen-son"),
    "xa-nhu-khe": ("Xã Nhữ Khê", "yen-son"),
}


def district_name(district: str) -> str:
    """The district with its kind before it, as it stands within a sentence or a title."""
    kind = "thành phố" if district == CITY else "huyện"
    return f"{kind} {DISTRICTS[district]}"


def party_committee_name(district: str) -> str:
    kind = "Thành ủy" if district == CITY else "Huyện ủy"
    return f"{kind} {DISTRICTS[district]}"


def unit_levels() -> list[list[Chain]]:
    """The units from the province down. A level depends on the levels above it."""
    province = [_unit(PROVINCE.ledger, PROVINCE.name, UnitKind.PROVINCE)]
    return [province, [*_provincial()], [*_agencies(), *_in_districts()]]


def _provincial() -> Iterator[Chain]:
    committee, people = "Tỉnh ủy Tuyên Quang", "Ủy ban nhân dân tỉnh Tuyên Quang"
    yield _unit("tinh-uy", committee, UnitKind.PARTY_COMMITTEE, PROVINCE.ledger)
    yield _unit("ubnd-tinh", people, UnitKind.PEOPLES_COMMITTEE, PROVINCE.ledger)
    for district in DISTRICTS:
        name = district_name(district)
        yield _unit(district, name[0].upper() + name[1:], UnitKind.DISTRICT, PROVINCE.ledger)


def _agencies() -> Iterator[Chain]:
    standing = "Ban Thường vụ Tỉnh ủy Tuyên Quang"
    yield _unit(COMMITTEE, standing, UnitKind.STANDING_COMMITTEE, "tinh-uy")
    for item in DEPARTMENTS.items():
        yield _unit(*item, UnitKind.DEPARTMENT, "ubnd-tinh")
    for item in PARTY_AGENCIES.items():
        yield _unit(*item, UnitKind.PARTY_AGENCY, "tinh-uy")
    front, *mass = MASS_ORGANISATIONS.items()
    yield _unit(*front, UnitKind.FRONT, PROVINCE.ledger)
    for item in mass:
        yield _unit(*item, UnitKind.MASS_ORGANISATION, PROVINCE.ledger)


def _in_districts() -> Iterator[Chain]:
    for district in DISTRICTS:
        committee = party_committee_name(district)
        people = f"Ủy ban nhân dân {district_name(district)}"
        yield _unit(f"huyen-uy-{district}", committee, UnitKind.PARTY_COMMITTEE, district)
        yield _unit(f"ubnd-{district}", people, UnitKind.PEOPLES_COMMITTEE, district)
    for commune, (name, district) in COMMUNES.items():
        yield _unit(commune, name, UnitKind.COMMUNE, district)


def _unit(unit_id: str, name: str, kind: UnitKind, parent_id: str | None = None) -> Chain:
    return unit(unit_id, name, kind, parent_id, FOUNDED_ON)

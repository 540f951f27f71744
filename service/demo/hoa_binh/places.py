"""Places: the official list of communes as a file, and the agencies that send monitors."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from domain.organisation.events import UnitEstablished, UnitKind
from domain.organisation.units import NewUnit
from domain.values import Basis
from service.demo.hoa_binh import communes, mergers
from service.demo.hoa_binh.communes import COMMUNES, PROVINCE_CODE, PROVINCE_NAME
from service.demo.hoa_binh.mergers import SUCCESSORS
from service.demo.steps import Chain, Province, Step
from service.demo.tuyen_quang.places import DEPARTMENTS, MASS_ORGANISATIONS, PARTY_AGENCIES
from service.demo.uploads import File
from service.imports.file_kinds import FileKind

PROVINCE = Province("hoa-binh", PROVINCE_NAME)
COMMITTEE = "ban-thuong-vu-tinh-uy"
ORGANISATION_BOARD = "ban-to-chuc"
FOUNDED_ON = date(2020, 1, 1)
LISTED = Basis(
    number="Danh mục 08/04/2023", issued_on=date(2023, 4, 8), issuing_body="Tổng cục Thống kê"
)
RESOLUTION = Basis(number="202/2025/QH15", issued_on=date(2025, 6, 12), issuing_body="Quốc hội")

# Agencies of the centre that stand in the province and send monitors too (A8).
VERTICAL_AGENCIES = {
    "cuc-thue": "Cục Thuế tỉnh",
    "cuc-thong-ke": "Cục Thống kê tỉnh",
    "kho-bac": "Kho bạc Nhà nước tỉnh",
    "bao-hiem-xa-hoi": "Bảo hiểm xã hội tỉnh",
    "ngan-hang-nha-nuoc": "Ngân hàng Nhà nước chi nhánh tỉnh",
    "quan-ly-thi-truong": "Cục Quản lý thị trường tỉnh",
    "thi-hanh-an": "Cục Thi hành án dân sự tỉnh",
}
AGENCIES = {
    **dict.fromkeys(DEPARTMENTS, UnitKind.DEPARTMENT),
    **dict.fromkeys(PARTY_AGENCIES, UnitKind.PARTY_AGENCY),
    **dict.fromkeys(MASS_ORGANISATIONS, UnitKind.MASS_ORGANISATION),
    **dict.fromkeys(VERTICAL_AGENCIES, UnitKind.CENTRAL_VERTICAL_AGENCY),
}
NAMES = {**DEPARTMENTS, **PARTY_AGENCIES, **MASS_ORGANISATIONS, **VERTICAL_AGENCIES}

LIST_HEADINGS = (
    "unit_code",
    "unit_name",
    "unit_type",
    "district_code",
    "district_name",
    "province_code",
    "province_name",
    "valid_asof",
)
CONVERSION_HEADINGS = (
    "old_code",
    "old_name",
    "old_province_code",
    "new_code",
    "new_name",
    "new_province_code",
    "merge_note",
    "monitor_goes_on",
    "effective_on",
)
WHOLE, PART = "Nhập toàn bộ", "Nhập một phần"


def files() -> list[File]:
    """The communes as in the official list, effective from the day they were formed."""
    listed = _file(
        "hoa-binh-2023.csv",
        LIST_HEADINGS,
        (
            (
                commune.code,
                commune.name,
                commune.kind,
                commune.district_code,
                commune.district_name,
                PROVINCE_CODE,
                PROVINCE_NAME,
                FOUNDED_ON.isoformat(),
            )
            for commune in COMMUNES
        ),
        LISTED,
    )
    return [listed]


def files_after() -> list[File]:
    """What became of every commune on 1 July 2025.

    The monitor of the commune whose code the successor takes over continues there. The sample
    decided so.
    """
    names = {commune.code: commune.name for commune in COMMUNES}
    converted = _file(
        "hoa-binh-2025.csv",
        CONVERSION_HEADINGS,
        (
            (
                code,
                names[code],
                communes.PROVINCE_CODE,
                successor.code,
                successor.name,
                mergers.PROVINCE_CODE,
                WHOLE if code in successor.whole else PART,
                "x" if code == successor.code else "",
                mergers.EFFECTIVE_ON,
            )
            for successor in SUCCESSORS
            for code in (*successor.whole, *successor.part)
        ),
        RESOLUTION,
    )
    return [converted]


def _file(name: str, headings: Sequence[str], rows: Iterable[Sequence[str]], act: Basis) -> File:
    buffer = io.StringIO()
    table = csv.writer(buffer, delimiter=";")
    table.writerow(headings)
    table.writerows(rows)
    return File(FileKind.TERRITORY, name, buffer.getvalue().encode("utf-8-sig"), act)


def agency_levels() -> list[list[Chain]]:
    """The Standing Committee, then the agencies whose leaders it manages."""
    committee = _unit(
        COMMITTEE, "Ban Thường vụ Tỉnh ủy Hòa Bình", UnitKind.STANDING_COMMITTEE, PROVINCE_CODE
    )
    agencies = [_unit(id_, NAMES[id_], kind, PROVINCE_CODE) for id_, kind in AGENCIES.items()]
    return [[committee], agencies]


def _unit(unit_id: str, name: str, kind: UnitKind, parent_id: str) -> Chain:
    params = NewUnit(
        unit_id=unit_id, name=name, kind=kind, parent_id=parent_id, effective_on=FOUNDED_ON
    )
    return Chain(f"unit:{unit_id}", (Step("units/establish", params, UnitEstablished),))

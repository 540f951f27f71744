"""Places: the official list of communes as a file, and the agencies that send monitors."""

from datetime import date

from domain.organisation.events import UnitKind
from domain.values import Basis
from service.demo.files import File, written
from service.demo.hoa_binh import mergers
from service.demo.hoa_binh.communes import COMMUNES, LIST, PROVINCE_CODE, PROVINCE_NAME
from service.demo.hoa_binh.mergers import SUCCESSORS
from service.demo.organisation import AGENCIES, COMMITTEE, unit
from service.demo.steps import Chain, Province
from service.imports.file_kinds import FileKind

PROVINCE = Province("hoa-binh", PROVINCE_NAME)
ORGANISATION_BOARD = "ban-to-chuc"
FOUNDED_ON = date(2020, 1, 1)
LISTED = Basis(
    number="Danh mục 08/04/2023", issued_on=date(2023, 4, 8), issuing_body="Tổng cục Thống kê"
)
RESOLUTION = Basis(number="202/2025/QH15", issued_on=date(2025, 6, 12), issuing_body="Quốc hội")

WHOLE, PART = "Nhập toàn bộ", "Nhập một phần"


def official_list() -> File:
    """The communes as in the official list, effective from the day they were formed."""
    return File(FileKind.TERRITORY, LIST.name, LIST.read_bytes(), LISTED)


def conversion() -> File:
    """What became of every commune on 1 July 2025.

    The monitor of the commune whose code the successor takes over continues there. The sample
    decided so.
    """
    names = {commune.code: commune.name for commune in COMMUNES}
    rows = (
        {
            "old_code": code,
            "old_name": names[code],
            "old_province_code": PROVINCE_CODE,
            "new_code": successor.code,
            "new_name": successor.name,
            "new_province_code": mergers.PROVINCE_CODE,
            "merge_note": WHOLE if code in successor.whole else PART,
            "monitor_goes_on": "x" if code == successor.code else "",
            "effective_on": mergers.EFFECTIVE_ON,
        }
        for successor in SUCCESSORS
        for code in (*successor.whole, *successor.part)
    )
    return File(FileKind.TERRITORY, "hoa-binh-2025.csv", written(rows), RESOLUTION)


def agency_levels() -> list[list[Chain]]:
    """The Standing Committee, then the agencies whose leaders it manages (A8).

    Agencies of the centre that stand in the province send monitors too.
    """
    name = "Ban Thường vụ Tỉnh ủy Hòa Bình"
    committee = unit(COMMITTEE, name, UnitKind.STANDING_COMMITTEE, PROVINCE_CODE, FOUNDED_ON)
    agencies = [
        unit(agency.agency_id, agency.name, agency.kind, PROVINCE_CODE, FOUNDED_ON)
        for agency in AGENCIES.values()
    ]
    return [[committee], agencies]

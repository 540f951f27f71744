"""The whole province by 31 May 2021: 565 officials, 731 tasks, as the files an office would send.

The report gives the counts: 663 tasks for one year, 68 for 2021-2025. Rows are placeholders: tasks
and units are distributed evenly. The files are imported into a ledger of their own, because the
report counts 64 officials of the province itself beside them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import httpx

from service.demo.files import File, written
from service.demo.organisation import (
    COMMITTEE,
    DEPARTMENTS,
    MASS_ORGANISATIONS,
    PARTY_AGENCIES,
)
from service.demo.queries import Figures, ReadClient
from service.demo.steps import Province
from service.demo.tuyen_quang.places import DISTRICTS
from service.imports.file_kinds import FileKind

PROVINCE = Province("tuyen-quang-toan-tinh", "Tỉnh Tuyên Quang, toàn tỉnh")
AS_OF = "2021-05-31"
OFFICIALS, YEARLY, PERIOD = 565, 663, 68
TASKS = YEARLY + PERIOD
# A stride without a factor in common with 731 = 17 · 43 spreads the terms evenly.
STRIDE = 89

FOUNDED_ON, HELD_SINCE, REGISTERED_ON = "01/01/2015", "01/01/2021", "15/01/2021"
ISSUER = "Tỉnh ủy Tuyên Quang"
FIELDS = ("Đất đai", "Xây dựng Đảng", "Cải cách hành chính", "Kinh tế", "An ninh trật tự")

Row: TypeAlias = Mapping[str, str]


def files() -> list[File]:
    """The four files in the order in which they build on one another, the same on every run."""
    tables = {
        FileKind.UNITS: _units(),
        FileKind.POSTS: _posts(),
        FileKind.OFFICIALS: _officials(),
        FileKind.TASKS: _tasks(),
    }
    return [File(kind, f"{kind.value}.csv", written(rows)) for kind, rows in tables.items()]


def _agencies() -> list[str]:
    return [*DISTRICTS, *DEPARTMENTS, *PARTY_AGENCIES, *MASS_ORGANISATIONS]


def _units() -> Iterator[Row]:
    yield _unit(PROVINCE.ledger, PROVINCE.name, "Tỉnh", parent="")
    yield _unit(COMMITTEE, "Ban Thường vụ Tỉnh ủy Tuyên Quang", "Ban thường vụ")
    kinds = (
        (DISTRICTS, "Huyện"),
        (DEPARTMENTS, "Sở"),
        (PARTY_AGENCIES, "Cơ quan Đảng"),
        (MASS_ORGANISATIONS, "Đoàn thể"),
    )
    for units, kind in kinds:
        for unit_id, name in units.items():
            yield _unit(unit_id, name, kind)


def _unit(unit_id: str, name: str, kind: str, parent: str = PROVINCE.ledger) -> Row:
    return {
        "Mã đơn vị": unit_id,
        "Tên đơn vị": name,
        "Loại đơn vị": kind,
        "Trực thuộc": parent,
        "Có hiệu lực từ": FOUNDED_ON,
    }


def _post(number: int) -> str:
    """The post of the official with that number."""
    agencies = _agencies()
    return f"lanh-dao-{agencies[number % len(agencies)]}"


def _posts() -> Iterator[Row]:
    holders = Counter(_post(number) for number in range(OFFICIALS))
    for unit in _agencies():
        post_id = f"lanh-dao-{unit}"
        yield {
            "Mã chức danh": post_id,
            "Đơn vị": unit,
            "Chức danh": "Cán bộ lãnh đạo, quản lý",
            "Loại chức danh": "leader",
            "Cơ quan quản lý": COMMITTEE,
            "Số lượng": str(holders[post_id]),
            "Có hiệu lực từ": FOUNDED_ON,
        }


def _official(number: int) -> str:
    return f"can-bo-{number + 1:03}"


def _officials() -> Iterator[Row]:
    for number in range(OFFICIALS):
        yield {
            "Mã cán bộ": _official(number),
            "Họ và tên": f"Cán bộ {number + 1:03}",
            "Mã chức danh": _post(number),
            "Giữ chức vụ từ": HELD_SINCE,
        }


def _tasks() -> Iterator[Row]:
    """One task for everyone, and a second for the first 166."""
    terms = ["2021"] * YEARLY + ["2021-2025"] * PERIOD
    for number in range(TASKS):
        official, ordinal = number % OFFICIALS, number // OFFICIALS + 1
        yield {
            "Mã việc": f"2021-{_official(official)}-{ordinal}",
            "Mã cán bộ": _official(official),
            "Mã chức danh": _post(official),
            "Tên việc": f"Việc đột phá, đổi mới số {ordinal} của cán bộ {official + 1:03}",
            "Mục tiêu": "Tạo bước đột phá trong lĩnh vực, địa bàn phụ trách.",
            "Chỉ tiêu": "Kết quả đã đăng ký: 1 kết quả",
            "Lộ trình": "Thực hiện theo lộ trình đã đăng ký: 31/12/2021",
            "Loại việc": "Đột phá; Mới",
            "Lĩnh vực": FIELDS[number % len(FIELDS)],
            "Giai đoạn": terms[number * STRIDE % TASKS],
            "Cơ quan quyết định": COMMITTEE,
            "Ngày đăng ký": REGISTERED_ON,
            "Số văn bản phê duyệt": "30-QĐ/TU",
            "Ngày văn bản phê duyệt": "26/02/2021",
            "Cơ quan ban hành văn bản phê duyệt": ISSUER,
            "Số văn bản giao việc": "31-QĐ/TU",
            "Ngày văn bản giao việc": "01/03/2021",
            "Cơ quan ban hành văn bản giao việc": ISSUER,
        }


async def read_figures(http: httpx.AsyncClient, token: str) -> Figures:
    """Read the figures of the province by 31 May 2021."""
    client = await ReadClient(http, token, PROVINCE).at_head()

    async def assigned(**filters: str) -> int:
        rates = await client.get_all("completion-rates", group_by="none", as_of=AS_OF, **filters)
        return sum(group["assigned"] for group in rates)

    officials = await client.get_all("completion-rates", group_by="official", as_of=AS_OF)
    figures = {
        "officials": len(officials),
        "tasks": await assigned(),
        "yearly": await assigned(term_kind="year"),
        "period": await assigned(term_kind="period"),
    }
    return {"province_2021": figures}

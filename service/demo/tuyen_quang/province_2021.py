"""The whole province by 31 May 2021: 565 officials, 731 tasks, as the files an office would send.

The report gives the counts: 663 tasks for one year, 68 for 2021-2025. Rows are placeholders: tasks
and units are distributed evenly. The files are imported into a ledger of their own, because the
report counts 64 officials of the province itself beside them.
"""

from collections.abc import Iterable, Iterator, Sequence

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
APPROVAL = ("30-QĐ/TU", "26/02/2021", "Tỉnh ủy Tuyên Quang")
ASSIGNMENT = ("31-QĐ/TU", "01/03/2021", "Tỉnh ủy Tuyên Quang")
FIELDS = ("Đất đai", "Xây dựng Đảng", "Cải cách hành chính", "Kinh tế", "An ninh trật tự")

Cells = Sequence[str]


def files() -> list[File]:
    """The four files in the order in which they build on one another, the same on every run."""
    return [
        _file(
            FileKind.UNITS,
            ("Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Trực thuộc", "Có hiệu lực từ"),
            _units(),
        ),
        _file(
            FileKind.POSTS,
            (
                "Mã chức danh",
                "Đơn vị",
                "Chức danh",
                "Loại chức danh",
                "Cơ quan quản lý",
                "Số lượng",
                "Có hiệu lực từ",
            ),
            _posts(),
        ),
        _file(
            FileKind.OFFICIALS,
            ("Mã cán bộ", "Họ và tên", "Mã chức danh", "Giữ chức vụ từ"),
            _officials(),
        ),
        _file(
            FileKind.TASKS,
            (
                "Mã việc",
                "Mã cán bộ",
                "Mã chức danh",
                "Tên việc",
                "Mục tiêu",
                "Chỉ tiêu",
                "Lộ trình",
                "Loại việc",
                "Lĩnh vực",
                "Giai đoạn",
                "Cơ quan quyết định",
                "Ngày đăng ký",
                "Số văn bản phê duyệt",
                "Ngày văn bản phê duyệt",
                "Cơ quan ban hành văn bản phê duyệt",
                "Số văn bản giao việc",
                "Ngày văn bản giao việc",
                "Cơ quan ban hành văn bản giao việc",
            ),
            _tasks(),
        ),
    ]


def _file(kind: FileKind, headings: Cells, rows: Iterable[Cells]) -> File:
    return File(kind, f"{kind.value}.csv", written(headings, rows))


def _agencies() -> list[str]:
    return [*DISTRICTS, *DEPARTMENTS, *PARTY_AGENCIES, *MASS_ORGANISATIONS]


def _units() -> Iterator[Cells]:
    yield PROVINCE.ledger, PROVINCE.name, "Tỉnh", "", FOUNDED_ON
    yield (
        COMMITTEE,
        "Ban Thường vụ Tỉnh ủy Tuyên Quang",
        "Ban thường vụ",
        PROVINCE.ledger,
        FOUNDED_ON,
    )
    kinds = (
        (DISTRICTS, "Huyện"),
        (DEPARTMENTS, "Sở"),
        (PARTY_AGENCIES, "Cơ quan Đảng"),
        (MASS_ORGANISATIONS, "Đoàn thể"),
    )
    for units, kind in kinds:
        for unit_id, name in units.items():
            yield unit_id, name, kind, PROVINCE.ledger, FOUNDED_ON


def _post(number: int) -> str:
    """The post of the official with that number."""
    agencies = _agencies()
    return f"lanh-dao-{agencies[number % len(agencies)]}"


def _posts() -> Iterator[Cells]:
    for unit in _agencies():
        holders = sum(_post(number) == f"lanh-dao-{unit}" for number in range(OFFICIALS))
        title = "Cán bộ lãnh đạo, quản lý"
        yield f"lanh-dao-{unit}", unit, title, "leader", COMMITTEE, str(holders), FOUNDED_ON


def _official(number: int) -> str:
    return f"can-bo-{number + 1:03}"


def _officials() -> Iterator[Cells]:
    for number in range(OFFICIALS):
        yield _official(number), f"Cán bộ {number + 1:03}", _post(number), HELD_SINCE


def _tasks() -> Iterator[Cells]:
    """One task for everyone, and a second for the first 166."""
    terms = ["2021"] * YEARLY + ["2021-2025"] * PERIOD
    for number in range(TASKS):
        official, ordinal = number % OFFICIALS, number // OFFICIALS + 1
        yield (
            f"2021-{_official(official)}-{ordinal}",
            _official(official),
            _post(official),
            f"Việc đột phá, đổi mới số {ordinal} của cán bộ {official + 1:03}",
            "Tạo bước đột phá trong lĩnh vực, địa bàn phụ trách.",
            "Kết quả đã đăng ký: 1 kết quả",
            "Thực hiện theo lộ trình đã đăng ký: 31/12/2021",
            "Đột phá; Mới",
            FIELDS[number % len(FIELDS)],
            terms[number * STRIDE % TASKS],
            COMMITTEE,
            REGISTERED_ON,
            *APPROVAL,
            *ASSIGNMENT,
        )


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

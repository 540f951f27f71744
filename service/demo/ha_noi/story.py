"""Story: 712 projects that use land and are delayed, what was reported each month, 23 targets.

The report gives the counts, the day of the month and the directive; which projects are processed,
and in which month a report came late, is a placeholder.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from domain.indicators.actuals import Actual
from domain.indicators.events import Group, Target
from domain.indicators.targets import Targets
from domain.kernel import Parameters
from domain.regulations import samples
from domain.regulations.policy_adoption import RegulationFile
from domain.tasks.work.progress import ProgressReport
from domain.tasks.work.report_duties import Cadence, DutyToReport, ReportDuty
from domain.values import Basis
from service.demo.files import File, written
from service.demo.organisation import COMMITTEE
from service.demo.steps import Chain, Province
from service.imports.file_kinds import FileKind

PROVINCE = Province("ha-noi", "Thành phố Hà Nội")
DEPARTMENT, OFFICE = "so-tai-nguyen", "so-noi-vu"
POST, OFFICIAL = "giam-doc-so-tai-nguyen", "can-bo-001"
TASK = "2023-du-an-cham-trien-khai"
DIRECTIVE = "24-ct-tu"
SAMPLE_BODY = "ban-thuong-vu"
DIRECTED = Basis(
    number="24-CT/TU",
    issued_on=date(2023, 8, 7),
    issuing_body="Ban Thường vụ Thành ủy Hà Nội",
)
RESOLVED = Basis(
    number="04/NQ-HĐND", issued_on=date(2023, 1, 4), issuing_body="Hội đồng nhân dân thành phố"
)
FOUNDED_ON, HELD_SINCE = "01/01/2015", "01/01/2021"
YEAR, COHORT = 2023, "city"
PROJECTS, PROCESSED = 712, 419
COUNTED_ON = date(2023, 7, 31)
DUE_DAY, LATE_DAY = 25, 28
BEGUN_ON = date(2023, 1, 16)
FIRST_MONTH, LAST_MONTH, LATE_MONTH, MISSING_MONTH = 1, 7, 5, 7
TARGETS, MET, EXCEEDED = 23, 18, 3
ASSESSED_ON = date(2023, 11, 24)
Row: TypeAlias = Mapping[str, str]


def stages() -> list[list[Chain] | list[File]]:
    """Who there is; the task with its cases; the directive and the targets."""
    return [
        *([file] for file in _organisation()),
        [File(FileKind.TASKS, "viec.csv", written([_task()]))],
        [Chain(f"task:{TASK}", *_reports())],
        [File(FileKind.CASES, "du-an.csv", written(_cases()))],
        [_directive(), Chain(f"unit:{COMMITTEE}", _targets())],
        [Chain(f"unit:{PROVINCE.ledger}", *_actuals())],
    ]


def _organisation() -> list[File]:
    units = [
        _unit(PROVINCE.ledger, PROVINCE.name, "Tỉnh", ""),
        _unit(COMMITTEE, "Ban Thường vụ Thành ủy Hà Nội", "Ban thường vụ"),
        _unit(DEPARTMENT, "Sở Tài nguyên và Môi trường", "Sở"),
        _unit(OFFICE, "Sở Nội vụ", "Sở"),
    ]
    post = {
        "Mã chức danh": POST,
        "Đơn vị": DEPARTMENT,
        "Chức danh": "Giám đốc Sở Tài nguyên và Môi trường",
        "Loại chức danh": "leader",
        "Cơ quan quản lý": COMMITTEE,
        "Số lượng": "1",
        "Có hiệu lực từ": FOUNDED_ON,
    }
    person = {
        "Mã cán bộ": OFFICIAL,
        "Họ và tên": "Cán bộ 001",
        "Mã chức danh": POST,
        "Giữ chức vụ từ": HELD_SINCE,
    }
    return [
        File(FileKind.UNITS, "units.csv", written(units)),
        File(FileKind.POSTS, "posts.csv", written([post])),
        File(FileKind.OFFICIALS, "officials.csv", written([person])),
    ]


def _unit(unit_id: str, name: str, kind: str, parent: str = PROVINCE.ledger) -> Row:
    return {
        "Mã đơn vị": unit_id,
        "Tên đơn vị": name,
        "Loại đơn vị": kind,
        "Trực thuộc": parent,
        "Có hiệu lực từ": FOUNDED_ON,
    }


def _task() -> Row:
    return {
        "Mã việc": TASK,
        "Mã cán bộ": OFFICIAL,
        "Mã chức danh": POST,
        "Tên việc": "Xử lý các dự án sử dụng đất chậm triển khai",
        "Mục tiêu": "Xử lý xong 712 dự án vốn ngoài ngân sách chậm triển khai trong năm 2023.",
        "Chỉ tiêu": f"Dự án đã xử lý: {PROJECTS} dự án",
        "Lộ trình": "Báo cáo kết quả hằng tháng: 31/12/2023",
        "Loại việc": "Khó; Tồn tại",
        "Lĩnh vực": "Đất đai",
        "Giai đoạn": str(YEAR),
        "Đơn vị phối hợp": OFFICE,
        "Cơ quan quyết định": COMMITTEE,
        "Ngày đăng ký": "05/01/2023",
        "Số văn bản phê duyệt": RESOLVED.number,
        "Ngày văn bản phê duyệt": "09/01/2023",
        "Cơ quan ban hành văn bản phê duyệt": RESOLVED.issuing_body,
        "Số văn bản giao việc": "01-QĐ/TU.2023",
        "Ngày văn bản giao việc": f"{BEGUN_ON - timedelta(days=1):%d/%m/%Y}",
        "Cơ quan ban hành văn bản giao việc": DIRECTED.issuing_body,
    }


def _reports() -> Iterator[Parameters]:
    """A report is due on the 25th of each month; one came late, and one is missing."""
    duty = ReportDuty(cadence=Cadence.MONTHLY, day=DUE_DAY)
    yield DutyToReport(duty=duty, **_decision(BEGUN_ON, RESOLVED))
    for month in range(FIRST_MONTH, LAST_MONTH + 1):
        if month != MISSING_MONTH:
            day = LATE_DAY if month == LATE_MONTH else DUE_DAY
            yield ProgressReport(
                narrative=f"Kết quả xử lý dự án tháng {month}/{YEAR}.",
                effective_on=date(YEAR, month, day),
            )


def _cases() -> Iterator[Row]:
    for number in range(1, PROJECTS + 1):
        is_processed = number <= PROCESSED
        yield {
            "Mã việc": TASK,
            "Mã dự án": f"DA-{number:03}",
            "Tên dự án": f"Dự án chậm triển khai số {number}",
            "Đơn vị phụ trách": "Sở Tài nguyên và Môi trường",
            "Ngày xử lý": f"{COUNTED_ON - timedelta(days=number % 150):%d/%m/%Y}"
            if is_processed
            else "",
            "Kết quả xử lý": "Đã xử lý" if is_processed else "",
            "Ngày ghi nhận": f"{COUNTED_ON:%d/%m/%Y}",
        }


def _directive() -> Chain:
    """The directive names 25 manifestations in an appendix that is not public."""
    source = samples.text(DIRECTIVE).replace(SAMPLE_BODY, COMMITTEE)
    adoption = RegulationFile(source=source, **_decision(DIRECTED.issued_on, DIRECTED))
    return Chain(f"regulation:{DIRECTIVE}", adoption)


def _targets() -> Targets:
    targets = tuple(
        Target(
            code=f"target_{number}",
            title=f"Chỉ tiêu kinh tế - xã hội số {number}",
            kind="percent",
            measure="%",
            target=Decimal(100),
        )
        for number in range(1, TARGETS + 1)
    )
    group = Group(title="Phát triển kinh tế - xã hội", indicators=targets)
    return Targets(cohort=COHORT, year=YEAR, groups=(group,), **_decision(BEGUN_ON, RESOLVED))


def _actuals() -> Iterator[Parameters]:
    """Three are above the plan, fifteen reach it, five do not."""
    for number in range(1, TARGETS + 1):
        above = Decimal("113.5") if number <= EXCEEDED else Decimal(100)
        yield Actual(
            cohort=COHORT,
            year=YEAR,
            code=f"target_{number}",
            actual=above if number <= MET else Decimal(95),
            effective_on=ASSESSED_ON,
        )


def _decision(on: date, basis: Basis) -> dict[str, Any]:
    return {"effective_on": on, "on_behalf_of": COMMITTEE, "basis": basis}

"""Story: the tasks of 2021 and 2022, what was completed, what went on, and two ratings.

Of the tasks the report gives how many each group has in 2022; titles and results are placeholders.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TypeAlias

from domain.appraisal.events import Level
from domain.appraisal.opening import CycleOpening, Enrolment, Enrolments
from domain.appraisal.rating import RatingDecision
from domain.appraisal.rating_events import OfCycle
from domain.kernel import Parameters
from domain.tasks.ending.carry_over import CarryingOver
from domain.tasks.ending.completion import Claim, Confirmation
from domain.tasks.proposal import Evidence, IndicatorValue
from domain.tasks.term import Year as YearTerm
from service.demo.files import File, written
from service.demo.organisation import COMMITTEE
from service.demo.steps import Chain
from service.demo.vinh_phuc import indicators, places
from service.demo.vinh_phuc.places import (
    DEPARTMENTS_OF_2021,
    DEPARTMENTS_OF_2022,
    DISTRICTS,
    FRONT,
    PARTY_AGENCIES,
    TAM_DAO,
    UNIONS,
    Head,
    heads,
)
from service.demo.vinh_phuc.regulation import (
    ISSUER,
    REGULATION,
    REGULATION_2021,
    REGULATION_2022,
    Year,
    adopted,
)
from service.imports.file_kinds import FileKind

Row: TypeAlias = Mapping[str, str]
# As the import makes it from the name of the indicator.
PRODUCT = "san_pham"
# Not done by the end of 2021: the tasks of three districts' chairs.
UNFINISHED = ("binh-xuyen", "song-lo", "yen-lac")
DONE_ON, CONFIRMED_ON = date(2021, 12, 15), date(2021, 12, 28)
OPENED_ON, CARRIED_ON, RATED_ON = date(2021, 12, 20), date(2022, 1, 5), date(2022, 1, 20)
CYCLE = "huyen-uy-2021"
OF_DISTRICTS = OfCycle(
    regulation=REGULATION,
    cycle="year",
    cohort=indicators.DISTRICTS,
    from_on=date(REGULATION_2021.number, 1, 1),
    to_on=REGULATION_2021.last_day,
)
TASKS_OF_2022 = {
    **dict.fromkeys(PARTY_AGENCIES, 3),
    **dict.fromkeys((*FRONT, *UNIONS), 3),
    **dict.fromkeys(DEPARTMENTS_OF_2022, 5),
}
RATED: Mapping[str, Level] = {f"bi-thu-{TAM_DAO}": "EXCELLENT", f"chu-tich-{TAM_DAO}": "GOOD"}


def stages() -> list[list[Chain] | list[File]]:
    """Who there is and by which regulation; then one year after the other."""
    tasks_2021 = File(FileKind.TASKS, "viec-2021.csv", written(_of_2021()))
    tasks_2022 = File(FileKind.TASKS, "viec-2022.csv", written(_of_2022()))
    return [
        *([file] for file in places.files()),
        [adopted()],
        indicators.chains(),
        [tasks_2021],
        [*_ends(), *indicators.reached()],
        [_cycle()],
        _ratings(),
        [tasks_2022],
    ]


def _assessed_in_2021() -> list[Head]:
    others = {**PARTY_AGENCIES, **FRONT, **UNIONS, **DEPARTMENTS_OF_2021}
    return [head for head in heads() if head.unit_id in DISTRICTS or head.unit_id in others]


def _of_2021() -> Iterator[Row]:
    return (_task(head, REGULATION_2021, 1) for head in _assessed_in_2021())


def _of_2022() -> Iterator[Row]:
    for head in heads():
        for ordinal in range(1, TASKS_OF_2022.get(head.unit_id, 0) + 1):
            yield _task(head, REGULATION_2022, ordinal)


def _task_id(head: Head, year: int, ordinal: int) -> str:
    return f"{year}-{head.post_id}-{ordinal}"


def _task(head: Head, year: Year, ordinal: int) -> Row:
    return {
        "Mã việc": _task_id(head, year.number, ordinal),
        "Mã cán bộ": head.official_id,
        "Mã chức danh": head.post_id,
        "Tên việc": f"Việc khó, việc mới số {ordinal} năm {year.number}",
        "Mục tiêu": "Có sản phẩm cụ thể để đánh giá.",
        "Chỉ tiêu": "Sản phẩm: 1 sản phẩm",
        "Lộ trình": f"Thực hiện theo kế hoạch: 31/12/{year.number}",
        "Loại việc": "Khó; Mới",
        "Lĩnh vực": "Kinh tế",
        "Giai đoạn": str(year.number),
        "Cơ quan quyết định": COMMITTEE,
        "Ngày đăng ký": f"{year.adopted_on:%d/%m/%Y}",
        "Số văn bản phê duyệt": f"01-QĐ/TU.{year.number}",
        "Ngày văn bản phê duyệt": f"{year.set_on:%d/%m/%Y}",
        "Cơ quan ban hành văn bản phê duyệt": ISSUER,
        "Số văn bản giao việc": f"02-QĐ/TU.{year.number}",
        "Ngày văn bản giao việc": f"{year.set_on:%d/%m/%Y}",
        "Cơ quan ban hành văn bản giao việc": ISSUER,
    }


def _ends() -> list[Chain]:
    """The tasks of 2021 are completed, but for three, which go on in 2022."""
    unfinished = {f"chu-tich-{district}" for district in UNFINISHED}
    return [
        Chain(f"task:{task_id}", *(_goes_on(task_id) if post in unfinished else _done(task_id)))
        for head in _assessed_in_2021()
        for post, task_id in ((head.post_id, _task_id(head, REGULATION_2021.number, 1)),)
    ]


def _done(task_id: str) -> tuple[Parameters, ...]:
    evidence = Evidence(
        title="Sản phẩm (văn bản mẫu)",
        sha256=sha256(task_id.encode()).hexdigest(),
        address=f"urn:sample:{task_id}",
    )
    values = (IndicatorValue(code=PRODUCT, actual=Decimal(1)),)
    return (
        Claim(summary="Có sản phẩm.", values=values, evidence=(evidence,), effective_on=DONE_ON),
        Confirmation(effective_on=CONFIRMED_ON, on_behalf_of=COMMITTEE),
    )


def _goes_on(task_id: str) -> tuple[Parameters, ...]:
    return (
        CarryingOver(
            new_task_id=f"{task_id}-2022",
            term=YearTerm(kind="year", year=REGULATION_2022.number),
            reason="Chưa hoàn thành trong năm 2021, thực hiện đến tận cùng.",
            **REGULATION_2022.decision(CARRIED_ON),
        ),
    )


def _cycle() -> Chain:
    """The committee opens the year of the districts' secretaries and chairs.

    It stays open: of two of them alone the report tells the level.
    """
    decision = REGULATION_2021.decision(OPENED_ON)
    enrolled = (
        Enrolment(official_id=head.official_id, agency=head.unit_id)
        for head in heads()
        if head.unit_id in DISTRICTS
    )
    return Chain(
        f"cycle:{CYCLE}",
        CycleOpening(cycle_id=CYCLE, **OF_DISTRICTS.model_dump(exclude_defaults=True), **decision),
        *(Enrolments(officials=(one,), **decision) for one in enrolled),
    )


def _ratings() -> list[Chain]:
    """Two persons of one unit: the committee rates them differently."""
    by_post = {head.post_id: head for head in heads()}
    return [
        Chain(
            f"official:{by_post[post_id].official_id}",
            RatingDecision(
                cycle_id=CYCLE,
                of=OF_DISTRICTS,
                level=level,
                **REGULATION_2021.decision(RATED_ON),
            ),
        )
        for post_id, level in RATED.items()
    ]

"""2021: 221 tasks of 64 officials, by term (B14, B15).

The report gives the numbers and the subjects, not who was given what: offices and subjects are
matched here, and the terms dealt out, so that the sums are the report's.
"""

from collections.abc import Iterator
from datetime import date

from domain.tasks.term import Period, Year, Yearly
from service.demo.steps import Chain
from service.demo.tuyen_quang.lives import REGULATION, Life, Matter
from service.demo.tuyen_quang.people import Seat, holders, seats

OFFICIALS, TASKS = 64, 221
REGISTERED_ON = date(2021, 1, 15)
APPROVED_ON = date(2021, 2, 26)
ASSIGNED_ON = date(2021, 3, 1)
PLANNED_ON = date(2021, 3, 15)


def _until(year: int) -> Period:
    return Period(kind="period", from_on=date(2021, 1, 1), to_on=date(year, 12, 31))


TERMS: tuple[tuple[Year | Yearly | Period, int], ...] = (
    (Year(kind="year", year=2021), 39),
    (Yearly(kind="yearly", from_year=2021), 4),
    (_until(2022), 2),
    (_until(2023), 6),
    (_until(2025), 170),
)

PARTY_SUBJECTS = (
    ("Kết nạp đảng viên mới", "party_building"),
    ("Khắc phục tình trạng trưởng thôn chưa phải là đảng viên", "party_building"),
    ("Nâng cao chất lượng sinh hoạt chi bộ", "party_building"),
    ("Xây dựng nông thôn mới, phát triển đô thị", "rural_development"),
)
DISTRICT_SUBJECTS = (
    ("Công tác quản lý đất đai", "land"),
    ("Quản lý hành lang an toàn giao thông đường bộ", "transport"),
    ("Quản lý bảo vệ rừng, môi trường, tài nguyên khoáng sản", "environment"),
    ("Giải quyết đơn thư", "complaints"),
    ("Bảo đảm an ninh trật tự", "security"),
    ("Thực hiện chương trình mỗi xã một sản phẩm", "one_commune_one_product"),
    ("Xây dựng các mô hình phát triển kinh tế", "economy"),
)


def chains() -> list[Chain]:
    """The 221 tasks; the first officials have four, the others three."""
    terms = _spread_terms()
    return [
        _task(seat, official_id, number, next(terms))
        for index, (seat, official_id) in enumerate(_addressees())
        for number in range(1, 5 if index < TASKS - 3 * OFFICIALS else 4)
    ]


def _addressees() -> list[tuple[Seat, str]]:
    return [(seat, who) for seat in seats() for who in holders(seat.post_id, ASSIGNED_ON)]


def _spread_terms() -> Iterator[Year | Yearly | Period]:
    """Spread the terms evenly, with a stride that has no factor in common with 221 = 13 · 17."""
    terms = [term for term, count in TERMS for _ in range(count)]
    return (terms[index * 89 % TASKS] for index in range(TASKS))


def _task(seat: Seat, official_id: str, number: int, term: Year | Yearly | Period) -> Chain:
    title, field = _subject(seat, number)
    matter = Matter(
        title=title,
        goal="Tạo bước đột phá trong lĩnh vực, địa bàn phụ trách.",
        field=field,
        kinds=("breakthrough", "new"),
    )
    life = Life(f"2021-{official_id}-{number}", seat.post_id, matter, term, REGULATION)
    life.registered(REGISTERED_ON, official_id, approved_on=APPROVED_ON)
    return life.assigned(ASSIGNED_ON, official_id).planned(PLANNED_ON).chain()


def _subject(seat: Seat, number: int) -> tuple[str, str]:
    """One of the report's subjects for the districts; it does not say whose are the others."""
    if not seat.kind.startswith("district_"):
        return f"Việc đột phá, đổi mới số {number} của {seat.title}", "breakthrough"
    party = seat.unit_id.startswith("huyen-uy-")
    subjects = PARTY_SUBJECTS if party else DISTRICT_SUBJECTS
    place = seat.unit_id.removeprefix("huyen-uy-").removeprefix("ubnd-")
    offset = 0 if party else sum(map(ord, f"{place}{seat.kind}"))
    return subjects[(offset + number - 1) % len(subjects)]

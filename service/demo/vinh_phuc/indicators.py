"""Indicators: 18 in four groups for the districts, one more in 2022; and what was reached.

The report tells eight of them for Tam Đảo. Their targets, where it does not give them, and the
other ten are placeholders.
"""

from decimal import Decimal

from domain.indicators.actuals import Actual
from domain.indicators.events import Group, Kind, Target
from domain.indicators.targets import Targets
from domain.kernel import Parameters
from service.demo.organisation import COMMITTEE
from service.demo.steps import Chain
from service.demo.vinh_phuc.places import PROVINCE, TAM_DAO
from service.demo.vinh_phuc.regulation import REGULATION_2021, REGULATION_2022, Year

DISTRICTS, PROVINCIAL = "districts", "province"
PLACEHOLDERS = 10


def _target(
    code: str, title: str, measure: str, target: str | None, kind: Kind = "integer"
) -> Target:
    aim = None if target is None else Decimal(target)
    return Target(code=code, title=title, kind=kind, measure=measure, target=aim)


PARTY = (
    _target("admitted", "Kết nạp đảng viên", "đảng viên", "100"),
    _target("organisations", "Thành lập tổ chức đảng trong doanh nghiệp", "tổ chức", "2"),
    _target("persuasion", "Vận động giải phóng mặt bằng", "đạt", None, "pass_fail"),
)
ECONOMY = (
    _target("clearance", "Giải phóng mặt bằng dự án trọng điểm", "đạt", None, "pass_fail"),
    _target("disbursed", "Giải ngân vốn đầu tư công", "%", "90", "percent"),
)
LAND = (
    _target("new_violations", "Xử lý xong vi phạm mới về đất đai", "%", "100", "percent"),
    _target("old_violations", "Giải quyết vi phạm đất đai tồn đọng", "%", "80", "percent"),
    _target("peak", "Xử lý cao điểm về đất đai", "vụ", "10"),
)
OTHERS = tuple(
    _target(f"other_{number}", f"Chỉ tiêu mẫu số {number}", "việc", "1")
    for number in range(1, PLACEHOLDERS + 1)
)
GROWTH = _target("growth", "Tốc độ tăng trưởng giá trị sản xuất", "%", "10", "percent")
# Of Tam Đảo in 2021; what is passed or failed has no number.
REACHED = {
    "admitted": "115",
    "organisations": "2",
    "disbursed": "90.3",
    "new_violations": "100",
    "old_violations": "80.8",
    "peak": "12",
    **{one.code: "1" for one in OTHERS},
}
ADMITTED = Target(
    code="admitted",
    title="Kết nạp đảng viên",
    kind="integer",
    measure="đảng viên",
    target=Decimal(2000),
)
ORGANISATIONS = Target(
    code="organisations",
    title="Thành lập tổ chức đảng trong doanh nghiệp",
    kind="integer",
    measure="tổ chức",
    target=Decimal(24),
    baseline=Decimal(19),
)


def _groups(year: Year) -> tuple[Group, ...]:
    economy = ECONOMY if year is REGULATION_2021 else (*ECONOMY, GROWTH)
    return (
        Group(title="Xây dựng Đảng", indicators=PARTY + OTHERS[:2]),
        Group(title="Xây dựng hệ thống chính trị", indicators=OTHERS[2:6]),
        Group(title="Kinh tế - xã hội", indicators=economy + LAND),
        Group(title="Quốc phòng, an ninh trật tự", indicators=OTHERS[6:]),
    )


def chains() -> list[Chain]:
    """The indicators that are set, and then, of their own units, what was reached."""
    of_both = (*_year(REGULATION_2021), *_year(REGULATION_2022))
    return [Chain(f"unit:{COMMITTEE}", *of_both)]


def reached() -> list[Chain]:
    return [
        Chain(f"unit:{TAM_DAO}", *_actuals(REGULATION_2021), *_actuals(REGULATION_2022)),
        Chain(f"unit:{PROVINCE.ledger}", *_of_the_province()),
    ]


def _year(year: Year) -> list[Parameters]:
    stamp = year.decision()
    groups = _groups(year)
    whole = (Group(title="Xây dựng Đảng", indicators=(ADMITTED, ORGANISATIONS)),)
    return [
        Targets(cohort=DISTRICTS, year=year.number, groups=groups, **stamp),
        Targets(cohort=PROVINCIAL, year=year.number, groups=whole, **stamp),
    ]


def _actuals(year: Year) -> list[Parameters]:
    """Every indicator of the year; the growth of 2022 is a placeholder, as the others are."""
    targets = [one for group in _groups(year) for one in group.indicators]
    return [
        Actual(
            cohort=DISTRICTS,
            year=year.number,
            code=one.code,
            actual=None if one.target is None else Decimal(REACHED.get(one.code, str(one.target))),
            passed=True if one.target is None else None,
            effective_on=year.last_day,
        )
        for one in targets
    ]


def _of_the_province() -> list[Parameters]:
    day = REGULATION_2021.last_day
    return [
        Actual(
            cohort=PROVINCIAL,
            year=REGULATION_2021.number,
            code=code,
            actual=Decimal(actual),
            effective_on=day,
        )
        for code, actual in (("admitted", 2101), ("organisations", 24))
    ]

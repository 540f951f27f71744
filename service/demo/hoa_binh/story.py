"""Story: the monitoring of the communes in 2023, the gaps of 2024, and the mergers.

Days within a year, occasions and texts are placeholders; the counts are the report's.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice

from domain.kernel import Parameters
from domain.monitoring.events import Level, Measure
from domain.monitoring.monitors.allocation import CommuneAllocation, LeadersQuota
from domain.monitoring.monitors.assignment import MonitorAssignment
from domain.monitoring.monitors.replacement import MonitorReplacement
from domain.monitoring.papers.annual_report import AnnualReport
from domain.monitoring.papers.commendation import Commendation
from domain.monitoring.papers.figures import Figure
from domain.monitoring.papers.programme import Programme
from domain.monitoring.papers.replacement_request import ReplacementAnswer, ReplacementRequest
from domain.monitoring.papers.review import Review
from domain.monitoring.papers.visits import Visit
from domain.organisation.events import EndCause, UnitKind
from domain.organisation.units import NewUnit
from domain.regulations.adoption import CommuneMonitoringRules
from domain.regulations.events import YearlyDeadline
from domain.succession.closing import UnitClosing
from domain.succession.leaver import EndOfTenure
from domain.succession.merger import UnitMerger
from domain.values import Basis
from service.demo.hoa_binh import mergers, monitors, places
from service.demo.hoa_binh.communes import COMMUNES, PROVINCE_CODE
from service.demo.hoa_binh.monitors import DEPUTY, MONITORS, Monitor
from service.demo.hoa_binh.places import ORGANISATION_BOARD, RESOLUTION
from service.demo.organisation import COMMITTEE
from service.demo.steps import Chain

REGULATION = Basis(
    number="26-QĐ/TU", issued_on=date(2022, 12, 14), issuing_body="Ban Thường vụ Tỉnh ủy Hòa Bình"
)
CONCLUSION = Basis(
    number="1016-KL/TU", issued_on=date(2024, 5, 8), issuing_body="Ban Thường vụ Tỉnh ủy Hòa Bình"
)
YEAR = 2023
REGULATED_ON = date(2022, 12, 14)
ALLOCATED_ON = date(2022, 12, 20)
ASSIGNED_ON = date(2023, 1, 1)
FIRST_VISIT_ON = date(2023, 2, 6)
REVIEWED_ON = date(2023, 12, 20)
ANSWERED_ON = date(2024, 1, 15)
REPLACED_ON = date(2024, 1, 22)
ASSIGNED_ANEW_ON = date(2024, 6, 17)
MERGED_ON = date.fromisoformat(mergers.EFFECTIVE_ON)

VISITS, COMMENDED, REPORTED_SHARE = 657, 129, Decimal("84.4")
LATE_PROGRAMMES, MISSING_PROGRAMMES, LATE_REPORTS, MISSING_REPORTS = 6, 3, 7, 2
REPLACED = 20
EXCEPTION = "Số lãnh đạo được giao theo dõi còn thiếu so với số xã, phường, thị trấn."
OCCASIONS = (
    "party_committee_meeting",
    "party_cell_meeting",
    "peoples_council_session",
    "dialogue_with_residents",
    "new_rural_area_inspection",
)


def stages() -> list[list[Chain]]:
    """The regulation and the agencies, the leaders, the year 2023, then the retirements."""
    first, twice = _assignments()
    return [
        *places.agency_levels(),
        monitors.official_chains(),
        [*monitors.post_chains(), _regulated(), *_quotas()],
        first,
        twice,
        [_figures(), monitors.replacement_chain()],
        [_replacement(), *_retirements()],
        list(monitors.successor_chains()),
        list(_assignments_anew()),
        [_new_province()],
    ]


def stages_after() -> list[list[Chain]]:
    """When the communes belong to the new province, the districts and the old province end."""
    districts = dict.fromkeys(commune.district_code for commune in COMMUNES)
    return [[_closed(district) for district in districts], [_province_merged()]]


def _assignments() -> tuple[list[Chain], list[Chain]]:
    """The communes of the year 2023: those of every monitor, then the second ones of ten."""
    chains = [_year(index, *assigned) for index, assigned in enumerate(monitors.assigned())]
    return chains[:MONITORS], chains[MONITORS:]


def _year(index: int, code: str, monitor: Monitor) -> Chain:
    exception = EXCEPTION if index >= MONITORS else None
    allocation = CommuneAllocation(
        agency_id=monitor.agency_id,
        exception=exception,
        effective_on=ALLOCATED_ON,
        on_behalf_of=COMMITTEE,
        basis=REGULATION,
    )
    assignment = MonitorAssignment(
        official_id=monitor.official_id,
        post_id=monitor.post_id,
        exception=exception,
        effective_on=ASSIGNED_ON,
        on_behalf_of=COMMITTEE,
        basis=REGULATION,
    )
    return Chain(
        f"unit:{code}",
        allocation,
        assignment,
        *_programme(index),
        *_visited(index),
        *_report(index),
        *_reviewed(index, code),
    )


def _programme(index: int) -> Iterator[Parameters]:
    """Submit the programme in January. A few are late, and three are missing."""
    if index >= MISSING_PROGRAMMES:
        late = index < MISSING_PROGRAMMES + LATE_PROGRAMMES
        yield Programme(
            year=YEAR,
            content="Chương trình theo dõi địa bàn được phân công.",
            effective_on=date(YEAR, 3, 10) if late else date(YEAR, 1, 16),
        )


def _visited(index: int) -> Iterator[Parameters]:
    """Visit every commune four or five times: 657 times in all."""
    each, more = divmod(VISITS, len(COMMUNES))
    visits, first = each + (index < more), index % len(OCCASIONS)
    for number, occasion in enumerate(islice(cycle(OCCASIONS), first, first + visits)):
        on = FIRST_VISIT_ON + timedelta(days=60 * number + index % 50)
        yield Visit(occasion=occasion, content="Dự và nắm tình hình địa bàn.", effective_on=on)


def _report(index: int) -> Iterator[Parameters]:
    """Submit the report in December. A few are late, and two are missing."""
    if index >= MISSING_REPORTS:
        late = index < MISSING_REPORTS + LATE_REPORTS
        yield AnnualReport(
            year=YEAR,
            content="Kết quả theo dõi xã, phường, thị trấn năm 2023.",
            effective_on=date(YEAR, 12, 28) if late else date(YEAR, 12, 11),
        )


def _reviewed(index: int, code: str) -> Iterator[Parameters]:
    """Record the committee's review and its proposal: a commendation, or another monitor."""
    replaced = index == REPLACED
    yield Review(
        year=YEAR,
        level=Level.COMPLETED if replaced else Level.GOOD,
        remarks="Phiếu nhận xét cuối năm của Đảng ủy.",
        effective_on=REVIEWED_ON,
        on_behalf_of=code,
    )
    if replaced:
        yield ReplacementRequest(
            reason="Bố trí thời gian đi cơ sở chưa đầy đủ, chưa khoa học.",
            effective_on=REVIEWED_ON,
            on_behalf_of=code,
        )
    elif index <= COMMENDED:
        yield Commendation(
            year=YEAR,
            reason="Hoàn thành tốt nhiệm vụ theo dõi địa bàn.",
            effective_on=REVIEWED_ON,
            on_behalf_of=code,
        )


def _regulated() -> Chain:
    rules = CommuneMonitoringRules(
        communes_per_official=1,
        leading_post_kinds=(DEPUTY,),
        programme_due=YearlyDeadline(month=1, day=31),
        report_due=YearlyDeadline(month=12, day=15),
        review_due=YearlyDeadline(month=12, day=31),
        effective_on=REGULATED_ON,
        on_behalf_of=COMMITTEE,
        basis=REGULATION,
    )
    return Chain("regulation:commune-monitoring", rules)


def _quotas() -> Iterator[Chain]:
    """Set the number of leaders that each agency sends."""
    leaders = Counter(monitor.agency_id for monitor in monitors.monitors())
    for agency, number in leaders.items():
        params = LeadersQuota(
            leaders=number, effective_on=REGULATED_ON, on_behalf_of=COMMITTEE, basis=REGULATION
        )
        yield Chain(f"unit:{agency}", params)


def _figures() -> Chain:
    """Report the year's figures as published, right or wrong."""
    reported = {
        Measure.REVIEWS: Decimal(len(COMMUNES)),
        Measure.MONITORS: Decimal(MONITORS),
        Measure.VISITS: Decimal(VISITS),
        Measure.COMMENDATIONS_PROPOSED: Decimal(COMMENDED),
        Measure.COMMENDATION_SHARE: REPORTED_SHARE,
    }
    figures = (
        Figure(year=YEAR, measure=measure, reported=value, effective_on=date(YEAR, 12, 31))
        for measure, value in reported.items()
    )
    return Chain(f"unit:{ORGANISATION_BOARD}", *figures)


def _replacement() -> Chain:
    """The request of 2023 is granted, and another monitor takes over without a gap."""
    code, _ = monitors.assigned()[REPLACED]
    new = monitors.replacement()
    answer = ReplacementAnswer(
        number=1,
        granted=True,
        answer="Đồng ý thay thế cán bộ theo dõi.",
        effective_on=ANSWERED_ON,
        on_behalf_of=COMMITTEE,
    )
    replacement = MonitorReplacement(
        to_official=new.official_id,
        post_id=new.post_id,
        reason="Theo đề nghị của Đảng ủy xã.",
        handover_note="Bàn giao chương trình và nhật ký theo dõi địa bàn.",
        effective_on=REPLACED_ON,
        on_behalf_of=COMMITTEE,
        basis=REGULATION,
    )
    return Chain(f"unit:{code}", answer, replacement)


def _retirements() -> Iterator[Chain]:
    for retirement in monitors.retirements():
        monitor = retirement.monitor
        params = EndOfTenure(
            official_id=monitor.official_id, cause=EndCause.RETIREMENT, effective_on=retirement.on
        )
        yield Chain(f"post:{monitor.post_id}", params)


def _assignments_anew() -> Iterator[Chain]:
    """Months later the successors in the posts are assigned the communes without a monitor."""
    successors = {r.monitor.official_id: r.successor_id for r in monitors.retirements()}
    taken: set[str] = set()
    for code, monitor in monitors.assigned():
        if monitor.official_id not in successors:
            continue
        successor = successors[monitor.official_id]
        params = MonitorAssignment(
            official_id=successor,
            post_id=monitor.post_id,
            exception=EXCEPTION if successor in taken else None,
            effective_on=ASSIGNED_ANEW_ON,
            on_behalf_of=COMMITTEE,
            basis=CONCLUSION,
        )
        taken.add(successor)
        yield Chain(f"unit:{code}", params)


def _new_province() -> Chain:
    """Phú Thọ, formed of Phú Thọ, Vĩnh Phúc and Hoà Bình; this ledger knows only the last."""
    params = NewUnit(
        unit_id=mergers.PROVINCE_CODE,
        name=mergers.PROVINCE_NAME,
        kind=UnitKind.PROVINCE,
        code=mergers.PROVINCE_CODE,
        effective_on=MERGED_ON,
        basis=RESOLUTION,
    )
    return Chain(f"unit:{mergers.PROVINCE_CODE}", params)


def _closed(district: str) -> Chain:
    params = UnitClosing(
        reason="Kết thúc hoạt động của đơn vị hành chính cấp huyện.",
        effective_on=MERGED_ON,
        basis=RESOLUTION,
    )
    return Chain(f"unit:{district}", params)


def _province_merged() -> Chain:
    params = UnitMerger(predecessors=(PROVINCE_CODE,), effective_on=MERGED_ON, basis=RESOLUTION)
    return Chain(f"unit:{mergers.PROVINCE_CODE}", params)

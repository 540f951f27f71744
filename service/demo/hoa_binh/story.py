"""Story: the monitoring of the communes in 2023, the gaps of 2024, and the mergers.

Days within a year, occasions and texts are placeholders; the counts are the report's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle

from domain.kernel import Event, Parameters
from domain.monitoring import events
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
from domain.organisation.events import (
    TenureEnded,
    UnitClosed,
    UnitEstablished,
    UnitKind,
    UnitMerged,
)
from domain.organisation.units import NewUnit
from domain.regulations.adoption import CommuneMonitoringRules
from domain.regulations.events import CommuneMonitoringRegulated, YearlyDeadline
from domain.succession.closing import UnitClosing
from domain.succession.leaver import EndOfTenure
from domain.succession.merger import UnitMerger
from domain.values import Basis
from service.demo.hoa_binh import mergers, monitors, places
from service.demo.hoa_binh.communes import COMMUNES, PROVINCE_CODE
from service.demo.hoa_binh.monitors import DEPUTY, MONITORS, Monitor
from service.demo.hoa_binh.places import AGENCIES, COMMITTEE, ORGANISATION_BOARD, RESOLUTION
from service.demo.steps import Chain, Client, Step

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


@dataclass(slots=True)
class _Commune:
    """The commands about one commune, in order."""

    code: str
    steps: list[Step] = field(default_factory=list)

    def add_step(
        self,
        verb: str,
        params: Parameters,
        event: type[Event],
        by: Client = Client.REGISTRY,
    ) -> None:
        self.steps.append(Step(f"communes/{self.code}/{verb}", params, event, by))

    def chain(self) -> Chain:
        return Chain(f"unit:{self.code}", tuple(self.steps))


def _assignments() -> tuple[list[Chain], list[Chain]]:
    """The communes of the year 2023: those of every monitor, then the second ones of ten."""
    visits = _visits()
    chains = [
        _year(index, code, monitor, next(visits))
        for index, (code, monitor) in enumerate(monitors.assigned())
    ]
    return chains[:MONITORS], chains[MONITORS:]


def _visits() -> Iterator[int]:
    """How often each commune was visited: 657 times in all."""
    each, more = divmod(VISITS, len(COMMUNES))
    return (each + (index < more) for index in range(len(COMMUNES)))


def _year(index: int, code: str, monitor: Monitor, visits: int) -> Chain:
    commune = _Commune(code)
    exception = EXCEPTION if index >= MONITORS else None
    commune.add_step(
        "allocate",
        CommuneAllocation(
            agency_id=monitor.agency_id,
            exception=exception,
            effective_on=ALLOCATED_ON,
            on_behalf_of=COMMITTEE,
            basis=REGULATION,
        ),
        events.CommuneAllocated,
        Client.COMMITTEE,
    )
    commune.add_step(
        "assign-monitor",
        MonitorAssignment(
            official_id=monitor.official_id,
            post_id=monitor.post_id,
            exception=exception,
            effective_on=ASSIGNED_ON,
            on_behalf_of=COMMITTEE,
            basis=REGULATION,
        ),
        events.MonitorAssigned,
        Client.COMMITTEE,
    )
    _programme(commune, index)
    _visited(commune, index, visits)
    _report(commune, index)
    _reviewed(commune, index)
    return commune.chain()


def _programme(commune: _Commune, index: int) -> None:
    """Submit the programme in January. A few are late, and three are missing."""
    if index < MISSING_PROGRAMMES:
        return
    late = index < MISSING_PROGRAMMES + LATE_PROGRAMMES
    params = Programme(
        year=YEAR,
        content="Chương trình theo dõi địa bàn được phân công.",
        effective_on=date(YEAR, 3, 10) if late else date(YEAR, 1, 16),
    )
    commune.add_step("submit-programme", params, events.ProgrammeSubmitted)


def _visited(commune: _Commune, index: int, visits: int) -> None:
    occasions = cycle(OCCASIONS[index % len(OCCASIONS) :] + OCCASIONS[: index % len(OCCASIONS)])
    for number, occasion in zip(range(visits), occasions, strict=False):
        on = FIRST_VISIT_ON + timedelta(days=60 * number + index % 50)
        params = Visit(occasion=occasion, content="Dự và nắm tình hình địa bàn.", effective_on=on)
        commune.add_step("record-visit", params, events.VisitRecorded)


def _report(commune: _Commune, index: int) -> None:
    """Submit the report in December. A few are late, and two are missing."""
    if index < MISSING_REPORTS:
        return
    late = index < MISSING_REPORTS + LATE_REPORTS
    params = AnnualReport(
        year=YEAR,
        content="Kết quả theo dõi xã, phường, thị trấn năm 2023.",
        effective_on=date(YEAR, 12, 28) if late else date(YEAR, 12, 11),
    )
    commune.add_step("submit-annual-report", params, events.AnnualReportSubmitted)


def _reviewed(commune: _Commune, index: int) -> None:
    """Record the committee's review and its proposal: a commendation, or another monitor."""
    replaced = index == REPLACED
    review = Review(
        year=YEAR,
        level=Level.COMPLETED if replaced else Level.GOOD,
        remarks="Phiếu nhận xét cuối năm của Đảng ủy.",
        effective_on=REVIEWED_ON,
        on_behalf_of=commune.code,
    )
    commune.add_step("review-monitor", review, events.MonitorReviewed)
    if replaced:
        request = ReplacementRequest(
            reason="Bố trí thời gian đi cơ sở chưa đầy đủ, chưa khoa học.",
            effective_on=REVIEWED_ON,
            on_behalf_of=commune.code,
        )
        commune.add_step("request-replacement", request, events.ReplacementRequested)
    elif index <= COMMENDED:
        proposal = Commendation(
            year=YEAR,
            reason="Hoàn thành tốt nhiệm vụ theo dõi địa bàn.",
            effective_on=REVIEWED_ON,
            on_behalf_of=commune.code,
        )
        commune.add_step("propose-commendation", proposal, events.CommendationProposed)


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
    step = Step(
        "regulations/commune-monitoring/adopt",
        rules,
        CommuneMonitoringRegulated,
        Client.COMMITTEE,
    )
    return Chain("regulation:commune-monitoring", (step,))


def _quotas() -> Iterator[Chain]:
    """Set the number of leaders that each agency sends."""
    for agency in AGENCIES:
        leaders = sum(monitor.agency_id == agency for monitor in monitors.monitors())
        params = LeadersQuota(
            leaders=leaders, effective_on=REGULATED_ON, on_behalf_of=COMMITTEE, basis=REGULATION
        )
        step = Step(f"agencies/{agency}/set-quota", params, events.QuotaSet, Client.COMMITTEE)
        yield Chain(f"unit:{agency}", (step,))


def _figures() -> Chain:
    """Report the year's figures as published, right or wrong."""
    reported = {
        Measure.REVIEWS: Decimal(len(COMMUNES)),
        Measure.MONITORS: Decimal(MONITORS),
        Measure.VISITS: Decimal(VISITS),
        Measure.COMMENDATIONS_PROPOSED: Decimal(COMMENDED),
        Measure.COMMENDATION_SHARE: REPORTED_SHARE,
    }
    steps = [
        Step(
            f"units/{ORGANISATION_BOARD}/report-figure",
            Figure(year=YEAR, measure=measure, reported=value, effective_on=date(YEAR, 12, 31)),
            events.FigureReported,
        )
        for measure, value in reported.items()
    ]
    return Chain(f"unit:{ORGANISATION_BOARD}", tuple(steps))


def _replacement() -> Chain:
    """The request of 2023 is granted, and another monitor takes over without a gap."""
    code, _ = monitors.assigned()[REPLACED]
    new, commune = monitors.replacement(), _Commune(code)
    answer = ReplacementAnswer(
        number=1,
        granted=True,
        answer="Đồng ý thay thế cán bộ theo dõi.",
        effective_on=ANSWERED_ON,
        on_behalf_of=COMMITTEE,
    )
    commune.add_step(
        "answer-replacement-request", answer, events.ReplacementAnswered, Client.COMMITTEE
    )
    params = MonitorReplacement(
        to_official=new.official_id,
        post_id=new.post_id,
        reason="Theo đề nghị của Đảng ủy xã.",
        handover_note="Bàn giao chương trình và nhật ký theo dõi địa bàn.",
        effective_on=REPLACED_ON,
        on_behalf_of=COMMITTEE,
        basis=REGULATION,
    )
    commune.add_step("replace-monitor", params, events.MonitorReplaced, Client.COMMITTEE)
    return commune.chain()


def _retirements() -> Iterator[Chain]:
    for retirement in monitors.retirements():
        monitor = retirement.monitor
        params = EndOfTenure(
            official_id=monitor.official_id, cause=retirement.cause, effective_on=retirement.on
        )
        step = Step(f"posts/{monitor.post_id}/end-tenure", params, TenureEnded)
        yield Chain(f"post:{monitor.post_id}", (step,))


def _assignments_anew() -> Iterator[Chain]:
    """Months later the successors in the posts are assigned the communes without a monitor."""
    successors = {r.monitor.official_id: r for r in monitors.retirements()}
    taken: set[str] = set()
    for code, monitor in monitors.assigned():
        retirement = successors.get(monitor.official_id)
        if retirement is None:
            continue
        again = retirement.successor_id in taken
        taken.add(retirement.successor_id)
        commune = _Commune(code)
        params = MonitorAssignment(
            official_id=retirement.successor_id,
            post_id=monitor.post_id,
            exception=EXCEPTION if again else None,
            effective_on=ASSIGNED_ANEW_ON,
            on_behalf_of=COMMITTEE,
            basis=CONCLUSION,
        )
        commune.add_step("assign-monitor", params, events.MonitorAssigned, Client.COMMITTEE)
        yield commune.chain()


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
    step = Step("units/establish", params, UnitEstablished)
    return Chain(f"unit:{mergers.PROVINCE_CODE}", (step,))


def _closed(district: str) -> Chain:
    params = UnitClosing(
        reason="Kết thúc hoạt động của đơn vị hành chính cấp huyện.",
        effective_on=MERGED_ON,
        basis=RESOLUTION,
    )
    return Chain(f"unit:{district}", (Step(f"units/{district}/close", params, UnitClosed),))


def _province_merged() -> Chain:
    params = UnitMerger(predecessors=(PROVINCE_CODE,), effective_on=MERGED_ON, basis=RESOLUTION)
    step = Step(f"units/{mergers.PROVINCE_CODE}/merge", params, UnitMerged)
    return Chain(f"unit:{mergers.PROVINCE_CODE}", (step,))

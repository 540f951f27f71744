"""Preconditions: of every event of the monitoring it is said what must hold for it to follow."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.kernel import EVENT_TYPES, Event, Refusal
from domain.monitoring.command import (
    MonitoredForNoDay,
    MonitorsEnough,
    NotACommune,
    NotOfTheAgency,
    VisitedAfterwards,
)
from domain.monitoring.events import (
    AgencyAssessed,
    AllocationWithdrawn,
    AnnualReportSubmitted,
    CommendationDecided,
    CommendationProposed,
    FigureReported,
    GoodPracticeRecorded,
    Level,
    Measure,
    MonitorReviewed,
    PaperMissed,
    ProgrammeSubmitted,
    RecommendationAnswered,
    RecommendationMade,
    ReplacementAnswered,
    ReplacementRequested,
    VisitRecorded,
)
from domain.monitoring.monitoring import (
    CommuneUnmonitored,
    MonitorsSinceAnotherDay,
    NotTheMonitor,
)
from domain.monitoring.monitors.allocation import (
    AllocatedForNoDay,
    CommuneAllocatedAlready,
    CommuneNotAllocated,
    MonitorOfAnotherAgency,
    QuotaNotSet,
    QuotaUsed,
)
from domain.monitoring.papers.agency_assessment import AgencyAssessedAlready, AgencySentNobody
from domain.monitoring.papers.papers import (
    NoProposalOpen,
    NoSpanInYear,
    PaperSettled,
    PaperUnknown,
    ProposedAlready,
    ReviewedAlready,
)
from domain.monitoring.preconditions import PRECONDITIONS
from domain.organisation.events import UnitClosed
from domain.organisation.organisation import NotThePostHolder, UnitNotOpen
from domain.record.standing import State
from domain.regulations.events import CommuneMonitoringRegulated, PolicyAdopted
from domain.regulations.regulations import RegulatedFromThatDay
from tests.domain.cast import COMMITTEE
from tests.domain.monitoring.people import (
    ADOPTED,
    BEGUN,
    CAO_SON,
    CHANGED,
    CULTURE,
    DEPUTY,
    DIRECTOR,
    DOAN_KET,
    FINANCE,
    HOA,
    LAN,
    MINH,
    PROVINCE,
    REGULATION,
    TREASURER,
    WHY,
    allocated,
    assigned,
    left,
    quota,
    released,
    replaced,
)
from tests.domain.regulations.governing import COMMUNES, governing

OF_LAN: dict[str, Any] = {"unit_id": CAO_SON, "official_id": LAN, "since": BEGUN}
OF_MINH: dict[str, Any] = {**OF_LAN, "official_id": MINH}
ON_DAY: dict[str, Any] = {"effective_on": CHANGED, "number": 1}
OF_YEAR: dict[str, Any] = {"effective_on": CHANGED, "year": 2021}
VISIT: dict[str, Any] = {**ON_DAY, "occasion": "work", "content": WHY}
REQUEST: dict[str, Any] = {**ON_DAY, "reason": WHY, "requested_by": CAO_SON}
MADE: dict[str, Any] = {**ON_DAY, "to_body": FINANCE, "content": WHY}
REVIEW: dict[str, Any] = {**OF_YEAR, "level": Level.GOOD, "remarks": WHY, "reviewed_by": CAO_SON}
PROPOSAL: dict[str, Any] = {**OF_YEAR, "reason": WHY, "proposed_by": CAO_SON}
NEXT_DAY = CHANGED + timedelta(1)

VISITED = VisitRecorded(**VISIT, **OF_LAN)
REQUESTED = ReplacementRequested(**REQUEST, **OF_LAN)
REQUEST_ANSWERED = ReplacementAnswered(
    **ON_DAY, granted=False, answer=WHY, answered_by=COMMITTEE, **OF_LAN
)
RECOMMENDED = RecommendationMade(**MADE, **OF_LAN)
RECOMMENDATION_ANSWERED = RecommendationAnswered(
    **ON_DAY, unit_id=CAO_SON, answer=WHY, answered_by=FINANCE
)
REVIEWED = MonitorReviewed(**REVIEW, **OF_LAN)
PROPOSED = CommendationProposed(**PROPOSAL, **OF_LAN)
DECIDED = CommendationDecided(**OF_YEAR, commended=True, reason=WHY, decided_by=COMMITTEE, **OF_LAN)
ASSESSED = AgencyAssessed(
    **OF_YEAR, unit_id=CULTURE, level=Level.GOOD, remarks=WHY, assessed_by=COMMITTEE
)
WITHDRAWN = AllocationWithdrawn(
    effective_on=CHANGED, unit_id=CAO_SON, agency_id=CULTURE, withdrawn_by=COMMITTEE, reason=WHY
)
LAN_MONITORS = assigned(LAN)
TO_MINH = replaced(LAN, MINH)


def closed(unit_id: str) -> UnitClosed:
    return UnitClosed(effective_on=BEGUN, unit_id=unit_id, reason=WHY)


CANNOT_FOLLOW: list[tuple[list[Event], Event, type[Refusal]]] = [
    ([closed(CAO_SON)], LAN_MONITORS, UnitNotOpen),
    ([], assigned(LAN, CULTURE), NotACommune),
    ([], assigned(MINH), NotThePostHolder),
    ([left(LAN, ADOPTED)], LAN_MONITORS, NotThePostHolder),
    ([allocated(agency=FINANCE)], LAN_MONITORS, NotOfTheAgency),
    ([assigned(LAN, DOAN_KET)], LAN_MONITORS, MonitorsEnough),
    ([assigned(MINH, post_id=DEPUTY)], LAN_MONITORS, MonitoredForNoDay),
    (
        [LAN_MONITORS, VISITED],
        assigned(MINH, post_id=DEPUTY, effective_on=CHANGED),
        VisitedAfterwards,
    ),
    ([], TO_MINH, CommuneUnmonitored),
    ([assigned(HOA, post_id=TREASURER, agency_id=FINANCE)], TO_MINH, NotTheMonitor),
    ([assigned(LAN, effective_on=CHANGED)], TO_MINH, MonitoredForNoDay),
    ([LAN_MONITORS, VISITED], TO_MINH, VisitedAfterwards),
    ([LAN_MONITORS], replaced(LAN, MINH, post_id=DIRECTOR), NotThePostHolder),
    ([], released(LAN), CommuneUnmonitored),
    ([assigned(MINH, post_id=DEPUTY)], released(LAN), NotTheMonitor),
    ([assigned(LAN, effective_on=ADOPTED)], released(LAN), MonitorsSinceAnotherDay),
    ([closed(CULTURE)], quota(1, effective_on=CHANGED), UnitNotOpen),
    ([], allocated(), QuotaNotSet),
    ([quota(0)], allocated(), QuotaUsed),
    ([quota(1), closed(CAO_SON)], allocated(), UnitNotOpen),
    ([quota(1), closed(CULTURE)], allocated(), UnitNotOpen),
    ([quota(1), allocated(agency=FINANCE)], allocated(), CommuneAllocatedAlready),
    ([quota(1, FINANCE), LAN_MONITORS], allocated(agency=FINANCE), MonitorOfAnotherAgency),
    ([], WITHDRAWN, CommuneNotAllocated),
    ([allocated(agency=FINANCE)], WITHDRAWN, CommuneAllocatedAlready),
    ([allocated(effective_on=CHANGED)], WITHDRAWN, AllocatedForNoDay),
    ([LAN_MONITORS], VisitRecorded(**VISIT, **OF_MINH), NotTheMonitor),
    ([assigned(LAN, effective_on=ADOPTED)], VISITED, MonitorsSinceAnotherDay),
    (
        [LAN_MONITORS],
        GoodPracticeRecorded(**ON_DAY, title="Tổ tự quản", content=WHY, **OF_MINH),
        NotTheMonitor,
    ),
    (
        [LAN_MONITORS],
        ProgrammeSubmitted(**OF_YEAR, revision=1, content=WHY, **OF_MINH),
        NoSpanInYear,
    ),
    (
        [LAN_MONITORS],
        AnnualReportSubmitted(**{**OF_YEAR, "year": 2020}, revision=1, content=WHY, **OF_LAN),
        NoSpanInYear,
    ),
    ([LAN_MONITORS], MonitorReviewed(**REVIEW, **OF_MINH), NoSpanInYear),
    ([assigned(LAN, effective_on=ADOPTED)], REVIEWED, MonitorsSinceAnotherDay),
    ([LAN_MONITORS, REVIEWED], REVIEWED, ReviewedAlready),
    ([LAN_MONITORS], CommendationProposed(**PROPOSAL, **OF_MINH), NoSpanInYear),
    ([LAN_MONITORS, PROPOSED], PROPOSED, ProposedAlready),
    ([LAN_MONITORS], DECIDED, NoProposalOpen),
    ([LAN_MONITORS, PROPOSED, DECIDED], DECIDED, NoProposalOpen),
    ([], REQUESTED, NotTheMonitor),
    ([LAN_MONITORS], REQUEST_ANSWERED, PaperUnknown),
    ([LAN_MONITORS, REQUESTED, REQUEST_ANSWERED], REQUEST_ANSWERED, PaperSettled),
    ([LAN_MONITORS], RecommendationMade(**MADE, **OF_MINH), NotTheMonitor),
    ([LAN_MONITORS, closed(FINANCE)], RECOMMENDED, UnitNotOpen),
    ([LAN_MONITORS], RECOMMENDATION_ANSWERED, PaperUnknown),
    (
        [LAN_MONITORS, RECOMMENDED, RECOMMENDATION_ANSWERED],
        RECOMMENDATION_ANSWERED,
        PaperSettled,
    ),
    ([], ASSESSED, AgencySentNobody),
    ([LAN_MONITORS, ASSESSED], ASSESSED, AgencyAssessedAlready),
    (
        [closed(COMMITTEE)],
        FigureReported(**OF_YEAR, unit_id=COMMITTEE, measure=Measure.VISITS, reported=Decimal(1)),
        UnitNotOpen,
    ),
    ([], REGULATION, RegulatedFromThatDay),
    ([], governing(COMMUNES, ADOPTED), RegulatedFromThatDay),
]


def state(*events: Event) -> State:
    folded = State()
    for event in events:
        folded.evolve(event)
    return folded


@pytest.mark.parametrize(("given", "event", "refusal"), CANNOT_FOLLOW)
def test_what_cannot_follow_is_refused(
    given: list[Event], event: Event, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        state(*PROVINCE, *given).require(event)


def test_every_event_of_the_monitoring_has_a_precondition_which_can_fail() -> None:
    monitoring = {e for e in EVENT_TYPES.values() if e.TYPE.startswith("monitoring.")}
    judged = (monitoring - {PaperMissed}) | {CommuneMonitoringRegulated, PolicyAdopted}
    assert judged == set(PRECONDITIONS)
    assert set(PRECONDITIONS) == {type(event) for _, event, _ in CANNOT_FOLLOW}


def test_what_the_service_found_stands_whoever_monitors() -> None:
    missed = PaperMissed(**{**OF_YEAR, "year": 2020}, paper="programme", due_on=ADOPTED, **OF_MINH)
    state(*PROVINCE, LAN_MONITORS).require(missed)


def test_what_is_not_seen_is_not_judged() -> None:
    unseen = state()
    for event in (LAN_MONITORS, RECOMMENDED, replaced(LAN, MINH, effective_on=NEXT_DAY)):
        unseen.require(event)
        unseen.evolve(event)
    assert list(unseen.violations(CHANGED)) == []


def test_who_monitors_holds_the_post_and_the_commune_exists_at_the_end_of_every_day() -> None:
    monitored = state(*PROVINCE, LAN_MONITORS)
    assert list(monitored.violations(BEGUN)) == []
    monitored.evolve(left(LAN))
    monitored.evolve(UnitClosed(effective_on=CHANGED, unit_id=CAO_SON, reason=WHY))
    assert {one.tags: type(one.refusal) for one in monitored.violations(CHANGED)} == {
        frozenset({f"official:{LAN}", f"post:{DIRECTOR}"}): NotThePostHolder,
        frozenset({f"unit:{CAO_SON}"}): UnitNotOpen,
    }


@pytest.mark.parametrize(
    "event",
    [LAN_MONITORS, TO_MINH, VISITED, REVIEWED, REQUESTED, released(LAN, released_by=None)],
)
def test_the_body_that_assigned_the_monitor_decides_on_what_is_of_that_span(event: Event) -> None:
    monitored = state(*PROVINCE, LAN_MONITORS, released(LAN, effective_on=NEXT_DAY))
    assert monitored.deciding_body(event) == COMMITTEE


def test_nobody_decides_on_what_is_of_a_span_that_is_not_seen() -> None:
    assert state(*PROVINCE).deciding_body(VISITED) is None
